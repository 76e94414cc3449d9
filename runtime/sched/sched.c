// SPDX-License-Identifier: MIT

#include "sched/sched.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "core/task_block.h"
#include "sched/worker.h"
#include "trace/trace.h"

static void on_schedule(ant_scheduler *base, ant_task *task, ant_schedule how);
static void on_release(ant_scheduler *base, ant_task *task);
static void on_ended(ant_scheduler *base, uint32_t id, const char *name);
static void on_panicked(ant_scheduler *base, ant_task *task,
                        const ant_failure *failure);
static void on_block(void *arg, int change);
static void on_busy(void *arg, int change);
static uint64_t next_timer_ns(void *arg);
static void worker_main(void *arg);
static struct ant_join_handle start_task(ant_sched *sched, ant_task *task);
static struct ant_join_handle start_job(ant_sched *sched, ant_task *task);
static struct ant_join_handle refuse(const ant_future *future);

static const ant_scheduler_ops sched_ops = {
    .schedule = on_schedule,
    .release = on_release,
    .ended = on_ended,
    .panicked = on_panicked,
};

int ant_sched_init(ant_sched *sched, const ant_sched_desc *desc)
{
    *sched = (ant_sched){
        .base = { .ops = &sched_ops,
                  .clock = &desc->timers->clock,
                  .is_watched = desc->hooks.on_task_terminate != NULL },
        .desc = *desc,
    };
    const uint32_t count = desc->worker_count;
    sched->worker =
        ant_mem_alloc_aligned(count * sizeof *sched->worker, ANT_CACHE_LINE);
    if (sched->worker == NULL) return -ENOMEM;
    int err = ant_idle_init(&sched->idle, count);
    if (err < 0) {
        ant_mem_free(sched->worker);
        return err;
    }
    ant_inject_init(&sched->inject);
    ant_owned_init(&sched->owned);

    desc->driver->next_ns = next_timer_ns;
    desc->driver->on_block = on_block;
    desc->driver->arg = sched;
    for (uint32_t i = 0; i < count; i++) {
        char name[32];
        (void)snprintf(name, sizeof name, "worker %u", i);
        ant__worker_init(&sched->worker[i], sched, i);
        sched->worker[i].lane = ant_trace_lane_new(ANT_LANE_WORKER, i, name);
        sched->worker[i].here.lane = sched->worker[i].lane;
    }
    ant_blocking_init(&sched->blocking,
                      &(ant_blocking_desc){
                          .driver = desc->driver,
                          .runtime = desc->runtime,
                          .thread_max = desc->blocking_max,
                          .keep_alive_ns = desc->keep_alive_ns,
                          .hooks = &sched->desc.hooks,
                          .on_busy = on_busy,
                          .arg = sched,
                      });
    return 0;
}

int ant_sched_start(ant_sched *sched)
{
    if (sched->desc.is_current) return 0;
    ant_driver *driver = sched->desc.driver;
    for (uint32_t i = 0; i < sched->desc.worker_count; i++) {
        ant_worker *worker = &sched->worker[i];
        char name[32];
        (void)snprintf(name, sizeof name, "%s-%u", sched->desc.thread_name, i);
        int err = driver->ops->thread_start(
            driver,
            &(ant_thread_desc){ name, worker->lane, worker_main, worker },
            &worker->thread);
        if (err < 0) {
            (void)ant_sched_stop(sched, ANT_NS_NEVER);
            return err;
        }
        worker->has_thread = true;
    }
    return 0;
}

static void worker_main(void *arg)
{
    ant_worker *worker = arg;
    const ant_hooks *hooks = &worker->sched->desc.hooks;
    ant__here_set(&worker->here);
    if (hooks->on_thread_start != NULL) hooks->on_thread_start(hooks->arg);
    ant__worker_run(worker, NULL);
    ant__sched_cancel_pinned(worker);
    if (hooks->on_thread_stop != NULL) hooks->on_thread_stop(hooks->arg);
    ANT_TRACE(lane_leave, .lane = worker->lane);
    ant__here_set(NULL);
}

void ant_sched_run_here(ant_sched *sched, ant_atomic_u8 *done)
{
    ANT_ASSERT(sched->desc.is_current);
    ant_worker *worker = &sched->worker[0];
    ant_here *outer = ant__here();
    const uint32_t outer_lane = ant_trace_lane_here();
    ant__here_set(&worker->here);
    ant_trace_lane_enter(worker->lane);
    ant__worker_run(worker, done);
    // A job of the blocking pool goes on where it was.
    if (outer->lane != 0) ant_trace_lane_enter(outer_lane);
    ant__here_set(outer);
}

// ---- Spawning and waking ----

struct ant_join_handle ant_sched_spawn(ant_sched *sched,
                                       const ant_future *future,
                                       const ant_task_origin *origin)
{
    ant_task *task = ant_task_new(&sched->base, future, origin);
    if (task == NULL) return refuse(future);
    return start_task(sched, task);
}

struct ant_join_handle ant_sched_spawn_local(ant_sched *sched,
                                             const ant_future *future,
                                             const ant_task_origin *origin)
{
    ant_worker *worker = ant__worker_here(sched);
    if (worker == NULL)
        ant__crash(origin->file, (int)origin->line,
                   "ant_spawn_local needs a worker for the task to stay with: "
                   "call it inside of an async task");
    worker->pinned.is_used = true;
    ant_task *task = ant_task_new(&worker->pinned.base, future, origin);
    if (task == NULL) return refuse(future);
    return start_task(sched, task);
}

// There is no memory for a task. The future was given away nevertheless: what a
// hot one holds goes back, as when a task is destroyed without a poll.
static struct ant_join_handle refuse(const ant_future *future)
{
    ant_future_drop((ant_future *)(uintptr_t)future);
    return ant__join_handle_failed(-ENOMEM);
}

// In which volume of the books the calling thread writes.
static uint32_t volume_here(const ant_sched *sched)
{
    const ant_worker *worker = ant__worker_here(sched);
    return worker != NULL ? ant_owned_volume_of(worker->index) : 0;
}

// The handle is written last, right where the caller wants it: one that was
// written before and is then copied waits for what was written.
static struct ant_join_handle start_task(ant_sched *sched, ant_task *task)
{
    const ant_hooks *hooks = &sched->desc.hooks;
    if (ANT_UNLIKELY(hooks->on_task_spawn != NULL))
        hooks->on_task_spawn(task->id, task->name, hooks->arg);
    if (ANT_UNLIKELY(!ant_owned_add(&sched->owned, task, volume_here(sched))))
        ant_task_shutdown(task); // it is destroyed without a poll
    else if (ANT_UNLIKELY(ant_blocking_is_job(task)))
        return start_job(sched, task);
    else
        task->scheduler->ops->schedule(task->scheduler, task,
                                       ANT_SCHEDULE_SPAWN);
    return ant__join_handle(task);
}

ANT_NOINLINE static struct ant_join_handle start_job(ant_sched *sched,
                                                     ant_task *task)
{
    struct ant_join_handle handle = ant__join_handle(task);
    int err = ant_blocking_submit(&sched->blocking, task);
    if (err == 0) return handle;
    ant_task_shutdown(task);
    ant_task_detach(&handle);
    return ant__join_handle_failed(err);
}

static void on_schedule(ant_scheduler *base, ant_task *task, ant_schedule how)
{
    ant_sched *sched = (ant_sched *)base;
    ant_worker *worker = ant__worker_here(sched);
    if (ant__sched_is_closing(sched)) return; // shutdown destroys it
    if (worker != NULL) {
        ant__worker_schedule(worker, task, how);
        return;
    }
    ANT_TRACE_TOO(task_push, .task = task->id, .queue = ANT_QUEUE_INJECT,
                  .len = ant_inject_len(&sched->inject) + 1);
    ant_inject_push(&sched->inject, task);
    ant__sched_notify(sched);
}

static void on_release(ant_scheduler *base, ant_task *task)
{
    ant_owned_remove(&((ant_sched *)base)->owned, task);
}

static void on_ended(ant_scheduler *base, uint32_t id, const char *name)
{
    ant__sched_ended((ant_sched *)base, id, name);
}

static void on_panicked(ant_scheduler *base, ant_task *task,
                        const ant_failure *failure)
{
    ant__sched_panicked((ant_sched *)base, task, failure);
}

void ant__sched_ended(ant_sched *sched, uint32_t id, const char *name)
{
    const ant_hooks *hooks = &sched->desc.hooks;
    hooks->on_task_terminate(id, name, hooks->arg);
}

void ant__sched_panicked(ant_sched *sched, ant_task *task,
                         const ant_failure *failure)
{
    const ant_sched_desc *desc = &sched->desc;
    if (desc->on_panic != NULL) desc->on_panic(task, failure, desc->arg);
    // The panic of a root is told to who blocks on it.
    if (!desc->stops_on_panic || task->kind == ANT_TASK_ROOT) return;
    if (ant_blocking_is_job(task)) return;
    // release: pairs with the acquire in block_on.
    ant_atomic_store(&sched->has_failed, 1, ANT_RELEASE);
    ant__sched_close(sched);
}

void ant__sched_notify(ant_sched *sched)
{
    int index = ant_idle_notify(&sched->idle);
    if (index < 0) return;
    ant_worker *worker = &sched->worker[index];
    ANT_TRACE(worker_notify, .target = worker->lane);
    sched->desc.driver->ops->unpark(sched->desc.driver, &worker->parker);
}

bool ant__sched_has_work(const ant_sched *sched)
{
    if (ant_inject_len(&sched->inject) > 0) return true;
    for (uint32_t i = 0; i < sched->desc.worker_count; i++) {
        if (ant_local_queue_len(&sched->worker[i].queue) > 0) return true;
    }
    return false;
}

// ---- Stalls ----

// Is there a task that only a worker can run which sleeps? That one is about to
// be called.
static bool has_pinned_work(ant_sched *sched)
{
    for (uint32_t i = 0; i < sched->desc.worker_count; i++) {
        if (ant_inject_len(&sched->worker[i].pinned.inbox) > 0 &&
            ant_idle_is_sleeping(&sched->idle, i))
            return true;
    }
    return false;
}

void ant_sched_root_add(ant_sched *sched, int change)
{
    ant_atomic_add(&sched->root_count, (uint32_t)change, ANT_SEQ_CST);
    // All may have fallen asleep before this root was heard of.
    if (change > 0) ant__sched_check_stall(sched);
}

// Strangers may go without a word: whoever waits for timers looks again.
static void suspect(ant_sched *sched)
{
    ant_driver *driver = sched->desc.driver;
    const uint64_t now_ns = driver->ops->now_ns(driver);
    ant_atomic_store(&sched->suspect_ns, now_ns + ANT_SCHED_SUSPECT_NS,
                     ANT_SEQ_CST);
    driver->ops->timer_changed(driver);
}

void ant__sched_check_stall(ant_sched *sched)
{
    const uint64_t moment = ant_idle_moment(&sched->idle);
    if (ant_atomic_load(&sched->suspect_ns, ANT_RELAXED) != 0)
        ant_atomic_store(&sched->suspect_ns, 0, ANT_SEQ_CST);
    if (ant_idle_running(&sched->idle) != 0) return;
    if ((int32_t)ant_atomic_load(&sched->root_count, ANT_SEQ_CST) <= 0) return;
    if (ant__sched_is_closing(sched)) return;

    // Queues, time and I/O can only help while a worker is there to look.
    ant_driver *driver = sched->desc.driver;
    if (ant_idle_sleeping(&sched->idle) > 0 &&
        (ant__sched_has_work(sched) || has_pinned_work(sched) ||
         ant_timers_count(sched->desc.timers) > 0 ||
         driver->ops->has_events(driver)))
        return;
    const ant_sched_desc *desc = &sched->desc;
    if (desc->has_strangers != NULL && desc->has_strangers(desc->arg)) {
        suspect(sched);
        return;
    }
    // Nothing moved while all this was read: nobody was there to move it, not
    // even for a moment. This comes last, since a stranger that is gone may
    // have woken somebody before.
    if (ant_idle_moment(&sched->idle) != moment) return;
    if (ant_atomic_exchange(&sched->has_stalled, 1, ANT_SEQ_CST) != 0) return;
    if (sched->desc.on_stall != NULL) sched->desc.on_stall(sched->desc.arg);
    ant_atomic_store(&sched->has_stalled, 0, ANT_SEQ_CST);
}

static void on_block(void *arg, int change)
{
    ant_sched *sched = arg;
    // A worker that is about to stand still cannot do what is in its ring.
    if (change > 0 && ant__sched_has_work(sched)) ant__sched_notify(sched);
    if (ant_idle_running_add(&sched->idle, -change) == 0)
        ant__sched_check_stall(sched);
}

static void on_busy(void *arg, int change)
{
    ant_sched *sched = arg;
    ant_driver *driver = sched->desc.driver;
    ant_atomic_add(&sched->job_count, (uint32_t)change, ANT_SEQ_CST);
    const bool may_pass_time =
        change < 0 && ant_timebase_is_paused(sched->desc.timebase);
    if (ant_idle_running_add(&sched->idle, change) == 0)
        ant__sched_check_stall(sched);
    // Time stood still for the job: whoever waits for a timer looks again.
    if (may_pass_time) driver->ops->timer_changed(driver);
}

// ---- Time ----

static bool may_pass_time(const ant_sched *sched)
{
    return ant_atomic_load(&sched->job_count, ANT_SEQ_CST) == 0;
}

static uint64_t next_timer_ns(void *arg)
{
    const ant_sched *sched = arg;
    const uint64_t next_ns = ant_timebase_look_at(
        sched->desc.timebase, ant_timers_next_ns(sched->desc.timers),
        may_pass_time(sched));
    const uint64_t again_ns = ant_atomic_load(&sched->suspect_ns, ANT_SEQ_CST);
    return again_ns != 0 && again_ns < next_ns ? again_ns : next_ns;
}

void ant__sched_pass_time(ant_sched *sched)
{
    ant_timebase *timebase = sched->desc.timebase;
    if (ant_timebase_is_paused(timebase) && may_pass_time(sched))
        ant_timebase_move(timebase, ant_timers_next_ns(sched->desc.timers));
}

void ant_sched_deinit(ant_sched *sched)
{
    ant_blocking_deinit(&sched->blocking);
    for (uint32_t i = 0; i < sched->desc.worker_count; i++)
        ant__worker_deinit(&sched->worker[i]);
    ant_owned_deinit(&sched->owned);
    ant_inject_deinit(&sched->inject);
    ant_idle_deinit(&sched->idle);
    ant_mem_free(sched->worker);
    sched->worker = NULL;
}
