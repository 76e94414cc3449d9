// SPDX-License-Identifier: MIT
//
// A WebSocket server that hears any bytes, in the simulator: it answers, puts
// together, closes, and never more than that. The first byte says how large the
// pieces are in which the bytes come.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "antfarm.h"
#include "ws/frames.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// async fn hear(io): an echo, until it is over.
struct hear {
    ant_future base;
    enum { HEAR_START, HEAR_HEARING, HEAR_SAYING, HEAR_CLOSING } state;
    ant_io io;
    ant_ws ws;
    struct ant_ws_recv recv;
    struct ant_ws_send send;
    struct ant_ws_close close;
};

ANT_ASYNC(hear)
{
    switch (self->state) {
    case HEAR_START:
        if (ant__ws_open(&self->ws, self->io, false) < 0) abort();
        ant_ws_set_message_max(&self->ws, 10000);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(HEAR_HEARING);

    case HEAR_HEARING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result <= 0) {
            self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
            return ANT_NEXT(HEAR_CLOSING);
        }
        if (self->recv.len > 10000 || self->recv.bytes[self->recv.len] != 0)
            abort();
        self->send = ant_ws_send(&self->ws, self->recv.kind, self->recv.bytes,
                                 self->recv.len);
        return ANT_NEXT(HEAR_SAYING);

    case HEAR_SAYING:
        ANT_AWAIT(self->send);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(HEAR_HEARING);

    case HEAR_CLOSING:
        ANT_AWAIT(self->close);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// async fn say(io, bytes): piece by piece, and then no more.
struct say {
    ant_future base;
    enum { SAY_START, SAY_WRITING, SAY_DRAINING } state;
    ant_io io;
    const uint8_t *bytes;
    size_t len;
    size_t step;
    char heard[4096];
    struct ant_write_all write;
    struct ant_read read;
};

ANT_ASYNC(say)
{
    size_t n;
    switch (self->state) {
    case SAY_START:
        n = self->len < self->step ? self->len : self->step;
        self->write = ant_write_all(&self->io, self->bytes, n);
        self->bytes += n;
        self->len -= n;
        return ANT_NEXT(SAY_WRITING);

    case SAY_WRITING:
        ANT_AWAIT(self->write);
        if (self->write.base.result == 0 && self->len > 0)
            return ANT_NEXT(SAY_START);
        (void)ant_io_shutdown(&self->io);
        self->read = ant_read(&self->io, self->heard, sizeof self->heard);
        return ANT_NEXT(SAY_DRAINING);

    case SAY_DRAINING:
        ANT_AWAIT(self->read);
        if (self->read.base.result <= 0) {
            ant_io_close(&self->io);
            return ANT_READY;
        }
        self->read = ant_read(&self->io, self->heard, sizeof self->heard);
        return ANT_NEXT(SAY_DRAINING);
    }
    ANT_UNREACHABLE();
}

// async fn both(bytes)
struct both {
    ant_future base;
    enum { BOTH_START, BOTH_TALKING } state;
    const uint8_t *bytes;
    size_t len;
    struct hear hear;
    struct say say;
    struct ant_join join;
};

ANT_ASYNC(both)
{
    ant_io ends[2];
    switch (self->state) {
    case BOTH_START:
        if (ant_io_pair(ends) < 0) abort();
        self->hear = ANT_FUTURE(hear, .io = ends[0]);
        self->say = ANT_FUTURE(say, .io = ends[1], .bytes = self->bytes + 1,
                               .len = self->len - 1,
                               .step = (size_t)self->bytes[0] * 4 + 1);
        self->join = ant_join(&self->hear.base, &self->say.base);
        return ANT_NEXT(BOTH_TALKING);

    case BOTH_TALKING:
        ANT_AWAIT(self->join);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 2) return 0;
    ant_runtime *rt;
    if (ant_runtime_new(&(ant_runtime_desc){ .flavor = ANT_RUNTIME_SIM }, &rt) <
        0)
        abort();
    if (ant_runtime_block_on(rt, ANT_FUTURE(both, .bytes = data, .len = size)) <
        0)
        abort();
    ant_runtime_free(rt);
    return 0;
}
