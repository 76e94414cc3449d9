// SPDX-License-Identifier: MIT

#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/file_op.h"

// No read asks for more: a result is an int, and the bytes are copied.
#define READ_MAX ((size_t)1 << 20)

static int flags_of(const char *mode);

// ---- Opening ----

static int run_open(ant__file_job *job)
{
    if (job->flags < 0) return job->flags;
    const int fd = open(job->path[0], job->flags | O_CLOEXEC, 0666);
    if (fd < 0) return -errno;
    struct stat about;
    const bool is_dir = fstat(fd, &about) == 0 && S_ISDIR(about.st_mode);
    if (is_dir) {
        (void)close(fd);
        return -EISDIR;
    }
    job->made = ant__file_new(fd);
    return job->made != NULL ? 0 : -ENOMEM;
}

static void finish_open(struct ant_file_op *op, ant__file_job *job)
{
    ((ant_file *)op->to)->file = job->made;
    job->made = NULL;
}

static void discard_file(void *made)
{
    ant__file_unref(made);
}

struct ant_file_op ant_file_open(const char *path, const char *mode,
                                 ant_file *ret_file)
{
    static const ant__file_verb verb = { .name = "open",
                                         .run = run_open,
                                         .finish = finish_open,
                                         .discard = discard_file };
    struct ant_file_op op = ant__file_op(&verb);
    op.path[0] = path;
    op.flags = flags_of(mode);
    op.to = ret_file;
    return op;
}

static int flags_of(const char *mode)
{
    static const struct {
        const char *mode;
        int flags;
    } known[] = {
        { "r", O_RDONLY },
        { "r+", O_RDWR },
        { "w", O_WRONLY | O_CREAT | O_TRUNC },
        { "w+", O_RDWR | O_CREAT | O_TRUNC },
        { "a", O_WRONLY | O_CREAT | O_APPEND },
        { "a+", O_RDWR | O_CREAT | O_APPEND },
        { "x", O_WRONLY | O_CREAT | O_EXCL },
        { "x+", O_RDWR | O_CREAT | O_EXCL },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(known); i++) {
        if (strcmp(known[i].mode, mode) == 0) return known[i].flags;
    }
    return -EINVAL;
}

// ---- Reading and writing ----

static struct ant_file_op on_file(const ant__file_verb *verb,
                                  const ant_file *file)
{
    ANT_ASSERT(file->file != NULL); // it was closed before
    struct ant_file_op op = ant__file_op(verb);
    op.file = file->file;
    return op;
}

static int run_read(ant__file_job *job)
{
    const int64_t n = ant__fd_read_some(job->file->fd, job->bytes, job->len);
    if (n >= 0) job->number = (uint64_t)n;
    return (int)n;
}

static void finish_read(struct ant_file_op *op, ant__file_job *job)
{
    if (job->number > 0) memcpy(op->to, job->bytes, job->number);
}

struct ant_file_op ant_file_read(const ant_file *file, void *buf, size_t len)
{
    static const ant__file_verb verb = { .name = "read",
                                         .run = run_read,
                                         .finish = finish_read };
    struct ant_file_op op = on_file(&verb, file);
    op.to = buf;
    op.len = len < READ_MAX ? len : READ_MAX;
    return op;
}

static int run_write(ant__file_job *job)
{
    return ant__fd_write_all(job->file->fd, job->bytes, job->len);
}

struct ant_file_op ant_file_write(const ant_file *file, const void *buf,
                                  size_t len)
{
    static const ant__file_verb verb = { .name = "write",
                                         .run = run_write,
                                         .is_writing = true };
    struct ant_file_op op = on_file(&verb, file);
    op.from = buf;
    op.len = len;
    return op;
}

static int run_sync(ant__file_job *job)
{
    return fsync(job->file->fd) == 0 ? 0 : -errno;
}

struct ant_file_op ant_file_sync(const ant_file *file)
{
    static const ant__file_verb verb = { .name = "sync", .run = run_sync };
    return on_file(&verb, file);
}

int ant_file_seek(const ant_file *file, uint64_t offset)
{
    ANT_ASSERT(file->file != NULL);
    return lseek(file->file->fd, (off_t)offset, SEEK_SET) >= 0 ? 0 : -errno;
}

void ant_file_close(ant_file *file)
{
    if (file->file != NULL) ant__file_unref(file->file);
    file->file = NULL;
}
