// SPDX-License-Identifier: MIT
//
// Where the chunks of a file are: found by walking from slot to slot, each one
// checked, damaged ones reported and left out. In the end they are sorted by
// stream and by their number within it.

#ifndef ANT_TRACE_CHUNKS_H
#define ANT_TRACE_CHUNKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "trace/decode.h"
#include "trace/format.h"
#include "trace/reader.h"

#define ANT_DAMAGE_MAX 64u

// What is wrong with a file; only the first places are kept.
typedef struct ant_damage {
    uint32_t count; // of all
    uint32_t kept_count;
    ant_reader_error place[ANT_DAMAGE_MAX];
} ant_damage;

typedef struct ant_chunk {
    uint64_t offset; // of the header
    uint32_t stream;
    uint32_t seq;
    uint32_t room_bytes; // for events: the payload, or more when not sealed
    bool is_open;        // never sealed
    bool is_reported;    // found to be damaged while its events were read
} ant_chunk;

typedef struct ant_chunks {
    const uint8_t *file;
    uint64_t file_bytes;
    ant_chunk *chunk;
    uint32_t count;
    uint32_t count_max; // allocated
    uint32_t open_count;
} ant_chunks;

// Finds the chunks from byte `first` on. 0 or -ENOMEM.
ANT_MUST_USE int ant_chunks_find(ant_chunks *chunks, const uint8_t *file,
                                 uint64_t file_bytes, uint64_t first,
                                 ant_damage *damage);

// Frees the index, not the file.
void ant_chunks_deinit(ant_chunks *chunks);

// A copy of the chunk's header.
ant_chunk_header ant_chunks_header(const ant_chunks *chunks,
                                   const ant_chunk *chunk);

// A cursor at the chunk's first event.
ant_cursor ant_chunks_cursor(const ant_chunks *chunks, const ant_chunk *chunk);

// Notes a damaged place.
ANT_PRINTF(3, 4)
void ant_damage_add(ant_damage *damage, uint64_t offset, const char *format,
                    ...);

#endif
