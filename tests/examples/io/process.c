// SPDX-License-Identifier: MIT
//
// The example of io/process.h: two lines sorted by the program that does that.
// A simulation has no other processes, and says so.

#include <antfarm.h>
#include <string.h>

static int start_sort(ant_child *ret_child)
{
    const char *const argv[] = { "sort", NULL };
    const ant_process_desc desc = { .argv = argv,
                                    .in = ANT_STDIO_PIPE,
                                    .out = ANT_STDIO_PIPE };
    return ant_process_spawn(&desc, ret_child);
}

struct sort {
    ant_future base;
    enum { SORT_START, SORT_WRITING, SORT_READING, SORT_WAITING } state;
    ant_child child;
    char sorted[4];
    struct ant_write_all write;
    struct ant_read_exact read;
    struct ant_child_wait wait;
};

ANT_ASYNC(sort)
{
    int err;
    switch (self->state) {
    case SORT_START:
        err = start_sort(&self->child);
        if (err == -ENOTSUP) return ANT_READY;
        if (err < 0) return ANT_FAIL(err);
        self->write = ant_write_all(&self->child.in, "b\na\n", 4);
        return ANT_NEXT(SORT_WRITING);
    case SORT_WRITING:
        ANT_AWAIT(self->write);
        ant_io_close(&self->child.in);
        self->read =
            ant_read_exact(&self->child.out, self->sorted, sizeof self->sorted);
        return ANT_NEXT(SORT_READING);
    case SORT_READING:
        ANT_AWAIT(self->read);
        self->wait = ant_child_wait(&self->child);
        return ANT_NEXT(SORT_WAITING);
    case SORT_WAITING:
        ANT_AWAIT(self->wait);
        if (self->wait.base.result != 0) return ANT_FAIL(-EPROTO);
        ant_child_close(&self->child);
        return memcmp(self->sorted, "a\nb\n", 4) == 0 ? ANT_READY
                                                      : ANT_FAIL(-EPROTO);
    }
    ANT_UNREACHABLE();
}

static struct sort sort(void)
{
    return (struct sort){ ANT_INIT(sort) };
}

ANT_MAIN(sort)
