// SPDX-License-Identifier: MIT
//
// Streams with a clock: one that is never too fast, one that says when it was
// too slow. The other stream lives beside it in the parent's struct and is
// dropped with it. Tokio: tokio_stream's throttle and timeout.
//
//   case FEED_START:
//       self->news = ant_stream_iter(headlines, 3);
//       self->calm = ant_stream_throttle(&self->news.base, 10);
//       self->safe = ant_stream_timeout(&self->calm.base, 250);
//       self->next = ant_stream_next(&self->safe.base, &self->line);
//       return ANT_NEXT(FEED_READING);
//   case FEED_READING:
//       ANT_AWAIT(self->next);
//       if (self->next.base.result == -ETIMEDOUT) return ANT_FAIL(-ETIMEDOUT);
//       if (self->next.base.result == 0) return ANT_READY;
//       self->next = ant_stream_next(&self->safe.base, &self->line);
//       return ANT_NEXT(FEED_READING);
//
// The hard thing: a stream that uses up the task's budget, by leaving out what
// it finds, must not outlive a deadline for it. The look at the clock is free.
//
//   function             Tokio     cancel-safe  alloc  threads
//   ant_stream_throttle  throttle  yes          no     the task's
//   ant_stream_timeout   timeout   yes          no     the task's
//
// Both need a clock, and end with -ESHUTDOWN when the runtime does meanwhile.

#ifndef ANT_STREAM_PACE_H
#define ANT_STREAM_PACE_H

#include <stdbool.h>
#include <stdint.h>

#include "stream/upstream.h"
#include "time/sleep.h"

struct ant_stream_throttle {
    ant_stream base;
    enum { ANT_THROTTLE_ASKING, ANT_THROTTLE_DELAYING } state;
    ant_upstream up;
    uint64_t ms;
    struct ant_sleep delay;
};

struct ant_stream_timeout {
    ant_stream base;
    ant_upstream up;
    uint64_t ms;
    bool is_elapsed; // and not said again before the next item
    struct ant_sleep limit;
};

// The items of `stream`, with at least `ms` milliseconds from one to the next.
#define ant_stream_throttle(stream, ms)                                        \
    ant__stream_throttle(ant__upstream((stream), #stream), (ms))

// The items of `stream`. When one does not come within `ms` milliseconds of the
// one before (the first: of this call) there is an item that is the error
// -ETIMEDOUT, once, and the stream goes on.
#define ant_stream_timeout(stream, ms)                                         \
    ant__stream_timeout(ant__upstream((stream), #stream), (ms))

ANT_MUST_USE struct ant_stream_throttle ant__stream_throttle(ant_upstream up,
                                                             uint64_t ms);
ANT_MUST_USE struct ant_stream_timeout ant__stream_timeout(ant_upstream up,
                                                           uint64_t ms);

// For streams with a deadline: polls `limit`, whatever is left of the budget.
ANT_MUST_USE ant_poll ant__stream_poll_limit(struct ant_sleep *limit,
                                             ant_cx *cx);

#endif
