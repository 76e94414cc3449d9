// SPDX-License-Identifier: MIT
//
// A resource is something that tasks wait for and that has a name: a lock, a
// channel, a semaphore. This is its card: the first member of each primitive,
// for the trace, the stall report and the debugger. It owns nothing.

#ifndef ANT_CORE_RESOURCE_H
#define ANT_CORE_RESOURCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "core/waker.h"
#include "trace/events.h"

typedef struct ant_resource {
    // fixed after init
    const char *name; // a literal, or text that outlives the resource
    const char *file; // where it was made
    uint32_t line;
    uint32_t kind;     // ANT_RES_…
    uint32_t capacity; // permits or places, 0 when that means nothing
    uint32_t maker;    // of a channel: the task that made it, and in the trace
    uint32_t tx;       // its first halves; 0 when that was not recorded
    uint32_t rx;
    // any thread, atomic
    ant_atomic_u32 id;     // 0 until the recorder first hears of it
    ant_atomic_u32 epoch;  // the recording that knows the id
    ant_atomic_u32 holder; // id of the task that holds it, 0 for nobody
    // where it was taken; ANT_RESOURCE_UNUSED while nobody polled since
    ant_atomic_u32 holder_line;
} ant_resource;

#define ANT_RESOURCE_UNUSED (UINT32_C(1) << 31)

#define ANT_RESOURCE(kind_, name_, capacity_)                                  \
    {                                                                          \
        .name = (name_), .file = __FILE__, .line = __LINE__, .kind = (kind_),  \
        .capacity = (uint32_t)(capacity_), .maker = 0, .tx = 0, .rx = 0,       \
        .id = 0, .epoch = 0, .holder = 0, .holder_line = 0                     \
    }

// The resource's number; the first call in each recording gives it one and
// records res_new.
uint32_t ant_resource_id(ant_resource *resource);

// The reason of a wake that comes through the resource.
static inline ant_why ant_resource_why(const ant_resource *resource,
                                       uint32_t via)
{
    // relaxed: a label; 0 when nothing is recorded.
    return (ant_why){ .via = via,
                      .res = ant_atomic_load(&resource->id, ANT_RELAXED) };
}

// A channel is made here and now with these two halves. That is recorded with
// its name, which it may still be given.
void ant_resource_made(ant_resource *resource, uint32_t tx, uint32_t rx);

// Records that the resource is gone, when it was ever heard of.
void ant_resource_end(ant_resource *resource);

// Says who holds it now (0: nobody), for the trace and the stall report.
// relaxed: labels; a lock has its own order.
static inline void ant_resource_hold(ant_resource *resource, uint32_t task,
                                     uint32_t line)
{
    ant_atomic_store(&resource->holder_line, line, ANT_RELAXED);
    ant_atomic_store(&resource->holder, task, ANT_RELAXED);
}

// Whom it was said to be held by last, 0 for nobody.
static inline uint32_t ant_resource_holder(const ant_resource *resource)
{
    return ant_atomic_load(&resource->holder, ANT_RELAXED);
}

// And in which line of the program.
uint32_t ant_resource_holder_line(const ant_resource *resource);

// As ant_resource_hold, for a task that has waited: it was given the resource
// and does not know yet. And: by now it does.
void ant_resource_hand(ant_resource *resource, uint32_t task, uint32_t line);
void ant_resource_use(ant_resource *resource, uint32_t task);

// What a pending leaf future waits for, in words and numbers.
struct ant_wait {
    uint32_t kind;        // ANT_RES_…
    uint32_t res;         // its id, 0 for none
    const char *name;     // may be NULL
    uint64_t deadline_ns; // of a timer, 0 for none
    uint32_t holder;      // task id of who could end the wait, 0: nobody known
    uint32_t holder_line;
    bool is_unused; // it was given to a future that was not polled since
    uint32_t first; // task that stands first in the queue, 0 when this one does
    const char *file; // of the resource
    uint32_t line;
};

// Fills in what the resource's card knows.
void ant_resource_describe(const ant_resource *resource,
                           struct ant_wait *ret_wait);

#endif
