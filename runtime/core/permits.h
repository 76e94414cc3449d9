// SPDX-License-Identifier: MIT
//
// Permits are what a mutex, a read-write lock and a semaphore have in common: a
// number of permits, tasks that take some of them, and a fair queue of those
// who have to wait. A mutex has one permit; a writer takes all those that
// readers take one by one. A primitive embeds this and gives it names.
//
//   struct ant_gate_pass {
//       ant_future base;
//       ant_permits_claim claim; // ant_permits_claim_new()
//   };
//
//   ANT_ASYNC_OPS(ant_gate_pass, .drop = …, .waits_on = …)
//   {
//       return ant_permits_poll(&self->claim, &self->base.result, cx);
//   }
//
// One word says how many permits are free. As long as nobody waits, taking and
// giving back is one compare-and-swap on it. As soon as somebody waits it says
// 0 and WAITED: the first in the queue has collected what was free, and all
// that is given back goes to the queue, under its lock, so nobody barges in.
//
// The hard thing: a claim may be granted on one thread while its future is
// dropped on another. A dropped claim gives on what it collected or was
// granted; nothing is lost.

#ifndef ANT_CORE_PERMITS_H
#define ANT_CORE_PERMITS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "core/future.h"
#include "core/resource.h"
#include "core/waitlist.h"
#include "trace/trace.h"

// The most permits that a primitive can have.
#define ANT_PERMITS_MAX (UINT32_MAX >> 3)

typedef struct ant_permits {
    ant_resource resource; // first
    // fixed after init
    uint32_t max; // more there can never be
    // any thread, atomic; WAITED changes under the list's lock only
    ant_atomic_u32 word;
    ant_waitlist waiters;
} ant_permits;

// What a future wants of the permits. It must not move while it waits.
typedef struct ant_permits_claim {
    ant_permits *permits;
    uint32_t amount;
    uint32_t line;     // of the program, for the trace
    uint32_t needed;   // under the list's lock: what is still to be collected
    bool has_waited;   // it was in the queue
    ant_waiter waiter; // when has_waited
} ant_permits_claim;

// The word of `count_` free permits.
#define ANT_PERMITS_WORD(count_) ((uint32_t)(count_) << 2)

// Permits that are ready at load time.
#define ANT_PERMITS(kind_, name_, count_, max_)                                \
    {                                                                          \
        .resource = ANT_RESOURCE(kind_, name_, count_), .max = (max_),         \
        .word = ANT_PERMITS_WORD(count_), .waiters = ANT_WAITLIST,             \
    }

// A new claim. What is looked at only when it waits is not set: this is the
// hottest of all constructors.
ANT_MUST_USE static inline ant_permits_claim
ant_permits_claim_new(ant_permits *permits, uint32_t amount, uint32_t line)
{
    ant_permits_claim claim;
    claim.permits = permits;
    claim.amount = amount;
    claim.line = line;
    claim.has_waited = false;
    return claim;
}

// Makes as many permits as the card's capacity says, which is at most `max`,
// and that at most ANT_PERMITS_MAX.
void ant_permits_init(ant_permits *permits, const ant_resource *card,
                      uint32_t max);

// Nobody waits any more.
void ant_permits_deinit(ant_permits *permits);

// The poll of a future that claims permits: READY with *ret_result 0 when it
// has them, -EPIPE when they were closed, -EINVAL when there can never be so
// many. Cancel-safe but for the place in the queue.
ANT_MUST_USE static inline ant_poll
ant_permits_poll(ant_permits_claim *claim, int32_t *ret_result, ant_cx *cx);

// Its drop: whatever the claim has goes to the next.
void ant_permits_drop(ant_permits_claim *claim);

// Its waits_on.
bool ant_permits_waits_on(const ant_permits_claim *claim, ant_wait *ret_wait);

// Takes permits if that can be done at once. 0, -EAGAIN, -EPIPE or -EINVAL.
ANT_MUST_USE int ant_permits_try(ant_permits *permits, uint32_t amount,
                                 uint32_t line);

// Gives back what `task` took. -EOVERFLOW, and nothing happens, when then
// there would be more than `max`.
ANT_MUST_USE int ant_permits_release(ant_permits *permits, uint32_t task,
                                     uint32_t amount);

// Of all permits, which `task` holds, gives back all but one: what a writer
// does that goes on as a reader.
ANT_MUST_USE int ant_permits_reduce(ant_permits *permits, uint32_t task,
                                    uint32_t line);

// Makes more permits. -EOVERFLOW as above.
ANT_MUST_USE int ant_permits_add(ant_permits *permits, uint32_t amount);

// Takes up to `amount` free permits out of the world; how many there were.
uint32_t ant_permits_forget(ant_permits *permits, uint32_t amount);

// Refuses all who wait and all who will come. Permits may still be given back.
void ant_permits_close(ant_permits *permits);

// True once it was closed.
bool ant_permits_is_closed(const ant_permits *permits);

// Free ones; 0 while anybody waits.
uint32_t ant_permits_available(const ant_permits *permits);

// ---- The fast way ----

// The word: free permits in units of ONE, and two flags. WAITED says that the
// queue is not empty; then no permits are free. Every successful change of the
// word is acq_rel: a permit passes on what its last holder did.
enum {
    ANT__PERMITS_CLOSED = 1,
    ANT__PERMITS_WAITED = 2,
    ANT__PERMITS_ONE = 4,
};

ANT_MUST_USE ant_poll ant__permits_poll_slow(ant_permits_claim *claim,
                                             int32_t *ret_result, ant_cx *cx);

// What is free, and asked for the first time while nobody records: one
// compare-and-swap.
static inline ant_poll ant_permits_poll(ant_permits_claim *claim,
                                        int32_t *ret_result, ant_cx *cx)
{
    ant_permits *permits = claim->permits;
    uint32_t word = ant_atomic_load(&permits->word, ANT_RELAXED);
    const bool is_free = word / ANT__PERMITS_ONE >= claim->amount &&
                         (word & ANT__PERMITS_CLOSED) == 0;
    if (!is_free || claim->has_waited || cx->budget <= 0 ||
        ant_trace_is_on(ANT_LEVEL_SCHED) ||
        !ant_atomic_cas(&permits->word, &word,
                        word - claim->amount * ANT__PERMITS_ONE, ANT_ACQ_REL,
                        ANT_RELAXED))
        return ant__permits_poll_slow(claim, ret_result, cx);
    cx->budget--;
    ant_resource_hold(&permits->resource, cx->task, claim->line);
    *ret_result = 0;
    return ANT_READY;
}

// Gives the one permit back, which `task` holds, while nobody waits or records.
// False when that is not so: it is still to be given back.
ANT_MUST_USE static inline bool ant__permits_release_fast(ant_permits *permits,
                                                          uint32_t task)
{
    uint32_t word = 0;
    if (ant_resource_holder(&permits->resource) != task || task == 0 ||
        ant_trace_is_on(ANT_LEVEL_SCHED) ||
        ant_atomic_load(&permits->word, ANT_RELAXED) != word)
        return false;
    // Before others can take it, who then say so themselves.
    ant_resource_hold(&permits->resource, 0, 0);
    return ant_atomic_cas(&permits->word, &word, ANT__PERMITS_ONE, ANT_ACQ_REL,
                          ANT_RELAXED);
}

#endif
