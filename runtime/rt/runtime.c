// SPDX-License-Identifier: MIT

#include "rt/runtime.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "core/task_block.h"
#include "reactor/reactor.h"
#include "rt/runtime_impl.h"
#include "rt/stall.h"
#include "sim/sim.h"
#include "trace/trace.h"

static ant_atomic_u32 runtime_count;
static ant_atomic_u32 harmless_threads;

// All runtimes, the oldest first, so that a debugger finds them (gdb/ant.py).
static ant_os_mutex runtimes_lock = ANT_OS_MUTEX_INIT;
static ant_list runtimes = { &runtimes, &runtimes }; // under runtimes_lock

static uint64_t timers_now(void *arg);
static void on_earlier(void *arg);
static bool has_strangers(void *arg);
static void on_stall(void *arg);
static void on_panic(const ant_task *task, const ant_failure *failure,
                     void *arg);
static int start(ant_runtime *runtime);
static int start_sched(ant_runtime *runtime);
static void dismantle(ant_runtime *runtime);
static void enlist(ant_runtime *runtime);
static void delist(ant_runtime *runtime);
static bool shut_down(ant_runtime *runtime, uint64_t deadline_ns);

int ant_runtime_new(const ant_runtime_desc *desc, ant_runtime **ret_runtime)
{
    ant__crash_install();
    ant_runtime *runtime = ant_mem_alloc(sizeof *runtime);
    if (runtime == NULL) return -ENOMEM;
    if (desc != NULL) runtime->desc = *desc;
    int err = ant__runtime_defaults(&runtime->desc);
    if (err == 0) {
        err = runtime->desc.flavor == ANT_RUNTIME_SIM
                  ? ant_sim_driver_new(runtime->desc.seed, &runtime->driver)
                  : ant_reactor_driver_new(&runtime->driver);
    }
    if (err == 0) err = start(runtime);
    if (err < 0) {
        if (runtime->driver != NULL)
            runtime->driver->ops->free(runtime->driver);
        ant_mem_free(runtime);
        return err;
    }
    *ret_runtime = runtime;
    return 0;
}

static int start(ant_runtime *runtime)
{
    const ant_runtime_desc *desc = &runtime->desc;
    int err = ant__runtime_record(runtime);
    if (err < 0) return err;
    ant_os_mutex_init(&runtime->lock);
    ant_list_init(&runtime->waiting);
    ant_timers_init(&runtime->timers,
                    &(ant_timers_desc){
                        .now_ns = timers_now,
                        .on_earlier = on_earlier,
                        .arg = runtime->driver,
                        .is_virtual = desc->flavor == ANT_RUNTIME_SIM,
                    });
    ANT_TRACE(runtime_start,
              .flavor = (uint64_t)desc->flavor - ANT_RUNTIME_CURRENT,
              .workers = desc->worker_count, .seed = desc->seed);
    err = start_sched(runtime);
    if (err < 0)
        dismantle(runtime);
    else
        enlist(runtime);
    return err;
}

static int start_sched(ant_runtime *runtime)
{
    const ant_runtime_desc *desc = &runtime->desc;
    const ant_sched_desc sched_desc = {
        .driver = runtime->driver,
        .timers = &runtime->timers,
        .runtime = runtime,
        .worker_count = desc->worker_count,
        .seed = desc->seed,
        .is_current = desc->flavor == ANT_RUNTIME_CURRENT,
        .is_sim = desc->flavor == ANT_RUNTIME_SIM,
        .has_lifo = desc->lifo == ANT_LIFO_ON,
        .inject_interval = desc->inject_interval,
        .event_interval = desc->event_interval,
        .blocking_max = desc->blocking_max,
        .keep_alive_ns = desc->keep_alive_ms * ANT_NS_PER_MS,
        .has_strangers = has_strangers,
        .on_stall = on_stall,
        .on_panic = on_panic,
        .arg = runtime,
    };
    int err = ant_sched_init(&runtime->sched, &sched_desc);
    if (err < 0) return err;
    err = ant_sched_start(&runtime->sched);
    if (err < 0) ant_sched_deinit(&runtime->sched);
    return err;
}

// The opposite of start, when the scheduler is gone.
static void dismantle(ant_runtime *runtime)
{
    if (runtime->owns_recording) (void)ant_trace_stop();
    ant_timers_deinit(&runtime->timers);
    ant_os_mutex_deinit(&runtime->lock);
}

static void enlist(ant_runtime *runtime)
{
    ant_os_mutex_lock(&runtimes_lock);
    ant_list_push_back(&runtimes, &runtime->place);
    ant_os_mutex_unlock(&runtimes_lock);
    ant_atomic_add(&runtime_count, 1, ANT_SEQ_CST);
}

static void delist(ant_runtime *runtime)
{
    ant_os_mutex_lock(&runtimes_lock);
    ant_list_remove(&runtime->place);
    ant_os_mutex_unlock(&runtimes_lock);
}

void ant_runtime_free(ant_runtime *runtime)
{
    if (runtime == NULL) return;
    bool is_done = shut_down(runtime, ANT_NS_NEVER);
    ANT_ASSERT(is_done);
}

bool ant_runtime_shutdown_timeout(ant_runtime *runtime, uint64_t ms)
{
    ant_driver *driver = runtime->driver;
    return shut_down(runtime, driver->ops->now_ns(driver) + ms * ANT_NS_PER_MS);
}

static bool shut_down(ant_runtime *runtime, uint64_t deadline_ns)
{
    if (ant__here()->task != NULL)
        ant__crash(__FILE__, __LINE__,
                   "a runtime cannot be freed from inside of a task");
    if (!ant_sched_stop(&runtime->sched, deadline_ns)) return false;
    ANT_TRACE(runtime_stop, .phase = ANT_PHASE_DONE);
    delist(runtime);
    ant_sched_deinit(&runtime->sched);
    dismantle(runtime);
    runtime->driver->ops->free(runtime->driver);
    ant_mem_free(runtime);
    ant_atomic_sub(&runtime_count, 1, ANT_SEQ_CST);
    return true;
}

// ---- Spawning ----

static ant_runtime *runtime_here(void)
{
    ant_runtime *runtime = ant__here()->runtime;
    if (runtime == NULL)
        ant__crash(__FILE__, __LINE__,
                   "ant_spawn needs a runtime: call it inside of a task, or "
                   "use ant_runtime_spawn");
    return runtime;
}

struct ant_join_handle ant__runtime_spawn(ant_runtime *runtime,
                                          const ant_future *future,
                                          const char *name, const char *file,
                                          int line)
{
    const ant_task_origin origin = {
        .name = name,
        .file = file,
        .line = (uint32_t)line,
        .kind = ANT_TASK_ASYNC,
    };
    return ant_sched_spawn(&runtime->sched, future, &origin);
}

struct ant_join_handle ant__spawn(const ant_future *future, const char *name,
                                  const char *file, int line)
{
    return ant__runtime_spawn(runtime_here(), future, name, file, line);
}

struct ant_join_handle ant__spawn_from(const ant_future *future,
                                       const ant_task_origin *origin)
{
    return ant_sched_spawn(&runtime_here()->sched, future, origin);
}

struct ant_join_handle ant__spawn_into(void *dest, const ant_future *future,
                                       const char *name, const char *file,
                                       int line)
{
    struct ant_join_handle handle = ant__spawn(future, name, file, line);
    handle.out = dest;
    return handle;
}

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
                                           const char *name, const char *file,
                                           int line)
{
    const struct blocking_job job = { ANT_INIT(blocking_job), .fn = fn,
                                      .arg = arg };
    const ant_task_origin origin = {
        .name = name,
        .file = file,
        .line = (uint32_t)line,
        .kind = ANT_TASK_BLOCKING,
    };
    return ant_sched_spawn(&runtime_here()->sched, &job.base, &origin);
}

uint64_t ant_now_ns(void)
{
    ant_driver *driver = runtime_here()->driver;
    return driver->ops->now_ns(driver);
}

// ---- The world around ----

uint32_t ant__runtime_count(void)
{
    return ant_atomic_load(&runtime_count, ANT_SEQ_CST);
}

static uint64_t timers_now(void *arg)
{
    ant_driver *driver = arg;
    return driver->ops->now_ns(driver);
}

static void on_earlier(void *arg)
{
    ant_driver *driver = arg;
    driver->ops->timer_changed(driver);
}

static uint32_t blocking_threads(ant_blocking *pool)
{
    ant_os_mutex_lock(&pool->lock);
    const uint32_t count = pool->alive;
    ant_os_mutex_unlock(&pool->lock);
    return count;
}

// The thread that blocks, and those that the runtime has started.
static uint32_t own_threads(ant_runtime *runtime)
{
    uint32_t own = 1;
    if (runtime->desc.flavor == ANT_RUNTIME_MULTI)
        own += runtime->desc.worker_count;
    if (runtime->desc.flavor != ANT_RUNTIME_SIM)
        own += blocking_threads(&runtime->sched.blocking);
    return own;
}

// Threads that are not ours could wake a task at any time: no stall is certain
// while there are any.
static bool has_strangers(void *arg)
{
    ant_runtime *runtime = arg;
    if (ant__runtime_count() > 1) return true;
    const int count = ant_os_thread_count();
    const uint32_t harmless = ant_atomic_load(&harmless_threads, ANT_SEQ_CST);
    return count < 0 || (uint32_t)count > own_threads(runtime) + harmless;
}

void ant__runtime_note_threads(ant_runtime *runtime)
{
    const int count = ant_os_thread_count();
    const uint32_t own = own_threads(runtime);
    if (count > (int)own)
        ant_atomic_store(&harmless_threads, (uint32_t)count - own, ANT_SEQ_CST);
}

static void on_stall(void *arg)
{
    ant_runtime *runtime = arg;
    static char report[8192]; // everybody else stands still
    ant__stall_report(&runtime->sched, report, sizeof report);
    if (ant_trace_path() != NULL) (void)ant_trace_stop();
    if (runtime->desc.on_stall != NULL)
        runtime->desc.on_stall(report, runtime->desc.arg);
    ant__stall_exit(report);
}

static void on_panic(const ant_task *task, const ant_failure *failure,
                     void *arg)
{
    const ant_runtime_desc *desc = &((ant_runtime *)arg)->desc;
    char name[64];
    (void)snprintf(name, sizeof name, "%.*s", ant_task_name_len(task),
                   task->name);
    if (desc->on_panic != NULL)
        desc->on_panic(task->id, name, failure, desc->arg);
    else
        ant__panic_print(task->id, name, failure);
}
