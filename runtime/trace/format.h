// SPDX-License-Identifier: MIT
//
// The trace file, byte by byte. All numbers are little endian.
//
//   file   = header (64 bytes), schema, zeros up to a multiple of 4096; then
//            chunks, each at a multiple of 4096, until the end of the file
//   schema = text, one line per row of trace/events.h, in order from kind 1:
//            poll_begin sched task:task seq:seq queue:QUEUE len:num
//            and before them one line per enumeration: = QUEUE LOCAL LIFO ...
//   chunk  = header (48 bytes), then events until payload_bytes; the rest of
//            slot_bytes is unused, and missing where the file ends
//   event  = kind (1 byte), time since the event before (LEB128; the first
//            event of a chunk counts from first_ns), then the row's fields:
//            LEB128 each, INT zigzag first, TEXT as length and bytes
//
// A chunk belongs to one stream, and a stream to one thread; stream 0 holds the
// names. A chunk is written through a shared mapping, so what a killed process
// had recorded is in the file. A chunk that was never sealed (its thread was
// still filling it) has payload_bytes 0 and no CRC; its events end at the first
// byte that is 0 where a kind should be. Every chunk stands alone: a damaged
// one is skipped and reported, the others are read.

#ifndef ANT_TRACE_FORMAT_H
#define ANT_TRACE_FORMAT_H

#include <stdint.h>

#define ANT_TRACE_MAGIC   "ANTFARM\x1a"
#define ANT_TRACE_VERSION 1u

#define ANT_CHUNK_MAGIC     0x4B4E4843u // "CHNK"
#define ANT_CHUNK_ALIGN     4096u
#define ANT_CHUNK_BYTES_MIN 4096u  // a stream's first chunk
#define ANT_CHUNK_BYTES_MAX 65536u // each next one doubles, up to this

#define ANT_STREAM_NAMES 0u

// How the times of a file came about.
enum { ANT_CLOCK_MONOTONIC, ANT_CLOCK_VIRTUAL };

// The longest an event can be, but for the text of a `string`, and that text.
#define ANT_EVENT_BYTES_MAX (1 + 10 + 8 * 10)
#define ANT_TEXT_BYTES_MAX  1000u

typedef struct ant_trace_header {
    char magic[8];
    uint32_t version;
    uint32_t header_bytes; // of this struct
    uint32_t schema_bytes; // of the schema that follows
    uint32_t schema_crc;
    uint16_t level;    // ant_trace_level
    uint16_t clock;    // ANT_CLOCK_…
    uint32_t pid;      // 0 with virtual time
    uint64_t wall_ns;  // since 1970 at start_ns; 0 with virtual time
    uint64_t start_ns; // the clock when recording began
    // What follows may change while recording.
    uint32_t header_crc;   // of all fields above
    uint32_t lost;         // events lost in the whole file, as it happens
    uint64_t closed_bytes; // of the file when recording ended properly, else 0
} ant_trace_header;

typedef struct ant_chunk_header {
    uint32_t magic;
    uint32_t slot_bytes;    // header, payload and unused rest
    uint32_t payload_bytes; // 0: not sealed
    uint32_t crc;           // of the sealed header (crc as 0) and payload
    uint32_t stream;
    uint32_t seq;         // 0, 1, 2 … within the stream
    uint32_t count;       // events, when sealed
    uint32_t lost_before; // events the stream lost just before this chunk
    uint64_t first_ns;    // what the first event counts from; 0 is start_ns
    uint32_t lane;        // the lane the stream was on when the chunk began
    uint32_t task;        // the task being polled then, 0 for none
} ant_chunk_header;

_Static_assert(sizeof(ant_trace_header) == 64, "the file header is 64 bytes");
_Static_assert(sizeof(ant_chunk_header) == 48, "a chunk header is 48 bytes");

#endif
