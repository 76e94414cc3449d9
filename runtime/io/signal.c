// SPDX-License-Identifier: MIT

#include "io/signal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static void recv_drop(ant_future *future);
static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait);

int ant__signal_open(int signum, ant_signal *ret_signal, const char *file,
                     uint32_t line)
{
    ant_net *net = ant__net_here("ant_signal_open");
    ant_source *source;
    const int err = net->ops->listen_signal(net, signum, &source);
    if (err < 0) return err;
    char name[16];
    const char *abbrev = sigabbrev_np(signum);
    (void)snprintf(name, sizeof name, "SIG%s", abbrev != NULL ? abbrev : "?");
    ant__source_name(source, name);
    ant__source_origin(source, file, line);
    ret_signal->source = source;
    return 0;
}

void ant_signal_close(ant_signal *signal)
{
    ant__source_close(&signal->source, ANT_SIDES_BOTH);
}

int ant_signal_raise(int signum)
{
    ant_net *net = ant__net_here("ant_signal_raise");
    return net->ops->raise_signal(net, signum);
}

// ---- Waiting ----

ANT_ASYNC_OPS(ant_signal_recv, .drop = recv_drop, .waits_on = recv_waits_on)
{
    const int64_t err =
        ant__source_poll(&self->op, ant__source_take, NULL, 0, cx);
    if (err == -EAGAIN) return ANT_PENDING;
    ant__source_op_end(&self->op);
    self->base.result = (int32_t)err;
    return ANT_READY;
}

struct ant_signal_recv ant__signal_recv(const ant_signal *signal, uint32_t line)
{
    ANT_ASSERT(signal->source != NULL); // it was closed before
    return (struct ant_signal_recv){
        ANT_INIT(ant_signal_recv),
        .op = ant__source_op(signal->source, ANT_SIDE_IN, line),
    };
}

static void recv_drop(ant_future *future)
{
    ant__source_op_end(&((struct ant_signal_recv *)(void *)future)->op);
}

static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_signal_recv *self = (const void *)future;
    return ant__source_op_describe(&self->op, ret_wait);
}

// ---- ctrl_c ----

static void ctrl_c_drop(ant_future *future);

ANT_ASYNC_OPS(ant_ctrl_c, .drop = ctrl_c_drop)
{
    int err;
    switch (self->state) {
    case CTRL_C_START:
        err = ant__signal_open(SIGINT, &self->signal, __FILE__, self->line);
        if (err < 0) return ANT_FAIL(err);
        self->recv = ant__signal_recv(&self->signal, self->line);
        return ANT_NEXT(CTRL_C_WAITING);

    case CTRL_C_WAITING:
        ANT_AWAIT(self->recv);
        ant_signal_close(&self->signal);
        self->base.result = self->recv.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct ant_ctrl_c ant__ctrl_c(uint32_t line)
{
    return (struct ant_ctrl_c){ ANT_INIT(ant_ctrl_c), .line = line };
}

static void ctrl_c_drop(ant_future *future)
{
    struct ant_ctrl_c *self = (struct ant_ctrl_c *)(void *)future;
    ant_future_drop(&self->recv.base);
    ant_signal_close(&self->signal);
}
