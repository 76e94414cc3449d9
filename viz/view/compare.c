// SPDX-License-Identifier: MIT
//
// Two runs side by side: what each took, their polls in two columns with a mark
// where they differ, and how long tasks stood ready in each. One run is the one
// that all other panels show; Tab goes over to the same step of the other.

#include <stdio.h>
#include <string.h>

#include "ui/list.h"
#include "view/view.h"

// The chart is left out where there is less room than this many lines.
#define CHART_LINES      6
#define STEP_LINES_MIN   4
#define MARK_EM          2
#define LABEL_EM         11
#define DIFFERS          "\xE2\x89\xA0"
#define COLUMN_W_PERCENT 30

static bool has_times(const ant_view *view);
static void draw_names(ant_view *view, draw_rect line);
static void draw_verdict(ant_view *view, draw_rect rect);
static void draw_steps(ant_view *view, draw_rect rect);
static void draw_chart(ant_view *view, draw_rect rect);

void view_compare(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    if (view->versus == NULL) {
        ui_heading(ui, &rect, "COMPARE", NULL);
        ui_paragraph(ui, rect, ui->palette->text_dim,
                     "Open two recordings to see them side by side: "
                     "antfarm view A B");
        return;
    }
    char text[96];
    const model_compare *compare = &view->versus->compare;
    snprintf(text, sizeof(text), "%u of %u poll%s differ%s; Tab goes to %s",
             compare->differing, compare->count, compare->count == 1 ? "" : "s",
             compare->differing == 1 ? "s" : "",
             view->side_of_versus == 0 ? "B" : "A");
    ui_heading(ui, &rect, "COMPARE", text);
    draw_names(view, draw_cut_top(&rect, ui->line));
    int verdict_h = VERDICT_LINE_COUNT * ui->line;
    draw_verdict(view, draw_cut_top(&rect, verdict_h));
    draw_cut_top(&rect, ui->unit);
    int chart_h = (has_times(view) ? CHART_LINES : 2) * ui->line;
    if (rect.h >= chart_h + STEP_LINES_MIN * ui->line) {
        draw_chart(view, draw_cut_bottom(&rect, chart_h));
        draw_cut_bottom(&rect, ui->unit);
    }
    draw_steps(view, rect);
}

// --- The verdict -----------------------------------------------------------

// What a line says of the runs as a whole: a label, then A, then B.
typedef struct columns {
    draw_rect label;
    draw_rect side[2];
} columns;

static columns cut_columns(const ant_view *view, draw_rect line)
{
    const ant_ui *ui = &view->ui;
    columns c;
    c.label = draw_cut_left(&line, LABEL_EM * ui->small);
    c.side[0] = draw_cut_left(&line, line.w / 2);
    c.side[1] = line;
    return c;
}

// The name of a file, without its beginning where there is no room for that:
// two runs of one lesson differ at the end.
static const char *name_within(const ant_ui *ui, const char *path, int room)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    for (const char *part = name;; part++) {
        int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->font, part);
        if (w <= room) return part;
        part = strchr(part, '-');
        if (part == NULL) return name;
    }
}

// The run that the other panels show stands on a brighter ground.
static void draw_names(ant_view *view, draw_rect line)
{
    ant_ui *ui = &view->ui;
    columns c = cut_columns(view, line);
    for (unsigned side = 0; side < 2; side++) {
        bool is_shown = side == view->side_of_versus;
        const char *path = view->versus->compare.model[side]->path;
        draw_rect rect = c.side[side];
        draw_cut_right(&rect, ui->unit / 2);
        draw_fill(ui->draw, rect,
                  is_shown ? ui->palette->current_line : ui->palette->panel);
        rect = draw_inset(rect, ui->unit / 2, 0);
        int w = ui_text_bold(ui, rect, DRAW_LEFT, side == 0 ? "A" : "B");
        draw_cut_left(&rect, w + ui->unit);
        ui_text_bold(ui, rect, DRAW_LEFT, name_within(ui, path, rect.w));
    }
}

static void draw_verdict(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    const text_verdict *verdict = &view->versus->verdict;
    for (unsigned i = 0; i < VERDICT_LINE_COUNT; i++) {
        verdict_line line = (verdict_line)i;
        columns c = cut_columns(view, draw_cut_top(&rect, ui->line));
        int better = text_verdict_better(verdict, line);
        ui_text_dim(ui, c.label, DRAW_LEFT, text_verdict_label(line));
        for (unsigned side = 0; side < 2; side++) {
            char value[64];
            char text[96];
            bool is_better = better == (int)side;
            text_verdict_value(verdict, line, side, value, sizeof(value));
            snprintf(text, sizeof(text), "%s%s", value,
                     is_better ? ", better" : "");
            ui_text_as(ui, draw_inset(c.side[side], ui->unit / 2, 0),
                       is_better ? DRAW_FONT_BOLD : DRAW_FONT_UI, ui->font,
                       ui->palette->text, DRAW_LEFT, text);
        }
    }
}

// --- The steps -------------------------------------------------------------

static void draw_poll(ant_view *view, const compare_step *step, unsigned side,
                      draw_rect rect)
{
    ant_ui *ui = &view->ui;
    const ant_model *model = view->versus->compare.model[side];
    if (step->poll[side] == MODEL_NONE) {
        ui_text_dim(ui, rect, DRAW_LEFT, "-");
        return;
    }
    char task[96];
    char text[128];
    model_task_label(model, step->task[side], task, sizeof(task));
    snprintf(text, sizeof(text), "%s #%u", task, step->number);
    ui_text_as(ui, rect, DRAW_FONT_UI, ui->small, ui->palette->text, DRAW_LEFT,
               text);
}

// A click goes to the poll, in the run that is shown.
static void draw_step(ant_view *view, uint32_t number, bool is_current,
                      draw_rect line)
{
    ant_ui *ui = &view->ui;
    const compare_step *step = &view->versus->compare.steps[number];
    uint32_t own = step->poll[view->side_of_versus];
    if (step->differs != 0) draw_fill(ui->draw, line, ui->palette->panel);
    if (is_current) draw_fill(ui->draw, line, ui->palette->current_line);
    if (ui_row(ui, ui_id_of("compare step", number), line, false) &&
        own != MODEL_NONE) {
        replay_seek_event(view->replay, own);
    }
    draw_rect words = draw_cut_right(&line, line.w * 2 / 5);
    draw_rect mark = draw_cut_left(&line, MARK_EM * ui->small);
    if (step->differs != 0) {
        ui_text_bold(ui, mark, DRAW_CENTER, DIFFERS);
        char text[256];
        text_verdict_step(&view->versus->compare, number, text, sizeof(text));
        draw_cut_left(&words, ui->unit / 2);
        ui_text_dim(ui, words, DRAW_LEFT, text);
        ui_tip(ui, words, "%s", text);
    }
    draw_rect half = draw_cut_left(&line, line.w / 2);
    draw_cut_right(&half, ui->unit);
    draw_poll(view, step, 0, half);
    draw_poll(view, step, 1, line);
}

static void draw_steps(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    const model_compare *compare = &view->versus->compare;
    uint32_t event = view->replay->event;
    uint32_t current =
        model_compare_step_at(compare, view->side_of_versus, event);
    int line_h = ui->line;
    uint32_t room = (uint32_t)(rect.h / line_h);
    bool is_new = view->versus_event != event;
    view->versus_event = event;
    if (is_new && current < compare->count) {
        ui_list_reveal(&view->versus_first, room, current);
    }
    uint32_t shown = ui_list(ui, ui_id_of("compare", 0), &rect, line_h,
                             compare->count, &view->versus_first);
    for (uint32_t i = 0; i < shown; i++) {
        uint32_t step = view->versus_first + i;
        draw_step(view, step, step == current, draw_cut_top(&rect, line_h));
    }
}

// --- The chart -------------------------------------------------------------

// Whether there is anything to draw: in a simulation often no time passes.
static bool has_times(const ant_view *view)
{
    const text_measure *measure = view->versus->verdict.measure;
    return measure[0].ready.max_ns > 0 || measure[1].ready.max_ns > 0;
}

// The classes that either run has anything in.
static void find_classes(const text_histogram *const *both, unsigned *ret_first,
                         unsigned *ret_last)
{
    *ret_first = TEXT_HISTOGRAM_CLASSES;
    *ret_last = 0;
    for (unsigned side = 0; side < 2; side++) {
        unsigned first = 0;
        unsigned last = 0;
        uint64_t most = 0;
        if (!text_histogram_span(both[side], &first, &last, &most)) continue;
        if (first < *ret_first) *ret_first = first;
        if (last > *ret_last) *ret_last = last;
    }
}

static double share_of(const text_histogram *histogram, unsigned class)
{
    if (histogram->count == 0) return 0;
    return (double)histogram->in_class[class] / (double)histogram->count;
}

// A is filled, B an outline over it: both can be seen where they agree.
static void draw_column(ant_view *view, const text_histogram *const *both,
                        unsigned class, draw_rect place)
{
    ant_ui *ui = &view->ui;
    for (unsigned side = 0; side < 2; side++) {
        double share = share_of(both[side], class);
        int h = (int)(share * place.h + 0.5);
        if (share > 0 && h < 3) h = 3;
        draw_rect column = { place.x, place.y + place.h - h, place.w - 3, h };
        if (side == 0) {
            draw_fill(ui->draw, column, ui->palette->accent);
        } else {
            draw_frame(ui->draw, column, 3, ui->palette->text);
        }
    }
    char from[24];
    model_duration(text_histogram_class_ns(class), from, sizeof(from));
    ui_tip(ui, place, "from %s: A %.0f %%, B %.0f %%", from,
           100 * share_of(both[0], class), 100 * share_of(both[1], class));
}

static void draw_chart(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    const text_verdict *verdict = &view->versus->verdict;
    const text_histogram *both[] = { &verdict->measure[0].ready,
                                     &verdict->measure[1].ready };
    ui_heading(ui, &rect, "FROM WAKE TO POLL", "A filled, B outlined");
    if (!has_times(view)) {
        ui_text_dim(ui, draw_cut_top(&rect, ui->line), DRAW_LEFT,
                    "No time passed: whoever was woken was polled at once.");
        return;
    }
    unsigned first = 0;
    unsigned last = 0;
    find_classes(both, &first, &last);
    draw_rect edges = draw_cut_bottom(&rect, ui->line);
    int count = (int)(last - first) + 1;
    int w = rect.w / count;
    int max_w = rect.w * COLUMN_W_PERCENT / 100;
    if (w > max_w) w = max_w;
    int right = edges.x;
    for (unsigned i = first; i <= last; i++) {
        int x = rect.x + (int)(i - first) * w;
        draw_column(view, both, i, (draw_rect){ x, rect.y, w, rect.h });
        char from[24];
        model_duration(text_histogram_class_ns(i), from, sizeof(from));
        int text_w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, from);
        if (x < right || x + text_w > edges.x + edges.w) continue;
        ui_text_dim(ui, (draw_rect){ x, edges.y, text_w, edges.h }, DRAW_LEFT,
                    from);
        right = x + text_w + ui->unit;
    }
    draw_fill(ui->draw, (draw_rect){ rect.x, edges.y, rect.w, 1 },
              ui->palette->rule);
}
