// SPDX-License-Identifier: MIT
//
// Streams of several items at once: a chunk is a part of an array of yours,
// which is filled anew for each. The other stream lives beside it in the
// parent's struct and is dropped with it.
// Tokio: chunks_timeout; futures: chunks, ready_chunks.
//
//   case PACK_START:
//       self->eggs = ant_stream_range(0, 20);
//       self->boxes = ant_stream_chunks(&self->eggs.base, self->room);
//       self->next = ant_stream_next(&self->boxes.base, &self->box);
//       return ANT_NEXT(PACK_FILLING);
//   case PACK_FILLING:
//       ANT_AWAIT(self->next);
//       if (self->next.base.result == 0) return ANT_READY;
//       ship(self->box.items, self->box.count); // 6, 6, 6, 2
//       self->next = ant_stream_next(&self->boxes.base, &self->box);
//       return ANT_NEXT(PACK_FILLING);
//
// The hard thing is a `next` that is dropped in the middle of a chunk: what has
// come is in the array and stays there for the next one.
//
//   function                   Tokio, futures  cancel-safe  alloc  threads
//   ant_stream_chunks          chunks          yes          no     the task's
//   ant_stream_ready_chunks    ready_chunks    yes          no     the task's
//   ant_stream_chunks_timeout  chunks_timeout  yes          no     the task's

#ifndef ANT_STREAM_CHUNK_H
#define ANT_STREAM_CHUNK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream/upstream.h"
#include "time/sleep.h"

// The item. It is good until the next one is asked for.
typedef struct ant_chunk {
    void *items; // the caller's array
    size_t count;
} ant_chunk;

#define ANT_CHUNK_PATIENT UINT64_MAX

struct ant_stream_chunks {
    ant_stream base;
    ant_upstream up;
    unsigned char *array;
    size_t max;
    size_t count;
    uint64_t patience_ms; // 0: as many as there are, ANT_CHUNK_PATIENT: all
    struct ant_sleep limit;
};

// Chunks that fill `array` (an array and not a pointer); the last one may be
// smaller.
#define ant_stream_chunks(stream, array)                                       \
    ANT__STREAM_CHUNKS(stream, array, ANT_CHUNK_PATIENT)

// Chunks of what is there, at least one item, at most what fills `array`.
#define ant_stream_ready_chunks(stream, array)                                 \
    ANT__STREAM_CHUNKS(stream, array, 0)

// As ant_stream_chunks; a chunk waits `ms` milliseconds, at least 1, from its
// first item on, and then comes as it is.
#define ant_stream_chunks_timeout(stream, array, ms)                           \
    ANT__STREAM_CHUNKS(stream, array, ant__chunk_patience(ms))

#define ANT__STREAM_CHUNKS(stream, array, patience_ms)                         \
    ant__stream_chunks(ant__upstream_of((stream), #stream, sizeof *(array)),   \
                       (array), sizeof(array) / sizeof *(array),               \
                       (patience_ms))

static inline uint64_t ant__chunk_patience(uint64_t ms)
{
    ANT_ASSERT(ms > 0);
    return ms < ANT_CHUNK_PATIENT ? ms : ms - 1;
}

ANT_MUST_USE struct ant_stream_chunks ant__stream_chunks(ant_upstream up,
                                                         void *array,
                                                         size_t max,
                                                         uint64_t patience_ms);

#endif
