// SPDX-License-Identifier: MIT
//
// A waker cell is where a future with many children leaves the waker of its own
// task, for its children's wakers to use. One thread stores, the task's; any
// thread takes, and whoever takes it wakes. It needs no lock, because a waker
// is one pointer: an exchange hands it over whole.
//
// The hard thing: no wake may fall between looking and storing. Who waits
// stores first and looks then; who wakes leaves word first and takes then. Both
// exchange the same pointer, so one of them comes second and sees the other.

#ifndef ANT_COMBINE_WAKER_CELL_H
#define ANT_COMBINE_WAKER_CELL_H

#include "base/atomic.h"
#include "core/waker.h"

// {0} is empty.
typedef struct ant_waker_cell {
    ant_atomic_ptr target;
} ant_waker_cell;

// Takes the waker out, to wake or to drop it; {0} when the cell was empty.
ANT_MUST_USE static inline ant_waker ant__waker_cell_take(ant_waker_cell *cell)
{
    // acq_rel: pairs with itself and the exchange in store(), see above.
    const uintptr_t target = ant_atomic_exchange(&cell->target, 0, ANT_ACQ_REL);
    return (ant_waker){ (ant_wakeable *)target };
}

// Puts in a clone of `waker`, unless it is there already.
static inline void ant__waker_cell_store(ant_waker_cell *cell,
                                         const ant_waker *waker)
{
    // relaxed: what is still there will be taken by a waker after this load,
    // and then the task is polled again.
    if (ant_atomic_load(&cell->target, ANT_RELAXED) == (uintptr_t)waker->target)
        return;
    const ant_waker fresh = ant_waker_clone(waker);
    // acq_rel: pairs with the exchange in take(), see above.
    ant_waker old = { (ant_wakeable *)ant_atomic_exchange(
        &cell->target, (uintptr_t)fresh.target, ANT_ACQ_REL) };
    ant_waker_drop(&old);
}

// Drops what is in the cell.
static inline void ant__waker_cell_clear(ant_waker_cell *cell)
{
    // relaxed: only this thread stores.
    if (ant_atomic_load(&cell->target, ANT_RELAXED) == 0) return;
    ant_waker old = ant__waker_cell_take(cell);
    ant_waker_drop(&old);
}

#endif
