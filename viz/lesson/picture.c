// SPDX-License-Identifier: MIT
//
// A column of letters stands for a stretch of the time axis, whose empty
// stretches are squeezed. Of several states in it the most telling one is
// shown: a poll is short, and would be lost otherwise.

#include "lesson/picture.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/os.h"
#include "model/axis.h"
#include "query/query.h"

#define COLUMNS  56u
#define NAME_MAX 16
#define ROWS_MAX 12u

// What a state looks like; `rank` tells which one wins in a column.
typedef struct look {
    char letter;
    unsigned char rank;
    const char *meaning;
} look;

static const look task_looks[MODEL_TASK_STATE_COUNT] = {
    [MODEL_TASK_NEW] = { 'r', 3, "ready" },
    [MODEL_TASK_READY] = { 'r', 3, "ready" },
    [MODEL_TASK_POLLING] = { '#', 5, "polled" },
    [MODEL_TASK_BLOCKING] = { 'X', 6, "blocks its thread" },
    [MODEL_TASK_WAIT_LOCK] = { 'L', 2, "waits for a lock" },
    [MODEL_TASK_WAIT_TASK] = { '-', 1, "waits" },
    [MODEL_TASK_WAIT_CHANNEL] = { '-', 1, "waits" },
    [MODEL_TASK_WAIT_IO] = { '-', 1, "waits" },
    [MODEL_TASK_WAIT_TIMER] = { '-', 1, "waits" },
    [MODEL_TASK_WAIT_OTHER] = { '-', 1, "waits" },
};
static const look lane_looks[MODEL_LANE_STATE_COUNT] = {
    [MODEL_LANE_POLLING] = { '#', 5, "polled" },
    [MODEL_LANE_BLOCKED] = { 'X', 6, "blocks its thread" },
    [MODEL_LANE_PARKED] = { '.', 1, "parked" },
};
static const look future_looks[MODEL_FUTURE_STATE_COUNT] = {
    [MODEL_FUTURE_POLLING] = { '#', 5, "polled" },
    [MODEL_FUTURE_PENDING] = { '-', 1, "waits" },
};
static const look held_look = { '=', 2, "held" };
static const look value_look = { '1', 2, "to 9 values inside, + more" };

typedef struct picture {
    const ant_model *model;
    lesson_script *script;
    const look *used[16]; // for the legend
    uint32_t used_count;
    uint32_t row_count;
} picture;

static void draw_word(picture *p, const char *word, size_t len);
static void draw_lanes(picture *p);
static void draw_tasks(picture *p, const char *name);
static void draw_futures(picture *p, const char *name);
static void draw_resources(picture *p, const char *name);
static void draw_values(picture *p, uint32_t res);
static void draw_row(picture *p, model_track_kind kind, uint32_t row,
                     const char *name);
static void print_row(picture *p, const char *name, const char *line);
static const look *look_of(model_track_kind kind, uint8_t state);
static void note_use(picture *p, const look *its);
static uint32_t column_of(const ant_model *model, uint32_t event);
static void draw_mark(picture *p, uint32_t event);
static void draw_legend(picture *p);

void lesson_picture(const ant_model *model, const char *rows, uint32_t event,
                    lesson_script *script)
{
    picture p = { .model = model, .script = script };
    if (rows == NULL) rows = "lanes tasks";
    for (const char *at = rows; *(at += strspn(at, " ")) != 0;) {
        size_t len = strcspn(at, " ");
        draw_word(&p, at, len);
        at += len;
    }
    if (event != MODEL_NONE) draw_mark(&p, event);
    draw_legend(&p);
}

void lesson_moment(const ant_model *model, uint32_t event, char *buf,
                   size_t size)
{
    char number[32];
    const query_value ms = {
        .type = QUERY_NUMBER,
        .number = (double)model_t_ns(model, event) / (double)ANT_NS_PER_MS,
    };
    query_value_say(&ms, number, sizeof number);
    (void)snprintf(buf, size, "%s ms", number);
}

static void draw_word(picture *p, const char *word, size_t len)
{
    char name[64];
    if (len >= sizeof name) return;
    memcpy(name, word, len);
    name[len] = 0;
    if (strcmp(name, "lanes") == 0) {
        draw_lanes(p);
    } else if (strcmp(name, "tasks") == 0) {
        draw_tasks(p, "*");
    } else {
        draw_tasks(p, name);
        draw_futures(p, name);
        draw_resources(p, name);
    }
}

// Those that ever poll or block.
static void draw_lanes(picture *p)
{
    for (uint32_t i = 1; i < p->model->lane_count; i++) {
        const model_lane *lane = &p->model->lanes[i];
        if (lane->kind == ANT_LANE_THREAD) continue;
        draw_row(p, MODEL_TRACK_LANE, i, lane->name);
    }
}

static void draw_tasks(picture *p, const char *name)
{
    for (uint32_t i = 1; i < p->model->task_count; i++) {
        const model_task *task = &p->model->tasks[i];
        bool is_wanted = fnmatch(name, task->name, 0) == 0;
        if (is_wanted) draw_row(p, MODEL_TRACK_TASK, i, task->name);
    }
}

static void draw_futures(picture *p, const char *name)
{
    for (uint32_t i = 1; i < p->model->future_count; i++) {
        const model_future *future = &p->model->futures[i];
        bool is_wanted =
            future->depth > 0 && fnmatch(name, future->name, 0) == 0;
        if (is_wanted) draw_row(p, MODEL_TRACK_FUTURE, i, future->name);
    }
}

static void draw_resources(picture *p, const char *name)
{
    for (uint32_t i = 1; i < p->model->res_count; i++) {
        const model_res *res = &p->model->res[i];
        if (fnmatch(name, res->name, 0) != 0) continue;
        if (model_res_is_channel(res->kind)) {
            draw_values(p, i);
        } else {
            draw_row(p, MODEL_TRACK_RES, i, res->name);
        }
    }
}

// How many values are in channel `res` after `event`; false when the event says
// nothing about that.
static bool read_values(const ant_model *model, uint32_t event, uint32_t res,
                        uint64_t *ret_len)
{
    ant_event its;
    uint8_t kind = model->kind[event];
    bool is_move = kind == ANT_EV_chan_send || kind == ANT_EV_chan_recv;
    bool is_about = is_move || kind == ANT_EV_res_drop;
    if (!is_about || model_event_res(model, event) != res) return false;
    model_event(model, event, &its);
    if (kind == ANT_EV_chan_send)
        *ret_len = ANT_EVENT_AS(chan_send, &its)->len;
    else
        *ret_len = is_move ? ANT_EVENT_AS(chan_recv, &its)->len : 0;
    return true;
}

// A channel's row says how many values were in it, at most, in each column.
static void draw_values(picture *p, uint32_t res)
{
    const ant_model *model = p->model;
    if (p->row_count++ >= ROWS_MAX) return;
    uint64_t most[COLUMNS + 1] = { 0 };
    uint64_t len = 0;
    uint32_t column = 0;
    for (uint32_t i = 0; i < model->event_count; i++) {
        uint64_t next = 0;
        if (!read_values(model, i, res, &next)) continue;
        for (uint32_t to = column_of(model, i); column < to;)
            most[++column] = len;
        len = next;
        if (len > most[column]) most[column] = len;
    }
    while (column < COLUMNS)
        most[++column] = len;
    char line[COLUMNS + 1] = { 0 };
    for (uint32_t i = 0; i < COLUMNS; i++) {
        line[i] = most[i] > 9 ? '+' : (char)('0' + most[i]);
        if (most[i] == 0) line[i] = ' ';
    }
    note_use(p, &value_look);
    print_row(p, model->res[res].name, line);
}

static void draw_row(picture *p, model_track_kind kind, uint32_t row,
                     const char *name)
{
    if (p->row_count++ >= ROWS_MAX) return;
    char line[COLUMNS + 1];
    unsigned char rank[COLUMNS] = { 0 };
    memset(line, ' ', COLUMNS);
    line[COLUMNS] = 0;
    model_track track = model_track_of(p->model, kind, row);
    for (uint32_t i = 0; i < track.count; i++) {
        const model_span *span = &track.spans[i];
        const look *its = look_of(kind, span->state);
        uint32_t from = column_of(p->model, span->from);
        uint32_t to = column_of(p->model, span->to);
        if (its == NULL || its->rank == 0) continue;
        note_use(p, its);
        for (uint32_t c = from; c < COLUMNS && (c < to || c == from); c++) {
            if (rank[c] >= its->rank) continue;
            rank[c] = its->rank;
            line[c] = its->letter;
        }
    }
    print_row(p, name, line);
}

static void print_row(picture *p, const char *name, const char *line)
{
    lesson_script_print(p->script, "    %-*.*s |%s|\n", NAME_MAX, NAME_MAX,
                        name, line);
}

static const look *look_of(model_track_kind kind, uint8_t state)
{
    if (kind == MODEL_TRACK_RES) return &held_look;
    if (kind == MODEL_TRACK_LANE) return &lane_looks[state];
    if (kind == MODEL_TRACK_FUTURE) return &future_looks[state];
    return &task_looks[state];
}

static void note_use(picture *p, const look *its)
{
    for (uint32_t i = 0; i < p->used_count; i++) {
        if (p->used[i]->letter == its->letter) return;
    }
    if (p->used_count < ANT_ARRAY_LEN(p->used)) p->used[p->used_count++] = its;
}

// Where everything happens at one moment, steps go from left to right.
static uint32_t column_of(const ant_model *model, uint32_t event)
{
    bool is_timeless = model->t_end_ns == 0;
    model_axis axis = is_timeless ? MODEL_AXIS_STEP : MODEL_AXIS_TIME;
    double x =
        model_x(model, axis, event) / model_axis_end(model, axis) * COLUMNS;
    return x < COLUMNS ? (uint32_t)x : COLUMNS;
}

static void draw_mark(picture *p, uint32_t event)
{
    char when[32];
    lesson_moment(p->model, event, when, sizeof when);
    uint32_t column = column_of(p->model, event);
    if (column >= COLUMNS) column = COLUMNS - 1;
    bool is_right = column > COLUMNS / 2;
    int indent = 4 + NAME_MAX + 2 + (int)column;
    if (is_right) {
        lesson_script_print(p->script, "%*s ^\n", indent - 1, when);
    } else {
        lesson_script_print(p->script, "%*s^ %s\n", indent, "", when);
    }
}

static void draw_legend(picture *p)
{
    lesson_script_print(p->script, "    %*s  ", NAME_MAX, "");
    for (uint32_t i = 0; i < p->used_count; i++) {
        lesson_script_print(p->script, "%s%c %s", i > 0 ? ", " : "",
                            p->used[i]->letter, p->used[i]->meaning);
    }
    lesson_script_print(p->script, "\n");
    if (p->row_count > ROWS_MAX) {
        lesson_script_print(p->script, "    and %u row%s more\n",
                            p->row_count - ROWS_MAX,
                            p->row_count - ROWS_MAX == 1 ? "" : "s");
    }
}
