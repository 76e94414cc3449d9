// SPDX-License-Identifier: MIT
//
// Where am I: what the calling thread is doing for the runtime right now. Each
// real thread has one of these; a simulated thread has its own too, and the
// simulator sets which one is current when it switches. Only the thread itself
// touches it, but for what it says about being blocked.

#ifndef ANT_CORE_HERE_H
#define ANT_CORE_HERE_H

#include <stddef.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/macros.h"

struct ant_task;
struct ant_task_local_frame;
struct ant_driver;
struct ant_net;
struct ant_parker;
struct ant_resource;
struct ant_rng;
struct ant_runtime;
struct ant_scheduler;
struct ant_worker;
struct ant_cx;

typedef struct ant_here {
    struct ant_runtime *runtime;         // whose thread this is, or NULL
    struct ant_driver *driver;           // of that runtime
    struct ant_net *net;                 // of a runtime that it has entered
    struct ant_parker *parker;           // where this thread sleeps
    struct ant_rng *rng;                 // of this thread's worker, or NULL
    uint32_t lane;                       // in the trace
    struct ant_worker *worker;           // NULL on threads that are no worker
    struct ant_scheduler *scheduler;     // of that worker
    struct ant_task *task;               // being polled, or NULL
    struct ant_cx *cx;                   // of that poll
    struct ant_panic *panic;             // where ant_panic goes, or NULL
    struct ant_guard *guard;             // of the innermost loop that polls
    struct ant_task_local_frame *locals; // values in scope, innermost first
    int32_t budget;    // that several polls share, 0: each has its own
    uint32_t drop_why; // ANT_DROP_… of drops that happen now, 0: cancelled

    // written by the thread, read by any, atomic: numbers
    ant_atomic_u64 forced_yields; // polls that used up their budget

    // written by the thread, read by any, atomic: the stall report
    ant_atomic_ptr blocked_on;   // ant_resource that the whole thread waits for
    ant_atomic_ptr blocked_in;   // or ant_future
    ant_atomic_ptr blocked_file; // where in the program
    ant_atomic_u32 blocked_line;
} ant_here;

// What ant__here() gives, NULL before its first call on a thread. It is read
// with every poll and every wake: a thread finds it in two instructions, also
// from inside of a shared library.
extern _Thread_local ant_here *ant__here_current ANT_TLS_FAST;

ANT_NOINLINE ant_here *ant__here_first(void);

// The calling thread's own. Never NULL.
static inline ant_here *ant__here(void)
{
    ant_here *here = ant__here_current;
    return ANT_LIKELY(here != NULL) ? here : ant__here_first();
}

// Makes `here` current on this thread; NULL goes back to the thread's own.
void ant__here_set(ant_here *here);

// Ends the program: `what` was called where there is no runtime.
ANT_NORETURN void ant__no_runtime_here(const char *what);

// A value of a task-local key (task/task_local.h) while its scope is entered.
// It lives in the future that is the scope, so it moves between threads with
// it.
typedef struct ant_task_local_frame {
    const void *key;
    void *value;
    struct ant_task *task; // that is in the scope
    struct ant_task_local_frame *outer;
} ant_task_local_frame;

// Id of the task being polled on this thread, 0 for none. Tokio: task::try_id.
uint32_t ant_task_id_here(void);

// Writes the name of that task, as ant_task_name does.
void ant_task_name_here(char *ret_name, size_t size);

#endif
