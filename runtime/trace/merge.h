// SPDX-License-Identifier: MIT
//
// One order for the events of all streams. A heap gives the earliest event of
// any stream. Clocks alone would be wrong now and then: a thread may be stopped
// between taking a task's next step and reading the clock, so that its event
// says a later time than what came after it. Therefore a stream whose event is
// not the task's next step lets the stream that has the steps before it go
// first, and what that one says has happened at the earlier time. To make the
// first one wait instead would be wrong: it would fall behind all other streams
// in what has no steps, such as the queue of a lock.

#ifndef ANT_TRACE_MERGE_H
#define ANT_TRACE_MERGE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "trace/chunks.h"
#include "trace/decode.h"
#include "trace/reader.h"

// The last step seen of each task, in pages that come when needed.
#define ANT_STEPS_PAGE      16384u
#define ANT_STEPS_PAGES_MAX 4096u
#define ANT_LANES_MAX       65536u

typedef struct ant_merge_stream {
    uint32_t id;
    uint32_t first; // its chunks in the index
    uint32_t count;
    uint32_t next; // the chunk to be opened next
    uint32_t seq;  // that it should have
    uint32_t lane;
    uint32_t lost;       // events before the next one
    uint32_t chunk_lane; // what the open chunk's header says
    uint32_t chunk_task;
    ant_cursor cursor;
    ant_event event; // the next one
} ant_merge_stream;

typedef struct ant_merge {
    ant_chunks *chunks;
    const ant_decode_schema *schema;
    ant_damage *damage;
    ant_merge_stream *stream;
    uint32_t stream_count;
    uint32_t *heap; // numbers of streams, the earliest first
    uint32_t heap_count;
    uint64_t last_ns;
    uint64_t unknown_count; // events of kinds this program does not know
    uint32_t *lane_task;    // the task being polled, by lane
    uint32_t lane_count;    // of these lanes anything was ever said
    uint8_t *steps[ANT_STEPS_PAGES_MAX]; // step + 1, 0 is unknown
} ant_merge;

// The merge of all chunks but the first `skip` ones. It borrows its arguments.
ANT_MUST_USE int ant_merge_init(ant_merge *merge, ant_chunks *chunks,
                                uint32_t skip, const ant_decode_schema *schema,
                                ant_damage *damage);
void ant_merge_deinit(ant_merge *merge);
bool ant_merge_next(ant_merge *merge, ant_event *ret_event);
void ant_merge_rewind(ant_merge *merge);

// After the last event: what is only needed for a next one is given back.
void ant_merge_rest(ant_merge *merge);

#endif
