// SPDX-License-Identifier: MIT
//
// A job is a call that may block, done on the blocking pool for a future of
// this layer: to read a file, to look up a name. What the call works on lives
// in a block that the job and the future have together: a future that is
// dropped leaves the block to the job, which goes on with it, and whoever is
// last frees it. So no job ever writes into memory of a future that is gone.
//
//   lookup *shared = ant__job_new(sizeof *shared); // an ant_job comes first
//   self->job = ant__job_start(&shared->job, look_up, "resolve");
//   … ANT_AWAIT(self->job); read from `shared` …
//   ant__job_leave(&shared->job, &self->job);

#ifndef ANT_IO_JOB_H
#define ANT_IO_JOB_H

#include "base/atomic.h"
#include "core/task.h"

typedef struct ant_job ant_job;
typedef int (*ant_job_fn)(ant_job *job);

struct ant_job {
    ant_atomic_u32 refs;
    ant_job_fn call;
    void (*deinit)(ant_job *job); // by the last one, may be NULL
};

// A zeroed block of `size` that begins with an ant_job; NULL: no memory.
ANT_MUST_USE void *ant__job_new(size_t size);

// Has call(job) done on the pool; the handle's result is what it returns. It is
// a mandatory job: once it was asked for, it is done. In the trace it comes
// from the line of the program that awaits it.
ANT_MUST_USE struct ant_join_handle
ant__job_start(ant_job *job, ant_job_fn call, const char *name);

// The future needs the block and the handle no more.
void ant__job_leave(ant_job *job, struct ant_join_handle *handle);

#endif
