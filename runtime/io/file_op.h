// SPDX-License-Identifier: MIT
//
// The one kind of operation behind io/file.h and io/fs.h: a verb, and a job of
// the blocking pool that has its own copies of all that the verb needs.

#ifndef ANT_IO_FILE_OP_H
#define ANT_IO_FILE_OP_H

#include "base/atomic.h"
#include "io/file.h"
#include "io/job.h"

// An open file. The handle has it, and so has each job.
typedef struct ant__file {
    ant_atomic_u32 refs;
    int fd;
} ant__file;

typedef struct ant__file_job {
    ant_job job; // first
    ant__file *file;
    char *path[2];
    int flags;
    size_t len;
    void *made;           // an outcome: the verb's `discard` gives it back
    uint64_t number;      // an outcome
    unsigned char *bytes; // what is to be written, or has been read
    const struct ant__file_verb *verb;
} ant__file_job;

typedef struct ant__file_verb {
    const char *name; // of the job, in the trace
    // On a thread of the pool: does it, and says what the result is.
    int (*run)(ant__file_job *job);
    // In the task, after success: puts the outcome where it belongs.
    void (*finish)(struct ant_file_op *op, ant__file_job *job);
    // Nobody wants job->made. May be NULL.
    void (*discard)(void *made);
    bool is_writing; // op->from has bytes
} ant__file_verb;

// An operation without anything but its verb.
ANT_MUST_USE struct ant_file_op ant__file_op(const ant__file_verb *verb);

// A file of a descriptor; NULL: no memory. It takes the descriptor in any case.
ANT_MUST_USE ant__file *ant__file_new(int fd);
void ant__file_unref(ant__file *file);

// write(2) until all is written, read(2) until the end or `len`. 0 and a count,
// or -errno.
ANT_MUST_USE int ant__fd_write_all(int fd, const void *bytes, size_t len);
ANT_MUST_USE int64_t ant__fd_read_some(int fd, void *bytes, size_t len);

#endif
