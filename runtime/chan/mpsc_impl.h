// SPDX-License-Identifier: MIT
//
// An mpsc channel from inside: the queue of values, and those who wait for it.
// Senders that wait for places and senders that wait for the end each have a
// wait list; the receiver is alone, and the queue's listener. The channel lives
// until the last of its references is given back: one of all senders together,
// one of the receiver, of each weak sender, each permit, and each future that
// waits.

#ifndef ANT_CHAN_MPSC_IMPL_H
#define ANT_CHAN_MPSC_IMPL_H

#include "chan/mpsc.h"
#include "chan/mpsc_queue.h"
#include "core/resource.h"
#include "core/waitlist.h"

struct ant_mpsc {
    ant_resource resource; // fixed, but for its numbers
    void (*discard)(void *value);
    ant__mpsc_queue queue;
    // any thread, atomic
    ant_atomic_u32 tx_count;
    ant_atomic_u32 refs;
    // each under its own lock
    ant_waitlist senders; // for places
    ant_waitlist closers; // for the end
    // the receiver's, or of whoever has the queue's listener
    uint32_t listener_task;
};

void ant__mpsc_ref(ant_mpsc *channel);
void ant__mpsc_unref(ant_mpsc *channel);

// Copies *value to a place that was claimed, and says so.
void ant__mpsc_put(ant_mpsc *channel, const ant__mpsc_place *place,
                   const void *value, uint32_t task);

// Takes up to `limit` values; how many, -EAGAIN or -EPIPE.
ANT_MUST_USE int ant__mpsc_get(ant_mpsc *channel, void *out, uint32_t limit,
                               uint32_t task);

// Gives free places to those who wait for them.
void ant__mpsc_hand_out(ant_mpsc *channel);

// Gives places back that were held.
void ant__mpsc_give_back(ant_mpsc *channel, uint32_t count);

// Fails all who wait for places.
void ant__mpsc_refuse_senders(ant_mpsc *channel);

// Whoever cleared LISTENING: ends the wait of the receiver, and returns its
// waker. `why` is an ANT_WAIT_….
ANT_MUST_USE ant_waker ant__mpsc_take_listener(ant_mpsc *channel, uint32_t why);

// As that, and wakes it.
void ant__mpsc_wake_receiver(ant_mpsc *channel, uint32_t why);

// The reason of all wakes.
ant_why ant__mpsc_why(const ant_mpsc *channel);

// A future that begins to wait keeps the channel.
static inline void ant__mpsc_keep(ant_mpsc *channel, bool *has_ref)
{
    if (!*has_ref) ant__mpsc_ref(channel);
    *has_ref = true;
}

static inline void ant__mpsc_let_go(ant_mpsc *channel, bool *has_ref)
{
    if (*has_ref) ant__mpsc_unref(channel);
    *has_ref = false;
}

static inline void ant__mpsc_check(const ant_mpsc *channel, size_t value_bytes)
{
    ANT_ASSERT(channel != NULL); // the half was dropped before
    ANT_ASSERT(channel->queue.value_bytes == value_bytes);
}

static inline bool ant__mpsc_is_bounded(const ant_mpsc *channel)
{
    return channel->queue.capacity != UINT64_MAX;
}

#endif
