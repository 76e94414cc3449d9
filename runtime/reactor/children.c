// SPDX-License-Identifier: MIT
//
// Child processes, which libuv starts and reaps. A child is a source without a
// descriptor; libuv's handle holds one reference to it until it has ended, so
// that one whose handle was closed is still cleared away.

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/process.h"
#include "reactor/net.h"

typedef struct child {
    ant_descriptor descriptor; // first
    uv_process_t handle;       // whoever drives
    ant_list place;            // in poller->children, whoever drives
    // under the poller's lock
    bool has_ended;
    int64_t status;
} child;

// The streams of a new child: this side's ends, and its own.
typedef struct streams {
    int mine[3];
    int its[3]; // -1: this program's
} streams;

static const ant_source_ops child_ops;

static int open_streams(const ant_process_desc *desc, streams *ret_streams);
static void close_all(int fd[3]);
static int start(ant_reactor_net *self, const ant_process_desc *desc,
                 const streams *s, child *new_one);
static int keep_streams(ant_net *net, streams *s, ant_child *ret_child);
static void on_end(uv_process_t *handle, int64_t status, int signum);
static void on_closed(uv_handle_t *handle);

int ant__reactor_spawn(ant_net *net, const ant_process_desc *desc,
                       ant_child *ret_child)
{
    ant_reactor_net *self = (ant_reactor_net *)(void *)net;
    streams s;
    int err = open_streams(desc, &s);
    if (err < 0) return err;
    err = keep_streams(net, &s, ret_child);
    child *new_one = NULL;
    if (err == 0) {
        new_one = ant_mem_alloc(sizeof *new_one);
        if (new_one == NULL) err = -ENOMEM;
    }
    if (err == 0) {
        ant__source_init(&new_one->descriptor.source, &child_ops,
                         ANT_RES_PROCESS);
        err = ant__descriptor_open(self->poller, &new_one->descriptor, -1);
    }
    if (err == 0) err = start(self, desc, &s, new_one);
    close_all(s.its);
    if (err == 0) {
        ret_child->source = &new_one->descriptor.source;
        ret_child->pid = new_one->handle.pid;
        return 0;
    }
    ant_io_close(&ret_child->in);
    ant_io_close(&ret_child->out);
    ant_io_close(&ret_child->err);
    return err;
}

// ---- Streams ----

// Ends of socket pairs rather than of pipes: a write to a child that is gone is
// then an error, and no signal.
static int open_streams(const ant_process_desc *desc, streams *ret_streams)
{
    const ant_stdio wish[3] = { desc->in, desc->out, desc->err };
    streams s = { .mine = { -1, -1, -1 }, .its = { -1, -1, -1 } };
    int err = 0;
    for (int i = 0; i < 3 && err == 0; i++) {
        int fd[2];
        if (wish[i] == ANT_STDIO_NULL) {
            s.its[i] = open("/dev/null", O_RDWR | O_CLOEXEC);
            if (s.its[i] < 0) err = -errno;
        } else if (wish[i] == ANT_STDIO_PIPE) {
            if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fd) < 0) {
                err = -errno;
                continue;
            }
            s.mine[i] = fd[0];
            s.its[i] = fd[1];
            (void)shutdown(fd[0], i == 0 ? SHUT_RD : SHUT_WR);
        }
    }
    if (err < 0) {
        close_all(s.mine);
        close_all(s.its);
        return err;
    }
    *ret_streams = s;
    return 0;
}

static void close_all(int fd[3])
{
    for (int i = 0; i < 3; i++) {
        if (fd[i] >= 0) (void)close(fd[i]);
        fd[i] = -1;
    }
}

// Makes handles of this side's ends. After an error none is open.
static int keep_streams(ant_net *net, streams *s, ant_child *ret_child)
{
    ant_io *const to[3] = { &ret_child->in, &ret_child->out, &ret_child->err };
    static const char *const name[3] = { "child, stdin", "child, stdout",
                                         "child, stderr" };
    int err = 0;
    for (int i = 0; i < 3 && err == 0; i++) {
        ant_source *source;
        if (s->mine[i] < 0) continue;
        err = net->ops->adopt(net, s->mine[i], &source);
        if (err < 0) continue;
        s->mine[i] = -1; // the source's
        ant__source_name(source, name[i]);
        *to[i] = ant__io_of(source);
    }
    close_all(s->mine);
    return err;
}

// ---- Life and death ----

static int start(ant_reactor_net *self, const ant_process_desc *desc,
                 const streams *s, child *new_one)
{
    uv_stdio_container_t stdio[3];
    for (int i = 0; i < 3; i++) {
        stdio[i].flags = UV_INHERIT_FD;
        stdio[i].data.fd = s->its[i] >= 0 ? s->its[i] : i;
    }
    // libuv changes nothing of them.
    const uv_process_options_t options = {
        .exit_cb = on_end,
        .file = desc->argv[0],
        .args = (char **)(uintptr_t)desc->argv,
        .env = (char **)(uintptr_t)desc->env,
        .cwd = desc->folder,
        .stdio_count = 3,
        .stdio = stdio,
    };
    ant_source *source = &new_one->descriptor.source;
    ant_poller *poller = self->poller;
    ant__source_ref(source); // the handle's
    ant__reactor_borrow(self->driver);
    const int err = uv_spawn(&poller->loop, &new_one->handle, &options);
    poller->must_run = true;
    if (err == 0)
        ant_list_push_back(&poller->children, &new_one->place);
    else
        uv_close((uv_handle_t *)&new_one->handle, on_closed);
    ant__reactor_give_back(self->driver);
    if (err < 0) ant__source_unref(source);
    return err;
}

static child *child_of(uv_process_t *handle)
{
    return ANT_CONTAINER_OF(handle, child, handle);
}

static void on_end(uv_process_t *handle, int64_t status, int signum)
{
    child *self = child_of(handle);
    ant_poller *poller = self->descriptor.poller;
    ant_list_remove(&self->place);
    ant_list_push_back(&poller->ended, &self->place);
    poller->has_news = true;
    ant_os_mutex_lock(&poller->lock);
    self->has_ended = true;
    self->status = signum != 0 ? 128 + signum : status;
    ant_os_mutex_unlock(&poller->lock);
}

void ant__children_tell(ant_poller *poller)
{
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&poller->ended);
        if (link == NULL) return;
        child *self = ANT_CONTAINER_OF(link, child, place);
        ant__source_edge(&self->descriptor.source, ANT_SIDE_IN,
                         ANT_SIDE_READY | ANT_SIDE_ENDS);
        uv_close((uv_handle_t *)&self->handle, on_closed);
        poller->must_run = true;
    }
}

static void on_closed(uv_handle_t *handle)
{
    ant__source_unref(&child_of((uv_process_t *)handle)->descriptor.source);
}

// Those that still run do so without being waited for.
void ant__children_close(ant_poller *poller)
{
    ant_list_append(&poller->children, &poller->ended);
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&poller->children);
        if (link == NULL) return;
        child *self = ANT_CONTAINER_OF(link, child, place);
        uv_close((uv_handle_t *)&self->handle, on_closed);
    }
}

static int64_t child_take(ant_source *source)
{
    child *self = (child *)(void *)source;
    ant_poller *poller = self->descriptor.poller;
    ant_os_mutex_lock(&poller->lock);
    const int64_t status = self->has_ended ? self->status : -EAGAIN;
    ant_os_mutex_unlock(&poller->lock);
    return status;
}

// Under the lock: until it has ended, its number is nobody else's.
static int child_kill(ant_source *source, int signum)
{
    child *self = (child *)(void *)source;
    ant_poller *poller = self->descriptor.poller;
    int err = -ESRCH;
    ant_os_mutex_lock(&poller->lock);
    if (!self->has_ended)
        err = kill(self->handle.pid, signum) == 0 ? 0 : -errno;
    ant_os_mutex_unlock(&poller->lock);
    return err;
}

static const ant_source_ops child_ops = {
    .take = child_take,
    .kill = child_kill,
    .close = ant__descriptor_close,
};
