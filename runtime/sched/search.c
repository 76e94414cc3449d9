// SPDX-License-Identifier: MIT
//
// How a worker that has nothing to do looks for work in the rings of others.
// At most half of the workers do so at a time (sched/idle.h).

#include "sched/worker.h"
#include "trace/trace.h"

// Who has tasks that yielded does not go to sleep, so nobody has to know of its
// search: it looks, and where nothing is to be found it does not begin.
bool ant__worker_search(ant_worker *worker)
{
    ant_sched *sched = worker->sched;
    if (sched->desc.worker_count == 1) return false;
    if (ant_deferred_len(&worker->deferred) > 0 && !ant__sched_has_work(sched))
        return false;
    if (worker->is_searching) return true;
    if (!ant_idle_search_begin(&sched->idle)) return false;
    worker->is_searching = true;
    ANT_TRACE(search_begin, .searching = ant_idle_searching(&sched->idle));
    return true;
}

static void on_moved(ant_task *task, void *arg)
{
    const ant_worker *victim = arg;
    ANT_TRACE(steal_task, .task = task->id, .victim = victim->lane);
    (void)task, (void)victim;
}

static ant_task *steal_from(ant_worker *worker, ant_worker *victim)
{
    const uint32_t had = ant_local_queue_len(&worker->queue);
    ant_task *task =
        ant_local_queue_steal(&victim->queue, &worker->queue, on_moved, victim);
    if (task == NULL) return NULL;
    const uint32_t got = ant_local_queue_len(&worker->queue) - had + 1;
    ANT_TRACE(steal, .victim = victim->lane, .count = got,
              .left = ant_local_queue_len(&victim->queue), .first = task->id);
    ant__count(&worker->count.steals, 1);
    ant__count(&worker->count.stolen, got);
    return task;
}

ant_task *ant__worker_steal(ant_worker *worker)
{
    ant_sched *sched = worker->sched;
    const uint32_t count = sched->desc.worker_count;
    const uint32_t start = ant_rng_below(&worker->rng, count);
    ANT_TRACE(random, .use = ANT_RANDOM_STEAL, .value = start, .below = count);
    for (uint32_t i = 0; i < count; i++) {
        ant_worker *victim = &sched->worker[(start + i) % count];
        ant_task *task = victim != worker ? steal_from(worker, victim) : NULL;
        if (task != NULL) return task;
    }
    return NULL;
}

void ant__worker_stop_searching(ant_worker *worker)
{
    if (!worker->is_searching) return;
    worker->is_searching = false;
    const bool was_last = ant_idle_search_end(&worker->sched->idle);
    ANT_TRACE(search_end,
              .searching = ant_idle_searching(&worker->sched->idle));
    // Whoever found work passes the search on: there may be more.
    if (was_last) ant__sched_notify(worker->sched);
}
