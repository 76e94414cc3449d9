// SPDX-License-Identifier: MIT
//
// All tasks of a scheduler that are not over yet, oldest first: for shutdown,
// which has to destroy them, and for the stall report.
//
// The books are in several volumes, each with a lock: one for each worker, in
// which it writes the tasks that it spawns, and one for all other threads. So
// workers do not meet at a lock. Who reads all volumes goes by the tasks'
// numbers, which grow.

#ifndef ANT_SCHED_OWNED_H
#define ANT_SCHED_OWNED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/os.h"
#include "core/task.h"

// Volume 0 is that of threads that are no workers. More workers than there are
// volumes share them.
#define ANT_OWNED_VOLUMES 9u

typedef struct ant_owned_volume {
    // under lock
    ANT_CACHE_ALIGNED ant_os_mutex lock;
    bool is_closed;
    ant_list tasks; // of ant_task.owned
    uint64_t count;
    uint64_t added; // ever
} ant_owned_volume;

typedef struct ant_owned {
    ant_owned_volume volume[ANT_OWNED_VOLUMES];
} ant_owned;

static inline uint32_t ant_owned_volume_of(uint32_t worker_index)
{
    return 1 + worker_index % (ANT_OWNED_VOLUMES - 1);
}

// An empty list; at deinit it must be empty again.
void ant_owned_init(ant_owned *owned);
void ant_owned_deinit(ant_owned *owned);

// Adds a new task to a volume. False when closed: the task must not start.
bool ant_owned_add(ant_owned *owned, ant_task *task, uint32_t volume);

// The task is over.
void ant_owned_remove(ant_owned *owned, ant_task *task);

// From now on nothing can be added.
void ant_owned_close(ant_owned *owned);

// Takes one task out, with a reference for the caller; NULL when empty.
ant_task *ant_owned_pop(ant_owned *owned);

// Takes out all tasks of one scheduler (core/task.h), each with a reference for
// the caller, into `ret_tasks`, a list of ant_task.owned.
void ant_owned_take(ant_owned *owned, const ant_scheduler *scheduler,
                    ant_list *ret_tasks);

// The task with this number, with a reference for the caller; NULL when it is
// over.
ANT_MUST_USE ant_task *ant_owned_get(ant_owned *owned, uint32_t id);

// How many there ever were.
uint64_t ant_owned_added(ant_owned *owned);

// Calls `look` for each task, under all locks, until it returns false.
void ant_owned_each(ant_owned *owned, bool (*look)(ant_task *task, void *arg),
                    void *arg);

// How many tasks are not over.
uint64_t ant_owned_count(ant_owned *owned);

#endif
