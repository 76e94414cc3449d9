// SPDX-License-Identifier: MIT

#include "http/chunks.h"

#include <errno.h>

#include "http/head.h"

static int step(ant_http_chunks *self, char c);
static int begin_size(ant_http_chunks *self, char c);
static int go_on_size(ant_http_chunks *self, char c);
static int add_digit(ant_http_chunks *self, int digit);
static int expect(ant_http_chunks *self, char c, char wanted, unsigned next);
static int digit_of(char c);

int64_t ant__http_chunks_skip(ant_http_chunks *self, const char *bytes,
                              size_t len)
{
    size_t used = 0;
    // All of a chunk's data is gone: its line ends.
    if (self->state == CHUNKS_DATA && self->left == 0) {
        self->state = CHUNKS_DATA_RETURN;
        self->between = 0;
    }
    while (used < len && self->state != CHUNKS_DATA &&
           self->state != CHUNKS_ENDED) {
        if (++self->between > ANT_HTTP_CHUNK_LINE_MAX) return -EMSGSIZE;
        const int err = step(self, bytes[used++]);
        if (err < 0) return err;
    }
    return (int64_t)used;
}

static int step(ant_http_chunks *self, char c)
{
    switch (self->state) {
    case CHUNKS_SIZE_FIRST:
        return begin_size(self, c);
    case CHUNKS_SIZE:
        return go_on_size(self, c);
    case CHUNKS_SPACE: // an extension may stand apart, a line may not end so
        if (c == ' ' || c == '\t') return 0;
        return expect(self, c, ';', CHUNKS_EXTENSION);
    case CHUNKS_EXTENSION:
        if (ant__http_is_value(&c, 1)) return 0;
        return expect(self, c, '\r', CHUNKS_SIZE_FEED);
    case CHUNKS_SIZE_FEED:
        return expect(self, c, '\n',
                      self->left > 0 ? CHUNKS_DATA : CHUNKS_TRAILER_FIRST);
    case CHUNKS_DATA_RETURN:
        return expect(self, c, '\r', CHUNKS_DATA_FEED);
    case CHUNKS_DATA_FEED:
        return expect(self, c, '\n', CHUNKS_SIZE_FIRST);
    case CHUNKS_TRAILER_FIRST:
        self->state = CHUNKS_TRAILER;
        if (ant__http_is_token(&c, 1)) return 0;
        return expect(self, c, '\r', CHUNKS_LAST_FEED);
    case CHUNKS_TRAILER:
        if (ant__http_is_value(&c, 1)) return 0;
        return expect(self, c, '\r', CHUNKS_TRAILER_FEED);
    case CHUNKS_TRAILER_FEED:
        return expect(self, c, '\n', CHUNKS_TRAILER_FIRST);
    case CHUNKS_LAST_FEED:
        return expect(self, c, '\n', CHUNKS_ENDED);
    case CHUNKS_DATA:
    case CHUNKS_ENDED:
        break;
    }
    return -EBADMSG;
}

static int begin_size(ant_http_chunks *self, char c)
{
    const int digit = digit_of(c);
    if (digit < 0) return -EBADMSG;
    self->left = (uint64_t)digit;
    self->state = CHUNKS_SIZE;
    return 0;
}

static int go_on_size(ant_http_chunks *self, char c)
{
    const int digit = digit_of(c);
    if (digit >= 0) return add_digit(self, digit);
    if (c == ' ' || c == '\t') {
        self->state = CHUNKS_SPACE;
        return 0;
    }
    if (c == ';') {
        self->state = CHUNKS_EXTENSION;
        return 0;
    }
    return expect(self, c, '\r', CHUNKS_SIZE_FEED);
}

static int add_digit(ant_http_chunks *self, int digit)
{
    if (self->left >> 56 != 0) return -EBADMSG; // no body is that long
    self->left = self->left << 4 | (uint64_t)digit;
    return 0;
}

static int expect(ant_http_chunks *self, char c, char wanted, unsigned next)
{
    if (c != wanted) return -EBADMSG;
    self->state = next;
    return 0;
}

static int digit_of(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = (char)(c | 32);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}
