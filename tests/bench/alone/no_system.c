// SPDX-License-Identifier: MIT
//
// A system in which sockets cost nothing: preloaded into an echo server, it has
// the server do all of its own work and none of the system's. What is left is
// what the runtime takes for a request, and time says what that is, which it
// does not beside a system that takes ten times as long, and never twice as
// long. tests/bench/alone.py runs servers with it.
//
// All connections are there as soon as the server listens. Each has sent 64
// bytes, and sends them again when it was answered. The server has one thread.

#include <dlfcn.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#define CONNS_MAX 20000
// Descriptors from here on are the connections; those of the system are below.
#define FIRST_FD 100000
#define SIZE     64
// Times are of so many requests, and taken so often.
#define SLICE      50000
#define SLICES_MAX 60

static int conn_count = 64;
static int accepted_count;
static int registered_count;
static struct epoll_event wish[CONNS_MAX]; // of each connection
static bool has_sent[CONNS_MAX];

// Connections that have sent, and of which the server was not told yet.
static uint32_t ring[CONNS_MAX];
static uint64_t ring_head, ring_tail;

static int listener = -1;
static struct epoll_event listener_wish;
static bool has_come; // the listener's event

static uint64_t answered_count;
static uint64_t slice_began_ns;
static double slice_ns[SLICES_MAX];
static int slice_count;

// The system's own, for what is not ours. A pointer to a function is no pointer
// to an object, so it is copied.
#define SYSTEMS(type, name)                                                    \
    type name##_of_system;                                                     \
    void *const name##_found = dlsym(RTLD_NEXT, #name);                        \
    memcpy(&name##_of_system, &name##_found, sizeof name##_of_system)

__attribute__((constructor)) static void init(void)
{
    const char *text = getenv("ALONE_CONNS");
    if (text != NULL) conn_count = (int)strtol(text, NULL, 10);
    if (conn_count < 1 || conn_count > CONNS_MAX) conn_count = 1;
}

static void send_to_server(int i)
{
    has_sent[i] = true;
    ring[ring_tail++ % CONNS_MAX] = (uint32_t)i;
}

// ---- What a server calls ----

typedef int (*listen_fn)(int fd, int backlog);
int listen(int fd, int backlog)
{
    SYSTEMS(listen_fn, listen);
    listener = fd;
    return listen_of_system(fd, backlog);
}

int accept4(int fd, struct sockaddr *addr, socklen_t *len, int flags)
{
    (void)fd, (void)flags;
    if (accepted_count >= conn_count) {
        errno = EAGAIN;
        return -1;
    }
    const struct sockaddr_in peer = {
        .sin_family = AF_INET,
        .sin_port = htons((uint16_t)(accepted_count + 1)),
        .sin_addr = { htonl(INADDR_LOOPBACK) },
    };
    if (addr != NULL) {
        memcpy(addr, &peer, sizeof peer);
        *len = sizeof peer;
    }
    return FIRST_FD + accepted_count++;
}

typedef int (*setsockopt_fn)(int fd, int level, int name, const void *value,
                             socklen_t len);
int setsockopt(int fd, int level, int name, const void *value, socklen_t len)
{
    SYSTEMS(setsockopt_fn, setsockopt);
    return fd >= FIRST_FD ? 0
                          : setsockopt_of_system(fd, level, name, value, len);
}

typedef int (*epoll_ctl_fn)(int set, int op, int fd, struct epoll_event *event);
int epoll_ctl(int set, int op, int fd, struct epoll_event *event)
{
    SYSTEMS(epoll_ctl_fn, epoll_ctl);
    const bool is_new = op == EPOLL_CTL_ADD;
    if (fd == listener && is_new) {
        listener_wish = *event;
        has_come = true;
        return 0;
    }
    if (fd < FIRST_FD) return epoll_ctl_of_system(set, op, fd, event);
    if (!is_new) return 0;
    wish[fd - FIRST_FD] = *event;
    registered_count++;
    send_to_server(fd - FIRST_FD);
    return 0;
}

int epoll_wait(int set, struct epoll_event *event, int max, int wait_ms)
{
    (void)set, (void)wait_ms;
    int count = 0;
    if (has_come) {
        event[count] = listener_wish;
        event[count++].events = EPOLLIN;
        has_come = false;
    }
    while (count < max && ring_head != ring_tail) {
        event[count] = wish[ring[ring_head++ % CONNS_MAX]];
        event[count++].events = EPOLLIN | EPOLLOUT;
    }
    return count;
}

ssize_t recv(int fd, void *to, size_t len, int flags)
{
    (void)len, (void)flags;
    const int i = fd - FIRST_FD;
    if (!has_sent[i]) {
        errno = EAGAIN;
        return -1;
    }
    has_sent[i] = false;
    memset(to, 'x', SIZE);
    return SIZE;
}

// ---- What it took ----

static uint64_t now_ns(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int by_value(const void *a, const void *b)
{
    const double left = *(const double *)a;
    const double right = *(const double *)b;
    return (left > right) - (left < right);
}

static void end_slice(void)
{
    const uint64_t now = now_ns();
    if (slice_began_ns != 0)
        slice_ns[slice_count++] = (double)(now - slice_began_ns) / SLICE;
    slice_began_ns = now;
    if (slice_count < SLICES_MAX) return;
    qsort(slice_ns, SLICES_MAX, sizeof slice_ns[0], by_value);
    fprintf(stderr, "alone %.1f %.1f\n", slice_ns[0], slice_ns[SLICES_MAX / 4]);
    _exit(0);
}

ssize_t send(int fd, const void *from, size_t len, int flags)
{
    (void)flags;
    if (len != SIZE || ((const char *)from)[SIZE - 1] != 'x') abort();
    send_to_server(fd - FIRST_FD);
    const bool is_all = registered_count == conn_count;
    if (is_all && ++answered_count % SLICE == 0) end_slice();
    return (ssize_t)len;
}
