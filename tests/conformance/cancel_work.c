// SPDX-License-Identifier: MIT
//
// The cancellation matrix of what is begun somewhere else: connections that are
// being made, names and files that a thread of the pool looks at, a child that
// runs. It is dropped at every point of its life (support/trial.h); what was
// begun ends by itself, and the same asked for anew has the whole answer.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/trial.h"

// ---- Connections ----

static char address[ANT_ADDR_TEXT_MAX];
static ant_tcp_listener listener;
static ant_unix_listener local;
static struct ant_tcp_connect connects[2];
static struct ant_unix_connect dials[2];
static ant_io conns[2];

static int set_up_tcp(void)
{
    ant_addr at;
    int err = ant_tcp_listener_bind("127.0.0.1:0", &listener);
    if (err == 0) err = ant_tcp_listener_addr(&listener, &at);
    if (err == 0) ant_addr_format(&at, address, sizeof address);
    return err;
}

static ant_future *start_connect(unsigned i)
{
    connects[i] = ant_tcp_connect(address, &conns[i]);
    return &connects[i].base;
}

// The one that was dropped had to wait, and has left nothing in its place.
static bool is_connected(void)
{
    return connects[1].base.result == 0 && conns[0].source == NULL;
}

static void tear_down_tcp(void)
{
    ant_io_close(&conns[0]);
    ant_io_close(&conns[1]);
    ant_tcp_listener_close(&listener);
}

static int set_up_unix(void)
{
    (void)snprintf(address, sizeof address, "/tmp/antfarm-cancel-%d",
                   (int)getpid());
    (void)unlink(address);
    return ant_unix_listener_bind(address, &local);
}

static ant_future *start_dial(unsigned i)
{
    dials[i] = ant_unix_connect(address, &conns[i]);
    return &dials[i].base;
}

static bool is_dialed(void)
{
    return dials[1].base.result == 0 && conns[1].source != NULL;
}

static void tear_down_unix(void)
{
    ant_io_close(&conns[0]);
    ant_io_close(&conns[1]);
    ant_unix_listener_close(&local);
    (void)unlink(address);
}

// ---- Names ----

static struct ant_resolve lookups[2];

static ant_future *start_lookup(unsigned i)
{
    lookups[i] = ant_resolve("localhost:80");
    return &lookups[i].base;
}

static bool is_found(void)
{
    return lookups[1].base.result >= 1;
}

// ---- Files: one that has ended at once has left its outcome in place 0 ----

static char path[64];
static struct ant_file_op ops[2];
static ant_file opened[2];
static ant_text texts[2];
static ant_dir dirs[2];
static ant_metadata abouts[2];

static int set_up_file(void)
{
    (void)snprintf(path, sizeof path, "/tmp/antfarm-cancel-%d.txt",
                   (int)getpid());
    FILE *out = fopen(path, "w");
    if (out == NULL) return -1;
    (void)fputs("tea\n", out);
    return fclose(out);
}

static void tear_down_file(void)
{
    (void)unlink(path);
}

static bool is_done(void)
{
    return ops[1].base.result == 0;
}

static ant_future *start_open(unsigned i)
{
    ops[i] = ant_file_open(path, "r", &opened[i]);
    return &ops[i].base;
}

static bool is_opened(void)
{
    return is_done() && opened[1].file != NULL;
}

static ant_future *open_first(void)
{
    return start_open(0);
}

static ant_future *start_sync(unsigned i)
{
    ops[i] = ant_file_sync(&opened[0]);
    return &ops[i].base;
}

static void tear_down_open(void)
{
    ant_file_close(&opened[0]);
    ant_file_close(&opened[1]);
    tear_down_file();
}

static ant_future *start_read_to_string(unsigned i)
{
    ops[i] = ant_fs_read_to_string(path, &texts[i]);
    return &ops[i].base;
}

static bool is_read(void)
{
    return is_done() && strcmp(texts[1].bytes, "tea\n") == 0;
}

static void tear_down_read(void)
{
    ant_text_free(&texts[0]);
    ant_text_free(&texts[1]);
    tear_down_file();
}

static ant_future *start_metadata(unsigned i)
{
    ops[i] = ant_fs_metadata(path, &abouts[i]);
    return &ops[i].base;
}

static bool is_looked_at(void)
{
    return is_done() && abouts[1].is_file && abouts[1].len == 4;
}

static ant_future *start_read_dir(unsigned i)
{
    ops[i] = ant_fs_read_dir("tests/conformance", &dirs[i]);
    return &ops[i].base;
}

static ant_future *start_walk(unsigned i)
{
    ops[i] = ant_fs_walk("tests/conformance", &dirs[i]);
    return &ops[i].base;
}

static bool is_listed(void)
{
    return is_done() && dirs[1].count > 0;
}

static void tear_down_dir(void)
{
    ant_dir_free(&dirs[0]);
    ant_dir_free(&dirs[1]);
}

// ---- Children: one that reads until its input is closed ----

static ant_child child;
static struct ant_child_wait waits[2];

static int set_up_child(void)
{
    static const char *const argv[] = { "cat", NULL };
    const ant_process_desc desc = { .argv = argv,
                                    .in = ANT_STDIO_PIPE,
                                    .out = ANT_STDIO_NULL };
    return ant_process_spawn(&desc, &child);
}

static ant_future *start_wait(unsigned i)
{
    waits[i] = ant_child_wait(&child);
    return &waits[i].base;
}

static int supply_end_of_input(void)
{
    ant_io_close(&child.in);
    return 0;
}

static bool is_over(void)
{
    return waits[1].base.result == 0;
}

static void tear_down_child(void)
{
    ant_child_close(&child);
}

static const operation operations[] = {
    { "connect", set_up_tcp, start_connect, NULL, is_connected,
      .tear_down = tear_down_tcp },
    { "connect to a path", set_up_unix, start_dial, NULL, is_dialed,
      .tear_down = tear_down_unix, .may_end = true },
    { "look up", NULL, start_lookup, NULL, is_found, .may_end = true },
    { "open", set_up_file, start_open, NULL, is_opened,
      .tear_down = tear_down_open, .may_end = true },
    { "sync", set_up_file, start_sync, NULL, is_done,
      .tear_down = tear_down_open, .prepare = open_first, .may_end = true },
    { "read to string", set_up_file, start_read_to_string, NULL, is_read,
      .tear_down = tear_down_read, .may_end = true },
    { "metadata", set_up_file, start_metadata, NULL, is_looked_at,
      .tear_down = tear_down_file, .may_end = true },
    { "read dir", NULL, start_read_dir, NULL, is_listed,
      .tear_down = tear_down_dir, .may_end = true },
    { "walk", NULL, start_walk, NULL, is_listed, .tear_down = tear_down_dir,
      .may_end = true },
};

// A simulation has no children.
static const operation child_operations[] = {
    { "child", set_up_child, start_wait, supply_end_of_input, is_over,
      .tear_down = tear_down_child },
};

static void m5_what_is_begun_elsewhere_loses_nothing(void **state)
{
    trial_run(state, operations, ANT_ARRAY_LEN(operations));
}

static void m5_the_end_of_a_child_stays_with_it(void **state)
{
    trial_run(state, child_operations, ANT_ARRAY_LEN(child_operations));
}

int main(void)
{
    // The recorder keeps texts while it records; they are not the tests' own.
    unsetenv("ANTFARM_TRACE");
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(m5_what_is_begun_elsewhere_loses_nothing),
        FLAVOR(m5_the_end_of_a_child_stays_with_it, current),
        FLAVOR(m5_the_end_of_a_child_stays_with_it, multi),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
