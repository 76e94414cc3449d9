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
static int refuse_unsupported(const ant_runtime_desc *desc);
static bool has_strangers(void *arg);
static uint32_t choose(uint32_t count, void *arg);
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
    if (runtime->desc.schedule != NULL)
        runtime->choices =
            ant__choices(runtime->desc.schedule, runtime->desc.seed);
    if (err == 0) err = refuse_unsupported(&runtime->desc);
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

// A simulation's time always stands still while anything runs.
static int refuse_unsupported(const ant_runtime_desc *desc)
{
    const bool is_multi = desc->flavor == ANT_RUNTIME_MULTI;
    const bool is_current = desc->flavor == ANT_RUNTIME_CURRENT;
    const bool is_sim = desc->flavor == ANT_RUNTIME_SIM;
    if (desc->start_paused && is_multi) return -ENOTSUP;
    if (desc->schedule != NULL && !is_sim) return -ENOTSUP;
    if (desc->spurious_interval != 0 && !is_sim) return -ENOTSUP;
    if (desc->unhandled_panic != ANT_PANIC_IGNORE && !is_current)
        return -ENOTSUP;
    return 0;
}

static int start(ant_runtime *runtime)
{
    const ant_runtime_desc *desc = &runtime->desc;
    ant_timebase_init(&runtime->timebase, runtime->driver);
    int err = ant__runtime_record(runtime);
    if (err < 0) return err;
    ant_os_mutex_init(&runtime->lock);
    ant_list_init(&runtime->waiting);
    ant_timers_init(&runtime->timers,
                    &(ant_timers_desc){
                        .now_ns = timers_now,
                        .on_earlier = on_earlier,
                        .arg = runtime,
                        .is_virtual = desc->flavor == ANT_RUNTIME_SIM,
                    });
    ANT_TRACE(runtime_start,
              .flavor = (uint64_t)desc->flavor - ANT_RUNTIME_CURRENT,
              .workers = desc->worker_count, .seed = desc->seed);
    if (desc->start_paused) ant__runtime_pause(runtime);
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
        .timebase = &runtime->timebase,
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
        .thread_name = desc->thread_name,
        .hooks = desc->hooks,
        .stops_on_panic = desc->unhandled_panic == ANT_PANIC_SHUT_DOWN,
        .spurious_interval = desc->spurious_interval,
        .choose = desc->schedule != NULL ? choose : NULL,
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

// A job of the blocking pool may wait, but not for the end of its own pool.
static void trap_inside(const ant_runtime *runtime)
{
    const ant_here *here = ant__here();
    if (ant__is_async_here())
        ant__crash(__FILE__, __LINE__,
                   "a runtime cannot be freed from inside of a task: that "
                   "would block the task's worker. Free it where it was made, "
                   "or use ant_runtime_shutdown_background");
    if (here->task != NULL && here->runtime == runtime)
        ant__crash(__FILE__, __LINE__,
                   "a runtime cannot be freed by one of its own jobs, which "
                   "would wait for itself");
}

void ant_runtime_free(ant_runtime *runtime)
{
    if (runtime == NULL) return;
    trap_inside(runtime);
    bool is_done = shut_down(runtime, ANT_NS_NEVER);
    ANT_ASSERT(is_done);
}

bool ant_runtime_shutdown_timeout(ant_runtime *runtime, uint64_t ms)
{
    ant_driver *driver = runtime->driver;
    trap_inside(runtime);
    return shut_down(runtime, ant_clock_add(driver->ops->now_ns(driver),
                                            ant_clock_ns_of_ms(ms)));
}

void ant_runtime_shutdown_background(ant_runtime *runtime)
{
    const ant_here *here = ant__here();
    if (here->task != NULL && here->runtime == runtime)
        ant__crash(__FILE__, __LINE__,
                   "a runtime cannot be shut down by one of its own tasks, "
                   "which would wait for itself");
    (void)shut_down(runtime, 0);
}

static bool shut_down(ant_runtime *runtime, uint64_t deadline_ns)
{
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

// ---- The world around ----

uint32_t ant__runtime_count(void)
{
    return ant_atomic_load(&runtime_count, ANT_SEQ_CST);
}

static uint64_t timers_now(void *arg)
{
    return ant_timebase_now(&((const ant_runtime *)arg)->timebase);
}

static void on_earlier(void *arg)
{
    ant_driver *driver = ((ant_runtime *)arg)->driver;
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
// while there are any. No other thread can reach into a simulation.
static bool has_strangers(void *arg)
{
    ant_runtime *runtime = arg;
    if (runtime->desc.flavor == ANT_RUNTIME_SIM) return false;
    if (ant__runtime_count() > 1) return true;
    const int count = ant_os_thread_count();
    const uint32_t harmless = ant_atomic_load(&harmless_threads, ANT_SEQ_CST);
    return count < 0 || (uint32_t)count > own_threads(runtime) + harmless;
}

void ant_runtime_ignore_threads(ant_runtime *runtime)
{
    const int count = ant_os_thread_count();
    const uint32_t own = own_threads(runtime);
    if (count > (int)own)
        ant_atomic_store(&harmless_threads, (uint32_t)count - own, ANT_SEQ_CST);
}

static uint32_t choose(uint32_t count, void *arg)
{
    ant_runtime *runtime = arg;
    uint32_t place;
    if (ant__choices_next(&runtime->choices, count, &place) == ANT_CHOSEN)
        return place;
    ANT_TRACE(pick, .of = count);
    if (ant_trace_path() != NULL) (void)ant_trace_stop();
    ant__schedule_exit(&runtime->choices, count);
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
