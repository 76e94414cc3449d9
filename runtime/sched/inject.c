// SPDX-License-Identifier: MIT

#include "sched/inject.h"

#include <stddef.h>

#include "core/task_block.h"

void ant_inject_init(ant_inject *inject)
{
    *inject = (ant_inject){ 0 };
    ant_os_mutex_init(&inject->lock);
}

void ant_inject_deinit(ant_inject *inject)
{
    ant_os_mutex_deinit(&inject->lock);
}

void ant_inject_push(ant_inject *inject, ant_task *task)
{
    ant_inject_push_chain(inject, task, task, 1);
}

void ant_inject_push_chain(ant_inject *inject, ant_task *first, ant_task *last,
                           uint32_t count)
{
    ant_os_mutex_lock(&inject->lock);
    // Once closed, the task may be over and its link something else.
    if (!inject->is_closed) {
        last->link.next = NULL;
        if (inject->first == NULL)
            inject->first = first;
        else
            inject->last->link.next = first;
        inject->last = last;
        // release: pairs with the acquire in ant_inject_len().
        ant_atomic_add(&inject->len, count, ANT_RELEASE);
    }
    ant_os_mutex_unlock(&inject->lock);
}

void ant_inject_close(ant_inject *inject)
{
    ant_os_mutex_lock(&inject->lock);
    inject->is_closed = true;
    inject->first = NULL;
    ant_atomic_store(&inject->len, 0, ANT_RELEASE);
    ant_os_mutex_unlock(&inject->lock);
}

ant_task *ant_inject_pop_chain(ant_inject *inject, uint32_t max,
                               uint32_t *ret_count)
{
    *ret_count = 0;
    if (max == 0 || ant_inject_len(inject) == 0) return NULL;

    ant_os_mutex_lock(&inject->lock);
    ant_task *first = inject->first;
    ant_task *last = NULL;
    for (ant_task *t = first; t != NULL && *ret_count < max; t = t->link.next) {
        last = t;
        ++*ret_count;
    }
    if (last != NULL) {
        inject->first = last->link.next;
        last->link.next = NULL;
        ant_atomic_sub(&inject->len, *ret_count, ANT_RELEASE);
    }
    ant_os_mutex_unlock(&inject->lock);
    return first;
}
