// SPDX-License-Identifier: MIT

#include "io/copy.h"

ANT_ASYNC(ant_copy)
{
    int n;
    switch (self->state) {
    case COPY_START:
        self->read =
            ant__read(self->from, self->buf, sizeof self->buf, self->line);
        return ANT_NEXT(COPY_READING);

    case COPY_READING:
        ANT_AWAIT(self->read);
        n = self->read.base.result;
        if (n < 0) return ANT_FAIL(n);
        if (n == 0) return ANT_READY;
        self->write =
            ant__write_all(self->to, self->buf, (size_t)n, self->line);
        return ANT_NEXT(COPY_WRITING);

    case COPY_WRITING:
        ANT_AWAIT(self->write);
        if (self->write.base.result < 0)
            return ANT_FAIL(self->write.base.result);
        self->bytes += self->write.move.len;
        return ANT_NEXT(COPY_START);
    }
    ANT_UNREACHABLE();
}

struct ant_copy ant__copy(const ant_io *from, const ant_io *to, uint32_t line)
{
    struct ant_copy self = { ANT_INIT(ant_copy) };
    self.from = from;
    self.to = to;
    self.line = line;
    return self;
}
