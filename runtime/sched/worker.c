// SPDX-License-Identifier: MIT

#include "sched/worker.h"

#include "core/task_block.h"
#include "trace/trace.h"

// Of a long queue, so many tasks are recorded as runnable.
#define RUNNABLE_MAX 32

// A task and the queue it came from.
typedef struct found {
    ant_task *task;
    uint32_t queue; // ANT_QUEUE_…
} found;

static void run_turns(void *arg);
static void take_turn(ant_worker *worker, found next);
static inline found next_of_turn(ant_worker *worker);
static inline void poll_task(ant_worker *worker, found next);
static void poll_watched(ant_worker *worker, found next, uint32_t left);
static void pass_turn(const ant_worker *worker);
static found next_task(ant_worker *worker);
static found next_injected(ant_worker *worker);
static found next_chosen(ant_worker *worker);
static found find_elsewhere(ant_worker *worker);
static void look_at_events(ant_worker *worker);
static void push_back(ant_worker *worker, ant_task *task);
static void push_chain(ant_worker *worker, ant_task *first);
static void call_others(const ant_worker *worker);
static void defer(ant_worker *worker, ant_task *task);
static void flush_deferred(ant_worker *worker);
static void wake_for_nothing(ant_worker *worker, uint32_t id);

void ant__worker_init(ant_worker *worker, ant_sched *sched, uint32_t index)
{
    *worker = (ant_worker){
        .sched = sched,
        .index = index,
        .rng = ant_rng_init(sched->desc.seed + index),
        .until_events = sched->desc.event_interval,
        .until_inject = sched->desc.inject_interval,
        .is_lifo_enabled = true,
    };
    ant_local_queue_init(&worker->queue, sched->desc.worker_count > 1);
    ant__pinned_init(&worker->pinned, worker);
    ant_driver *driver = sched->desc.driver;
    worker->is_plain = driver->ops->turn == NULL && !sched->desc.is_sim &&
                       sched->desc.spurious_interval == 0;
    driver->ops->parker_init(driver, &worker->parker);
    worker->here = (ant_here){
        .runtime = sched->desc.runtime,
        .driver = driver,
        .parker = &worker->parker,
        .rng = &worker->rng,
        .worker = worker,
        .scheduler = &sched->base,
    };
}

void ant__worker_deinit(ant_worker *worker)
{
    ant_driver *driver = worker->sched->desc.driver;
    driver->ops->parker_deinit(driver, &worker->parker);
    ant__pinned_deinit(&worker->pinned);
}

void ant__worker_forget(ant_worker *worker)
{
    ant_local_queue_init(&worker->queue, true);
    ant__pinned_close(&worker->pinned);
    worker->lifo = NULL;
    worker->uncalled = NULL;
    worker->deferred = (ant_deferred){ 0 };
}

void ant__worker_run(ant_worker *worker, const ant_atomic_u8 *done)
{
    worker->done = done;
    ant__worker_begin_busy(worker);
    ant_task_guard(run_turns, worker);
    ant__worker_stop_searching(worker);
    ant__worker_end_busy(worker);
}

// ---- Running ----

static bool is_over(const ant_worker *worker)
{
    if (ant__sched_is_closing(worker->sched)) return true;
    // acquire: pairs with the release of whoever says that it is done.
    return worker->done != NULL &&
           ant_atomic_load(worker->done, ANT_ACQUIRE) != 0;
}

// True every `interval` turns.
static bool is_due(uint32_t *until, uint32_t interval)
{
    if (ANT_LIKELY(--*until > 0)) return false;
    *until = interval;
    return true;
}

// It has found what to poll. That ends its search; and a task for which nobody
// was called is what it found, or somebody is called now.
static inline void settle(ant_worker *worker, const ant_task *next)
{
    if (ANT_UNLIKELY(worker->is_searching)) ant__worker_stop_searching(worker);
    if (ANT_LIKELY(worker->uncalled == NULL)) return;
    if (worker->uncalled != next) call_others(worker);
    worker->uncalled = NULL;
}

// The worker's loop. A task that panics makes it begin again.
static void run_turns(void *arg)
{
    ant_worker *worker = arg;
    if (worker->turn_polls > 0) take_turn(worker, next_of_turn(worker));
    while (!is_over(worker)) {
        worker->tick++;
        if (is_due(&worker->until_events, worker->sched->desc.event_interval))
            look_at_events(worker);

        found next = next_task(worker);
        if (next.task == NULL) next = find_elsewhere(worker);
        if (next.task != NULL) {
            settle(worker, next.task);
            worker->here.budget = ANT_BUDGET;
            take_turn(worker, next);
        } else if (ant_deferred_len(&worker->deferred) > 0) {
            look_at_events(worker);
        } else {
            ant__worker_park(worker);
        }
    }
}

static void record_ring(const ant_worker *worker)
{
    if (!ant_trace_is_on(ANT_LEVEL_FULL)) return;
    const uint32_t len = ant_local_queue_len(&worker->queue);
    for (uint32_t i = 0; i < len && i < RUNNABLE_MAX; i++)
        ANT_TRACE(runnable,
                  .task = ant_local_queue_peek(&worker->queue, i)->id);
}

// In a simulation: which tasks of this worker could have been polled now. The
// first is the one that will be.
static void record_runnable(const ant_worker *worker, const ant_task *next)
{
    ANT_TRACE(runnable, .task = next->id);
    if (worker->lifo != NULL) ANT_TRACE(runnable, .task = worker->lifo->id);
    record_ring(worker);
}

// A turn: a task, and after it what it put into the LIFO slot. These share its
// budget, and after three of them the ring gets its turn.
static void take_turn(ant_worker *worker, found next)
{
    while (next.task != NULL) { // until the budget is used up
        poll_task(worker, next);
        next = next_of_turn(worker);
    }
}

static inline void poll_task(ant_worker *worker, found next)
{
    ant__count(&worker->count.polls, 1);
    worker->turn_polls++;
    const uint32_t left = ant_trace_is_on(ANT_LEVEL_SCHED)
                              ? ant_local_queue_len(&worker->queue)
                              : 0;
    if (ANT_LIKELY(worker->is_plain))
        ant_task_run(next.task, next.queue, left);
    else
        poll_watched(worker, next, left);
}

ANT_NOINLINE static void poll_watched(ant_worker *worker, found next,
                                      uint32_t left)
{
    const ant_sched_desc *desc = &worker->sched->desc;
    // Under a schedule it was recorded when it was asked.
    if (desc->is_sim && desc->choose == NULL)
        record_runnable(worker, next.task);
    const uint32_t id = next.task->id;
    ant_task_run(next.task, next.queue, left);
    if (desc->spurious_interval != 0) wake_for_nothing(worker, id);
}

// The contract allows a poll for no reason at any time, and futures have to
// stand it. A task that is over, or will be polled anyway, takes no notice.
static void wake_for_nothing(ant_worker *worker, uint32_t id)
{
    if (ant_rng_below(&worker->rng, worker->sched->desc.spurious_interval) != 0)
        return;
    ant_task *task = ant_owned_get(&worker->sched->owned, id);
    if (task == NULL) return;
    const ant_waker waker = { &task->wakeable };
    ant__waker_wake_ref_for(&waker, (ant_why){ .via = ANT_VIA_SPURIOUS });
    ant__task_unref(task);
}

// What follows a poll in its turn, also one that panicked; none ends the turn.
static inline found next_of_turn(ant_worker *worker)
{
    pass_turn(worker);
    ant_task *task = worker->lifo;
    worker->lifo = NULL;
    if (task != NULL && worker->here.budget > 0) {
        if (worker->turn_polls >= ANT_LIFO_POLLS_MAX)
            worker->is_lifo_enabled = false;
        ant__count(&worker->count.lifo_polls, 1);
        return (found){ task, ANT_QUEUE_LIFO };
    }
    if (task != NULL) push_back(worker, task);
    worker->turn_polls = 0;
    worker->is_lifo_enabled = true;
    worker->here.budget = 0;
    return (found){ 0 };
}

static void pass_turn(const ant_worker *worker)
{
    if (ANT_LIKELY(worker->is_plain)) return;
    ant_driver *driver = worker->sched->desc.driver;
    if (driver->ops->turn != NULL) driver->ops->turn(driver);
}

static void look_at_events(ant_worker *worker)
{
    ant_driver *driver = worker->sched->desc.driver;
    if (driver->ops->has_events(driver)) driver->ops->poll_events(driver);
    ant_timers_fire(worker->sched->desc.timers);
    flush_deferred(worker);
}

// ---- Finding ----

// The ring and the tasks that may not leave the worker take turns.
ANT_NOINLINE static found next_in_turn(ant_worker *worker)
{
    const bool ring_first = worker->tick % 2 == 0;
    for (int i = 0; i < 2; i++) {
        const bool is_ring = ring_first == (i == 0);
        ant_task *task = is_ring ? ant_local_queue_pop(&worker->queue)
                                 : ant__pinned_pop(&worker->pinned);
        if (task != NULL)
            return (found){ task,
                            is_ring ? ANT_QUEUE_LOCAL : ANT_QUEUE_PINNED };
    }
    return (found){ 0 };
}

static inline found next_local(ant_worker *worker)
{
    ant_task *task = worker->lifo;
    worker->lifo = NULL;
    if (task != NULL) {
        ant__count(&worker->count.lifo_polls, 1);
        return (found){ task, ANT_QUEUE_LIFO };
    }
    if (ANT_UNLIKELY(worker->pinned.is_used)) return next_in_turn(worker);
    return (found){ ant_local_queue_pop(&worker->queue), ANT_QUEUE_LOCAL };
}

static found next_task(ant_worker *worker)
{
    const bool inject_first =
        is_due(&worker->until_inject, worker->sched->desc.inject_interval);
    if (ANT_UNLIKELY(worker->sched->desc.choose != NULL)) {
        found next = next_chosen(worker);
        if (next.task != NULL) return next;
    }
    // Now and then the injection queue goes first, or a busy ring would starve
    // it.
    if (inject_first) {
        found next = next_injected(worker);
        return next.task != NULL ? next : next_local(worker);
    }
    found next = next_local(worker);
    return next.task != NULL ? next : next_injected(worker);
}

// Takes a fair share of the injection queue into the ring and returns the
// first.
static found next_injected(ant_worker *worker)
{
    ant_inject *inject = &worker->sched->inject;
    uint32_t share =
        ant_inject_len(inject) / worker->sched->desc.worker_count + 1;
    const uint32_t room = ant_local_queue_room(&worker->queue);
    if (share > ANT_LOCAL_QUEUE_MAX / 2) share = ANT_LOCAL_QUEUE_MAX / 2;
    if (share > room + 1) share = room + 1;

    uint32_t count;
    ant_task *first = ant_inject_pop_chain(inject, share, &count);
    if (first == NULL) return (found){ 0 };
    ANT_TRACE(inject_pop, .count = count, .left = ant_inject_len(inject));
    push_chain(worker, first->link.next);
    return (found){ first, ANT_QUEUE_INJECT };
}

// Under a schedule every task that is ready may be next, wherever it came from.
static found next_chosen(ant_worker *worker)
{
    ant_local_queue *queue = &worker->queue;
    while (ant_local_queue_room(queue) > 0) {
        found next = next_injected(worker);
        if (next.task == NULL) break;
        push_back(worker, next.task);
    }
    const uint32_t count = ant_local_queue_len(queue);
    if (count < 2)
        return (found){ ant_local_queue_pop(queue), ANT_QUEUE_LOCAL };

    const ant_sched_desc *desc = &worker->sched->desc;
    record_ring(worker);
    const uint32_t place = desc->choose(count, desc->arg);
    ant_task *task = ant_local_queue_take(queue, place);
    ANT_TRACE(pick, .task = task->id, .place = place + 1, .of = count);
    return (found){ task, ANT_QUEUE_LOCAL };
}

// What others have: in their rings, and what came into the injection queue
// meanwhile.
static found find_elsewhere(ant_worker *worker)
{
    if (!ant__worker_search(worker)) return (found){ 0 };
    ant_task *task = ant__worker_steal(worker);
    if (task != NULL) return (found){ task, ANT_QUEUE_STOLEN };
    return next_injected(worker);
}

// ---- Scheduling ----

static void on_overflow(ant_task *first, ant_task *last, uint32_t count,
                        void *arg)
{
    ant_worker *worker = arg;
    ANT_TRACE(overflow, .count = count);
    ant__count(&worker->count.overflows, 1);
    ant_inject_push_chain(&worker->sched->inject, first, last, count);
}

// It was woken, spawned or polled a moment ago, or comes out of another queue
// with the others, and that was recorded.
ANT_NOINLINE static void record_push(const ant_worker *worker,
                                     const ant_task *task, uint32_t queue,
                                     uint32_t len)
{
    ANT_TRACE_TOO(task_push, .task = task->id, .queue = queue,
                  .owner = worker->lane, .len = len);
    (void)worker, (void)task, (void)queue, (void)len;
}

static void push_back(ant_worker *worker, ant_task *task)
{
    if (ant_trace_is_on(ANT_LEVEL_SCHED))
        record_push(worker, task, ANT_QUEUE_LOCAL,
                    ant_local_queue_len(&worker->queue) + 1);
    ant_local_queue_push(&worker->queue, task, on_overflow, worker);
}

// Several tasks, of which none has to stay with its worker. All at once, unless
// each is recorded.
static void push_chain(ant_worker *worker, ant_task *first)
{
    if (!ant_trace_is_on(ANT_LEVEL_SCHED))
        first = ant_local_queue_push_chain(&worker->queue, first);
    while (first != NULL) {
        ant_task *next = first->link.next;
        push_back(worker, first);
        first = next;
    }
}

// Will the worker poll what it queues now right after the poll of now? So does
// who is in the LIFO slot, and is no reason to call others: they would carry a
// chain of tasks, of which each wakes the next one, from worker to worker.
static bool runs_next(const ant_worker *worker, ant_schedule how)
{
    return (how == ANT_SCHEDULE_BACK || worker->sched->desc.has_lifo) &&
           worker->lifo == NULL && !worker->pinned.is_used &&
           ant_local_queue_len(&worker->queue) == 0;
}

// There is more than this worker will run next.
static void call_others(const ant_worker *worker)
{
    if (worker->sched->desc.worker_count > 1) ant__sched_notify(worker->sched);
}

void ant__worker_schedule(ant_worker *worker, ant_task *task, ant_schedule how)
{
    if (how == ANT_SCHEDULE_YIELD) {
        defer(worker, task);
        return;
    }
    if (how == ANT_SCHEDULE_BACK || !worker->sched->desc.has_lifo ||
        !worker->is_lifo_enabled) {
        const bool is_next = runs_next(worker, how);
        push_back(worker, task);
        if (is_next)
            worker->uncalled = task;
        else
            call_others(worker);
        return;
    }
    ant_task *displaced = worker->lifo;
    if (ant_trace_is_on(ANT_LEVEL_SCHED))
        record_push(worker, task, ANT_QUEUE_LIFO, 1);
    worker->lifo = task;
    if (displaced == NULL) return;
    push_back(worker, displaced);
    call_others(worker);
}

void ant__worker_schedule_pinned(ant_worker *worker, ant_task *task,
                                 ant_schedule how)
{
    if (how == ANT_SCHEDULE_YIELD)
        defer(worker, task);
    else
        ant__pinned_push(&worker->pinned, task);
}

void ant__worker_call(ant_worker *worker)
{
    ant_driver *driver = worker->sched->desc.driver;
    if (!ant_idle_call(&worker->sched->idle, worker->index)) return;
    ANT_TRACE(worker_notify, .target = worker->lane);
    driver->ops->unpark(driver, &worker->parker);
}

// Sets a task that yielded aside, until nothing else can run.
static void defer(ant_worker *worker, ant_task *task)
{
    if (ant_trace_is_on(ANT_LEVEL_SCHED))
        record_push(worker, task, ANT_QUEUE_DEFERRED,
                    ant_deferred_len(&worker->deferred) + 1);
    ant_deferred_push(&worker->deferred, task);
}

// Several tasks, of which some may not leave this worker.
static void push_by_kind(ant_worker *worker, ant_task *first)
{
    while (first != NULL) {
        ant_task *next = first->link.next;
        if (first->kind == ANT_TASK_LOCAL)
            ant__pinned_push(&worker->pinned, first);
        else
            push_back(worker, first);
        first = next;
    }
}

// As many as there is room for: the rest need not go through the injection
// queue. But a ring that others keep full holds up nobody for long.
static void flush_deferred(ant_worker *worker)
{
    ant_sched *sched = worker->sched;
    const uint32_t room = ant_local_queue_room(&worker->queue);
    ant_task *task = ant_deferred_take(
        &worker->deferred, room > 0 ? room : sched->desc.event_interval);
    if (ANT_LIKELY(!worker->pinned.is_used))
        push_chain(worker, task);
    else
        push_by_kind(worker, task);
    if (ant_local_queue_len(&worker->queue) > 1 &&
        ant_idle_may_notify(&sched->idle))
        call_others(worker);
}
