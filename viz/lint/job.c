// SPDX-License-Identifier: MIT

#include "lint/job.h"

#include <string.h>

#include "base/assert.h"
#include "lint/pass.h"

static void on_thread(void *arg)
{
    lint_job *job = arg;
    // Out of memory or stopped: a report without findings.
    (void)!lint__run(job->model, NULL, &job->stop, &job->report);
    // release: pairs with the acquire in lint_job_take().
    ant_atomic_store(&job->done, 1, ANT_RELEASE);
}

int lint_job_start(lint_job *job, const ant_model *model)
{
    ANT_ASSERT(!job->is_on);
    memset(job, 0, sizeof *job);
    job->model = model;
    int err = ant_os_thread_start(&job->thread, "lints", on_thread, job);
    job->is_on = err == 0;
    return err;
}

static void join(lint_job *job)
{
    ant_os_thread_join(&job->thread);
    job->is_on = false;
}

bool lint_job_take(lint_job *job, lint_report *ret_report)
{
    // acquire: pairs with the release in on_thread().
    if (!job->is_on || ant_atomic_load(&job->done, ANT_ACQUIRE) == 0)
        return false;
    join(job);
    *ret_report = job->report;
    return true;
}

void lint_job_stop(lint_job *job)
{
    if (!job->is_on) return;
    ant_atomic_store(&job->stop, 1, ANT_RELAXED); // joining orders the rest
    join(job);
    lint_report_free(&job->report);
}
