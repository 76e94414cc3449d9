// SPDX-License-Identifier: MIT
//
// How a scheduler ends; the phases are said in sched.h. The thread that stops
// it waits for the workers, so nobody polls a task any more when the rest is
// destroyed.

#include "core/task_block.h"
#include "sched/sched.h"
#include "sched/worker.h"
#include "trace/trace.h"

static void join_workers(ant_sched *sched);
static void cancel_all(ant_sched *sched);
static void cancel_unstarted(ant_sched *sched);
static void drain(ant_sched *sched);

void ant__sched_close(ant_sched *sched)
{
    if (ant__sched_is_closing(sched)) return;
    ant_driver *driver = sched->desc.driver;
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_CLOSE);
    ant_owned_close(&sched->owned);
    sched->unstarted = ant_blocking_close(&sched->blocking);
    // Before anybody can see that it closes and destroys the first task.
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_CANCEL);
    // release: pairs with the acquire in ant__sched_is_closing().
    ant_atomic_store(&sched->is_closing, 1, ANT_RELEASE);
    for (uint32_t i = 0; i < sched->desc.worker_count; i++)
        driver->ops->unpark(driver, &sched->worker[i].parker);
}

bool ant_sched_stop(ant_sched *sched, uint64_t deadline_ns)
{
    ant__sched_close(sched);
    join_workers(sched);
    ant_sched_cancel_here(sched);
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_DRAIN);
    drain(sched);
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_DRIVER);
    ant_timers_close(sched->desc.timers);
    sched->desc.driver->ops->shut_events(sched->desc.driver);
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_POOL);
    return ant_blocking_shutdown(&sched->blocking, deadline_ns);
}

static void join_workers(ant_sched *sched)
{
    ant_driver *driver = sched->desc.driver;
    for (uint32_t i = 0; i < sched->desc.worker_count; i++) {
        ant_worker *worker = &sched->worker[i];
        if (!worker->has_thread) continue;
        driver->ops->thread_join(driver, &worker->thread);
        worker->has_thread = false;
    }
}

// ---- Destroying ----

// Destructors see the runtime as during a poll, and may wake, abort and drop
// whatever they like.
void ant_sched_cancel_here(ant_sched *sched)
{
    ant_here *outer = ant__here();
    ant_here *here = &sched->worker[0].here;
    here->parker = outer->parker;
    ant__here_set(here);
    cancel_unstarted(sched);
    cancel_all(sched);
    ant__here_set(outer);
}

static void cancel_unstarted(ant_sched *sched)
{
    ant_task *task = sched->unstarted;
    sched->unstarted = NULL;
    while (task != NULL) {
        ant_task *next = task->link.next;
        ant_task_shutdown(task);
        task = next;
    }
}

// Every task but the blocking jobs that have a thread or will have one: these
// end by themselves.
static void cancel_all(ant_sched *sched)
{
    ant_task *task;
    while ((task = ant_owned_pop(&sched->owned)) != NULL) {
        if (!ant_blocking_is_job(task)) ant_task_shutdown(task);
        ant__task_unref(task);
    }
}

void ant__sched_cancel_pinned(ant_worker *worker)
{
    if (!worker->pinned.is_used) return;
    ant_list tasks;
    ant_list_init(&tasks);
    ant_owned_take(&worker->sched->owned, &worker->pinned.base, &tasks);
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&tasks);
        if (link == NULL) return;
        ant_task *task = ANT_CONTAINER_OF(link, ant_task, owned);
        ant_task_shutdown(task);
        ant__task_unref(task);
    }
}

// What still stands in a queue is over; its memory may be gone.
static void drain(ant_sched *sched)
{
    ant_inject_close(&sched->inject);
    for (uint32_t i = 0; i < sched->desc.worker_count; i++)
        ant__worker_forget(&sched->worker[i]);
}
