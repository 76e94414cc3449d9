// SPDX-License-Identifier: MIT
//
// All tasks of a scheduler that are not over yet, oldest first: for shutdown,
// which has to destroy them, and for the stall report. Under one lock.

#ifndef ANT_SCHED_OWNED_H
#define ANT_SCHED_OWNED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "base/os.h"
#include "core/task.h"

typedef struct ant_owned {
    ant_os_mutex lock;
    ant_list tasks; // of ant_task.owned, under lock
    uint64_t count; // under lock
    uint64_t added; // under lock; ever
    bool is_closed; // under lock
} ant_owned;

// An empty list; at deinit it must be empty again.
void ant_owned_init(ant_owned *owned);
void ant_owned_deinit(ant_owned *owned);

// Adds a new task. False when closed: the task must not start.
bool ant_owned_add(ant_owned *owned, ant_task *task);

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

// How many there ever were.
uint64_t ant_owned_added(ant_owned *owned);

// Calls `look` for each task, under the lock, until it returns false.
void ant_owned_each(ant_owned *owned, bool (*look)(ant_task *task, void *arg),
                    void *arg);

// How many tasks are not over.
uint64_t ant_owned_count(ant_owned *owned);

#endif
