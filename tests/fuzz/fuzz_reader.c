// SPDX-License-Identifier: MIT
//
// The reader, the checker and the sentences on any bytes. Random bytes rarely
// have the right checksums, so each input is also read with all of them
// repaired: that is how the fuzzer gets to what is behind them.

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "text/sentence.h"
#include "trace/check.h"
#include "trace/format.h"
#include "trace/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A small input makes a small trace; a reader that goes beyond these loops.
#define EVENTS_MAX (1u << 20)

static uint32_t crc_of(const uint8_t *bytes, size_t len)
{
    return (uint32_t)crc32_z(0, bytes, len);
}

static void repair_head(uint8_t *bytes, size_t size)
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

static void repair_chunk(uint8_t *at, size_t rest)
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

static void read_all(const uint8_t *bytes, size_t size)
{
    ant_reader *reader;
    ant_reader_error error;
    if (ant_reader_open_bytes(bytes, size, &reader, &error) < 0) return;
    ant_check *check = ant_check_new(reader, NULL, NULL);
    if (check == NULL) abort();
    ant_event event;
    char text[300];
    uint64_t last_ns = 0;
    for (unsigned i = 0; ant_reader_next(reader, &event); i++) {
        if (i == EVENTS_MAX || event.t_ns < last_ns) abort();
        last_ns = event.t_ns;
        ant_check_event(check, &event);
        sentence_write(reader, &event, text, sizeof text);
    }
    ant_check_finish(check);
    ant_check_free(check);
    ant_reader_close(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_all(data, size);
    uint8_t *copy = malloc(size != 0 ? size : 1);
    if (copy == NULL) return 0;
    memcpy(copy, data, size);
    repair_head(copy, size);
    for (size_t at = ANT_CHUNK_ALIGN; at < size; at += ANT_CHUNK_ALIGN) {
        repair_chunk(copy + at, size - at);
    }
    read_all(copy, size);
    free(copy);
    return 0;
}
