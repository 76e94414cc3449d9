// SPDX-License-Identifier: MIT
//
// The runtime: it puts a scheduler on a driver, gives it a clock and a
// recorder, and lets a program in. Tokio: tokio::runtime.
//
//   ANT_MAIN(app)                      // main() that runs app() to its end
//
//   ant_runtime *rt;
//   int err = ant_runtime_new(&(ant_runtime_desc){ .worker_count = 2 }, &rt);
//   if (err < 0) return err;
//   err = ant_runtime_block_on(rt, app());
//   ant_runtime_free(rt);
//
// The pointer is the handle: any thread may use it as long as the runtime
// lives, and it needs no counting. A thread that spawns much enters the runtime
// and then uses the functions that are for the inside:
//
//   ant_runtime *outer = ant_runtime_enter(rt);
//   struct ant_join_handle cook = ant_spawn(tea(2));
//   ant_runtime_leave(outer);
//
//   function                        Tokio               cancel alloc threads
//   ANT_MAIN                        #[tokio::main]      -      yes   main
//   ant_runtime_new                 Builder::build      -      yes   any
//   ant_runtime_block_on            Runtime::block_on   -      yes   outside
//   ant_runtime_block_on_into       Runtime::block_on   -      yes   outside
//   ant_runtime_spawn               Handle::spawn       -      yes   any
//   ant_runtime_enter               Runtime::enter      -      no    any
//   ant_runtime_leave               drop(EnterGuard)    -      no    any
//   ant_runtime_here                Handle::try_current -      no    any
//   ant_runtime_free                drop(Runtime)       -      no    outside
//   ant_runtime_shutdown_timeout    shutdown_timeout    -      no    outside
//   ant_runtime_shutdown_background shutdown_background -      no    any
//   ant_runtime_ignore_threads      -                   -      no    any
//   ant_spawn                       tokio::spawn        -      yes   inside
//   ant_spawn_blocking              spawn_blocking      -      yes   inside
//   ant_spawn_blocking_mandatory    of tokio::fs        -      yes   inside
//   ant_task_tracker_spawn_blocking spawn_blocking      -      yes   inside
//   ant_block_in_place              block_in_place      -      no    any
//   ant_now_ns                      Instant::now        -      no    inside
//
// Nothing here is a future, so nothing is cancelled; what a spawn returns is
// (core/task.h). Outside means: not inside of an async task; there block_on is
// -EDEADLK, and an end of the runtime traps. A blocking job counts as outside.
//
// More of it: rt/local.h (tasks that stay on a worker), rt/pause.h (time that
// stands still), rt/metrics.h (numbers), rt/affine.h (data that stays).

#ifndef ANT_RT_RUNTIME_H
#define ANT_RT_RUNTIME_H

#include <stdbool.h>
#include <stdint.h>

#include "core/task.h"
#include "sched/hooks.h"
#include "task/task_tracker.h"

typedef struct ant_runtime ant_runtime;

typedef enum ant_flavor {
    ANT_RUNTIME_DEFAULT, // ANTFARM_FLAVOR, else multi
    ANT_RUNTIME_CURRENT, // one worker, on the thread that calls block_on
    ANT_RUNTIME_MULTI,   // one thread for each worker
    ANT_RUNTIME_SIM,     // virtual workers, virtual time, one thread, one seed
} ant_flavor;

// A task that was woken or spawned on a worker runs next there, out of turn.
typedef enum ant_lifo {
    ANT_LIFO_DEFAULT, // on in multi, as in Tokio; off in current and sim
    ANT_LIFO_ON,
    ANT_LIFO_OFF,
} ant_lifo;

// What a panic of a task does to the others. The root's own panic is told to
// who blocks on it, and a blocking job's to who awaits it, in both cases.
typedef enum ant_unhandled_panic {
    ANT_PANIC_IGNORE,    // nothing: its join handle tells
    ANT_PANIC_SHUT_DOWN, // destroys them all: block_on is -ENOTRECOVERABLE;
                         // in the current flavour only, elsewhere -ENOTSUP
} ant_unhandled_panic;

// Zero means default everywhere; so an interval of 0, which makes no sense,
// cannot be asked for. What is left 0 can be set from outside, when the program
// starts, by the environment variable named beside it.
typedef struct ant_runtime_desc {
    ant_flavor flavor;     // ANTFARM_FLAVOR: current, multi or sim
    uint32_t worker_count; // ANTFARM_WORKERS; CPUs (multi), 1 (sim)
    uint64_t seed;         // ANTFARM_SEED; 0 is a seed like any other
    const char *schedule;  // ANTFARM_SCHEDULE; which ready task is next, as
                           // "2.1.3" (rt/choices.h); sim, else -ENOTSUP
    uint32_t spurious_interval; // ANTFARM_SPURIOUS; from 2 on: every so many
                                // polls that were PENDING, on average, a task
                                // is polled for no reason, which it has to
                                // stand; sim, else -ENOTSUP
    uint32_t blocking_max;      // threads of the blocking pool; 512
    uint64_t keep_alive_ms;     // of idle blocking threads; 10,000
    uint32_t inject_interval; // polls between looks at the injection queue; 61
                              // (current: 31)
    uint32_t event_interval;  // polls between looks at timers and I/O; 61
    ant_lifo lifo;
    const char *thread_name; // of workers, before a number, as long as the
                             // runtime lives; "ant-worker". The system keeps
                             // 15 characters.
    bool start_paused; // time stands still, see rt/pause.h; multi: -ENOTSUP
    ant_unhandled_panic unhandled_panic;
    ant_hooks hooks;
    // Nothing can ever wake again: `report` says who waits for whom. When it is
    // NULL or returns, the report goes to stderr and the process ends with
    // status 3, since the threads that are stuck cannot be freed.
    void (*on_stall)(const char *report, void *arg);
    // A task panicked. NULL: one line on stderr.
    void (*on_panic)(uint32_t task, const char *name,
                     const ant_failure *failure, void *arg);
    void *arg;
} ant_runtime_desc;

// Exit status of a program that stalled; whose schedule does not fit it; that
// came to where its schedule leaves the choice open.
#define ANT_EXIT_STALLED 3
#define ANT_EXIT_MISFIT  2
#define ANT_EXIT_CHOICE  4

// Makes a runtime and starts its workers; `desc` may be NULL. Records into
// ANTFARM_TRACE, when set, with ANTFARM_TRACE_LEVEL (sched or full) and up to
// ANTFARM_TRACE_MAX bytes. 0, -EINVAL for bad values in the environment,
// -ENOTSUP for what the flavour cannot do, -ENOMEM, -EAGAIN when threads cannot
// be started, or what opening the trace said.
ANT_MUST_USE int ant_runtime_new(const ant_runtime_desc *desc,
                                 ant_runtime **ret_runtime);

// Runs a task to its end while the calling thread waits; other tasks live on.
// The task's result, or -EDEADLK when called from inside of an async task: its
// worker would wait for a task that may need this worker.
#define ant_runtime_block_on(runtime, ...)                                     \
    ant__runtime_block_on(                                                     \
        (runtime), &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base),     \
        #__VA_ARGS__, __FILE__, __LINE__)

// As ant_runtime_block_on, and copies the finished future to *dest.
#define ant_runtime_block_on_into(runtime, dest, ...)                          \
    ant__runtime_block_on_into(                                                \
        (runtime), (1 ? (dest) : (__typeof__(__VA_ARGS__) *)0),                \
        &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base), #__VA_ARGS__,  \
        __FILE__, __LINE__)

// As ant_spawn, from outside: on this runtime.
#define ant_runtime_spawn(runtime, ...)                                        \
    ant__runtime_spawn((runtime),                                              \
                       &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base), \
                       #__VA_ARGS__, __FILE__, __LINE__)

// From now on the calling thread counts as the runtime's own for ant_spawn,
// ant_spawn_blocking and ant_now_ns. Returns what it was inside of before, NULL
// for nothing, to be given to ant_runtime_leave.
ANT_MUST_USE ant_runtime *ant_runtime_enter(ant_runtime *runtime);
void ant_runtime_leave(ant_runtime *outer);

// The runtime that the calling thread is inside of, NULL for none.
ant_runtime *ant_runtime_here(void);

// Shuts down: destroys every task that is not over, waits for blocking jobs
// that have started, and frees everything. Jobs that have not started are
// cancelled, unless they are mandatory. NULL is fine.
void ant_runtime_free(ant_runtime *runtime);

// As ant_runtime_free, but waits at most `ms` for blocking jobs. False when
// some are still running: they and the runtime's memory stay until the process
// ends. Tokio: Runtime::shutdown_timeout.
bool ant_runtime_shutdown_timeout(ant_runtime *runtime, uint64_t ms);

// As ant_runtime_free, but does not wait for blocking jobs, and so a task of
// another runtime may do it; it does wait for polls under way. A task of this
// runtime may not, for it would wait for itself: a trap.
void ant_runtime_shutdown_background(ant_runtime *runtime);

// The threads of the process that exist now and are not the runtime's will
// never wake a task of it. As long as there are others, a stall is not certain:
// it is not reported, and looked at again every second. ANT_MAIN says this
// before the program's own code runs.
void ant_runtime_ignore_threads(ant_runtime *runtime);

// A job for the blocking pool: a plain function that may block its thread. The
// handle's result is what `fn` returns. An abort before it has started keeps it
// from starting; later ones do nothing.
#define ant_spawn_blocking(fn, arg)                                            \
    ant__spawn_blocking((fn), (arg),                                           \
                        &(ant_task_origin){ .name = #fn,                       \
                                            .file = __FILE__,                  \
                                            .line = __LINE__,                  \
                                            .kind = ANT_TASK_BLOCKING })

// As that, for a job that must not be lost, such as writing what was promised
// to be written: shutdown waits until it has run.
#define ant_spawn_blocking_mandatory(fn, arg)                                  \
    ant__spawn_blocking((fn), (arg),                                           \
                        &(ant_task_origin){ .name = #fn,                       \
                                            .file = __FILE__,                  \
                                            .line = __LINE__,                  \
                                            .kind = ANT_TASK_MANDATORY })

// As ant_spawn_blocking; the job counts in the tracker until it is over.
#define ant_task_tracker_spawn_blocking(tracker, fn, arg)                      \
    ant__task_tracker_spawn_blocking(                                          \
        (tracker), (fn), (arg),                                                \
        &(ant_task_origin){ .name = #fn,                                       \
                            .file = __FILE__,                                  \
                            .line = __LINE__,                                  \
                            .kind = ANT_TASK_BLOCKING })

typedef int (*ant_blocking_fn)(void *arg);

ANT_MUST_USE struct ant_join_handle
ant__spawn_blocking(ant_blocking_fn fn, void *arg,
                    const ant_task_origin *origin);
ANT_MUST_USE struct ant_join_handle
ant__task_tracker_spawn_blocking(const ant_task_tracker *tracker,
                                 ant_blocking_fn fn, void *arg,
                                 ant_task_origin *origin);

// Refused, in every flavour: -ENOTSUP, and `fn` is not called. In Tokio it
// hands the worker's whole role to another thread and lets the poll go on
// without it. Here a worker, its lane in the trace and its local tasks are one
// thread's, so that what the trace shows is what happened. Use
// ant_spawn_blocking and await the handle: it costs a hop to another thread,
// and no worker.
int ant_block_in_place(ant_blocking_fn fn, void *arg);
int ant__runtime_block_on(ant_runtime *runtime, const ant_future *future,
                          const char *name, const char *file, int line);
int ant__runtime_block_on_into(ant_runtime *runtime, void *dest,
                               const ant_future *future, const char *name,
                               const char *file, int line);
ANT_MUST_USE struct ant_join_handle
ant__runtime_spawn(ant_runtime *runtime, const ant_future *future,
                   const char *name, const char *file, int line);

// The nanoseconds of the runtime's clock, which may stand still (rt/pause.h).
uint64_t ant_now_ns(void);

// main() of a program that is one async function without arguments: makes a
// runtime, runs `struct name` to its end and frees it. Exit status 0, 1 when
// the function failed or panicked, 2 when the runtime could not be made, 3 when
// the program stalled.
#define ANT_MAIN(name)                                                         \
    int main(void)                                                             \
    {                                                                          \
        return ant__main(&(((struct name[1]){ name() })->base), #name,         \
                         __FILE__, __LINE__);                                  \
    }

int ant__main(const ant_future *future, const char *name, const char *file,
              int line);

#endif
