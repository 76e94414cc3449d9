// SPDX-License-Identifier: MIT
//
// The poller where there is no epoll: all of it is libuv's loop. A uv_poll_t
// tells again and again what nobody has asked about since; so it is stopped
// when it has told something, and started when somebody is about to wait. Both
// are done by whoever drives, and others leave word in a list.

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "reactor/poller.h"

typedef struct uv_set {
    // whoever drives
    uv_async_t interrupt; // ends uv_run; sent to by any thread
    uv_timer_t alarm;     // ends uv_run when the time is over
    ant_list told;        // watches that have something to tell
    // under the poller's lock
    ant_list asked; // watches that somebody waits for
} uv_set;

typedef struct watch {
    uv_poll_t handle; // first: whoever drives
    // fixed
    ant_descriptor *descriptor;
    // whoever drives
    ant_list told; // in the set's
    int events;    // that it waits for
    int come;      // that have come
    bool is_open;
    // under the poller's lock
    ant_list asked; // in the set's
    int wanted;
    int fd;        // -1 when it is closed
    bool is_known; // to libuv, or soon
} watch;

static void start_asked(ant_poller *poller);
static watch *next_asked(ant_poller *poller, int *ret_wanted);
static void start(ant_poller *poller, watch *w, int events);
static void on_poll(uv_poll_t *handle, int status, int events);
static void on_watch_closed(uv_handle_t *handle);
static void tell(watch *w);

// Only has uv_run return, which it does after any event.
static void on_interrupt(uv_async_t *interrupt)
{
    (void)interrupt;
}

// uv_run looks at its timers before it waits. An alarm that goes off there is
// no longer set when it comes to waiting, which would then have no end.
static void on_alarm(uv_timer_t *alarm)
{
    uv_stop(alarm->loop);
}

int ant__poller_own_init(ant_poller *poller)
{
    uv_set *set = ant_mem_alloc(sizeof *set);
    if (set == NULL) return -ENOMEM;
    int err = uv_async_init(&poller->loop, &set->interrupt, on_interrupt);
    if (err < 0) {
        ant_mem_free(set);
        return err;
    }
    err = uv_timer_init(&poller->loop, &set->alarm);
    ANT_ASSERT(err == 0);
    ant_list_init(&set->told);
    ant_list_init(&set->asked);
    poller->own = set;
    return 0;
}

// Descriptors that are still open go on without libuv.
void ant__poller_own_deinit(ant_poller *poller)
{
    uv_set *set = poller->own;
    ant_list *link = poller->all.next;
    for (; link != &poller->all; link = link->next) {
        watch *w = ANT_CONTAINER_OF(link, ant_descriptor, place)->watch;
        if (w == NULL || !w->is_open) continue;
        uv_close((uv_handle_t *)&w->handle, NULL);
        w->is_open = false;
    }
    ant__poller_free_dead(poller);
    uv_close((uv_handle_t *)&set->interrupt, NULL);
    uv_close((uv_handle_t *)&set->alarm, NULL);
    (void)uv_run(&poller->loop, UV_RUN_DEFAULT);
    poller->own = NULL;
    ant_mem_free(set);
}

// ---- Descriptors ----

int ant__poller_watch(ant_poller *poller, ant_descriptor *self)
{
    (void)poller;
    watch *w = ant_mem_alloc(sizeof *w);
    if (w == NULL) return -ENOMEM;
    w->descriptor = self;
    w->fd = self->fd;
    self->watch = w;
    return 0;
}

void ant__poller_arm(ant_source *source, ant_side side)
{
    ant_descriptor *self = (ant_descriptor *)(void *)source;
    ant_poller *poller = self->poller;
    watch *w = self->watch;
    ant_os_mutex_lock(&poller->lock);
    if (!poller->is_closed) {
        uv_set *set = poller->own;
        w->wanted |= side == ANT_SIDE_IN ? UV_READABLE : UV_WRITABLE;
        w->is_known = true;
        if (!ant_list_is_linked(&w->asked))
            ant_list_push_back(&set->asked, &w->asked);
        ant__poller_interrupt(poller);
    }
    ant_os_mutex_unlock(&poller->lock);
}

// What libuv has, whoever drives is called to give back. Until then nobody
// shall be able to connect.
void ant__poller_unwatch(ant_poller *poller, ant_descriptor *self)
{
    watch *w = self->watch;
    int listens = 0;
    socklen_t len = sizeof listens;
    (void)getsockopt(self->fd, SOL_SOCKET, SO_ACCEPTCONN, &listens, &len);
    if (listens != 0) (void)shutdown(self->fd, SHUT_RDWR);
    ant_os_mutex_lock(&poller->lock);
    if (!w->is_known) {
        (void)close(w->fd);
        w->fd = -1;
    }
    if (!poller->is_closed) ant__poller_interrupt(poller);
    ant_os_mutex_unlock(&poller->lock);
}

void ant__poller_forget(ant_poller *poller, ant_descriptor *self)
{
    watch *w = self->watch;
    if (w == NULL) return;
    ant_list_remove(&w->told);
    ant_os_mutex_lock(&poller->lock);
    ant_list_remove(&w->asked);
    ant_os_mutex_unlock(&poller->lock);
    if (w->is_open) {
        uv_close((uv_handle_t *)&w->handle, on_watch_closed);
        return;
    }
    if (w->fd >= 0) (void)close(w->fd);
    ant_mem_free(w);
}

static void on_watch_closed(uv_handle_t *handle)
{
    watch *w = (watch *)(void *)handle;
    (void)close(w->fd);
    ant_mem_free(w);
}

// ---- Waiting ----

void ant__poller_interrupt(ant_poller *poller)
{
    uv_set *set = poller->own;
    const int err = uv_async_send(&set->interrupt);
    ANT_ASSERT(err == 0);
}

bool ant__poller_wait(ant_poller *poller, uint64_t wait_ns, int event_max)
{
    (void)event_max; // libuv calls for all there are
    uv_set *set = poller->own;
    ant__poller_free_dead(poller);
    start_asked(poller);
    const bool waits = wait_ns > 0 && ant_list_is_empty(&set->told);
    if (waits && wait_ns != ANT_NS_NEVER) {
        // Rounded up: it waits for a timer, which is never early.
        uv_update_time(&poller->loop);
        const int err = uv_timer_start(&set->alarm, on_alarm,
                                       (wait_ns - 1) / ANT_NS_PER_MS + 1, 0);
        ANT_ASSERT(err == 0);
    } else {
        (void)uv_timer_stop(&set->alarm);
    }
    (void)uv_run(&poller->loop, waits ? UV_RUN_ONCE : UV_RUN_NOWAIT);
    return !ant_list_is_empty(&set->told) || poller->has_news;
}

static void start_asked(ant_poller *poller)
{
    int wanted;
    watch *w;
    while ((w = next_asked(poller, &wanted)) != NULL)
        start(poller, w, w->events | wanted);
}

static watch *next_asked(ant_poller *poller, int *ret_wanted)
{
    uv_set *set = poller->own;
    watch *w = NULL;
    ant_os_mutex_lock(&poller->lock);
    ant_list *link = ant_list_pop_front(&set->asked);
    if (link != NULL) {
        w = ANT_CONTAINER_OF(link, watch, asked);
        *ret_wanted = w->wanted;
        w->wanted = 0;
    }
    ant_os_mutex_unlock(&poller->lock);
    return w;
}

// What cannot be watched is tried again and says itself what is wrong.
static void start(ant_poller *poller, watch *w, int events)
{
    int err = 0;
    if (!w->is_open) {
        err = uv_poll_init(&poller->loop, &w->handle, w->fd);
        w->is_open = err == 0;
    }
    if (err == 0)
        err = uv_poll_start(&w->handle, events | UV_DISCONNECT, on_poll);
    w->events = events;
    if (err < 0) on_poll(&w->handle, err, events);
}

// An error and an end concern both sides.
static void on_poll(uv_poll_t *handle, int status, int events)
{
    watch *w = (watch *)(void *)handle;
    uv_set *set = w->descriptor->poller->own;
    if (status < 0 || (events & UV_DISCONNECT))
        events |= UV_READABLE | UV_WRITABLE;
    w->come |= events;
    w->events &= ~events;
    if (w->is_open && w->events != 0)
        (void)uv_poll_start(handle, w->events | UV_DISCONNECT, on_poll);
    else if (w->is_open)
        (void)uv_poll_stop(handle);
    if (!ant_list_is_linked(&w->told)) ant_list_push_back(&set->told, &w->told);
}

void ant__poller_handle(ant_poller *poller)
{
    uv_set *set = poller->own;
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&set->told);
        if (link == NULL) break;
        tell(ANT_CONTAINER_OF(link, watch, told));
    }
    ant__poller_tell_news(poller);
}

static void tell(watch *w)
{
    const int come = w->come;
    w->come = 0;
    ant_source *source = &w->descriptor->source;
    if (come & UV_READABLE)
        ant__source_edge(source, ANT_SIDE_IN, ANT_SIDE_READY);
    if (come & UV_WRITABLE)
        ant__source_edge(source, ANT_SIDE_OUT, ANT_SIDE_READY);
}
