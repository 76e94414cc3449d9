// SPDX-License-Identifier: MIT

#include "io/process.h"

#include <errno.h>
#include <signal.h>

static void wait_drop(ant_future *future);
static bool wait_waits_on(const ant_future *future, ant_wait *ret_wait);

int ant__process_spawn(const ant_process_desc *desc, ant_child *ret_child,
                       const char *file, uint32_t line)
{
    ant_net *net = ant__net_here("ant_process_spawn");
    ANT_ASSERT(desc->argv != NULL);
    ANT_ASSERT(desc->argv[0] != NULL);
    if (net->ops->spawn == NULL) return -ENOTSUP;
    ant_child child = { .kills_on_close = desc->kills_on_close };
    const int err = net->ops->spawn(net, desc, &child);
    if (err < 0) return err;
    ant__source_name(child.source, desc->argv[0]);
    ant__source_origin(child.source, file, line);
    *ret_child = child;
    return 0;
}

int ant_child_kill(const ant_child *child, int signum)
{
    ANT_ASSERT(child->source != NULL); // it was closed before
    return child->source->ops->kill(child->source, signum);
}

void ant_child_close(ant_child *child)
{
    ant_io_close(&child->in);
    ant_io_close(&child->out);
    ant_io_close(&child->err);
    if (child->source != NULL && child->kills_on_close)
        (void)ant_child_kill(child, SIGKILL);
    ant__source_close(&child->source, ANT_SIDES_BOTH);
}

ANT_ASYNC_OPS(ant_child_wait, .drop = wait_drop, .waits_on = wait_waits_on)
{
    const int64_t status =
        ant__source_poll(&self->op, ant__source_take, NULL, 0, cx);
    if (status == -EAGAIN) return ANT_PENDING;
    ant__source_op_end(&self->op);
    self->base.result = (int32_t)status;
    return ANT_READY;
}

struct ant_child_wait ant__child_wait(const ant_child *child, uint32_t line)
{
    ANT_ASSERT(child->source != NULL); // it was closed before
    return (struct ant_child_wait){
        ANT_INIT(ant_child_wait),
        .op = ant__source_op(child->source, ANT_SIDE_IN, line),
    };
}

static void wait_drop(ant_future *future)
{
    ant__source_op_end(&((struct ant_child_wait *)(void *)future)->op);
}

static bool wait_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_child_wait *self = (const void *)future;
    return ant__source_op_describe(&self->op, ret_wait);
}
