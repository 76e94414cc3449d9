// SPDX-License-Identifier: MIT
//
// Word of who was woken: where the wakers of a future's children say which
// child it is, so that the future polls those and no others. Any thread adds a
// link; the one task that waits takes all at once, in the order in which they
// came. A link may be added again when it was taken.
//
// It is a block of its own, counted, because wakers may be used long after the
// future has ended; then it is closed, and nothing is added any more.
//
// The hard thing is to lose no wake between looking and waiting: see
// combine/waker_cell.h. Adding is one exchange and one compare-and-swap; there
// is no lock.

#ifndef ANT_COMBINE_WOKEN_H
#define ANT_COMBINE_WOKEN_H

#include <stdbool.h>

#include "base/atomic.h"
#include "combine/waker_cell.h"
#include "core/future.h"

typedef struct ant_woken_link {
    // whoever set is_added, until it is taken; then the task's
    struct ant_woken_link *next;
    // any thread, atomic
    ant_atomic_u8 is_added;
} ant_woken_link;

typedef struct ant_woken {
    // any thread, atomic
    ant_atomic_u32 refs;
    ant_atomic_ptr newest; // of the links, or closed
    ant_waker_cell task;   // who waits
} ant_woken;

// A new one, with one reference; NULL when there is no memory.
ANT_MUST_USE ant_woken *ant__woken_new(void);

// As ant__woken_new, in a zeroed block that begins with it and that the last
// reference frees.
void ant__woken_init(ant_woken *woken);

void ant__woken_ref(ant_woken *woken);
void ant__woken_unref(ant_woken *woken);

// Adds the link, unless it is there already, and wakes the task that waits.
// False when it could not be added because all is closed.
bool ant__woken_add(ant_woken *woken, ant_woken_link *link, ant_why why);

// A row of links that were taken, the oldest first, linked by `next`. {0} is
// an empty one. Their is_added stays set.
typedef struct ant_woken_row {
    ant_woken_link *first;
    ant_woken_link *last;
} ant_woken_row;

// Takes all links and puts them at the end of the row.
void ant__woken_take(ant_woken *woken, ant_woken_row *row);

// Remembers to wake the task that is polled. When a link was added since the
// last take, it is woken right away.
void ant__woken_wait_else_wake(ant_woken *woken, ant_cx *cx);

// Forgets whom to wake.
void ant__woken_stop_waiting(ant_woken *woken);

// Ends it: takes all as above, and lets nothing in any more.
void ant__woken_close(ant_woken *woken, ant_woken_row *row);

// The first link of the row, taken out of it; NULL when it is empty.
ANT_MUST_USE static inline ant_woken_link *ant__woken_pop(ant_woken_row *row)
{
    ant_woken_link *first = row->first;
    if (first != NULL) row->first = first->next;
    return first;
}

// Puts a link that was taken where it may be added again. Call this before the
// poll that it stands for, so that wakes during the poll count.
static inline void ant__woken_reset(ant_woken_link *link)
{
    // acq_rel, an exchange and no store: whoever adds it next, or finds it
    // already added, is ordered before the poll that follows.
    (void)ant_atomic_exchange(&link->is_added, false, ANT_ACQ_REL);
}

// Sees to it that a link is never added again. True when it is there already,
// or about to be, and so will still be taken.
ANT_MUST_USE static inline bool ant__woken_retire(ant_woken_link *link)
{
    // acq_rel: pairs with the exchange in ant__woken_add().
    return ant_atomic_exchange(&link->is_added, true, ANT_ACQ_REL);
}

#endif
