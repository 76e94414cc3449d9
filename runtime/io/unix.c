// SPDX-License-Identifier: MIT

#include "io/unix.h"

int ant__unix_listener_bind(const char *path, ant_unix_listener *ret_listener,
                            const char *file, uint32_t line)
{
    ant_net *net = ant__net_here("ant_unix_listener_bind");
    ant_addr at;
    int err = ant_addr_unix(path, &at);
    if (err < 0) return err;
    ant_source *source;
    err = net->ops->listen(net, &at, ANT_TCP_BACKLOG, &source);
    if (err < 0) return err;
    ant__source_origin(source, file, line);
    ret_listener->source = source;
    return 0;
}

void ant_unix_listener_close(ant_unix_listener *listener)
{
    ant__source_close(&listener->source, ANT_SIDES_BOTH);
}

ANT_ASYNC(ant_unix_connect)
{
    switch (self->state) {
    case UNIX_START:
        if (self->err < 0) return ANT_FAIL(self->err);
        self->dial.to = &self->to; // it will not move any more
        return ANT_NEXT(UNIX_DIALING);

    case UNIX_DIALING:
        ANT_AWAIT(self->dial);
        self->base.result = self->dial.base.result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct ant_unix_connect ant__unix_connect(const char *path, ant_io *conn,
                                          const char *file, uint32_t line)
{
    struct ant_unix_connect self = { ANT_INIT(ant_unix_connect) };
    self.err = ant_addr_unix(path, &self.to);
    self.dial = ant__dial(&(ant_dial_desc){
        .net = ant__net_here("ant_unix_connect"),
        .conn = conn,
        .file = file,
        .line = line,
    });
    return self;
}
