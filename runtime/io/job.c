// SPDX-License-Identifier: MIT

#include "io/job.h"

#include "base/mem.h"

// The job as a future: its one poll, on a thread of the pool, is the whole job.
struct ant_job_call {
    ant_future base;
    ant_job *job;
};

static void unref(ant_job *job);

ANT_ASYNC_OWNING(ant_job_call)
{
    self->base.result = self->job->call(self->job);
    unref(self->job);
    return ANT_READY;
}

static void ant_job_call_drop(struct ant_job_call *self)
{
    unref(self->job);
}

void *ant__job_new(size_t size)
{
    ant_job *job = ant_mem_alloc(size);
    if (job != NULL) ant_atomic_store(&job->refs, 1, ANT_RELAXED);
    return job;
}

struct ant_join_handle ant__job_start(ant_job *job, ant_job_fn call,
                                      const char *name)
{
    // The line that people look for is theirs, which awaits this.
    const ant_future *caller = ant__future_of_program();
    const ant_task_origin origin = {
        .name = name,
        .file = caller != NULL ? caller->ops->file : __FILE__,
        .line = caller != NULL ? caller->line : __LINE__,
        .kind = ANT_TASK_MANDATORY,
    };
    const struct ant_job_call run = { ANT_INIT(ant_job_call), .job = job };
    job->call = call;
    ant_atomic_add(&job->refs, 1, ANT_RELAXED);
    return ant__spawn_from(&run.base, &origin);
}

void ant__job_leave(ant_job *job, struct ant_join_handle *handle)
{
    ant_task_detach(handle);
    unref(job);
}

static void unref(ant_job *job)
{
    // acq_rel: the last one sees what the other one did.
    if (ant_atomic_sub(&job->refs, 1, ANT_ACQ_REL) != 1) return;
    if (job->deinit != NULL) job->deinit(job);
    ant_mem_free(job);
}
