// SPDX-License-Identifier: MIT
//
// A join set owns a number of tasks and hands out their results in the order in
// which they end. It belongs to one task, in whose struct it lives; giving the
// set up stops what still runs in it, so that no task outlives its owner
// unnoticed. Tokio: task::JoinSet.
//
//   case CREW_START:
//       ant_join_set_init(&self->set, "crew");
//       for (int i = 0; i < 3; i++) {
//           int err = ant_join_set_spawn(&self->set, sail(i));
//           if (err < 0) return end(self, err);
//       }
//       self->next = ant_join_set_next(&self->set);
//       return ANT_NEXT(CREW_JOINING);
//
//   case CREW_JOINING:
//       ANT_AWAIT(self->next);
//       if (self->next.is_empty) return end(self, 0);
//       if (self->next.base.result < 0) self->lost++;
//       self->next = ant_join_set_next(&self->set);
//       return ANT_NEXT(CREW_JOINING);
//
// Where the owner ends, in end() and in its drop function, the set ends too:
// `ant_join_set_deinit(&self->set)`.
//
// The hard thing: a task ends on another thread while its set goes away. So
// what ending tasks touch is a block of its own, counted, that the set only
// points to. A task that ends moves its own entry to the list of results and
// wakes who waits; nobody looks through all tasks for one that is over.
//
//   function                 Tokio                     cancel  alloc  threads
//   ant_join_set_init        JoinSet::new              -       no     owner
//   ant_join_set_spawn       JoinSet::spawn            -       yes    owner
//   ant_join_set_spawn_as    JoinMap::spawn            -       yes    owner
//   ant_join_set_spawn_into  JoinSet::spawn            -       yes    owner
//   ant_join_set_add         spawn_blocking, spawn_on  -       yes    owner
//   ant_join_set_next        JoinSet::join_next        yes     no     owner
//   ant_join_set_try_next    JoinSet::try_join_next    -       no     owner
//   ant_join_set_join_all    JoinSet::join_all         yes     no     owner
//   ant_join_set_shutdown    JoinSet::shutdown         yes     no     owner
//   ant_join_set_abort       AbortHandle::abort        -       no     owner
//   ant_join_set_abort_all   JoinSet::abort_all        -       no     owner
//   ant_join_set_detach_all  JoinSet::detach_all       -       no     owner
//   ant_join_set_len         JoinSet::len              -       no     owner
//   ant_join_set_is_empty    JoinSet::is_empty         -       no     owner
//   ant_join_set_deinit      drop(JoinSet)             -       no     owner
//
// Cancel-safe means here: a result is never lost, it stays in the set.

#ifndef ANT_TASK_JOIN_SET_H
#define ANT_TASK_JOIN_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/task.h"
#include "core/waitlist.h"

typedef struct ant_join_set_core ant_join_set_core;
typedef struct ant_join_set_entry ant_join_set_entry;

// {0} is an empty set without a name.
typedef struct ant_join_set {
    // fixed after init
    const char *name;
    const char *file;
    uint32_t line;
    // the owner's
    ant_join_set_core *core; // NULL before the first spawn
} ant_join_set;

// The end of one task. `failure` is NULL when it ended well.
typedef struct ant_joined {
    uint32_t task; // its id
    int32_t result;
    void *key; // of ant_join_set_spawn_as
    const ant_failure *failure;
} ant_joined;

// READY when a task of the set is over; its result is the task's. Without any
// task, READY at once with is_empty set.
struct ant_join_set_next {
    ant_future base;
    ant_join_set *set;
    ant_joined joined;
    bool is_empty;
    ant_join_set_entry *entry; // that it has taken
    uint32_t task;             // who waits
    ant_waiter waiter;
};

// READY when all tasks are over, with 0; or, when one has failed, with its
// result: then the others were asked to stop and are still in the set.
struct ant_join_set_join_all {
    ant_future base;
    enum { ANT_JOIN_ALL_START, ANT_JOIN_ALL_JOINING } state;
    ant_join_set *set;
    uint32_t line;                 // of the call
    struct ant_join_set_next next; // the end that it is at
};

// READY when all tasks, which are asked to stop, are over.
struct ant_join_set_shutdown {
    ant_future base;
    enum { ANT_SHUTDOWN_START, ANT_SHUTDOWN_JOINING } state;
    ant_join_set *set;
    uint32_t line;                 // of the call
    struct ant_join_set_next next; // the end that it is at
};

// Makes an empty set. The name, for the trace, must outlive it.
#define ant_join_set_init(set, name)                                           \
    ant__join_set_init((set), (name), __FILE__, __LINE__)

// Asks all tasks that are left to stop and forgets them. Idempotent.
void ant_join_set_deinit(ant_join_set *set);

// Starts `future` (a call of a constructor) as a task in the set. 0, or
// -ENOMEM, and then the future is dropped. After shutdown has begun the task's
// end is -ECANCELED.
#define ant_join_set_spawn(set, ...)                                           \
    ant_join_set_spawn_as((set), NULL, __VA_ARGS__)

// As ant_join_set_spawn; its end will come with `key`, which can be anything.
#define ant_join_set_spawn_as(set, key, ...)                                   \
    ant__join_set_spawn(                                                       \
        (set), (key), NULL,                                                    \
        &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base), #__VA_ARGS__,  \
        __FILE__, __LINE__)

// As ant_join_set_spawn_as; when the end is handed out, the finished future has
// been copied to *dest, which stays where it is until then, and is the key.
#define ant_join_set_spawn_into(set, dest, ...)                                \
    ant__join_set_spawn(                                                       \
        (set), (dest), (1 ? (dest) : (__typeof__(__VA_ARGS__) *)0),            \
        &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base), #__VA_ARGS__,  \
        __FILE__, __LINE__)

// Gives a task that runs already to the set, with its join handle, which
// nobody awaits yet: `ant_join_set_add(&set, NULL, ant_spawn_blocking(f,
// arg))`. 0; -ENOMEM, and then the task was asked to stop; or why it failed to
// start.
ANT_MUST_USE int ant_join_set_add(ant_join_set *set, void *key,
                                  struct ant_join_handle handle);

// Waits for the next task that ends.
#define ant_join_set_next(set) ant__join_set_next((set), __LINE__)

// The next end into *ret_joined if there is one: 0; -EAGAIN when tasks still
// run, -EPIPE when the set is empty.
ANT_MUST_USE int ant_join_set_try_next(ant_join_set *set,
                                       ant_joined *ret_joined);

// Waits for all of them, or for the first that fails. Their results are gone
// then: use it for tasks that were spawned into a place of their own.
#define ant_join_set_join_all(set) ant__join_set_join_all((set), __LINE__)

// Asks all tasks to stop and waits until they are over, however they ended.
#define ant_join_set_shutdown(set) ant__join_set_shutdown((set), __LINE__)

// Asks the tasks with this key to stop. Their ends can still be had.
void ant_join_set_abort(ant_join_set *set, const void *key);

// Asks all tasks to stop. Their ends can still be had.
void ant_join_set_abort_all(ant_join_set *set);

// Lets all tasks run on by themselves: the set is empty then.
void ant_join_set_detach_all(ant_join_set *set);

// Tasks whose end was not handed out yet.
ANT_MUST_USE uint32_t ant_join_set_len(const ant_join_set *set);

static inline bool ant_join_set_is_empty(const ant_join_set *set)
{
    return ant_join_set_len(set) == 0;
}

void ant__join_set_init(ant_join_set *set, const char *name, const char *file,
                        uint32_t line);
ANT_MUST_USE int ant__join_set_spawn(ant_join_set *set, void *key, void *dest,
                                     const ant_future *future, const char *name,
                                     const char *file, int line);
ANT_MUST_USE struct ant_join_set_next ant__join_set_next(ant_join_set *set,
                                                         uint32_t line);
ANT_MUST_USE struct ant_join_set_join_all
ant__join_set_join_all(ant_join_set *set, uint32_t line);
ANT_MUST_USE struct ant_join_set_shutdown
ant__join_set_shutdown(ant_join_set *set, uint32_t line);

#endif
