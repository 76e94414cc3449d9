// SPDX-License-Identifier: MIT

#include "rt/metrics.h"

#include "rt/runtime_impl.h"
#include "sched/worker.h"

static uint64_t forced_yields(const ant_worker *worker)
{
    return ant__counted(&worker->here.forced_yields);
}

void ant_runtime_metrics(ant_runtime *runtime, ant_metrics *ret_metrics)
{
    ant_sched *sched = &runtime->sched;
    ant_blocking *pool = &sched->blocking;
    *ret_metrics = (ant_metrics){
        .worker_count = sched->desc.worker_count,
        .spawned = ant_owned_added(&sched->owned),
        .alive = ant_owned_count(&sched->owned),
        .inject_len = ant_inject_len(&sched->inject),
    };
    for (uint32_t i = 0; i < sched->desc.worker_count; i++)
        ret_metrics->forced_yields += forced_yields(&sched->worker[i]);
    ant_os_mutex_lock(&pool->lock);
    ret_metrics->blocking_threads = pool->alive;
    ret_metrics->blocking_idle = pool->idle_len;
    ret_metrics->blocking_len = pool->queue_len;
    ant_os_mutex_unlock(&pool->lock);
}

void ant_runtime_worker_metrics(const ant_runtime *runtime, uint32_t worker,
                                ant_worker_metrics *ret_metrics)
{
    ANT_ASSERT(worker < runtime->sched.desc.worker_count);
    const ant_worker *one = &runtime->sched.worker[worker];
    const ant_worker_counters *count = &one->count;
    *ret_metrics = (ant_worker_metrics){
        .polls = ant__counted(&count->polls),
        .lifo_polls = ant__counted(&count->lifo_polls),
        .parks = ant__counted(&count->parks),
        .unparks = ant__counted(&count->unparks),
        .steals = ant__counted(&count->steals),
        .stolen = ant__counted(&count->stolen),
        .overflows = ant__counted(&count->overflows),
        .busy_ns = ant__counted(&count->busy_ns),
        .forced_yields = forced_yields(one),
        .local_len = ant_local_queue_len(&one->queue),
    };
}
