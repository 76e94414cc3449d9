// SPDX-License-Identifier: MIT

#include "combine/woken.h"

#include "base/mem.h"

// In place of the newest link. No link has this address.
#define CLOSED ((uintptr_t)1)

static void append(ant_woken_row *row, uintptr_t newest);

ant_woken *ant__woken_new(void)
{
    ant_woken *woken = ant_mem_alloc(sizeof *woken);
    if (woken != NULL) ant__woken_init(woken);
    return woken;
}

void ant__woken_init(ant_woken *woken)
{
    // relaxed: nobody else knows it yet.
    ant_atomic_store(&woken->refs, 1, ANT_RELAXED);
}

void ant__woken_ref(ant_woken *woken)
{
    // relaxed: the caller holds a reference already.
    ant_atomic_add(&woken->refs, 1, ANT_RELAXED);
}

void ant__woken_unref(ant_woken *woken)
{
    // acq_rel: all uses happen before the free.
    if (ant_atomic_sub(&woken->refs, 1, ANT_ACQ_REL) == 1) ant_mem_free(woken);
}

bool ant__woken_add(ant_woken *woken, ant_woken_link *link, ant_why why)
{
    // acq_rel: pairs with the exchange in ant__woken_reset(). Whoever finds it
    // added leaves what was written before the wake for the coming poll.
    if (ant_atomic_exchange(&link->is_added, true, ANT_ACQ_REL)) return true;

    // acquire throughout: the links that are there are not touched, but a
    // closed one ends the wait for this one.
    uintptr_t newest = ant_atomic_load(&woken->newest, ANT_ACQUIRE);
    do {
        if (newest == CLOSED) return false;
        link->next = (ant_woken_link *)newest;
        // release: pairs with the acquire in ant__woken_take().
    } while (!ant_atomic_cas_weak(&woken->newest, &newest, (uintptr_t)link,
                                  ANT_ACQ_REL, ANT_ACQUIRE));

    ant_waker task = ant__waker_cell_take(&woken->task);
    ant__waker_wake_for(&task, why);
    return true;
}

void ant__woken_take(ant_woken *woken, ant_woken_row *row)
{
    // relaxed: only asks whether it is worth the exchange. Nobody is missed:
    // ant__woken_wait_else_wake() looks again.
    if (ant_atomic_load(&woken->newest, ANT_RELAXED) == 0) return;
    // acquire: pairs with the release in ant__woken_add().
    append(row, ant_atomic_exchange(&woken->newest, 0, ANT_ACQUIRE));
}

void ant__woken_wait_else_wake(ant_woken *woken, ant_cx *cx)
{
    ant__waker_cell_store(&woken->task, &cx->waker);
    // acquire: behind the exchange of the cell, see combine/waker_cell.h.
    if (ant_atomic_load(&woken->newest, ANT_ACQUIRE) == 0) return;
    // Somebody was woken in this very poll, perhaps by itself.
    const uint32_t via = cx->has_yielded ? ANT_VIA_YIELD : ANT_VIA_WAKER;
    ant__waker_wake_ref_for(&cx->waker, (ant_why){ .via = via });
}

void ant__woken_stop_waiting(ant_woken *woken)
{
    ant__waker_cell_clear(&woken->task);
}

void ant__woken_close(ant_woken *woken, ant_woken_row *row)
{
    ant__waker_cell_clear(&woken->task);
    // acq_rel: pairs with the acquire and the release in ant__woken_add().
    append(row, ant_atomic_exchange(&woken->newest, CLOSED, ANT_ACQ_REL));
}

// The links come newest first, and are turned round.
static void append(ant_woken_row *row, uintptr_t newest)
{
    ant_woken_link *link = (ant_woken_link *)newest;
    ant_woken_link *const last = link;
    ant_woken_link *first = NULL;
    while (link != NULL) {
        ant_woken_link *older = link->next;
        link->next = first;
        first = link;
        link = older;
    }
    if (first == NULL) return;
    if (row->first == NULL)
        row->first = first;
    else
        row->last->next = first;
    row->last = last;
}
