// SPDX-License-Identifier: MIT
//
// Random bytes rarely have the right checksums. This repairs all of them in a
// copy of the input: that is how a fuzzer gets to what is behind them.

#ifndef ANT_TESTS_FUZZ_REPAIR_H
#define ANT_TESTS_FUZZ_REPAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "trace/format.h"

static inline uint32_t crc_of(const uint8_t *bytes, size_t len)
{
    return (uint32_t)crc32_z(0, bytes, len);
}

static inline void repair_head(uint8_t *bytes, size_t size)
{
    ant_trace_header header;
    if (size < sizeof header) return;
    memcpy(&header, bytes, sizeof header);
    memcpy(header.magic, ANT_TRACE_MAGIC, sizeof header.magic);
    header.version = ANT_TRACE_VERSION;
    header.header_bytes = sizeof header;
    if (header.schema_bytes > size - sizeof header) {
        header.schema_bytes = (uint32_t)(size - sizeof header);
    }
    header.schema_crc = crc_of(bytes + sizeof header, header.schema_bytes);
    header.header_crc = crc_of((const uint8_t *)&header,
                               offsetof(ant_trace_header, header_crc));
    memcpy(bytes, &header, sizeof header);
}

static inline void repair_chunk(uint8_t *at, size_t rest)
{
    ant_chunk_header chunk;
    if (rest < sizeof chunk) return;
    memcpy(&chunk, at, sizeof chunk);
    bool is_short = chunk.payload_bytes > rest - sizeof chunk;
    if (is_short) chunk.payload_bytes = (uint32_t)(rest - sizeof chunk);
    chunk.crc = 0;
    uLong crc = crc32_z(0, (const Bytef *)&chunk, sizeof chunk);
    crc = crc32_z(crc, at + sizeof chunk, chunk.payload_bytes);
    chunk.crc = (uint32_t)crc;
    memcpy(at, &chunk, sizeof chunk);
}

// The input with a good head and good checksums, or NULL. Free it.
static inline uint8_t *repaired(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size != 0 ? size : 1);
    if (copy == NULL) return NULL;
    memcpy(copy, data, size);
    repair_head(copy, size);
    for (size_t at = ANT_CHUNK_ALIGN; at < size; at += ANT_CHUNK_ALIGN) {
        repair_chunk(copy + at, size - at);
    }
    return copy;
}

#endif
