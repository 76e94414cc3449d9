// SPDX-License-Identifier: MIT

#include "support/stub.h"

#include <ctype.h>

static void note(stub_log *log, char letter)
{
    if (log->len + 1 < sizeof log->text) log->text[log->len++] = letter;
    log->text[log->len] = '\0';
}

static void stub_on_drop(ant_future *future)
{
    struct stub *self = (struct stub *)(void *)future;
    self->drop_count++;
    note(self->log, '-');
    note(self->log, self->letter);
}

ANT_ASYNC_OPS(stub, .drop = stub_on_drop)
{
    self->poll_count++;
    note(self->log, self->letter);
    for (int i = 0; i < self->appetite; i++) {
        if (!ant_coop_consume(cx)) return ANT_PENDING;
    }
    if (!self->may_end) return ANT_PENDING;
    note(self->log, (char)toupper((unsigned char)self->letter));
    self->base.result = self->result;
    return ANT_READY;
}

struct stub stub(char letter, stub_log *log)
{
    return (struct stub){ ANT_INIT(stub), .letter = letter, .log = log };
}
