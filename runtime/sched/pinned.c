// SPDX-License-Identifier: MIT

#include "sched/pinned.h"

#include <stddef.h>

#include "core/task_block.h"
#include "sched/worker.h"
#include "trace/trace.h"

static void on_schedule(ant_scheduler *base, ant_task *task, ant_schedule how);
static void on_release(ant_scheduler *base, ant_task *task);
static void on_ended(ant_scheduler *base, uint32_t id, const char *name);
static void on_panicked(ant_scheduler *base, ant_task *task,
                        const ant_failure *failure);
static void append(ant_pinned *pinned, ant_task *first);

static const ant_scheduler_ops pinned_ops = {
    .schedule = on_schedule,
    .release = on_release,
    .ended = on_ended,
    .panicked = on_panicked,
};

void ant__pinned_init(ant_pinned *pinned, struct ant_worker *worker)
{
    *pinned = (ant_pinned){
        .base = { .ops = &pinned_ops,
                  .clock = worker->sched->base.clock,
                  .is_watched = worker->sched->base.is_watched },
        .worker = worker,
    };
    ant_inject_init(&pinned->inbox);
}

void ant__pinned_deinit(ant_pinned *pinned)
{
    ant_inject_deinit(&pinned->inbox);
}

void ant__pinned_push(ant_pinned *pinned, ant_task *task)
{
    ANT_TRACE(task_push, .task = task->id, .queue = ANT_QUEUE_PINNED,
              .owner = pinned->worker->lane, .len = pinned->len + 1);
    task->link.next = NULL;
    append(pinned, task);
}

ant_task *ant__pinned_pop(ant_pinned *pinned)
{
    if (ant_inject_len(&pinned->inbox) > 0) {
        uint32_t count;
        append(pinned,
               ant_inject_pop_chain(&pinned->inbox, UINT32_MAX, &count));
    }
    ant_task *task = pinned->first;
    if (task == NULL) return NULL;
    pinned->first = task->link.next;
    task->link.next = NULL;
    pinned->len--;
    return task;
}

bool ant__pinned_has_work(const ant_pinned *pinned)
{
    return pinned->first != NULL || ant_inject_len(&pinned->inbox) > 0;
}

void ant__pinned_close(ant_pinned *pinned)
{
    ant_inject_close(&pinned->inbox);
    pinned->first = NULL;
    pinned->len = 0;
}

// Appends a chain to the queue; NULL is an empty one.
static void append(ant_pinned *pinned, ant_task *first)
{
    if (first == NULL) return;
    if (pinned->first == NULL)
        pinned->first = first;
    else
        pinned->last->link.next = first;
    for (ant_task *task = first; task != NULL; task = task->link.next) {
        pinned->last = task;
        pinned->len++;
    }
}

// ---- As a scheduler ----

static void on_schedule(ant_scheduler *base, ant_task *task, ant_schedule how)
{
    ant_pinned *pinned = (ant_pinned *)base;
    ant_worker *worker = pinned->worker;
    if (ant__sched_is_closing(worker->sched)) return; // shutdown destroys it
    if (ant__worker_here(worker->sched) == worker) {
        ant__worker_schedule_pinned(worker, task, how);
        return;
    }
    ANT_TRACE(task_push, .task = task->id, .queue = ANT_QUEUE_PINNED,
              .owner = worker->lane, .len = ant_inject_len(&pinned->inbox) + 1);
    ant_inject_push(&pinned->inbox, task);
    ant__worker_call(worker);
}

static void on_release(ant_scheduler *base, ant_task *task)
{
    ant_owned_remove(&((ant_pinned *)base)->worker->sched->owned, task);
}

static void on_ended(ant_scheduler *base, uint32_t id, const char *name)
{
    ant__sched_ended(((ant_pinned *)base)->worker->sched, id, name);
}

static void on_panicked(ant_scheduler *base, ant_task *task,
                        const ant_failure *failure)
{
    ant__sched_panicked(((ant_pinned *)base)->worker->sched, task, failure);
}
