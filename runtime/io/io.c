// SPDX-License-Identifier: MIT

#include "io/io.h"

#include <errno.h>

#include "core/here.h"
#include "trace/trace.h"

// No operation moves more: a result is an int.
#define MOVE_MAX ((size_t)1 << 30)

typedef struct piece {
    unsigned char *bytes;
    size_t len;
    uint32_t task;
} piece;

static int64_t move_some(ant_transfer *move, ant_try_fn attempt, ant_cx *cx);
static int64_t move_all(ant_transfer *move, ant_try_fn attempt, ant_cx *cx);
static ant_poll finish(ant_future *future, ant_transfer *move, int64_t result);
static int64_t try_read(ant_source *source, void *arg);
static int64_t try_write(ant_source *source, void *arg);

#define TRANSFER_FUTURE(name)                                                  \
    static void name##_drop(ant_future *future)                                \
    {                                                                          \
        struct name *self = (struct name *)(void *)future;                     \
        ant__source_op_end(&self->move.op);                                    \
    }                                                                          \
    static bool name##_waits_on(const ant_future *future, ant_wait *ret_wait)  \
    {                                                                          \
        const struct name *self = (const struct name *)(const void *)future;   \
        return ant__source_op_describe(&self->move.op, ret_wait);              \
    }

#define TRANSFER_OPS(name) .drop = name##_drop, .waits_on = name##_waits_on

TRANSFER_FUTURE(ant_read)
TRANSFER_FUTURE(ant_read_exact)
TRANSFER_FUTURE(ant_write)
TRANSFER_FUTURE(ant_write_all)

// ---- Reading and writing ----

ANT_ASYNC_OPS(ant_read, TRANSFER_OPS(ant_read))
{
    return finish(ANT__SELF, &self->move, move_some(&self->move, try_read, cx));
}

ANT_ASYNC_OPS(ant_read_exact, TRANSFER_OPS(ant_read_exact))
{
    return finish(ANT__SELF, &self->move, move_all(&self->move, try_read, cx));
}

ANT_ASYNC_OPS(ant_write, TRANSFER_OPS(ant_write))
{
    return finish(ANT__SELF, &self->move,
                  move_some(&self->move, try_write, cx));
}

ANT_ASYNC_OPS(ant_write_all, TRANSFER_OPS(ant_write_all))
{
    return finish(ANT__SELF, &self->move, move_all(&self->move, try_write, cx));
}

ant_future_ops *const ant__read_ops = &ant_read_ops;
ant_future_ops *const ant__read_exact_ops = &ant_read_exact_ops;
ant_future_ops *const ant__write_ops = &ant_write_ops;
ant_future_ops *const ant__write_all_ops = &ant_write_all_ops;

// Moves what it can at once, or waits until that is something. It is inline,
// for its callers know what `attempt` is.
static inline int64_t move_some(ant_transfer *move, ant_try_fn attempt,
                                ant_cx *cx)
{
    const size_t left = move->len - move->done;
    piece next = { move->bytes + move->done, left < MOVE_MAX ? left : MOVE_MAX,
                   cx->task };
    if (left == 0) return 0;
    const int64_t n = ant__source_poll(&move->op, attempt, &next, next.len, cx);
    if (n > 0) move->done += (size_t)n;
    return n;
}

static inline int64_t move_all(ant_transfer *move, ant_try_fn attempt,
                               ant_cx *cx)
{
    while (move->done < move->len) {
        const int64_t n = move_some(move, attempt, cx);
        if (n == 0) return -EPIPE; // the end, too early
        if (n < 0) return n;
    }
    return 0;
}

static ant_poll finish(ant_future *future, ant_transfer *move, int64_t result)
{
    if (result == -EAGAIN) return ANT_PENDING;
    ant__source_op_end(&move->op);
    future->result = (int32_t)result;
    return ANT_READY;
}

static int64_t try_read(ant_source *source, void *arg)
{
    const piece *next = arg;
    if (source->ops->read == NULL) return -ENOTSUP;
    const int64_t n = source->ops->read(source, next->bytes, next->len);
    if (n >= 0)
        ANT_TRACE(io_read, .res = ant_resource_id(&source->resource),
                  .task = next->task, .bytes = (uint64_t)n);
    return n;
}

static int64_t try_write(ant_source *source, void *arg)
{
    const piece *next = arg;
    if (source->ops->write == NULL) return -ENOTSUP;
    const int64_t n = source->ops->write(source, next->bytes, next->len);
    if (n > 0)
        ANT_TRACE(io_write, .res = ant_resource_id(&source->resource),
                  .task = next->task, .bytes = (uint64_t)n);
    return n;
}

static int try_now(const ant_io *io, ant_side side, const void *buf, size_t len)
{
    ant_transfer move = ant__transfer(io, side, buf, len, 0);
    piece next = { move.bytes, len < MOVE_MAX ? len : MOVE_MAX,
                   ant_task_id_here() };
    ant_source *source = io->source;
    const int64_t n = ant__source_try(
        source, side, side == ANT_SIDE_IN ? try_read : try_write, &next,
        next.len);
    // Nobody waits, but the next try has to hear whether it is worth one.
    if (n == -EAGAIN && source->ops->arm != NULL)
        source->ops->arm(source, side);
    return (int)n;
}

int ant_try_read(const ant_io *io, void *buf, size_t len)
{
    return try_now(io, ANT_SIDE_IN, buf, len);
}

int ant_try_write(const ant_io *io, const void *buf, size_t len)
{
    return try_now(io, ANT_SIDE_OUT, buf, len);
}

// ---- The handle ----

int ant_io_shutdown(const ant_io *io)
{
    ant_source *source = io->source;
    ANT_ASSERT(source != NULL);
    if (source->ops->shutdown == NULL) return -ENOTSUP;
    return source->ops->shutdown(source);
}

void ant_io_split(ant_io *io, ant_io *ret_reader, ant_io *ret_writer)
{
    ant_source *source = io->source;
    ANT_ASSERT(io->sides == 3); // both sides are here
    *io = (ant_io){ 0 };
    ant__source_ref(source);
    *ret_reader = (ant_io){ source, 1u << ANT_SIDE_IN };
    *ret_writer = (ant_io){ source, 1u << ANT_SIDE_OUT };
}

int ant__io_pair(ant_io ret_ends[2], const char *file, uint32_t line)
{
    ant_net *net = ant__net_here("ant_io_pair");
    ant_source *source[2];
    const int err = net->ops->pair(net, source);
    if (err < 0) return err;
    for (int i = 0; i < 2; i++) {
        ant__source_origin(source[i], file, line);
        ret_ends[i] = ant__io_of(source[i]);
    }
    return 0;
}

void ant_io_close(ant_io *io)
{
    ant_source *source = io->source;
    if (source == NULL) return;
    const bool is_writer = io->sides == 1u << ANT_SIDE_OUT;
    if (is_writer && source->ops->shutdown != NULL)
        (void)source->ops->shutdown(source);
    ant__source_close(&io->source, io->sides);
    io->sides = 0;
}

int ant_io_peer(const ant_io *io, ant_addr *ret_addr)
{
    ANT_ASSERT(io->source != NULL);
    if (io->source->ops->peer == NULL) return -ENOTSUP;
    return io->source->ops->peer(io->source, ret_addr);
}

int ant_io_local(const ant_io *io, ant_addr *ret_addr)
{
    ANT_ASSERT(io->source != NULL);
    if (io->source->ops->local == NULL) return -ENOTSUP;
    return io->source->ops->local(io->source, ret_addr);
}

void ant_io_name(const ant_io *io, const char *name)
{
    ANT_ASSERT(io->source != NULL);
    ant__source_name(io->source, name);
}

int ant_io_fd(const ant_io *io)
{
    ANT_ASSERT(io->source != NULL);
    if (io->source->ops->descriptor == NULL) return -ENOTSUP;
    return io->source->ops->descriptor(io->source);
}
