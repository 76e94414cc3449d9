// SPDX-License-Identifier: MIT

#include "support/ws_echo.h"

#include "antfarm.h"
#include "ws/ws.h"

int ws_echo_result, ws_echo_code;

// async fn echo(http)
struct echo {
    ant_future base;
    enum {
        ECHO_START,
        ECHO_ACCEPTING,
        ECHO_HEARING,
        ECHO_ANSWERING,
        ECHO_CLOSING,
    } state;
    ant_http *http;
    ant_ws ws;
    struct ant_ws_accept accept;
    struct ant_ws_recv recv;
    struct ant_ws_send send;
    struct ant_ws_close close;
};

ANT_ASYNC_WITH_DROP(echo)
{
    switch (self->state) {
    case ECHO_START:
        self->accept = ant_ws_accept(self->http, &self->ws);
        return ANT_NEXT(ECHO_ACCEPTING);

    case ECHO_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (self->accept.base.result < 0)
            return ANT_FAIL(self->accept.base.result);
        ant_ws_set_message_max(&self->ws, 300000);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(ECHO_HEARING);

    case ECHO_HEARING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result <= 0) {
            ws_echo_result = self->recv.base.result;
            ws_echo_code = self->ws.close_code;
            self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
            return ANT_NEXT(ECHO_CLOSING);
        }
        self->send = ant_ws_send(&self->ws, self->recv.kind, self->recv.bytes,
                                 self->recv.len);
        return ANT_NEXT(ECHO_ANSWERING);

    case ECHO_ANSWERING:
        ANT_AWAIT(self->send);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(ECHO_HEARING);

    case ECHO_CLOSING:
        ANT_AWAIT(self->close);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void echo_drop(struct echo *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_ws_drop(&self->ws);
}

const ant_http_route ws_echo_routes[] = {
    ANT_HTTP_ROUTE("GET", "/echo", echo),
    ANT_HTTP_ROUTE("POST", "/echo", echo),
    { 0 },
};
