// SPDX-License-Identifier: MIT
//
// Local tasks: they never leave the worker that spawned them, so what they
// touch need not be safe for several threads. They belong to that worker; any
// thread may wake them, and the worker is called then. They are dropped on
// their worker too, also by a shutdown. Tokio: task::spawn_local, LocalSet.
//
//   case SHOP_START:
//       self->till = ant_spawn_local(till(&coins));
//       return ANT_NEXT(SHOP_SELLING);
//
// The hard thing is not to forget that this worker is busy: nobody else can run
// the task while it polls another one. So local tasks take turns with the
// worker's ring, and only they pay for it.
//
//   function              Tokio              cancel-safe  alloc  threads
//   ant_spawn_local       task::spawn_local  -            yes    worker
//   ant_spawn_local_into  task::spawn_local  -            yes    worker
//
// The handle is as that of ant_spawn.
//
// Worker means: inside of an async task. Anywhere else there is no worker that
// the task could stay with, and the call traps. In the current flavour the
// worker may be another thread at each block_on.

#ifndef ANT_RT_LOCAL_H
#define ANT_RT_LOCAL_H

#include "core/task.h"

// As ant_spawn, and the task stays on this worker.
#define ant_spawn_local(...)                                                   \
    ant__spawn_local(&(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base),   \
                     #__VA_ARGS__, __FILE__, __LINE__)

// As ant_spawn_into, and the task stays on this worker.
#define ant_spawn_local_into(dest, ...)                                        \
    ant__spawn_local_into(                                                     \
        (1 ? (dest) : (__typeof__(__VA_ARGS__) *)0),                           \
        &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base), #__VA_ARGS__,  \
        __FILE__, __LINE__)

ANT_MUST_USE struct ant_join_handle ant__spawn_local(const ant_future *future,
                                                     const char *name,
                                                     const char *file,
                                                     int line);
ANT_MUST_USE struct ant_join_handle
ant__spawn_local_into(void *dest, const ant_future *future, const char *name,
                      const char *file, int line);

#endif
