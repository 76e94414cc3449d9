// SPDX-License-Identifier: MIT

#include "trace/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/assert.h"
#include "base/atomic.h"
#include "base/mem.h"
#include "trace/schema.h"

#define BYTES_MAX_DEFAULT (UINT64_C(4) << 30)

static int create(const char *path, int *ret_fd);
static int reserve(int fd, uint64_t at, uint64_t bytes);
static void fetch_pages(void *slot, uint32_t bytes);
static int write_head(ant_sink *sink, const ant_trace_desc *desc,
                      uint64_t start_ns);
static uint64_t bytes_max(uint64_t wanted);
static uint64_t used_end(const ant_sink *sink);

int ant_sink_open(ant_sink *sink, const ant_trace_desc *desc, uint64_t start_ns)
{
    *sink = (ant_sink){ .bytes_max = bytes_max(desc->bytes_max) };
    int err = create(desc->path, &sink->fd);
    if (err < 0) return err;

    err = write_head(sink, desc, start_ns);
    if (err < 0) {
        close(sink->fd);
        unlink(desc->path);
        return err;
    }
    ant_os_mutex_init(&sink->lock);
    return 0;
}

void *ant_sink_slot(ant_sink *sink, uint32_t bytes)
{
    ANT_ASSERT(bytes % ANT_CHUNK_ALIGN == 0);
    void *slot = NULL;
    ant_os_mutex_lock(&sink->lock);
    uint64_t at = sink->end;
    if (at + bytes <= sink->bytes_max && reserve(sink->fd, at, bytes) == 0) {
        slot = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, sink->fd,
                    (off_t)at);
        if (slot == MAP_FAILED) slot = NULL;
    }
    if (slot != NULL) {
        sink->last = at;
        sink->end = at + bytes;
    }
    ant_os_mutex_unlock(&sink->lock);
    if (slot != NULL) fetch_pages(slot, bytes);
    return slot;
}

void ant_sink_slot_unmap(void *slot, uint32_t bytes)
{
    int err = munmap(slot, bytes);
    ANT_ASSERT(err == 0);
}

void ant_sink_lose(ant_sink *sink)
{
    ant_atomic_u32 *lost = (ant_atomic_u32 *)(void *)&sink->header->lost;
    // relaxed: a counter that nobody reads before the recording has ended.
    ant_atomic_add(lost, 1, ANT_RELAXED);
}

void ant_sink_close(ant_sink *sink)
{
    uint64_t bytes = used_end(sink);
    // Else the file is too long, and no worse than one of a killed program.
    if (ftruncate(sink->fd, (off_t)bytes) == 0) {
        sink->header->closed_bytes = bytes;
    }
    ant_sink_abandon(sink);
    ant_os_mutex_deinit(&sink->lock);
}

void ant_sink_abandon(ant_sink *sink)
{
    ant_sink_slot_unmap(sink->header, ANT_CHUNK_ALIGN);
    sink->header = NULL;
    close(sink->fd);
    sink->fd = -1;
}

// A new file is made even where one exists: somebody may be looking at the old
// one, and must not have it shrink under the mapping.
static int create(const char *path, int *ret_fd)
{
    struct stat info;
    if (lstat(path, &info) == 0) {
        bool is_file = S_ISREG(info.st_mode) || S_ISLNK(info.st_mode);
        if (!is_file) return S_ISDIR(info.st_mode) ? -EISDIR : -EINVAL;
        if (unlink(path) < 0) return -errno;
    }
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd < 0) return -errno;
    *ret_fd = fd;
    return 0;
}

static int reserve(int fd, uint64_t at, uint64_t bytes)
{
    int err;
    do {
        err = posix_fallocate(fd, (off_t)at, (off_t)bytes);
    } while (err == EINTR);
    return -err;
}

// All at once and here, instead of one by one in the middle of a poll. A system
// that does not know how fetches them when they are written.
static void fetch_pages(void *slot, uint32_t bytes)
{
#ifdef MADV_POPULATE_WRITE
    (void)madvise(slot, bytes, MADV_POPULATE_WRITE);
#else
    (void)slot;
    (void)bytes;
#endif
}

static int write_head(ant_sink *sink, const ant_trace_desc *desc,
                      uint64_t start_ns)
{
    static const size_t page = ANT_CHUNK_ALIGN;
    uint8_t *head = ant_mem_alloc(ANT_SCHEMA_BYTES_MAX + page);
    if (head == NULL) return -ENOMEM;
    char *schema = (char *)head + sizeof(ant_trace_header);
    size_t schema_bytes = ant_schema_write(schema, ANT_SCHEMA_BYTES_MAX);
    ANT_ASSERT(schema_bytes > 0);

    ant_trace_header header = {
        .magic = ANT_TRACE_MAGIC,
        .version = ANT_TRACE_VERSION,
        .header_bytes = sizeof header,
        .schema_bytes = (uint32_t)schema_bytes,
        .schema_crc = (uint32_t)crc32_z(0, (Bytef *)schema, schema_bytes),
        .level = (uint16_t)(desc->level == ANT_LEVEL_OFF ? ANT_LEVEL_FULL
                                                         : desc->level),
        .clock = desc->is_virtual ? ANT_CLOCK_VIRTUAL : ANT_CLOCK_MONOTONIC,
        .wall_ns = desc->is_virtual ? 0 : ant_os_wall_ns(),
        .start_ns = start_ns,
        .pid = desc->is_virtual ? 0 : (uint32_t)getpid(),
    };
    header.header_crc = (uint32_t)crc32_z(
        0, (const Bytef *)&header, offsetof(ant_trace_header, header_crc));
    memcpy(head, &header, sizeof header);

    size_t used = sizeof header + schema_bytes;
    sink->end = (used + page - 1) / page * page;
    int err = sink->end > sink->bytes_max ? -EFBIG : 0;
    if (err == 0) err = reserve(sink->fd, 0, sink->end);
    if (err == 0 && pwrite(sink->fd, head, used, 0) != (ssize_t)used) {
        err = -EIO;
    }
    ant_mem_free(head);
    if (err < 0) return err;

    void *map =
        mmap(NULL, page, PROT_READ | PROT_WRITE, MAP_SHARED, sink->fd, 0);
    if (map == MAP_FAILED) return -errno;
    sink->header = map;
    return 0;
}

// Growing beyond the process's own limit would be answered by SIGXFSZ.
static uint64_t bytes_max(uint64_t wanted)
{
    uint64_t max = wanted != 0 ? wanted : BYTES_MAX_DEFAULT;
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && limit.rlim_cur < max) {
        max = limit.rlim_cur;
    }
    return max;
}

// The end of the last byte in use: the last slot may be mostly empty.
static uint64_t used_end(const ant_sink *sink)
{
    ant_chunk_header chunk;
    if (sink->last == 0) return sink->end;
    ssize_t got = pread(sink->fd, &chunk, sizeof chunk, (off_t)sink->last);
    bool is_whole = got == (ssize_t)sizeof chunk;
    if (!is_whole || chunk.payload_bytes == 0) return sink->end;
    return sink->last + sizeof chunk + chunk.payload_bytes;
}
