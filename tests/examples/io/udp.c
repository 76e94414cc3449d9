// SPDX-License-Identifier: MIT
//
// The example of io/udp.h: a datagram to a second socket, which sends it back.

#include <antfarm.h>
#include <string.h>

struct ping {
    ant_future base;
    enum { PING_START, PING_SENDING, PING_WAITING, PING_ANSWERED } state;
    ant_udp socket, other;
    ant_addr to, from;
    char buf[16];
    struct ant_udp_send_to send;
    struct ant_udp_recv_from recv;
};

ANT_ASYNC(ping)
{
    int err;
    switch (self->state) {
    case PING_START:
        err = ant_udp_bind("127.0.0.1:0", &self->other);
        if (err < 0) return ANT_FAIL(err);
        ant_udp_addr(&self->other, &self->to);
        err = ant_udp_bind("127.0.0.1:0", &self->socket);
        if (err < 0) return ANT_FAIL(err);
        self->send = ant_udp_send_to(&self->socket, "ping", 4, &self->to);
        return ANT_NEXT(PING_SENDING);
    case PING_SENDING:
        ANT_AWAIT(self->send);
        self->recv = ant_udp_recv_from(&self->other, self->buf,
                                       sizeof self->buf, &self->from);
        return ANT_NEXT(PING_ANSWERED);
    case PING_WAITING:
        ANT_AWAIT(self->send);
        self->recv = ant_udp_recv_from(&self->socket, self->buf,
                                       sizeof self->buf, &self->from);
        return ANT_NEXT(PING_ANSWERED);
    case PING_ANSWERED:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result != 4) return ANT_FAIL(-EPROTO);
        if (ant_addr_equal(&self->from, &self->to)) { // it came back
            ant_udp_close(&self->socket);
            ant_udp_close(&self->other);
            return memcmp(self->buf, "ping", 4) == 0 ? ANT_READY
                                                     : ANT_FAIL(-EPROTO);
        }
        self->send = ant_udp_send_to(&self->other, self->buf, 4, &self->from);
        return ANT_NEXT(PING_WAITING);
    }
    ANT_UNREACHABLE();
}

static struct ping ping(void)
{
    return (struct ping){ ANT_INIT(ping) };
}

ANT_MAIN(ping)
