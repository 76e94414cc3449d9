// SPDX-License-Identifier: MIT
//
// Waits without an end: locks that can never be had again, channels that only
// those who wait could fill or empty. And locks of threads that are held while
// their task waits.

#include <inttypes.h>

#include "lint/pass.h"
#include "model/why.h"

static bool tell_knots(lint_pass *pass, ant_snapshot *world);
static void tell_stall(lint_pass *pass, ant_snapshot *world);
static void tell_across(lint_pass *pass);

void lint__locks(lint_pass *pass)
{
    ant_snapshot world;
    pass->err = model_snapshot_init(&world, pass->model);
    if (pass->err != 0) return;
    bool has_knots = tell_knots(pass, &world);
    if (pass->err == 0 && !has_knots) tell_stall(pass, &world);
    model_snapshot_deinit(&world);
    if (pass->err == 0) tell_across(pass);
}

// A channel in the knot is told as such: to take locks in order does not help.
static bool has_channel(const ant_model *model, const model_waitfor *graph)
{
    for (uint32_t i = 1; i < graph->node_count; i++) {
        const waitfor_node *node = &graph->nodes[i];
        if (node->is_core && node->kind == WAITFOR_RES &&
            model_res_is_channel(model->res[node->row].kind))
            return true;
    }
    return false;
}

// Says why `task` can never go on, as of the world's moment. An amount of 0 is
// the number of tasks that hold each other up.
static int tell_why(lint_pass *pass, lint_id lint, const ant_snapshot *world,
                    uint32_t task, double amount)
{
    model_waitfor graph;
    model_reason reason;
    int err = model_waitfor_init(&graph, world);
    if (err != 0) return err;
    model_why(world, &graph, task, &reason);
    if (has_channel(pass->model, &graph)) lint = LINT_CHANNEL_CYCLE;
    const lint_finding found = {
        .event = world->event,
        .task = task,
        .amount = amount > 0 ? amount : graph.core_count,
    };
    model_waitfor_deinit(&graph);
    lint__tell(pass, lint, &found, "%s %s", lint__task(pass, task),
               reason.text);
    return 0;
}

// Whether there are any.
static bool tell_knots(lint_pass *pass, ant_snapshot *world)
{
    waitfor_knot knot;
    bool has_knots = false;
    int found = 0;
    while (pass->err == 0 && (found = model_waitfor_find(world, &knot)) > 0) {
        has_knots = true;
        pass->err = tell_why(pass, LINT_DEADLOCK, world, knot.task, 0);
    }
    if (found < 0) pass->err = found;
    return has_knots;
}

// The runtime has found that nobody can wake anybody, and no lock is the
// reason: all wait for values that nobody will send.
static void tell_stall(lint_pass *pass, ant_snapshot *world)
{
    const ant_model *model = pass->model;
    if (model->stall_event == MODEL_NONE) return;
    model_snapshot_at(world, model->stall_event);
    uint32_t first = 0;
    double stuck = 0;
    for (uint32_t task = 1; task < model->task_count; task++) {
        uint8_t state = world->tasks[task].state;
        bool is_alive = state != MODEL_TASK_NONE && state < MODEL_TASK_DONE;
        if (!is_alive) continue;
        if (first == 0) first = task;
        stuck++;
    }
    if (first != 0)
        pass->err = tell_why(pass, LINT_NOBODY_LEFT, world, first, stuck);
}

// The first await of `hold`'s task while it has the lock, or MODEL_NONE.
static uint32_t await_during(const ant_model *model, const model_hold *hold)
{
    const uint32_t *events = model->events_of_task;
    model_range range = model->tasks[hold->task].events;
    uint32_t i = model_next_in(events, range, hold->begin_event);
    for (; i != MODEL_NONE && i < hold->end_event;
         i = model_next_in(events, range, i)) {
        if (model->kind[i] != ANT_EV_poll_end) continue;
        if (model_subject(model, i) != hold->task) continue;
        ant_event event;
        model_event(model, i, &event);
        bool is_await =
            ANT_EVENT_AS(poll_end, &event)->result == ANT_RESULT_PENDING;
        return is_await ? i : MODEL_NONE;
    }
    return MODEL_NONE;
}

static void tell_across(lint_pass *pass)
{
    const ant_model *model = pass->model;
    for (uint32_t row = 1; row < model->hold_count; row++) {
        const model_hold *hold = &model->holds[row];
        if (hold->task == 0) continue;
        if (model->res[hold->res].kind != ANT_RES_THREAD_MUTEX) continue;
        uint32_t await = await_during(model, hold);
        if (await == MODEL_NONE) continue;
        char res[96];
        model_res_label(model, hold->res, res, sizeof res);
        const lint_finding found = {
            .event = await, .task = hold->task, .res = hold->res, .amount = 1
        };
        lint__tell(pass, LINT_LOCK_ACROSS_AWAIT, &found,
                   "%s waits%s while it holds %s, taken in line %" PRIu32,
                   lint__task(pass, hold->task),
                   lint__site(pass, hold->task, await), res, hold->line);
    }
}
