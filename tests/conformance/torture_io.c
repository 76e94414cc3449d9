// SPDX-License-Identifier: MIT
//
// Each allocation of each operation of the outside world fails once, and once
// with all after it: the operation says -ENOMEM or did without, and no block
// and no descriptor is lost.

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "mock/mock_task.h"
#include "support/files.h"
#include "support/flavors.h"

// Everything that an operation may leave open.
typedef struct desk {
    int now; // the result of a step without a future
    char to[ANT_ADDR_TEXT_MAX];
    char path[64];
    char other[72]; // a path beside it
    char buf[64];
    uint64_t bytes;
    ant_metadata about;
    ant_tcp_listener tcp;
    ant_unix_listener local;
    ant_udp udp;
    ant_io io[2];
    ant_file file;
    ant_text text;
    ant_dir dir;
    ant_signal signal;
    ant_child child;
    ant_lines lines;
    struct ant_tcp_connect connect;
    struct ant_unix_connect dial;
    struct ant_accept accept;
    struct ant_resolve resolve;
    struct ant_file_op op;
    struct ant_lines_next next;
    struct ant_child_wait wait;
    struct ant_ctrl_c ctrl_c;
} desk;

static void close_all(desk *d)
{
    ant_tcp_listener_close(&d->tcp);
    ant_unix_listener_close(&d->local);
    ant_udp_close(&d->udp);
    ant_io_close(&d->io[0]);
    ant_io_close(&d->io[1]);
    ant_file_close(&d->file);
    ant_text_free(&d->text);
    ant_dir_free(&d->dir);
    ant_signal_close(&d->signal);
    ant_child_close(&d->child);
}

// A step begins an operation, or does it at once: NULL, and its result is now.
typedef ant_future *(*step_fn)(desk *d);

// ---- The steps ----

static ant_future *listen_tcp(desk *d)
{
    ant_addr at;
    d->now = ant_tcp_listener_bind("127.0.0.1:0", &d->tcp);
    if (d->now < 0) return NULL;
    (void)ant_tcp_listener_addr(&d->tcp, &at);
    ant_addr_format(&at, d->to, sizeof d->to);
    return NULL;
}

static ant_future *connect_tcp(desk *d)
{
    d->connect = ant_tcp_connect(d->to, &d->io[0]);
    return &d->connect.base;
}

static ant_future *accept_tcp(desk *d)
{
    d->accept = ant_tcp_accept(&d->tcp, &d->io[1]);
    return &d->accept.base;
}

static ant_future *listen_unix(desk *d)
{
    d->now = ant_unix_listener_bind(d->path, &d->local);
    return NULL;
}

static ant_future *connect_unix(desk *d)
{
    d->dial = ant_unix_connect(d->path, &d->io[0]);
    return &d->dial.base;
}

static ant_future *bind_udp(desk *d)
{
    d->now = ant_udp_bind("127.0.0.1:0", &d->udp);
    return NULL;
}

static ant_future *make_pipe(desk *d)
{
    d->now = ant_pipe(&d->io[0], &d->io[1]);
    return NULL;
}

static ant_future *make_pair(desk *d)
{
    d->now = ant_io_pair(d->io);
    return NULL;
}

static ant_future *look_up(desk *d)
{
    d->resolve = ant_resolve("localhost:80");
    return &d->resolve.base;
}

static ant_future *write_file(desk *d)
{
    d->op = ant_fs_write(d->path, "one\ntwo\n", 8);
    return &d->op.base;
}

static ant_future *open_file(desk *d)
{
    d->op = ant_file_open(d->path, "r", &d->file);
    return &d->op.base;
}

static ant_future *next_line(desk *d)
{
    if (d->lines.buf == NULL)
        d->lines = ant_lines_of_file(&d->file, d->buf, sizeof d->buf);
    d->next = ant_lines_next(&d->lines);
    return &d->next.base;
}

static ant_future *read_file(desk *d)
{
    d->op = ant_fs_read_to_string(d->path, &d->text);
    return &d->op.base;
}

static ant_future *append_file(desk *d)
{
    d->op = ant_file_open(d->path, "r+", &d->file);
    return &d->op.base;
}

static ant_future *read_some(desk *d)
{
    d->op = ant_file_read(&d->file, d->buf, 4);
    return &d->op.base;
}

static ant_future *write_some(desk *d)
{
    d->op = ant_file_write(&d->file, "three\n", 6);
    return &d->op.base;
}

static ant_future *sync_file(desk *d)
{
    d->op = ant_file_sync(&d->file);
    return &d->op.base;
}

static ant_future *copy_file(desk *d)
{
    d->op = ant_fs_copy(d->path, d->other, &d->bytes);
    return &d->op.base;
}

static ant_future *move_file(desk *d)
{
    d->op = ant_fs_rename(d->other, d->path);
    return &d->op.base;
}

static ant_future *ask_file(desk *d)
{
    d->op = ant_fs_metadata(d->path, &d->about);
    return &d->op.base;
}

static ant_future *remove_file(desk *d)
{
    d->op = ant_fs_remove_file(d->path);
    return &d->op.base;
}

static ant_future *make_folder(desk *d)
{
    d->op = ant_fs_create_dir(d->other);
    return &d->op.base;
}

static ant_future *remove_folder(desk *d)
{
    d->op = ant_fs_remove_dir(d->other);
    return &d->op.base;
}

static ant_future *walk_folder(desk *d)
{
    d->op = ant_fs_walk("examples", &d->dir);
    return &d->op.base;
}

static ant_future *list_folder(desk *d)
{
    d->op = ant_fs_read_dir("tests/conformance", &d->dir);
    return &d->op.base;
}

static ant_future *listen_signal(desk *d)
{
    d->now = ant_signal_open(SIGUSR2, &d->signal);
    return NULL;
}

// Waits until it is dropped, with what it has.
static ant_future *listen_ctrl_c(desk *d)
{
    ant_mock_task task;
    ant_mock_task_init(&task, 1);
    d->ctrl_c = ant_ctrl_c();
    const bool is_waiting =
        ant_mock_task_poll(&task, &d->ctrl_c.base) == ANT_PENDING;
    d->now = is_waiting ? 0 : d->ctrl_c.base.result;
    ant_future_drop(&d->ctrl_c.base);
    return NULL;
}

static ant_future *adopt_pipe(desk *d)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) < 0) return NULL;
    d->now = ant_io_adopt(ends[0], &d->io[0]);
    if (d->now < 0) (void)close(ends[0]);
    (void)close(ends[1]);
    return NULL;
}

static ant_future *start_child(desk *d)
{
    static const char *const argv[] = { "true", NULL };
    const ant_process_desc desc = { .argv = argv, .out = ANT_STDIO_PIPE };
    d->now = ant_process_spawn(&desc, &d->child);
    return NULL;
}

static ant_future *wait_child(desk *d)
{
    d->wait = ant_child_wait(&d->child);
    return &d->wait.base;
}

// ---- Operations: some steps ----

enum { STEPS_MAX = 4 };

typedef struct operation {
    const char *name;
    step_fn step[STEPS_MAX];
    bool is_real; // a simulation has no such thing
} operation;

static const operation operations[] = {
    { "tcp", { listen_tcp, connect_tcp, accept_tcp }, false },
    { "unix", { listen_unix, connect_unix }, false },
    { "udp", { bind_udp }, false },
    { "pipe", { make_pipe }, false },
    { "pair", { make_pair }, false },
    { "resolve", { look_up }, false },
    { "lines of a file", { write_file, open_file, next_line }, false },
    { "whole files", { write_file, read_file }, false },
    { "parts of a file", { write_file, append_file, read_some }, false },
    { "a file's end",
      { write_file, append_file, write_some, sync_file },
      false },
    { "copy", { write_file, copy_file, move_file }, false },
    { "metadata", { write_file, ask_file, remove_file }, false },
    { "folder", { list_folder }, false },
    { "folders", { walk_folder }, false },
    { "a new folder", { make_folder, remove_folder }, false },
    { "signal", { listen_signal }, false },
    { "ctrl_c", { listen_ctrl_c }, false },
    { "adopt", { adopt_pipe }, true },
    { "child", { start_child, wait_child }, true },
};

// async fn try_out(operation): until a step fails; then nothing is open.
struct try_out {
    ant_future base;
    enum { TRY_START, TRY_WAITING } state;
    const operation *what;
    int at;
    ant_future *now;
    desk d;
};

static ant_poll judge(struct try_out *self, int result)
{
    if (result >= 0) return ANT_NEXT(TRY_START);
    close_all(&self->d);
    return ANT_FAIL(result);
}

ANT_ASYNC(try_out)
{
    switch (self->state) {
    case TRY_START:
        if (self->at == STEPS_MAX || self->what->step[self->at] == NULL) {
            close_all(&self->d);
            return ANT_READY;
        }
        self->now = self->what->step[self->at++](&self->d);
        if (self->now == NULL) return judge(self, self->d.now);
        return ANT_NEXT(TRY_WAITING);

    case TRY_WAITING:
        if (ant_future_poll(self->now, cx) == ANT_PENDING) return ANT_PENDING;
        return judge(self, self->now->result);
    }
    ANT_UNREACHABLE();
}

// ---- The torture ----

// How many allocations the operation made in a runtime of its own, of which
// the `nth` failed (0: none), and those after it too.
static unsigned run_once(void **state, const operation *what, unsigned nth,
                         int is_sticky)
{
    const uint64_t blocks = ant_mem_live_count();
    const int fds = fd_count();
    struct try_out one = { ANT_INIT(try_out), .what = what };
    (void)snprintf(one.d.path, sizeof one.d.path, "/tmp/antfarm-torture-%d",
                   (int)getpid());
    (void)snprintf(one.d.other, sizeof one.d.other, "%s-2", one.d.path);
    ant_runtime *rt = flavor_runtime(state, NULL);
    const uint64_t before = ant_mem_alloc_count();
    ant_mem_fail_nth(nth, is_sticky);
    const int err = ant_runtime_block_on(rt, one);
    ant_mem_fail_nth(0, 0);
    const unsigned count = (unsigned)(ant_mem_alloc_count() - before);
    ant_runtime_free(rt);
    (void)remove(one.d.path);
    (void)remove(one.d.other);
    // In a simulation the memory of the other side is ours too: who has none
    // for one more client refuses it.
    const bool is_refused =
        err == -ECONNREFUSED && *(const ant_flavor *)*state == ANT_RUNTIME_SIM;
    const bool is_fine = err == 0 || err == -ENOMEM || is_refused;
    if (!is_fine || (nth == 0 && err != 0))
        fail_msg("%s: allocation %u: the result is %d", what->name, nth, err);
    if (ant_mem_live_count() != blocks)
        fail_msg("%s: allocation %u: blocks are lost", what->name, nth);
    if (fd_count() != fds)
        fail_msg("%s: allocation %u: descriptors are open", what->name, nth);
    return count;
}

static void each_operation_survives_each_allocation(void **state)
{
    const bool is_sim = *(const ant_flavor *)*state == ANT_RUNTIME_SIM;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(operations); i++) {
        const operation *what = &operations[i];
        if (is_sim && what->is_real) continue;
        const unsigned count = run_once(state, what, 0, 0);
        print_message("%5u allocations: %s\n", count, what->name);
        assert_true(count > 0);
        for (unsigned nth = 1; nth <= count; nth++) {
            (void)run_once(state, what, nth, 0);
            (void)run_once(state, what, nth, 1);
        }
    }
}

int main(void)
{
    // The recorder keeps texts while it records; they are not the tests' own.
    unsetenv("ANTFARM_TRACE");
    const struct CMUnitTest tests[] = {
        FLAVOR(each_operation_survives_each_allocation, current),
        FLAVOR(each_operation_survives_each_allocation, sim),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
