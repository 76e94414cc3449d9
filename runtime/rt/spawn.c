// SPDX-License-Identifier: MIT
//
// The ways into a runtime for tasks and jobs, from its own threads and from
// those that have entered it.

#include <errno.h>

#include "rt/local.h"
#include "rt/runtime_impl.h"

static struct ant_net *net_of(const ant_runtime *runtime)
{
    return runtime != NULL ? runtime->driver->net : NULL;
}

ant_runtime *ant_runtime_enter(ant_runtime *runtime)
{
    ant_here *here = ant__here();
    ant_runtime *outer = here->runtime;
    here->runtime = runtime;
    here->net = net_of(runtime);
    return outer;
}

void ant_runtime_leave(ant_runtime *outer)
{
    ant__here()->runtime = outer;
    ant__here()->net = net_of(outer);
}

ant_runtime *ant_runtime_here(void)
{
    return ant__here()->runtime;
}

ant_runtime *ant__runtime_here(const char *what)
{
    ant_runtime *runtime = ant_runtime_here();
    if (ANT_LIKELY(runtime != NULL)) return runtime;
    ant__no_runtime_here(what);
}

bool ant__is_async_here(void)
{
    const ant_task *task = ant__here()->task;
    return task != NULL && !ant_blocking_is_job(task);
}

// ---- Tasks ----

struct ant_join_handle ant__runtime_spawn(ant_runtime *runtime,
                                          const ant_future *future,
                                          const char *name, const char *file,
                                          int line)
{
    const ant_task_origin origin = { name, file, (uint32_t)line,
                                     .kind = ANT_TASK_ASYNC };
    return ant_sched_spawn(&runtime->sched, future, &origin);
}

struct ant_join_handle ant__spawn(const ant_future *future, const char *name,
                                  const char *file, int line)
{
    return ant__runtime_spawn(ant__runtime_here("ant_spawn"), future, name,
                              file, line);
}

struct ant_join_handle ant__spawn_from(const ant_future *future,
                                       const ant_task_origin *origin)
{
    return ant_sched_spawn(&ant__runtime_here("ant_spawn")->sched, future,
                           origin);
}

struct ant_join_handle ant__spawn_into(void *dest, const ant_future *future,
                                       const char *name, const char *file,
                                       int line)
{
    struct ant_join_handle handle = ant__spawn(future, name, file, line);
    handle.out = dest;
    return handle;
}

struct ant_join_handle ant__spawn_local(const ant_future *future,
                                        const char *name, const char *file,
                                        int line)
{
    const ant_task_origin origin = { name, file, (uint32_t)line,
                                     .kind = ANT_TASK_LOCAL };
    return ant_sched_spawn_local(&ant__runtime_here("ant_spawn_local")->sched,
                                 future, &origin);
}

struct ant_join_handle ant__spawn_local_into(void *dest,
                                             const ant_future *future,
                                             const char *name, const char *file,
                                             int line)
{
    struct ant_join_handle handle = ant__spawn_local(future, name, file, line);
    handle.out = dest;
    return handle;
}

// ---- Blocking jobs ----

// A blocking job as a future: its one poll, on a thread of the pool, is the
// whole job.
struct blocking_job {
    ant_future base;
    ant_blocking_fn fn;
    void *arg;
};

ANT_ASYNC(blocking_job)
{
    self->base.result = self->fn(self->arg);
    return ANT_READY;
}

struct ant_join_handle ant__spawn_blocking(ant_blocking_fn fn, void *arg,
                                           const ant_task_origin *origin)
{
    const struct blocking_job job = { ANT_INIT(blocking_job), .fn = fn,
                                      .arg = arg };
    ant_runtime *runtime = ant__runtime_here("ant_spawn_blocking");
    return ant_sched_spawn(&runtime->sched, &job.base, origin);
}

struct ant_join_handle
ant__task_tracker_spawn_blocking(const ant_task_tracker *tracker,
                                 ant_blocking_fn fn, void *arg,
                                 ant_task_origin *origin)
{
    ant__task_tracker_begin(tracker, origin);
    struct ant_join_handle handle = ant__spawn_blocking(fn, arg, origin);
    if (handle.task == NULL) ant__task_tracker_undo(tracker);
    return handle;
}

int ant_block_in_place(ant_blocking_fn fn, void *arg)
{
    (void)fn, (void)arg;
    return -ENOTSUP;
}
