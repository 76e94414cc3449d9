// SPDX-License-Identifier: MIT
//
// The lints of a long trace, in a thread of their own, so that a window goes on
// drawing. The model does not change and is read by both. A job belongs to one
// thread, which starts it, asks whether it is done, and stops it; zero is one
// that was never started.

#ifndef VIZ_LINT_JOB_H
#define VIZ_LINT_JOB_H

#include "base/atomic.h"
#include "base/os.h"
#include "lint/lint.h"

typedef struct lint_job {
    // fixed while the thread runs
    const ant_model *model;
    ant_os_thread thread;
    bool is_on; // somebody has to join it

    // any thread, atomic
    ant_atomic_u32 stop; // nobody wants to know any more
    ant_atomic_u32 done;

    // the job's thread, until done
    lint_report report;
} lint_job;

// Starts to look through the model, which must outlive the job. 0, or -errno
// when there is no thread to be had.
ANT_MUST_USE int lint_job_start(lint_job *job, const ant_model *model);

// When the job is done: true, once, and its report, which is the caller's then.
bool lint_job_take(lint_job *job, lint_report *ret_report);

// Ends the job, whether it is done or not, in a few milliseconds.
void lint_job_stop(lint_job *job);

#endif
