// SPDX-License-Identifier: MIT
//
// Many WebSockets at once: each says something now and then and wants to hear
// it again, until the server closes it. What came of them is printed.
//
//   ws_load URL COUNT INTERVAL_MS

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "antfarm.h"
#include "base/mem.h"
#include "ws/ws.h"

// So many connect at the same time.
#define CONNECTING_MAX 256

static const char *url;
static unsigned socket_count;
static unsigned interval_ms;
static ant_semaphore gate = ANT_SEMAPHORE("gate", CONNECTING_MAX);

// any thread, atomic
static ant_atomic_u64 opened, echoed, wrong, closed, failed;

// async fn visit(i): one of them.
struct visit {
    ant_future base;
    enum {
        VISIT_START,
        VISIT_QUEUEING,
        VISIT_CONNECTING,
        VISIT_RESTING,
        VISIT_SENDING,
        VISIT_HEARING,
        VISIT_CLOSING,
    } state;
    unsigned i;
    unsigned n;
    char said[32];
    ant_ws ws;
    struct ant_semaphore_acquire turn;
    struct ant_ws_connect connect;
    struct ant_sleep rest;
    struct ant_ws_recv recv;
    struct ant_select first;
    struct ant_ws_send send;
    struct ant_ws_close close;
};

// While it says nothing, it listens: the end may come at any time.
static ant_poll rest(struct visit *self, unsigned ms)
{
    self->rest = ant_sleep(ms);
    self->recv = ant_ws_recv(&self->ws);
    self->first = ant_select(&self->rest.base, &self->recv.base);
    return ANT_NEXT(VISIT_RESTING);
}

static ant_poll leave(struct visit *self)
{
    const bool is_good =
        self->recv.base.result == 0 && self->ws.close_code == ANT_WS_GOING_AWAY;
    ant_atomic_add(is_good ? &closed : &failed, 1, ANT_RELAXED);
    self->close = ant_ws_close(&self->ws, ANT_WS_NORMAL);
    return ANT_NEXT(VISIT_CLOSING);
}

ANT_ASYNC_WITH_DROP(visit)
{
    bool is_same;
    switch (self->state) {
    case VISIT_START:
        self->turn = ant_semaphore_acquire(&gate);
        return ANT_NEXT(VISIT_QUEUEING);

    case VISIT_QUEUEING:
        ANT_AWAIT(self->turn);
        self->connect = ant_ws_connect(url, &self->ws);
        return ANT_NEXT(VISIT_CONNECTING);

    case VISIT_CONNECTING:
        ANT_AWAIT(self->connect);
        ant_semaphore_release(&gate, 1);
        if (self->connect.base.result < 0) {
            ant_atomic_add(&failed, 1, ANT_RELAXED);
            return ANT_FAIL(self->connect.base.result);
        }
        ant_atomic_add(&opened, 1, ANT_RELAXED);
        return rest(self, self->i % interval_ms);

    case VISIT_RESTING:
        ANT_AWAIT(self->first);
        if (self->first.winner == 1) return leave(self);
        (void)snprintf(self->said, sizeof self->said, "%u says %u", self->i,
                       self->n++);
        self->send =
            ant_ws_send(&self->ws, ANT_WS_TEXT, self->said, strlen(self->said));
        return ANT_NEXT(VISIT_SENDING);

    case VISIT_SENDING:
        ANT_AWAIT(self->send);
        self->recv = ant_ws_recv(&self->ws);
        return ANT_NEXT(VISIT_HEARING);

    case VISIT_HEARING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result != 1) return leave(self);
        is_same = strcmp(self->recv.bytes, self->said) == 0;
        ant_atomic_add(is_same ? &echoed : &wrong, 1, ANT_RELAXED);
        return rest(self, interval_ms);

    case VISIT_CLOSING:
        ANT_AWAIT(self->close);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void visit_drop(struct visit *self)
{
    if (self->base.awaited != NULL) ant_future_drop(self->base.awaited);
    ant_ws_drop(&self->ws);
}

// async fn report(): every second, how it goes.
ANT_ASYNC_FN(report, struct ant_sleep second)
{
    if (ANT_BEGINS(self->second)) self->second = ant_sleep(1000);
    ANT_AWAIT(self->second);
    printf("open %llu echoed %llu wrong %llu failed %llu\n",
           (unsigned long long)ant_atomic_load(&opened, ANT_RELAXED),
           (unsigned long long)ant_atomic_load(&echoed, ANT_RELAXED),
           (unsigned long long)ant_atomic_load(&wrong, ANT_RELAXED),
           (unsigned long long)ant_atomic_load(&failed, ANT_RELAXED));
    (void)fflush(stdout);
    return ANT_AGAIN;
}

// async fn all(): until each was closed.
struct all {
    ant_future base;
    enum { ALL_START, ALL_JOINING } state;
    ant_join_set set;
    struct ant_join_handle report;
    struct ant_join_set_next next;
};

ANT_ASYNC(all)
{
    switch (self->state) {
    case ALL_START:
        ant_join_set_init(&self->set, "visits");
        for (unsigned i = 0; i < socket_count; i++) {
            if (ant_join_set_spawn(&self->set, ANT_FUTURE(visit, .i = i)) < 0)
                return ANT_FAIL(-ENOMEM);
        }
        self->report = ant_spawn(report());
        self->next = ant_join_set_next(&self->set);
        return ANT_NEXT(ALL_JOINING);

    case ALL_JOINING:
        ANT_AWAIT(self->next);
        if (!self->next.is_empty) {
            self->next = ant_join_set_next(&self->set);
            return ANT_NEXT(ALL_JOINING);
        }
        ant_task_abort(&self->report);
        ant_task_detach(&self->report);
        ant_join_set_deinit(&self->set);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

int main(int argc, char **argv)
{
    if (argc != 4) {
        (void)fprintf(stderr, "usage: ws_load URL COUNT INTERVAL_MS\n");
        return 2;
    }
    url = argv[1];
    socket_count = (unsigned)strtoul(argv[2], NULL, 10);
    interval_ms = (unsigned)strtoul(argv[3], NULL, 10);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files);
    }
    ant_runtime *rt;
    if (ant_runtime_new(NULL, &rt) < 0) return 1;
    const int err = ant_runtime_block_on(rt, ANT_FUTURE(all, .state = 0));
    ant_runtime_free(rt);
    const uint64_t good = ant_atomic_load(&closed, ANT_RELAXED);
    const uint64_t bad = ant_atomic_load(&wrong, ANT_RELAXED) +
                         ant_atomic_load(&failed, ANT_RELAXED);
    printf("echoed %llu, closed in order %llu of %u, wrong %llu\n",
           (unsigned long long)ant_atomic_load(&echoed, ANT_RELAXED),
           (unsigned long long)good, socket_count, (unsigned long long)bad);
    return err == 0 && bad == 0 && good == socket_count ? 0 : 1;
}
