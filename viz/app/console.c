// SPDX-License-Identifier: MIT

#include "app/console.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool take_line(app_console *console);
static bool read_more(app_console *console, int wait_ms);
static const char *trimmed(app_console *console);

const char *app_console_line(app_console *console, int wait_ms)
{
    fflush(stdout);
    while (!take_line(console)) {
        if (console->is_over || !read_more(console, wait_ms)) {
            // A last line need not have an end.
            if (!console->is_over || console->len == 0) return NULL;
            console->line[console->len] = 0;
            console->len = 0;
            return trimmed(console);
        }
    }
    return trimmed(console);
}

// Moves what was read to the line, up to its end; what is too long is lost.
static bool take_line(app_console *console)
{
    for (size_t i = 0; i < console->rest_len; i++) {
        char c = console->rest[i];
        if (c == '\n') {
            console->line[console->len] = 0;
            console->len = 0;
            console->rest_len -= i + 1;
            memmove(console->rest, console->rest + i + 1, console->rest_len);
            return true;
        }
        if (console->len + 1 < sizeof console->line)
            console->line[console->len++] = c;
    }
    console->rest_len = 0;
    return false;
}

static bool read_more(app_console *console, int wait_ms)
{
    struct pollfd input = { .fd = STDIN_FILENO, .events = POLLIN };
    if (poll(&input, 1, wait_ms) <= 0) return false;
    ssize_t got = read(STDIN_FILENO, console->rest, sizeof console->rest);
    if (got < 0 && errno == EINTR) return true;
    if (got <= 0) console->is_over = true;
    console->rest_len = got > 0 ? (size_t)got : 0;
    return got > 0;
}

static const char *trimmed(app_console *console)
{
    char *line = console->line;
    size_t len = strlen(line);
    while (len > 0 && strchr(" \t\r", line[len - 1]) != NULL)
        line[--len] = 0;
    return line + strspn(line, " \t");
}
