// SPDX-License-Identifier: MIT
//
// Hooks: functions of the program that a runtime calls when its threads and
// tasks come and go. They are part of ant_runtime_desc, belong to the program
// and live as long as the runtime. Tokio: Builder::on_thread_start and its
// kin.
//
//   ant_runtime_desc desc = {
//       .hooks = { .on_thread_start = say_hello, .arg = &greeting },
//   };
//
//   hook               Tokio                called on
//   on_thread_start    on_thread_start      the new thread, first of all
//   on_thread_stop     on_thread_stop       that thread, last of all
//   on_thread_park     on_thread_park       a worker that found nothing to do
//   on_thread_unpark   on_thread_unpark     that worker, awake again
//   on_task_spawn      on_task_spawn        whoever spawns, before it runs
//   on_task_terminate  on_task_terminate    whoever ended the task, after it
//
// The threads are those that the runtime starts: workers and the blocking
// pool's; in the current flavour the worker is the program's own thread, which
// only parks. Each park is followed by one unpark. A hook runs outside of every
// lock and of every task; it may spawn, wake and abort, but not block. What it
// makes runnable before a park is run instead of the park.

#ifndef ANT_SCHED_HOOKS_H
#define ANT_SCHED_HOOKS_H

#include <stdint.h>

// Zero means: not interested.
typedef struct ant_hooks {
    void (*on_thread_start)(void *arg);
    void (*on_thread_stop)(void *arg);
    void (*on_thread_park)(void *arg);
    void (*on_thread_unpark)(void *arg);
    // `name` is as it was spawned: "fetch_user(7)".
    void (*on_task_spawn)(uint32_t task, const char *name, void *arg);
    void (*on_task_terminate)(uint32_t task, const char *name, void *arg);
    void *arg;
} ant_hooks;

#endif
