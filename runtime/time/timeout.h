// SPDX-License-Identifier: MIT
//
// A timeout puts a limit on another future: it is ready when that is, or when
// the time is up. Then the inner future is dropped in the same poll, and the
// result is -ETIMEDOUT; otherwise it is the inner future's own. The inner
// future lives beside the timeout in the parent's struct. Tokio: time::timeout.
//
//   case CALL_START:
//       self->answer = fetch(self->id);
//       self->limit = ant_timeout(500, &self->answer.base);
//       return ANT_NEXT(CALL_FETCHING);
//   case CALL_FETCHING:
//       ANT_AWAIT(self->limit);
//       if (self->limit.is_elapsed) return ANT_FAIL(-ETIMEDOUT);
//
// The inner future is polled first, so one that is ready at the very deadline
// is in time. The time counts from the call, as that of ant_sleep. Dropping
// stops our waiting, not a remote server.
//
//   function           Tokio             cancel-safe   alloc  threads
//   ant_timeout        time::timeout     as the inner  no     the task's
//   ant_timeout_until  time::timeout_at  as the inner  no     the task's

#ifndef ANT_TIME_TIMEOUT_H
#define ANT_TIME_TIMEOUT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/future.h"
#include "time/sleep.h"

struct ant_timeout {
    ant_future base;
    const char *name; // of the inner future in the source
    ant_future *inner;
    unsigned line;   // of the call
    bool is_elapsed; // when it is ready: the time was up
    struct ant_sleep limit;
};

// Gives `inner` (&self->answer.base) `ms` milliseconds.
#define ant_timeout(ms, inner)                                                 \
    ANT__TIMEOUT((inner), #inner, ant__sleep_from(), ant_clock_ns_of_ms(ms))

// Gives `inner` until the moment `deadline_ns` of the clock.
#define ant_timeout_until(deadline_ns, inner)                                  \
    ANT__TIMEOUT((inner), #inner, 0, (deadline_ns))

#define ANT__TIMEOUT(inner_, name_, from_ns, ns)                               \
    ((struct ant_timeout){ .base = ANT__NEW_BASE(ant__timeout_ops),            \
                           .name = (name_),                                    \
                           .inner = (inner_),                                  \
                           .line = __LINE__,                                   \
                           .is_elapsed = false,                                \
                           .limit = ANT__SLEEP(from_ns, ns) })

extern ant_future_ops *const ant__timeout_ops;

#endif
