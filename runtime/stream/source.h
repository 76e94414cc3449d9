// SPDX-License-Identifier: MIT
//
// Where streams begin: an array, a range of numbers, a function, a clock. A
// source belongs to whoever reads it, and what it points to (the array, the
// state of the function) has to stay until it is over.
// Tokio: tokio_stream::iter and its kin.
//
//   case SUM_START:
//       self->primes = ant_stream_iter(first_primes, 4);
//       self->next = ant_stream_next(&self->primes.base, &self->prime);
//       return ANT_NEXT(SUM_ADDING);
//   case SUM_ADDING:
//       ANT_AWAIT(self->next);
//       if (self->next.base.result == 0) return ANT_READY;
//       self->sum += self->prime;
//       self->next = ant_stream_next(&self->primes.base, &self->prime);
//       return ANT_NEXT(SUM_ADDING);
//
// The hard thing is none: these never wait, but for the interval, and it is the
// budget that makes a task yield that reads one without an end.
//
//   function                  Tokio, futures  cancel-safe  alloc  threads
//   ant_stream_iter           stream::iter    yes          no     any
//   ant_stream_once           stream::once    yes          no     any
//   ant_stream_empty          stream::empty   yes          no     any
//   ant_stream_range          iter(a..b)      yes          no     any
//   ant_stream_repeat         stream::repeat  yes          no     any
//   ant_stream_unfold         stream::unfold  yes          no     any
//   ant_stream_from_interval  IntervalStream  yes          no     any

#ifndef ANT_STREAM_SOURCE_H
#define ANT_STREAM_SOURCE_H

#include <stddef.h>
#include <stdint.h>

#include "stream/stream.h"
#include "time/interval.h"

// Puts the next item into its place and returns 1; 0 at the end, or -errno when
// it breaks off. `state` is the stream's own.
typedef int (*ant_stream_unfold_fn)(void *item, void *state);

struct ant_stream_iter {
    ant_stream base;
    const unsigned char *at;
    size_t left;
};

struct ant_stream_range {
    ant_stream base;
    int64_t next;
    int64_t end;
};

struct ant_stream_repeat {
    ant_stream base;
    const void *value;
};

struct ant_stream_unfold {
    ant_stream base;
    ant_stream_unfold_fn unfold;
    void *state;
};

struct ant_stream_from_interval {
    ant_stream base;
    enum { ANT_FROM_INTERVAL_START, ANT_FROM_INTERVAL_WAITING } state;
    struct ant_interval interval;
    struct ant_interval_tick tick;
};

// The `count` values of the array, from the first to the last.
#define ant_stream_iter(array, count)                                          \
    ant__stream_iter((array), sizeof *(array), (count))

// The value that `value` points to, and no more.
#define ant_stream_once(value) ant__stream_iter((value), sizeof *(value), 1)

// No items, which would have been of `type`.
#define ant_stream_empty(type) ant__stream_iter(NULL, sizeof(type), 0)

// The numbers from `first` to the one before `end`, each an int64_t.
ANT_MUST_USE struct ant_stream_range ant_stream_range(int64_t first,
                                                      int64_t end);

// The value that `value` points to, for ever.
#define ant_stream_repeat(value) ant__stream_repeat((value), sizeof *(value))

// Items of `type` as the function `unfold` makes them out of `state`.
#define ant_stream_unfold(type, unfold, state)                                 \
    ant__stream_unfold(sizeof(type), (unfold), (state))

// The ticks of an interval, `ant_interval(100)`: each a uint64_t, the moment it
// was meant for.
ANT_MUST_USE struct ant_stream_from_interval
ant_stream_from_interval(struct ant_interval interval);

ANT_MUST_USE struct ant_stream_iter
ant__stream_iter(const void *array, size_t item_bytes, size_t count);
ANT_MUST_USE struct ant_stream_repeat ant__stream_repeat(const void *value,
                                                         size_t item_bytes);
ANT_MUST_USE struct ant_stream_unfold
ant__stream_unfold(size_t item_bytes, ant_stream_unfold_fn unfold, void *state);

#endif
