// SPDX-License-Identifier: MIT
//
// A waker batch is a handful of wakers that were taken out under a lock, to be
// used after it is released. It lives on the stack of whoever wakes. When it is
// full, its owner unlocks, uses it, and locks again for the rest: then a
// million waiters need no memory, and nobody else waits long for the lock.
//
//   bool is_done;
//   do {
//       ant_os_mutex_lock(&list->lock);
//       is_done = take_some(list, &batch); // until it is full
//       ant_os_mutex_unlock(&list->lock);
//       ant_waker_batch_wake(&batch, why);
//   } while (!is_done);

#ifndef ANT_CORE_WAKER_BATCH_H
#define ANT_CORE_WAKER_BATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/assert.h"
#include "core/waker.h"

// As in Tokio. The explorer builds with less.
#ifndef ANT_WAKER_BATCH_MAX
#define ANT_WAKER_BATCH_MAX 32u
#endif

// Empty when only `count` is 0; the rest need not be initialised.
typedef struct ant_waker_batch {
    uint32_t count;
    ant_waker waker[ANT_WAKER_BATCH_MAX];
} ant_waker_batch;

static inline bool ant_waker_batch_is_full(const ant_waker_batch *batch)
{
    return batch->count == ANT_WAKER_BATCH_MAX;
}

// Adds a waker, which the batch now owns.
static inline void ant_waker_batch_push(ant_waker_batch *batch, ant_waker waker)
{
    ANT_ASSERT(!ant_waker_batch_is_full(batch));
    batch->waker[batch->count++] = waker;
}

// Not under a lock: wakes all, in their order. The batch is empty again.
void ant_waker_batch_wake(ant_waker_batch *batch, ant_why why);

#endif
