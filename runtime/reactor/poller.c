// SPDX-License-Identifier: MIT

#include "reactor/poller.h"

#include <errno.h>

#include "base/mem.h"

// As many as a server of ten thousand connections has, 128 kB of the kernel's.
#define DESCRIPTORS_READY 16384

static void free_descriptor(ant_descriptor *self);
static bool shut_next(ant_poller *poller, ant_list *todo);

int ant__poller_new(ant_poller **ret_poller)
{
    ant_poller *poller = ant_mem_alloc(sizeof *poller);
    if (poller == NULL) return -ENOMEM;
    int err = uv_loop_init(&poller->loop);
    if (err < 0) goto no_loop;
    ant_atomic_store(&poller->refs, 1, ANT_RELAXED);
    ant_os_mutex_init(&poller->lock);
    ant_list_init(&poller->all);
    ant_list_init(&poller->dead);
    ant_list_init(&poller->signals);
    ant_list_init(&poller->children);
    ant_list_init(&poller->ended);
    err = ant__poller_own_init(poller);
    if (err < 0) goto no_own;
    // Now, for later it would be a worker that sleeps in the middle of a poll.
    ant_os_reserve_descriptors(uv_backend_fd(&poller->loop), DESCRIPTORS_READY);
    *ret_poller = poller;
    return 0;

no_own:
    ant_os_mutex_deinit(&poller->lock);
    (void)uv_loop_close(&poller->loop);
no_loop:
    ant_mem_free(poller);
    return err;
}

void ant__poller_close(ant_poller *poller)
{
    ant_os_mutex_lock(&poller->lock);
    poller->is_closed = true;
    ant_os_mutex_unlock(&poller->lock);
    ant__signals_close(poller);
    ant__children_close(poller);
    // It closes what has been told to close, and nothing waits any more.
    ant__poller_own_deinit(poller);
    ant__poller_free_dead(poller);
    const int err = uv_loop_close(&poller->loop);
    ANT_ASSERT(err == 0);
}

void ant__poller_unref(ant_poller *poller)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&poller->refs, 1, ANT_ACQ_REL) != 1) return;
    ant_os_mutex_deinit(&poller->lock);
    ant_mem_free(poller);
}

// ---- Descriptors ----

int ant__descriptor_open(ant_poller *poller, ant_descriptor *self, int fd)
{
    self->poller = poller;
    self->fd = fd;
    ant_atomic_add(&poller->refs, 1, ANT_RELAXED);
    ant_os_mutex_lock(&poller->lock);
    int err = poller->is_shut ? -ESHUTDOWN : 0;
    if (err == 0) ant_list_push_back(&poller->all, &self->place);
    ant_os_mutex_unlock(&poller->lock);
    if (err == 0 && fd >= 0) err = ant__poller_watch(poller, self);
    if (err == 0) return 0;

    ant_os_mutex_lock(&poller->lock);
    ant_list_remove(&self->place);
    ant_os_mutex_unlock(&poller->lock);
    free_descriptor(self);
    return err;
}

void ant__descriptor_close(ant_source *source)
{
    ant_descriptor *self = (ant_descriptor *)(void *)source;
    ant_poller *poller = self->poller;
    if (self->fd >= 0) ant__poller_unwatch(poller, self);
    ant_os_mutex_lock(&poller->lock);
    ant_list_remove(&self->place);
    const bool is_closed = poller->is_closed;
    bool is_many = false;
    if (!is_closed) {
        ant_list_push_back(&poller->dead, &self->place);
        is_many = ++poller->dead_count % ANT_POLLER_DEAD_MAX == 0;
        // Under the lock: or it could be closed by now.
        if (is_many) ant__poller_interrupt(poller);
    }
    ant_os_mutex_unlock(&poller->lock);
    if (is_closed) free_descriptor(self);
}

void ant__poller_free_dead(ant_poller *poller)
{
    ant_list dead;
    ant_list_init(&dead);
    ant_os_mutex_lock(&poller->lock);
    ant_list_append(&dead, &poller->dead);
    poller->dead_count = 0;
    ant_os_mutex_unlock(&poller->lock);
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&dead);
        if (link == NULL) return;
        free_descriptor(ANT_CONTAINER_OF(link, ant_descriptor, place));
    }
}

static void free_descriptor(ant_descriptor *self)
{
    ant_poller *poller = self->poller;
    ant__poller_forget(poller, self);
    ant__source_deinit(&self->source);
    ant_mem_free(self);
    ant__poller_unref(poller);
}

bool ant__poller_is_awaited(ant_poller *poller)
{
    bool is_awaited = false;
    ant_os_mutex_lock(&poller->lock);
    for (ant_list *link = poller->all.next; link != &poller->all && !is_awaited;
         link = link->next) {
        ant_descriptor *self = ANT_CONTAINER_OF(link, ant_descriptor, place);
        is_awaited = ant__source_is_awaited(&self->source);
    }
    ant_os_mutex_unlock(&poller->lock);
    return is_awaited;
}

void ant__poller_tell_news(ant_poller *poller)
{
    if (!poller->has_news) return;
    poller->has_news = false;
    ant__signals_tell(poller);
    ant__children_tell(poller);
}

// Those that are open now. Each is held while it is told, for its owner may
// close it as soon as it hears of the end.
void ant__poller_shut(ant_poller *poller)
{
    ant_list todo;
    ant_list_init(&todo);
    ant_os_mutex_lock(&poller->lock);
    poller->is_shut = true;
    ant_list_append(&todo, &poller->all);
    ant_os_mutex_unlock(&poller->lock);
    while (shut_next(poller, &todo)) {
        // Others may close theirs between two.
    }
}

static bool shut_next(ant_poller *poller, ant_list *todo)
{
    ant_descriptor *self = NULL;
    ant_os_mutex_lock(&poller->lock);
    ant_list *link = ant_list_pop_front(todo);
    if (link != NULL) {
        self = ANT_CONTAINER_OF(link, ant_descriptor, place);
        ant_list_push_back(&poller->all, &self->place);
        // One that nobody holds any more is being closed, and needs no word.
        if (!ant__source_try_ref(&self->source)) self = NULL;
    }
    ant_os_mutex_unlock(&poller->lock);
    if (self != NULL) {
        ant__source_shut(&self->source);
        ant__source_unref(&self->source);
    }
    return link != NULL;
}
