// SPDX-License-Identifier: MIT
//
// A mock task polls a future by hand: one poll when the test says so, with a
// waker that counts what is done to it. With it a leaf future is tested step by
// step, without a runtime and without waiting. It belongs to the test's thread;
// its waker may be used by any thread. Tokio: tokio_test::task.
//
//   ant_mutex door = ANT_MUTEX("door");
//   ANT_ASSERT(ant_mutex_try_lock(&door));
//   ant_mock_task task;
//   ant_mock_task_init(&task, 1);
//   struct ant_mutex_lock lock = ant_mutex_lock(&door);
//   ANT_ASSERT(ant_mock_task_poll(&task, &lock.base) == ANT_PENDING);
//   ant_mutex_unlock(&door);
//   ANT_ASSERT(ant_mock_task_is_woken(&task));
//   ANT_ASSERT(ant_mock_task_poll(&task, &lock.base) == ANT_READY);
//   ANT_ASSERT(ant_mock_task_waker_refs(&task) == 0);
//
// The hard thing that it is good for is the evil waker: one whose clone, wake
// and drop call back into the test, which pokes the very primitive that is
// using the waker. A primitive that does so under a lock of its own deadlocks,
// one that has not finished its own work is caught half done.
//
//   ant_mock_task_set_evil(&task, ANT_MOCK_ON_WAKE, poke, &door);
//
//   function                 tokio_test             cancel alloc threads
//   ant_mock_task_init       task::spawn            -      no    one
//   ant_mock_task_poll       Spawn::poll            -      no    the owner
//   ant_mock_task_is_woken   Spawn::is_woken        -      no    any
//   ant_mock_task_take_wakes -                      -      no    the owner
//   ant_mock_task_waker_refs Spawn::waker_ref_count -      no    any
//   ant_mock_task_set_evil   -                      -      no    the owner
//   ant_mock_traps           #[should_panic]        -      no    one at a time
//   ant_mock_trap_text       -                      -      no    the owner

#ifndef ANT_MOCK_MOCK_TASK_H
#define ANT_MOCK_MOCK_TASK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/rng.h"
#include "core/future.h"
#include "core/waker.h"
#include "mock/manual_clock.h"

typedef void (*ant_mock_evil_fn)(void *arg);

// What of an evil waker calls back.
enum {
    ANT_MOCK_ON_CLONE = 1,
    ANT_MOCK_ON_WAKE = 2,
    ANT_MOCK_ON_DROP = 4,
    ANT_MOCK_ON_ALL = 7,
};

typedef struct ant_mock_task {
    ant_wakeable wakeable;
    // the owner's
    uint32_t id;           // of the task, for the trace
    ant_mock_clock *clock; // NULL: none
    ant_rng *rng;          // NULL: none
    int32_t budget;        // what the next poll is given; back to full after it
    int32_t budget_left;   // after the last poll
    bool has_yielded;      // in the last poll
    uint32_t wakes_taken;
    // fixed while others hold the waker
    ant_mock_evil_fn evil; // NULL: the waker is good
    void *evil_arg;
    uint8_t evil_on; // ANT_MOCK_ON_…
    // any thread, atomic
    ant_atomic_u32 clone_count;
    ant_atomic_u32 wake_count;
    ant_atomic_u32 drop_count;
    ant_atomic_u32 wakes_polled; // of wake_count, when it was last polled
    ant_atomic_u32 via;          // of the last wake
    ant_atomic_u32 res;          // of the last wake
} ant_mock_task;

// Makes a mock task with a good waker, a full budget and no clock. Give the
// tasks of a test different ids: locks and the trace tell them apart by these.
void ant_mock_task_init(ant_mock_task *task, uint32_t id);

// Polls the future once, as this task.
ant_poll ant_mock_task_poll(ant_mock_task *task, ant_future *future);

// Was it woken since the last poll began?
bool ant_mock_task_is_woken(const ant_mock_task *task);

// How often it was woken since the last call.
uint32_t ant_mock_task_take_wakes(ant_mock_task *task);

// Clones of the waker that others hold now.
uint32_t ant_mock_task_waker_refs(const ant_mock_task *task);

// Makes the waker evil: what `on` says calls evil(arg), outside of another
// such call. NULL makes it good again.
void ant_mock_task_set_evil(ant_mock_task *task, unsigned on,
                            ant_mock_evil_fn evil, void *arg);

// True when body(arg) ends in a trap: a failed ANT_ASSERT, a misused primitive.
// What the body held is lost.
bool ant_mock_traps(void (*body)(void *arg), void *arg);

// What the last trap said: "file:line: text".
const char *ant_mock_trap_text(void);

#endif
