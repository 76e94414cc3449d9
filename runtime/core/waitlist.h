// SPDX-License-Identifier: MIT
//
// A wait list is the queue in front of a lock, a semaphore or the like: who
// came first stands first. The places in it live inside the futures that wait,
// so queueing up never allocates. A primitive embeds the list and decides under
// its lock who is granted what; wakers are used after that lock is released.
//
//   ant_os_mutex_lock(&list->lock);
//   ant_waiter *first = ant_waitlist_first(list);
//   ant_waker waker = ant_waitlist_take(list, first, &self->resource);
//   // do what is to be done before it goes on
//   ant_waiter_grant(first);
//   ant_os_mutex_unlock(&list->lock);
//   ant__waker_wake_for(&waker, why);
//
// The hard thing: a waiter may be granted what it waits for on one thread while
// its future is dropped on another. The state of the waiter, which changes
// under the list's lock only, says who was first; whoever drops a waiter that
// was granted something gives that on.
//
// Waking everybody at once is done without a long wait for the others: those in
// the queue become a private list of leavers in one step, under the lock, and
// are granted and woken from there in small batches, each outside of it. Until
// its turn comes a leaver may still be dropped; who comes later is not one.
//
//   ant_leavers leavers;
//   ant_waitlist_take_all(list, &leavers);
//   ant_os_mutex_unlock(&list->lock);
//   ant_waitlist_wake(list, &leavers, &self->resource, ANT_VIA_NOTIFY);
//
// Functions that say "locked" need list->lock, held by the caller. They record
// what they do, so that the trace has the true order.

#ifndef ANT_CORE_WAITLIST_H
#define ANT_CORE_WAITLIST_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/list.h"
#include "base/os.h"
#include "core/resource.h"
#include "core/waker.h"

struct ant_cx;

typedef struct ant_waitlist {
    ant_os_mutex lock;
    // under lock
    ant_list queue; // of waiters, the oldest first; zeroed counts as empty
    uint32_t count; // of those and of leavers
} ant_waitlist;

typedef enum ant_waiter_state {
    ANT_WAITER_IDLE, // not in the queue
    ANT_WAITER_QUEUED,
    ANT_WAITER_GRANTED, // has what it waited for, and was woken
    ANT_WAITER_REFUSED, // what it waited for was closed
} ant_waiter_state;

// A place in the queue. {0} is idle. It must not move while it is queued.
typedef struct ant_waiter {
    // under the list's lock; once granted, the owner's
    ant_list link;
    ant_waker waker;
    // fixed while queued
    uint32_t task; // who waits, for the trace
    uint16_t line; // and where
    // under the list's lock
    uint8_t mark; // the primitive's own, or ANT_MARK_END
    // written under the list's lock, read by its owner, atomic
    ant_atomic_u8 state; // ant_waiter_state
} ant_waiter;

// The mark of who wants nothing of a channel, but that nobody receives.
enum { ANT_MARK_END = 255 };

// A waiter that is idle, of a future that was made in this line.
#define ANT_WAITER(line_)                                                      \
    {                                                                          \
        .line = (uint16_t)(line_)                                              \
    }
#define ANT_WAITER_FOR_END(line_)                                              \
    {                                                                          \
        .line = (uint16_t)(line_), .mark = ANT_MARK_END                        \
    }

// Waiters that were taken out of the queue together and not yet woken. It lives
// on the stack of whoever wakes them.
typedef struct ant_leavers {
    // under the list's lock
    ant_list waiters;
    // fixed
    bool is_none;
} ant_leavers;

// Locked: 0 or an error ends the wait, -EAGAIN goes on with it.
typedef int (*ant_look_fn)(void *arg);

// What a future that waits has to say to ant_waitlist_poll.
typedef struct ant_waiting {
    ant_waitlist *list;
    ant_waiter *waiter;
    ant_resource *resource;
    ant_look_fn look;
    void *arg;
} ant_waiting;

// A list that is ready at load time.
#define ANT_WAITLIST                                                           \
    {                                                                          \
        .lock = ANT_OS_MUTEX_INIT                                              \
    }

// Makes an empty list.
void ant_waitlist_init(ant_waitlist *list);

// The list is empty and nobody will come any more.
void ant_waitlist_deinit(ant_waitlist *list);

// Locked. Puts the waiter, whose task, line and waker are set, at the end. It
// waits for so much of the resource.
void ant_waitlist_push(ant_waitlist *list, ant_waiter *waiter,
                       ant_resource *resource, uint32_t amount);

// Locked. The oldest waiter, NULL when there is none.
ant_waiter *ant_waitlist_first(const ant_waitlist *list);

// Locked. The youngest waiter, NULL when there is none.
ant_waiter *ant_waitlist_last(const ant_waitlist *list);

// Locked. Takes the waiter out to grant it something; returns its waker, to be
// used after unlocking.
ANT_MUST_USE ant_waker ant_waitlist_take(ant_waitlist *list, ant_waiter *waiter,
                                         ant_resource *resource);

// Locked. Lets a waiter that was taken out go on; from here on it may be gone.
void ant_waiter_grant(ant_waiter *waiter);

// Locked. Takes the waiter out because what it waits for was closed, and lets
// it go on; returns its waker, to be used after unlocking.
ANT_MUST_USE ant_waker ant_waitlist_refuse(ant_waitlist *list,
                                           ant_waiter *waiter,
                                           ant_resource *resource);

// Locked. Takes the waiter out because its future is dropped. Nothing when it
// is not queued.
void ant_waitlist_cancel(ant_waitlist *list, ant_waiter *waiter,
                         ant_resource *resource);

// Looks again whether the wait is over (the waiter is granted or refused); if
// not, what ends it will use `waker`.
ANT_MUST_USE bool ant_waitlist_look(ant_waitlist *list, ant_waiter *waiter,
                                    const ant_waker *waker);

// Locked. Takes all who are in the queue now.
void ant_waitlist_take_all(ant_waitlist *list, ant_leavers *ret_leavers);

// Grants and wakes them all.
void ant_waitlist_wake(ant_waitlist *list, ant_leavers *leavers,
                       ant_resource *resource, uint32_t via);

// Locked, and unlocks: grants and wakes all who are in the queue now. From then
// on the list may be gone.
void ant_waitlist_wake_all(ant_waitlist *list, ant_resource *resource,
                           uint32_t via);

// One poll of a future that waits until `look` has found something. It looks,
// and when there is nothing joins the queue, or stays in it, in one step; who
// was woken for nothing joins it again. Returns what `look` said. It is for the
// case that waiting is likely: it clones a waker first. `look` may be called
// twice, and only then with the waiter in the queue.
ANT_MUST_USE int ant_waitlist_poll(const ant_waiting *w,
                                   const struct ant_cx *cx);

// Takes the waiter out because its future is dropped, and drops its waker.
void ant_waitlist_leave(ant_waitlist *list, ant_waiter *waiter,
                        ant_resource *resource);

// What waits_on has to say of a waiter: nothing when it is not in the queue.
ANT_MUST_USE bool ant_waiter_describe(const ant_waiter *waiter,
                                      const ant_resource *resource,
                                      struct ant_wait *ret_wait);

static inline ant_waiter_state ant_waiter_get_state(const ant_waiter *waiter)
{
    // acquire: pairs with the release in ant_waiter_grant(), so that whoever
    // was granted a lock sees what its last holder did.
    return (ant_waiter_state)ant_atomic_load(&waiter->state, ANT_ACQUIRE);
}

#endif
