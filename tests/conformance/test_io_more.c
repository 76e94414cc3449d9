// SPDX-License-Identifier: MIT
//
// Signals in every flavour, other kinds of sockets, lines; and child processes,
// where there are any.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/script.h"

// Whatever the tests need; a step begins with one of the futures.
typedef struct desk {
    ant_signal signal[2];
    struct ant_signal_recv recv;
    struct ant_timeout limited;
    struct ant_ctrl_c ctrl_c;
    ant_unix_listener listener;
    char path[64];
    struct ant_unix_connect connect;
    ant_io io[2];
    ant_udp udp[2];
    ant_addr at, from;
    char buf[16];
    struct ant_udp_send_to send;
    struct ant_udp_recv_from recv_from;
    ant_lines lines;
    struct ant_lines_next line;
    ant_child child;
    struct ant_child_wait wait;
    struct ant_read read;
} desk;

// ---- Signals ----

static ant_future *listen_both(void *arg)
{
    desk *d = arg;
    script_now = ant_signal_open(SIGUSR1, &d->signal[0]);
    if (script_now == 0) script_now = ant_signal_open(SIGUSR1, &d->signal[1]);
    return NULL;
}

static ant_future *raise_it(void *arg)
{
    (void)arg;
    script_now = ant_signal_raise(SIGUSR1);
    return NULL;
}

static ant_future *hear_first(void *arg)
{
    desk *d = arg;
    d->recv = ant_signal_recv(&d->signal[0]);
    return &d->recv.base;
}

static ant_future *hear_second(void *arg)
{
    desk *d = arg;
    d->recv = ant_signal_recv(&d->signal[1]);
    return &d->recv.base;
}

static ant_future *hear_no_more(void *arg)
{
    desk *d = arg;
    d->recv = ant_signal_recv(&d->signal[0]);
    d->limited = ant_timeout(20, &d->recv.base);
    return &d->limited.base;
}

static ant_future *listen_no_more(void *arg)
{
    desk *d = arg;
    ant_signal_close(&d->signal[0]);
    ant_signal_close(&d->signal[1]);
    return NULL;
}

static ant_future *listen_wrongly(void *arg)
{
    script_now = ant_signal_open(SIGKILL, &((desk *)arg)->signal[0]);
    return NULL;
}

static void i5_each_listener_hears_a_signal_once(void **state)
{
    static const script_step steps[] = {
        { listen_wrongly, -EINVAL },
        { listen_both, 0 },
        { raise_it, 0 },
        { hear_first, 0 },
        { hear_second, 0 },
        { hear_no_more, -ETIMEDOUT },
        { raise_it, 0 },
        { hear_first, 0 },
        { listen_no_more, 0 },
    };
    desk d = { .path = "" };
    SCRIPT_EXPECT(state, steps, &d);
}

// Two before anybody looks are one.
static void i5_signals_that_nobody_took_are_one(void **state)
{
    static const script_step steps[] = {
        { listen_both, 0 },           { raise_it, 0 },
        { hear_second, 0 },           { raise_it, 0 },
        { hear_second, 0 },           { hear_first, 0 },
        { hear_no_more, -ETIMEDOUT }, { listen_no_more, 0 },
    };
    desk d = { .path = "" };
    SCRIPT_EXPECT(state, steps, &d);
}

// ---- Unix sockets ----

static ant_future *bind_path(void *arg)
{
    desk *d = arg;
    ant_unix_listener second;
    script_now = ant_unix_listener_bind(d->path, &d->listener);
    if (script_now != 0) return NULL;
    script_now = ant_unix_listener_bind(d->path, &second);
    return NULL;
}

static ant_future *connect_path(void *arg)
{
    desk *d = arg;
    d->connect = ant_unix_connect(d->path, &d->io[0]);
    return &d->connect.base;
}

static ant_future *leave_path(void *arg)
{
    desk *d = arg;
    ant_io_close(&d->io[0]);
    ant_unix_listener_close(&d->listener);
    return NULL;
}

static void i9_a_path_says_what_is_wrong(void **state)
{
    static const script_step steps[] = {
        { bind_path, -EADDRINUSE },
        { connect_path, 0 },
        { leave_path, 0 },
        { connect_path, -ECONNREFUSED },
    };
    desk d = { .path = "" };
    (void)snprintf(d.path, sizeof d.path, "/tmp/antfarm-test-%d",
                   (int)getpid());
    SCRIPT_EXPECT(state, steps, &d);
    unlink(d.path);
}

// ---- Datagrams ----

static ant_future *bind_two(void *arg)
{
    desk *d = arg;
    for (int i = 0; i < 2 && script_now == 0; i++)
        script_now = ant_udp_bind("127.0.0.1:0", &d->udp[i]);
    if (script_now == 0) script_now = ant_udp_addr(&d->udp[1], &d->at);
    return NULL;
}

static ant_future *send_long(void *arg)
{
    desk *d = arg;
    d->send = ant_udp_send_to(&d->udp[0], "0123456789abcdefXYZ", 19, &d->at);
    return &d->send.base;
}

static ant_future *recv_cut(void *arg)
{
    desk *d = arg;
    d->recv_from =
        ant_udp_recv_from(&d->udp[1], d->buf, sizeof d->buf, &d->from);
    return &d->recv_from.base;
}

static ant_future *close_two(void *arg)
{
    desk *d = arg;
    ant_addr own;
    script_now = ant_udp_addr(&d->udp[0], &own);
    if (!ant_addr_equal(&own, &d->from)) script_now = -EPROTO;
    ant_udp_close(&d->udp[0]);
    ant_udp_close(&d->udp[1]);
    return NULL;
}

static void i1_a_datagram_comes_whole_or_cut_off(void **state)
{
    static const script_step steps[] = {
        { bind_two, 0 },
        { send_long, 19 },
        { recv_cut, sizeof((desk *)0)->buf },
        { close_two, 0 },
    };
    desk d = { .path = "" };
    SCRIPT_EXPECT(state, steps, &d);
    assert_memory_equal(d.buf, "0123456789abcdef", sizeof d.buf);
}

// ---- Lines ----

static ant_future *write_lines(void *arg)
{
    static const char text[] = "a\r\n\n1234567\n12345678\n";
    desk *d = arg;
    script_now = ant_pipe(&d->io[0], &d->io[1]);
    if (script_now < 0) return NULL;
    script_now = ant_try_write(&d->io[1], text, sizeof text - 1);
    ant_io_close(&d->io[1]);
    d->lines = ant_lines_of(&d->io[0], d->buf, 9);
    return NULL;
}

static ant_future *next_line(void *arg)
{
    desk *d = arg;
    d->line = ant_lines_next(&d->lines);
    return &d->line.base;
}

static ant_future *is_a(void *arg)
{
    desk *d = arg;
    script_now = strcmp(d->line.text, "a");
    return NULL;
}

static ant_future *is_empty(void *arg)
{
    script_now = (int)((desk *)arg)->line.len;
    return NULL;
}

static ant_future *close_lines(void *arg)
{
    ant_io_close(&((desk *)arg)->io[0]);
    return NULL;
}

static void i9_a_line_that_is_too_long_is_refused(void **state)
{
    static const script_step steps[] = {
        { write_lines, 21 }, { next_line, 1 },         { is_a, 0 },
        { next_line, 1 },    { is_empty, 0 },          { next_line, 1 },
        { is_empty, 7 },     { next_line, -EMSGSIZE }, { close_lines, 0 },
    };
    desk d = { .path = "" };
    SCRIPT_EXPECT(state, steps, &d);
}

// ---- Children ----

static int spawn(desk *d, const char *script)
{
    const char *const argv[] = { "sh", "-c", script, NULL };
    const ant_process_desc desc = { .argv = argv, .out = ANT_STDIO_PIPE };
    return ant_process_spawn(&desc, &d->child);
}

static ant_future *spawn_three(void *arg)
{
    script_now = spawn(arg, "printf three; exit 3");
    return NULL;
}

static ant_future *spawn_sleeper(void *arg)
{
    script_now = spawn(arg, "exec sleep 100");
    return NULL;
}

static ant_future *spawn_none(void *arg)
{
    const char *const argv[] = { "/no/such/program", NULL };
    const ant_process_desc desc = { .argv = argv };
    script_now = ant_process_spawn(&desc, &((desk *)arg)->child);
    return NULL;
}

static ant_future *read_child(void *arg)
{
    desk *d = arg;
    d->read = ant_read(&d->child.out, d->buf, sizeof d->buf);
    return &d->read.base;
}

static ant_future *wait_child(void *arg)
{
    desk *d = arg;
    d->wait = ant_child_wait(&d->child);
    return &d->wait.base;
}

static ant_future *kill_child(void *arg)
{
    script_now = ant_child_kill(&((desk *)arg)->child, SIGTERM);
    return NULL;
}

static ant_future *close_child(void *arg)
{
    ant_child_close(&((desk *)arg)->child);
    return NULL;
}

static void i10_a_child_tells_its_end(void **state)
{
    static const script_step steps[] = {
        { spawn_three, 0 },
        { read_child, 5 },
        { read_child, 0 },
        { wait_child, 3 },
        { wait_child, 3 },
        { kill_child, -ESRCH },
        { close_child, 0 },
        { spawn_none, -ENOENT },
        { spawn_sleeper, 0 },
        { kill_child, 0 },
        { wait_child, 128 + SIGTERM },
        { close_child, 0 },
    };
    desk d = { .path = "" };
    SCRIPT_EXPECT(state, steps, &d);
}

// The handle goes, and the runtime does, while the child is there.
static void i10_a_child_may_outlive_its_handle(void **state)
{
    static const script_step steps[] = {
        { spawn_three, 0 },
        { close_child, 0 },
        { spawn_three, 0 },
    };
    const int before = fd_count();
    desk d = { .path = "" };
    SCRIPT_EXPECT(state, steps, &d);
    ant_child_close(&d.child);
    assert_int_equal(fd_count(), before);
}

// ---- Tries ----

// async fn patient(end): tries to read in vain, writes, and tries again until
// it has been heard, without ever waiting for the socket.
struct patient {
    ant_future base;
    enum { PATIENT_START, PATIENT_RESTING } state;
    ant_io *end;
    char buf[4];
    uint32_t tries;
    struct ant_sleep rest;
};

ANT_ASYNC(patient)
{
    int n;
    switch (self->state) {
    case PATIENT_START:
        n = ant_try_read(&self->end[0], self->buf, sizeof self->buf);
        if (n != -EAGAIN) return ANT_FAIL(n < 0 ? n : -EPROTO);
        n = ant_try_write(&self->end[1], "tea", 3);
        if (n != 3) return ANT_FAIL(n < 0 ? n : -EPROTO);
        self->rest = ant_sleep(1);
        return ANT_NEXT(PATIENT_RESTING);

    case PATIENT_RESTING:
        ANT_AWAIT(self->rest);
        n = ant_try_read(&self->end[0], self->buf, sizeof self->buf);
        if (n == 3) return ANT_READY;
        if (n != -EAGAIN) return ANT_FAIL(n < 0 ? n : -EPROTO);
        if (++self->tries == 1000) return ANT_FAIL(-ETIMEDOUT);
        self->rest = ant_sleep(1);
        return ANT_NEXT(PATIENT_RESTING);
    }
    ANT_UNREACHABLE();
}

static void i1_who_only_tries_hears_of_what_comes(void **state)
{
    ant_io end[2];
    ant_runtime *rt = flavor_runtime(state, NULL);
    ant_runtime *outer = ant_runtime_enter(rt);
    assert_int_equal(ant_io_pair(end), 0);
    const struct patient patient = { ANT_INIT(patient), .end = end };
    assert_int_equal(ant_runtime_block_on(rt, patient), 0);
    ant_io_close(&end[0]);
    ant_io_close(&end[1]);
    ant_runtime_leave(outer);
    ant_runtime_free(rt);
}

#define REAL(test) FLAVOR(test, current), FLAVOR(test, multi)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(i1_who_only_tries_hears_of_what_comes),
        EVERY_FLAVOR(i1_a_datagram_comes_whole_or_cut_off),
        EVERY_FLAVOR(i5_each_listener_hears_a_signal_once),
        EVERY_FLAVOR(i5_signals_that_nobody_took_are_one),
        EVERY_FLAVOR(i9_a_path_says_what_is_wrong),
        EVERY_FLAVOR(i9_a_line_that_is_too_long_is_refused),
        REAL(i10_a_child_tells_its_end),
        REAL(i10_a_child_may_outlive_its_handle),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
