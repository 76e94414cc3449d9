// SPDX-License-Identifier: MIT
//
// Traces written by hand: what a runtime would have recorded, event by event,
// at times that the test chooses. Two workers, virtual time, one recording at
// a time. The stories at the end are whole programs.

#ifndef ANT_TESTS_SUPPORT_TRACE_SCRIPT_H
#define ANT_TESTS_SUPPORT_TRACE_SCRIPT_H

#include <stdint.h>

#include "trace/trace.h"

#define SCRIPT_TASK_MAX 64
#define SCRIPT_WORKERS  2

// Starts to record into a fresh file; its path is valid until the next call.
const char *script_begin(ant_trace_level level);

// As script_begin; the first event comes after `us`.
const char *script_begin_at(ant_trace_level level, uint64_t us);
const char *script_path(void);
void script_end(void);

// Removes the file of the last script_begin.
void script_remove(void);

// The clock. script_at sets it, script_pass lets time go by.
void script_at(uint64_t us);
void script_pass(uint64_t us);

// From now on things happen on worker 0 or 1.
void script_on(unsigned worker);
uint32_t script_lane(unsigned worker);

// Tasks are named by small numbers, which are their ids.
void script_spawn(uint32_t task, uint32_t parent, const char *name,
                  unsigned line);
void script_push(uint32_t task, enum ant_trace_QUEUE queue);

// `by` is the timer that fired, the task that ended or the resource.
void script_wake(uint32_t task, enum ant_trace_VIA via, uint32_t by);

// Task `task` begins to wait for the end of `on`.
void script_join(uint32_t task, uint32_t on);

void script_poll(uint32_t task, enum ant_trace_QUEUE queue);
void script_poll_end(uint32_t task, enum ant_trace_RESULT result);
void script_task_end(uint32_t task, enum ant_trace_RESULT outcome);

// A whole poll that is pending, or that ends the task.
void script_poll_pending(uint32_t task, enum ant_trace_QUEUE queue);
void script_poll_ready(uint32_t task, enum ant_trace_QUEUE queue);

// Futures inside the task that is being polled.
uint64_t script_type(const char *name, const char *const *states,
                     unsigned state_count);
void script_future(uint32_t fut, uint32_t parent, uint64_t type,
                   const char *name, unsigned line);
void script_future_poll(uint32_t fut);
void script_future_end(uint32_t fut, enum ant_trace_RESULT result,
                       unsigned line);

void script_res(uint32_t res, enum ant_trace_RES kind, const char *name,
                unsigned line);
void script_wait(uint32_t res, uint32_t task, unsigned waiters);
void script_grant(uint32_t res, uint32_t task, unsigned waiters);
void script_acquire(uint32_t res, uint32_t task, unsigned line);
void script_release(uint32_t res, uint32_t task);
void script_sleep(uint32_t timer, uint32_t task, uint64_t us);
void script_fire(uint32_t timer, uint32_t task);

// --- Stories: each writes its file and returns the path ---

// A task joins three sleeps of 30, 10 and 20 ms, with nested futures.
const char *script_story_join(void);

// Three tasks want mutex `db`; the first sleeps while it holds it.
const char *script_story_mutex(void);

// Worker 0 spawns six tasks and is busy; worker 1 steals three of them.
const char *script_story_steal(void);

// Two tasks take mutexes `a` and `b` in opposite orders, and the run stalls.
const char *script_story_deadlock(void);

// `polls` polls of 16 tasks on both workers, about 4 events each.
const char *script_story_busy(uint32_t polls);

#endif
