// SPDX-License-Identifier: MIT
//
// A watch channel has one value, the latest, which anybody may look at; what
// was not looked at in time is overwritten and nobody hears of it: a setting, a
// state. It has sending halves (tx) and receiving ones (rx); each half has one
// owner. The channel is one block of memory that they share and the last one
// frees. Tokio: sync::watch.
//
//   int level = 0;
//   int err = ant_watch_new(&level, &self->tx, &self->rx);
//   if (err < 0) return ANT_FAIL(err);
//   self->pump = ant_spawn(pump(ant_watch_subscribe(&self->tx)));
//   self->news = ant_watch_changed(&self->rx);
//
//   case APP_WATCHING:
//       ANT_AWAIT(self->news);
//       if (self->news.base.result == -EPIPE) return ANT_NEXT(APP_LEAVING);
//       ant_watch_borrow_and_update(&self->rx, &self->level);
//
// and whoever has the sender calls `ant_watch_send(&self->tx, &level);`
//
// Each receiver knows which value it has seen: the one that was there when it
// subscribed, and from then on what ant_watch_changed or
// ant_watch_borrow_and_update marked. Values are copied as bytes, under the
// channel's lock. A function that changes the value in place is called under
// that lock, so it must neither use the channel nor panic.
//
// The hard thing: a value may be sent and all senders be gone before a receiver
// looks. It still gets that value, once, and only then -EPIPE.
//
//   function                     Tokio               cancel  alloc  threads
//   ant_watch_new                watch::channel      -       yes    any
//   ant_watch_new_named          -                   -       yes    any
//   ant_watch_send               Sender::send        -       no     any
//   ant_watch_send_replace       send_replace        -       no     any
//   ant_watch_send_modify        send_modify         -       no     any
//   ant_watch_send_if_modified   send_if_modified    -       no     any
//   ant_watch_tx_borrow          Sender::borrow      -       no     any
//   ant_watch_subscribe          Sender::subscribe   -       no     any
//   ant_watch_tx_clone           Sender::clone       -       no     any
//   ant_watch_receiver_count     receiver_count      -       no     any
//   ant_watch_is_closed          Sender::is_closed   -       no     any
//   ant_watch_closed             Sender::closed      yes     no     any
//   ant_watch_tx_drop            drop(Sender)        -       no     owner
//   ant_watch_borrow             Receiver::borrow    -       no     owner
//   ant_watch_borrow_and_update  borrow_and_update   -       no     owner
//   ant_watch_has_changed        has_changed         -       no     owner
//   ant_watch_mark_changed       mark_changed        -       no     owner
//   ant_watch_mark_unchanged     mark_unchanged      -       no     owner
//   ant_watch_changed            Receiver::changed   yes     no     owner
//   ant_watch_wait_for           Receiver::wait_for  yes     no     owner
//   ant_watch_rx_clone           Receiver::clone     -       no     owner
//   ant_watch_rx_drop            drop(Receiver)      -       no     owner
//
// Threads: what takes a tx may be called from any thread at the same time, but
// for its drop; what takes an rx only from its owner's.

#ifndef ANT_CHAN_WATCH_H
#define ANT_CHAN_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"
#include "core/half.h"
#include "core/waitlist.h"

typedef struct ant_watch ant_watch;

// The half that sends. {0} is dropped.
typedef struct ant_watch_tx {
    ant_watch *channel;
    ant_half half; // for the trace
} ant_watch_tx;

// The half that receives. {0} is dropped. It does not move while it is waited
// with.
typedef struct ant_watch_rx {
    ant_watch *channel;
    ant_half half; // for the trace
    uint64_t seen; // version of the value that it knows
} ant_watch_rx;

// Changes the value in place; true when that is worth telling.
typedef bool (*ant_watch_modify_fn)(void *value, void *arg);
// Whether the value is one that is waited for.
typedef bool (*ant_watch_predicate_fn)(const void *value, void *arg);

// A place in one of the queues of a channel, which it keeps alive.
typedef struct ant_watch_place {
    ant_watch *channel;
    ant_waitlist *list; // of the channel
    bool has_ref;
    ant_waiter waiter;
} ant_watch_place;

// READY when there is a value that was not seen, which is seen now, or with the
// result -EPIPE: there is none, and none will come.
struct ant_watch_changed {
    ant_future base;
    ant_watch_place place;
    ant_watch_rx *rx;
};

// READY with a value in *out for which the predicate is true, or with -EPIPE:
// there is none such, and none will come.
struct ant_watch_wait_for {
    ant_future base;
    ant_watch_place place;
    ant_watch_rx *rx;
    void *out;
    ant_watch_predicate_fn predicate;
    void *arg;
    uint64_t tested; // version of the last value that was tested, 0 for none
};

// READY when there are no receivers.
struct ant_watch_closed {
    ant_future base;
    ant_watch_place place;
};

// Makes a channel for values like *initial, which the receiver has seen. 0 or
// -ENOMEM.
#define ant_watch_new(initial, ret_tx, ret_rx)                                 \
    ant_watch_new_named(NULL, (initial), (ret_tx), (ret_rx))

// As ant_watch_new. The name, for the trace, must outlive the channel.
#define ant_watch_new_named(name_, initial, ret_tx, ret_rx)                    \
    ant__watch_new(&(ant_resource)ANT_RESOURCE(ANT_RES_WATCH, (name_), 1),     \
                   (initial), sizeof *(initial), (ret_tx), (ret_rx))

// Makes *value the latest. -EPIPE, and nothing is changed, when there are no
// receivers.
#define ant_watch_send(tx, value)                                              \
    ant__watch_send((tx), (value), sizeof *(value))

// As ant_watch_send, also without receivers; the value before goes to *ret_old,
// unless that is NULL.
#define ant_watch_send_replace(tx, value, ret_old)                             \
    ant__watch_send_replace((tx), (value), (ret_old), sizeof *(value))

// Has `modify` change the value in place; what it returns does not matter.
void ant_watch_send_modify(const ant_watch_tx *tx, ant_watch_modify_fn modify,
                           void *arg);

// Has `modify` change the value in place. When it returns false nobody is told.
// What `modify` said.
bool ant_watch_send_if_modified(const ant_watch_tx *tx,
                                ant_watch_modify_fn modify, void *arg);

// The latest value into *out.
#define ant_watch_tx_borrow(tx, out)                                           \
    ant__watch_tx_borrow((tx), (out), sizeof *(out))

// Another receiver, which has seen the latest value. It opens a channel again
// that had no receivers.
ANT_MUST_USE ant_watch_rx ant_watch_subscribe(const ant_watch_tx *tx);

// Another sender.
ANT_MUST_USE ant_watch_tx ant_watch_tx_clone(const ant_watch_tx *tx);

// Receivers that were not dropped.
ANT_MUST_USE uint32_t ant_watch_receiver_count(const ant_watch_tx *tx);

// Whether there are no receivers.
ANT_MUST_USE bool ant_watch_is_closed(const ant_watch_tx *tx);

// Waits until there are no receivers.
#define ant_watch_closed(tx) ant__watch_closed((tx), __LINE__)

// Gives the sender up. When it was the last one, the receivers hear of it.
void ant_watch_tx_drop(ant_watch_tx *tx);

// The latest value into *out. It is not marked as seen.
#define ant_watch_borrow(rx, out) ant__watch_borrow((rx), (out), sizeof *(out))

// The latest value into *out, which is seen now.
#define ant_watch_borrow_and_update(rx, out)                                   \
    ant__watch_borrow_and_update((rx), (out), sizeof *(out))

// 1 when the latest value was not seen, 0 when it was, -EPIPE when all senders
// are gone.
ANT_MUST_USE int ant_watch_has_changed(const ant_watch_rx *rx);

// Makes the latest value one that was not seen, or was.
void ant_watch_mark_changed(ant_watch_rx *rx);
void ant_watch_mark_unchanged(ant_watch_rx *rx);

// Waits for a value that was not seen, and marks it.
#define ant_watch_changed(rx) ant__watch_changed((rx), __LINE__)

// Waits until predicate(value, arg) is true, first of the latest value, and
// marks what it has looked at as seen. The value is copied to *out before it is
// looked at, so that the predicate runs without a lock; `out` stays where it
// is, and has the last value tested.
#define ant_watch_wait_for(rx_, out_, predicate_, arg_)                        \
    ant__watch_wait_for(                                                       \
        &(struct ant_watch_wait_for){ .rx = (rx_),                             \
                                      .out = (out_),                           \
                                      .predicate = (predicate_),               \
                                      .arg = (arg_),                           \
                                      .place.waiter = ANT_WAITER(__LINE__) },  \
        sizeof *(out_))

// Another receiver, which has seen what this one has.
ANT_MUST_USE ant_watch_rx ant_watch_rx_clone(const ant_watch_rx *rx);

// Gives the receiver up. When it was the last one, the senders hear of it.
void ant_watch_rx_drop(ant_watch_rx *rx);

ANT_MUST_USE int ant__watch_new(const ant_resource *card, const void *initial,
                                size_t value_bytes, ant_watch_tx *ret_tx,
                                ant_watch_rx *ret_rx);
int ant__watch_send(const ant_watch_tx *tx, const void *value,
                    size_t value_bytes);
void ant__watch_send_replace(const ant_watch_tx *tx, const void *value,
                             void *ret_old, size_t value_bytes);
void ant__watch_tx_borrow(const ant_watch_tx *tx, void *out,
                          size_t value_bytes);
ANT_MUST_USE struct ant_watch_closed ant__watch_closed(const ant_watch_tx *tx,
                                                       uint32_t line);
void ant__watch_borrow(const ant_watch_rx *rx, void *out, size_t value_bytes);
void ant__watch_borrow_and_update(ant_watch_rx *rx, void *out,
                                  size_t value_bytes);
ANT_MUST_USE struct ant_watch_changed ant__watch_changed(ant_watch_rx *rx,
                                                         uint32_t line);
ANT_MUST_USE struct ant_watch_wait_for
ant__watch_wait_for(const struct ant_watch_wait_for *parts, size_t value_bytes);

#endif
