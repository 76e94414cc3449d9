// SPDX-License-Identifier: MIT
//
// Wakes that should not be, and one that should: of each task its wakes and its
// polls are counted.

#include <errno.h>

#include "base/mem.h"
#include "lint/pass.h"

// Below so many nobody can speak of a habit.
#define HABIT_MIN 5u

typedef struct wake_count {
    uint32_t all;       // wakes from anywhere but the scheduler itself
    uint32_t own;       // from its own poll
    uint32_t raw;       // through a waker as such, not a lock, a timer, …
    uint32_t twice;     // of them: it was to run already
    uint32_t polls;     // that a wake by others led to
    uint32_t vain;      // of them: nothing had changed
    uint32_t first_own; // events, to look at
    uint32_t first_twice;
    uint32_t first_vain;
} wake_count;

static void count_wake(const ant_model *model, wake_count *counts, uint32_t i);
static void count_poll(const ant_model *model, wake_count *counts, uint32_t i);
static void tell_lost(lint_pass *pass, uint32_t i);
static void tell_counts(lint_pass *pass, uint32_t task,
                        const wake_count *count);

void lint__wakes(lint_pass *pass)
{
    const ant_model *model = pass->model;
    wake_count *counts = ant_mem_alloc(model->task_count * sizeof *counts);
    if (counts == NULL) {
        pass->err = -ENOMEM;
        return;
    }
    for (uint32_t i = 0; i < model->event_count && !lint__is_stopped(pass, i);
         i++) {
        if (model->kind[i] == ANT_EV_wake) count_wake(model, counts, i);
        if (model->kind[i] == ANT_EV_poll_begin) count_poll(model, counts, i);
        if (model->kind[i] == ANT_EV_poll_end) tell_lost(pass, i);
    }
    for (uint32_t task = 1; task < model->task_count; task++)
        tell_counts(pass, task, &counts[task]);
    ant_mem_free(counts);
}

static void note(uint32_t *n, uint32_t *first, uint32_t event)
{
    if ((*n)++ == 0) *first = event;
}

// Yielding is a wake by itself, too, and as it should be; and for a test the
// runtime polls for no reason.
static bool is_by_runtime(uint64_t via)
{
    return via == ANT_VIA_YIELD || via == ANT_VIA_BUDGET ||
           via == ANT_VIA_ABORT || via == ANT_VIA_SHUTDOWN ||
           via == ANT_VIA_SPURIOUS;
}

static void count_wake(const ant_model *model, wake_count *counts, uint32_t i)
{
    uint32_t task = model_subject(model, i);
    wake_count *count = &counts[task];
    ant_event event;
    model_event(model, i, &event);
    const ant_ev_wake *ev = ANT_EVENT_AS(wake, &event);
    if (is_by_runtime(ev->via) || ev->result == ANT_WAKE_LATE) return;
    bool is_raw = ev->via == ANT_VIA_WAKER || ev->via == ANT_VIA_SELF;
    bool is_own = is_raw && model->task[i] == task;
    count->all++;
    if (is_own) note(&count->own, &count->first_own, i);
    if (!is_raw || is_own) return;
    count->raw++;
    if (ev->result == ANT_WAKE_COALESCED)
        note(&count->twice, &count->first_twice, i);
}

// Did anything come of the poll that `begin` begins and `end` ends? A future
// that was polled and is still pending is nothing.
static bool is_vain(const ant_model *model, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin + 1; i < end; i++) {
        if (model->lane[i] != model->lane[begin]) continue;
        ant_event event;
        switch (model->kind[i]) {
        case ANT_EV_future_poll:
        case ANT_EV_random:
        case ANT_EV_lane_late:
            break;
        case ANT_EV_future_result:
            model_event(model, i, &event);
            if (ANT_EVENT_AS(future_result, &event)->result !=
                ANT_RESULT_PENDING)
                return false;
            break;
        default:
            return false;
        }
    }
    return true;
}

static void count_poll(const ant_model *model, wake_count *counts, uint32_t i)
{
    uint32_t task = model_subject(model, i);
    uint32_t end = model_link_of(model, i);
    uint32_t wake = model_wake_of_poll(model, i);
    if (model->info->level < ANT_LEVEL_FULL || end == MODEL_NONE) return;
    if (wake == MODEL_NONE || model->kind[wake] != ANT_EV_wake) return;
    ant_event event;
    model_event(model, wake, &event);
    bool is_own = model->task[wake] == task;
    if (is_own || is_by_runtime(ANT_EVENT_AS(wake, &event)->via)) return;
    model_event(model, end, &event);
    counts[task].polls++;
    bool is_pending =
        ANT_EVENT_AS(poll_end, &event)->result == ANT_RESULT_PENDING;
    if (is_pending && is_vain(model, i, end))
        note(&counts[task].vain, &counts[task].first_vain, wake);
}

// Nobody kept a waker and nobody had used one: the runtime ends such a task at
// once.
static void tell_lost(lint_pass *pass, uint32_t i)
{
    const ant_model *model = pass->model;
    uint32_t task = model_subject(model, i);
    ant_event event;
    model_event(model, i, &event);
    const ant_ev_poll_end *ev = ANT_EVENT_AS(poll_end, &event);
    if (ev->result != ANT_RESULT_PENDING || ev->wakers != 0 || task == 0)
        return;
    uint32_t next =
        model_next_in(model->events_of_task, model->tasks[task].events, i);
    bool is_dropped =
        next != MODEL_NONE && (model->kind[next] == ANT_EV_task_drop ||
                               model->kind[next] == ANT_EV_future_drop);
    if (!is_dropped || model->tasks[task].outcome != ANT_RESULT_PANICKED)
        return;
    const lint_finding found = { .event = i, .task = task, .amount = 1 };
    lint__tell(pass, LINT_LOST_WAKER, &found,
               "%s returned PENDING%s, and no waker was kept: nothing could "
               "ever wake it",
               lint__task(pass, task), lint__site(pass, task, i));
}

static double percent(uint32_t part, uint32_t all)
{
    return part < HABIT_MIN || all == 0 ? 0 : 100.0 * part / all;
}

static void tell_counts(lint_pass *pass, uint32_t task, const wake_count *count)
{
    lint_finding found = { .task = task };
    found.event = count->first_own;
    found.amount = percent(count->own, count->all);
    if (count->own > 0) {
        lint__tell(pass, LINT_SELF_WAKES, &found,
                   "%s was woken %u times, %u of them by itself",
                   lint__task(pass, task), count->all, count->own);
    }
    found.event = count->first_twice;
    found.amount = percent(count->twice, count->raw);
    if (count->twice > 0) {
        lint__tell(pass, LINT_DOUBLE_WAKE, &found,
                   "of %u wakes of %s %u came when it was to run already",
                   count->raw, lint__task(pass, task), count->twice);
    }
    found.event = count->first_vain;
    found.amount = percent(count->vain, count->polls);
    if (count->vain > 0) {
        lint__tell(pass, LINT_SPURIOUS, &found,
                   "%s was woken and polled %u times, %u of them for nothing",
                   lint__task(pass, task), count->polls, count->vain);
    }
}
