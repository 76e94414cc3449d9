// SPDX-License-Identifier: MIT
//
// Streams that look at each item of another one: they change it, leave it out,
// or end. The function that does so is yours: plain, with a pointer to the item
// and one to whatever else it needs. It must not wait; for that there is
// ant_stream_then (stream/buffer.h). The other stream lives beside this one in
// the parent's struct, and is dropped with it. Tokio: tokio_stream::StreamExt.
//
//   static bool is_even(const void *item, void *arg)
//   {
//       (void)arg;
//       const int64_t *n = item;
//       return *n % 2 == 0;
//   }
//
//   static void square(const void *item, void *mapped, void *arg)
//   {
//       (void)arg;
//       const int64_t *n = item;
//       int64_t *squared = mapped;
//       *squared = *n * *n;
//   }
//
//   case SQUARES_START:
//       self->numbers = ant_stream_range(1, 7);
//       self->evens = ant_stream_filter(&self->numbers.base, is_even, NULL);
//       self->squares =
//           ant_stream_map(&self->evens.base, int64_t, square, NULL);
//
// The hard thing is an error that comes as an item (stream/stream.h): the
// function does not see it, it is passed on as it is.
//
//   function               Tokio, futures   cancel-safe  alloc  threads
//   ant_stream_map         map              yes          no     the task's
//   ant_stream_filter      filter           yes          no     the task's
//   ant_stream_filter_map  filter_map       yes          no     the task's
//   ant_stream_map_while   map_while, scan  yes          no     the task's
//   ant_stream_take        take             yes          no     the task's
//   ant_stream_take_while  take_while       yes          no     the task's
//   ant_stream_skip        skip             yes          no     the task's
//   ant_stream_skip_while  skip_while       yes          no     the task's

#ifndef ANT_STREAM_TRANSFORM_H
#define ANT_STREAM_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream/upstream.h"

// Makes *mapped out of *item.
typedef void (*ant_stream_map_fn)(const void *item, void *mapped, void *arg);

// As ant_stream_map_fn; false when nothing comes of the item.
typedef bool (*ant_stream_filter_map_fn)(const void *item, void *mapped,
                                         void *arg);

// A question about an item.
typedef bool (*ant_stream_filter_fn)(const void *item, void *arg);

struct ant_stream_map {
    ant_stream base;
    ant_upstream up;
    ant_stream_map_fn map;
    void *arg;
};

struct ant_stream_filter {
    ant_stream base;
    ant_upstream up;
    ant_stream_filter_fn is_wanted;
    void *arg;
};

struct ant_stream_filter_map {
    ant_stream base;
    ant_upstream up;
    ant_stream_filter_map_fn map;
    void *arg;
    bool is_while; // the first item that is left out is the end
};

struct ant_stream_take {
    ant_stream base;
    ant_upstream up;
    uint64_t left;
};

struct ant_stream_skip {
    ant_stream base;
    ant_upstream up;
    uint64_t left;
};

struct ant_stream_take_while {
    ant_stream base;
    ant_upstream up;
    ant_stream_filter_fn goes_on;
    void *arg;
};

struct ant_stream_skip_while {
    ant_stream base;
    ant_upstream up;
    ant_stream_filter_fn goes_on; // NULL: no more
    void *arg;
};

// What `map` makes of each item, a `type`.
#define ant_stream_map(stream, type, map, arg)                                 \
    ant__stream_map(ant__upstream((stream), #stream), sizeof(type), (map),     \
                    (arg))

// The items for which `is_wanted` says true.
#define ant_stream_filter(stream, is_wanted, arg)                              \
    ant__stream_filter(ant__upstream((stream), #stream), (is_wanted), (arg))

// What `map` makes of the items, a `type`, where it makes something.
#define ant_stream_filter_map(stream, type, map, arg)                          \
    ant__stream_filter_map(ant__upstream((stream), #stream), sizeof(type),     \
                           (map), (arg), false)

// As ant_stream_filter_map, up to the first item of which nothing comes. With a
// state behind `arg` this is what others call scan.
#define ant_stream_map_while(stream, type, map, arg)                           \
    ant__stream_filter_map(ant__upstream((stream), #stream), sizeof(type),     \
                           (map), (arg), true)

// The first `count` items. The stream is dropped when one more is asked for.
#define ant_stream_take(stream, count)                                         \
    ant__stream_take(ant__upstream((stream), #stream), (count))

// The items before the first for which `goes_on` says false.
#define ant_stream_take_while(stream, goes_on, arg)                            \
    ant__stream_take_while(ant__upstream((stream), #stream), (goes_on), (arg))

// All but the first `count` items.
#define ant_stream_skip(stream, count)                                         \
    ant__stream_skip(ant__upstream((stream), #stream), (count))

// The items from the first on for which `goes_on` says false.
#define ant_stream_skip_while(stream, goes_on, arg)                            \
    ant__stream_skip_while(ant__upstream((stream), #stream), (goes_on), (arg))

ANT_MUST_USE struct ant_stream_map ant__stream_map(ant_upstream up,
                                                   size_t item_bytes,
                                                   ant_stream_map_fn map,
                                                   void *arg);
ANT_MUST_USE struct ant_stream_filter
ant__stream_filter(ant_upstream up, ant_stream_filter_fn is_wanted, void *arg);
ANT_MUST_USE struct ant_stream_filter_map
ant__stream_filter_map(ant_upstream up, size_t item_bytes,
                       ant_stream_filter_map_fn map, void *arg, bool is_while);
ANT_MUST_USE struct ant_stream_take ant__stream_take(ant_upstream up,
                                                     uint64_t count);
ANT_MUST_USE struct ant_stream_take_while
ant__stream_take_while(ant_upstream up, ant_stream_filter_fn goes_on,
                       void *arg);
ANT_MUST_USE struct ant_stream_skip ant__stream_skip(ant_upstream up,
                                                     uint64_t count);
ANT_MUST_USE struct ant_stream_skip_while
ant__stream_skip_while(ant_upstream up, ant_stream_filter_fn goes_on,
                       void *arg);

#endif
