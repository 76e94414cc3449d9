// SPDX-License-Identifier: MIT
//
// A broadcast channel from inside: one block of memory with a place for each
// value that it keeps. It lives until the last of its references is given back.

#ifndef ANT_CHAN_BROADCAST_IMPL_H
#define ANT_CHAN_BROADCAST_IMPL_H

#include <stddef.h>

#include "chan/broadcast.h"
#include "core/resource.h"
#include "core/waitlist.h"

struct ant_broadcast {
    ant_resource resource; // it knows the capacity
    // fixed after init
    ant_broadcast_desc desc;
    size_t slot_bytes;
    // under the list's lock, which is taken before that of a slot
    ant_waitlist waiters;
    uint64_t tail; // number of the next value; the first one is `capacity`
    uint32_t tx_count;
    uint32_t rx_count;
    // any thread, atomic
    ant_atomic_u32 len;  // slots with a value that some receiver has not had
    ant_atomic_u32 refs; // halves, weak ones too, and futures that wait
    // under its own lock, which is taken before that of `waiters`
    ant_waitlist closers; // until there are no receivers
    _Alignas(max_align_t) unsigned char slots[];
};

// One more sender, who was counted already.
ANT_MUST_USE ant_broadcast_tx ant__broadcast_new_tx(ant_broadcast *channel);

// Gives a reference back.
void ant__broadcast_unref(ant_broadcast *channel);

// The last receiver was dropped. Without a lock.
void ant__broadcast_wake_closers(ant_broadcast *channel);

#endif
