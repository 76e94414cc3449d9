// SPDX-License-Identifier: MIT
//
// A stream: the events of one thread in the order in which they happened, as
// a row of chunks. It belongs to its thread; only sealing at the end of the
// recording is done for it by the recorder, when the thread records no more.
// Stream 0 (the names) is shared and guarded by the recorder's lock.
//
// The hard thing: the process may be killed between any two stores, and the
// reader must never take half an event for a whole one. So an event's kind, its
// first byte, is stored after all others; the byte after the last event is 0.

#ifndef ANT_TRACE_STREAM_H
#define ANT_TRACE_STREAM_H

#include <stdint.h>

#include "base/list.h"
#include "trace/delay.h"
#include "trace/events.h"
#include "trace/format.h"
#include "trace/sink.h"

// Lanes that a thread has left in the middle of a poll (virtual workers share
// one thread). More than these are forgotten, which only makes the header of a
// chunk say less.
#define ANT_STREAM_LANES_MAX 64

typedef struct ant_trace_stream_lane {
    uint32_t lane;
    uint32_t task;
} ant_trace_stream_lane;

typedef struct ant_trace_stream {
    // Fixed after init.
    ant_sink *sink;
    uint32_t id;
    const uint64_t *origin_ns;
    bool is_virtual;
    // Owner thread only.
    ant_chunk_header *chunk; // NULL: none open
    uint8_t *at;             // where the next event goes
    uint8_t *end;
    uint64_t last_ns;
    uint64_t retry_ns;   // when to ask for room again
    uint32_t count;      // events in the chunk
    uint32_t seq;        // chunks so far
    uint32_t lost;       // events since the last chunk
    uint32_t slot_bytes; // of the next chunk
    uint32_t lane;
    uint32_t task; // being polled on `lane`
    ant_trace_stream_lane left[ANT_STREAM_LANES_MAX];
    ant_delay delay; // of a thread, by the recorder
    // Under the recorder's lock.
    ant_list link;
} ant_trace_stream;

// `*origin_ns` is what the clock says at time 0.
void ant_trace_stream_init(ant_trace_stream *stream, ant_sink *sink,
                           uint32_t id, const uint64_t *origin_ns,
                           bool is_virtual);

// Appends one event that happened at `now_ns` (since the recording began).
// False when there was no room: the event is counted as lost.
bool ant_trace_stream_put(ant_trace_stream *stream, uint64_t now_ns,
                          ant_event_kind kind, const uint64_t *field,
                          unsigned n);

// Appends a `string` row; at most ANT_TEXT_BYTES_MAX bytes of text.
bool ant_trace_stream_put_string(ant_trace_stream *stream, uint64_t id,
                                 const char *text, uint32_t len);

// From here on the stream is on this lane.
void ant_trace_stream_lane_set(ant_trace_stream *stream, uint32_t lane);

// Completes the open chunk, if there is one, and gives it back.
void ant_trace_stream_seal(ant_trace_stream *stream);

#endif
