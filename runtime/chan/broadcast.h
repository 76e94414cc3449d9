// SPDX-License-Identifier: MIT
//
// A broadcast channel hands every value to every receiver. It has sending
// halves (tx) and receiving ones (rx); each half has one owner. The channel
// itself is one block of memory that they share and the last one frees. It
// keeps the last `capacity` values, exactly so many. A sender never waits: who
// receives too slowly misses the oldest values, and is told how many.
// Tokio: sync::broadcast.
//
//   int err = ant_broadcast_new(sizeof(int), 16, &self->tx, &self->rx);
//   if (err < 0) return ANT_FAIL(err);
//   self->fan = ant_spawn(fan(ant_broadcast_subscribe(&self->tx)));
//
//   self->news = ant_broadcast_recv(&self->rx, &self->score);
//   return ANT_NEXT(APP_LISTENING);
//
//   case APP_LISTENING:
//       ANT_AWAIT(self->news);
//       if (self->news.base.result == -EOVERFLOW) missed(self->news.missed);
//
// and `ant_broadcast_send(&self->tx, &score)` says how many will hear it. A
// receiver that missed values goes on with the oldest that is left. -EPIPE ends
// the loop: all senders are gone and everything was received.
//
// A half that is not dropped keeps the channel, and a receiver also its values.
// Values are copied as bytes. When they own something, ant_broadcast_new_with
// takes two functions: `clone` makes what a receiver gets from what the channel
// has, under the value's lock, so it may not use the channel nor panic;
// `discard` gives the channel's own value back, once, without a lock: when the
// last receiver has had it, or when it was overwritten or nobody is left to
// receive it.
//
// The hard thing: a value may be overwritten while others read it. Each place
// has a lock of its own and a number; a receiver that finds another number than
// it wants asks under the channel's lock whether it is too early or too late.
//
//   function                     Tokio                  cancel alloc threads
//   ant_broadcast_new            broadcast::channel     -      yes   any
//   ant_broadcast_new_with       -                      -      yes   any
//   ant_broadcast_send           Sender::send           -      no    any
//   ant_broadcast_subscribe      Sender::subscribe      -      no    any
//   ant_broadcast_tx_clone       Sender::clone          -      no    any
//   ant_broadcast_tx_drop        drop(Sender)           -      no    owner
//   ant_broadcast_downgrade      Sender::downgrade      -      no    any
//   ant_broadcast_upgrade        WeakSender::upgrade    -      no    any
//   ant_broadcast_weak_drop      drop(WeakSender)       -      no    owner
//   ant_broadcast_closed         Sender::closed         yes    no    any
//   ant_broadcast_receiver_count Sender::receiver_count -      no    any
//   ant_broadcast_tx_len         Sender::len            -      no    any
//   ant_broadcast_recv           Receiver::recv         yes    no    owner
//   ant_broadcast_try_recv       Receiver::try_recv     -      no    owner
//   ant_broadcast_resubscribe    Receiver::resubscribe  -      no    owner
//   ant_broadcast_len            Receiver::len          -      no    owner
//   ant_broadcast_is_empty       Receiver::is_empty     -      no    owner
//   ant_broadcast_rx_drop        drop(Receiver)         -      no    owner
//
// Threads: what takes a tx may be called from any thread at the same time, but
// for its drop; what takes an rx only from its owner's.

#ifndef ANT_CHAN_BROADCAST_H
#define ANT_CHAN_BROADCAST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "core/half.h"
#include "core/waitlist.h"

typedef struct ant_broadcast ant_broadcast;

// The half that sends. {0} is dropped.
typedef struct ant_broadcast_tx {
    ant_broadcast *channel;
    ant_half half; // for the trace
} ant_broadcast_tx;

// May become a sender as long as there is one. {0} is dropped.
typedef struct ant_broadcast_weak_tx {
    ant_broadcast *channel;
} ant_broadcast_weak_tx;

// The half that receives. {0} is dropped. It does not move while a receive is
// under way.
typedef struct ant_broadcast_rx {
    ant_broadcast *channel;
    ant_half half;   // for the trace
    uint64_t next;   // number of the value to be received
    uint64_t missed; // how many, when a receive has just said -EOVERFLOW
} ant_broadcast_rx;

// Values with a discard function have at most so many bytes.
#define ANT_BROADCAST_OWNED_MAX 256u

// Zero means default, but for the first two.
typedef struct ant_broadcast_desc {
    size_t value_bytes;
    uint32_t capacity;
    const char *name; // for the trace; must outlive the channel
    void (*clone)(void *dest, const void *value); // NULL: copies the bytes
    void (*discard)(void *value);                 // NULL: nothing to do
} ant_broadcast_desc;

// READY with the value in *out; or with the result -EOVERFLOW and the number of
// values that it missed, or -EPIPE.
struct ant_broadcast_recv {
    ant_future base;
    uint64_t missed; // an output
    ant_broadcast *channel;
    ant_broadcast_rx *rx;
    void *out;
    bool has_ref; // keeps the channel alive
    ant_waiter waiter;
};

// READY when there are no receivers.
struct ant_broadcast_closed {
    ant_future base;
    ant_broadcast *channel;
    bool has_ref; // keeps the channel alive
    ant_waiter waiter;
};

// Makes a channel for values of `value_bytes` that keeps `capacity` of them, at
// least 1 each. 0, -EINVAL or -ENOMEM.
#define ant_broadcast_new(value_bytes_, capacity_, ret_tx, ret_rx)             \
    ant_broadcast_new_with(                                                    \
        (&(ant_broadcast_desc){ .value_bytes = (value_bytes_),                 \
                                .capacity = (capacity_) }),                    \
        (ret_tx), (ret_rx))

#define ant_broadcast_new_with(desc, ret_tx, ret_rx)                           \
    ant__broadcast_new((desc), (ret_tx), (ret_rx), __FILE__, __LINE__)

// Sends *value, of the channel's type, and returns how many receivers will get
// it. -EPIPE when there is none; the value is then still the caller's.
#define ant_broadcast_send(tx, value)                                          \
    ant__broadcast_send((tx), (value), sizeof *(value))

// Another receiver, for all that is sent from now on.
ANT_MUST_USE ant_broadcast_rx
ant_broadcast_subscribe(const ant_broadcast_tx *tx);

// Another sender.
ANT_MUST_USE ant_broadcast_tx
ant_broadcast_tx_clone(const ant_broadcast_tx *tx);

// Gives the sender up. When it was the last one, the receivers hear of it after
// the last value.
void ant_broadcast_tx_drop(ant_broadcast_tx *tx);

// A weak sender, which does not keep the channel from ending.
ANT_MUST_USE ant_broadcast_weak_tx
ant_broadcast_downgrade(const ant_broadcast_tx *tx);

// A sender again: 0, or -EPIPE when there is none left.
ANT_MUST_USE int ant_broadcast_upgrade(const ant_broadcast_weak_tx *weak,
                                       ant_broadcast_tx *ret_tx);

// Gives the weak sender up.
void ant_broadcast_weak_drop(ant_broadcast_weak_tx *weak);

// Waits until there are no receivers.
#define ant_broadcast_closed(tx) ant__broadcast_closed((tx), __LINE__)

// Receivers that were not dropped.
ANT_MUST_USE uint32_t ant_broadcast_receiver_count(const ant_broadcast_tx *tx);

// Values that some receiver has not had yet, at most the capacity.
ANT_MUST_USE uint32_t ant_broadcast_tx_len(const ant_broadcast_tx *tx);

// Waits for the next value, which goes to *out; `out` stays where it is.
#define ant_broadcast_recv(rx, out)                                            \
    ant__broadcast_recv((rx), (out), sizeof *(out), __LINE__)

// The next value into *out: 0. -EAGAIN when there is none yet, -EPIPE when none
// will come, -EOVERFLOW when rx->missed values were missed.
#define ant_broadcast_try_recv(rx, out)                                        \
    ant__broadcast_try_recv((rx), (out), sizeof *(out))

// Another receiver of the same channel, for all that is sent from now on.
ANT_MUST_USE ant_broadcast_rx
ant_broadcast_resubscribe(const ant_broadcast_rx *rx);

// Values that were sent and not received by this receiver, with those missed.
ANT_MUST_USE uint64_t ant_broadcast_len(const ant_broadcast_rx *rx);
ANT_MUST_USE bool ant_broadcast_is_empty(const ant_broadcast_rx *rx);

// Gives the receiver up, with what it has not received.
void ant_broadcast_rx_drop(ant_broadcast_rx *rx);

ANT_MUST_USE int ant__broadcast_new(const ant_broadcast_desc *desc,
                                    ant_broadcast_tx *ret_tx,
                                    ant_broadcast_rx *ret_rx, const char *file,
                                    uint32_t line);
int ant__broadcast_send(const ant_broadcast_tx *tx, const void *value,
                        size_t value_bytes);
ANT_MUST_USE struct ant_broadcast_closed
ant__broadcast_closed(const ant_broadcast_tx *tx, uint32_t line);
ANT_MUST_USE struct ant_broadcast_recv ant__broadcast_recv(ant_broadcast_rx *rx,
                                                           void *out,
                                                           size_t value_bytes,
                                                           uint32_t line);
ANT_MUST_USE int ant__broadcast_try_recv(ant_broadcast_rx *rx, void *out,
                                         size_t value_bytes);

#endif
