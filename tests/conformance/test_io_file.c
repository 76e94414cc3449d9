// SPDX-License-Identifier: MIT
//
// Files, in every flavour: what was asked for is done, and nothing is left.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/script.h"

static char folder[64];
static int fds_before;

// A folder for one test, which leaves it empty.
static int set_up(void **state)
{
    fds_before = fd_count();
    (void)snprintf(folder, sizeof folder, "/tmp/antfarm-test-XXXXXX");
    return mkdtemp(folder) != NULL ? flavor_set_up(state) : -1;
}

static int tear_down(void **state)
{
    const int err = rmdir(folder);
    if (err != 0) print_error("%s is not empty\n", folder);
    if (fd_count() != fds_before) print_error("descriptors are open\n");
    return err == 0 && fd_count() == fds_before ? flavor_tear_down(state) : -1;
}

// The path of a file in the folder; good until the third next call.
static const char *in_folder(const char *name)
{
    static char path[4][128];
    static unsigned next;
    char *to = path[next++ % 4];
    (void)snprintf(to, sizeof path[0], "%s/%s", folder, name);
    return to;
}

// ---- An open file ----

typedef struct desk {
    ant_file file;
    char buf[8];
    ant_text text;
    ant_dir dir;
    ant_metadata about;
    uint64_t bytes;
    struct ant_file_op op;
} desk;

static ant_future *open_new(void *arg)
{
    desk *d = arg;
    d->op = ant_file_open(in_folder("a"), "x+", &d->file);
    return &d->op.base;
}

static ant_future *write_seven(void *arg)
{
    desk *d = arg;
    d->op = ant_file_write(&d->file, "1234567", 7);
    return &d->op.base;
}

static ant_future *sync_it(void *arg)
{
    desk *d = arg;
    d->op = ant_file_sync(&d->file);
    return &d->op.base;
}

static ant_future *read_four(void *arg)
{
    desk *d = arg;
    if (d->buf[0] == '\0') (void)ant_file_seek(&d->file, 0);
    d->op = ant_file_read(&d->file, d->buf, 4);
    return &d->op.base;
}

static ant_future *remove_a(void *arg)
{
    desk *d = arg;
    ant_file_close(&d->file);
    d->op = ant_fs_remove_file(in_folder("a"));
    return &d->op.base;
}

static void i4_a_file_has_what_was_written(void **state)
{
    static const script_step list[] = {
        { open_new, 0 },  { write_seven, 0 }, { sync_it, 0 },  { read_four, 4 },
        { read_four, 3 }, { read_four, 0 },   { remove_a, 0 },
    };
    desk d = { .buf = "" };
    SCRIPT_EXPECT(state, list, &d);
    assert_memory_equal(d.buf, "5674", 4);
}

static ant_future *open_none(void *arg)
{
    desk *d = arg;
    d->op = ant_file_open(in_folder("none"), "r", &d->file);
    return &d->op.base;
}

static ant_future *open_dir(void *arg)
{
    desk *d = arg;
    d->op = ant_file_open(folder, "r", &d->file);
    return &d->op.base;
}

static ant_future *open_oddly(void *arg)
{
    desk *d = arg;
    d->op = ant_file_open(in_folder("none"), "rw", &d->file);
    return &d->op.base;
}

static ant_future *read_none(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_read_to_string(in_folder("none"), &d->text);
    return &d->op.base;
}

static ant_future *write_nowhere(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_write(in_folder("none/a"), "x", 1);
    return &d->op.base;
}

static ant_future *write_to_full(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_write("/dev/full", "x", 1);
    return &d->op.base;
}

static ant_future *list_none(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_walk(in_folder("none"), &d->dir);
    return &d->op.base;
}

static void i9_a_file_says_what_is_wrong(void **state)
{
    static const script_step list[] = {
        { open_none, -ENOENT },     { open_dir, -EISDIR },
        { open_oddly, -EINVAL },    { read_none, -ENOENT },
        { write_nowhere, -ENOENT }, { write_to_full, -ENOSPC },
        { list_none, -ENOENT },
    };
    desk d = { .bytes = 0 };
    SCRIPT_EXPECT(state, list, &d);
}

// ---- Paths ----

static ant_future *make_sub(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_create_dir(in_folder("sub"));
    return &d->op.base;
}

static ant_future *write_first(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_write(in_folder("sub/first"), "hello", 5);
    return &d->op.base;
}

static ant_future *copy_first(void *arg)
{
    desk *d = arg;
    d->op =
        ant_fs_copy(in_folder("sub/first"), in_folder("sub.txt"), &d->bytes);
    return &d->op.base;
}

static ant_future *look_at_copy(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_metadata(in_folder("sub.txt"), &d->about);
    return &d->op.base;
}

static ant_future *read_copy(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_read_to_string(in_folder("sub.txt"), &d->text);
    return &d->op.base;
}

static ant_future *walk(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_walk(folder, &d->dir);
    return &d->op.base;
}

static ant_future *remove_full(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_remove_dir(in_folder("sub"));
    return &d->op.base;
}

static ant_future *move_first(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_rename(in_folder("sub/first"), in_folder("sub.txt"));
    return &d->op.base;
}

static ant_future *remove_copy(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_remove_file(in_folder("sub.txt"));
    return &d->op.base;
}

static void i4_paths_are_what_they_were_made(void **state)
{
    static const script_step list[] = {
        { make_sub, 0 },
        { write_first, 0 },
        { copy_first, 0 },
        { look_at_copy, 0 },
        { read_copy, 0 },
        { walk, 0 },
        { remove_full, -ENOTEMPTY },
        { move_first, 0 },
        { remove_copy, 0 },
        { remove_full, 0 },
    };
    desk d = { .bytes = 0 };
    SCRIPT_EXPECT(state, list, &d);
    assert_int_equal(d.bytes, 5);
    assert_int_equal(d.about.len, 5);
    assert_true(d.about.is_file);
    assert_int_equal(d.text.len, 5);
    assert_string_equal(d.text.bytes, "hello");
    assert_int_equal(d.dir.count, 3);
    // A folder goes before what is in it, and both before their neighbour.
    assert_string_equal(d.dir.entry[0].path, "sub");
    assert_true(d.dir.entry[0].about.is_dir);
    assert_string_equal(d.dir.entry[1].path, "sub/first");
    assert_string_equal(d.dir.entry[2].path, "sub.txt");
    ant_text_free(&d.text);
    ant_dir_free(&d.dir);
}

// ---- Dropped ----

// async fn careless(op): begins an operation and drops it.
struct careless {
    ant_future base;
    enum { CARELESS_START, CARELESS_RACING } state;
    struct ant_file_op op;
    struct ant_yield_now once;
    struct ant_select first;
};

ANT_ASYNC(careless)
{
    switch (self->state) {
    case CARELESS_START:
        self->once = ant_yield_now();
        self->first = ant_select_biased(&self->op.base, &self->once.base);
        return ANT_NEXT(CARELESS_RACING);

    case CARELESS_RACING:
        ANT_AWAIT(self->first);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static int run_careless(void **state, struct ant_file_op op)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    const struct careless one = { ANT_INIT(careless), .op = op };
    const int err = ant_runtime_block_on(rt, one);
    ant_runtime_free(rt); // waits for what was asked for
    return err;
}

static void i4_a_write_that_is_dropped_is_written(void **state)
{
    struct stat about;
    assert_int_equal(
        run_careless(state, ant_fs_write(in_folder("a"), "12345", 5)), 0);
    assert_int_equal(stat(in_folder("a"), &about), 0);
    assert_int_equal(about.st_size, 5);
    assert_int_equal(unlink(in_folder("a")), 0);
}

static void i4_an_outcome_that_nobody_wants_is_given_back(void **state)
{
    ant_text text = { 0 };
    ant_dir dir = { 0 };
    ant_file file = { 0 };
    (void)run_careless(state, ant_fs_read_to_string("/etc/passwd", &text));
    (void)run_careless(state, ant_fs_read_dir("/etc", &dir));
    (void)run_careless(state, ant_file_open("/etc/passwd", "r", &file));
    ant_text_free(&text); // where the operation was faster
    ant_dir_free(&dir);
    ant_file_close(&file);
}

#define FILE_TEST(test, flavor)                                                \
    {                                                                          \
#test " (" #flavor ")", test, set_up, tear_down, &flavor_##flavor      \
    }
#define EVERY(test)                                                            \
    FILE_TEST(test, current), FILE_TEST(test, multi), FILE_TEST(test, sim)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY(i4_a_file_has_what_was_written),
        EVERY(i4_paths_are_what_they_were_made),
        EVERY(i4_a_write_that_is_dropped_is_written),
        EVERY(i4_an_outcome_that_nobody_wants_is_given_back),
        EVERY(i9_a_file_says_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
