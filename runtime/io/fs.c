// SPDX-License-Identifier: MIT

#include "io/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/file_op.h"
#include "io/fs_list.h"

#define TEXT_MAX   ((size_t)1 << 30)
#define COPY_BYTES ((size_t)1 << 16)

static struct ant_file_op on_path(const ant__file_verb *verb, const char *path);

// ---- Whole files ----

static int read_all(int fd, char **ret_bytes, size_t *ret_len)
{
    char *bytes = NULL;
    size_t len = 0;
    size_t size = 0;
    int64_t n;
    do {
        if (size - len < 2) { // a 0 comes last
            size = size == 0 ? 4096 : size * 2;
            char *more =
                size <= TEXT_MAX * 2 ? ant_mem_resize(bytes, size) : NULL;
            if (more == NULL) {
                ant_mem_free(bytes);
                return size > TEXT_MAX ? -EFBIG : -ENOMEM;
            }
            bytes = more;
        }
        n = ant__fd_read_some(fd, bytes + len, size - len - 1);
        if (n > 0) len += (size_t)n;
    } while (n > 0 && len <= TEXT_MAX);
    if (n != 0) {
        ant_mem_free(bytes);
        return n < 0 ? (int)n : -EFBIG;
    }
    bytes[len] = '\0';
    *ret_bytes = bytes;
    *ret_len = len;
    return 0;
}

static int run_read_to_string(ant__file_job *job)
{
    const int fd = open(job->path[0], O_RDONLY | O_CLOEXEC);
    if (fd < 0) return -errno;
    char *bytes = NULL;
    size_t len = 0;
    const int err = read_all(fd, &bytes, &len);
    (void)close(fd);
    if (err < 0) return err;
    job->made = bytes;
    job->number = len;
    return 0;
}

static void finish_read_to_string(struct ant_file_op *op, ant__file_job *job)
{
    *(ant_text *)op->to =
        (ant_text){ .bytes = job->made, .len = (size_t)job->number };
    job->made = NULL;
}

struct ant_file_op ant_fs_read_to_string(const char *path, ant_text *ret_text)
{
    static const ant__file_verb verb = { .name = "read_to_string",
                                         .run = run_read_to_string,
                                         .finish = finish_read_to_string,
                                         .discard = ant_mem_free };
    struct ant_file_op op = on_path(&verb, path);
    op.to = ret_text;
    return op;
}

void ant_text_free(ant_text *text)
{
    ant_mem_free(text->bytes);
    *text = (ant_text){ 0 };
}

static int run_write(ant__file_job *job)
{
    const int fd =
        open(job->path[0], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (fd < 0) return -errno;
    int err = ant__fd_write_all(fd, job->bytes, job->len);
    if (close(fd) < 0 && err == 0) err = -errno;
    return err;
}

struct ant_file_op ant_fs_write(const char *path, const void *bytes, size_t len)
{
    static const ant__file_verb verb = { .name = "write",
                                         .run = run_write,
                                         .is_writing = true };
    struct ant_file_op op = on_path(&verb, path);
    op.from = bytes;
    op.len = len;
    return op;
}

static int copy_bytes(int from, int to, uint64_t *ret_bytes)
{
    char *buf = ant_mem_alloc(COPY_BYTES);
    if (buf == NULL) return -ENOMEM;
    int err = 0;
    int64_t n = 0;
    do {
        n = ant__fd_read_some(from, buf, COPY_BYTES);
        if (n > 0) err = ant__fd_write_all(to, buf, (size_t)n);
        if (n > 0) *ret_bytes += (uint64_t)n;
    } while (n > 0 && err == 0);
    ant_mem_free(buf);
    return n < 0 ? (int)n : err;
}

static int run_copy(ant__file_job *job)
{
    const int from = open(job->path[0], O_RDONLY | O_CLOEXEC);
    if (from < 0) return -errno;
    struct stat about;
    int err = fstat(from, &about) == 0 ? 0 : -errno;
    if (err == 0 && S_ISDIR(about.st_mode)) err = -EISDIR;
    int to = -1;
    if (err == 0) {
        to = open(job->path[1], O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
                  about.st_mode & 0777);
        if (to < 0) err = -errno;
    }
    if (err == 0) err = copy_bytes(from, to, &job->number);
    (void)close(from);
    if (to >= 0 && close(to) < 0 && err == 0) err = -errno;
    return err;
}

static void finish_copy(struct ant_file_op *op, ant__file_job *job)
{
    *(uint64_t *)op->to = job->number;
}

struct ant_file_op ant_fs_copy(const char *from, const char *to,
                               uint64_t *ret_bytes)
{
    static const ant__file_verb verb = { .name = "copy",
                                         .run = run_copy,
                                         .finish = finish_copy };
    struct ant_file_op op = on_path(&verb, from);
    op.path[1] = to;
    op.to = ret_bytes;
    return op;
}

// ---- Paths ----

static struct ant_file_op on_path(const ant__file_verb *verb, const char *path)
{
    struct ant_file_op op = ant__file_op(verb);
    op.path[0] = path;
    return op;
}

static int run_metadata(ant__file_job *job)
{
    ant_metadata *about = ant_mem_alloc(sizeof *about);
    if (about == NULL) return -ENOMEM;
    job->made = about;
    return ant__fs_look(job->path[0], true, about);
}

static void finish_metadata(struct ant_file_op *op, ant__file_job *job)
{
    *(ant_metadata *)op->to = *(const ant_metadata *)job->made;
}

struct ant_file_op ant_fs_metadata(const char *path, ant_metadata *ret_about)
{
    static const ant__file_verb verb = { .name = "metadata",
                                         .run = run_metadata,
                                         .finish = finish_metadata,
                                         .discard = ant_mem_free };
    struct ant_file_op op = on_path(&verb, path);
    op.to = ret_about;
    return op;
}

static int run_rename(ant__file_job *job)
{
    return rename(job->path[0], job->path[1]) == 0 ? 0 : -errno;
}

struct ant_file_op ant_fs_rename(const char *from, const char *to)
{
    static const ant__file_verb verb = { .name = "rename", .run = run_rename };
    struct ant_file_op op = on_path(&verb, from);
    op.path[1] = to;
    return op;
}

static int run_remove_file(ant__file_job *job)
{
    return unlink(job->path[0]) == 0 ? 0 : -errno;
}

struct ant_file_op ant_fs_remove_file(const char *path)
{
    static const ant__file_verb verb = { .name = "remove_file",
                                         .run = run_remove_file };
    return on_path(&verb, path);
}

static int run_create_dir(ant__file_job *job)
{
    return mkdir(job->path[0], 0777) == 0 ? 0 : -errno;
}

struct ant_file_op ant_fs_create_dir(const char *path)
{
    static const ant__file_verb verb = { .name = "create_dir",
                                         .run = run_create_dir };
    return on_path(&verb, path);
}

static int run_remove_dir(ant__file_job *job)
{
    return rmdir(job->path[0]) == 0 ? 0 : -errno;
}

struct ant_file_op ant_fs_remove_dir(const char *path)
{
    static const ant__file_verb verb = { .name = "remove_dir",
                                         .run = run_remove_dir };
    return on_path(&verb, path);
}

// ---- Folders ----

static int run_list(ant__file_job *job)
{
    ant_dir *dir = ant_mem_alloc(sizeof *dir);
    if (dir == NULL) return -ENOMEM;
    job->made = dir;
    return ant__fs_list(job->path[0], job->flags != 0, dir);
}

static void finish_list(struct ant_file_op *op, ant__file_job *job)
{
    ant_dir *dir = job->made;
    *(ant_dir *)op->to = *dir;
    *dir = (ant_dir){ 0 };
}

static void discard_list(void *made)
{
    ant_dir_free(made);
    ant_mem_free(made);
}

static struct ant_file_op list(const char *path, bool is_deep, ant_dir *ret_dir)
{
    static const ant__file_verb verb = { .name = "read_dir",
                                         .run = run_list,
                                         .finish = finish_list,
                                         .discard = discard_list };
    struct ant_file_op op = on_path(&verb, path);
    op.flags = is_deep;
    op.to = ret_dir;
    return op;
}

struct ant_file_op ant_fs_read_dir(const char *path, ant_dir *ret_dir)
{
    return list(path, false, ret_dir);
}

struct ant_file_op ant_fs_walk(const char *path, ant_dir *ret_dir)
{
    return list(path, true, ret_dir);
}
