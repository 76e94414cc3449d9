// SPDX-License-Identifier: MIT
//
// The example of io/unix.h: both ends in one task.

#include <antfarm.h>
#include <stdio.h>
#include <unistd.h>

struct chat {
    ant_future base;
    enum { CHAT_START, CHAT_CONNECTING, CHAT_ACCEPTING, CHAT_HEARING } state;
    char path[64];
    char word[2];
    ant_unix_listener listener;
    ant_io client, server;
    struct ant_unix_connect connect;
    struct ant_accept accept;
    struct ant_read_exact read;
};

ANT_ASYNC(chat)
{
    int err;
    switch (self->state) {
    case CHAT_START:
        err = ant_unix_listener_bind(self->path, &self->listener);
        if (err < 0) return ANT_FAIL(err);
        self->connect = ant_unix_connect(self->path, &self->client);
        return ANT_NEXT(CHAT_CONNECTING);
    case CHAT_CONNECTING:
        ANT_AWAIT(self->connect);
        self->accept = ant_unix_accept(&self->listener, &self->server);
        return ANT_NEXT(CHAT_ACCEPTING);
    case CHAT_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (ant_try_write(&self->client, "hi", 2) != 2) return ANT_FAIL(-EIO);
        self->read = ant_read_exact(&self->server, self->word, 2);
        return ANT_NEXT(CHAT_HEARING);
    case CHAT_HEARING:
        ANT_AWAIT(self->read);
        ant_io_close(&self->client);
        ant_io_close(&self->server);
        ant_unix_listener_close(&self->listener);
        unlink(self->path);
        return self->word[1] == 'i' ? ANT_READY : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static struct chat chat(void)
{
    struct chat self = { ANT_INIT(chat) };
    (void)snprintf(self.path, sizeof self.path, "/tmp/antfarm-chat-%d",
                   (int)getpid());
    return self;
}

ANT_MAIN(chat)
