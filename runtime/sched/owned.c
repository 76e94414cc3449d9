// SPDX-License-Identifier: MIT

#include "sched/owned.h"

#include "core/task_block.h"

static ant_task *task_of(ant_list *link)
{
    return ANT_CONTAINER_OF(link, ant_task, owned);
}

void ant_owned_init(ant_owned *owned)
{
    *owned = (ant_owned){ 0 };
    ant_os_mutex_init(&owned->lock);
    ant_list_init(&owned->tasks);
}

void ant_owned_deinit(ant_owned *owned)
{
    ANT_ASSERT(ant_list_is_empty(&owned->tasks));
    ant_os_mutex_deinit(&owned->lock);
}

bool ant_owned_add(ant_owned *owned, ant_task *task)
{
    ant_os_mutex_lock(&owned->lock);
    const bool is_open = !owned->is_closed;
    if (is_open) {
        ant_list_push_back(&owned->tasks, &task->owned);
        owned->count++;
        owned->added++;
    }
    ant_os_mutex_unlock(&owned->lock);
    return is_open;
}

void ant_owned_remove(ant_owned *owned, ant_task *task)
{
    ant_os_mutex_lock(&owned->lock);
    if (ant_list_is_linked(&task->owned)) {
        ant_list_remove(&task->owned);
        owned->count--;
    }
    ant_os_mutex_unlock(&owned->lock);
}

void ant_owned_close(ant_owned *owned)
{
    ant_os_mutex_lock(&owned->lock);
    owned->is_closed = true;
    ant_os_mutex_unlock(&owned->lock);
}

ant_task *ant_owned_pop(ant_owned *owned)
{
    ant_os_mutex_lock(&owned->lock);
    ant_list *link = ant_list_pop_front(&owned->tasks);
    if (link != NULL) {
        owned->count--;
        // The task may end on another thread as soon as the lock is free.
        ant__task_ref(task_of(link));
    }
    ant_os_mutex_unlock(&owned->lock);
    return link != NULL ? task_of(link) : NULL;
}

void ant_owned_take(ant_owned *owned, const ant_scheduler *scheduler,
                    ant_list *ret_tasks)
{
    ant_os_mutex_lock(&owned->lock);
    ant_list *link = owned->tasks.next;
    while (link != &owned->tasks) {
        ant_task *task = task_of(link);
        link = link->next;
        if (task->scheduler != scheduler) continue;
        ant_list_remove(&task->owned);
        owned->count--;
        ant__task_ref(task);
        ant_list_push_back(ret_tasks, &task->owned);
    }
    ant_os_mutex_unlock(&owned->lock);
}

void ant_owned_each(ant_owned *owned, bool (*look)(ant_task *task, void *arg),
                    void *arg)
{
    ant_os_mutex_lock(&owned->lock);
    for (ant_list *link = owned->tasks.next; link != &owned->tasks;
         link = link->next) {
        if (!look(task_of(link), arg)) break;
    }
    ant_os_mutex_unlock(&owned->lock);
}

uint64_t ant_owned_added(ant_owned *owned)
{
    ant_os_mutex_lock(&owned->lock);
    const uint64_t added = owned->added;
    ant_os_mutex_unlock(&owned->lock);
    return added;
}

uint64_t ant_owned_count(ant_owned *owned)
{
    ant_os_mutex_lock(&owned->lock);
    const uint64_t count = owned->count;
    ant_os_mutex_unlock(&owned->lock);
    return count;
}
