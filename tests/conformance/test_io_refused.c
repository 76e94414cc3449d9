// SPDX-License-Identifier: MIT
//
// What goes wrong on this machine: a pipe that nobody reads, a datagram that is
// too long, a disk that is full, a file that one may not have. Each is one
// clear error, and what comes next works.

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/script.h"

typedef struct desk {
    char path[64];
    char buf[8];
    uint64_t bytes;
    ant_io conn;
    ant_io writer;
    ant_udp udp;
    ant_addr from;
    ant_file file;
    struct ant_write write;
    struct ant_udp_send_to send;
    struct ant_udp_recv_from recv;
    struct ant_file_op op;
} desk;

// ---- Pipes and datagrams ----

static ant_future *break_pipe(void *arg)
{
    desk *d = arg;
    script_now = ant_pipe(&d->conn, &d->writer);
    if (script_now < 0) return NULL;
    ant_io_close(&d->conn);
    d->write = ant_write(&d->writer, "x", 1);
    return &d->write.base;
}

static ant_future *close_writer(void *arg)
{
    ant_io_close(&((desk *)arg)->writer);
    return NULL;
}

static void i9_a_broken_pipe_is_an_error_and_no_signal(void **state)
{
    static const script_step steps[] = {
        { break_pipe, -EPIPE },
        { close_writer, 0 },
    };
    desk d = { .buf = "" };
    SCRIPT_EXPECT(state, steps, &d);
}

#define TOO_LONG ((size_t)1 << 17)

static ant_future *bind_udp(void *arg)
{
    desk *d = arg;
    script_now = ant_udp_bind("127.0.0.1:0", &d->udp);
    if (script_now == 0) script_now = ant_udp_addr(&d->udp, &d->from);
    return NULL;
}

static ant_future *send_long(void *arg)
{
    static const char long_text[TOO_LONG];
    desk *d = arg;
    d->send = ant_udp_send_to(&d->udp, long_text, sizeof long_text, &d->from);
    return &d->send.base;
}

static ant_future *send_short(void *arg)
{
    desk *d = arg;
    d->send = ant_udp_send_to(&d->udp, "ping", 4, &d->from);
    return &d->send.base;
}

static ant_future *recv_short(void *arg)
{
    desk *d = arg;
    d->recv = ant_udp_recv_from(&d->udp, d->buf, sizeof d->buf, &d->from);
    return &d->recv.base;
}

static ant_future *close_udp(void *arg)
{
    ant_udp_close(&((desk *)arg)->udp);
    return NULL;
}

static void i9_a_datagram_that_is_too_long_is_refused(void **state)
{
    static const script_step steps[] = {
        { bind_udp, 0 },   { send_long, -EMSGSIZE }, { send_short, 4 },
        { recv_short, 4 }, { close_udp, 0 },
    };
    desk d = { .buf = "" };
    SCRIPT_EXPECT(state, steps, &d);
}

// ---- Files ----

static ant_future *write_file(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_write(d->path, "12345678", 8);
    return &d->op.base;
}

static ant_future *open_file(void *arg)
{
    desk *d = arg;
    d->op = ant_file_open(d->path, "r", &d->file);
    return &d->op.base;
}

static ant_future *copy_to_full(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_copy(d->path, "/dev/full", &d->bytes);
    return &d->op.base;
}

static ant_future *remove_file(void *arg)
{
    desk *d = arg;
    d->op = ant_fs_remove_file(d->path);
    return &d->op.base;
}

// To root everything is permitted.
static ant_future *be_nobody(void *arg)
{
    (void)arg;
    if (geteuid() == 0 && seteuid(65534) < 0) script_now = -errno;
    return NULL;
}

static ant_future *be_oneself(void *arg)
{
    (void)arg;
    if (seteuid(getuid()) < 0) script_now = -errno;
    return NULL;
}

static ant_future *lock_file(void *arg)
{
    script_now = chmod(((desk *)arg)->path, 0);
    return NULL;
}

static ant_future *limit_files(void *arg)
{
    (void)arg;
    const struct rlimit four = { 4, RLIM_INFINITY };
    (void)signal(SIGXFSZ, SIG_IGN); // what a limit does by default: the end
    script_now = setrlimit(RLIMIT_FSIZE, &four);
    return NULL;
}

static ant_future *unlimit_files(void *arg)
{
    (void)arg;
    const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
    script_now = setrlimit(RLIMIT_FSIZE, &all);
    (void)signal(SIGXFSZ, SIG_DFL);
    return NULL;
}

static void i9_a_disk_says_what_it_refuses(void **state)
{
    static const script_step steps[] = {
        { open_file, -ENOENT },    { write_file, 0 },
        { copy_to_full, -ENOSPC }, { lock_file, 0 },
        { be_nobody, 0 },          { open_file, -EACCES },
        { write_file, -EACCES },   { be_oneself, 0 },
        { remove_file, 0 },        { limit_files, 0 },
        { write_file, -EFBIG },    { unlimit_files, 0 },
        { remove_file, 0 },        { remove_file, -ENOENT },
    };
    desk d = { .buf = "" };
    (void)snprintf(d.path, sizeof d.path, "/tmp/antfarm-test-%d",
                   (int)getpid());
    SCRIPT_EXPECT(state, steps, &d);
}

// ---- All of them ----

static int fds_before;

static int set_up(void **state)
{
    fds_before = fd_count();
    return flavor_set_up(state);
}

static int tear_down(void **state)
{
    if (fd_count() != fds_before) print_error("descriptors are open\n");
    return fd_count() == fds_before ? flavor_tear_down(state) : -1;
}

#define FAULT_TEST(test, flavor)                                               \
    {                                                                          \
#test " (" #flavor ")", test, set_up, tear_down, &flavor_##flavor      \
    }
#define REAL(test)  FAULT_TEST(test, current), FAULT_TEST(test, multi)
#define EVERY(test) REAL(test), FAULT_TEST(test, sim)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY(i9_a_broken_pipe_is_an_error_and_no_signal),
        EVERY(i9_a_datagram_that_is_too_long_is_refused),
        EVERY(i9_a_disk_says_what_it_refuses),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
