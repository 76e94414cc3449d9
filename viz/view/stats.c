// SPDX-License-Identifier: MIT
//
// Statistics: of the selected task, else of the whole run. How long polls took,
// how long tasks that could run waited for their turn, and where the worst of
// each is: a click goes there.

#include <inttypes.h>
#include <stdio.h>

#include "text/measure.h"
#include "view/panels.h"

// Two histograms stand beside each other where there are so many letters.
#define WIDE_EM 26

// Lower than so many letters: only the facts that matter most.
#define LOW_EM 24

// A column of a histogram is not wider than this part of its height.
#define COLUMN_W_PERCENT_MAX 25

typedef struct stats_chart {
    const char *title;
    const text_histogram *histogram;
    uint32_t longest; // the event that it goes to
} stats_chart;

static void measure(ant_view *view);
static void draw_facts(ant_view *view, draw_rect rect);
static int facts_height(const ant_view *view, draw_rect rect);
static void draw_chart(ant_view *view, draw_rect rect,
                       const stats_chart *chart);

void view_stats(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    measure(view);
    char name[128] = "the whole run; select a task for its own";
    uint32_t task = view->stats.task;
    if (task != 0) model_task_label(view->model, task, name, sizeof(name));
    ui_heading(ui, &rect, "STATISTICS", name);
    draw_facts(view, draw_cut_top(&rect, facts_height(view, rect)));
    draw_cut_top(&rect, ui->unit);
    const text_measure *m = &view->stats.measure;
    stats_chart polls = { "How long polls took", &m->polls, m->longest_poll };
    stats_chart ready = { "From wake to poll", &m->ready, m->longest_ready };
    int gap = 3 * ui->unit;
    draw_rect first = rect;
    if (rect.w >= WIDE_EM * ui->font) {
        first = draw_cut_left(&rect, (rect.w - gap) / 2);
        draw_cut_left(&rect, gap);
    } else {
        first = draw_cut_top(&rect, (rect.h - gap) / 2);
        draw_cut_top(&rect, gap);
    }
    draw_chart(view, first, &polls);
    draw_chart(view, rect, &ready);
}

// --- Measuring -------------------------------------------------------------

// Once for each choice of a task: the past does not change.
static void measure(ant_view *view)
{
    view_stats_state *stats = &view->stats;
    uint32_t task = replay_selected_task(view->replay);
    if (stats->is_made && stats->task == task) return;
    text_measure_init(&stats->measure);
    if (task != 0) {
        text_measure_task(&stats->measure, view->model, task);
    } else {
        text_measure_run(&stats->measure, view->model);
    }
    stats->task = task;
    stats->is_made = true;
}

// --- Facts -----------------------------------------------------------------

// A number and what it counts.
typedef struct stats_fact {
    char value[24];
    const char *what;
} stats_fact;

#define FACT_COUNT 8

static void count_fact(stats_fact *fact, uint64_t count, const char *one,
                       const char *many)
{
    snprintf(fact->value, sizeof(fact->value), "%" PRIu64, count);
    fact->what = count == 1 ? one : many;
}

static void time_fact(stats_fact *fact, uint64_t ns, const char *what)
{
    model_duration(ns, fact->value, sizeof(fact->value));
    fact->what = what;
}

static void task_facts(const ant_view *view, stats_fact *out)
{
    const model_task *task = &view->model->tasks[view->stats.task];
    count_fact(&out[0], task->poll_count, "poll", "polls");
    time_fact(&out[1], task->poll_ns, "in polls");
    time_fact(&out[2], task->poll_max_ns, "longest poll");
    count_fact(&out[3], task->wake_count, "wake", "wakes");
    time_fact(&out[4], task->ready_ns, "ready, not polled");
    count_fact(&out[5], task->futures.count, "future inside", "futures inside");
    count_fact(&out[6], task->children, "task it spawned", "tasks it spawned");
    count_fact(&out[7], task->events.count, "event", "events");
}

static void run_facts(const ant_view *view, stats_fact *out)
{
    const ant_model *model = view->model;
    uint64_t poll_ns = 0;
    uint64_t polls = 0;
    uint64_t park_ns = 0;
    uint64_t steals = 0;
    for (uint32_t i = 1; i < model->lane_count; i++) {
        poll_ns += model->lanes[i].poll_ns;
        polls += model->lanes[i].poll_count;
        park_ns += model->lanes[i].park_ns;
        steals += model->lanes[i].steal_count;
    }
    count_fact(&out[0], model->task_count - 1, "task", "tasks");
    count_fact(&out[1], polls, "poll", "polls");
    time_fact(&out[2], poll_ns, "in polls");
    count_fact(&out[3], steals, "steal", "steals");
    time_fact(&out[4], park_ns, "parked, all workers");
    time_fact(&out[5], model->t_end_ns, "from start to end");
    count_fact(&out[6], model->worker_count, "worker", "workers");
    count_fact(&out[7], model->event_count, "event", "events");
}

static int fact_columns(const ant_view *view, int w)
{
    int columns = w / (14 * view->ui.font);
    return columns < 1 ? 1 : columns > 4 ? 4 : columns;
}

static unsigned fact_count(const ant_view *view, int h)
{
    return h < LOW_EM * view->ui.font ? FACT_COUNT / 2 : FACT_COUNT;
}

static int facts_height(const ant_view *view, draw_rect rect)
{
    int columns = fact_columns(view, rect.w);
    int count = (int)fact_count(view, rect.h);
    return (count + columns - 1) / columns * view->ui.line;
}

static void draw_facts(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    stats_fact facts[FACT_COUNT];
    if (view->stats.task != 0) {
        task_facts(view, facts);
    } else {
        run_facts(view, facts);
    }
    int columns = fact_columns(view, rect.w);
    int w = rect.w / columns;
    for (int i = 0; i < FACT_COUNT && i / columns * ui->line < rect.h; i++) {
        draw_rect cell = { rect.x + i % columns * w,
                           rect.y + i / columns * ui->line, w - ui->unit,
                           ui->line };
        draw_cut_left(&cell, ui_text_bold(ui, cell, DRAW_LEFT, facts[i].value) +
                                 ui->unit * 3 / 4);
        ui_text_dim(ui, cell, DRAW_LEFT, facts[i].what);
    }
}

// --- Histograms ------------------------------------------------------------

// The title and, where it is, the way to the worst one.
static void draw_chart_title(ant_view *view, draw_rect *rect,
                             const stats_chart *chart)
{
    ant_ui *ui = &view->ui;
    const text_histogram *h = chart->histogram;
    char text[160];
    ui_text_bold(ui, draw_cut_top(rect, ui->line), DRAW_LEFT, chart->title);
    draw_rect line = draw_cut_top(rect, ui->line);
    if (h->count == 0) {
        ui_text_dim(ui, line, DRAW_LEFT, "never happened");
        return;
    }
    char mean[24];
    char most[24];
    char longest[24];
    model_duration(h->sum_ns / h->count, mean, sizeof(mean));
    model_duration(text_histogram_percentile(h, 99), most, sizeof(most));
    model_duration(h->max_ns, longest, sizeof(longest));
    snprintf(text, sizeof(text), "longest %s", longest);
    draw_rect button = draw_cut_left(&line, ui_button_width(ui, text));
    draw_cut_left(&line, ui->unit);
    ui_tip(ui, button, "go there");
    if (ui_button(ui, ui_id_of(chart->title, 0), button, text)) {
        replay_jump(view->replay, chart->longest,
                    model_subject(view->model, chart->longest));
    }
    snprintf(text, sizeof(text), "%" PRIu64 ", mean %s, 99 %% under %s",
             h->count, mean, most);
    int needed = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
    if (needed <= line.w) ui_text_dim(ui, line, DRAW_LEFT, text);
}

// The edges of classes: as many labels as fit, under the left of the columns.
static void draw_edges(ant_view *view, draw_rect rect, unsigned first,
                       unsigned count, int column_w)
{
    ant_ui *ui = &view->ui;
    int right = rect.x;
    for (unsigned i = 0; i < count; i++) {
        char text[24];
        model_duration(text_histogram_class_ns(first + i), text, sizeof(text));
        int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
        int x = rect.x + (int)i * column_w;
        bool fits = x >= right && x + w <= rect.x + rect.w;
        if (!fits) continue;
        ui_text_dim(ui, (draw_rect){ x, rect.y, w, rect.h }, DRAW_LEFT, text);
        right = x + w + ui->unit;
    }
}

static void draw_chart(ant_view *view, draw_rect rect, const stats_chart *chart)
{
    ant_ui *ui = &view->ui;
    const text_histogram *h = chart->histogram;
    draw_chart_title(view, &rect, chart);
    unsigned first = 0;
    unsigned last = 0;
    uint64_t most = 0;
    draw_rect edges = draw_cut_bottom(&rect, ui->line);
    if (!text_histogram_span(h, &first, &last, &most)) return;
    if (h->max_ns == 0) {
        ui_paragraph(ui, draw_inset(rect, 0, ui->unit), ui->palette->text_dim,
                     "It all took no time: in a simulation the clock stands "
                     "still while anything can run.");
        return;
    }
    if (rect.h < ui->line) return;
    unsigned count = last - first + 1;
    int column_w = rect.w / (int)count;
    int max_w = rect.h * COLUMN_W_PERCENT_MAX / 100 + 4 * ui->unit;
    if (column_w > max_w) column_w = max_w;
    draw_rect plot = draw_inset(rect, 0, ui->unit / 2);
    draw_cut_top(&plot, ui->line); // for the number over the highest column
    for (unsigned i = 0; i < count; i++) {
        uint64_t n = h->in_class[first + i];
        int high = (int)((double)n / (double)most * plot.h + 0.5);
        if (n > 0 && high < 2) high = 2;
        draw_rect column = { plot.x + (int)i * column_w, plot.y + plot.h - high,
                             column_w - 2, high };
        draw_fill(ui->draw, column,
                  ui->palette->state[DRAW_STATE_POLLING].color);
        char text[48];
        snprintf(text, sizeof(text), "%" PRIu64, n);
        draw_rect above = { column.x, column.y - ui->line, column_w - 2,
                            ui->line };
        int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
        if (n > 0 && w <= above.w) ui_text_dim(ui, above, DRAW_LEFT, text);
        draw_rect whole = { column.x, plot.y, column_w, plot.h };
        char from[24];
        model_duration(text_histogram_class_ns(first + i), from, sizeof(from));
        ui_tip(ui, whole, "%s from %s on", text, from);
    }
    draw_fill(ui->draw, (draw_rect){ plot.x, plot.y + plot.h, plot.w, 1 },
              ui->palette->rule);
    draw_edges(view, edges, first, count, column_w);
}
