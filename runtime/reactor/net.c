// SPDX-License-Identifier: MIT

#include "reactor/net.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/sockaddr.h"

// What a new source is.
typedef struct source_desc {
    ant_poller *poller;
    const ant_source_ops *ops;
    uint32_t kind;
    const ant_addr *name; // or NULL
    bool is_stream;
    bool is_connecting;
} source_desc;

static int open_source(const source_desc *desc, int fd,
                       ant_source **ret_source);
static int open_socket(const ant_addr *addr, int type);
static int bind_socket(int fd, const ant_addr *addr);
static int own_addr(int fd, ant_addr *ret_addr);
static int fd_of(const ant_source *source);
static bool is_of_one_peer(int err);
static void ignore_broken_pipes(void);

static const ant_source_ops stream_ops;
static const ant_source_ops listener_ops;
static const ant_source_ops datagram_ops;
static const ant_source_ops pipe_ops;

// ---- Making sources ----

static int net_listen(ant_net *net, const ant_addr *addr, uint32_t backlog,
                      ant_source **ret_source)
{
    const source_desc desc = { ((ant_reactor_net *)(void *)net)->poller,
                               &listener_ops,
                               ANT_RES_LISTENER,
                               addr,
                               false,
                               false };
    const int fd = open_socket(addr, SOCK_STREAM);
    if (fd < 0) return fd;
    const int on = 1;
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    int err = bind_socket(fd, addr);
    if (err == 0 && listen(fd, (int)backlog) < 0) err = -errno;
    if (err == 0) err = open_source(&desc, fd, ret_source);
    if (err < 0) (void)close(fd);
    return err;
}

static int net_connect(ant_net *net, const ant_addr *addr,
                       ant_source **ret_source)
{
    source_desc desc = { ((ant_reactor_net *)(void *)net)->poller,
                         &stream_ops,
                         ANT_RES_SOCKET,
                         addr,
                         true,
                         false };
    const int fd = open_socket(addr, SOCK_STREAM);
    if (fd < 0) return fd;
    int err = 0;
    if (connect(fd, &ant__sockaddr_in(addr)->any, addr->len) < 0) err = -errno;
    if (err == -EINPROGRESS || err == -EINTR) {
        desc.is_connecting = true;
        err = 0;
    }
    // Before it is asked to connect, a socket says that it has hung up.
    if (err == 0) err = open_source(&desc, fd, ret_source);
    if (err < 0) (void)close(fd);
    return err;
}

static int net_bind_datagram(ant_net *net, const ant_addr *addr,
                             ant_source **ret_source)
{
    const source_desc desc = { ((ant_reactor_net *)(void *)net)->poller,
                               &datagram_ops,
                               ANT_RES_SOCKET,
                               addr,
                               false,
                               false };
    const int fd = open_socket(addr, SOCK_DGRAM);
    if (fd < 0) return fd;
    int err = bind_socket(fd, addr);
    if (err == 0) err = open_source(&desc, fd, ret_source);
    if (err < 0) (void)close(fd);
    return err;
}

static int net_pair(ant_net *net, ant_source *ret_source[2])
{
    const source_desc desc = { ((ant_reactor_net *)(void *)net)->poller,
                               &stream_ops,
                               ANT_RES_SOCKET,
                               NULL,
                               true,
                               false };
    int fd[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, fd) <
        0)
        return -errno;
    int err = open_source(&desc, fd[0], &ret_source[0]);
    if (err < 0) {
        (void)close(fd[0]);
        (void)close(fd[1]);
        return err;
    }
    err = open_source(&desc, fd[1], &ret_source[1]);
    if (err == 0) return 0;
    (void)close(fd[1]);
    ant__source_unref(ret_source[0]);
    return err;
}

static int net_adopt(ant_net *net, int fd, ant_source **ret_source)
{
    source_desc desc = { ((ant_reactor_net *)(void *)net)->poller,
                         &pipe_ops,
                         ANT_RES_PIPE,
                         NULL,
                         false,
                         false };
    struct stat about;
    if (fstat(fd, &about) < 0) return -errno;
    const int flags = fcntl(fd, F_GETFL);
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0) return -errno;
    (void)fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (S_ISSOCK(about.st_mode)) {
        desc.ops = &stream_ops;
        desc.kind = ANT_RES_SOCKET;
    } else {
        ignore_broken_pipes();
    }
    return open_source(&desc, fd, ret_source);
}

static int open_source(const source_desc *desc, int fd, ant_source **ret_source)
{
    ant_descriptor *self = ant_mem_alloc(sizeof *self);
    if (self == NULL) return -ENOMEM;
    ant_source *source = &self->source;
    ant__source_init(source, desc->ops, desc->kind);
    source->is_stream = desc->is_stream;
    if (desc->is_connecting)
        ant_atomic_store(&source->state,
                         ANT_SIDE_FLAGS(ANT_SIDE_IN, ANT_SIDE_READY),
                         ANT_RELAXED);
    if (desc->name != NULL) {
        char text[ANT_ADDR_TEXT_MAX];
        ant_addr own = *desc->name;
        // Port 0 was a wish, not a place.
        if (desc->ops != &stream_ops) (void)own_addr(fd, &own);
        ant_addr_format(&own, text, sizeof text);
        ant__source_name(source, text);
    }
    const int err = ant__descriptor_open(desc->poller, self, fd);
    if (err == 0) *ret_source = source;
    return err;
}

static int open_socket(const ant_addr *addr, int type)
{
    const int fd = socket(ant__sockaddr_in(addr)->any.sa_family,
                          type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    return fd >= 0 ? fd : -errno;
}

static int bind_socket(int fd, const ant_addr *addr)
{
    return bind(fd, &ant__sockaddr_in(addr)->any, addr->len) == 0 ? 0 : -errno;
}

static int own_addr(int fd, ant_addr *ret_addr)
{
    ant_addr addr = { .len = ANT_ADDR_BYTES_MAX };
    if (getsockname(fd, &ant__sockaddr_of(&addr)->any, &addr.len) < 0)
        return -errno;
    *ret_addr = addr;
    return 0;
}

// Sockets are written to with a flag; a pipe has none, and would end the whole
// program. Not when the program has its own mind about it.
static void ignore_broken_pipes(void)
{
    struct sigaction now;
    if (sigaction(SIGPIPE, NULL, &now) < 0) return;
    if ((now.sa_flags & SA_SIGINFO) || now.sa_handler != SIG_DFL) return;
    now.sa_handler = SIG_IGN;
    (void)sigaction(SIGPIPE, &now, NULL);
}

// ---- What they do ----

static int fd_of(const ant_source *source)
{
    return ((const ant_descriptor *)(const void *)source)->fd;
}

static int64_t stream_read(ant_source *source, void *to, size_t len)
{
    ssize_t n;
    do {
        n = recv(fd_of(source), to, len, 0);
    } while (n < 0 && errno == EINTR);
    return n >= 0 ? n : -errno;
}

static int64_t stream_write(ant_source *source, const void *from, size_t len)
{
    ssize_t n;
    do {
        n = send(fd_of(source), from, len, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    return n >= 0 ? n : -errno;
}

static int stream_connected(ant_source *source)
{
    int err = 0;
    socklen_t len = sizeof err;
    if (getsockopt(fd_of(source), SOL_SOCKET, SO_ERROR, &err, &len) < 0)
        return -errno;
    if (err != 0) return -err;
    ant_addr peer = { .len = ANT_ADDR_BYTES_MAX };
    if (getpeername(fd_of(source), &ant__sockaddr_of(&peer)->any, &peer.len) ==
        0)
        return 0;
    return errno == ENOTCONN ? -EAGAIN : -errno;
}

static int stream_shutdown(ant_source *source)
{
    return shutdown(fd_of(source), SHUT_WR) == 0 ? 0 : -errno;
}

static int stream_peer(ant_source *source, ant_addr *ret_addr)
{
    ant_addr addr = { .len = ANT_ADDR_BYTES_MAX };
    if (getpeername(fd_of(source), &ant__sockaddr_of(&addr)->any, &addr.len) <
        0)
        return -errno;
    *ret_addr = addr;
    return 0;
}

static int socket_local(ant_source *source, ant_addr *ret_addr)
{
    return own_addr(fd_of(source), ret_addr);
}

static int stream_set_nodelay(ant_source *source, bool is_on)
{
    const int on = is_on;
    return setsockopt(fd_of(source), IPPROTO_TCP, TCP_NODELAY, &on,
                      sizeof on) == 0
               ? 0
               : -errno;
}

static int listener_accept(ant_source *source, ant_source **ret_source)
{
    ant_descriptor *self = (ant_descriptor *)(void *)source;
    ant_addr peer = { .len = ANT_ADDR_BYTES_MAX };
    int fd;
    do { // ends when nobody is left who has given up
        peer.len = ANT_ADDR_BYTES_MAX;
        fd = accept4(self->fd, &ant__sockaddr_of(&peer)->any, &peer.len,
                     SOCK_NONBLOCK | SOCK_CLOEXEC);
    } while (fd < 0 && is_of_one_peer(errno));
    if (fd < 0) return -errno;
    const source_desc desc = { self->poller, &stream_ops, ANT_RES_SOCKET,
                               &peer,        true,        false };
    const int err = open_source(&desc, fd, ret_source);
    if (err < 0) (void)close(fd);
    return err;
}

// Errors of the next connection, not of the listener: accept(2) names them.
static bool is_of_one_peer(int err)
{
    return err == EINTR || err == ECONNABORTED || err == EPROTO ||
           err == ENETDOWN || err == ENOPROTOOPT || err == EHOSTDOWN ||
           err == ENONET || err == EHOSTUNREACH || err == ENETUNREACH;
}

static int64_t datagram_recv(ant_source *source, void *to, size_t len,
                             ant_addr *ret_from)
{
    ant_addr from = { .len = ANT_ADDR_BYTES_MAX };
    const ssize_t n = recvfrom(fd_of(source), to, len, 0,
                               &ant__sockaddr_of(&from)->any, &from.len);
    if (n < 0) return -errno;
    *ret_from = from;
    return n;
}

static int64_t datagram_send(ant_source *source, const void *from, size_t len,
                             const ant_addr *to)
{
    const ssize_t n = sendto(fd_of(source), from, len, MSG_NOSIGNAL,
                             &ant__sockaddr_in(to)->any, to->len);
    return n >= 0 ? n : -errno;
}

static int64_t pipe_read(ant_source *source, void *to, size_t len)
{
    ssize_t n;
    do {
        n = read(fd_of(source), to, len);
    } while (n < 0 && errno == EINTR);
    return n >= 0 ? n : -errno;
}

static int64_t pipe_write(ant_source *source, const void *from, size_t len)
{
    ssize_t n;
    do {
        n = write(fd_of(source), from, len);
    } while (n < 0 && errno == EINTR);
    return n >= 0 ? n : -errno;
}

// ---- The tables ----

static const ant_source_ops stream_ops = {
    .read = stream_read,
    .write = stream_write,
    .connected = stream_connected,
    .shutdown = stream_shutdown,
    .local = socket_local,
    .peer = stream_peer,
    .set_nodelay = stream_set_nodelay,
    .descriptor = fd_of,
    .arm = ant__poller_arm,
    .close = ant__descriptor_close,
};

static const ant_source_ops listener_ops = {
    .accept = listener_accept,
    .local = socket_local,
    .descriptor = fd_of,
    .arm = ant__poller_arm,
    .close = ant__descriptor_close,
};

static const ant_source_ops datagram_ops = {
    .recv_from = datagram_recv,
    .send_to = datagram_send,
    .local = socket_local,
    .descriptor = fd_of,
    .arm = ant__poller_arm,
    .close = ant__descriptor_close,
};

static const ant_source_ops pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .descriptor = fd_of,
    .arm = ant__poller_arm,
    .close = ant__descriptor_close,
};

void ant__reactor_net_init(ant_reactor_net *self, ant_poller *poller,
                           struct ant_driver *driver)
{
    static const ant_net_ops ops = {
        .listen = net_listen,
        .connect = net_connect,
        .bind_datagram = net_bind_datagram,
        .pair = net_pair,
        .adopt = net_adopt,
        .look_up = ant__reactor_look_up,
        .listen_signal = ant__reactor_listen_signal,
        .raise_signal = ant__reactor_raise_signal,
        .spawn = ant__reactor_spawn,
    };
    *self = (ant_reactor_net){ .net = { &ops },
                               .poller = poller,
                               .driver = driver };
}
