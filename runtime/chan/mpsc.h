// SPDX-License-Identifier: MIT
//
// An mpsc channel carries values from many senders to one receiver, in order.
// A bounded one holds at most `capacity` values: senders wait for a free place,
// the first come first, and so a slow receiver slows them down. An unbounded
// one never makes a sender wait. Senders (tx) are cloned, each clone has one
// owner; there is one receiver (rx). Halves go to other tasks by assignment.
// Tokio: sync::mpsc.
//
//   case GUEST_START:
//       err = ant_mpsc_new(sizeof(int), 32, &self->tx, &self->rx);
//       if (err < 0) return ANT_FAIL(err);
//       self->cook = ant_spawn(cook(ant_mpsc_tx_clone(&self->tx)));
//       ant_mpsc_tx_drop(&self->tx); // only cooks send
//       self->meal = ant_mpsc_recv(&self->rx, &self->dish);
//       return ANT_NEXT(GUEST_WAITING);
//   case GUEST_WAITING:
//       ANT_AWAIT(self->meal);
//       if (self->meal.base.result == -EPIPE) return ANT_NEXT(GUEST_LEAVING);
//       self->eaten += self->dish;
//       self->meal = ant_mpsc_recv(&self->rx, &self->dish);
//       return ANT_NEXT(GUEST_WAITING);
//
// and in the cook's task, with its own tx:
//
//   case COOK_SENDING:
//       ANT_AWAIT(self->send); // = ant_mpsc_send(&self->tx, &self->dish)
//       if (self->send.base.result == -EPIPE) return ANT_READY; // no guest
//
// The channel ends when the last sender is dropped, or when the receiver closes
// it or is dropped. What is inside by then can still be received; a receive
// says -EPIPE when nothing is left and no permit may still bring something.
// Each half has to be dropped by its owner, also in the drop function of the
// future that holds it. Dropping twice does nothing.
//
// Values are copied as bytes. A send copies *value in the poll that is READY
// with 0, and then the value is the channel's; a send that fails or is dropped
// has sent nothing, and the value is still the caller's. (In Tokio a dropped
// send has destroyed it.) For values that own something, ant_mpsc_set_discard
// says what is to be done with those that nobody receives.
//
// A permit is a place that is kept for later: reserve first, then make the
// value, then send it without waiting and without fail. A permit keeps the
// channel from ending, a weak sender does not.
//
// The hard thing: a place may be granted to a sender on one thread while its
// future is dropped on another; its drop gives the place to the next. A future
// that waits keeps the channel's memory until it ends. All that senders and
// the receiver must agree on is one word, changed by compare-and-swap; see
// chan/mpsc_queue.h.
//
//   function                   Tokio              cancel-safe  alloc  threads
//   ant_mpsc_new               mpsc::channel      -            yes    any
//   ant_mpsc_unbounded_new     unbounded_channel  -            yes    any
//   ant_mpsc_set_name          -                  -            no     owner
//   ant_mpsc_set_discard       impl Drop          -            no     owner
//   ant_mpsc_send              Sender::send       loses place  no     owner
//   ant_mpsc_try_send          Sender::try_send   -            no *   any
//   ant_mpsc_unbounded_send    Unbounded…::send   -            yes    any
//   ant_mpsc_blocking_send     blocking_send      -            no *   outside
//   ant_mpsc_reserve           Sender::reserve    loses place  no     owner
//   ant_mpsc_reserve_many      reserve_many       loses place  no     owner
//   ant_mpsc_try_reserve       try_reserve        -            no     any
//   ant_mpsc_try_reserve_many  try_reserve_many   -            no     any
//   ant_mpsc_permit_send       Permit::send       -            no     owner
//   ant_mpsc_permit_drop       drop(Permit)       -            no     owner
//   ant_mpsc_closed            Sender::closed     yes          no     owner
//   ant_mpsc_tx_clone          Sender::clone      -            no     any
//   ant_mpsc_tx_drop           drop(Sender)       -            no     owner
//   ant_mpsc_downgrade         Sender::downgrade  -            no     any
//   ant_mpsc_upgrade           WeakSender::…      -            no     any
//   ant_mpsc_weak_drop         drop(WeakSender)   -            no     owner
//   ant_mpsc_recv              Receiver::recv     yes          no     owner
//   ant_mpsc_recv_many         recv_many          yes          no     owner
//   ant_mpsc_try_recv          try_recv           -            no     owner
//   ant_mpsc_blocking_recv     blocking_recv      -            no     outside
//   ant_mpsc_close             Receiver::close    -            no     owner
//   ant_mpsc_rx_drop           drop(Receiver)     -            no     owner
//   ant_mpsc_is_closed         is_closed          -            no     any
//   ant_mpsc_len               len                -            no     any
//   ant_mpsc_is_empty          is_empty           -            no     any
//   ant_mpsc_capacity          capacity           -            no     any
//   ant_mpsc_max_capacity      max_capacity       -            no     any
//
// The owner of a half is one task at a time; "any" may use the half while its
// owner does. Outside is a thread that is no task, or a blocking job. * Sending
// into an unbounded channel allocates a block for every 31 values, unless the
// receiver has given one back.

#ifndef ANT_CHAN_MPSC_H
#define ANT_CHAN_MPSC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "core/half.h"
#include "core/waitlist.h"

typedef struct ant_mpsc ant_mpsc;

// The largest capacity of a bounded channel, and that of an unbounded one.
#define ANT_MPSC_CAPACITY_MAX ((UINT32_C(1) << 22) - 1)
#define ANT_MPSC_UNBOUNDED    UINT32_MAX

// A half that sends. {0} is dropped.
typedef struct ant_mpsc_tx {
    ant_mpsc *channel;
    ant_half half; // for the trace
} ant_mpsc_tx;

// The half that receives. {0} is dropped.
typedef struct ant_mpsc_rx {
    ant_mpsc *channel;
    ant_half half; // for the trace
} ant_mpsc_rx;

// May become a sender as long as there is one. {0} is dropped.
typedef struct ant_mpsc_weak_tx {
    ant_mpsc *channel;
} ant_mpsc_weak_tx;

// Places that are kept. {0} has none.
typedef struct ant_mpsc_permit {
    ant_mpsc *channel;
    uint32_t count; // values that can be sent with it
} ant_mpsc_permit;

// What a future asks of a bounded channel: places. In the futures below.
typedef struct ant_mpsc_request {
    ant_mpsc *channel;
    uint32_t places;
    uint32_t line;     // of the call
    bool has_ref;      // it waits, and keeps the channel
    ant_waiter waiter; // when has_ref
} ant_mpsc_request;

// READY with 0 when *value was sent, else -EPIPE, or -ENOMEM when unbounded.
struct ant_mpsc_send {
    ant_future base;
    const void *value;
    size_t value_bytes;
    ant_mpsc_request request;
};

// READY with 0 and a permit in *permit, else -EPIPE, or -EINVAL for more places
// than the channel has.
struct ant_mpsc_reserve {
    ant_future base;
    ant_mpsc_permit *permit;
    ant_mpsc_request request;
};

// READY with a value in *out, or -EPIPE. As recv_many: READY with how many.
struct ant_mpsc_recv {
    ant_future base;
    ant_mpsc *channel;
    void *out;
    size_t value_bytes;
    uint32_t limit;
    uint32_t line; // of the call
    bool is_many;
    bool has_ref; // it waits, and keeps the channel
};

// READY when the receiver has closed or is gone.
struct ant_mpsc_closed {
    ant_future base;
    ant_mpsc *channel;
    uint32_t line; // of the call
    bool has_ref;
    ant_waiter waiter;
};

// Makes a channel for `capacity` values of `value_bytes`: 0, -ENOMEM, or
// -EINVAL when one of them is 0 or too large.
#define ant_mpsc_new(value_bytes, capacity, ret_tx, ret_rx)                    \
    ant__mpsc_new(                                                             \
        &(ant__mpsc_desc){ (value_bytes), (capacity), __FILE__, __LINE__ },    \
        (ret_tx), (ret_rx))

// Makes a channel without a bound.
#define ant_mpsc_unbounded_new(value_bytes, ret_tx, ret_rx)                    \
    ant_mpsc_new((value_bytes), ANT_MPSC_UNBOUNDED, (ret_tx), (ret_rx))

// A name for the trace, which must outlive the channel. Before it is used.
void ant_mpsc_set_name(const ant_mpsc_rx *rx, const char *name);

// What the receiver's drop does with each value that is left. It may use
// senders of the channel. Before anything is sent.
void ant_mpsc_set_discard(const ant_mpsc_rx *rx, void (*discard)(void *value));

// ---- The sender ----

// Waits for a place and sends *value, which stays where it is until then. An
// unbounded channel has always a place.
#define ant_mpsc_send(tx, value)                                               \
    ant__mpsc_send((tx), (value), sizeof *(value), __LINE__)

// Sends *value if that can be done at once: 0, -EAGAIN when the channel is full
// or others wait, -EPIPE; -ENOMEM when unbounded.
#define ant_mpsc_try_send(tx, value)                                           \
    ant__mpsc_try_send((tx), (value), sizeof *(value))

// The same for an unbounded channel: 0, -EPIPE or -ENOMEM.
#define ant_mpsc_unbounded_send(tx, value)                                     \
    ant__mpsc_unbounded_send((tx), (value), sizeof *(value))

// As ant_mpsc_send, and the whole thread waits. -EDEADLK inside of a task.
#define ant_mpsc_blocking_send(tx, value)                                      \
    ant__mpsc_blocking_send((tx), (value), sizeof *(value), __FILE__, __LINE__)

// Waits for a place and keeps it: in *ret_permit.
#define ant_mpsc_reserve(tx, ret_permit)                                       \
    ant__mpsc_reserve((tx), 1, (ret_permit), __LINE__)

// The same for `count` places, all at once.
#define ant_mpsc_reserve_many(tx, count, ret_permit)                           \
    ant__mpsc_reserve((tx), (count), (ret_permit), __LINE__)

// Keeps a place if one is free: 0, -EAGAIN or -EPIPE.
ANT_MUST_USE int ant_mpsc_try_reserve(const ant_mpsc_tx *tx,
                                      ant_mpsc_permit *ret_permit);

// The same for `count` places; -EINVAL for more than the channel has.
ANT_MUST_USE int ant_mpsc_try_reserve_many(const ant_mpsc_tx *tx,
                                           uint32_t count,
                                           ant_mpsc_permit *ret_permit);

// Sends *value with one of the permit's places, also after a close. -EPIPE when
// the receiver is gone: then the value is still the caller's. Either way the
// place is used up.
#define ant_mpsc_permit_send(permit, value)                                    \
    ant__mpsc_permit_send((permit), (value), sizeof *(value))

// Gives back the places that the permit still has.
void ant_mpsc_permit_drop(ant_mpsc_permit *permit);

// Waits until the receiver takes nothing more.
#define ant_mpsc_closed(tx) ant__mpsc_closed((tx), __LINE__)

// Another sender.
ANT_MUST_USE ant_mpsc_tx ant_mpsc_tx_clone(const ant_mpsc_tx *tx);

// Gives the sender up; the last one ends the channel.
void ant_mpsc_tx_drop(ant_mpsc_tx *tx);

// A weak sender, which does not keep the channel from ending.
ANT_MUST_USE ant_mpsc_weak_tx ant_mpsc_downgrade(const ant_mpsc_tx *tx);

// A sender again: 0, or -EPIPE when there is none left.
ANT_MUST_USE int ant_mpsc_upgrade(const ant_mpsc_weak_tx *weak,
                                  ant_mpsc_tx *ret_tx);

// Gives the weak sender up.
void ant_mpsc_weak_drop(ant_mpsc_weak_tx *weak);

// ---- The receiver ----

// Waits for a value, which goes to *out; `out` stays where it is until then.
#define ant_mpsc_recv(rx, out)                                                 \
    ant__mpsc_recv((rx), (out), sizeof *(out), __LINE__)

// Waits until there is a value, and takes as many as there are, at most `limit`
// (0: none, and at once), into array[0], array[1], … The result is how many.
#define ant_mpsc_recv_many(rx, array, limit)                                   \
    ant__mpsc_recv_many((rx), (array), sizeof *(array), (limit), __LINE__)

// A value into *out if there is one: 0; -EAGAIN when one may come, -EPIPE when
// none will.
#define ant_mpsc_try_recv(rx, out)                                             \
    ant__mpsc_try_recv((rx), (out), sizeof *(out))

// As ant_mpsc_recv, and the whole thread waits. -EDEADLK inside of a task.
#define ant_mpsc_blocking_recv(rx, out)                                        \
    ant__mpsc_blocking_recv((rx), (out), sizeof *(out), __FILE__, __LINE__)

// Takes nothing more but what is inside and what permits were given for.
// Senders that wait fail.
void ant_mpsc_close(const ant_mpsc_rx *rx);

// Gives the receiver up, with what is inside.
void ant_mpsc_rx_drop(ant_mpsc_rx *rx);

// ---- Questions; `half` is a tx or the rx ----

// A tx: sending would fail. The rx: no sender is left, or it has closed.
#define ant_mpsc_is_closed(half) ant__mpsc_is_closed((half)->channel)

// Values inside, those on their way from another thread too.
#define ant_mpsc_len(half)      ant__mpsc_len((half)->channel)
#define ant_mpsc_is_empty(half) (ant_mpsc_len(half) == 0)

// Free places, 0 while senders wait; ANT_MPSC_UNBOUNDED when there is no bound.
#define ant_mpsc_capacity(half) ant__mpsc_capacity((half)->channel)

// Places in all, or ANT_MPSC_UNBOUNDED.
#define ant_mpsc_max_capacity(half) ant__mpsc_max_capacity((half)->channel)

// ---- What the macros call ----

typedef struct ant__mpsc_desc {
    size_t value_bytes;
    size_t capacity;
    const char *file;
    uint32_t line;
} ant__mpsc_desc;

ANT_MUST_USE int ant__mpsc_new(const ant__mpsc_desc *desc, ant_mpsc_tx *ret_tx,
                               ant_mpsc_rx *ret_rx);
extern ant_future_ops *const ant__mpsc_send_ops;
extern ant_future_ops *const ant__mpsc_recv_ops;

// These two are called for every message. They set one field after the other,
// which compilers do in place, and leave the waiter alone until has_ref says
// that it is used: clearing it first would cost as much as the message.
ANT_MUST_USE static inline struct ant_mpsc_send
ant__mpsc_send(const ant_mpsc_tx *tx, const void *value, size_t value_bytes,
               uint32_t line)
{
    struct ant_mpsc_send send;
    send.base.ops = ant__mpsc_send_ops;
    send.base.awaited = NULL;
    send.base.result = 0;
    send.base.id = 0;
    send.base.line = 0;
    send.base.phase = ANT_PHASE_NEW;
    send.base.state = 0;
    send.value = value;
    send.value_bytes = value_bytes;
    send.request.channel = tx->channel;
    send.request.places = 1;
    send.request.line = line;
    send.request.has_ref = false;
    return send;
}

ANT_MUST_USE static inline struct ant_mpsc_recv
ant__mpsc_recv(const ant_mpsc_rx *rx, void *out, size_t value_bytes,
               uint32_t line)
{
    struct ant_mpsc_recv recv;
    recv.base.ops = ant__mpsc_recv_ops;
    recv.base.awaited = NULL;
    recv.base.result = 0;
    recv.base.id = 0;
    recv.base.line = 0;
    recv.base.phase = ANT_PHASE_NEW;
    recv.base.state = 0;
    recv.channel = rx->channel;
    recv.out = out;
    recv.value_bytes = value_bytes;
    recv.limit = 1;
    recv.line = line;
    recv.is_many = false;
    recv.has_ref = false;
    return recv;
}

ANT_MUST_USE int ant__mpsc_try_send(const ant_mpsc_tx *tx, const void *value,
                                    size_t value_bytes);
ANT_MUST_USE int ant__mpsc_unbounded_send(const ant_mpsc_tx *tx,
                                          const void *value,
                                          size_t value_bytes);
ANT_MUST_USE int ant__mpsc_blocking_send(const ant_mpsc_tx *tx,
                                         const void *value, size_t value_bytes,
                                         const char *file, uint32_t line);
ANT_MUST_USE struct ant_mpsc_reserve
ant__mpsc_reserve(const ant_mpsc_tx *tx, uint32_t count,
                  ant_mpsc_permit *ret_permit, uint32_t line);
ANT_MUST_USE int ant__mpsc_permit_send(ant_mpsc_permit *permit,
                                       const void *value, size_t value_bytes);
ANT_MUST_USE struct ant_mpsc_closed ant__mpsc_closed(const ant_mpsc_tx *tx,
                                                     uint32_t line);
ANT_MUST_USE struct ant_mpsc_recv
ant__mpsc_recv_many(const ant_mpsc_rx *rx, void *array, size_t value_bytes,
                    uint32_t limit, uint32_t line);
ANT_MUST_USE int ant__mpsc_try_recv(const ant_mpsc_rx *rx, void *out,
                                    size_t value_bytes);
ANT_MUST_USE int ant__mpsc_blocking_recv(const ant_mpsc_rx *rx, void *out,
                                         size_t value_bytes, const char *file,
                                         uint32_t line);
ANT_MUST_USE bool ant__mpsc_is_closed(const ant_mpsc *channel);
ANT_MUST_USE size_t ant__mpsc_len(const ant_mpsc *channel);
ANT_MUST_USE uint32_t ant__mpsc_capacity(const ant_mpsc *channel);
ANT_MUST_USE uint32_t ant__mpsc_max_capacity(const ant_mpsc *channel);

#endif
