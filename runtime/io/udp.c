// SPDX-License-Identifier: MIT

#include "io/udp.h"

#include <errno.h>

#include "core/here.h"
#include "trace/trace.h"

static void recv_drop(ant_future *future);
static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait);
static int64_t try_recv(ant_source *source, void *arg);
static void send_drop(ant_future *future);
static bool send_waits_on(const ant_future *future, ant_wait *ret_wait);
static int64_t try_send(ant_source *source, void *arg);

int ant__udp_bind(const char *addr, ant_udp *ret_socket, const char *file,
                  uint32_t line)
{
    ant_net *net = ant__net_here("ant_udp_bind");
    ant_addr at;
    int err = ant_addr_parse(addr, &at);
    if (err < 0) return err;
    ant_source *source;
    err = net->ops->bind_datagram(net, &at, &source);
    if (err < 0) return err;
    ant__source_origin(source, file, line);
    ret_socket->source = source;
    return 0;
}

int ant_udp_addr(const ant_udp *socket, ant_addr *ret_addr)
{
    ANT_ASSERT(socket->source != NULL);
    return socket->source->ops->local(socket->source, ret_addr);
}

void ant_udp_close(ant_udp *socket)
{
    ant__source_close(&socket->source, ANT_SIDES_BOTH);
}

static ant_source_op operation(const ant_udp *socket, ant_side side,
                               uint32_t line)
{
    ANT_ASSERT(socket->source != NULL); // it was closed before
    return ant__source_op(socket->source, side, line);
}

// ---- Receiving ----

ANT_ASYNC_OPS(ant_udp_recv_from, .drop = recv_drop, .waits_on = recv_waits_on)
{
    const int64_t n = ant__source_poll(&self->op, try_recv, self, 0, cx);
    if (n == -EAGAIN) return ANT_PENDING;
    ant__source_op_end(&self->op);
    self->base.result = (int32_t)n;
    return ANT_READY;
}

struct ant_udp_recv_from ant__udp_recv_from(const ant_udp *socket, void *buf,
                                            size_t len, ant_addr *from,
                                            uint32_t line)
{
    return (struct ant_udp_recv_from){
        ANT_INIT(ant_udp_recv_from),
        .op = operation(socket, ANT_SIDE_IN, line),
        .buf = buf,
        .len = len,
        .from = from,
    };
}

static int64_t try_recv(ant_source *source, void *arg)
{
    struct ant_udp_recv_from *self = arg;
    const int64_t n =
        source->ops->recv_from(source, self->buf, self->len, self->from);
    if (n >= 0)
        ANT_TRACE(io_read, .res = ant_resource_id(&source->resource),
                  .task = ant_task_id_here(), .bytes = (uint64_t)n);
    return n;
}

static void recv_drop(ant_future *future)
{
    ant__source_op_end(&((struct ant_udp_recv_from *)(void *)future)->op);
}

static bool recv_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_udp_recv_from *self = (const void *)future;
    return ant__source_op_describe(&self->op, ret_wait);
}

// ---- Sending ----

ANT_ASYNC_OPS(ant_udp_send_to, .drop = send_drop, .waits_on = send_waits_on)
{
    const int64_t n = ant__source_poll(&self->op, try_send, self, 0, cx);
    if (n == -EAGAIN) return ANT_PENDING;
    ant__source_op_end(&self->op);
    self->base.result = (int32_t)n;
    return ANT_READY;
}

struct ant_udp_send_to ant__udp_send_to(const ant_udp *socket, const void *buf,
                                        size_t len, const ant_addr *to,
                                        uint32_t line)
{
    return (struct ant_udp_send_to){
        ANT_INIT(ant_udp_send_to),
        .op = operation(socket, ANT_SIDE_OUT, line),
        .buf = buf,
        .len = len,
        .to = *to,
    };
}

static int64_t try_send(ant_source *source, void *arg)
{
    const struct ant_udp_send_to *self = arg;
    const int64_t n =
        source->ops->send_to(source, self->buf, self->len, &self->to);
    if (n >= 0)
        ANT_TRACE(io_write, .res = ant_resource_id(&source->resource),
                  .task = ant_task_id_here(), .bytes = (uint64_t)n);
    return n;
}

static void send_drop(ant_future *future)
{
    ant__source_op_end(&((struct ant_udp_send_to *)(void *)future)->op);
}

static bool send_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_udp_send_to *self = (const void *)future;
    return ant__source_op_describe(&self->op, ret_wait);
}
