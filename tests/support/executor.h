// SPDX-License-Identifier: MIT
//
// The smallest executor that there is: a FIFO of tasks and a loop that runs
// them on the calling thread. With it the tests of core see tasks live and die
// without the real scheduler.
//
//   executor ex;
//   executor_init(&ex);
//   struct ant_join_handle handle = executor_spawn(&ex, tea(2));
//   executor_run(&ex); // until nothing is runnable

#ifndef ANT_TESTS_SUPPORT_EXECUTOR_H
#define ANT_TESTS_SUPPORT_EXECUTOR_H

#include <stdbool.h>

#include "core/task.h"

typedef struct executor {
    ant_scheduler base; // first
    ant_task *first;    // the queue, linked by link.next
    ant_task *last;
    unsigned release_count;
    unsigned panic_count;
    ant_failure panic; // the latest
    char how[32]; // why tasks were queued: S spawn, W wake, B back, Y yield
    unsigned how_len;
} executor;

void executor_init(executor *ex);

// Makes a task of a copy of the future and queues it.
#define executor_spawn(ex, ...)                                                \
    executor__spawn((ex),                                                      \
                    &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base),    \
                    #__VA_ARGS__, __LINE__)

ANT_MUST_USE struct ant_join_handle executor__spawn(executor *ex,
                                                    const ant_future *future,
                                                    const char *name, int line);

// Runs the oldest task once. False when there is none.
bool executor_run_one(executor *ex);

// Runs tasks until none is queued.
void executor_run(executor *ex);

#endif
