// SPDX-License-Identifier: MIT
//
// First both runs become lists of polls, task by task and in order. Then polls
// find their partners, and the longest run of partners that keep their order
// says who has been moved: everybody else.

#include "model/compare.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define NOBODY UINT32_MAX

typedef struct compare_poll {
    uint32_t event;
    uint32_t task;
    uint32_t number;  // of the task, from 0
    uint32_t partner; // in the other run, or NOBODY
    uint32_t row;     // of steps
} compare_poll;

// One run as polls.
typedef struct compare_run {
    const ant_model *model;
    compare_poll *polls;
    uint32_t count;
    uint32_t *first;   // by task: where its polls begin in `of_task`
    uint32_t *of_task; // polls, task by task
    uint32_t *twin;    // by task: its row in the other run, 0 for none
} compare_run;

static int list_polls(compare_run *run, const ant_model *model);
static int pair_tasks(compare_run *a, compare_run *b);
static void pair_polls(compare_run *a, compare_run *b);
static int make_steps(model_compare *compare, compare_run *a, compare_run *b);
static int mark_moved(model_compare *compare, const compare_run *a);
static int make_order(model_compare *compare, unsigned side,
                      const compare_run *run);
static void free_run(compare_run *run);
static void mark_differences(model_compare *compare);

int model_compare_init(model_compare *compare, const ant_model *a,
                       const ant_model *b)
{
    *compare = (model_compare){ .model = { a, b } };
    compare_run run[2] = { { .model = a }, { .model = b } };
    int err = list_polls(&run[0], a);
    if (err == 0) err = list_polls(&run[1], b);
    if (err == 0) err = pair_tasks(&run[0], &run[1]);
    if (err == 0) {
        pair_polls(&run[0], &run[1]);
        err = make_steps(compare, &run[0], &run[1]);
    }
    if (err == 0) err = mark_moved(compare, &run[0]);
    if (err == 0) err = make_order(compare, 0, &run[0]);
    if (err == 0) err = make_order(compare, 1, &run[1]);
    if (err == 0) mark_differences(compare);
    free_run(&run[0]);
    free_run(&run[1]);
    if (err < 0) model_compare_deinit(compare);
    return err;
}

void model_compare_deinit(model_compare *compare)
{
    ant_mem_free(compare->steps);
    ant_mem_free(compare->order[0]);
    ant_mem_free(compare->order[1]);
    *compare = (model_compare){ 0 };
}

uint32_t model_compare_step_at(const model_compare *compare, unsigned side,
                               uint32_t event)
{
    uint32_t low = 0;
    uint32_t high = compare->ordered[side];
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t row = compare->order[side][middle];
        if (compare->steps[row].poll[side] <= event) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? compare->count : compare->order[side][low - 1];
}

uint32_t model_compare_next(const model_compare *compare, uint32_t step)
{
    while (step < compare->count && compare->steps[step].differs == 0)
        step++;
    return step;
}

// --- The polls of one run --------------------------------------------------

static uint32_t *numbers(size_t count)
{
    uint32_t *list = ant_mem_alloc((count + 1) * sizeof(*list));
    if (list != NULL) memset(list, 0, (count + 1) * sizeof(*list));
    return list;
}

static int list_polls(compare_run *run, const ant_model *model)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < model->event_count; i++)
        count += model->kind[i] == ANT_EV_poll_begin;
    run->polls = ant_mem_alloc((count + 1) * sizeof(*run->polls));
    run->first = numbers(model->task_count + 1);
    run->of_task = numbers(count);
    run->twin = numbers(model->task_count);
    if (run->polls == NULL || run->first == NULL || run->of_task == NULL ||
        run->twin == NULL) {
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < model->event_count; i++) {
        if (model->kind[i] != ANT_EV_poll_begin) continue;
        uint32_t task = model_subject(model, i);
        run->polls[run->count++] =
            (compare_poll){ .event = i, .task = task, .partner = NOBODY };
        run->first[task + 1]++;
    }
    for (uint32_t task = 0; task < model->task_count; task++)
        run->first[task + 1] += run->first[task];
    // Backwards, so that each list ends up in order.
    uint32_t *end = numbers(model->task_count);
    if (end == NULL) return -ENOMEM;
    memcpy(end, run->first + 1, model->task_count * sizeof(*end));
    for (uint32_t i = run->count; i-- > 0;) {
        compare_poll *poll = &run->polls[i];
        run->of_task[--end[poll->task]] = i;
        poll->number = end[poll->task] - run->first[poll->task];
    }
    ant_mem_free(end);
    return 0;
}

static void free_run(compare_run *run)
{
    ant_mem_free(run->polls);
    ant_mem_free(run->first);
    ant_mem_free(run->of_task);
    ant_mem_free(run->twin);
}

// --- Partners --------------------------------------------------------------

static int by_name(const void *a, const void *b, void *arg)
{
    const ant_model *model = arg;
    uint32_t x = *(const uint32_t *)a;
    uint32_t y = *(const uint32_t *)b;
    int order = strcmp(model->tasks[x].name, model->tasks[y].name);
    return order != 0 ? order : (x > y) - (x < y);
}

// The tasks of a run by name, and of one name in the order of their spawns.
static uint32_t *sorted_tasks(const ant_model *model)
{
    uint32_t *list = numbers(model->task_count);
    if (list == NULL) return NULL;
    for (uint32_t i = 1; i < model->task_count; i++)
        list[i - 1] = i;
    // The model is not changed through the pointer.
    void *arg = (void *)(uintptr_t)model;
    qsort_r(list, model->task_count - 1, sizeof(*list), by_name, arg);
    return list;
}

static int pair_tasks(compare_run *a, compare_run *b)
{
    uint32_t *x = sorted_tasks(a->model);
    uint32_t *y = sorted_tasks(b->model);
    bool has_memory = x != NULL && y != NULL;
    uint32_t i = 0;
    uint32_t k = 0;
    while (has_memory && i + 1 < a->model->task_count &&
           k + 1 < b->model->task_count) {
        int order =
            strcmp(a->model->tasks[x[i]].name, b->model->tasks[y[k]].name);
        if (order == 0) {
            a->twin[x[i]] = y[k];
            b->twin[y[k]] = x[i];
        }
        if (order <= 0) i++;
        if (order >= 0) k++;
    }
    ant_mem_free(x);
    ant_mem_free(y);
    return has_memory ? 0 : -ENOMEM;
}

static void pair_polls(compare_run *a, compare_run *b)
{
    for (uint32_t i = 0; i < a->count; i++) {
        compare_poll *poll = &a->polls[i];
        uint32_t twin = a->twin[poll->task];
        if (twin == 0) continue;
        uint32_t first = b->first[twin];
        if (poll->number >= b->first[twin + 1] - first) continue;
        poll->partner = b->of_task[first + poll->number];
        b->polls[poll->partner].partner = i;
    }
}

// --- Steps -----------------------------------------------------------------

static void set_side(compare_step *step, unsigned side,
                     const compare_poll *poll)
{
    step->poll[side] = poll->event;
    step->task[side] = poll->task;
    step->number = poll->number + 1;
}

// Copies the chain of rows, which begins behind row `count`, into order.
static void write_rows(model_compare *compare, const compare_step *rows,
                       const uint32_t *next, uint32_t *place)
{
    uint32_t n = 0;
    for (uint32_t at = next[compare->count]; at != NOBODY; at = next[at]) {
        compare->steps[n] = rows[at];
        place[at] = n++;
    }
}

// A row for each poll of the first run, and for those that only the second one
// has a row behind that of the poll before it there.
static int make_steps(model_compare *compare, compare_run *a, compare_run *b)
{
    uint32_t count = a->count;
    for (uint32_t i = 0; i < b->count; i++)
        count += b->polls[i].partner == NOBODY;
    compare->count = count;
    compare->steps = ant_mem_alloc((count + 1) * sizeof(*compare->steps));
    compare_step *rows = ant_mem_alloc((count + 1) * sizeof(*rows));
    uint32_t *next = numbers(count);
    uint32_t *place = numbers(count);
    bool has_memory =
        compare->steps != NULL && rows != NULL && next != NULL && place != NULL;
    uint32_t n = 0;
    for (; has_memory && n < a->count; n++) {
        rows[n] = (compare_step){ .poll = { 0, MODEL_NONE } };
        set_side(&rows[n], 0, &a->polls[n]);
        next[n] = n + 1 < a->count ? n + 1 : NOBODY;
        a->polls[n].row = n;
    }
    if (has_memory) next[count] = a->count > 0 ? 0 : NOBODY;
    uint32_t last = count;
    for (uint32_t i = 0; has_memory && i < b->count; i++) {
        compare_poll *poll = &b->polls[i];
        if (poll->partner == NOBODY) {
            rows[n] = (compare_step){ .poll = { MODEL_NONE, 0 } };
            next[n] = next[last];
            next[last] = n;
            poll->row = n++;
        } else {
            poll->row = a->polls[poll->partner].row;
        }
        set_side(&rows[poll->row], 1, poll);
        last = poll->row;
    }
    if (has_memory) write_rows(compare, rows, next, place);
    for (uint32_t i = 0; has_memory && i < a->count; i++)
        a->polls[i].row = place[a->polls[i].row];
    for (uint32_t i = 0; has_memory && i < b->count; i++)
        b->polls[i].row = place[b->polls[i].row];
    ant_mem_free(rows);
    ant_mem_free(next);
    ant_mem_free(place);
    return has_memory ? 0 : -ENOMEM;
}

// The longest chain of partners that keep their order, by patience: tail[n] is
// the poll that ends the best chain of n + 1.
static int mark_moved(model_compare *compare, const compare_run *a)
{
    uint32_t *tail = numbers(a->count);
    uint32_t *before = numbers(a->count);
    bool has_memory = tail != NULL && before != NULL;
    uint32_t len = 0;
    for (uint32_t i = 0; has_memory && i < a->count; i++) {
        uint32_t partner = a->polls[i].partner;
        if (partner == NOBODY) continue;
        compare->steps[a->polls[i].row].differs = COMPARE_ORDER;
        uint32_t low = 0;
        uint32_t high = len;
        while (low < high) {
            uint32_t middle = low + (high - low) / 2;
            if (a->polls[tail[middle]].partner < partner) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        before[i] = low > 0 ? tail[low - 1] : NOBODY;
        tail[low] = i;
        if (low == len) len++;
    }
    uint32_t at = len > 0 ? tail[len - 1] : NOBODY;
    for (; has_memory && at != NOBODY; at = before[at])
        compare->steps[a->polls[at].row].differs = 0;
    ant_mem_free(tail);
    ant_mem_free(before);
    return has_memory ? 0 : -ENOMEM;
}

static int make_order(model_compare *compare, unsigned side,
                      const compare_run *run)
{
    compare->order[side] = numbers(run->count);
    if (compare->order[side] == NULL) return -ENOMEM;
    for (uint32_t i = 0; i < run->count; i++)
        compare->order[side][i] = run->polls[i].row;
    compare->ordered[side] = run->count;
    return 0;
}

// --- Differences -----------------------------------------------------------

static uint32_t worker_of(const ant_model *model, uint32_t poll)
{
    const model_lane *lane = &model->lanes[model->lane[poll]];
    return (uint32_t)lane->kind << 24 | lane->index;
}

static uint64_t result_of(const ant_model *model, uint32_t poll)
{
    uint32_t end = model_link_of(model, poll);
    if (end == MODEL_NONE) return ANT_RESULT_COUNT;
    ant_event event;
    model_event(model, end, &event);
    return ANT_EVENT_AS(poll_end, &event)->result;
}

// What the task does just after the poll.
static uint8_t state_after(const ant_model *model, uint32_t poll, uint32_t task)
{
    uint32_t end = model_link_of(model, poll);
    if (end == MODEL_NONE) return MODEL_TASK_POLLING;
    model_track track = model_track_of(model, MODEL_TRACK_TASK, task);
    const model_span *span = model_span_at(&track, end);
    return span == NULL ? MODEL_TASK_NONE : span->state;
}

static void mark_differences(model_compare *compare)
{
    const ant_model *a = compare->model[0];
    const ant_model *b = compare->model[1];
    for (uint32_t i = 0; i < compare->count; i++) {
        compare_step *step = &compare->steps[i];
        uint32_t x = step->poll[0];
        uint32_t y = step->poll[1];
        if (x == MODEL_NONE || y == MODEL_NONE) {
            step->differs = COMPARE_MISSING;
        } else {
            unsigned differs = step->differs;
            if (worker_of(a, x) != worker_of(b, y)) differs |= COMPARE_WORKER;
            if (result_of(a, x) != result_of(b, y)) {
                differs |= COMPARE_RESULT;
            } else if (state_after(a, x, step->task[0]) !=
                       state_after(b, y, step->task[1])) {
                differs |= COMPARE_STATE;
            }
            step->differs = (uint8_t)differs;
        }
        compare->differing += step->differs != 0;
    }
}
