// SPDX-License-Identifier: MIT

#include "io/lines.h"

#include <errno.h>
#include <string.h>

static bool take_line(ant_lines *lines, struct ant_lines_next *ret_next);
static int make_room(ant_lines *lines);
static ant_poll read_more(struct ant_lines_next *self);
static ant_poll add(struct ant_lines_next *self, int n);
static void give(ant_lines *lines, size_t end, struct ant_lines_next *ret_next);

ant_lines ant_lines_of(const ant_io *io, char *buf, size_t size)
{
    ANT_ASSERT(size >= 2);
    return (ant_lines){ .io = io, .buf = buf, .size = size };
}

ant_lines ant_lines_of_file(const ant_file *file, char *buf, size_t size)
{
    ANT_ASSERT(size >= 2);
    return (ant_lines){ .file = file, .buf = buf, .size = size };
}

ANT_ASYNC(ant_lines_next)
{
    ant_lines *lines = self->lines;
    int n;
    switch (self->state) {
    case LINES_START:
        if (take_line(lines, self)) return ANT_READY;
        n = make_room(lines);
        return n < 0 ? ANT_FAIL(n) : read_more(self);

    case LINES_READING:
        ANT_AWAIT(self->read);
        return add(self, self->read.base.result);

    case LINES_READING_FILE:
        ANT_AWAIT(self->file_read);
        return add(self, self->file_read.base.result);
    }
    ANT_UNREACHABLE();
}

static ant_poll read_more(struct ant_lines_next *self)
{
    const ant_lines *lines = self->lines;
    char *to = lines->buf + lines->end;
    const size_t room = lines->size - 1 - lines->end;
    if (lines->file != NULL) {
        self->file_read = ant_file_read(lines->file, to, room);
        return ANT_NEXT(LINES_READING_FILE);
    }
    self->read = ant__read(lines->io, to, room, self->line);
    return ANT_NEXT(LINES_READING);
}

static ant_poll add(struct ant_lines_next *self, int n)
{
    if (n < 0) return ANT_FAIL(n);
    self->lines->end += (size_t)n;
    self->lines->has_ended = n == 0;
    return ANT_NEXT(LINES_START);
}

struct ant_lines_next ant__lines_next(ant_lines *lines, uint32_t line)
{
    return (struct ant_lines_next){
        ANT_INIT(ant_lines_next),
        .lines = lines,
        .line = line,
    };
}

// True when there is one, or none any more.
static bool take_line(ant_lines *lines, struct ant_lines_next *ret_next)
{
    const char *from = lines->buf + lines->seen;
    const char *end = memchr(from, '\n', lines->end - lines->seen);
    lines->seen = lines->end;
    if (end != NULL) {
        give(lines, (size_t)(end - lines->buf), ret_next);
        lines->begin = (size_t)(end - lines->buf) + 1;
        lines->seen = lines->begin;
        return true;
    }
    if (!lines->has_ended) return false;
    if (lines->begin < lines->end) {
        give(lines, lines->end, ret_next);
        lines->begin = lines->end;
    }
    return true;
}

static void give(ant_lines *lines, size_t end, struct ant_lines_next *ret_next)
{
    char *text = lines->buf + lines->begin;
    size_t len = end - lines->begin;
    if (len > 0 && text[len - 1] == '\r') len--;
    text[len] = '\0';
    ret_next->text = text;
    ret_next->len = len;
    ret_next->base.result = 1;
}

// Moves what is left to the front.
static int make_room(ant_lines *lines)
{
    const size_t left = lines->end - lines->begin;
    if (left == lines->size - 1) return -EMSGSIZE;
    memmove(lines->buf, lines->buf + lines->begin, left);
    lines->begin = 0;
    lines->seen = left;
    lines->end = left;
    return 0;
}
