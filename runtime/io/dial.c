// SPDX-License-Identifier: MIT

#include "io/dial.h"

#include <errno.h>

static int begin(struct ant_dial *self);
static int64_t try_connected(ant_source *source, void *arg);
static void give_up(struct ant_dial *self);
static void dial_drop(ant_future *future);
static bool dial_waits_on(const ant_future *future, ant_wait *ret_wait);

ANT_ASYNC_OPS(ant_dial, .drop = dial_drop, .waits_on = dial_waits_on)
{
    if (self->source == NULL) {
        const int err = begin(self);
        if (err < 0) return ANT_FAIL(err);
    }
    const int64_t err = ant__source_poll(&self->op, try_connected, NULL, 0, cx);
    if (err == -EAGAIN) return ANT_PENDING;
    if (err < 0) {
        give_up(self);
        return ANT_FAIL((int)err);
    }
    ant__source_op_end(&self->op);
    *self->conn = ant__io_of(self->source);
    self->source = NULL;
    return ANT_READY;
}

struct ant_dial ant__dial(const ant_dial_desc *desc)
{
    return (struct ant_dial){
        ANT_INIT(ant_dial), .net = desc->net,   .to = desc->to,
        .conn = desc->conn, .file = desc->file, .line = desc->line,
    };
}

static int begin(struct ant_dial *self)
{
    const int err = self->net->ops->connect(self->net, self->to, &self->source);
    if (err < 0) return err;
    ant__source_origin(self->source, self->file, self->line);
    self->op = ant__source_op(self->source, ANT_SIDE_OUT, self->line);
    return 0;
}

static int64_t try_connected(ant_source *source, void *arg)
{
    (void)arg;
    return source->ops->connected(source);
}

static void give_up(struct ant_dial *self)
{
    ant__source_op_end(&self->op);
    if (self->source != NULL) ant__source_unref(self->source);
    self->source = NULL;
}

static void dial_drop(ant_future *future)
{
    give_up((struct ant_dial *)(void *)future);
}

static bool dial_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_dial *self = (const void *)future;
    return ant__source_op_describe(&self->op, ret_wait);
}
