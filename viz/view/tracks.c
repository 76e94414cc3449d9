// SPDX-License-Identifier: MIT
//
// The track column: a scale, and under it a row for each worker, each task (and
// each future inside the selected one) and each lock. All rows share one axis,
// so one mouse, one cursor line and one set of arrows serve them all.

#include <stdio.h>
#include <stdlib.h>

#include "view/rows.h"
#include "view/view.h"

typedef struct section {
    const char *name;
    uint32_t count; // rows it would like to show
    uint32_t shown; // rows it gets
} section;

// The part of the height that workers and locks may take when there is not
// room for all.
#define LANES_PERCENT_MAX 35
#define RES_PERCENT_MAX   20

static void plan(ant_view *view, int h, section *part, int *ret_pitch);
static void place_section(ant_view *view, draw_rect *rest, const section *part,
                          view_section which, int pitch, int label_w);
static void draw_ground(ant_view *view, const view_row *row, unsigned nth);
static void draw_row(ant_view *view, const view_row *row);
static void draw_future_time(ant_view *view, draw_rect tracks);
static void draw_cursor(ant_view *view, draw_rect tracks);
static void reveal(ant_view *view, const section *part);
static void handle_mouse(ant_view *view, draw_rect tracks);
static void handle_wheel(ant_view *view, draw_rect all, draw_rect tracks,
                         const section *part);

void view_tracks(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    draw_rect all = rect;
    int label_w = view_label_width(view, rect.w);
    draw_rect ruler = draw_cut_top(&rect, ui->line);
    draw_cut_left(&ruler, label_w);
    draw_rect tracks = { ruler.x, rect.y, ruler.w, rect.h };

    section part[VIEW_SECTION_COUNT] = { 0 };
    int pitch = 0;
    view_order_update(view);
    plan(view, rect.h, part, &pitch);
    reveal(view, part);
    handle_wheel(view, all, tracks, part);

    view_ruler(view, ruler);
    view->row_count = 0;
    draw_clip(ui->draw, all);
    for (unsigned i = 0; i < VIEW_SECTION_COUNT; i++) {
        place_section(view, &rect, &part[i], (view_section)i, pitch, label_w);
    }
    tracks.h = rect.y - tracks.y;
    for (unsigned i = 0; i < view->row_count; i++) {
        draw_ground(view, &view->row[i], i);
    }
    view_gaps(view, tracks);
    for (unsigned i = 0; i < view->row_count; i++) {
        draw_row(view, &view->row[i]);
    }
    draw_future_time(view, tracks);
    view_losses(view, tracks);
    view_arrows(view, tracks);
    draw_unclip(ui->draw);
    draw_cursor(view,
                (draw_rect){ tracks.x, ruler.y, tracks.w, ruler.h + tracks.h });
    handle_mouse(
        view, (draw_rect){ tracks.x, ruler.y, tracks.w, ruler.h + tracks.h });
}

const view_row *view_row_find(const ant_view *view, replay_kind kind,
                              uint32_t row)
{
    for (unsigned i = 0; i < view->row_count; i++) {
        if (view->row[i].kind == kind && view->row[i].row == row) {
            return &view->row[i];
        }
    }
    return NULL;
}

uint32_t view_row_marks(ant_view *view, const view_row *row,
                        model_track_kind kind, model_track *ret_track)
{
    *ret_track = model_track_of(view->model, kind, row->row);
    model_window window = view_window(view, row->track.w);
    return model_marks(view->model, ret_track, &window, view->mark,
                       VIEW_MARK_MAX);
}

draw_rect view_mark_rect(const view_row *row, const model_mark *mark)
{
    int x0 = (int)(mark->px0 + 0.5);
    int x1 = (int)(mark->px1 + 0.5);
    // A gap of one pixel keeps neighbours apart.
    int gap = x1 - x0 >= 4 ? 1 : 0;
    int w = x1 - x0 - gap > 0 ? x1 - x0 - gap : 1;
    return (draw_rect){ row->track.x + x0, row->track.y, w, row->track.h };
}

void view_strip(ant_view *view, draw_rect rect, const model_mark *mark,
                draw_color color)
{
    ant_ui *ui = &view->ui;
    draw_fill(ui->draw, rect, color);
    if (mark->count > 1 && rect.w >= ui->unit) {
        draw_rect edge = { rect.x, rect.y, rect.w, ui->unit / 2 };
        draw_patterned(ui->draw, edge, DRAW_ZIGZAG, color,
                       ui->palette->background);
    }
    if (mark->count > 1) {
        ui_tip(ui, rect, "%u stretches, too short to show one by one",
               mark->count);
    }
}

// --- Which rows, and where -------------------------------------------------

int view_label_width(const ant_view *view, int w)
{
    int wanted = 13 * view->ui.font;
    return wanted < w / 3 ? wanted : w / 3;
}

static uint32_t at_most(uint32_t wanted, int available)
{
    if (available < 1) return wanted < 1 ? wanted : 1;
    return wanted < (uint32_t)available ? wanted : (uint32_t)available;
}

// Cuts each section down to a part of what it would like to show.
static void ration(section *part, int room)
{
    part[VIEW_LANES].shown =
        at_most(part[VIEW_LANES].count, room * LANES_PERCENT_MAX / 100);
    part[VIEW_RES].shown =
        at_most(part[VIEW_RES].count, room * RES_PERCENT_MAX / 100);
    int left = room - (int)part[VIEW_LANES].shown - (int)part[VIEW_RES].shown -
               (int)part[VIEW_PINNED].shown;
    part[VIEW_TASKS].shown = at_most(part[VIEW_TASKS].count, left);
}

static uint32_t count_sections(const ant_view *view, section *part)
{
    static const char *const things[2][2] = {
        { "LOCKS", "LOCKS AND SOCKETS" },
        { "LOCKS AND CHANNELS", "LOCKS, CHANNELS AND SOCKETS" },
    };
    const char *const name[] = {
        "PINNED", "WORKERS", "TASKS",
        things[view->uses_channels][view->uses_sockets]
    };
    uint32_t total = 0;
    for (unsigned i = 0; i < VIEW_SECTION_COUNT; i++) {
        uint32_t count = view_order_count(view, (view_section)i);
        part[i] = (section){ name[i], count, count };
        total += count;
    }
    return total;
}

// Rows share the height: tall when there are few, and when there are too many
// each section shows a part of its own. With room to spare all tasks are open.
static void plan(ant_view *view, int h, section *part, int *ret_pitch)
{
    const ant_ui *ui = &view->ui;
    int pitch_min = ui->small + ui->unit * 5 / 4;
    int pitch_max = 2 * ui->line;
    view->opens_all = false;
    uint32_t total = count_sections(view, part);
    for (unsigned i = 0; i < VIEW_SECTION_COUNT; i++) {
        if (part[i].count > 0) h -= ui->line;
    }
    uint32_t room = h > 0 ? (uint32_t)(h / pitch_min) : 0;
    uint32_t inside = view->order.futures;
    view->opens_all = total <= room && inside <= room && total + inside <= room;
    if (view->opens_all) total = count_sections(view, part);
    int pitch = total > 0 ? h / (int)total : pitch_max;
    if (pitch > pitch_max) pitch = pitch_max;
    if (pitch < pitch_min) {
        pitch = pitch_min;
        ration(part, (int)room);
    }
    for (unsigned i = 0; i < VIEW_SECTION_COUNT; i++) {
        int max = (int)(part[i].count - part[i].shown);
        if (view->scroll[i] > max) view->scroll[i] = max;
        if (view->scroll[i] < 0) view->scroll[i] = 0;
    }
    *ret_pitch = pitch;
}

static void place_section(ant_view *view, draw_rect *rest, const section *part,
                          view_section which, int pitch, int label_w)
{
    ant_ui *ui = &view->ui;
    if (part->count == 0) return;
    char detail[64] = "";
    if (part->shown < part->count) {
        snprintf(detail, sizeof(detail), "%d to %d of %u",
                 view->scroll[which] + 1,
                 view->scroll[which] + (int)part->shown, part->count);
    }
    ui_heading(ui, rest, part->name, detail);
    for (uint32_t i = 0; i < part->shown; i++) {
        if (view->row_count == VIEW_ROW_MAX) return;
        view_row *row = &view->row[view->row_count++];
        view_order_at(view, which, (uint32_t)view->scroll[which] + i,
                      &row->kind, &row->row);
        draw_rect line = draw_cut_top(rest, pitch);
        int margin = pitch / 8;
        row->label = draw_cut_left(&line, label_w);
        row->track = draw_inset(line, 0, margin);
    }
}

// --- Drawing ---------------------------------------------------------------

static draw_rect whole_row(const view_row *row)
{
    return (draw_rect){ row->label.x, row->label.y, row->label.w + row->track.w,
                        row->label.h };
}

static void draw_ground(ant_view *view, const view_row *row, unsigned nth)
{
    ant_ui *ui = &view->ui;
    replay_selection selection = view->replay->selection;
    if (selection.kind == REPLAY_FUTURE) {
        selection.row = view->fold.leader[selection.row];
    }
    bool is_selected = selection.kind == row->kind && selection.row == row->row;
    draw_rect line = whole_row(row);
    if (nth % 2 == 1) draw_fill(ui->draw, line, ui->palette->row);
    if (is_selected) draw_fill(ui->draw, line, ui->palette->hover);
}

// The selected row, what is inside it, and the worker that polls it.
static bool is_followed(const ant_view *view, const view_row *row)
{
    replay_selection what = view->replay->selection;
    uint32_t task = replay_selected_task(view->replay);
    if (row->kind == what.kind && row->row == what.row) return true;
    if (task == 0) return false;
    if (row->kind == REPLAY_TASK) return row->row == task;
    if (row->kind == REPLAY_FUTURE) {
        return view->model->futures[row->row].task == task;
    }
    return row->kind == REPLAY_LANE &&
           view->replay->world.lanes[row->row].task == task;
}

static void draw_row(ant_view *view, const view_row *row)
{
    ant_ui *ui = &view->ui;
    ui_id id = ui_id_of("row", (uint32_t)row->kind << 24 ^ row->row);
    if (ui_click(ui, id, row->label)) {
        replay_select(view->replay, row->kind, row->row);
    }
    draw_clip(ui->draw, whole_row(row));
    switch (row->kind) {
    case REPLAY_LANE:
        view_row_lane(view, row);
        break;
    case REPLAY_TASK:
        view_row_task(view, row);
        break;
    case REPLAY_FUTURE:
        view_row_future(view, row);
        break;
    case REPLAY_RES:
        view_row_res(view, row);
        break;
    case REPLAY_NOTHING:
    case REPLAY_EVENT:
        break;
    }
    if (view->follows && !is_followed(view, row)) {
        draw_fill(ui->draw, whole_row(row),
                  draw_alpha(ui->palette->background, 170));
    }
    draw_unclip(ui->draw);
}

// What has not happened yet is paler. A step's column belongs to what the step
// has brought about, so there the future begins one column later.
static void draw_future_time(ant_view *view, draw_rect tracks)
{
    const ant_replay *replay = view->replay;
    double now = replay->x;
    if (replay->axis == MODEL_AXIS_STEP) now = replay_step_now(replay) + 1;
    int x = view_px(view, tracks, now);
    if (x < tracks.x) x = tracks.x;
    draw_fill(view->ui.draw,
              draw_rect_make(x, tracks.y, tracks.x + tracks.w - x, tracks.h),
              draw_alpha(view->ui.palette->background, 110));
}

draw_rect view_flag(const ant_view *view, draw_rect ruler, char *text,
                    size_t size)
{
    const ant_ui *ui = &view->ui;
    if (view->replay->axis == MODEL_AXIS_TIME) {
        view_moment(view_now_ns(view), text, size);
    } else {
        snprintf(text, size, "step %u", replay_step_now(view->replay) + 1);
    }
    int x = view_px(view, ruler, view->replay->x);
    int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text) + ui->unit;
    draw_rect flag = { x - w / 2, ruler.y, w, ui->small + ui->unit / 2 };
    if (flag.x < ruler.x) flag.x = ruler.x;
    if (flag.x + w > ruler.x + ruler.w) flag.x = ruler.x + ruler.w - w;
    return flag;
}

// The line of now, with a flag that says when.
static void draw_cursor(ant_view *view, draw_rect tracks)
{
    ant_ui *ui = &view->ui;
    int x = view_px(view, tracks, view->replay->x);
    if (x < tracks.x || x > tracks.x + tracks.w) return;
    char text[48];
    draw_rect flag = view_flag(view, tracks, text, sizeof(text));
    draw_fill(ui->draw, (draw_rect){ x - 1, tracks.y, 2, tracks.h },
              ui->palette->cursor);
    draw_fill(ui->draw, flag, ui->palette->cursor);
    ui_text_as(ui, flag, DRAW_FONT_UI, ui->small, ui->palette->background,
               DRAW_CENTER, text);
}

// --- The mouse -------------------------------------------------------------

// Scrolls so that what has just been selected (or happens now) is in sight.
static void reveal_one(ant_view *view, const section *part,
                       replay_selection wanted)
{
    view_section which = VIEW_TASKS;
    uint32_t nth = 0;
    if (!view_order_find(view, wanted, &which, &nth)) return;
    int *scroll = &view->scroll[which];
    int shown = (int)part[which].shown;
    if ((int)nth < *scroll) *scroll = (int)nth;
    if ((int)nth >= *scroll + shown) *scroll = (int)nth - shown + 1;
}

static void reveal(ant_view *view, const section *part)
{
    replay_selection now = view->replay->selection;
    uint32_t task = view_focus(view);
    uint32_t event = view->replay->event;
    bool is_new = now.kind != view->revealed.kind ||
                  now.row != view->revealed.row ||
                  task != view->revealed_task || event != view->revealed_event;
    view->revealed = now;
    view->revealed_task = task;
    view->revealed_event = event;
    if (!is_new) return;
    if (!view->follows && view->model->event_count > 0) {
        // Who does it, and about whom it is.
        uint32_t lane = view->model->lane[view->replay->event];
        reveal_one(view, part, (replay_selection){ REPLAY_LANE, lane });
        reveal_one(view, part, (replay_selection){ REPLAY_TASK, task });
    }
    reveal_one(view, part, now);
}

static double axis_at(const ant_view *view, draw_rect tracks, int mouse_x)
{
    const ant_replay *replay = view->replay;
    double share = (double)(mouse_x - tracks.x) / (tracks.w > 0 ? tracks.w : 1);
    return replay->x0 + share * (replay->x1 - replay->x0);
}

static void select_at(ant_view *view, int y)
{
    for (unsigned i = 0; i < view->row_count; i++) {
        const view_row *row = &view->row[i];
        if (y < row->label.y || y >= row->label.y + row->label.h) continue;
        replay_select(view->replay, row->kind, row->row);
    }
}

// A drag pans; a click selects the row and goes to that moment; the scale
// above the rows is a handle for the cursor.
static void handle_mouse(ant_view *view, draw_rect tracks)
{
    ant_ui *ui = &view->ui;
    ant_replay *replay = view->replay;
    const ui_input *in = ui->input;
    draw_rect ruler = { tracks.x, tracks.y, tracks.w, ui->line };
    if (ui_hold(ui, ui_id_of("ruler", 0), ruler)) {
        replay_seek_x(replay, axis_at(view, tracks, in->mouse_x));
        return;
    }
    draw_rect rows = tracks;
    draw_cut_top(&rows, ui->line);
    if (!ui_hold(ui, ui_id_of("tracks", 0), rows)) return;
    if (in->was_pressed) {
        view->drag_from = view->drag_last = in->mouse_x;
        view->is_dragging = false;
    }
    if (abs(in->mouse_x - view->drag_from) > ui->unit / 2) {
        view->is_dragging = true;
    }
    if (view->is_dragging) {
        double unit = (replay->x1 - replay->x0) / (tracks.w > 0 ? tracks.w : 1);
        replay_pan(replay, (view->drag_last - in->mouse_x) * unit);
        view->drag_last = in->mouse_x;
    } else if (in->was_released) {
        select_at(view, in->mouse_y);
        replay_seek_x(replay, axis_at(view, tracks, in->mouse_x));
    }
}

// Over the rows the wheel zooms; over their names, or with Shift, it scrolls.
static void handle_wheel(ant_view *view, draw_rect all, draw_rect tracks,
                         const section *part)
{
    ant_ui *ui = &view->ui;
    const ui_input *in = ui->input;
    if (in->wheel_y == 0 && in->wheel_x == 0) return;
    if (!ui_is_hovered(ui, all)) return;
    ant_replay *replay = view->replay;
    double width = replay->x1 - replay->x0;
    if (in->wheel_x != 0) replay_pan(replay, in->wheel_x * width / 16);
    if (in->wheel_y == 0) return;
    bool is_over_tracks = in->mouse_x >= tracks.x;
    if (is_over_tracks && (in->mods & UI_SHIFT) == 0) {
        double factor = in->wheel_y > 0 ? 1.25 : 0.8;
        replay_zoom(replay, factor, axis_at(view, tracks, in->mouse_x));
        return;
    }
    for (unsigned i = 0; i < view->row_count; i++) {
        const view_row *row = &view->row[i];
        if (!draw_contains(
                (draw_rect){ all.x, row->label.y, all.w, row->label.h },
                in->mouse_x, in->mouse_y)) {
            continue;
        }
        view_section which = row->kind == REPLAY_LANE  ? VIEW_LANES
                             : row->kind == REPLAY_RES ? VIEW_RES
                                                       : VIEW_TASKS;
        int max = (int)(part[which].count - part[which].shown);
        int to = view->scroll[which] - 3 * in->wheel_y;
        view->scroll[which] = to < 0 ? 0 : to > max ? max : to;
        return;
    }
}
