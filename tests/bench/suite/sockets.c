// SPDX-License-Identifier: MIT
//
// The echo server that a load generator talks to. It prints a line when it
// listens, serves for --seconds and ends; what it did is measured from outside.

#include <stdio.h>
#include <sys/resource.h>

#include "bench/suite/bench.h"

// ---- A connection ----

struct echo {
    ant_future base;
    enum { ECHO_START, ECHO_READING, ECHO_WRITING } state;
    ant_io conn;
    struct ant_read read;
    struct ant_write_all write;
    char buf[1024];
};

ANT_ASYNC_WITH_DROP(echo)
{
    switch (self->state) {
    case ECHO_START:
        self->read = ant_read(&self->conn, self->buf, sizeof self->buf);
        return ANT_NEXT(ECHO_READING);

    case ECHO_READING:
        ANT_AWAIT(self->read);
        if (self->read.base.result <= 0) {
            ant_io_close(&self->conn);
            return ANT_READY;
        }
        self->write = ant_write_all(&self->conn, self->buf,
                                    (size_t)self->read.base.result);
        return ANT_NEXT(ECHO_WRITING);

    case ECHO_WRITING:
        ANT_AWAIT(self->write);
        if (self->write.base.result == 0) return ANT_NEXT(ECHO_START);
        ant_io_close(&self->conn);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void echo_drop(struct echo *self)
{
    ant_future_drop(&self->read.base);
    ant_future_drop(&self->write.base);
    ant_io_close(&self->conn);
}

// ---- The server ----

struct server {
    ant_future base;
    enum { SERVER_START, SERVER_ACCEPTING, SERVER_RESTING } state;
    ant_tcp_listener listener;
    ant_io conn;
    struct ant_accept accept;
    struct ant_sleep rest;
};

ANT_ASYNC_WITH_DROP(server)
{
    struct ant_join_handle served;
    switch (self->state) {
    case SERVER_START:
        self->accept = ant_tcp_accept(&self->listener, &self->conn);
        return ANT_NEXT(SERVER_ACCEPTING);

    case SERVER_ACCEPTING:
        ANT_AWAIT(self->accept);
        if (self->accept.base.result < 0) { // too many descriptors are open
            self->rest = ant_sleep(10);
            return ANT_NEXT(SERVER_RESTING);
        }
        (void)ant_tcp_set_nodelay(&self->conn, true);
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

// Listens, has a task serve, and goes after some seconds.
struct open_hours {
    ant_future base;
    enum { HOURS_START, HOURS_OPEN } state;
    unsigned port;
    uint64_t seconds;
    struct ant_join_handle server;
    struct ant_sleep until;
};

ANT_ASYNC(open_hours)
{
    struct server server = { ANT_INIT(server) };
    char addr[32];
    switch (self->state) {
    case HOURS_START:
        (void)snprintf(addr, sizeof addr, "127.0.0.1:%u", self->port);
        bench_check(ant_tcp_listener_bind(addr, &server.listener), addr);
        printf("listening %u\n", self->port);
        fflush(stdout);
        self->server = ant_spawn(server);
        self->until = ant_sleep(self->seconds * 1000);
        return ANT_NEXT(HOURS_OPEN);

    case HOURS_OPEN:
        ANT_AWAIT(self->until);
        ant_task_abort(&self->server);
        ant_task_detach(&self->server);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void tcp_echo(const bench_args *args)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    ant_runtime *rt = bench_runtime(args->workers);
    const struct open_hours hours = {
        ANT_INIT(open_hours),
        .port = (unsigned)bench_option(args, "port", 7000),
        .seconds = bench_option(args, "seconds", 60),
    };
    bench_check(ant_runtime_block_on(rt, hours), "the server");
    ant_runtime_free(rt);
}

const bench_workload bench_of_sockets[] = {
    { "tcp_echo", tcp_echo, "an echo of 64 bytes, for --seconds at --port" },
    { 0 },
};
