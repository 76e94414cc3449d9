// SPDX-License-Identifier: MIT
//
// Futures that read a stream to its end: they own it, and when they are ready
// or dropped it is over. An error of the stream is theirs too, also one after
// which the stream would have gone on: it is dropped then.
// Tokio: StreamExt::fold, collect; futures: for_each, count.
//
//   static void add(const void *item, void *arg)
//   {
//       const int64_t *n = item;
//       int64_t *sum = arg;
//       *sum += *n;
//   }
//
//   case TOTAL_START:
//       self->numbers = ant_stream_range(1, 101);
//       self->added = ant_stream_fold(&self->numbers.base, add, &self->sum);
//       return ANT_NEXT(TOTAL_ADDING);
//   case TOTAL_ADDING:
//       ANT_AWAIT(self->added);
//       if (self->added.base.result < 0) return ANT_FAIL(-EIO);
//       return ANT_READY;
//
// The hard thing is a stream that always has an item: the budget makes these
// loops yield after 128. What was read before a drop is lost with them.
//
//   function             Tokio, futures  cancel-safe  alloc  threads
//   ant_stream_for_each  try_for_each    no           no     the task's
//   ant_stream_fold      fold            no           no     the task's
//   ant_stream_collect   collect         no           no     the task's
//   ant_stream_count     count           no           no     the task's
//
// The result is the number of items, at most INT32_MAX, or -errno.

#ifndef ANT_STREAM_COLLECT_H
#define ANT_STREAM_COLLECT_H

#include <stddef.h>
#include <stdint.h>

#include "stream/upstream.h"

// Does something with an item. 0, or -errno, which ends it all.
typedef int (*ant_stream_for_each_fn)(const void *item, void *arg);

// Adds an item to what `arg` points to.
typedef void (*ant_stream_fold_fn)(const void *item, void *arg);

struct ant_stream_for_each {
    ant_future base;
    ant_upstream up;
    ant_stream_for_each_fn each; // or
    ant_stream_fold_fn fold;     // or neither: only count
    void *arg;
    uint64_t count; // of the items so far
};

struct ant_stream_collect {
    ant_future base;
    ant_upstream up;
    unsigned char *array;
    size_t room;
    size_t count; // of the items so far
};

// Calls `each` with every item. What it returns below 0 is the result.
#define ant_stream_for_each(stream, each, arg)                                 \
    ant__stream_for_each(ant__upstream((stream), #stream), (each), NULL, (arg))

// Calls `fold` with every item, to gather them in *arg.
#define ant_stream_fold(stream, fold, arg)                                     \
    ant__stream_for_each(ant__upstream((stream), #stream), NULL, (fold), (arg))

// Counts the items.
#define ant_stream_count(stream)                                               \
    ant__stream_for_each(ant__upstream((stream), #stream), NULL, NULL, NULL)

// Puts the items into `array`, which is an array and not a pointer. When it is
// full that is the end too: a result as big as the array says that there may
// have been more.
#define ant_stream_collect(stream, array)                                      \
    ant__stream_collect(ant__upstream((stream), #stream), (array),             \
                        sizeof *(array), sizeof(array) / sizeof *(array))

ANT_MUST_USE struct ant_stream_for_each
ant__stream_for_each(ant_upstream up, ant_stream_for_each_fn each,
                     ant_stream_fold_fn fold, void *arg);
ANT_MUST_USE struct ant_stream_collect ant__stream_collect(ant_upstream up,
                                                           void *array,
                                                           size_t item_bytes,
                                                           size_t room);

#endif
