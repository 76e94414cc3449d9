// SPDX-License-Identifier: MIT

#include "sched/owned.h"

#include "core/task_block.h"

// For each volume, one after the other.
#define EACH_VOLUME(at, owned)                                                 \
    (ant_owned_volume *at = (owned)->volume;                                   \
     at < (owned)->volume + ANT_OWNED_VOLUMES; at++)

static ant_task *task_of(ant_list *link)
{
    return ANT_CONTAINER_OF(link, ant_task, owned);
}

void ant_owned_init(ant_owned *owned)
{
    for
        EACH_VOLUME(at, owned)
        {
            *at = (ant_owned_volume){ 0 };
            ant_os_mutex_init(&at->lock);
            ant_list_init(&at->tasks);
        }
}

void ant_owned_deinit(ant_owned *owned)
{
    for
        EACH_VOLUME(at, owned)
        {
            ANT_ASSERT(ant_list_is_empty(&at->tasks));
            ant_os_mutex_deinit(&at->lock);
        }
}

bool ant_owned_add(ant_owned *owned, ant_task *task, uint32_t volume)
{
    ANT_ASSERT(volume < ANT_OWNED_VOLUMES);
    ant_owned_volume *at = &owned->volume[volume];
    task->volume = (uint8_t)volume;
    ant_os_mutex_lock(&at->lock);
    const bool is_open = !at->is_closed;
    if (is_open) {
        ant_list_push_back(&at->tasks, &task->owned);
        at->count++;
        at->added++;
    }
    ant_os_mutex_unlock(&at->lock);
    return is_open;
}

// Locked.
static void take_out(ant_owned_volume *at, ant_task *task)
{
    ant_list_remove(&task->owned);
    at->count--;
}

void ant_owned_remove(ant_owned *owned, ant_task *task)
{
    ant_owned_volume *at = &owned->volume[task->volume];
    ant_os_mutex_lock(&at->lock);
    if (ant_list_is_linked(&task->owned)) take_out(at, task);
    ant_os_mutex_unlock(&at->lock);
}

static void lock_all(ant_owned *owned)
{
    for
        EACH_VOLUME(at, owned)
    ant_os_mutex_lock(&at->lock);
}

static void unlock_all(ant_owned *owned)
{
    for
        EACH_VOLUME(at, owned)
    ant_os_mutex_unlock(&at->lock);
}

void ant_owned_close(ant_owned *owned)
{
    lock_all(owned);
    for
        EACH_VOLUME(at, owned)
    at->is_closed = true;
    unlock_all(owned);
}

// Where a reader of all volumes is in each of them.
typedef struct reading {
    ant_owned *owned;
    ant_list *next[ANT_OWNED_VOLUMES];
} reading;

static reading begin_reading(ant_owned *owned)
{
    reading at = { .owned = owned };
    for (uint32_t i = 0; i < ANT_OWNED_VOLUMES; i++)
        at.next[i] = owned->volume[i].tasks.next;
    return at;
}

// The oldest task that was not read yet, NULL at the end. Locked.
static ant_task *read_next(reading *at)
{
    ant_task *oldest = NULL;
    for (uint32_t i = 0; i < ANT_OWNED_VOLUMES; i++) {
        if (at->next[i] == &at->owned->volume[i].tasks) continue;
        ant_task *task = task_of(at->next[i]);
        if (oldest == NULL || task->id < oldest->id) oldest = task;
    }
    if (oldest != NULL) at->next[oldest->volume] = oldest->owned.next;
    return oldest;
}

ant_task *ant_owned_pop(ant_owned *owned)
{
    lock_all(owned);
    reading at = begin_reading(owned);
    ant_task *task = read_next(&at);
    if (task != NULL) {
        take_out(&owned->volume[task->volume], task);
        // The task may end on another thread as soon as the lock is free.
        ant__task_ref(task);
    }
    unlock_all(owned);
    return task;
}

void ant_owned_take(ant_owned *owned, const ant_scheduler *scheduler,
                    ant_list *ret_tasks)
{
    lock_all(owned);
    reading at = begin_reading(owned);
    ant_task *task;
    while ((task = read_next(&at)) != NULL) {
        if (task->scheduler != scheduler) continue;
        take_out(&owned->volume[task->volume], task);
        ant__task_ref(task);
        ant_list_push_back(ret_tasks, &task->owned);
    }
    unlock_all(owned);
}

void ant_owned_each(ant_owned *owned, bool (*look)(ant_task *task, void *arg),
                    void *arg)
{
    lock_all(owned);
    reading at = begin_reading(owned);
    ant_task *task;
    do {
        task = read_next(&at);
    } while (task != NULL && look(task, arg));
    unlock_all(owned);
}

ant_task *ant_owned_get(ant_owned *owned, uint32_t id)
{
    lock_all(owned);
    reading at = begin_reading(owned);
    ant_task *task;
    do {
        task = read_next(&at);
    } while (task != NULL && task->id != id);
    if (task != NULL) ant__task_ref(task);
    unlock_all(owned);
    return task;
}

uint64_t ant_owned_added(ant_owned *owned)
{
    uint64_t added = 0;
    lock_all(owned);
    for
        EACH_VOLUME(at, owned)
    added += at->added;
    unlock_all(owned);
    return added;
}

uint64_t ant_owned_count(ant_owned *owned)
{
    uint64_t count = 0;
    lock_all(owned);
    for
        EACH_VOLUME(at, owned)
    count += at->count;
    unlock_all(owned);
    return count;
}
