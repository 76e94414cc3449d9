// SPDX-License-Identifier: MIT
//
// The queue inside an mpsc channel: values in the order in which senders took
// places for them. It knows no wakers and records nothing; it says who has to
// be woken. Any thread sends; one thread at a time receives.
//
// One word holds all that senders and the receiver must agree on: the position
// of the next place, the places that permits hold, and flags. Sending is
//
//   claim     one compare-and-swap on the word: the place is mine
//   publish   one store of the place's stamp, after the value
//
// and receiving is
//
//   front     one load of a stamp: is the next value there?
//   release   one exchange of the receiver's position, which frees the place
//
// A place whose stamp is its position plus 1 holds its value; so nothing has to
// be cleared, and an older value there is never taken for a new one.
//
// The places of a bounded queue are one block, used round and round. Those of
// an unbounded one are a list of blocks: the last index of each is no place but
// the END, where senders stop until one of them, under the lock, has put the
// next block behind. It follows from that order that the value of a block which
// is taken last was also the last that a sender wrote: the receiver may use a
// block again as soon as it has left it.
//
// The hard thing are waits that begin while others end. A receiver that finds
// nothing says who it is and sets LISTENING in the word: the sender whose
// compare-and-swap comes next clears it, and wakes the receiver after it has
// published. Whoever clears the flag has the listener, alone, until it says
// that it is done with it; so neither needs a lock. A sender that finds the
// queue full sets WAITED in the word, so that nobody else claims, then
// `is_waited`, and then looks at the position once more; the receiver moves its
// position and then looks at `is_waited`. Of two such pairs in sequentially
// consistent order one sees the other.
//
// Between claim and publish a value is on its way: counted, and not there. The
// receiver then waits for the sender's few instructions; it is no blocking in
// any other sense. So it does for whoever has its listener.

#ifndef ANT_CHAN_MPSC_QUEUE_H
#define ANT_CHAN_MPSC_QUEUE_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/atomic.h"
#include "base/macros.h"
#include "base/os.h"

// Indices in a block of an unbounded queue, a power of two, the END among them.
#ifndef ANT_MPSC_BLOCK_LEN
#define ANT_MPSC_BLOCK_LEN 32u
#endif

// The word: tail << 27 | held << 5 | flags. The tail turns over silently.
#define ANT_MPSC_HELD_ONE ((uint64_t)1 << 5)
#define ANT_MPSC_HELD_MAX (((uint64_t)1 << 22) - 1)
#define ANT_MPSC_TAIL_ONE ((uint64_t)1 << 27)
#define ANT_MPSC_TAIL_MAX (UINT64_MAX >> 27)

enum {
    ANT_MPSC_CLOSED = 1,     // the receiver takes nothing new
    ANT_MPSC_RX_GONE = 2,    // nor what permits were given for
    ANT_MPSC_TX_GONE = 4,    // no sender is left
    ANT_MPSC_WAITED = 8,     // senders wait for places: nobody else claims one
    ANT_MPSC_LISTENING = 16, // the receiver sleeps until the next claim
};

// A place for one value, which stands behind it.
typedef struct ant__mpsc_slot {
    ant_atomic_u64 stamp; // position + 1 of the value that is there
} ant__mpsc_slot;

typedef struct ant__mpsc_block {
    ant_atomic_ptr next; // block of the positions behind these, 0 for none
    _Alignas(max_align_t) unsigned char slot[];
} ant__mpsc_block;

typedef struct ant__mpsc_queue {
    // fixed after init
    uint64_t capacity; // UINT64_MAX: unbounded
    uint64_t mask;     // index of a position in its block
    uint64_t end;      // the index that is no place; none has UINT64_MAX
    size_t value_bytes;
    size_t value_at; // in the slot
    size_t slot_bytes;

    // senders, atomic
    ANT_CACHE_ALIGNED ant_atomic_u64 word;
    ant_atomic_ptr tail;          // block of the tail's position
    ant_atomic_u64 received_seen; // `received` at some time: never too large
    ant_atomic_ptr listener;      // the receiver that waits, 0 for none

    // written by the receiver; `received` is atomic
    ANT_CACHE_ALIGNED ant_atomic_u64 received; // values before this are taken
    uint64_t position;                         // the next value's
    ant__mpsc_block *head;                     // its block

    // seldom written
    ANT_CACHE_ALIGNED ant_atomic_u32 is_waited; // any thread, atomic
    ant_os_mutex lock;
    // under lock
    ant__mpsc_block *spare; // linked by `next`
    uint32_t spare_count;
} ant__mpsc_queue;

// A place that was claimed, to be written and published.
typedef struct ant__mpsc_place {
    ant__mpsc_slot *slot;
    uint64_t stamp;
    bool must_wake; // whoever publishes wakes the receiver
} ant__mpsc_place;

// `capacity` is at most ANT_MPSC_HELD_MAX, or UINT64_MAX. 0 or -ENOMEM.
ANT_MUST_USE int ant__mpsc_queue_init(ant__mpsc_queue *queue,
                                      size_t value_bytes, uint64_t capacity);

// What is inside is forgotten.
void ant__mpsc_queue_deinit(ant__mpsc_queue *queue);

// ---- Senders ----

// Takes `count` places to be used later: 0, -EAGAIN when there are not so many
// or when others wait, -EPIPE when closed.
ANT_MUST_USE int ant__mpsc_hold(ant__mpsc_queue *queue, uint64_t count);

// The same for the first who waits, for whom WAITED is set. False when there
// are not so many.
ANT_MUST_USE bool ant__mpsc_grant(ant__mpsc_queue *queue, uint64_t count);

// Gives places back that were held; returns the word after that.
uint64_t ant__mpsc_unhold(ant__mpsc_queue *queue, uint64_t count);

// Under the lock of those who wait: from now on nobody else claims, and the
// receiver looks after them; or nobody waits any more.
void ant__mpsc_mark_waited(ant__mpsc_queue *queue);
void ant__mpsc_unmark_waited(ant__mpsc_queue *queue);

// Sets flags; returns the word before that.
uint64_t ant__mpsc_set(ant__mpsc_queue *queue, uint64_t flags);

// Free places.
uint64_t ant__mpsc_free_count(const ant__mpsc_queue *queue);

// Values inside, those on their way too.
uint64_t ant__mpsc_queue_len(const ant__mpsc_queue *queue);

// Out of the way of the inline functions below.
int ant__mpsc_room_again(ant__mpsc_queue *queue, uint64_t *seen, uint64_t *word,
                         uint64_t count);
int ant__mpsc_next_block(ant__mpsc_queue *queue);
bool ant__mpsc_leave_block(ant__mpsc_queue *queue);

// ---- The receiver ----

// 0 and the next value's slot, -EAGAIN when none was sent, -EPIPE when none
// will be.
ANT_MUST_USE int ant__mpsc_look(ant__mpsc_queue *queue,
                                ant__mpsc_slot **ret_slot);

// Sets LISTENING for `who`, when nobody listens. True when there is something
// to take, or all is over; false when the next claim, or the end, will find the
// flag.
ANT_MUST_USE bool ant__mpsc_listen(ant__mpsc_queue *queue, uintptr_t who);

// Waits until whoever cleared LISTENING is done with the listener.
void ant__mpsc_listener_await(ant__mpsc_queue *queue);

// ---- Whoever clears LISTENING: a sender that claims, or any thread ----

// Clears it. False when somebody else has done so, or nobody listens.
ANT_MUST_USE bool ant__mpsc_unlisten(ant__mpsc_queue *queue);

// Who listened.
static inline uintptr_t ant__mpsc_listener(const ant__mpsc_queue *queue)
{
    // relaxed: stored before the flag was set.
    return ant_atomic_load(&queue->listener, ANT_RELAXED);
}

// It may listen again.
static inline void ant__mpsc_listener_done(ant__mpsc_queue *queue)
{
    // release: pairs with the acquire in ant__mpsc_listener_await().
    ant_atomic_store(&queue->listener, 0, ANT_RELEASE);
}

// ---- Both ----

static inline bool ant__mpsc_is_listening(const ant__mpsc_queue *queue)
{
    // acquire: pairs with the changes of the word.
    const uint64_t word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
    return (word & ANT_MPSC_LISTENING) != 0;
}

// What the receiver has not popped yet.
uint64_t ant__mpsc_queue_left(const ant__mpsc_queue *queue);

// ---- The fast ways ----

static inline uint64_t ant__mpsc_tail(uint64_t word)
{
    return word >> 27;
}

static inline uint64_t ant__mpsc_held(uint64_t word)
{
    return word / ANT_MPSC_HELD_ONE & ANT_MPSC_HELD_MAX;
}

// Places that are not free, when so much was received.
static inline uint64_t ant__mpsc_used(uint64_t word, uint64_t received)
{
    return ant__mpsc_held(word) +
           ((ant__mpsc_tail(word) - received) & ANT_MPSC_TAIL_MAX);
}

static inline ant__mpsc_slot *ant__mpsc_slot_at(const ant__mpsc_queue *queue,
                                                ant__mpsc_block *block,
                                                uint64_t position)
{
    const size_t at = (size_t)(position & queue->mask) * queue->slot_bytes;
    return (ant__mpsc_slot *)(void *)(block->slot + at);
}

static inline void *ant__mpsc_value(const ant__mpsc_queue *queue,
                                    ant__mpsc_slot *slot)
{
    return (unsigned char *)slot + queue->value_at;
}

// Most values are a word, and a call of memcpy costs as much as all the rest.
static inline void ant__mpsc_copy(const ant__mpsc_queue *queue, void *to,
                                  const void *from)
{
    if (queue->value_bytes == sizeof(uint64_t))
        memcpy(to, from, sizeof(uint64_t));
    else
        memcpy(to, from, queue->value_bytes);
}

// 0 when `count` places are free at *word, else -EAGAIN or -EPIPE.
static inline int ant__mpsc_room(ant__mpsc_queue *queue, uint64_t *seen,
                                 uint64_t *word, uint64_t count)
{
    const bool is_barred = (*word & (ANT_MPSC_CLOSED | ANT_MPSC_WAITED)) != 0;
    const bool is_full = ant__mpsc_used(*word, *seen) + count > queue->capacity;
    if (ANT_LIKELY(!is_barred && !is_full)) return 0;
    return ant__mpsc_room_again(queue, seen, word, count);
}

// Moves the tail over one place, unless the word has changed.
static inline bool ant__mpsc_advance(ant__mpsc_queue *queue, uint64_t *word,
                                     uint64_t change,
                                     ant__mpsc_place *ret_place)
{
    const uint64_t seen = *word;
    const uint64_t next = (seen + change) & ~(uint64_t)ANT_MPSC_LISTENING;
    // acquire: pairs with the release in ant__mpsc_next_block(). It is that of
    // the tail's position as long as the word does not change.
    const uintptr_t block = ant_atomic_load(&queue->tail, ANT_ACQUIRE);
    // acq_rel: the word passes on what each did before its change.
    if (!ant_atomic_cas_weak(&queue->word, word, next, ANT_ACQ_REL,
                             ANT_ACQUIRE))
        return false;
    const uint64_t at = ant__mpsc_tail(seen);
    ret_place->slot = ant__mpsc_slot_at(queue, (ant__mpsc_block *)block, at);
    ret_place->stamp = at + 1;
    ret_place->must_wake = (seen & ANT_MPSC_LISTENING) != 0;
    return true;
}

// Claims a place: 0, -EAGAIN when none is free, -EPIPE when closed, -ENOMEM.
ANT_MUST_USE static inline int ant__mpsc_claim(ant__mpsc_queue *queue,
                                               ant__mpsc_place *ret_place)
{
    // acquire: pairs with the release in ant__mpsc_room_again(). Before the
    // word, so that it is never ahead of the tail.
    uint64_t seen = ant_atomic_load(&queue->received_seen, ANT_ACQUIRE);
    uint64_t word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
    for (;;) { // goes round again only when somebody else went ahead
        int err = ant__mpsc_room(queue, &seen, &word, 1);
        if (ANT_UNLIKELY(err < 0)) return err;
        if (ANT_UNLIKELY((ant__mpsc_tail(word) & queue->mask) == queue->end)) {
            err = ant__mpsc_next_block(queue);
            if (err < 0) return err;
            word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
        } else if (ant__mpsc_advance(queue, &word, ANT_MPSC_TAIL_ONE,
                                     ret_place)) {
            return 0;
        }
    }
}

// Makes a place of one that is held: 0, or -EPIPE when the receiver is gone;
// then it is still held.
ANT_MUST_USE static inline int ant__mpsc_claim_held(ant__mpsc_queue *queue,
                                                    ant__mpsc_place *ret_place)
{
    uint64_t word = ant_atomic_load(&queue->word, ANT_ACQUIRE);
    do {
        if (word & ANT_MPSC_RX_GONE) return -EPIPE;
    } while (!ant__mpsc_advance(
        queue, &word, ANT_MPSC_TAIL_ONE - ANT_MPSC_HELD_ONE, ret_place));
    return 0;
}

static inline void ant__mpsc_publish(const ant__mpsc_place *place)
{
    // release: pairs with the acquire in ant__mpsc_front().
    ant_atomic_store(&place->slot->stamp, place->stamp, ANT_RELEASE);
}

// The next value's slot, NULL when it is not there (yet).
static inline ant__mpsc_slot *ant__mpsc_front(ant__mpsc_queue *queue)
{
    if (ANT_UNLIKELY((queue->position & queue->mask) == queue->end) &&
        !ant__mpsc_leave_block(queue))
        return NULL;
    ant__mpsc_slot *slot =
        ant__mpsc_slot_at(queue, queue->head, queue->position);
    const uint64_t stamp = (queue->position & ANT_MPSC_TAIL_MAX) + 1;
    // acquire: pairs with the release in ant__mpsc_publish().
    const bool is_there = ant_atomic_load(&slot->stamp, ANT_ACQUIRE) == stamp;
    return is_there ? slot : NULL;
}

// The receiver has copied the value.
static inline void ant__mpsc_pop(ant__mpsc_queue *queue)
{
    queue->position++;
}

// Frees the places of all that was popped. True when senders wait for them.
ANT_MUST_USE static inline bool ant__mpsc_release(ant__mpsc_queue *queue)
{
    if (queue->capacity == UINT64_MAX) {
        // release: pairs with the acquire of whoever asks for the length.
        ant_atomic_store(&queue->received, queue->position, ANT_RELEASE);
        return false;
    }
    // seq_cst: pairs with ant__mpsc_mark_waited() and the look in
    // ant__mpsc_grant() that comes after it; and release, with the acquire in
    // ant__mpsc_room_again(): the places may be written again.
    (void)ant_atomic_exchange(&queue->received, queue->position, ANT_SEQ_CST);
    return ant_atomic_load(&queue->is_waited, ANT_SEQ_CST) != 0;
}

#endif
