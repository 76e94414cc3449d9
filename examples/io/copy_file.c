// SPDX-License-Identifier: MIT
//
// Writes a file, copies it, and reads the copy line by line. Each operation is
// a job of the blocking pool; the task only waits. Tokio: tokio::fs, and
// AsyncBufReadExt::lines.

#include <antfarm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// async fn show_lines(path): prints a file with numbers.
struct show_lines {
    ant_future base;
    enum { SHOW_START, SHOW_OPENING, SHOW_READING } state;
    const char *path;
    int number;
    ant_file file;
    char buf[128];
    ant_lines lines;
    struct ant_file_op open;
    struct ant_lines_next next;
};

ANT_ASYNC_WITH_DROP(show_lines)
{
    switch (self->state) {
    case SHOW_START:
        self->open = ant_file_open(self->path, "r", &self->file);
        return ANT_NEXT(SHOW_OPENING);

    case SHOW_OPENING:
        ANT_AWAIT(self->open);
        if (self->open.base.result < 0) return ANT_FAIL(self->open.base.result);
        self->lines =
            ant_lines_of_file(&self->file, self->buf, sizeof self->buf);
        self->next = ant_lines_next(&self->lines);
        return ANT_NEXT(SHOW_READING);

    case SHOW_READING:
        ANT_AWAIT(self->next);
        if (self->next.base.result > 0) {
            printf("%d: %s\n", ++self->number, self->next.text);
            self->next = ant_lines_next(&self->lines);
            return ANT_NEXT(SHOW_READING);
        }
        ant_file_close(&self->file);
        return self->next.base.result < 0 ? ANT_FAIL(self->next.base.result)
                                          : ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void show_lines_drop(struct show_lines *self)
{
    ant_future_drop(&self->open.base);
    ant_future_drop(&self->next.base);
    ant_file_close(&self->file);
}

static struct show_lines show_lines(const char *path)
{
    return (struct show_lines){ ANT_INIT(show_lines), .path = path };
}

// async fn app(): all of it in a folder of its own.
struct app {
    ant_future base;
    enum {
        APP_START,
        APP_WRITING,
        APP_COPYING,
        APP_SHOWING,
        APP_READING_NONE,
    } state;
    char folder[32];
    char from[64];
    char to[64];
    uint64_t bytes;
    struct ant_file_op op;
    struct show_lines show;
};

ANT_ASYNC(app)
{
    static const char text[] = "first\nsecond\nthe last has no end";
    switch (self->state) {
    case APP_START:
        (void)snprintf(self->folder, sizeof self->folder, "/tmp/farm-XXXXXX");
        if (mkdtemp(self->folder) == NULL) return ANT_FAIL(-EIO);
        (void)snprintf(self->from, sizeof self->from, "%s/a", self->folder);
        (void)snprintf(self->to, sizeof self->to, "%s/b", self->folder);
        self->op = ant_fs_write(self->from, text, strlen(text));
        return ANT_NEXT(APP_WRITING);

    case APP_WRITING:
        ANT_AWAIT(self->op);
        self->op = ant_fs_copy(self->from, self->to, &self->bytes);
        return ANT_NEXT(APP_COPYING);

    case APP_COPYING:
        ANT_AWAIT(self->op);
        if (self->op.base.result < 0) return ANT_FAIL(self->op.base.result);
        printf("copied %d bytes\n", (int)self->bytes);
        self->show = show_lines(self->to);
        return ANT_NEXT(APP_SHOWING);

    case APP_SHOWING:
        ANT_AWAIT(self->show);
        unlink(self->from);
        unlink(self->to);
        rmdir(self->folder);
        self->show = show_lines(self->to);
        return ANT_NEXT(APP_READING_NONE);

    case APP_READING_NONE:
        ANT_AWAIT(self->show);
        printf("now it is gone: %s\n", ant_err_name(self->show.base.result));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
