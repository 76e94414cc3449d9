// SPDX-License-Identifier: MIT

#include "trace/stream.h"

#include <string.h>
#include <zlib.h>

#include "base/assert.h"
#include "base/atomic.h"
#include "base/os.h"
#include "trace/schema.h"
#include "trace/varint.h"

// A chunk that is this old and half full is sealed although there is room.
#define SEAL_NS (250 * ANT_NS_PER_MS)

static bool make_room(ant_trace_stream *stream, uint64_t now_ns, size_t bytes);
static bool next_chunk(ant_trace_stream *stream, uint64_t now_ns);
static bool open_chunk(ant_trace_stream *stream, uint64_t now_ns);
static bool is_due(const ant_trace_stream *stream, uint64_t now_ns);
static void put_fields(ant_trace_stream *stream, uint64_t now_ns,
                       ant_event_kind kind, const uint64_t *field, unsigned n);
static uint8_t *put_special(const ant_trace_stream *stream, uint8_t *at,
                            ant_event_kind kind, const uint64_t *field,
                            unsigned n);
static uint64_t to_file(const ant_trace_stream *stream, uint64_t clock_ns);
static uint8_t *put_head(ant_trace_stream *stream, uint64_t now_ns);
static void finish(ant_trace_stream *stream, uint8_t *end, ant_event_kind kind);

void ant_trace_stream_init(ant_trace_stream *stream, ant_sink *sink,
                           uint32_t id, const uint64_t *origin_ns,
                           bool is_virtual)
{
    *stream = (ant_trace_stream){
        .sink = sink,
        .id = id,
        .origin_ns = origin_ns,
        .is_virtual = is_virtual,
        .slot_bytes = ANT_CHUNK_BYTES_MIN,
    };
    ant_delay_none(&stream->delay);
}

bool ant_trace_stream_put(ant_trace_stream *stream, uint64_t now_ns,
                          ant_event_kind kind, const uint64_t *field,
                          unsigned n)
{
    bool has_room = make_room(stream, now_ns, ANT_EVENT_BYTES_MAX);
    if (ANT_LIKELY(has_room)) put_fields(stream, now_ns, kind, field, n);
    if (kind == ANT_EV_poll_begin) stream->task = (uint32_t)field[0];
    if (kind == ANT_EV_poll_end) stream->task = 0;
    return has_room;
}

bool ant_trace_stream_put_string(ant_trace_stream *stream, uint64_t id,
                                 const char *text, uint32_t len)
{
    ANT_ASSERT(len <= ANT_TEXT_BYTES_MAX);
    if (!make_room(stream, 0, ANT_EVENT_BYTES_MAX + len)) return false;
    uint8_t *at = put_head(stream, 0);
    at = ant_varint_put(at, id);
    at = ant_varint_put(at, len);
    memcpy(at, text, len);
    finish(stream, at + len, ANT_EV_string);
    return true;
}

void ant_trace_stream_lane_set(ant_trace_stream *stream, uint32_t lane)
{
    uint32_t task = 0;
    ant_trace_stream_lane *free_entry = NULL;
    for (unsigned i = 0; i < ANT_STREAM_LANES_MAX; i++) {
        ant_trace_stream_lane *entry = &stream->left[i];
        if (entry->task != 0 && entry->lane == lane) {
            task = entry->task;
            entry->task = 0;
        }
        if (entry->task == 0) free_entry = entry;
    }
    if (stream->task != 0 && free_entry != NULL) {
        *free_entry = (ant_trace_stream_lane){ stream->lane, stream->task };
    }
    stream->lane = lane;
    stream->task = task;
}

void ant_trace_stream_seal(ant_trace_stream *stream)
{
    ant_chunk_header *chunk = stream->chunk;
    if (chunk == NULL) return;
    stream->chunk = NULL;

    uint8_t *payload = (uint8_t *)(chunk + 1);
    ant_chunk_header sealed = *chunk;
    sealed.count = stream->count;
    sealed.payload_bytes = (uint32_t)(stream->at - payload);
    uLong crc = crc32_z(0, (const Bytef *)&sealed, sizeof sealed);
    crc = crc32_z(crc, payload, sealed.payload_bytes);

    chunk->count = sealed.count;
    chunk->crc = (uint32_t)crc;
    // release: what seals the chunk is stored last; pairs with nothing but the
    // reader of a file whose program was killed right here.
    ant_atomic_store((ant_atomic_u32 *)(void *)&chunk->payload_bytes,
                     sealed.payload_bytes, ANT_RELEASE);
    ant_sink_slot_unmap(chunk, chunk->slot_bytes);
}

static bool make_room(ant_trace_stream *stream, uint64_t now_ns, size_t bytes)
{
    if (ANT_LIKELY(stream->chunk != NULL)) {
        bool has_room = (size_t)(stream->end - stream->at) >= bytes;
        if (ANT_LIKELY(has_room && !is_due(stream, now_ns))) return true;
    }
    // Where there was no room a moment ago, losing an event takes no call.
    const bool is_too_soon = stream->chunk == NULL && now_ns < stream->retry_ns;
    if (!is_too_soon && next_chunk(stream, now_ns)) return true;
    stream->lost++;
    ant_sink_lose(stream->sink);
    return false;
}

static bool next_chunk(ant_trace_stream *stream, uint64_t now_ns)
{
    const uint64_t since_ns = ant_delay_clock();
    ant_trace_stream_seal(stream);
    const bool is_open = open_chunk(stream, now_ns);
    ant_delay_got_file(&stream->delay, since_ns);
    return is_open;
}

static bool open_chunk(ant_trace_stream *stream, uint64_t now_ns)
{
    uint32_t bytes = stream->slot_bytes;
    ant_chunk_header *chunk = ant_sink_slot(stream->sink, bytes);
    if (chunk == NULL) {
        stream->retry_ns = now_ns + SEAL_NS;
        return false;
    }
    if (now_ns < stream->last_ns) now_ns = stream->last_ns;
    chunk->slot_bytes = bytes;
    chunk->stream = stream->id;
    chunk->seq = stream->seq++;
    chunk->lost_before = stream->lost;
    chunk->first_ns = now_ns;
    chunk->lane = stream->lane;
    chunk->task = stream->task;
    // release: the magic is stored last, so that a header is whole or absent;
    // pairs with the reader of a killed program's file.
    ant_atomic_store((ant_atomic_u32 *)(void *)&chunk->magic, ANT_CHUNK_MAGIC,
                     ANT_RELEASE);

    stream->chunk = chunk;
    stream->at = (uint8_t *)(chunk + 1);
    stream->end = (uint8_t *)chunk + bytes;
    stream->last_ns = now_ns;
    stream->count = 0;
    stream->lost = 0;
    stream->retry_ns = 0;
    if (bytes < ANT_CHUNK_BYTES_MAX) stream->slot_bytes = bytes * 2;
    return true;
}

// Sealing early gives the events a checksum sooner. It wastes the rest of the
// slot, so a thread that says little keeps its chunk; and virtual time, which
// jumps, is no reason.
static bool is_due(const ant_trace_stream *stream, uint64_t now_ns)
{
    if (now_ns < stream->chunk->first_ns + SEAL_NS) return false;
    size_t half = stream->chunk->slot_bytes / 2;
    return !stream->is_virtual && (size_t)(stream->end - stream->at) < half;
}

static void put_fields(ant_trace_stream *stream, uint64_t now_ns,
                       ant_event_kind kind, const uint64_t *field, unsigned n)
{
    uint8_t *at = put_head(stream, now_ns);
    const unsigned special = ANT_ROW_HAS_SIGNED | ANT_ROW_HAS_MOMENT;
    if (ANT_LIKELY((ant__schema_row_is[kind] & special) == 0)) {
        for (unsigned i = 0; i < n; i++)
            at = ant_varint_put(at, field[i]);
    } else {
        at = put_special(stream, at, kind, field, n);
    }
    finish(stream, at, kind);
}

// The fields of a row of which some are written in a way of their own.
static uint8_t *put_special(const ant_trace_stream *stream, uint8_t *at,
                            ant_event_kind kind, const uint64_t *field,
                            unsigned n)
{
    const ant_schema_field *row = ant_schema_event_of(kind)->field;
    for (unsigned i = 0; i < n; i++) {
        uint64_t value = field[i];
        if (row[i].type == ANT_FIELD_INT) value = ant_zigzag((int64_t)value);
        if (row[i].type == ANT_FIELD_NS) value = to_file(stream, value);
        at = ant_varint_put(at, value);
    }
    return at;
}

// Moments are counted from the beginning of the recording.
static uint64_t to_file(const ant_trace_stream *stream, uint64_t clock_ns)
{
    uint64_t origin_ns = *stream->origin_ns;
    if (clock_ns == ANT_NS_NEVER) return clock_ns;
    return clock_ns > origin_ns ? clock_ns - origin_ns : 0;
}

// Writes all of an event's head but its kind; returns where the fields go.
static uint8_t *put_head(ant_trace_stream *stream, uint64_t now_ns)
{
    // A clock that stands back is read as one that stands still.
    uint64_t delta = 0;
    if (now_ns > stream->last_ns) {
        delta = now_ns - stream->last_ns;
        stream->last_ns = now_ns;
    }
    return ant_varint_put(stream->at + 1, delta);
}

static void finish(ant_trace_stream *stream, uint8_t *end, ant_event_kind kind)
{
    // release: the kind is stored after the rest of the event; pairs with the
    // reader of a killed program's file.
    ant_atomic_store((ant_atomic_u8 *)stream->at, (uint8_t)kind, ANT_RELEASE);
    stream->at = end;
    stream->count++;
}
