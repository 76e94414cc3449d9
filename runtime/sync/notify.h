// SPDX-License-Identifier: MIT
//
// A notify is a bell: tasks wait for it, and somebody rings. It carries no
// value; the value, or the condition, is somewhere else. It belongs to whoever
// embeds it and may be used by any task on any thread. Tokio: sync::Notify.
//
//   static ant_notify bell = ANT_NOTIFY("bell");
//
//   case GUEST_START:
//       self->ring = ant_notified(&bell);
//       return ANT_NEXT(GUEST_WAITING);
//   case GUEST_WAITING:
//       ANT_AWAIT(self->ring);
//       return ANT_READY;
//
// and the cook, in another task, calls `ant_notify_one(&bell);`
//
// ant_notify_one wakes whoever has waited longest. When nobody waits, one ring
// is kept, and never more than one, for the next who comes. ant_notify_waiters
// keeps nothing and wakes everybody whose future exists at that moment, polled
// or not: so make the future, then look at the condition, then await it, and no
// ring gets lost between. ant_notify_one reaches only futures that were polled;
// ant_notified_enable puts one in the queue before its first poll.
//
// The hard thing is a waiter that is dropped after ant_notify_one woke it and
// before it was polled: its drop passes the ring on to the next, in the same
// direction, or keeps it. A ring of ant_notify_waiters is for everybody and is
// not passed on. All who are woken by one call of that know it at once, also
// those whose wakers have not been used yet.
//
//   function             Tokio                   cancel-safe  alloc  threads
//   ant_notify_init      Notify::new             -            no     one
//   ant_notify_deinit    drop(Notify)            -            no     one
//   ant_notified         Notify::notified        loses place  no     any
//   ant_notified_enable  Notified::enable        -            no     owner
//   ant_notify_one       Notify::notify_one      -            no     any
//   ant_notify_last      Notify::notify_last     -            no     any
//   ant_notify_waiters   Notify::notify_waiters  -            no     any

#ifndef ANT_SYNC_NOTIFY_H
#define ANT_SYNC_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "core/future.h"
#include "core/resource.h"
#include "core/waitlist.h"

typedef struct ant_notify {
    ant_resource resource;
    // any thread, atomic: is a ring kept, does anybody wait, and how often was
    // everybody woken
    ant_atomic_u64 state;
    ant_waitlist waiters;
} ant_notify;

// A future that is READY when the bell has rung for it.
struct ant_notified {
    ant_future base;
    ant_notify *notify;
    uint64_t calls;    // of ant_notify_waiters before this was made
    ant_waiter waiter; // its mark: who rang, when it was for one
};

// A bell that is ready at load time: `static ant_notify n = ANT_NOTIFY("n");`
#define ANT_NOTIFY(name_)                                                      \
    {                                                                          \
        .resource = ANT_RESOURCE(ANT_RES_NOTIFY, name_, 0),                    \
        .waiters = ANT_WAITLIST,                                               \
    }

// Makes a bell that was not rung. The name, for the trace, must outlive it.
#define ant_notify_init(notify, name)                                          \
    ant__notify_init((notify), (name), __FILE__, __LINE__)

// Nobody waits for it or rings it any more.
void ant_notify_deinit(ant_notify *notify);

// Waits for a ring of ant_notify_waiters from now on, or for one of
// ant_notify_one from its first poll on.
#define ant_notified(notify) ant__notified((notify), __LINE__)

// Joins the queue, or takes the ring that was kept, before the first poll. True
// when there is nothing left to wait for. From here on it must not move.
bool ant_notified_enable(struct ant_notified *notified);

// Wakes the one who has waited longest, or keeps the ring for the next to come.
void ant_notify_one(ant_notify *notify);

// As ant_notify_one, and wakes the one who came last.
void ant_notify_last(ant_notify *notify);

// Wakes all who wait, and all whose futures were made before.
void ant_notify_waiters(ant_notify *notify);

void ant__notify_init(ant_notify *notify, const char *name, const char *file,
                      uint32_t line);
ANT_MUST_USE struct ant_notified ant__notified(ant_notify *notify,
                                               uint32_t line);

#endif
