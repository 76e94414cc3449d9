// SPDX-License-Identifier: MIT
//
// A task is a future that runs by itself: a scheduler polls it whenever its
// waker is used. It is one block of memory, header and future together, and it
// lives until the last reference (scheduler, join handle, wakers) is gone.
// Tokio: tokio::task.
//
//   case APP_START:
//       self->tea = ant_spawn(make_tea(2));
//       return ANT_NEXT(APP_JOINING);
//   case APP_JOINING:
//       ANT_AWAIT(self->tea);
//       if (self->tea.base.result < 0) return ANT_FAIL(self->tea.base.result);
//       return ANT_READY;
//
//   function              Tokio                    cancel  alloc  threads
//   ant_spawn             tokio::spawn             -       yes    a runtime's
//   ant_spawn_named       task::Builder::name      -       yes    a runtime's
//   ant_spawn_into        let x = spawn().await    -       yes    a runtime's
//   ANT_AWAIT(handle)     JoinHandle::await        yes     no     any
//   ant_task_abort        JoinHandle::abort        -       no     any
//   ant_task_detach       drop(JoinHandle)         -       no     the owner's
//   ant_task_is_finished  JoinHandle::is_finished  -       no     any
//   ant_task_id           JoinHandle::id           -       no     any
//   ant_task_name         -                        -       no     any
//   ant_task_failure      JoinError                -       no     the owner's
//   ant_task_id_here      task::try_id             -       no     any
//   ant_task_name_here    -                        -       no     any
//   ant_task_new          -                        -       yes    any
//   ant_task_start        -                        -       no     any
//   ant_task_run          -                        -       no     a scheduler's
//   ant_task_guard        -                        -       no     a scheduler's
//   ant_task_shutdown     -                        -       no     a scheduler's
//
// Awaiting a handle is cancel-safe: a handle that was dropped out of a select
// by reference still has its task.

#ifndef ANT_CORE_TASK_H
#define ANT_CORE_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "core/failure.h"
#include "core/future.h"
#include "core/here.h"

typedef struct ant_task ant_task;
typedef struct ant_scheduler ant_scheduler;
typedef struct ant_task_origin ant_task_origin;

// The right to ask for a task's end; a future that is READY when the task is
// over. Its result is that of the task's future, -ECANCELED after an abort, or
// -ENOTRECOVERABLE after a panic. Giving the handle up without waiting lets the
// task run on by itself.
struct ant_join_handle {
    ant_future base;
    ant_task *task;             // NULL once READY or detached
    void *out;                  // where the finished future goes, or NULL
    const ant_failure *failure; // after a bad end
    bool has_waited;            // it was PENDING before
};

// Starts `future` (a call of a constructor) as a task on the runtime of the
// calling thread. If there is no memory, the handle is READY at once with
// -ENOMEM; after shutdown has begun, with -ECANCELED. Then the future is
// dropped.
#define ant_spawn(...)                                                         \
    ant__spawn(&(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base),         \
               #__VA_ARGS__, __FILE__, __LINE__)

// As ant_spawn with a name of your own, which must outlive the task.
#define ant_spawn_named(name, ...)                                             \
    ant__spawn(&(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base), (name), \
               __FILE__, __LINE__)

// As ant_spawn; when the handle is READY, the finished future has been copied
// to *dest, a struct of the same type, so that its outputs can be read. `dest`
// must stay where it is until then.
#define ant_spawn_into(dest, ...)                                              \
    ant__spawn_into((1 ? (dest) : (__typeof__(__VA_ARGS__) *)0),               \
                    &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base),    \
                    #__VA_ARGS__, __FILE__, __LINE__)

ANT_MUST_USE struct ant_join_handle ant__spawn(const ant_future *future,
                                               const char *name,
                                               const char *file, int line);
ANT_MUST_USE struct ant_join_handle
ant__spawn_from(const ant_future *future, const ant_task_origin *origin);
ANT_MUST_USE struct ant_join_handle ant__spawn_into(void *dest,
                                                    const ant_future *future,
                                                    const char *name,
                                                    const char *file, int line);

// Asks the task to stop: it is destroyed at its next PENDING, or before its
// first poll, unless it is READY first. Idempotent; late aborts do nothing.
void ant_task_abort(const struct ant_join_handle *handle);

// Gives the handle up: the task runs on, and nobody hears of its end. Does
// nothing to a handle that is READY.
void ant_task_detach(struct ant_join_handle *handle);

// True once the future is destroyed and the result is known.
bool ant_task_is_finished(const struct ant_join_handle *handle);

// The task's number in the trace; 0 once the handle is READY or detached.
uint32_t ant_task_id(const struct ant_join_handle *handle);

// Writes the task's name without arguments, cut to `size`: "fetch_user" when it
// was spawned as `fetch_user(7)`; "" once the handle is READY or detached.
void ant_task_name(const struct ant_join_handle *handle, char *ret_name,
                   size_t size);

// How a READY handle's task failed, for as long as the process runs; NULL when
// it did not.
static inline const ant_failure *
ant_task_failure(const struct ant_join_handle *handle)
{
    return handle->failure;
}

// ---- For those who write an executor ----

// Why a scheduler is handed a task.
typedef enum ant_schedule {
    ANT_SCHEDULE_SPAWN, // it is new
    ANT_SCHEDULE_WAKE,  // it was woken
    ANT_SCHEDULE_BACK,  // it was woken while polled: behind the others
    ANT_SCHEDULE_YIELD, // it yielded: behind everything, after the drivers
} ant_schedule;

// Who runs tasks. `schedule` puts a task into a run queue, from any thread, and
// must not fail. `release` is called once, when the task's future is destroyed,
// by the thread that ran it: the scheduler forgets the task, whose memory stays
// while others hold references. `ended` is called after everybody
// heard of the end, when the task may be gone, if is_watched says so.
// `panicked` may be NULL; it hears of a panic before the join handle does.
typedef struct ant_scheduler_ops {
    void (*schedule)(ant_scheduler *self, ant_task *task, ant_schedule how);
    void (*release)(ant_scheduler *self, ant_task *task);
    void (*ended)(ant_scheduler *self, uint32_t id, const char *name);
    void (*panicked)(ant_scheduler *self, ant_task *task,
                     const ant_failure *failure);
} ant_scheduler_ops;

struct ant_scheduler {
    const ant_scheduler_ops *ops;
    struct ant_clock *clock; // for the tasks' timers, or NULL
    bool is_watched;         // somebody wants `ended` to be called
};

// Hears of a task's end, once, when its result is known, on the thread that
// ended it. Embedded in whatever wants to know and outlives the task.
typedef struct ant_task_hook {
    void (*ended)(struct ant_task_hook *self);
} ant_task_hook;

// Where a task comes from, for the trace and for messages, and who wants to
// hear of its end.
struct ant_task_origin {
    const char *name;
    const char *file;
    uint32_t line;
    uint32_t kind;       // ANT_TASK_…
    ant_task_hook *hook; // may be NULL
};

// Makes a task of a copy of `future`. The caller starts it with
// ant_task_start(). NULL when there is no memory.
ANT_MUST_USE ant_task *ant_task_new(ant_scheduler *scheduler,
                                    const ant_future *future,
                                    const ant_task_origin *origin);

// Hands a new task to its scheduler. *ret_handle is its join handle.
void ant_task_start(ant_task *task, struct ant_join_handle *ret_handle);

// Runs a task that the scheduler took from its queue: polls it once, or
// destroys it when it was aborted. `queue` (ANT_QUEUE_…) and `len` say from
// where and how many were left, for the trace.
void ant_task_run(ant_task *task, uint32_t queue, uint32_t len);

// For a loop that runs many tasks: calls loop(arg), and has every panic of a
// task that it runs land here. Then the task is over, the call of
// ant_task_run never returns, and loop(arg) is called again. Without this each
// run has to set up a place to land by itself, which costs as much as a poll.
void ant_task_guard(void (*loop)(void *arg), void *arg);

// Shutdown: destroys a task unless it is running or over. Its result is
// -ECANCELED, and the scheduler's release is called.
void ant_task_shutdown(ant_task *task);

// The join handle of a new task; and one that is READY with `err` at once.
extern ant_future_ops *const ant__join_handle_ops;

ANT_MUST_USE static inline struct ant_join_handle
ant__join_handle(ant_task *task)
{
    struct ant_join_handle handle;
    handle.base = (ant_future)ANT__NEW_BASE(ant__join_handle_ops);
    handle.task = task;
    handle.out = NULL;
    handle.failure = NULL;
    handle.has_waited = false;
    return handle;
}

ANT_MUST_USE struct ant_join_handle ant__join_handle_failed(int err);

// For a thread that waits for a task: true when the task is over, and the
// handle holds what it left; otherwise its end will wake `waker`.
ANT_MUST_USE bool ant__join_handle_wait(struct ant_join_handle *handle,
                                        const ant_waker *waker);

#endif
