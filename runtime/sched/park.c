// SPDX-License-Identifier: MIT
//
// How a worker falls asleep and wakes up. How no wake gets lost between the two
// is said at the top of sched/idle.h.

#include "sched/worker.h"
#include "trace/trace.h"

static void sleep_until_work(ant_worker *worker);

static void say(void (*hook)(void *arg), void *arg)
{
    if (hook != NULL) hook(arg);
}

static bool has_work_of_its_own(const ant_worker *worker)
{
    return worker->lifo != NULL || ant_deferred_len(&worker->deferred) > 0 ||
           ant_local_queue_len(&worker->queue) > 0 ||
           ant__pinned_has_work(&worker->pinned);
}

// A hook may have made work: then there is no sleep between the two.
void ant__worker_park(ant_worker *worker)
{
    const ant_hooks *hooks = &worker->sched->desc.hooks;
    say(hooks->on_thread_park, hooks->arg);
    if (!has_work_of_its_own(worker)) sleep_until_work(worker);
    say(hooks->on_thread_unpark, hooks->arg);
}

static void fall_asleep(ant_worker *worker)
{
    ant_sched *sched = worker->sched;
    const bool was_searching = worker->is_searching;
    worker->is_searching = false;
    const bool was_last =
        ant_idle_sleep(&sched->idle, worker->index, was_searching);
    // What was pushed while the last searcher gave up woke nobody: look again.
    // So does who did not search: what was pushed while all were awake woke
    // nobody either.
    const bool must_look = was_last || !was_searching;
    if (must_look && ant__sched_has_work(sched)) ant__sched_notify(sched);
    // What came into the inbox before, called nobody, for nobody slept.
    if (ant__pinned_has_work(&worker->pinned)) ant__worker_call(worker);
}

static void record_unpark(ant_unparked why)
{
    ANT_TRACE(unpark, .cause = why == ANT_UNPARKED_PERMIT ? ANT_UNPARK_NOTIFIED
                               : why == ANT_UNPARKED_EVENTS ? ANT_UNPARK_IO
                                                            : ANT_UNPARK_TIMER);
    (void)why;
}

// Sleeps until there is work, and drives timers and I/O meanwhile when no other
// worker does.
static void sleep_until_work(ant_worker *worker)
{
    ant_sched *sched = worker->sched;
    ant_driver *driver = sched->desc.driver;
    ant_unparked why;
    ant__count(&worker->count.parks, 1);
    ant__worker_end_busy(worker);
    do {
        ANT_TRACE(park, .reason = ANT_PARK_DRIVER,
                  .until = ant_timers_next_ns(sched->desc.timers));
        fall_asleep(worker);
        ant__sched_check_stall(sched);
        why = driver->ops->park_idle(driver, &worker->parker);
        // Awake again before anything is fired: a wake must come from a thread
        // that counts as running.
        worker->is_searching = !ant_idle_wake_self(&sched->idle, worker->index);
        record_unpark(why);
        driver->ops->handle_events(driver, &worker->parker);
        if (why == ANT_UNPARKED_DEADLINE) ant__sched_pass_time(sched);
        if (why != ANT_UNPARKED_PERMIT) ant_timers_fire(sched->desc.timers);
    } while (!worker->is_searching && !has_work_of_its_own(worker) &&
             why != ANT_UNPARKED_PERMIT);
    ant__count(&worker->count.unparks, 1);
    ant__worker_begin_busy(worker);
}

void ant__worker_begin_busy(ant_worker *worker)
{
    ant_driver *driver = worker->sched->desc.driver;
    worker->busy_since_ns = driver->ops->now_ns(driver);
}

void ant__worker_end_busy(ant_worker *worker)
{
    ant_driver *driver = worker->sched->desc.driver;
    ant__count(&worker->count.busy_ns,
               driver->ops->now_ns(driver) - worker->busy_since_ns);
}
