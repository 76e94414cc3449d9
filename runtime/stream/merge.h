// SPDX-License-Identifier: MIT
//
// Streams that are made of several: merged as their items come, one after the
// other, or side by side. The streams live beside it in the parent's struct and
// are dropped with it. One that breaks off with an error ends it all: the
// others are dropped. Tokio: StreamExt::merge, chain; StreamMap; futures: zip.
//
//   case RADIO_START:
//       self->news = ant_stream_iter(headlines, 2);
//       self->music = ant_stream_iter(songs, 3);
//       self->air = ant_stream_merge(&self->news.base, &self->music.base);
//       self->next = ant_stream_next(&self->air.base, &self->heard);
//       return ANT_NEXT(RADIO_LISTENING);
//   case RADIO_LISTENING:
//       ANT_AWAIT(self->next); // news, music, news, music, music
//
// Who comes first when several have an item? Merging alternates: it begins
// behind the stream that gave the last one and goes round, so none is left out,
// and the same streams give the same order each time. (Tokio's StreamMap begins
// at a random place.)
//
// The hard thing is zip: the item of the one waits for that of the other. It is
// kept inside, so nothing is lost when a `next` of the pair is dropped.
//
//   function              Tokio, futures  cancel-safe  alloc  threads
//   ant_stream_merge      merge           yes          no     the task's
//   ant_stream_merge_all  StreamMap       yes          no     the task's
//   ant_stream_chain      chain           yes          no     the task's
//   ant_stream_zip        zip             yes          no     the task's

#ifndef ANT_STREAM_MERGE_H
#define ANT_STREAM_MERGE_H

#include <stdbool.h>
#include <stddef.h>

#include "stream/upstream.h"

struct ant_stream_merge {
    ant_stream base;
    ant_upstream up[2];       // of two, or
    ant_stream *const *array; // the caller's
    const char *name;         // of the array
    unsigned count;
    unsigned from; // which stream the last item came from
    unsigned turn; // which one is asked first
};

struct ant_stream_chain {
    ant_stream base;
    ant_upstream up[2];
};

struct ant_stream_zip {
    ant_stream base;
    ant_upstream up[2];
    size_t offset[2];
    bool has[2];
    ANT__ITEM_PLACE(kept); // the pair as far as it has come
};

// The items of both streams as they come. `from` says whose the last one was.
#define ant_stream_merge(first, second)                                        \
    ant__stream_merge(ant__upstream((first), #first),                          \
                      ant__upstream((second), #second))

// As ant_stream_merge for the `count` streams that the array points to, with
// items of `type`. Places may be NULL, and may be filled and emptied between
// two items; the array has to stay until the end.
#define ant_stream_merge_all(array, count, type)                               \
    ant__stream_merge_all((array), #array, (count), sizeof(type))

// The items of `first`, then those of `second`.
#define ant_stream_chain(first, second)                                        \
    ant__stream_chain(ant__upstream((first), #first),                          \
                      ant__upstream((second), #second))

// Pairs of items, each a `type` (a struct) with the first stream's item in the
// member `a` and the second's in the member `b`, until one of them ends. With
// an ant_stream_range it counts the items (futures: enumerate).
#define ant_stream_zip(first, second, type, a, b)                              \
    ant__stream_zip(ant__upstream_of((first), #first, sizeof((type *)0)->a),   \
                    ant__upstream_of((second), #second, sizeof((type *)0)->b), \
                    sizeof(type), offsetof(type, a), offsetof(type, b))

ANT_MUST_USE struct ant_stream_merge ant__stream_merge(ant_upstream first,
                                                       ant_upstream second);
ANT_MUST_USE struct ant_stream_merge
ant__stream_merge_all(ant_stream *const *array, const char *name, size_t count,
                      size_t item_bytes);
ANT_MUST_USE struct ant_stream_chain ant__stream_chain(ant_upstream first,
                                                       ant_upstream second);
ANT_MUST_USE struct ant_stream_zip
ant__stream_zip(ant_upstream first, ant_upstream second, size_t item_bytes,
                size_t first_offset, size_t second_offset);

#endif
