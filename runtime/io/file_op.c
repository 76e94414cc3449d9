// SPDX-License-Identifier: MIT

#include "io/file_op.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

static ant__file_job *job_new(const struct ant_file_op *op);
static int run(ant_job *base);
static void deinit(ant_job *base);
static void op_drop(ant_future *future);

ANT_ASYNC_OPS(ant_file_op, .drop = op_drop)
{
    int result;
    switch (self->state) {
    case FILE_OP_START:
        self->job = job_new(self);
        if (self->job == NULL) return ANT_FAIL(-ENOMEM);
        self->handle = ant__job_start(&self->job->job, run, self->verb->name);
        return ANT_NEXT(FILE_OP_WAITING);

    case FILE_OP_WAITING:
        ANT_AWAIT(self->handle);
        result = self->handle.base.result;
        if (result >= 0 && self->verb->finish != NULL)
            self->verb->finish(self, self->job);
        op_drop(ANT__SELF);
        self->base.result = result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct ant_file_op ant__file_op(const ant__file_verb *verb)
{
    return (struct ant_file_op){ ANT_INIT(ant_file_op), .verb = verb };
}

static void op_drop(ant_future *future)
{
    struct ant_file_op *self = (struct ant_file_op *)(void *)future;
    if (self->job == NULL) return;
    ant__job_leave(&self->job->job, &self->handle);
    self->job = NULL;
}

static char *copy_of(const char *text)
{
    const size_t size = strlen(text) + 1;
    char *copy = ant_mem_alloc(size);
    if (copy != NULL) memcpy(copy, text, size);
    return copy;
}

// Nothing of the program's is used any more once the job is there.
static ant__file_job *job_new(const struct ant_file_op *op)
{
    ant__file_job *job = ant__job_new(sizeof *job);
    if (job == NULL) return NULL;
    job->job.deinit = deinit;
    job->verb = op->verb;
    job->flags = op->flags;
    job->len = op->len;
    bool has_all = true;
    for (int i = 0; i < 2; i++) {
        if (op->path[i] == NULL) continue;
        job->path[i] = copy_of(op->path[i]);
        has_all = has_all && job->path[i] != NULL;
    }
    if (op->len > 0) {
        job->bytes = ant_mem_alloc(op->len);
        has_all = has_all && job->bytes != NULL;
    }
    if (!has_all) {
        struct ant_join_handle none = { 0 };
        ant__job_leave(&job->job, &none);
        return NULL;
    }
    if (op->verb->is_writing && op->len > 0)
        memcpy(job->bytes, op->from, op->len);
    if (op->file != NULL) {
        job->file = op->file;
        ant_atomic_add(&job->file->refs, 1, ANT_RELAXED);
    }
    return job;
}

static int run(ant_job *base)
{
    ant__file_job *job = (ant__file_job *)(void *)base;
    return job->verb->run(job);
}

static void deinit(ant_job *base)
{
    ant__file_job *job = (ant__file_job *)(void *)base;
    if (job->made != NULL && job->verb->discard != NULL)
        job->verb->discard(job->made);
    if (job->file != NULL) ant__file_unref(job->file);
    ant_mem_free(job->path[0]);
    ant_mem_free(job->path[1]);
    ant_mem_free(job->bytes);
}

ant__file *ant__file_new(int fd)
{
    ant__file *file = ant_mem_alloc(sizeof *file);
    if (file == NULL) {
        (void)close(fd);
        return NULL;
    }
    file->fd = fd;
    ant_atomic_store(&file->refs, 1, ANT_RELAXED);
    return file;
}

void ant__file_unref(ant__file *file)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&file->refs, 1, ANT_ACQ_REL) != 1) return;
    (void)close(file->fd);
    ant_mem_free(file);
}

int ant__fd_write_all(int fd, const void *bytes, size_t len)
{
    const unsigned char *at = bytes;
    while (len > 0) {
        const ssize_t n = write(fd, at, len);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -errno;
        at += n;
        len -= (size_t)n;
    }
    return 0;
}

int64_t ant__fd_read_some(int fd, void *bytes, size_t len)
{
    ssize_t n;
    do {
        n = read(fd, bytes, len);
    } while (n < 0 && errno == EINTR);
    return n >= 0 ? n : -errno;
}
