// SPDX-License-Identifier: MIT
//
// Polls that keep a worker. Time in a call that stops the thread is told as
// such and not again as a long poll.

#include "lint/pass.h"
#include "model/late.h"

static void tell_blocks(lint_pass *pass);
static void tell_poll(lint_pass *pass, uint32_t begin);

void lint__polls(lint_pass *pass)
{
    tell_blocks(pass);
    for (uint32_t i = 0;
         i < pass->model->event_count && !lint__is_stopped(pass, i); i++) {
        if (pass->model->kind[i] == ANT_EV_poll_begin) tell_poll(pass, i);
    }
}

// How much of a call that blocks was not its own doing: the thread, or who kept
// the lock, was ready to run and had no processor.
static uint64_t late_in_block(const ant_model *model, const model_wait *wait)
{
    const uint32_t from = wait->begin_event;
    const uint32_t to = wait->end_event;
    if (wait->why != ANT_BLOCK_MUTEX)
        return model_late_ns(model, model->lane[from], from, to);
    return model_late_of_kind(model, ANT_LANE_WORKER, from, to) +
           model_late_of_kind(model, ANT_LANE_BLOCKING, from, to);
}

static void tell_blocks(lint_pass *pass)
{
    const ant_model *model = pass->model;
    for (uint32_t row = 1; row < model->wait_count; row++) {
        const model_wait *wait = &model->waits[row];
        if (wait->kind != MODEL_WAIT_BLOCK || wait->task == 0) continue;
        if (!lint__is_on_worker(model, wait->begin_event)) continue;
        // A lock that is never had is a deadlock.
        bool is_dead = wait->res != 0 && wait->end_event == MODEL_NONE;
        if (is_dead) continue;
        uint64_t ns = lint__between(model, wait->begin_event, wait->end_event);
        uint64_t late_ns = late_in_block(model, wait);
        ns = lint__less(ns, late_ns);
        char label[128];
        model_wait_label(model, row, label, sizeof label);
        const lint_finding found = {
            .event = wait->begin_event,
            .task = wait->task,
            .lane = model->lane[wait->begin_event],
            .amount = lint__ms(ns),
        };
        lint__tell(pass, LINT_BLOCKED_WORKER, &found,
                   "%s %s for %s%s, and %s can poll nobody else%s",
                   lint__task(pass, wait->task), label, lint__duration(ns),
                   lint__site(pass, wait->task, wait->begin_event),
                   model->lanes[found.lane].name, lint__and_late(late_ns));
    }
}

static bool is_async(const model_task *task)
{
    return task->kind == ANT_TASK_ASYNC || task->kind == ANT_TASK_LOCAL ||
           task->kind == ANT_TASK_ROOT;
}

static void tell_poll(lint_pass *pass, uint32_t begin)
{
    const ant_model *model = pass->model;
    uint32_t task = model_subject(model, begin);
    uint32_t end = model_link_of(model, begin);
    uint64_t ns = lint__between(model, begin, end);
    bool is_long = lint__is_over(pass, LINT_LONG_POLL, lint__ms(ns)) ||
                   lint__is_over(pass, LINT_NEVER_YIELDED, lint__ms(ns));
    if (!is_long || task == 0 || !is_async(&model->tasks[task])) return;
    if (!lint__is_on_worker(model, begin)) return;
    uint64_t late_ns = model_late_ns(model, model->lane[begin], begin, end);
    ns = lint__less(ns, lint__blocked_ns(model, task, begin, end));
    ns = lint__less(ns, late_ns);

    bool is_whole = model->tasks[task].poll_count == 1 && end != MODEL_NONE &&
                    model->tasks[task].outcome == ANT_RESULT_READY;
    const lint_finding found = { .event = begin,
                                 .task = task,
                                 .lane = model->lane[begin],
                                 .amount = lint__ms(ns) };
    if (is_whole) {
        lint__tell(
            pass, LINT_NEVER_YIELDED, &found,
            "%s ran for %s in its only poll, and %s polled nobody else%s",
            lint__task(pass, task), lint__duration(ns),
            model->lanes[found.lane].name, lint__and_late(late_ns));
    } else {
        lint__tell(pass, LINT_LONG_POLL, &found,
                   "one poll of %s took %s%s, and %s polled nobody else%s",
                   lint__task(pass, task), lint__duration(ns),
                   lint__site(pass, task,
                              end == MODEL_NONE ? model->event_count - 1 : end),
                   model->lanes[found.lane].name, lint__and_late(late_ns));
    }
}
