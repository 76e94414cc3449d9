// SPDX-License-Identifier: MIT
//
// The row of a worker (or another thread that runs tasks): what it polled,
// when it was parked or searching, and where it stole.

#include <stdio.h>

#include "view/rows.h"

// Ticks are for the eye; where there are more than this they say nothing.
#define STEAL_COUNT_MAX 400

// More texts than this do not stand in a row.
#define TEXT_COUNT_MAX 64

// So many stretches of a strip are looked at for polls; in between these a
// worker parks, searches or steals.
#define POLL_LOOK_MAX 16

// Where texts stand in the row, so that no number of a steal covers one.
typedef struct lane_texts {
    int x0[TEXT_COUNT_MAX];
    int x1[TEXT_COUNT_MAX];
    unsigned count;
} lane_texts;

static void draw_label(ant_view *view, const view_row *row);
static void draw_mark(ant_view *view, const view_row *row,
                      const model_track *track, const model_mark *mark,
                      lane_texts *texts);
static void draw_steals(ant_view *view, const view_row *row, lane_texts *texts);

void view_row_lane(ant_view *view, const view_row *row)
{
    draw_label(view, row);
    draw_clip(view->ui.draw, row->track);
    model_track track;
    uint32_t n = view_row_marks(view, row, MODEL_TRACK_LANE, &track);
    lane_texts texts = { .count = 0 };
    for (uint32_t i = 0; i < n; i++) {
        draw_mark(view, row, &track, &view->mark[i], &texts);
    }
    draw_steals(view, row, &texts);
    view_lint_marks(view, row);
    draw_unclip(view->ui.draw);
}

static void draw_label(ant_view *view, const view_row *row)
{
    ant_ui *ui = &view->ui;
    char text[128];
    model_lane_label(view->model, row->row, text, sizeof(text));
    draw_rect label = draw_inset(row->label, ui->unit, 0);
    const model_now_lane *now = &view->replay->world.lanes[row->row];
    int name_w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->font, text);
    if (now->local.len > 0) {
        char len[24];
        snprintf(len, sizeof(len), "%u queued", now->local.len);
        draw_rect rest = label;
        draw_cut_left(&rest, name_w + ui->unit);
        int len_w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, len);
        if (len_w > rest.w)
            snprintf(len, sizeof(len), VIEW_TIMES "%u", now->local.len);
        ui_text_dim(ui, rest, DRAW_RIGHT, len);
    }
    ui_text(ui, label, DRAW_LEFT, text);
}

// What a lane's state looks like in the words of a task's.
static draw_state poll_look(uint8_t state)
{
    return state == MODEL_LANE_BLOCKED ? DRAW_STATE_BLOCKING
                                       : DRAW_STATE_POLLING;
}

static void add_text(lane_texts *texts, int x, int w)
{
    if (texts->count == TEXT_COUNT_MAX) return;
    texts->x0[texts->count] = x;
    texts->x1[texts->count++] = x + w;
}

static bool is_free(const lane_texts *texts, int x, int w)
{
    bool is_free = texts->count < TEXT_COUNT_MAX;
    for (unsigned i = 0; i < texts->count && is_free; i++)
        is_free = x + w <= texts->x0[i] || x >= texts->x1[i];
    return is_free;
}

static void draw_quiet(ant_view *view, draw_rect rect, uint8_t state,
                       lane_texts *texts)
{
    ant_ui *ui = &view->ui;
    const draw_palette *palette = ui->palette;
    if (state == MODEL_LANE_PARKED) {
        draw_patterned(ui->draw, rect, DRAW_HATCH, palette->background,
                       palette->hatch);
        int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, "parked");
        if (rect.w > w + 2 * ui->unit) {
            ui_text_dim(ui, rect, DRAW_CENTER, "parked");
            add_text(texts, rect.x + (rect.w - w) / 2, w);
        }
        return;
    }
    bool is_searching = state == MODEL_LANE_SEARCHING;
    int thick = is_searching ? 2 : 1;
    draw_fill(ui->draw,
              (draw_rect){ rect.x, rect.y + rect.h / 2, rect.w, thick },
              is_searching ? palette->accent : palette->rule);
}

// Whether there are polls in a strip in which something else lasted longest.
static bool has_polls(const model_track *track, const model_mark *mark)
{
    for (uint32_t i = 0; i < mark->count && i < POLL_LOOK_MAX; i++) {
        if (track->spans[mark->first + i].task != 0) return true;
    }
    return false;
}

static void draw_mark(ant_view *view, const view_row *row,
                      const model_track *track, const model_mark *mark,
                      lane_texts *texts)
{
    ant_ui *ui = &view->ui;
    draw_rect rect = view_mark_rect(row, mark);
    bool is_poll =
        mark->state == MODEL_LANE_POLLING || mark->state == MODEL_LANE_BLOCKED;
    if (!is_poll) {
        draw_quiet(view, rect, mark->state, texts);
        if (mark->count > 1 && has_polls(track, mark)) {
            // Half as high: it polls, but does other things for longer.
            view_strip(view, draw_cut_bottom(&rect, rect.h / 2), mark,
                       ui->palette->state[DRAW_STATE_POLLING].color);
        }
        return;
    }
    draw_state look = poll_look(mark->state);
    if (mark->count > 1 || rect.w < 3) {
        view_strip(view, rect, mark, ui->palette->state[look].color);
        return;
    }
    const model_span *span = &track->spans[mark->first];
    char text[160] = "";
    if (rect.w > 3 * ui->font || ui_is_hovered(ui, rect)) {
        model_task_label(view->model, span->task, text, sizeof(text));
    }
    ui_bar(ui, rect, look, text);
    if (rect.w >= 3 * ui->font) {
        int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->font, text) +
                2 * ui->unit;
        add_text(texts, rect.x, w < rect.w ? w : rect.w);
    }
    if (ui_is_hovered(ui, rect)) {
        char length[32];
        model_duration(model_span_t1(view->model, span) -
                           model_span_t0(view->model, span),
                       length, sizeof(length));
        ui_tip(ui, rect, "%s %s for %s",
               mark->state == MODEL_LANE_BLOCKED ? "blocked by" : "polls", text,
               length);
    }
}

// A steal is a tick with the number of the worker it was taken from, where
// there is room for it.
static void draw_steal(ant_view *view, const view_row *row, uint32_t event,
                       lane_texts *texts)
{
    ant_ui *ui = &view->ui;
    ant_event ev;
    model_event(view->model, event, &ev);
    uint32_t victim =
        model_lane_row(view->model, ANT_EVENT_AS(steal, &ev)->victim);
    char text[16];
    snprintf(text, sizeof(text), "%u", view->model->lanes[victim].index);
    int x = view_px_of_event(view, row->track, event);
    draw_rect tick = { x - 1, row->track.y, 3, row->track.h };
    draw_fill(ui->draw, tick, ui->palette->accent);
    int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->small, text);
    int plate_w = w + ui->unit / 2;
    draw_rect plate = { x - 1 - plate_w, row->track.y, plate_w, ui->small };
    if (plate.x >= row->track.x && is_free(texts, plate.x, plate.w)) {
        draw_fill(ui->draw, plate, ui->palette->accent);
        ui_text_as(ui, plate, DRAW_FONT_BOLD, ui->small,
                   ui->palette->background, DRAW_CENTER, text);
        add_text(texts, plate.x, plate.w + 2);
    }
    ui_tip(ui, draw_inset(tick, -ui->unit / 2, 0), "steals from worker %s",
           text);
}

static void draw_steals(ant_view *view, const view_row *row, lane_texts *texts)
{
    const ant_model *model = view->model;
    const ant_replay *replay = view->replay;
    const model_lane *lane = &model->lanes[row->row];
    if (lane->steal_count == 0) return;
    uint32_t event = model_event_at(model, replay->axis, replay->x0);
    uint32_t end = model_event_at(model, replay->axis, replay->x1);
    for (unsigned i = 0; i < STEAL_COUNT_MAX; i++) {
        event = model_next_in(model->events_of_lane, lane->events, event);
        if (event == MODEL_NONE || event > end) return;
        if (model->kind[event] == ANT_EV_steal)
            draw_steal(view, row, event, texts);
    }
}
