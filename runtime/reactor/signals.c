// SPDX-License-Identifier: MIT
//
// Signals of the real world. For each that was ever asked for there is one
// watch in libuv's loop, as long as the reactor lives; a listener is a source
// without a descriptor, in the watch's list. The loop's thread says to each
// that a signal has come, and whoever takes it makes that undone.

#include <errno.h>

#include "base/mem.h"
#include "reactor/net.h"

// One signal.
typedef struct watch {
    uv_signal_t handle; // first: whoever drives
    ant_list place;     // in poller->signals, whoever drives
    ant_poller *poller;
    bool has_come;      // whoever drives: and its listeners do not know
    ant_list listeners; // under the poller's lock
} watch;

typedef struct listener {
    ant_descriptor descriptor; // first
    ant_list place;            // in its watch's, under the poller's lock
    ant_atomic_u8 has_come;
} listener;

static const ant_source_ops listener_ops;

static int find_watch(ant_poller *poller, int signum, watch **ret_watch);
static void on_signal(uv_signal_t *handle, int signum);
static void tell_listeners(watch *w);
static listener *next_untold(const watch *w);
static void on_closed(uv_handle_t *handle);

int ant__reactor_listen_signal(ant_net *net, int signum,
                               ant_source **ret_source)
{
    ant_reactor_net *self = (ant_reactor_net *)(void *)net;
    listener *new_one = ant_mem_alloc(sizeof *new_one);
    if (new_one == NULL) return -ENOMEM;
    ant__source_init(&new_one->descriptor.source, &listener_ops,
                     ANT_RES_SIGNAL);
    int err = ant__descriptor_open(self->poller, &new_one->descriptor, -1);
    if (err < 0) return err;
    watch *w = NULL;
    ant__reactor_borrow(self->driver);
    err = find_watch(self->poller, signum, &w);
    ant__reactor_give_back(self->driver);
    if (err == 0) {
        ant_os_mutex_lock(&self->poller->lock);
        ant_list_push_back(&w->listeners, &new_one->place);
        ant_os_mutex_unlock(&self->poller->lock);
        *ret_source = &new_one->descriptor.source;
    } else {
        ant__source_unref(&new_one->descriptor.source);
    }
    return err;
}

// Whoever has the loop.
static int find_watch(ant_poller *poller, int signum, watch **ret_watch)
{
    ant_list *link = poller->signals.next;
    for (; link != &poller->signals; link = link->next) {
        *ret_watch = ANT_CONTAINER_OF(link, watch, place);
        if ((*ret_watch)->handle.signum == signum) return 0;
    }
    watch *w = ant_mem_alloc(sizeof *w);
    if (w == NULL) return -ENOMEM;
    w->poller = poller;
    ant_list_init(&w->listeners);
    int err = uv_signal_init(&poller->loop, &w->handle);
    if (err < 0) {
        ant_mem_free(w);
        return err;
    }
    err = uv_signal_start(&w->handle, on_signal, signum);
    poller->must_run = true;
    if (err < 0) {
        uv_close((uv_handle_t *)&w->handle, on_closed);
        return err;
    }
    ant_list_push_back(&poller->signals, &w->place);
    *ret_watch = w;
    return 0;
}

static void on_closed(uv_handle_t *handle)
{
    ant_mem_free(handle);
}

void ant__signals_close(ant_poller *poller)
{
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&poller->signals);
        if (link == NULL) return;
        watch *w = ANT_CONTAINER_OF(link, watch, place);
        // Those who still listen are in no list any more.
        ant_os_mutex_lock(&poller->lock);
        while (ant_list_pop_front(&w->listeners) != NULL)
            continue;
        ant_os_mutex_unlock(&poller->lock);
        uv_close((uv_handle_t *)&w->handle, on_closed);
    }
}

static void on_signal(uv_signal_t *handle, int signum)
{
    watch *w = (watch *)(void *)handle;
    (void)signum;
    w->has_come = true;
    w->poller->has_news = true;
}

void ant__signals_tell(ant_poller *poller)
{
    ant_list *link = poller->signals.next;
    for (; link != &poller->signals; link = link->next) {
        watch *w = ANT_CONTAINER_OF(link, watch, place);
        if (!w->has_come) continue;
        w->has_come = false;
        tell_listeners(w);
    }
}

// Each is held while it is told: it may be closed at that moment.
static void tell_listeners(watch *w)
{
    ant_poller *poller = w->poller;
    ant_os_mutex_lock(&poller->lock);
    listener *one;
    while ((one = next_untold(w)) != NULL) {
        ant_atomic_store(&one->has_come, 1, ANT_RELAXED);
        ant_source *source = &one->descriptor.source;
        if (!ant__source_try_ref(source)) continue;
        ant_os_mutex_unlock(&poller->lock);
        ant__source_edge(source, ANT_SIDE_IN, ANT_SIDE_READY);
        ant__source_unref(source);
        ant_os_mutex_lock(&poller->lock);
    }
    ant_os_mutex_unlock(&poller->lock);
}

// Under the lock. Whoever has not taken the last one need not be told of this.
static listener *next_untold(const watch *w)
{
    ant_list *link = w->listeners.next;
    for (; link != &w->listeners; link = link->next) {
        listener *one = ANT_CONTAINER_OF(link, listener, place);
        if (ant_atomic_load(&one->has_come, ANT_RELAXED) == 0) return one;
    }
    return NULL;
}

int ant__reactor_raise_signal(ant_net *net, int signum)
{
    (void)net;
    return ant_os_raise(signum);
}

static int64_t listener_take(ant_source *source)
{
    listener *self = (listener *)(void *)source;
    // relaxed: that it is worth a look was said by the edge.
    return ant_atomic_exchange(&self->has_come, 0, ANT_RELAXED) != 0 ? 0
                                                                     : -EAGAIN;
}

static void listener_close(ant_source *source)
{
    listener *self = (listener *)(void *)source;
    ant_poller *poller = self->descriptor.poller;
    ant_os_mutex_lock(&poller->lock);
    ant_list_remove(&self->place);
    ant_os_mutex_unlock(&poller->lock);
    ant__descriptor_close(source);
}

static const ant_source_ops listener_ops = {
    .take = listener_take,
    .close = listener_close,
};
