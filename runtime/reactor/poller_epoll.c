// SPDX-License-Identifier: MIT
//
// The poller of Linux: an epoll set of sockets, in which libuv's loop is one
// more descriptor. Edges come unasked, so a request and its answer cost one
// wait, one read and one write.

#include <errno.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/mem.h"
#include "reactor/poller.h"

typedef struct epoll_set {
    // fixed after init
    int fd;
    int interrupt;    // an eventfd: each write is an edge, nobody reads it
    uv_async_t alive; // a loop without any handle would say that it is over
    // whoever drives
    struct epoll_event event[ANT_POLLER_EVENTS_MAX];
    int event_count;
} epoll_set;

static int add(const epoll_set *set, int fd, uint32_t events, void *what);
static int wait_ms(ant_poller *poller, uint64_t wait_ns);
static void fetch_ahead(const epoll_set *set, int i);
static void say_edges(ant_source *source, uint32_t events);

int ant__poller_own_init(ant_poller *poller)
{
    epoll_set *set = ant_mem_alloc(sizeof *set);
    if (set == NULL) return -ENOMEM;
    set->interrupt = -1;
    int err = 0;
    set->fd = epoll_create1(EPOLL_CLOEXEC);
    if (set->fd < 0) err = -errno;
    if (err == 0) set->interrupt = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (err == 0 && set->interrupt < 0) err = -errno;
    if (err == 0)
        err = add(set, set->interrupt, EPOLLIN | EPOLLET, &set->interrupt);
    if (err == 0)
        err = add(set, uv_backend_fd(&poller->loop), EPOLLIN, &poller->loop);
    if (err == 0) err = uv_async_init(&poller->loop, &set->alive, NULL);
    if (err == 0) {
        poller->own = set;
        (void)uv_run(&poller->loop, UV_RUN_NOWAIT); // it looks at its handles
        return 0;
    }
    if (set->interrupt >= 0) (void)close(set->interrupt);
    if (set->fd >= 0) (void)close(set->fd);
    ant_mem_free(set);
    return err;
}

void ant__poller_own_deinit(ant_poller *poller)
{
    epoll_set *set = poller->own;
    uv_close((uv_handle_t *)&set->alive, NULL);
    (void)uv_run(&poller->loop, UV_RUN_DEFAULT);
    (void)close(set->interrupt);
    (void)close(set->fd);
    ant_mem_free(set);
    poller->own = NULL;
}

static int add(const epoll_set *set, int fd, uint32_t events, void *what)
{
    struct epoll_event event = { .events = events, .data = { .ptr = what } };
    return epoll_ctl(set->fd, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

int ant__poller_watch(ant_poller *poller, ant_descriptor *self)
{
    const int err = add(poller->own, self->fd,
                        EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET, self);
    // A file is always ready, and epoll knows nothing of it.
    return err == -EPERM ? 0 : err;
}

// A child that was forked by others may still have the descriptor open, so
// that closing it would not be enough.
void ant__poller_unwatch(ant_poller *poller, ant_descriptor *self)
{
    ant_os_mutex_lock(&poller->lock);
    if (!poller->is_closed) {
        const epoll_set *set = poller->own;
        (void)epoll_ctl(set->fd, EPOLL_CTL_DEL, self->fd, NULL);
    }
    ant_os_mutex_unlock(&poller->lock);
    (void)close(self->fd);
}

void ant__poller_arm(ant_source *source, ant_side side)
{
    (void)source, (void)side;
}

void ant__poller_forget(ant_poller *poller, ant_descriptor *self)
{
    (void)poller, (void)self;
}

void ant__poller_interrupt(ant_poller *poller)
{
    const epoll_set *set = poller->own;
    const uint64_t one = 1;
    const ssize_t n = write(set->interrupt, &one, sizeof one);
    (void)n; // it is full after 2^64 interrupts, and then it is ready
}

bool ant__poller_wait(ant_poller *poller, uint64_t wait_ns, int event_max)
{
    epoll_set *set = poller->own;
    ant__poller_free_dead(poller);
    const int ms = wait_ms(poller, wait_ns);
    const int count = epoll_wait(set->fd, set->event, event_max, ms);
    set->event_count = count > 0 ? count : 0; // a signal may have come
    const bool is_interrupt =
        set->event_count == 1 && set->event[0].data.ptr == &set->interrupt;
    return (set->event_count > 0 && !is_interrupt) || poller->must_run;
}

// Rounded up: it waits for a timer, which is never early. When the loop has
// something to do by itself, it does not wait.
static int wait_ms(ant_poller *poller, uint64_t wait_ns)
{
    if (uv_backend_timeout(&poller->loop) == 0) poller->must_run = true;
    if (poller->must_run) return 0;
    if (wait_ns == ANT_NS_NEVER) return -1;
    const uint64_t ms = (wait_ns + ANT_NS_PER_MS - 1) / ANT_NS_PER_MS;
    return ms < INT32_MAX ? (int)ms : INT32_MAX;
}

void ant__poller_handle(ant_poller *poller)
{
    epoll_set *set = poller->own;
    bool must_run = poller->must_run;
    poller->must_run = false;
    for (int i = 0; i < set->event_count; i++) {
        fetch_ahead(set, i);
        void *what = set->event[i].data.ptr;
        if (what == &set->interrupt) continue;
        if (what == &poller->loop)
            must_run = true;
        else
            say_edges(what, set->event[i].events);
    }
    set->event_count = 0;
    if (must_run) (void)uv_run(&poller->loop, UV_RUN_NOWAIT);
    ant__poller_tell_news(poller);
}

// Of ten thousand sources none is in the cache when its event comes. While one
// is told, those that come soon are on their way.
static void fetch_ahead(const epoll_set *set, int i)
{
    const int ahead = i + 4;
    if (ahead >= set->event_count) return;
    const char *soon = set->event[ahead].data.ptr;
    for (size_t at = 0; at < sizeof(ant_descriptor); at += 64)
        ANT_PREFETCH(soon + at);
}

static void say_edges(ant_source *source, uint32_t events)
{
    const uint32_t both = EPOLLERR | EPOLLHUP;
    uint32_t in = 0;
    uint32_t out = 0;
    if (events & (EPOLLIN | EPOLLRDHUP | both)) in |= ANT_SIDE_READY;
    if (events & (EPOLLRDHUP | EPOLLHUP)) in |= ANT_SIDE_ENDS;
    if (events & (EPOLLOUT | both)) out |= ANT_SIDE_READY;
    if (events & EPOLLHUP) out |= ANT_SIDE_ENDS;
    ant__source_edges(source, ANT_SIDE_FLAGS(ANT_SIDE_IN, in) |
                                  ANT_SIDE_FLAGS(ANT_SIDE_OUT, out));
}
