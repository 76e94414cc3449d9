// SPDX-License-Identifier: MIT
//
// A waker says to whoever drives a future: poll it again. It is one pointer to
// something that can be woken, usually a task, and it counts as a reference to
// it. Leaf futures keep a clone while they are pending; the poll contract is
// that somebody holds one. Tokio: std::task::Waker.
//
// All functions may be called from any thread and at any time, also after the
// task has ended. Never call one while holding a lock of your own: waking,
// cloning and dropping may run foreign code.
//
//   ANT_ASYNC(countdown)
//   {
//       if (self->left == 0) return ANT_READY;
//       self->left--;
//       ant_waker_wake_ref(&cx->waker); // poll me again
//       return ANT_PENDING;
//   }
//
//   function            Tokio               cancel-safe  alloc  threads
//   ant_waker_clone     Waker::clone        -            no     any
//   ant_waker_wake      Waker::wake         -            no     any
//   ant_waker_wake_ref  Waker::wake_by_ref  -            no     any
//   ant_waker_drop      drop(Waker)         -            no     any
//   ant_waker_same      Waker::will_wake    -            no     any
//   ant_waker_noop      Waker::noop         -            no     any
//   ant_waker_is_set    -                   -            no     owner
//   ant_waker_take      mem::take           -            no     owner

#ifndef ANT_CORE_WAKER_H
#define ANT_CORE_WAKER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "trace/events.h"

struct ant_wakeable;

// What was the reason of a wake, for the trace: through what (ANT_VIA_…), and
// which timer (TIMER), task that ended (JOIN) or else resource, 0 for none.
typedef struct ant_why {
    uint32_t via;
    uint32_t res;
} ant_why;

// What a wakeable thing can do. `wake` does not take the reference.
typedef struct ant_waker_ops {
    void (*clone)(struct ant_wakeable *self);
    void (*wake)(struct ant_wakeable *self, ant_why why);
    void (*drop)(struct ant_wakeable *self);
    // `wake` and `drop`, for which one step may do. NULL: one after the other.
    void (*wake_last)(struct ant_wakeable *self, ant_why why);
} ant_waker_ops;

// The first member of everything that can be woken.
typedef struct ant_wakeable {
    const ant_waker_ops *ops;
} ant_wakeable;

// A counted reference. {0} is no waker, and dropping or waking it is nothing.
typedef struct ant_waker {
    ant_wakeable *target;
} ant_waker;

// A second reference to the same target. Tokio: Waker::clone.
ANT_MUST_USE static inline ant_waker ant_waker_clone(const ant_waker *waker);

// Wakes and gives the reference up; *waker becomes {0}. Tokio: Waker::wake.
static inline void ant_waker_wake(ant_waker *waker);

// Wakes and keeps the reference. Tokio: Waker::wake_by_ref.
static inline void ant_waker_wake_ref(const ant_waker *waker);

// Gives the reference up without waking. Tokio: drop(waker).
static inline void ant_waker_drop(ant_waker *waker);

// Would both wake the same target? Tokio: Waker::will_wake.
static inline bool ant_waker_same(const ant_waker *a, const ant_waker *b)
{
    return a->target == b->target;
}

static inline bool ant_waker_is_set(const ant_waker *waker)
{
    return waker->target != NULL;
}

// As ant_waker_wake and ant_waker_wake_ref, with the reason for the trace.
static inline void ant__waker_wake_for(ant_waker *waker, ant_why why);
static inline void ant__waker_wake_ref_for(const ant_waker *waker, ant_why why);

// Takes the waker out of its slot, which becomes {0}: do this under your lock,
// and wake or drop what you took after unlocking.
ANT_MUST_USE static inline ant_waker ant_waker_take(ant_waker *slot)
{
    ant_waker taken = *slot;
    *slot = (ant_waker){ 0 };
    return taken;
}

// A waker that does nothing, for polling by hand. Tokio: Waker::noop.
ANT_MUST_USE ant_waker ant_waker_noop(void);

// ---- How it is done ----

// Foreign code runs now, which may come back to any lock: builds with a
// sanitizer trap when the caller holds one.
void ant__waker_check_unlocked(void);

static inline void ant__waker_leave(void)
{
#ifdef ANT_CHECK_LOCKS
    ant__waker_check_unlocked();
#endif
}

static inline ant_waker ant_waker_clone(const ant_waker *waker)
{
    if (waker->target == NULL) return *waker;
    ant__waker_leave();
    waker->target->ops->clone(waker->target);
    return *waker;
}

static inline void ant_waker_drop(ant_waker *waker)
{
    ant_waker taken = ant_waker_take(waker);
    if (taken.target == NULL) return;
    ant__waker_leave();
    taken.target->ops->drop(taken.target);
}

static inline void ant__waker_wake_ref_for(const ant_waker *waker, ant_why why)
{
    if (waker->target == NULL) return;
    ant__waker_leave();
    waker->target->ops->wake(waker->target, why);
}

static inline void ant__waker_wake_for(ant_waker *waker, ant_why why)
{
    ant_wakeable *target = ant_waker_take(waker).target;
    if (target == NULL) return;
    ant__waker_leave();
    if (ANT_LIKELY(target->ops->wake_last != NULL)) {
        target->ops->wake_last(target, why);
    } else {
        target->ops->wake(target, why);
        target->ops->drop(target);
    }
}

static inline void ant_waker_wake(ant_waker *waker)
{
    ant__waker_wake_for(waker, (ant_why){ .via = ANT_VIA_WAKER });
}

static inline void ant_waker_wake_ref(const ant_waker *waker)
{
    ant__waker_wake_ref_for(waker, (ant_why){ .via = ANT_VIA_WAKER });
}

#endif
