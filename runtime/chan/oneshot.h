// SPDX-License-Identifier: MIT
//
// A oneshot carries one value from one task to another, once: an answer, a
// result, a signal to stop. It has two halves, a sender (tx) and a receiver
// (rx), which go to different tasks by assignment; each half has one owner. The
// channel itself is one block of memory that both share and the last one frees.
// Tokio: sync::oneshot.
//
//   int err = ant_oneshot_new(sizeof(int), &self->tx, &self->rx);
//   if (err < 0) return ANT_FAIL(err);
//   self->cook = ant_spawn(cook(self->tx));
//   self->meal = ant_oneshot_recv(&self->rx, &self->dish);
//   return ANT_NEXT(GUEST_WAITING);
//
//   case GUEST_WAITING:
//       ANT_AWAIT(self->meal);
//       if (self->meal.base.result == -EPIPE) leave(); // so has the cook
//
// and in the cook's task: `err = ant_oneshot_send(&self->tx, &dish);`
//
// A half that is not used up has to be dropped by its owner, in the drop
// function of the future that holds it: that is how the other half hears that
// nothing will come, or that nobody listens. Dropping twice does nothing. The
// value is copied as bytes: what nobody fetches is forgotten, so a receiver of
// memory closes, and fetches what was sent before, before it drops.
//
// The hard thing: a half may be dropped, closed or moved to another task while
// the other one sends. All of that happens under the channel's lock; wakers are
// used after it. A future that waits keeps the channel alive until it ends.
//
//   function               Tokio               cancel-safe  alloc  threads
//   ant_oneshot_new        oneshot::channel    -            yes    any
//   ant_oneshot_send       Sender::send        -            no     owner
//   ant_oneshot_is_closed  Sender::is_closed   -            no     owner
//   ant_oneshot_closed     Sender::closed      yes          no     owner
//   ant_oneshot_tx_drop    drop(Sender)        -            no     owner
//   ant_oneshot_recv       Receiver::await     yes          no     owner
//   ant_oneshot_try_recv   Receiver::try_recv  -            no     owner
//   ant_oneshot_close      Receiver::close     -            no     owner
//   ant_oneshot_rx_drop    drop(Receiver)      -            no     owner

#ifndef ANT_CHAN_ONESHOT_H
#define ANT_CHAN_ONESHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "core/half.h"

typedef struct ant_oneshot ant_oneshot;

// The half that sends. {0} is used up.
typedef struct ant_oneshot_tx {
    ant_oneshot *channel;
    ant_half half; // for the trace
} ant_oneshot_tx;

// The half that receives. {0} is dropped.
typedef struct ant_oneshot_rx {
    ant_oneshot *channel;
    ant_half half; // for the trace
} ant_oneshot_rx;

// READY with the value in *out, or with the result -EPIPE: none will come.
struct ant_oneshot_recv {
    ant_future base;
    ant_oneshot *channel;
    void *out;
    uint32_t line; // of the call
    bool is_waiting;
};

// READY when the receiver has closed or is gone.
struct ant_oneshot_closed {
    ant_future base;
    ant_oneshot *channel;
    uint32_t line; // of the call
    bool is_waiting;
};

// Makes a channel for one value of `value_bytes`, at least 1. 0 or -ENOMEM.
#define ant_oneshot_new(value_bytes, ret_tx, ret_rx)                           \
    ant__oneshot_new((value_bytes), (ret_tx), (ret_rx), __FILE__, __LINE__)

// Sends *value, of the channel's type, and uses the sender up. -EPIPE when the
// receiver has closed or is gone; the value is then still the caller's.
#define ant_oneshot_send(tx, value)                                            \
    ant__oneshot_send((tx), (value), sizeof *(value))

// Whether sending would fail.
ANT_MUST_USE bool ant_oneshot_is_closed(const ant_oneshot_tx *tx);

// Waits until sending would fail, so that nobody works for an answer that
// nobody wants. It ends before `tx` is used up.
#define ant_oneshot_closed(tx) ant__oneshot_closed((tx), __LINE__)

// Gives the sender up without sending.
void ant_oneshot_tx_drop(ant_oneshot_tx *tx);

// Waits for the value, which goes to *out; `out` stays where it is until then.
#define ant_oneshot_recv(rx, out)                                              \
    ant__oneshot_recv((rx), (out), sizeof *(out), __LINE__)

// The value into *out if it is there: 0; -EAGAIN when it may still come,
// -EPIPE when none will.
#define ant_oneshot_try_recv(rx, out)                                          \
    ant__oneshot_try_recv((rx), (out), sizeof *(out))

// Refuses whatever is not sent yet. What was sent before can be received.
void ant_oneshot_close(ant_oneshot_rx *rx);

// Gives the receiver up, with what was sent to it.
void ant_oneshot_rx_drop(ant_oneshot_rx *rx);

ANT_MUST_USE int ant__oneshot_new(size_t value_bytes, ant_oneshot_tx *ret_tx,
                                  ant_oneshot_rx *ret_rx, const char *file,
                                  uint32_t line);
ANT_MUST_USE int ant__oneshot_send(ant_oneshot_tx *tx, const void *value,
                                   size_t value_bytes);
ANT_MUST_USE struct ant_oneshot_closed
ant__oneshot_closed(const ant_oneshot_tx *tx, uint32_t line);
extern ant_future_ops *const ant__oneshot_recv_ops;

// Checks that the half is there and its values have this size.
ANT_MUST_USE ant_oneshot *ant__oneshot_of(const ant_oneshot_rx *rx,
                                          size_t value_bytes);

ANT_MUST_USE static inline struct ant_oneshot_recv
ant__oneshot_recv(const ant_oneshot_rx *rx, void *out, size_t value_bytes,
                  uint32_t line)
{
    struct ant_oneshot_recv recv;
    recv.base = (ant_future)ANT__NEW_BASE(ant__oneshot_recv_ops);
    recv.channel = ant__oneshot_of(rx, value_bytes);
    recv.out = out;
    recv.line = line;
    recv.is_waiting = false;
    return recv;
}

ANT_MUST_USE int ant__oneshot_try_recv(ant_oneshot_rx *rx, void *out,
                                       size_t value_bytes);

#endif
