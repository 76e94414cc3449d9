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
static void on_panicked(ant_scheduler *base, ant_task *task,
                        const ant_failure *failure);
static void on_block(void *arg, int change);
static void on_busy(void *arg, int change);
static uint64_t next_timer_ns(void *arg);
static void worker_main(void *arg);
static void cancel_all(ant_sched *sched, ant_task *unstarted);

static const ant_scheduler_ops sched_ops = {
    .schedule = on_schedule,
    .release = on_release,
    .panicked = on_panicked,
};

int ant_sched_init(ant_sched *sched, const ant_sched_desc *desc)
{
    *sched = (ant_sched){
        .base = { .ops = &sched_ops, .clock = &desc->timers->clock },
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
        (void)snprintf(name, sizeof name, "ant-worker-%u", i);
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
    ant__here_set(&worker->here);
    ant__worker_run(worker, NULL);
    ANT_TRACE(lane_leave, .lane = worker->lane);
    ant__here_set(NULL);
}

void ant_sched_run_here(ant_sched *sched, ant_atomic_u8 *done)
{
    ANT_ASSERT(sched->desc.is_current);
    ant_worker *worker = &sched->worker[0];
    ant__here_set(&worker->here);
    ant_trace_lane_enter(worker->lane);
    ant__worker_run(worker, done);
    ant__here_set(NULL);
}

// ---- Spawning and waking ----

struct ant_join_handle ant_sched_spawn(ant_sched *sched,
                                       const ant_future *future,
                                       const ant_task_origin *origin)
{
    ant_task *task = ant_task_new(&sched->base, future, origin);
    if (task == NULL) return ant__join_handle_failed(-ENOMEM);
    struct ant_join_handle handle = ant__join_handle(task);
    if (!ant_owned_add(&sched->owned, task)) {
        ant_task_shutdown(task); // it is destroyed without a poll
        return handle;
    }
    if (origin->kind != ANT_TASK_BLOCKING) {
        on_schedule(&sched->base, task, ANT_SCHEDULE_SPAWN);
        return handle;
    }
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
    ANT_TRACE(task_push, .task = task->id, .queue = ANT_QUEUE_INJECT,
              .len = ant_inject_len(&sched->inject) + 1);
    ant_inject_push(&sched->inject, task);
    ant__sched_notify(sched);
}

static void on_release(ant_scheduler *base, ant_task *task)
{
    ant_sched *sched = (ant_sched *)base;
    ant_owned_remove(&sched->owned, task);
}

static void on_panicked(ant_scheduler *base, ant_task *task,
                        const ant_failure *failure)
{
    const ant_sched_desc *desc = &((ant_sched *)base)->desc;
    if (desc->on_panic != NULL) desc->on_panic(task, failure, desc->arg);
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

void ant_sched_root_add(ant_sched *sched, int change)
{
    ant_atomic_add(&sched->root_count, (uint32_t)change, ANT_SEQ_CST);
    // All may have fallen asleep before this root was heard of.
    if (change > 0) ant__sched_check_stall(sched);
}

void ant__sched_check_stall(ant_sched *sched)
{
    const uint64_t moment = ant_idle_moment(&sched->idle);
    if (ant_idle_running(&sched->idle) != 0) return;
    if ((int32_t)ant_atomic_load(&sched->root_count, ANT_SEQ_CST) <= 0) return;
    if (ant__sched_is_closing(sched)) return;

    // Queues, time and I/O can only help while a worker is there to look.
    ant_driver *driver = sched->desc.driver;
    if (ant_idle_sleeping(&sched->idle) > 0 &&
        (ant__sched_has_work(sched) ||
         ant_timers_count(sched->desc.timers) > 0 ||
         driver->ops->has_events(driver)))
        return;
    const ant_sched_desc *desc = &sched->desc;
    if (desc->has_strangers != NULL && desc->has_strangers(desc->arg)) return;
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
    if (ant_idle_running_add(&sched->idle, -change) == 0)
        ant__sched_check_stall(sched);
}

static void on_busy(void *arg, int change)
{
    ant_sched *sched = arg;
    if (ant_idle_running_add(&sched->idle, change) == 0)
        ant__sched_check_stall(sched);
}

static uint64_t next_timer_ns(void *arg)
{
    const ant_sched *sched = arg;
    return ant_timers_next_ns(sched->desc.timers);
}

// ---- Shutdown ----

bool ant_sched_stop(ant_sched *sched, uint64_t deadline_ns)
{
    ant_driver *driver = sched->desc.driver;
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_CLOSE);
    ant_owned_close(&sched->owned);
    ant_task *unstarted = ant_blocking_close(&sched->blocking);
    // release: pairs with the acquire in ant__sched_is_closing().
    ant_atomic_store(&sched->is_closing, 1, ANT_RELEASE);
    for (uint32_t i = 0; i < sched->desc.worker_count; i++)
        driver->ops->unpark(driver, &sched->worker[i].parker);
    for (uint32_t i = 0; i < sched->desc.worker_count; i++) {
        ant_worker *worker = &sched->worker[i];
        if (!worker->has_thread) continue;
        driver->ops->thread_join(driver, &worker->thread);
        worker->has_thread = false;
    }

    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_CANCEL);
    ant_inject_close(&sched->inject);
    cancel_all(sched, unstarted);
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_DRIVER);
    ant_timers_close(sched->desc.timers);
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_POOL);
    return ant_blocking_shutdown(&sched->blocking, deadline_ns);
}

// Destroys every task but the blocking jobs that have a thread, which end by
// themselves. Destructors see the runtime as during a poll, and may wake, abort
// and drop whatever they like.
static void cancel_all(ant_sched *sched, ant_task *unstarted)
{
    ant_here *here = &sched->worker[0].here;
    here->parker = ant__here()->parker;
    ant__here_set(here);
    while (unstarted != NULL) {
        ant_task *next = unstarted->link.next;
        ant_task_shutdown(unstarted);
        unstarted = next;
    }
    ant_task *task;
    while ((task = ant_owned_pop(&sched->owned)) != NULL) {
        if (task->kind != ANT_TASK_BLOCKING) ant_task_shutdown(task);
        ant__task_unref(task);
    }
    ant__here_set(NULL);
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
