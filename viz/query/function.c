// SPDX-License-Identifier: MIT

#include "query/function.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/os.h"
#include "lint/lint.h"

static int ask_count(query_call *call, query_value *ret_value);
static int ask_exists(query_call *call, query_value *ret_value);
static int ask_never(query_call *call, query_value *ret_value);
static int ask_t(query_call *call, query_value *ret_value);
static int ask_value(query_call *call, query_value *ret_value);
static int ask_order(query_call *call, query_value *ret_value);
static int ask_max(query_call *call, query_value *ret_value);
static int ask_min(query_call *call, query_value *ret_value);
static int ask_sum(query_call *call, query_value *ret_value);
static int ask_overlap(query_call *call, query_value *ret_value);
static int ask_before(query_call *call, query_value *ret_value);
static int ask_alive(query_call *call, query_value *ret_value);
static int ask_lints(query_call *call, query_value *ret_value);
static int ask_end(query_call *call, query_value *ret_value);
static int ask_stalled(query_call *call, query_value *ret_value);
static int ask_tasks(query_call *call, query_value *ret_value);
static int ask_workers(query_call *call, query_value *ret_value);
static int ask_threads(query_call *call, query_value *ret_value);

static int none_matched(query_call *call);
static int read_all(query_call *call, query_value **ret_value,
                    uint32_t *ret_count);
static int fold(query_call *call, query_value *ret_value, char how);
static int more_edges(query_call *call, int64_t *edges);
static int compare_edges(const void *a, const void *b);
static int add_found(query_call *call, uint32_t event);
static query_value is(bool is_true);
static query_value number(double value);

static const query_function functions[] = {
    { "count", TAKES_PATTERN, "count(P): how many events match", ask_count },
    { "exists", TAKES_PATTERN, "exists(P): does one match?", ask_exists },
    { "never", TAKES_PATTERN, "never(P): does none match?", ask_never },
    { "t", TAKES_PATTERN, "t(P): when the first match was, in ms", ask_t },
    { "value", TAKES_FIELD, "value(F of P): what the first match says",
      ask_value },
    { "order", TAKES_FIELD, "order(F of P): what all say, as a list",
      ask_order },
    { "max", TAKES_FIELD, "max(F of P): the largest; 0 for no match", ask_max },
    { "min", TAKES_FIELD, "min(F of P): the smallest", ask_min },
    { "sum", TAKES_FIELD, "sum(F of P): all together; 0 for no match",
      ask_sum },
    { "overlap", TAKES_PATTERN,
      "overlap(P): how many of what the matches begin go on at one time",
      ask_overlap },
    { "before", TAKES_TWO,
      "before(P, P): is the first match of one before that of the other?",
      ask_before },
    { "alive", TAKES_NAME, "alive(NAME): tasks not over at the end",
      ask_alive },
    { "lints", TAKES_NAME, "lints(NAME): findings of this lint, or of all",
      ask_lints },
    { "end", TAKES_NOTHING, "end(): when the last event was, in ms", ask_end },
    { "stalled", TAKES_NOTHING, "stalled(): could nothing wake any more?",
      ask_stalled },
    { "tasks", TAKES_NOTHING, "tasks(): how many tasks there were", ask_tasks },
    { "workers", TAKES_NOTHING, "workers(): how many workers there were",
      ask_workers },
    { "threads", TAKES_NOTHING,
      "threads(): workers and threads of the blocking pool", ask_threads },
};

const query_function *query__function(const char *name, uint32_t len)
{
    for (unsigned i = 0; i < ANT_ARRAY_LEN(functions); i++) {
        const char *its = functions[i].name;
        if (strlen(its) == len && memcmp(its, name, len) == 0) {
            return &functions[i];
        }
    }
    return NULL;
}

const char *query_function_help(unsigned i)
{
    return i < ANT_ARRAY_LEN(functions) ? functions[i].help : NULL;
}

static int ask_count(query_call *call, query_value *ret_value)
{
    *ret_value = number((double)call->found.event.len);
    return 0;
}

static int ask_exists(query_call *call, query_value *ret_value)
{
    *ret_value = is(call->found.event.len > 0);
    return 0;
}

static int ask_never(query_call *call, query_value *ret_value)
{
    *ret_value = is(call->found.event.len == 0);
    return 0;
}

static int ask_t(query_call *call, query_value *ret_value)
{
    if (call->found.event.len == 0) return none_matched(call);
    uint64_t t_ns = model_t_ns(call->model, *query__match(&call->found));
    call->found.event.len = 1;
    *ret_value = number((double)t_ns / (double)ANT_NS_PER_MS);
    return 0;
}

static int ask_value(query_call *call, query_value *ret_value)
{
    uint32_t count;
    query_value *all;
    int err = read_all(call, &all, &count);
    if (err < 0) return err;
    if (count == 0) return none_matched(call);
    call->found.event.len = 1;
    *ret_value = all[0];
    return 0;
}

static int ask_order(query_call *call, query_value *ret_value)
{
    uint32_t count;
    query_value *all;
    int err = read_all(call, &all, &count);
    if (err < 0) return err;
    *ret_value =
        (query_value){ .type = QUERY_LIST, .item = all, .count = count };
    return 0;
}

static int ask_max(query_call *call, query_value *ret_value)
{
    return fold(call, ret_value, '>');
}

static int ask_min(query_call *call, query_value *ret_value)
{
    return fold(call, ret_value, '<');
}

static int ask_sum(query_call *call, query_value *ret_value)
{
    return fold(call, ret_value, '+');
}

// Beginnings and ends in one sorted list: an event number twice, and one more
// for a beginning, so that at the same event ends come first.
static int ask_overlap(query_call *call, query_value *ret_value)
{
    size_t count = call->found.event.len;
    int64_t *edges = ant_mem_alloc((2 * count + 1) * sizeof *edges);
    if (edges == NULL) return -ENOMEM;
    int most = more_edges(call, edges);
    ant_mem_free(edges);
    *ret_value = number(most);
    return 0;
}

static int ask_before(query_call *call, query_value *ret_value)
{
    query_matches other = { 0 };
    int err = query__match_all(call->model, call->node->pattern[1], &other);
    bool are_both = call->found.event.len > 0 && other.event.len > 0;
    uint32_t second = are_both ? *query__match(&other) : 0;
    query__matches_free(&other);
    if (err < 0) return err;
    *ret_value = is(are_both && *query__match(&call->found) < second);
    if (call->found.event.len > 1) call->found.event.len = 1;
    return are_both ? add_found(call, second) : 0;
}

static int ask_alive(query_call *call, query_value *ret_value)
{
    const ant_model *model = call->model;
    const char *wanted = call->node->name;
    double count = 0;
    for (uint32_t i = 1; i < model->task_count; i++) {
        const model_task *task = &model->tasks[i];
        bool is_wanted = wanted == NULL || strcmp(task->name, wanted) == 0;
        if (!is_wanted || task->end_event != MODEL_NONE) continue;
        count++;
        if (task->spawn_event == MODEL_NONE) continue;
        int err = add_found(call, task->spawn_event);
        if (err < 0) return err;
    }
    *ret_value = number(count);
    return 0;
}

// With the limits of the table: what a lesson asks must not depend on a file.
static int ask_lints(query_call *call, query_value *ret_value)
{
    const char *name = call->node->name;
    lint_id wanted = name == NULL ? LINT_COUNT : lint_find(name);
    if (name != NULL && wanted == LINT_COUNT) {
        snprintf(call->error->text, sizeof call->error->text,
                 "there is no lint `%s`; see antfarm lint --print-limits",
                 name);
        return -EINVAL;
    }
    lint_report report;
    int err = lint_run(call->model, NULL, &report);
    if (err < 0) return err;
    double count = 0;
    for (uint32_t i = 0; err == 0 && i < report.count; i++) {
        const lint_finding *found = &report.finding[i];
        if (wanted != LINT_COUNT && found->lint != wanted) continue;
        count++;
        err = add_found(call, found->event);
    }
    lint_report_free(&report);
    *ret_value = number(count);
    return err;
}

static int ask_end(query_call *call, query_value *ret_value)
{
    const ant_model *model = call->model;
    *ret_value = number((double)model->t_end_ns / (double)ANT_NS_PER_MS);
    return model->event_count > 0 ? add_found(call, model->event_count - 1) : 0;
}

static int ask_stalled(query_call *call, query_value *ret_value)
{
    uint32_t stall = call->model->stall_event;
    *ret_value = is(stall != MODEL_NONE);
    return stall != MODEL_NONE ? add_found(call, stall) : 0;
}

static int ask_tasks(query_call *call, query_value *ret_value)
{
    *ret_value = number(call->model->task_count - 1);
    return 0;
}

static int ask_workers(query_call *call, query_value *ret_value)
{
    *ret_value = number(call->model->worker_count);
    return 0;
}

static int ask_threads(query_call *call, query_value *ret_value)
{
    const ant_model *model = call->model;
    double count = 0;
    for (uint32_t i = 1; i < model->lane_count; i++) {
        if (model->lanes[i].kind != ANT_LANE_THREAD) count++;
    }
    *ret_value = number(count);
    return 0;
}

static int none_matched(query_call *call)
{
    snprintf(call->error->text, sizeof call->error->text,
             "no event matches, so there is no answer");
    return -EINVAL;
}

// What the matches say under the call's field; those that say nothing are
// left out.
static int read_all(query_call *call, query_value **ret_value,
                    uint32_t *ret_count)
{
    const uint32_t *event = query__match(&call->found);
    size_t found = call->found.event.len;
    query_value *all = ant_arena_alloc(call->arena, (found + 1) * sizeof *all);
    if (all == NULL) return -ENOMEM;
    uint32_t count = 0;
    for (size_t i = 0; i < found; i++) {
        uint32_t before = i > 0 ? event[i - 1] : MODEL_NONE;
        bool is_said = query__read(call->model, call->node->field, event[i],
                                   before, &all[count]);
        if (is_said) count++;
    }
    *ret_value = all;
    *ret_count = count;
    return 0;
}

static int fold(query_call *call, query_value *ret_value, char how)
{
    uint32_t count;
    query_value *all;
    int err = read_all(call, &all, &count);
    if (err < 0) return err;
    if (count == 0 && how == '<') return none_matched(call);
    double result = 0;
    for (uint32_t i = 0; i < count; i++) {
        double its = all[i].number;
        if (all[i].type != QUERY_NUMBER) {
            snprintf(call->error->text, sizeof call->error->text,
                     "these are texts, not numbers");
            return -EINVAL;
        }
        bool is_new = i == 0 || (how == '<' && its < result) ||
                      (how == '>' && its > result);
        if (how == '+')
            result += its;
        else if (is_new)
            result = its;
    }
    *ret_value = number(result);
    return 0;
}

static int more_edges(query_call *call, int64_t *edges)
{
    const uint32_t *event = query__match(&call->found);
    size_t count = call->found.event.len;
    for (size_t i = 0; i < count; i++) {
        edges[2 * i] = (int64_t)event[i] * 2 + 1;
        edges[2 * i + 1] = (int64_t)query__end_of(call->model, event[i]) * 2;
    }
    qsort(edges, 2 * count, sizeof *edges, compare_edges);
    int open = 0;
    int most = 0;
    for (size_t i = 0; i < 2 * count; i++) {
        open += edges[i] % 2 != 0 ? 1 : -1;
        if (open > most) most = open;
    }
    return most;
}

static int compare_edges(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

static int add_found(query_call *call, uint32_t event)
{
    uint32_t *added = model__buf_push(&call->found.event, sizeof *added);
    if (added == NULL) return -ENOMEM;
    *added = event;
    return 0;
}

static query_value is(bool is_true)
{
    return (query_value){ .type = QUERY_BOOL, .is_true = is_true };
}

static query_value number(double value)
{
    return (query_value){ .type = QUERY_NUMBER, .number = value };
}
