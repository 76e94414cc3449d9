// SPDX-License-Identifier: MIT

#include "io/tcp.h"

#include <errno.h>

static void accept_drop(ant_future *future);
static bool accept_waits_on(const ant_future *future, ant_wait *ret_wait);
static int64_t try_accept(ant_source *source, void *arg);
static void dial_next(struct ant_tcp_connect *self);

// ---- The listener ----

int ant__tcp_listener_bind(const char *addr, ant_tcp_listener *ret_listener,
                           const char *file, uint32_t line)
{
    ant_net *net = ant__net_here("ant_tcp_listener_bind");
    ant_addr at;
    int err = ant_addr_parse(addr, &at);
    if (err < 0) return err;
    ant_source *source;
    err = net->ops->listen(net, &at, ANT_TCP_BACKLOG, &source);
    if (err < 0) return err;
    ant__source_origin(source, file, line);
    ret_listener->source = source;
    return 0;
}

int ant_tcp_listener_addr(const ant_tcp_listener *listener, ant_addr *ret_addr)
{
    ANT_ASSERT(listener->source != NULL);
    return listener->source->ops->local(listener->source, ret_addr);
}

void ant_tcp_listener_close(ant_tcp_listener *listener)
{
    ant__source_close(&listener->source, ANT_SIDES_BOTH);
}

ANT_ASYNC_OPS(ant_accept, .drop = accept_drop, .waits_on = accept_waits_on)
{
    ant_source *source = NULL;
    const int64_t err = ant__source_poll(&self->op, try_accept, &source, 0, cx);
    if (err == -EAGAIN) return ANT_PENDING;
    ant__source_op_end(&self->op);
    self->base.result = (int32_t)err;
    if (err < 0) return ANT_READY;
    ant__source_origin(source, self->file, self->op.line);
    *self->conn = ant__io_of(source);
    return ANT_READY;
}

struct ant_accept ant__accept(ant_source *listener, ant_io *conn,
                              const char *file, uint32_t line)
{
    ANT_ASSERT(listener != NULL); // it was closed before
    return (struct ant_accept){
        ANT_INIT(ant_accept),
        .op = ant__source_op(listener, ANT_SIDE_IN, line),
        .conn = conn,
        .file = file,
    };
}

static void accept_drop(ant_future *future)
{
    ant__source_op_end(&((struct ant_accept *)(void *)future)->op);
}

static bool accept_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_accept *self = (const void *)future;
    return ant__source_op_describe(&self->op, ret_wait);
}

static int64_t try_accept(ant_source *source, void *arg)
{
    return source->ops->accept(source, arg);
}

// ---- Connecting ----

ANT_ASYNC(ant_tcp_connect)
{
    switch (self->state) {
    case CONNECT_START:
        self->look_up = ant_resolve(self->to);
        return ANT_NEXT(CONNECT_LOOKING_UP);

    case CONNECT_LOOKING_UP:
        ANT_AWAIT(self->look_up);
        if (self->look_up.base.result < 0)
            return ANT_FAIL(self->look_up.base.result);
        dial_next(self);
        return ANT_NEXT(CONNECT_DIALING);

    case CONNECT_DIALING:
        ANT_AWAIT(self->dial);
        if (self->dial.base.result == 0) return ANT_READY;
        if (self->next == (unsigned)self->look_up.base.result)
            return ANT_FAIL(self->dial.base.result);
        dial_next(self);
        return ANT_NEXT(CONNECT_DIALING);
    }
    ANT_UNREACHABLE();
}

struct ant_tcp_connect ant__tcp_connect(const char *to, ant_io *conn,
                                        const char *file, uint32_t line)
{
    return (struct ant_tcp_connect){
        ANT_INIT(ant_tcp_connect),
        .to = to,
        .conn = conn,
        .file = file,
        .line = line,
    };
}

static void dial_next(struct ant_tcp_connect *self)
{
    self->dial = ant__dial(&(ant_dial_desc){
        .net = ant__net_here("ant_tcp_connect"),
        .to = &self->look_up.addr[self->next++],
        .conn = self->conn,
        .file = self->file,
        .line = self->line,
    });
}

int ant_tcp_set_nodelay(const ant_io *conn, bool is_on)
{
    ANT_ASSERT(conn->source != NULL);
    if (conn->source->ops->set_nodelay == NULL) return -ENOTSUP;
    return conn->source->ops->set_nodelay(conn->source, is_on);
}
