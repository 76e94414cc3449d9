// SPDX-License-Identifier: MIT
//
// A task-local value is one that a task's futures find without being handed it:
// the id of a request, a user, a tracing span. A key names it, and a scope says
// for which future it holds: while that future is polled or dropped, and in no
// other moment. The key is static, the value belongs to the caller and outlives
// the scope, and another task never sees it, nor does one that is spawned
// within. Tokio: tokio::task_local!.
//
//   static ant_task_local request_id = ANT_TASK_LOCAL("request_id");
//
//   case SERVER_START:
//       self->id = 7;
//       self->answer = answer();
//       self->scope = ant_task_local_scope(&request_id, &self->id,
//                                          &self->answer.base);
//       return ANT_NEXT(SERVER_ANSWERING);
//   case SERVER_ANSWERING:
//       ANT_AWAIT(self->scope);
//
// and anywhere below: `const int *id = ant_task_local_get(&request_id);`
//
// The hard thing is that this is no variable of the thread: between two polls
// the task may move to another worker. So the value lives in the scope's own
// future, which puts it before the others when its poll begins and takes it
// away when the poll returns. Scopes may be nested, of one key too: the
// innermost counts.
//
//   function                  Tokio                cancel-safe alloc threads
//   ANT_TASK_LOCAL            task_local!          -           no    -
//   ant_task_local_scope      LocalKey::scope      as inner    no    the task's
//   ant_task_local_sync_scope LocalKey::sync_scope -           no    any
//   ant_task_local_get        LocalKey::try_get    -           no    any
//
// A scope is as cancel-safe as the future in it.

#ifndef ANT_TASK_TASK_LOCAL_H
#define ANT_TASK_TASK_LOCAL_H

#include "core/future.h"
#include "core/here.h"

// A key; its address is what counts.
typedef struct ant_task_local {
    const char *name;
} ant_task_local;

// A key: `static ant_task_local user = ANT_TASK_LOCAL("user");`
#define ANT_TASK_LOCAL(name_)                                                  \
    {                                                                          \
        .name = (name_)                                                        \
    }

// READY when the future in it is, with its result.
struct ant_task_local_scope {
    ant_future base;
    const char *name; // of the future in the source
    ant_future *inner;
    ant_task_local_frame frame;
};

// Polls `inner`, which lives beside the scope and ends with it; meanwhile the
// key has the value.
#define ant_task_local_scope(key, value, inner)                                \
    ant__task_local_scope((key), (value), (inner), #inner)

// Calls fn(arg), in which the key has the value.
void ant_task_local_sync_scope(const ant_task_local *key, void *value,
                               void (*fn)(void *arg), void *arg);

// The value of the innermost scope of this key that the calling task is in,
// NULL outside of all.
ANT_MUST_USE void *ant_task_local_get(const ant_task_local *key);

ANT_MUST_USE struct ant_task_local_scope
ant__task_local_scope(const ant_task_local *key, void *value, ant_future *inner,
                      const char *name);

#endif
