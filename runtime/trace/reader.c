// SPDX-License-Identifier: MIT
//
// The reader is put together here: the head of the file, then chunks, names
// and merge, each in its own file.

#include "trace/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"
#include "trace/chunks.h"
#include "trace/decode.h"
#include "trace/format.h"
#include "trace/merge.h"
#include "trace/names.h"
#include "trace/things.h"

struct ant_reader {
    const uint8_t *file;
    size_t file_bytes;
    bool is_mapped;
    ant_trace_header header;
    ant_trace_info info;
    ant_decode_schema schema;
    ant_damage damage;
    ant_chunks chunks;
    ant_names names;
    ant_merge merge;
    ant_things things;
};

static int map_file(const char *path, void **ret_bytes, size_t *ret_len,
                    ant_reader_error *ret_error);
static int build(ant_reader *reader, ant_reader_error *ret_error);
static int read_head(ant_reader *reader, ant_reader_error *ret_error);
static int read_schema(ant_reader *reader, ant_reader_error *ret_error);
static void fill_info(ant_reader *reader);
static uint64_t lost_in_chunks(const ant_reader *reader);
static void judge_length(ant_reader *reader);
static int fail_cut(const ant_reader *reader, ant_reader_error *ret_error);
ANT_PRINTF(4, 5)
static int fail(ant_reader_error *ret_error, int err, uint64_t offset,
                const char *format, ...);

int ant_reader_open(const char *path, ant_reader **ret_reader,
                    ant_reader_error *ret_error)
{
    void *bytes = NULL;
    size_t len = 0;
    int err = map_file(path, &bytes, &len, ret_error);
    if (err < 0) return err;
    err = ant_reader_open_bytes(bytes, len, ret_reader, ret_error);
    if (err == 0) {
        (*ret_reader)->is_mapped = true;
    } else {
        munmap(bytes, len);
    }
    return err;
}

int ant_reader_open_bytes(const void *bytes, size_t len,
                          ant_reader **ret_reader, ant_reader_error *ret_error)
{
    ant_reader *reader = ant_mem_alloc(sizeof *reader);
    if (reader == NULL) return fail(ret_error, -ENOMEM, 0, "no memory left");
    reader->file = bytes;
    reader->file_bytes = len;
    ant_things_init(&reader->things, &reader->names);
    int err = build(reader, ret_error);
    if (err < 0) {
        ant_reader_close(reader);
        return err;
    }
    *ret_reader = reader;
    return 0;
}

void ant_reader_close(ant_reader *reader)
{
    if (reader == NULL) return;
    ant_things_deinit(&reader->things);
    ant_merge_deinit(&reader->merge);
    ant_names_deinit(&reader->names);
    ant_chunks_deinit(&reader->chunks);
    if (reader->is_mapped) {
        munmap((void *)(uintptr_t)reader->file, reader->file_bytes);
    }
    ant_mem_free(reader);
}

const ant_trace_info *ant_reader_info(const ant_reader *reader)
{
    return &reader->info;
}

const ant_reader_error *ant_reader_damage(const ant_reader *reader, unsigned i)
{
    bool is_there = i < reader->damage.kept_count;
    return is_there ? &reader->damage.place[i] : NULL;
}

// Reads a chunk to its end, for what its head does not say.
static void read_chunk(const ant_reader *reader, const ant_chunk *chunk,
                       ant_trace_chunk *told)
{
    ant_cursor cursor = ant_chunks_cursor(&reader->chunks, chunk);
    ant_event event;
    ant_decode_result result;
    told->count = 0;
    while ((result = ant_decode_next(&reader->schema, &cursor, &event)) <=
           ANT_DECODE_UNKNOWN) {
        told->count++;
        told->t1_ns = cursor.t_ns;
        bool is_enter =
            result == ANT_DECODE_EVENT && event.kind == ANT_EV_lane_enter;
        if (is_enter && told->lane == 0)
            told->lane = (uint32_t)ANT_EVENT_AS(lane_enter, &event)->lane;
    }
}

bool ant_reader_chunk(const ant_reader *reader, uint32_t i,
                      ant_trace_chunk *ret_chunk)
{
    const ant_chunks *chunks = &reader->chunks;
    uint32_t at = 0;
    while (at < chunks->count && chunks->chunk[at].stream == ANT_STREAM_NAMES)
        at++; // they come first
    if (i >= chunks->count - at) return false;
    const ant_chunk *chunk = &chunks->chunk[at + i];
    const ant_chunk *next = chunk + 1;
    bool is_last = at + i + 1 == chunks->count || next->stream != chunk->stream;
    ant_chunk_header head = ant_chunks_header(chunks, chunk);
    *ret_chunk = (ant_trace_chunk){
        .t0_ns = head.first_ns,
        .t1_ns = head.first_ns,
        .stream = head.stream,
        .lane = head.lane,
        .count = head.count,
        .lost = head.lost_before,
    };
    if (is_last || chunk->is_open || (chunk->seq == 0 && head.lane == 0))
        read_chunk(reader, chunk, ret_chunk);
    if (!is_last) ret_chunk->t1_ns = ant_chunks_header(chunks, next).first_ns;
    if (ret_chunk->t1_ns < head.first_ns) ret_chunk->t1_ns = head.first_ns;
    return true;
}

bool ant_reader_next(ant_reader *reader, ant_event *ret_event)
{
    bool is_there = ant_merge_next(&reader->merge, ret_event);
    if (is_there) ant_things_event(&reader->things, ret_event);
    // Damage and unknown kinds may only be found on the way.
    reader->info.chunk_bad_count = reader->damage.count;
    reader->info.unknown_count = reader->merge.unknown_count;
    return is_there;
}

void ant_reader_rewind(ant_reader *reader)
{
    ant_merge_rewind(&reader->merge);
}

void ant_reader_rest(ant_reader *reader)
{
    ant_merge_rest(&reader->merge);
    if (!reader->is_mapped) return;
    // Advice: when it is not taken, all that is lost is memory.
    (void)madvise((void *)(uintptr_t)reader->file, reader->file_bytes,
                  MADV_DONTNEED);
}

const char *ant_reader_string(const ant_reader *reader, uint64_t id)
{
    return ant_names_string(&reader->names, id);
}

const ant_trace_type *ant_reader_type(const ant_reader *reader, uint64_t id)
{
    return ant_names_type(&reader->names, id);
}

const char *ant_reader_state(const ant_reader *reader, uint64_t type,
                             uint64_t state)
{
    return ant_names_state(&reader->names, type, state);
}

const ant_trace_lane_info *ant_reader_lane(const ant_reader *reader,
                                           uint64_t lane)
{
    return ant_names_lane(&reader->names, lane);
}

ant_trace_thing ant_reader_task(const ant_reader *reader, uint64_t task)
{
    return ant_things_task(&reader->things, task);
}

ant_trace_thing ant_reader_res(const ant_reader *reader, uint64_t res)
{
    return ant_things_res(&reader->things, res);
}

ant_trace_thing ant_reader_future(const ant_reader *reader, uint64_t fut)
{
    return ant_things_future(&reader->things, fut);
}

uint32_t ant_reader_lane_max(const ant_reader *reader)
{
    uint64_t count = reader->names.lanes.count;
    return count > 0 ? (uint32_t)(count - 1) : 0;
}

uint32_t ant_reader_type_max(const ant_reader *reader)
{
    uint64_t count = reader->names.types.count;
    return count > 0 ? (uint32_t)(count - 1) : 0;
}

static int map_file(const char *path, void **ret_bytes, size_t *ret_len,
                    ant_reader_error *ret_error)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) {
        int err = -errno;
        return fail(ret_error, err, 0, "cannot be opened: %s", strerror(-err));
    }
    struct stat info;
    int err = fstat(fd, &info) < 0 ? -errno : 0;
    if (err < 0) {
        fail(ret_error, err, 0, "cannot be read: %s", strerror(-err));
    } else if (!S_ISREG(info.st_mode)) {
        err = fail(ret_error, -EINVAL, 0,
                   "is not a file; name the .ant file of a recording");
    } else if (info.st_size == 0) {
        err = fail(ret_error, -EINVAL, 0, "is empty; record it again");
    } else {
        *ret_len = (size_t)info.st_size;
        *ret_bytes = mmap(NULL, *ret_len, PROT_READ, MAP_SHARED, fd, 0);
        if (*ret_bytes == MAP_FAILED) {
            err = fail(ret_error, -errno, 0, "cannot be mapped: %s",
                       strerror(errno));
        }
    }
    close(fd);
    return err;
}

static int build(ant_reader *reader, ant_reader_error *ret_error)
{
    int err = read_head(reader, ret_error);
    if (err < 0) return err;
    err = read_schema(reader, ret_error);
    if (err < 0) return err;

    uint64_t first = sizeof reader->header + reader->header.schema_bytes;
    first += (ANT_CHUNK_ALIGN - first % ANT_CHUNK_ALIGN) % ANT_CHUNK_ALIGN;
    if (first > reader->file_bytes) return fail_cut(reader, ret_error);
    err = ant_chunks_find(&reader->chunks, reader->file, reader->file_bytes,
                          first, &reader->damage);
    uint32_t names = 0;
    while (names < reader->chunks.count &&
           reader->chunks.chunk[names].stream == ANT_STREAM_NAMES) {
        names++;
    }
    if (err == 0) {
        err = ant_names_read(&reader->names, &reader->chunks, names,
                             &reader->schema, &reader->damage);
    }
    if (err == 0) {
        err = ant_merge_init(&reader->merge, &reader->chunks, names,
                             &reader->schema, &reader->damage);
    }
    if (err < 0) return fail(ret_error, err, 0, "needs more memory");
    judge_length(reader);
    fill_info(reader);
    return 0;
}

static int read_head(ant_reader *reader, ant_reader_error *ret_error)
{
    static const char magic[8] = ANT_TRACE_MAGIC;
    ant_trace_header header = { 0 };
    size_t len = reader->file_bytes;
    if (len > sizeof header) len = sizeof header;
    if (len > 0) memcpy(&header, reader->file, len);
    if (memcmp(header.magic, magic, sizeof magic) != 0) {
        return fail(ret_error, -EINVAL, 0,
                    "is not a trace; make one with: antfarm run PROGRAM");
    }
    if (len < sizeof header) return fail_cut(reader, ret_error);
    if (header.version > ANT_TRACE_VERSION) {
        return fail(ret_error, -ENOTSUP, offsetof(ant_trace_header, version),
                    "format version %u is newer than this program's %u; "
                    "use a newer antfarm",
                    header.version, ANT_TRACE_VERSION);
    }
    uLong crc = crc32_z(0, (const Bytef *)&header,
                        offsetof(ant_trace_header, header_crc));
    bool is_whole = (uint32_t)crc == header.header_crc &&
                    header.header_bytes == sizeof header &&
                    header.version == ANT_TRACE_VERSION;
    if (!is_whole) {
        return fail(ret_error, -EINVAL, 0,
                    "the head is damaged; copy or record the file again");
    }
    reader->header = header;
    return 0;
}

static int read_schema(ant_reader *reader, ant_reader_error *ret_error)
{
    const ant_trace_header *header = &reader->header;
    size_t at = sizeof *header;
    if (header->schema_bytes > reader->file_bytes - at) {
        return fail_cut(reader, ret_error);
    }
    const uint8_t *text = reader->file + at;
    uLong crc = crc32_z(0, text, header->schema_bytes);
    bool is_whole = (uint32_t)crc == header->schema_crc &&
                    ant_decode_schema_parse(&reader->schema, (const char *)text,
                                            header->schema_bytes);
    if (!is_whole) {
        return fail(ret_error, -EINVAL, at,
                    "the list of event kinds is damaged; copy or record the "
                    "file again");
    }
    return 0;
}

static void fill_info(ant_reader *reader)
{
    const ant_trace_header *header = &reader->header;
    uint64_t lost = lost_in_chunks(reader);
    if (header->lost > lost) lost = header->lost;
    uint32_t level = header->level;
    if (level > ANT_LEVEL_FULL) level = ANT_LEVEL_FULL;
    reader->info = (ant_trace_info){
        .level = (ant_trace_level)level,
        .is_virtual = header->clock == ANT_CLOCK_VIRTUAL,
        .is_closed = header->closed_bytes != 0,
        .stream_count = reader->merge.stream_count,
        .chunk_count = reader->chunks.count,
        .chunk_bad_count = reader->damage.count,
        .chunk_open_count = reader->chunks.open_count,
        .lost_count = lost,
        .wall_ns = header->wall_ns,
        .pid = header->pid,
        .file_bytes = reader->file_bytes,
    };
}

// A file that is cut between two chunks is only too short.
static void judge_length(ant_reader *reader)
{
    uint64_t wanted = reader->header.closed_bytes;
    if (wanted == 0 || wanted == reader->file_bytes) return;
    if (reader->damage.count > 0) return;
    ant_damage_add(&reader->damage, reader->file_bytes,
                   wanted > reader->file_bytes
                       ? "the end of the file is missing"
                       : "the file has become longer");
}

static int fail_cut(const ant_reader *reader, ant_reader_error *ret_error)
{
    return fail(ret_error, -EINVAL, reader->file_bytes,
                "the file ends inside its head; copy or record it again");
}

static uint64_t lost_in_chunks(const ant_reader *reader)
{
    uint64_t lost = 0;
    for (uint32_t i = 0; i < reader->chunks.count; i++) {
        const ant_chunk *chunk = &reader->chunks.chunk[i];
        lost += ant_chunks_header(&reader->chunks, chunk).lost_before;
    }
    return lost;
}

static int fail(ant_reader_error *ret_error, int err, uint64_t offset,
                const char *format, ...)
{
    if (ret_error == NULL) return err;
    ret_error->offset = offset;
    va_list args;
    va_start(args, format);
    vsnprintf(ret_error->text, sizeof ret_error->text, format, args);
    va_end(args);
    return err;
}
