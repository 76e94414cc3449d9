// SPDX-License-Identifier: MIT
//
// A task tracker counts tasks, so that a program can wait until all of them are
// over: the last step of a graceful shutdown. Unlike a join set it keeps no
// results and costs nothing for tasks that have ended. A tracker is a counted
// handle; clones are equal, each belongs to its owner, who drops it. Tokio:
// tokio_util::task::TaskTracker.
//
//   int err = ant_task_tracker_new("connections", &self->tracker);
//   if (err < 0) return ANT_FAIL(err);
//   for (int i = 0; i < 3; i++) {
//       struct ant_join_handle handle =
//           ant_task_tracker_spawn(&self->tracker, serve(i));
//       ant_task_detach(&handle);
//   }
//   ant_task_tracker_close(&self->tracker);
//   self->wait = ant_task_tracker_wait(&self->tracker);
//   return ANT_NEXT(SERVER_DRAINING);
//
//   case SERVER_DRAINING:
//       ANT_AWAIT(self->wait); // all three are over
//       ant_task_tracker_drop(&self->tracker);
//
// Waiting ends when the tracker is closed and empty at once: a tracker that is
// empty but open may get a task at any time. Closing does not keep tasks out,
// and it can be undone.
//
// The hard thing: closed and empty may be true for a moment only. So each such
// moment is counted, and a wait that began before it ends, however late it is
// polled.
//
//   function                         TaskTracker::   cancel    alloc  threads
//   ant_task_tracker_new             new             -         yes    any
//   ant_task_tracker_clone           clone           -         no     any
//   ant_task_tracker_drop            drop            -         no     any
//   ant_task_tracker_spawn           spawn           -         yes    inside
//   ant_task_tracker_spawn_into      spawn           -         yes    inside
//   ant_task_tracker_spawn_blocking  spawn_blocking  -         yes    inside
//   ant_task_tracker_track_future    track_future    as inner  no     any
//   ant_task_tracker_close           close           -         no     any
//   ant_task_tracker_reopen          reopen          -         no     any
//   ant_task_tracker_wait            wait            yes       no     any
//   ant_task_tracker_len             len             -         no     any
//   ant_task_tracker_is_empty        is_empty        -         no     any
//   ant_task_tracker_is_closed       is_closed       -         no     any
//
// Inside: on a thread of a runtime. The blocking one is in rt/runtime.h.

#ifndef ANT_TASK_TASK_TRACKER_H
#define ANT_TASK_TASK_TRACKER_H

#include <stdbool.h>
#include <stdint.h>

#include "core/task.h"
#include "core/waitlist.h"

typedef struct ant_tracker_core ant_tracker_core;

// {0} is dropped.
typedef struct ant_task_tracker {
    ant_tracker_core *core;
} ant_task_tracker;

// READY when the tracker was closed and empty after this was made, or is so.
// While it waits it counts as a handle.
struct ant_task_tracker_wait {
    ant_future base;
    ant_tracker_core *core;
    uint32_t moment; // that had been when it was made
    bool is_waiting;
    ant_waiter waiter;
};

// READY when the future in it is, with its result. It counts from the moment
// it is made until it ends, READY or dropped, also before its first poll.
struct ant_task_tracker_track_future {
    ant_future base;
    const char *name; // of the future in the source
    ant_future *inner;
    ant_tracker_core *core;
};

// Makes an open, empty tracker. 0 or -ENOMEM. The name, for the trace, must
// outlive it.
#define ant_task_tracker_new(name, ret_tracker)                                \
    ant__task_tracker_new((name), (ret_tracker), __FILE__, __LINE__)

// A second handle of the same tracker.
ANT_MUST_USE ant_task_tracker
ant_task_tracker_clone(const ant_task_tracker *tracker);

// Gives the handle up; tasks run on. Dropping twice does nothing.
void ant_task_tracker_drop(ant_task_tracker *tracker);

// As ant_spawn; the task counts until it is over.
#define ant_task_tracker_spawn(tracker, ...)                                   \
    ant__task_tracker_spawn(                                                   \
        (tracker), NULL,                                                       \
        &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base), #__VA_ARGS__,  \
        __FILE__, __LINE__)

// As ant_spawn_into; the task counts until it is over.
#define ant_task_tracker_spawn_into(tracker, dest, ...)                        \
    ant__task_tracker_spawn(                                                   \
        (tracker), (1 ? (dest) : (__typeof__(__VA_ARGS__) *)0),                \
        &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base), #__VA_ARGS__,  \
        __FILE__, __LINE__)

// Counts one more, until the task whose origin it is ends; or, when that did
// not become a task, until this is undone.
void ant__task_tracker_begin(const ant_task_tracker *tracker,
                             ant_task_origin *origin);
void ant__task_tracker_undo(const ant_task_tracker *tracker);

// Polls `inner`, which lives beside it and ends with it, and counts meanwhile.
#define ant_task_tracker_track_future(tracker, inner)                          \
    ant__task_tracker_track_future((tracker), (inner), #inner)

// Lets those who wait go when the tracker is empty, now or later. False when it
// was closed before.
bool ant_task_tracker_close(const ant_task_tracker *tracker);

// Undoes that. False when it was open.
bool ant_task_tracker_reopen(const ant_task_tracker *tracker);

// Waits until the tracker is closed and empty. Until its first poll, `tracker`
// must not be dropped.
#define ant_task_tracker_wait(tracker)                                         \
    ant__task_tracker_wait((tracker), __LINE__)

// Tasks and futures that are not over.
ANT_MUST_USE uint32_t ant_task_tracker_len(const ant_task_tracker *tracker);
ANT_MUST_USE bool ant_task_tracker_is_closed(const ant_task_tracker *tracker);

static inline bool ant_task_tracker_is_empty(const ant_task_tracker *tracker)
{
    return ant_task_tracker_len(tracker) == 0;
}

ANT_MUST_USE int ant__task_tracker_new(const char *name,
                                       ant_task_tracker *ret_tracker,
                                       const char *file, uint32_t line);
ANT_MUST_USE struct ant_join_handle
ant__task_tracker_spawn(const ant_task_tracker *tracker, void *dest,
                        const ant_future *future, const char *name,
                        const char *file, int line);
ANT_MUST_USE struct ant_task_tracker_track_future
ant__task_tracker_track_future(const ant_task_tracker *tracker,
                               ant_future *inner, const char *name);
ANT_MUST_USE struct ant_task_tracker_wait
ant__task_tracker_wait(const ant_task_tracker *tracker, uint32_t line);

#endif
