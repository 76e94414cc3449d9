// SPDX-License-Identifier: MIT
//
// Streams whose items are worked on by futures: a function of yours starts one
// for each item, and up to `max` of them are under way at once. The item that
// comes out is a pointer to the finished future, whose fields are the outputs.
// futures: then, buffered, buffer_unordered, for_each_concurrent.
//
//   static int start_fetch(const void *item, ant_future_set *set, void *arg)
//   {
//       (void)arg;
//       const int64_t *id = item;
//       return ant_future_set_push(set, fetch(*id));
//   }
//
//   case CRAWL_START:
//       self->ids = ant_stream_range(1, 6);
//       self->pages =
//           ant_stream_buffered(&self->ids.base, 2, start_fetch, NULL);
//       self->next = ant_stream_next(&self->pages.base, &self->page);
//       return ANT_NEXT(CRAWL_FETCHING);
//   case CRAWL_FETCHING:
//       ANT_AWAIT(self->next); // self->page is a `struct fetch *`
//       if (self->next.base.result <= 0) return ANT_READY;
//       self->bytes += self->page->bytes;
//       self->next = ant_stream_next(&self->pages.base, &self->page);
//       return ANT_NEXT(CRAWL_FETCHING);
//
// Backpressure: the other stream is asked for no more items than there are free
// places, counting what is finished and was not given out. Only futures that
// were woken are polled (combine/future_set.h). A future that failed is an item
// like any: look at its result.
//
// The hard thing is the pointer: it is good until this stream is asked again or
// dropped. To look at several at once, as a chunk does, take out what you need
// first, in an ant_stream_map.
//
//   function                       futures            cancel alloc threads
//   ant_stream_then                then               yes    yes   the task's
//   ant_stream_buffered            buffered           yes    yes   the task's
//   ant_stream_buffer_unordered    buffer_unordered   yes    yes   the task's
//   ant_stream_for_each_concurrent try_for_each_conc… no     yes   the task's
//
// Each future started is one allocation; -ENOMEM ends the stream.

#ifndef ANT_STREAM_BUFFER_H
#define ANT_STREAM_BUFFER_H

#include <stdbool.h>
#include <stdint.h>

#include "combine/future_set.h"
#include "stream/upstream.h"

// Pushes the future for an item. 0, or -errno, which ends it all.
typedef int (*ant_stream_start_fn)(const void *item, ant_future_set *set,
                                   void *arg);

struct ant_stream_buffered {
    ant_stream base;
    ant_upstream up;
    uint32_t max;
    ant_stream_start_fn start;
    void *arg;
    ant_future_set set; // of what is under way
    struct ant_future_set_next finishing;
};

// Its result is 0, or the first error of the stream or of a future.
struct ant_stream_for_each_concurrent {
    ant_future base;
    struct ant_stream_buffered work;
};

// One future after the other: the next item is asked for when it has ended.
#define ant_stream_then(stream, start, arg)                                    \
    ant__stream_buffered(ant__upstream((stream), #stream), 1, (start), (arg),  \
                         true)

// Up to `max` at once, at least 1; they come out in the order of the items.
#define ant_stream_buffered(stream, max, start, arg)                           \
    ant__stream_buffered(ant__upstream((stream), #stream), (max), (start),     \
                         (arg), true)

// As ant_stream_buffered; each comes out when it has ended.
#define ant_stream_buffer_unordered(stream, max, start, arg)                   \
    ant__stream_buffered(ant__upstream((stream), #stream), (max), (start),     \
                         (arg), false)

// A future that is READY when all futures of all items have ended. The first
// error ends it: what is under way is dropped.
#define ant_stream_for_each_concurrent(stream, max, start, arg)                \
    ant__stream_for_each_concurrent(                                           \
        ant_stream_buffer_unordered(stream, (max), (start), (arg)))

ANT_MUST_USE struct ant_stream_buffered
ant__stream_buffered(ant_upstream up, uint32_t max, ant_stream_start_fn start,
                     void *arg, bool is_ordered);
ANT_MUST_USE struct ant_stream_for_each_concurrent
ant__stream_for_each_concurrent(struct ant_stream_buffered work);

#endif
