// SPDX-License-Identifier: MIT

#include "fetch/watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include "base/mem.h"
#include "io/pipe.h"

ant_atomic_u64 ant__fetch_look_count;

static void on_clone(ant_wakeable *wakeable);
static void on_wake(ant_wakeable *wakeable, ant_why why);
static void on_drop(ant_wakeable *wakeable);
static void ref(ant__fetch_watch *watch);
static void unref(ant__fetch_watch *watch);
static int adopt_copy(curl_socket_t socket, ant_io *ret_io);
static void look_again(ant__fetch_watch *watch);
static int try_both(ant__fetch_watch *watch, ant_cx *cx);
static int64_t try_in(ant_source *source, void *arg);
static int64_t try_out(ant_source *source, void *arg);

// ---- Its life ----

int ant__fetch_watch_new(ant_woken *woken, curl_socket_t socket,
                         ant__fetch_watch **ret_watch)
{
    static const ant_waker_ops ops = { on_clone, on_wake, on_drop, NULL };
    ant__fetch_watch *watch = ant_mem_alloc(sizeof *watch);
    const int err = watch != NULL ? adopt_copy(socket, &watch->io) : -ENOMEM;
    if (err < 0) {
        ant_mem_free(watch);
        return err;
    }
    ant_io_name(&watch->io, "fetch");
    watch->wakeable.ops = &ops;
    watch->woken = woken;
    ant__woken_ref(woken);
    watch->socket = socket;
    watch->in = ant__source_op(watch->io.source, ANT_SIDE_IN, 0);
    watch->out = ant__source_op(watch->io.source, ANT_SIDE_OUT, 0);
    ref(watch);
    *ret_watch = watch;
    return 0;
}

static int adopt_copy(curl_socket_t socket, ant_io *ret_io)
{
    const int fd = fcntl(socket, F_DUPFD_CLOEXEC, 3);
    if (fd < 0) return -errno;
    const int err = ant_io_adopt(fd, ret_io);
    if (err < 0) (void)close(fd);
    return err;
}

void ant__fetch_watch_end(ant__fetch_watch *watch)
{
    watch->is_over = true;
    ant__source_op_end(&watch->in);
    ant__source_op_end(&watch->out);
    ant_io_close(&watch->io);
    if (!ant__woken_retire(&watch->link)) unref(watch);
}

static void ref(ant__fetch_watch *watch)
{
    // relaxed: whoever adds a reference has one, or has just made the watch.
    ant_atomic_add(&watch->refs, 1, ANT_RELAXED);
}

static void unref(ant__fetch_watch *watch)
{
    // acq_rel: all uses happen before the free.
    if (ant_atomic_sub(&watch->refs, 1, ANT_ACQ_REL) > 1) return;
    ant__woken_unref(watch->woken);
    ant_mem_free(watch);
}

// ---- As something that can be woken ----

static ant__fetch_watch *watch_of(ant_wakeable *wakeable)
{
    return ANT_CONTAINER_OF(wakeable, ant__fetch_watch, wakeable);
}

static void on_clone(ant_wakeable *wakeable)
{
    ref(watch_of(wakeable));
}

static void on_wake(ant_wakeable *wakeable, ant_why why)
{
    ant__fetch_watch *watch = watch_of(wakeable);
    // Nobody takes the link of a driver that is over: its reference ends here.
    if (!ant__woken_add(watch->woken, &watch->link, why)) unref(watch);
}

static void on_drop(ant_wakeable *wakeable)
{
    unref(watch_of(wakeable));
}

// ---- Looking ----

void ant__fetch_watch_want(ant__fetch_watch *watch, int wanted)
{
    watch->wanted = wanted;
    look_again(watch);
}

// As if it had been woken.
static void look_again(ant__fetch_watch *watch)
{
    (void)ant__woken_add(watch->woken, &watch->link,
                         (ant_why){ .via = ANT_VIA_IO });
}

// Those that have gone are passed over: their links were still in the row then.
ant__fetch_watch *ant__fetch_watch_pop(ant_woken_row *row)
{
    ant_woken_link *link;
    while ((link = ant__woken_pop(row)) != NULL) {
        // ends: each turn takes one away
        ant__fetch_watch *watch =
            ANT_CONTAINER_OF(link, ant__fetch_watch, link);
        if (!watch->is_over) return watch;
        unref(watch);
    }
    return NULL;
}

// With its own waker in the place of the task's.
int ant__fetch_watch_look(ant__fetch_watch *watch, ant_cx *cx)
{
    const ant_waker task = cx->waker;
    ant__woken_reset(&watch->link);
    cx->waker = (ant_waker){ &watch->wakeable };
    const int how = try_both(watch, cx);
    cx->waker = task;
    if (how != 0) look_again(watch);
    return how;
}

static int try_both(ant__fetch_watch *watch, ant_cx *cx)
{
    int how = 0;
    if (watch->wanted & CURL_POLL_IN) {
        const int64_t n = ant__source_poll(&watch->in, try_in, NULL, 0, cx);
        if (n != -EAGAIN) how |= n > 0 ? CURL_CSELECT_IN : CURL_CSELECT_ERR;
    }
    if (watch->wanted & CURL_POLL_OUT) {
        const int64_t n = ant__source_poll(&watch->out, try_out, NULL, 0, cx);
        if (n != -EAGAIN) how |= n > 0 ? CURL_CSELECT_OUT : CURL_CSELECT_ERR;
    }
    return how;
}

// Is it ready still?
static int64_t try_side(const ant_source *source, short events)
{
    struct pollfd fd = { .fd = source->ops->descriptor(source),
                         .events = events };
    // relaxed: a count.
    ant_atomic_add(&ant__fetch_look_count, 1, ANT_RELAXED);
    return poll(&fd, 1, 0) > 0 ? 1 : -EAGAIN;
}

static int64_t try_in(ant_source *source, void *arg)
{
    (void)arg;
    return try_side(source, POLLIN);
}

static int64_t try_out(ant_source *source, void *arg)
{
    (void)arg;
    return try_side(source, POLLOUT);
}
