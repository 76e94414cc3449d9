// SPDX-License-Identifier: MIT
//
// What goes wrong in the world outside: each fault is one clear error for whom
// it concerns, and the server beside it goes on serving. Nothing is left open.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/files.h"
#include "support/flavors.h"
#include "support/script.h"

// ---- A server that echoes ----

static ant_atomic_u32 server_errors; // of its connections
static ant_atomic_u32 server_error;  // the last one
static ant_atomic_u32 accept_errors;

static void note_error(int err)
{
    ant_atomic_store(&server_error, (uint32_t)-err, ANT_SEQ_CST);
    ant_atomic_add(&server_errors, 1, ANT_SEQ_CST);
}

struct echo {
    ant_future base;
    enum { ECHO_START, ECHO_READING, ECHO_WRITING } state;
    ant_io conn;
    char buf[64];
    struct ant_read read;
    struct ant_write_all write;
};

static ant_poll hang_up(struct echo *self, int err)
{
    if (err < 0) note_error(err);
    ant_io_close(&self->conn);
    return ANT_READY;
}

ANT_ASYNC_OWNING(echo)
{
    switch (self->state) {
    case ECHO_START:
        self->read = ant_read(&self->conn, self->buf, sizeof self->buf);
        return ANT_NEXT(ECHO_READING);

    case ECHO_READING:
        ANT_AWAIT(self->read);
        if (self->read.base.result <= 0)
            return hang_up(self, self->read.base.result);
        self->write = ant_write_all(&self->conn, self->buf,
                                    (size_t)self->read.base.result);
        return ANT_NEXT(ECHO_WRITING);

    case ECHO_WRITING:
        ANT_AWAIT(self->write);
        if (self->write.base.result < 0)
            return hang_up(self, self->write.base.result);
        return ANT_NEXT(ECHO_START);
    }
    ANT_UNREACHABLE();
}

static void echo_drop(struct echo *self)
{
    ant_future_drop(&self->read.base);
    ant_future_drop(&self->write.base);
    ant_io_close(&self->conn);
}

// After an error it takes a breath, as it would with too many descriptors.
struct server {
    ant_future base;
    enum { SERVER_START, SERVER_ACCEPTING, SERVER_RESTING } state;
    ant_tcp_listener listener;
    ant_io conn;
    struct ant_accept accept;
    struct ant_sleep rest;
};

ANT_ASYNC_OWNING(server)
{
    struct ant_join_handle served;
    switch (self->state) {
    case SERVER_START:
        self->accept = ant_tcp_accept(&self->listener, &self->conn);
        return ANT_NEXT(SERVER_ACCEPTING);

    case SERVER_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (self->accept.base.result < 0) {
            note_error(self->accept.base.result);
            ant_atomic_add(&accept_errors, 1, ANT_SEQ_CST);
            self->rest = ant_sleep(1);
            return ANT_NEXT(SERVER_RESTING);
        }
        served = ant_spawn((struct echo){ ANT_INIT(echo), .conn = self->conn });
        ant_task_detach(&served);
        return ANT_NEXT(SERVER_START);

    case SERVER_RESTING:
        ANT_AWAIT(self->rest);
        return ANT_NEXT(SERVER_START);
    }
    ANT_UNREACHABLE();
}

static void server_drop(struct server *self)
{
    ant_future_drop(&self->accept.base);
    ant_future_drop(&self->rest.base);
    ant_tcp_listener_close(&self->listener);
}

// Looks again and again; the last error of the server is its own.
ANT_ASYNC_FN(heard_error, struct ant_sleep nap)
{
    if (ANT_BEGINS(self->nap)) self->nap = ant_sleep(1);
    ANT_AWAIT(self->nap);
    if (ant_atomic_load(&server_errors, ANT_SEQ_CST) == 0) return ANT_AGAIN;
    return ANT_FAIL(-(int)ant_atomic_load(&server_error, ANT_SEQ_CST));
}

// ---- The other side, in steps ----

typedef struct desk {
    char to[ANT_ADDR_TEXT_MAX];
    char buf[8];
    struct rlimit files;
    ant_io conn;
    ant_io second;
    struct ant_join_handle server;
    struct ant_tcp_connect connect;
    struct ant_read read;
    struct ant_read_exact read_exact;
    struct ant_write_all write_all;
    struct heard_error error;
} desk;

static ant_future *serve(void *arg)
{
    desk *d = arg;
    struct server server = { ANT_INIT(server) };
    ant_addr at;
    script_now = ant_tcp_listener_bind("127.0.0.1:0", &server.listener);
    if (script_now < 0) return NULL;
    (void)ant_tcp_listener_addr(&server.listener, &at);
    ant_addr_format(&at, d->to, sizeof d->to);
    ant_atomic_store(&server_errors, 0, ANT_SEQ_CST);
    ant_atomic_store(&accept_errors, 0, ANT_SEQ_CST);
    d->server = ant_spawn(server);
    return NULL;
}

static ant_future *stop(void *arg)
{
    desk *d = arg;
    ant_task_abort(&d->server);
    return &d->server.base;
}

static ant_future *call(void *arg)
{
    desk *d = arg;
    d->connect = ant_tcp_connect(d->to, &d->conn);
    return &d->connect.base;
}

static ant_future *say_ping(void *arg)
{
    desk *d = arg;
    d->write_all = ant_write_all(&d->conn, "ping", 4);
    return &d->write_all.base;
}

static ant_future *hear_ping(void *arg)
{
    desk *d = arg;
    d->read_exact = ant_read_exact(&d->conn, d->buf, 4);
    return &d->read_exact.base;
}

static ant_future *hear_more(void *arg)
{
    desk *d = arg;
    d->read = ant_read(&d->conn, d->buf, sizeof d->buf);
    return &d->read.base;
}

static ant_future *leave(void *arg)
{
    ant_io_close(&((desk *)arg)->conn);
    return NULL;
}

static ant_future *say_no_more(void *arg)
{
    script_now = ant_io_shutdown(&((desk *)arg)->conn);
    return NULL;
}

#define ASK                                                                    \
    { call, 0 }, { say_ping, 0 }, { hear_ping, 0 },                            \
    {                                                                          \
        leave, 0                                                               \
    }

// ---- Connections ----

// Closed with a reset in the place of an end.
static ant_future *slam(void *arg)
{
    desk *d = arg;
    const struct linger now = { .l_onoff = 1, .l_linger = 0 };
    script_now = setsockopt(ant_io_fd(&d->conn), SOL_SOCKET, SO_LINGER, &now,
                            sizeof now);
    ant_io_close(&d->conn);
    return NULL;
}

static ant_future *await_error(void *arg)
{
    desk *d = arg;
    d->error = heard_error();
    return &d->error.base;
}

static void i9_a_peer_that_resets_is_one_error(void **state)
{
    static const script_step steps[] = {
        { serve, 0 }, ASK,
        { call, 0 },  { say_ping, 0 },
        { slam, 0 },  { await_error, -ECONNRESET },
        ASK,          { stop, -ECANCELED },
    };
    desk d = { .buf = "" };
    SCRIPT_EXPECT(state, steps, &d);
    assert_int_equal(ant_atomic_load(&server_errors, ANT_SEQ_CST), 1);
}

static void i7_who_has_said_its_end_is_answered(void **state)
{
    static const script_step steps[] = {
        { serve, 0 },         { call, 0 },
        { say_ping, 0 },      { say_no_more, 0 },
        { hear_ping, 0 },     { hear_more, 0 },
        { leave, 0 },         ASK,
        { stop, -ECANCELED },
    };
    desk d = { .buf = "" };
    SCRIPT_EXPECT(state, steps, &d);
    assert_int_equal(ant_atomic_load(&server_errors, ANT_SEQ_CST), 0);
}

// ---- Descriptors ----

// From now on the process can open one more.
static ant_future *leave_one_descriptor(void *arg)
{
    desk *d = arg;
    const int next = dup(0);
    if (next < 0 || close(next) < 0) script_now = -EIO;
    const struct rlimit few = { (rlim_t)next + 1, d->files.rlim_max };
    if (setrlimit(RLIMIT_NOFILE, &few) < 0) script_now = -errno;
    return NULL;
}

static ant_future *allow_all(void *arg)
{
    desk *d = arg;
    if (setrlimit(RLIMIT_NOFILE, &d->files) < 0) script_now = -errno;
    return NULL;
}

static ant_future *call_in_vain(void *arg)
{
    desk *d = arg;
    d->connect = ant_tcp_connect(d->to, &d->second);
    return &d->connect.base;
}

static void i9_a_server_without_descriptors_serves_later(void **state)
{
    static const script_step steps[] = {
        { serve, 0 },
        { leave_one_descriptor, 0 },
        { call, 0 }, // it waits at the door
        { await_error, -EMFILE },
        { call_in_vain, -EMFILE },
        { allow_all, 0 },
        { say_ping, 0 },
        { hear_ping, 0 },
        { leave, 0 },
        ASK,
        { stop, -ECANCELED },
    };
    desk d = { .buf = "" };
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &d.files), 0);
    SCRIPT_EXPECT(state, steps, &d);
    assert_true(ant_atomic_load(&accept_errors, ANT_SEQ_CST) > 0);
}

// ---- What cannot be reached ----

// A name that no server needs to be asked about: a part of it is too long.
#define NOBODY                                                                 \
    "a-name-that-is-longer-than-any-name-may-be-and-so-nobody-can-ever-have-"  \
    "it"

static ant_future *call_nobody(void *arg)
{
    desk *d = arg;
    d->connect = ant_tcp_connect(NOBODY ".invalid:80", &d->conn);
    return &d->connect.base;
}

static ant_future *call_closed(void *arg)
{
    desk *d = arg;
    ant_tcp_listener listener;
    ant_addr at;
    script_now = ant_tcp_listener_bind("127.0.0.1:0", &listener);
    if (script_now < 0) return NULL;
    (void)ant_tcp_listener_addr(&listener, &at);
    ant_tcp_listener_close(&listener);
    ant_addr_format(&at, d->to, sizeof d->to);
    return call(d);
}

static ant_future *bind_twice(void *arg)
{
    desk *d = arg;
    ant_tcp_listener listener;
    script_now = ant_tcp_listener_bind(d->to, &listener);
    return NULL;
}

static void i9_nobody_is_there_to_be_reached(void **state)
{
    static const script_step steps[] = {
        { call_nobody, -ENOENT },
        { call_closed, -ECONNREFUSED },
        { serve, 0 },
        { bind_twice, -EADDRINUSE },
        ASK,
        { stop, -ECANCELED },
    };
    desk d = { .buf = "" };
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
        REAL(i9_a_peer_that_resets_is_one_error),
        EVERY(i7_who_has_said_its_end_is_answered),
        // With several workers another one may take the descriptor that is
        // left: whoever records its first event opens one.
        FAULT_TEST(i9_a_server_without_descriptors_serves_later, current),
        EVERY(i9_nobody_is_there_to_be_reached),
    };
    return cmocka_run_group_tests(tests, fd_group_set_up, NULL);
}
