// SPDX-License-Identifier: MIT

#include "trace/chunks.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"

static const char *judge(const ant_chunks *chunks, uint64_t at,
                         const ant_chunk_header *header);
static bool crc_is_right(const ant_chunks *chunks, uint64_t at,
                         const ant_chunk_header *header);
static int add(ant_chunks *chunks, uint64_t at, const ant_chunk_header *header);
static void sort(ant_chunks *chunks, ant_damage *damage);
static int compare(const void *a, const void *b);

int ant_chunks_find(ant_chunks *chunks, const uint8_t *file,
                    uint64_t file_bytes, uint64_t first, ant_damage *damage)
{
    *chunks = (ant_chunks){ .file = file, .file_bytes = file_bytes };
    bool is_lost = false; // inside a damaged chunk, looking for the next
    uint64_t at = first;
    while (at < file_bytes) {
        ant_chunk_header header = { 0 };
        uint64_t rest = file_bytes - at;
        memcpy(&header, file + at, rest < sizeof header ? rest : sizeof header);
        const char *wrong = judge(chunks, at, &header);
        if (wrong == NULL) {
            int err = add(chunks, at, &header);
            if (err < 0) return err;
            is_lost = false;
            at += header.slot_bytes;
            continue;
        }
        // Room that was reserved and never used has no magic, and is no harm.
        if (!is_lost && header.magic != 0) {
            ant_damage_add(damage, at, "%s", wrong);
            is_lost = true;
        }
        at += ANT_CHUNK_ALIGN;
    }
    sort(chunks, damage);
    return 0;
}

void ant_chunks_deinit(ant_chunks *chunks)
{
    ant_mem_free(chunks->chunk);
    *chunks = (ant_chunks){ 0 };
}

ant_chunk_header ant_chunks_header(const ant_chunks *chunks,
                                   const ant_chunk *chunk)
{
    ant_chunk_header header;
    memcpy(&header, chunks->file + chunk->offset, sizeof header);
    return header;
}

ant_cursor ant_chunks_cursor(const ant_chunks *chunks, const ant_chunk *chunk)
{
    const uint8_t *at = chunks->file + chunk->offset + sizeof(ant_chunk_header);
    return (ant_cursor){
        .file = chunks->file,
        .at = at,
        .end = at + chunk->room_bytes,
        .t_ns = ant_chunks_header(chunks, chunk).first_ns,
        .is_open = chunk->is_open,
    };
}

void ant_damage_add(ant_damage *damage, uint64_t offset, const char *format,
                    ...)
{
    damage->count++;
    if (damage->kept_count == ANT_DAMAGE_MAX) return;
    ant_reader_error *place = &damage->place[damage->kept_count++];
    place->offset = offset;
    va_list args;
    va_start(args, format);
    vsnprintf(place->text, sizeof place->text, format, args);
    va_end(args);
}

// NULL when the chunk is good, else what is wrong with it.
static const char *judge(const ant_chunks *chunks, uint64_t at,
                         const ant_chunk_header *header)
{
    uint64_t rest = chunks->file_bytes - at;
    if (header->magic != ANT_CHUNK_MAGIC) return "no chunk where one is due";
    if (rest < sizeof *header) return "the file ends inside a chunk's head";
    bool is_slot = header->slot_bytes >= ANT_CHUNK_BYTES_MIN &&
                   header->slot_bytes <= ANT_CHUNK_BYTES_MAX &&
                   header->slot_bytes % ANT_CHUNK_ALIGN == 0;
    bool is_payload =
        is_slot && header->payload_bytes <= header->slot_bytes - sizeof *header;
    if (!is_payload) return "a chunk with impossible sizes";
    if (header->payload_bytes > rest - sizeof *header) {
        return "the file ends inside a chunk";
    }
    if (header->stream > UINT16_MAX) return "a chunk of an impossible stream";
    if (header->payload_bytes > 0 && !crc_is_right(chunks, at, header)) {
        return "a chunk whose checksum is wrong";
    }
    return NULL;
}

static bool crc_is_right(const ant_chunks *chunks, uint64_t at,
                         const ant_chunk_header *header)
{
    ant_chunk_header sealed = *header;
    sealed.crc = 0;
    uLong crc = crc32_z(0, (const Bytef *)&sealed, sizeof sealed);
    crc =
        crc32_z(crc, chunks->file + at + sizeof sealed, header->payload_bytes);
    return (uint32_t)crc == header->crc;
}

static int add(ant_chunks *chunks, uint64_t at, const ant_chunk_header *header)
{
    if (chunks->count == chunks->count_max) {
        uint32_t max = chunks->count_max != 0 ? chunks->count_max * 2 : 64;
        ant_chunk *more =
            ant_mem_resize(chunks->chunk, max * sizeof *chunks->chunk);
        if (more == NULL) return -ENOMEM;
        chunks->chunk = more;
        chunks->count_max = max;
    }
    bool is_open = header->payload_bytes == 0;
    uint64_t room = header->payload_bytes;
    if (is_open) {
        uint64_t rest = chunks->file_bytes - at;
        room = header->slot_bytes < rest ? header->slot_bytes : rest;
        room -= sizeof *header;
        chunks->open_count++;
    }
    chunks->chunk[chunks->count++] = (ant_chunk){
        .offset = at,
        .stream = header->stream,
        .seq = header->seq,
        .room_bytes = (uint32_t)room,
        .is_open = is_open,
    };
    return 0;
}

// Sorts, and drops chunks that claim another one's place.
static void sort(ant_chunks *chunks, ant_damage *damage)
{
    if (chunks->count == 0) return;
    qsort(chunks->chunk, chunks->count, sizeof *chunks->chunk, compare);
    uint32_t kept = 1;
    for (uint32_t i = 1; i < chunks->count; i++) {
        const ant_chunk *chunk = &chunks->chunk[i];
        const ant_chunk *before = &chunks->chunk[kept - 1];
        if (chunk->stream == before->stream && chunk->seq == before->seq) {
            ant_damage_add(damage, chunk->offset,
                           "a chunk that is there twice");
        } else {
            chunks->chunk[kept++] = *chunk;
        }
    }
    chunks->count = kept;
}

static int compare(const void *a, const void *b)
{
    const ant_chunk *x = a;
    const ant_chunk *y = b;
    if (x->stream != y->stream) return x->stream < y->stream ? -1 : 1;
    if (x->seq != y->seq) return x->seq < y->seq ? -1 : 1;
    return x->offset < y->offset ? -1 : x->offset > y->offset;
}
