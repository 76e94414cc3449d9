// SPDX-License-Identifier: MIT
//
// The table of tasks: one line each, sorted by any column, narrowed by the
// filter. What a task did is counted over the whole run, its state is that of
// now.

#include "view/table.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "ui/list.h"
#include "view/panels.h"

typedef enum column_kind {
    COLUMN_FIXED,
    COLUMN_NOW, // its values change while the replay moves
    COLUMN_NS,  // a length of time
} column_kind;

typedef struct table_column {
    const char *title;
    const char *meaning;
    int width; // in letters; 0: what is left
    draw_align align;
    column_kind kind;
    // What it is sorted by; NULL: by its text.
    uint64_t (*value)(const ant_view *view, uint32_t task);
    void (*text)(const ant_view *view, uint32_t task, char *buf, size_t size);
} table_column;

static uint64_t id_of(const ant_view *view, uint32_t task)
{
    return view->model->tasks[task].id;
}

static uint64_t state_of(const ant_view *view, uint32_t task)
{
    return view->replay->world.tasks[task].state;
}

static uint64_t polls_of(const ant_view *view, uint32_t task)
{
    return view->model->tasks[task].poll_count;
}

static uint64_t poll_ns_of(const ant_view *view, uint32_t task)
{
    return view->model->tasks[task].poll_ns;
}

static uint64_t poll_max_of(const ant_view *view, uint32_t task)
{
    return view->model->tasks[task].poll_max_ns;
}

static uint64_t wakes_of(const ant_view *view, uint32_t task)
{
    return view->model->tasks[task].wake_count;
}

static uint64_t ready_of(const ant_view *view, uint32_t task)
{
    return view->model->tasks[task].ready_ns;
}

// From its spawn to its end, or to the end of the recording.
static uint64_t life_of(const ant_view *view, uint32_t task)
{
    const ant_model *model = view->model;
    const model_task *row = &model->tasks[task];
    uint64_t begin = row->spawn_event != MODEL_NONE
                         ? model_t_ns(model, row->spawn_event)
                         : 0;
    uint64_t end = row->end_event != MODEL_NONE
                       ? model_t_ns(model, row->end_event)
                       : model->t_end_ns;
    return end > begin ? end - begin : 0;
}

static void name_text(const ant_view *view, uint32_t task, char *buf,
                      size_t size)
{
    snprintf(buf, size, "%s", view->model->tasks[task].name);
}

static void state_text(const ant_view *view, uint32_t task, char *buf,
                       size_t size)
{
    uint8_t state = view->replay->world.tasks[task].state;
    snprintf(buf, size, "%s", model_task_state_name((model_task_state)state));
}

static void place_text(const ant_view *view, uint32_t task, char *buf,
                       size_t size)
{
    const model_task *row = &view->model->tasks[task];
    const char *name = strrchr(row->file, '/');
    name = name == NULL ? row->file : name + 1;
    buf[0] = '\0';
    if (name[0] != '\0') snprintf(buf, size, "%s:%u", name, row->line);
}

static const table_column columns[] = {
    { "#", "the number of the task", 6, DRAW_RIGHT, COLUMN_FIXED, id_of, NULL },
    { "task", "its name", 16, DRAW_LEFT, COLUMN_FIXED, NULL, name_text },
    { "now", "its state at this moment", 19, DRAW_LEFT, COLUMN_NOW, state_of,
      state_text },
    { "polls", "how often it was polled", 8, DRAW_RIGHT, COLUMN_FIXED, polls_of,
      NULL },
    { "polling", "the time of all its polls", 9, DRAW_RIGHT, COLUMN_NS,
      poll_ns_of, NULL },
    { "longest", "its longest poll", 9, DRAW_RIGHT, COLUMN_NS, poll_max_of,
      NULL },
    { "wakes", "how often it was woken", 8, DRAW_RIGHT, COLUMN_FIXED, wakes_of,
      NULL },
    { "ready", "the time it stood ready and was not polled", 9, DRAW_RIGHT,
      COLUMN_NS, ready_of, NULL },
    { "life", "from its spawn to its end", 9, DRAW_RIGHT, COLUMN_NS, life_of,
      NULL },
    { "made at", "the line that spawned it", 14, DRAW_LEFT, COLUMN_FIXED, NULL,
      place_text },
};

#define COLUMN_ID    0
#define COLUMN_STATE 2

static void sort(ant_view *view);
static void draw_heading(ant_view *view, draw_rect *rect);
static void draw_titles(ant_view *view, draw_rect line);
static void draw_entry(ant_view *view, draw_rect line, uint32_t task);
static void move(ant_view *view, uint32_t shown);

int view_table_init(ant_view *view)
{
    uint32_t count = view->model->task_count;
    view->table = (view_table_state){ .made_event = MODEL_NONE };
    view->table.order = ant_mem_alloc((count + 1) * sizeof(uint32_t));
    return view->table.order == NULL ? -ENOMEM : 0;
}

void view_table_deinit(ant_view *view)
{
    ant_mem_free(view->table.order);
}

void view_table(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    view_table_state *table = &view->table;
    sort(view);
    draw_heading(view, &rect);
    draw_rect titles = draw_cut_top(&rect, ui->line);
    if (table->count == 0) {
        ui_paragraph(
            ui, draw_inset(rect, ui->unit, ui->unit), ui->palette->text_dim,
            view->filter[0] != '\0' ? "No task passes the filter. & changes it."
                                    : "There are no tasks in this trace.");
        return;
    }
    int row_h = ui->line;
    uint32_t shown = ui_list(ui, ui_id_of("table", 0), &rect, row_h,
                             table->count, &table->first);
    move(view, shown);
    titles.w = rect.w;
    draw_titles(view, titles);
    for (uint32_t i = 0; i < shown && table->first + i < table->count; i++) {
        draw_rect line = draw_cut_top(&rect, row_h);
        if (i % 2 == 1) draw_fill(ui->draw, line, ui->palette->row);
        draw_entry(view, line, table->order[table->first + i]);
    }
}

void view_table_sort(ant_view *view, unsigned column)
{
    view_table_state *table = &view->table;
    column %= ANT_ARRAY_LEN(columns);
    bool is_same = table->column == column;
    table->column = column;
    // Numbers are mostly asked for because of the great ones.
    bool is_number = columns[column].value != NULL && column != COLUMN_ID;
    table->is_falling = is_same ? !table->is_falling : is_number;
}

// --- The order -------------------------------------------------------------

// Negative when task a comes before b in a rising order.
static int compare(const ant_view *view, uint32_t a, uint32_t b)
{
    const table_column *by = &columns[view->table.column];
    if (by->value != NULL) {
        uint64_t x = by->value(view, a);
        uint64_t y = by->value(view, b);
        return x < y ? -1 : x > y;
    }
    char x[128];
    char y[128];
    by->text(view, a, x, sizeof(x));
    by->text(view, b, y, sizeof(y));
    return strcmp(x, y);
}

static int by_column(const void *a, const void *b, void *arg)
{
    const ant_view *view = arg;
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    int order = compare(view, x, y);
    if (view->table.is_falling) order = -order;
    if (order != 0) return order;
    return x < y ? -1 : x > y;
}

static bool is_made(const ant_view *view)
{
    const view_table_state *table = &view->table;
    bool is_same = table->made_column == table->column &&
                   table->made_falling == table->is_falling &&
                   strcmp(table->filter, view->filter) == 0;
    bool is_about_now =
        columns[table->column].kind == COLUMN_NOW || view->filter[0] != '\0';
    if (table->made_event == MODEL_NONE) return false;
    return is_same &&
           (!is_about_now || table->made_event == view->replay->event);
}

static void sort(ant_view *view)
{
    view_table_state *table = &view->table;
    if (is_made(view)) return;
    table->count = 0;
    for (uint32_t i = 1; i < view->model->task_count; i++) {
        if (view_filter_passes(view, i)) table->order[table->count++] = i;
    }
    qsort_r(table->order, table->count, sizeof(uint32_t), by_column, view);
    table->made_column = table->column;
    table->made_falling = table->is_falling;
    table->made_event = view->replay->event;
    memcpy(table->filter, view->filter, sizeof(table->filter));
}

// Up and Down move the selection; whatever is selected stays in sight.
static void move(ant_view *view, uint32_t shown)
{
    view_table_state *table = &view->table;
    uint32_t selected = replay_selected_task(view->replay);
    int by = view_take_step(view);
    bool is_new = selected != table->revealed;
    if (by == 0 && !is_new) return;
    uint32_t at = 0;
    while (at < table->count && table->order[at] != selected)
        at++;
    if (by != 0) {
        int64_t to = at == table->count ? 0 : (int64_t)at + by;
        if (to < 0 || to >= table->count) return;
        at = (uint32_t)to;
        selected = table->order[at];
        replay_select(view->replay, REPLAY_TASK, selected);
    }
    table->revealed = selected;
    if (at < table->count) ui_list_reveal(&table->first, shown, at);
}

// --- Drawing ---------------------------------------------------------------

static void draw_heading(ant_view *view, draw_rect *rect)
{
    const view_table_state *table = &view->table;
    uint32_t all = view->model->task_count - 1;
    char detail[160];
    if (view->filter[0] == '\0') {
        snprintf(detail, sizeof(detail),
                 "%u; click a title to sort, & to filter", all);
    } else {
        snprintf(detail, sizeof(detail), "%u of %u: %s", table->count, all,
                 view->filter);
    }
    ui_heading(&view->ui, rect, "TASKS", detail);
}

// Cuts the next cell of a line. False when there is no room for it: the last
// columns are left out where it is narrow.
static bool cut_cell(const ant_ui *ui, draw_rect *line,
                     const table_column *column, draw_rect *ret_cell)
{
    int w = column->width * ui->small * 9 / 16;
    if (w > line->w) return false;
    *ret_cell = draw_cut_left(line, w);
    draw_cut_left(line, ui->unit);
    return true;
}

static void draw_titles(ant_view *view, draw_rect line)
{
    ant_ui *ui = &view->ui;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(columns); i++) {
        draw_rect cell;
        if (!cut_cell(ui, &line, &columns[i], &cell)) return;
        bool is_sorted = view->table.column == i;
        if (ui_click(ui, ui_id_of("table title", i), cell)) {
            view_table_sort(view, i);
        }
        ui_tip(ui, cell, "%s; click to sort (|)", columns[i].meaning);
        ui_text_as(ui, cell, is_sorted ? DRAW_FONT_BOLD : DRAW_FONT_UI,
                   ui->small,
                   is_sorted ? ui->palette->accent : ui->palette->text_dim,
                   columns[i].align, columns[i].title);
        if (!is_sorted) continue;
        draw_rect mark = { cell.x, cell.y + cell.h - 2, cell.w, 2 };
        draw_fill(ui->draw, mark, ui->palette->accent);
    }
}

static void cell_text(const ant_view *view, const table_column *column,
                      uint32_t task, char *buf, size_t size)
{
    if (column->text != NULL) {
        column->text(view, task, buf, size);
    } else if (column->kind == COLUMN_NS) {
        model_duration(column->value(view, task), buf, size);
    } else {
        snprintf(buf, size, "%llu",
                 (unsigned long long)column->value(view, task));
    }
}

static void draw_entry(ant_view *view, draw_rect line, uint32_t task)
{
    ant_ui *ui = &view->ui;
    bool is_selected = replay_selected_task(view->replay) == task;
    if (ui_row(ui, ui_id_of("table row", task), line, is_selected)) {
        replay_select(view->replay, REPLAY_TASK, task);
    }
    uint8_t state = view->replay->world.tasks[task].state;
    bool is_dim = state == MODEL_TASK_NONE || state >= MODEL_TASK_DONE;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(columns); i++) {
        draw_rect cell;
        if (!cut_cell(ui, &line, &columns[i], &cell)) return;
        char text[128];
        cell_text(view, &columns[i], task, text, sizeof(text));
        if (i == COLUMN_STATE && state != MODEL_TASK_NONE) {
            draw_rect bar = draw_cut_left(&cell, 2 * ui->small);
            ui_bar(ui, draw_inset(bar, 0, ui->unit / 4),
                   view_task_look((model_task_state)state), NULL);
            draw_cut_left(&cell, ui->unit / 2);
        }
        ui_text_as(ui, cell, DRAW_FONT_UI, ui->small,
                   is_dim ? ui->palette->text_dim : ui->palette->text,
                   columns[i].align, text);
    }
}
