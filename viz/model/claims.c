// SPDX-License-Identifier: MIT
//
// The pass that makes the tables of waits and holds: each event that ends one
// is matched with the one that began it, through chains of what is open.

#include "model/build.h"

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"

typedef struct model_claims {
    uint32_t *wait_of_task;  // by task: its newest open wait on a resource
    uint32_t *wait_of_timer; // by row of timer ids: its last arming
    uint32_t *block_of_lane; // by lane: the call its thread waits in
    uint32_t *join_of_task;  // by task: the wait for its end
    uint32_t *park_of_lane;  // by lane: its last park, plus 1
    uint32_t *hold_of_res;   // by resource: its newest open hold
    uint32_t *wait_next;     // by wait: the next older one of the chain
    uint32_t *hold_next;     // by hold
} model_claims;

typedef void (*claim_fn)(model_build *build, model_claims *claims, uint32_t i,
                         const ant_event *event);

static int alloc_claims(model_build *build, model_claims *claims);
static void free_claims(model_claims *claims);
static void finish_waits(model_build *build);
static int rank_timers(model_build *build);

static claim_fn const on_event[ANT_EV_COUNT];

int model__claims(model_build *build)
{
    model_claims claims = { 0 };
    int err = alloc_claims(build, &claims);

    for (uint32_t i = 0; err == 0 && i < build->model.event_count; i++) {
        claim_fn fn = on_event[build->kind[i]];
        if (fn == NULL) continue;
        ant_event event;
        model_event(&build->model, i, &event);
        fn(build, &claims, i, &event);
    }
    free_claims(&claims);
    if (err != 0) return err;
    finish_waits(build);
    return rank_timers(build);
}

static int alloc_claims(model_build *build, model_claims *claims)
{
    ant_model *model = &build->model;
    const uint32_t *count = build->kind_count;
    size_t wait_max = 1 + (size_t)count[ANT_EV_wait_begin] +
                      count[ANT_EV_timer_arm] + count[ANT_EV_block_begin] +
                      count[ANT_EV_join_wait];
    size_t hold_max = 1 + (size_t)count[ANT_EV_acquire];
    size_t timer_max = model__ids_count(&build->timer_ids);
    size_t word = sizeof(uint32_t);

    build->waits = model__alloc(build, wait_max, sizeof *build->waits);
    build->holds = model__alloc(build, hold_max, sizeof *build->holds);
    claims->wait_of_task = ant_mem_alloc(model->task_count * word);
    claims->wait_of_timer = ant_mem_alloc(timer_max * word);
    claims->join_of_task = ant_mem_alloc(model->task_count * word);
    claims->block_of_lane = ant_mem_alloc(model->lane_count * word);
    claims->park_of_lane = ant_mem_alloc(model->lane_count * word);
    claims->hold_of_res = ant_mem_alloc(model->res_count * word);
    claims->wait_next = ant_mem_alloc(wait_max * word);
    claims->hold_next = ant_mem_alloc(hold_max * word);
    if (build->waits == NULL || build->holds == NULL ||
        claims->wait_of_task == NULL || claims->wait_of_timer == NULL ||
        claims->join_of_task == NULL || claims->block_of_lane == NULL ||
        claims->park_of_lane == NULL || claims->hold_of_res == NULL ||
        claims->wait_next == NULL || claims->hold_next == NULL)
        return -ENOMEM;

    build->waits[0] = (model_wait){ .begin_event = MODEL_NONE,
                                    .end_event = MODEL_NONE,
                                    .file = "" };
    build->holds[0] =
        (model_hold){ .begin_event = MODEL_NONE, .end_event = MODEL_NONE };
    model->waits = build->waits;
    model->holds = build->holds;
    model->wait_count = 1;
    model->hold_count = 1;
    return 0;
}

static void free_claims(model_claims *claims)
{
    ant_mem_free(claims->wait_of_task);
    ant_mem_free(claims->wait_of_timer);
    ant_mem_free(claims->join_of_task);
    ant_mem_free(claims->block_of_lane);
    ant_mem_free(claims->park_of_lane);
    ant_mem_free(claims->hold_of_res);
    ant_mem_free(claims->wait_next);
    ant_mem_free(claims->hold_next);
}

// The state that a wait for a resource of this kind gives a task.
static uint8_t state_of_res(uint8_t kind)
{
    switch (kind) {
    case ANT_RES_MUTEX:
    case ANT_RES_THREAD_MUTEX:
    case ANT_RES_SEMAPHORE:
    case ANT_RES_RWLOCK:
    case ANT_RES_ONCE:
        return MODEL_TASK_WAIT_LOCK;
    case ANT_RES_ONESHOT:
    case ANT_RES_MPSC:
    case ANT_RES_BROADCAST:
    case ANT_RES_WATCH:
        return MODEL_TASK_WAIT_CHANNEL;
    case ANT_RES_NOTIFY:
    case ANT_RES_BARRIER:
    case ANT_RES_TASK:
    case ANT_RES_JOIN_SET:
    case ANT_RES_TOKEN:
    case ANT_RES_TRACKER:
        return MODEL_TASK_WAIT_TASK;
    case ANT_RES_SOCKET:
    case ANT_RES_LISTENER:
    case ANT_RES_PIPE:
    case ANT_RES_SIGNAL:
    case ANT_RES_PROCESS:
        return MODEL_TASK_WAIT_IO;
    case ANT_RES_TIMER:
        return MODEL_TASK_WAIT_TIMER;
    default:
        return MODEL_TASK_WAIT_OTHER;
    }
}

// What needs the whole table of resources.
static void finish_waits(model_build *build)
{
    const ant_model *model = &build->model;
    for (uint32_t row = 1; row < model->wait_count; row++) {
        model_wait *wait = &build->waits[row];
        model_res *res = &build->res[wait->res];
        if (wait->kind != MODEL_WAIT_RES) continue;
        wait->state = state_of_res(res->kind);
        uint64_t end_ns = wait->end_event == MODEL_NONE
                              ? model->t_end_ns
                              : model_t_ns(model, wait->end_event);
        res->wait_ns += end_ns - model_t_ns(model, wait->begin_event);
    }
}

// Timers by deadline; of equal ones the one that was set first comes first.
static int compare_timers(const void *a, const void *b)
{
    const model_wait *x = *(const model_wait *const *)a;
    const model_wait *y = *(const model_wait *const *)b;
    if (x->deadline_ns != y->deadline_ns)
        return x->deadline_ns < y->deadline_ns ? -1 : 1;
    return (x > y) - (x < y);
}

static int rank_timers(model_build *build)
{
    ant_model *model = &build->model;
    uint32_t count = build->kind_count[ANT_EV_timer_arm];
    model_wait **sorted = ant_mem_alloc((count + 1) * sizeof *sorted);
    uint32_t *rows = model__alloc(build, count, sizeof *rows);
    uint32_t n = 0;
    if (sorted == NULL || rows == NULL) {
        ant_mem_free(sorted);
        return -ENOMEM;
    }

    for (uint32_t row = 1; row < model->wait_count; row++) {
        if (build->waits[row].kind == MODEL_WAIT_TIMER)
            sorted[n++] = &build->waits[row];
    }
    qsort(sorted, n, sizeof *sorted, compare_timers);
    for (uint32_t rank = 0; rank < n; rank++) {
        sorted[rank]->rank = rank;
        rows[rank] = (uint32_t)(sorted[rank] - build->waits);
    }
    ant_mem_free(sorted);
    model->timers_by_deadline = rows;
    model->timer_count = n;
    return 0;
}

static void on_park(model_build *build, model_claims *claims, uint32_t i,
                    const ant_event *event)
{
    (void)event;
    claims->park_of_lane[build->lane[i]] = i + 1;
}

static void on_unpark(model_build *build, model_claims *claims, uint32_t i,
                      const ant_event *event)
{
    uint32_t park = claims->park_of_lane[build->lane[i]];
    (void)event;
    if (park == 0) return;
    build->link[park - 1] = i;
    build->link[i] = park - 1;
    claims->park_of_lane[build->lane[i]] = 0;
}

static uint32_t new_wait(model_build *build, uint32_t i, model_wait wait)
{
    uint32_t row = build->model.wait_count++;
    wait.begin_event = i;
    wait.end_event = MODEL_NONE;
    if (wait.file == NULL) wait.file = "";
    build->waits[row] = wait;
    build->link[i] = row;
    return row;
}

static void end_wait(model_build *build, uint32_t row, uint32_t i, uint8_t why)
{
    model_wait *wait = &build->waits[row];
    if (row == 0 || wait->end_event != MODEL_NONE) return;
    wait->end_event = i;
    wait->why = why;
    build->link[i] = row;
}

static void on_wait_begin(model_build *build, model_claims *claims, uint32_t i,
                          const ant_event *event)
{
    const ant_ev_wait_begin *ev = ANT_EVENT_AS(wait_begin, event);
    uint32_t task = model_task_row(&build->model, ev->task);
    uint32_t res = model_res_row(&build->model, ev->res);
    uint32_t row = new_wait(build, i,
                            (model_wait){ .kind = MODEL_WAIT_RES,
                                          .task = task,
                                          .res = res,
                                          .amount = (uint32_t)ev->amount,
                                          .line = (uint32_t)ev->line });
    if (ev->waiters > build->res[res].waiter_max)
        build->res[res].waiter_max = (uint32_t)ev->waiters;
    claims->wait_next[row] = claims->wait_of_task[task];
    claims->wait_of_task[task] = row;
}

static void on_wait_end(model_build *build, model_claims *claims, uint32_t i,
                        const ant_event *event)
{
    const ant_ev_wait_end *ev = ANT_EVENT_AS(wait_end, event);
    uint32_t res = model_res_row(&build->model, ev->res);
    uint32_t *at =
        &claims->wait_of_task[model_task_row(&build->model, ev->task)];
    uint32_t *found = NULL;

    // A task may stand in one queue twice: what is granted is what came first,
    // what is cancelled is most likely what it began last.
    for (; *at != 0; at = &claims->wait_next[*at]) {
        if (build->waits[*at].res != res) continue;
        found = at;
        if (ev->why != ANT_WAIT_GRANTED) break;
    }
    if (found == NULL) return;
    end_wait(build, *found, i, (uint8_t)ev->why);
    *found = claims->wait_next[*found];
}

static void on_timer_arm(model_build *build, model_claims *claims, uint32_t i,
                         const ant_event *event)
{
    const ant_ev_timer_arm *ev = ANT_EVENT_AS(timer_arm, event);
    uint32_t *last =
        &claims->wait_of_timer[model__ids_row(&build->timer_ids, ev->timer)];
    // A timer that is armed again has been moved.
    bool is_moved = *last != 0 && build->waits[*last].end_event == MODEL_NONE;
    uint32_t moved_from = is_moved ? *last : 0;
    end_wait(build, moved_from, i, ANT_WAIT_CANCELLED);
    *last =
        new_wait(build, i,
                 (model_wait){ .kind = MODEL_WAIT_TIMER,
                               .state = MODEL_TASK_WAIT_TIMER,
                               .task = model_task_row(&build->model, ev->task),
                               .timer = ev->timer,
                               .moved_from = moved_from,
                               .deadline_ns = ev->deadline });
}

static void end_timer(model_build *build, const model_claims *claims,
                      uint32_t i, uint64_t timer, uint8_t why)
{
    end_wait(build,
             claims->wait_of_timer[model__ids_row(&build->timer_ids, timer)], i,
             why);
}

static void on_timer_fire(model_build *build, model_claims *claims, uint32_t i,
                          const ant_event *event)
{
    const ant_ev_timer_fire *ev = ANT_EVENT_AS(timer_fire, event);
    end_timer(build, claims, i, ev->timer, ANT_WAIT_GRANTED);
}

static void on_timer_cancel(model_build *build, model_claims *claims,
                            uint32_t i, const ant_event *event)
{
    const ant_ev_timer_cancel *ev = ANT_EVENT_AS(timer_cancel, event);
    end_timer(build, claims, i, ev->timer, ANT_WAIT_CANCELLED);
}

static void on_block_begin(model_build *build, model_claims *claims, uint32_t i,
                           const ant_event *event)
{
    const ant_ev_block_begin *ev = ANT_EVENT_AS(block_begin, event);
    claims->block_of_lane[build->lane[i]] =
        new_wait(build, i,
                 (model_wait){ .kind = MODEL_WAIT_BLOCK,
                               .state = MODEL_TASK_BLOCKING,
                               .why = (uint8_t)ev->what,
                               .task = model_task_row(&build->model, ev->task),
                               .res = model_res_row(&build->model, ev->res),
                               .line = (uint32_t)ev->line,
                               .file = model__text(build, ev->file) });
}

static void on_block_end(model_build *build, model_claims *claims, uint32_t i,
                         const ant_event *event)
{
    const ant_ev_block_end *ev = ANT_EVENT_AS(block_end, event);
    uint32_t *block = &claims->block_of_lane[build->lane[i]];
    end_wait(build, *block, i, (uint8_t)ev->what);
    *block = 0;
}

// The task may end on another thread before the joiner has said that it waits.
static void on_join_wait(model_build *build, model_claims *claims, uint32_t i,
                         const ant_event *event)
{
    const ant_ev_join_wait *ev = ANT_EVENT_AS(join_wait, event);
    uint32_t on = model_task_row(&build->model, ev->on);
    if (on == 0 || build->tasks[on].end_event < i) return;
    claims->join_of_task[on] =
        new_wait(build, i,
                 (model_wait){ .kind = MODEL_WAIT_JOIN,
                               .state = MODEL_TASK_WAIT_TASK,
                               .task = model_task_row(&build->model, ev->task),
                               .on = on });
}

static void on_task_end(model_build *build, model_claims *claims, uint32_t i,
                        const ant_event *event)
{
    const ant_ev_task_end *ev = ANT_EVENT_AS(task_end, event);
    uint32_t on = model_task_row(&build->model, ev->task);
    end_wait(build, claims->join_of_task[on], i, ANT_WAIT_GRANTED);
}

static void on_task_detach(model_build *build, model_claims *claims, uint32_t i,
                           const ant_event *event)
{
    const ant_ev_task_detach *ev = ANT_EVENT_AS(task_detach, event);
    uint32_t on = model_task_row(&build->model, ev->task);
    end_wait(build, claims->join_of_task[on], i, ANT_WAIT_CANCELLED);
}

static void on_acquire(model_build *build, model_claims *claims, uint32_t i,
                       const ant_event *event)
{
    const ant_ev_acquire *ev = ANT_EVENT_AS(acquire, event);
    uint32_t row = build->model.hold_count++;
    uint32_t res = model_res_row(&build->model, ev->res);

    build->holds[row] =
        (model_hold){ .task = model_task_row(&build->model, ev->task),
                      .res = res,
                      .amount = (uint32_t)ev->amount,
                      .left = (uint32_t)ev->amount,
                      .line = (uint32_t)ev->line,
                      .begin_event = i,
                      .end_event = MODEL_NONE };
    build->link[i] = row;
    claims->hold_next[row] = claims->hold_of_res[res];
    claims->hold_of_res[res] = row;
}

// The place in the resource's list of its task's newest hold; when it has none,
// because a guard moved to another task, of the newest of all.
static uint32_t *hold_to_end(const model_build *build, model_claims *claims,
                             uint32_t res, uint32_t task)
{
    uint32_t *newest = &claims->hold_of_res[res];
    uint32_t *at = newest;
    while (*at != 0 && build->holds[*at].task != task)
        at = &claims->hold_next[*at];
    return *at != 0 ? at : newest;
}

// Gives back one hold, some, or a part of one.
static void on_release(model_build *build, model_claims *claims, uint32_t i,
                       const ant_event *event)
{
    const ant_ev_release *ev = ANT_EVENT_AS(release, event);
    uint32_t task = model_task_row(&build->model, ev->task);
    uint32_t res = model_res_row(&build->model, ev->res);
    uint32_t amount = (uint32_t)ev->amount;
    uint32_t last = 0; // that was ended

    do {
        uint32_t *at = hold_to_end(build, claims, res, task);
        if (*at == 0) return;
        model_hold *hold = &build->holds[*at];
        uint32_t part = hold->left < amount ? hold->left : amount;
        hold->left -= part;
        amount -= part;
        if (hold->left > 0) return;
        hold->end_event = i;
        hold->end_next = last;
        last = *at;
        build->link[i] = last;
        *at = claims->hold_next[last];
    } while (amount > 0);
}

static claim_fn const on_event[ANT_EV_COUNT] = {
    [ANT_EV_park] = on_park,
    [ANT_EV_unpark] = on_unpark,
    [ANT_EV_wait_begin] = on_wait_begin,
    [ANT_EV_wait_end] = on_wait_end,
    [ANT_EV_timer_arm] = on_timer_arm,
    [ANT_EV_timer_fire] = on_timer_fire,
    [ANT_EV_timer_cancel] = on_timer_cancel,
    [ANT_EV_block_begin] = on_block_begin,
    [ANT_EV_block_end] = on_block_end,
    [ANT_EV_join_wait] = on_join_wait,
    [ANT_EV_task_end] = on_task_end,
    [ANT_EV_task_detach] = on_task_detach,
    [ANT_EV_acquire] = on_acquire,
    [ANT_EV_release] = on_release,
};
