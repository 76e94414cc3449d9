// SPDX-License-Identifier: MIT
//
// Files. A file is never "not ready", it just takes its time; so each operation
// is a call that blocks, made by a thread of the blocking pool, and the trace
// shows it there. Tokio: tokio::fs::File.
//
//   case SHOW_START:
//       self->op = ant_file_open("/etc/passwd", "r", &self->file);
//       return ANT_NEXT(SHOW_OPENING);
//   case SHOW_OPENING:
//       ANT_AWAIT(self->op);
//       if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
//       self->op = ant_file_read(&self->file, self->buf, sizeof self->buf);
//       return ANT_NEXT(SHOW_READING);
//
// All operations are one kind of future. A file belongs to one task, which
// closes it, and does one thing with it at a time. What was asked for is done,
// also when nobody waits for it any more: a write that is dropped is written, a
// read that is dropped has moved the file's position. At shutdown too: what was
// to be written reaches the system.
//
// The modes: "r" reads; "w" writes an empty or new file, "a" at its end, "x" a
// new one, or it is -EEXIST; with a "+" each does both. To close is no
// operation: it waits for nothing, and what it could say ant_file_sync says.
//
//   function        Tokio                     cancel-safe  alloc  threads
//   ant_file_open   File::open, OpenOptions   yes          yes    a runtime's
//   ant_file_read   AsyncReadExt::read        no           yes    owner
//   ant_file_write  AsyncWriteExt::write_all  no           yes    owner
//   ant_file_sync   File::sync_all            yes          yes    owner
//   ant_file_seek   AsyncSeekExt::seek        -            no     owner
//   ant_file_close  drop(file)                -            no     owner

#ifndef ANT_IO_FILE_H
#define ANT_IO_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "core/task.h"

// {0} is closed.
typedef struct ant_file {
    struct ant__file *file; // shared with the jobs that use it
} ant_file;

// An operation on a file, or on paths (io/fs.h). Its result is that of the
// function that made it.
struct ant_file_op {
    ant_future base;
    enum { FILE_OP_START, FILE_OP_WAITING } state;
    const struct ant__file_verb *verb; // what it does
    struct ant__file *file;
    const char *path[2];
    const void *from; // bytes to be written
    void *to;         // where its outcome goes
    size_t len;
    int flags;
    struct ant__file_job *job; // shared with the pool
    struct ant_join_handle handle;
};

// Opens a file. The texts stay where they are until the first poll, `ret_file`
// until the end. Result: 0, or -ENOENT, -EACCES, -EEXIST, -EISDIR, -EINVAL (no
// such mode), -EMFILE.
ANT_MUST_USE struct ant_file_op
ant_file_open(const char *path, const char *mode, ant_file *ret_file);

// Reads up to `len` bytes from where the file stands. Result: how many, 0 at
// the end, or -errno.
ANT_MUST_USE struct ant_file_op ant_file_read(const ant_file *file, void *buf,
                                              size_t len);

// Writes all `len` bytes, which are copied at the first poll. Result: 0, or
// -ENOSPC, -EFBIG, -EBADF (it was opened for reading).
ANT_MUST_USE struct ant_file_op ant_file_write(const ant_file *file,
                                               const void *buf, size_t len);

// Has all that was written put onto the disk. Result: 0, -EIO, -ENOSPC.
ANT_MUST_USE struct ant_file_op ant_file_sync(const ant_file *file);

// Goes to byte `offset` from the beginning. 0 or -errno.
int ant_file_seek(const ant_file *file, uint64_t offset);

// Gives the file up. What is still being done with it closes it then.
void ant_file_close(ant_file *file);

#endif
