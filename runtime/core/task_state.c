// SPDX-License-Identifier: MIT

#include "core/task_state.h"

#include "base/assert.h"
#include "trace/events.h"

#define REF_ONE  (UINT64_C(1) << 8)
#define REF_MASK (UINT64_C(0xFFFFFF) << 8)
#define STEP_ONE (UINT64_C(1) << 32)

static uint32_t refs(uint64_t word)
{
    return (uint32_t)((word & REF_MASK) >> 8);
}

static uint32_t step_of(uint64_t word)
{
    return (uint32_t)(word >> 32);
}

// Every transition is acq_rel: it releases what this thread did to the task, or
// did before a wake, and acquires what the thread of the step before did.
static bool swap(ant_task_state *state, uint64_t *seen, uint64_t next)
{
    return ant_atomic_cas_weak(&state->word, seen, next, ANT_ACQ_REL,
                               ANT_ACQUIRE);
}

static uint64_t look(const ant_task_state *state)
{
    // acquire: pairs with the release in every transition.
    return ant_atomic_load(&state->word, ANT_ACQUIRE);
}

void ant_task_state_init(ant_task_state *state)
{
    // relaxed: nobody else knows the task yet.
    ant_atomic_store(&state->word,
                     ANT_STATE_SCHEDULED | ANT_STATE_JOINABLE | 2 * REF_ONE |
                         STEP_ONE,
                     ANT_RELAXED);
}

static ant_step wake(ant_task_state *state, uint32_t given_up)
{
    uint64_t seen = look(state);
    for (;;) {
        ANT_ASSERT(refs(seen) > 0);
        uint64_t next = seen + STEP_ONE - given_up * REF_ONE;
        ant_step step = { .seq = step_of(next) };
        if (seen & ANT_STATE_COMPLETE) {
            step.wake = ANT_WAKE_LATE;
            if (refs(next) == 0) step.todo = ANT_DO_FREE;
        } else if (seen & ANT_STATE_SCHEDULED) {
            step.wake = ANT_WAKE_COALESCED;
        } else if (seen & ANT_STATE_RUNNING) {
            step.wake = ANT_WAKE_RUNNING;
            next |= ANT_STATE_SCHEDULED;
        } else {
            step.wake = ANT_WAKE_QUEUED;
            step.todo = ANT_DO_SCHEDULE;
            next |= ANT_STATE_SCHEDULED;
        }
        if (swap(state, &seen, next)) return step;
    }
}

ant_step ant_task_state_wake(ant_task_state *state)
{
    return wake(state, 0);
}

ant_step ant_task_state_wake_last(ant_task_state *state)
{
    return wake(state, 1);
}

// Wakes and aborts since the poll began are steps: no bit has to be cleared for
// them when it begins. Only a recording has to know when that was.
ant_step ant_task_state_begin(ant_task_state *state, bool is_recorded)
{
    uint64_t seen = look(state);
    for (;;) {
        const uint64_t phase = seen & (ANT_STATE_SCHEDULED | ANT_STATE_RUNNING |
                                       ANT_STATE_COMPLETE);
        ANT_ASSERT(phase == ANT_STATE_SCHEDULED);
        uint64_t next = seen - ANT_STATE_SCHEDULED + ANT_STATE_RUNNING;
        ant_step step = { .todo = ANT_DO_CANCEL };
        if (!(seen & ANT_STATE_CANCEL)) {
            if (!is_recorded) return (ant_step){ .seq = step_of(seen) };
            next += STEP_ONE;
            step = (ant_step){ .seq = step_of(next) };
        }
        if (swap(state, &seen, next)) return step;
    }
}

ant_step ant_task_state_end_pending(ant_task_state *state, uint32_t begun,
                                    bool is_woken)
{
    uint64_t seen = look(state);
    for (;;) {
        ANT_ASSERT(seen & (ANT_STATE_RUNNING | ANT_STATE_SCHEDULED));
        const uint32_t known = 1 + ((seen & ANT_STATE_JOINABLE) != 0);
        uint64_t next = seen + STEP_ONE;
        ant_step step = { .seq = step_of(next), .wakers = refs(seen) - known };
        if (seen & ANT_STATE_CANCEL) {
            step.todo = ANT_DO_CANCEL;
            next |= ANT_STATE_RUNNING;
        } else if (is_woken || step_of(seen) != begun) {
            step.todo = ANT_DO_SCHEDULE;
            if (!(seen & ANT_STATE_RUNNING)) { // it says so already
                step.seq = 0;
                return step;
            }
            next |= ANT_STATE_SCHEDULED;
            next &= ~(uint64_t)ANT_STATE_RUNNING;
        } else if (step.wakers == 0) {
            step.todo = ANT_DO_TRAP;
            next |= ANT_STATE_RUNNING;
        } else {
            next &= ~(uint64_t)(ANT_STATE_RUNNING | ANT_STATE_SCHEDULED);
        }
        if (swap(state, &seen, next)) return step;
    }
}

ant_step ant_task_state_end_ready(ant_task_state *state)
{
    uint64_t old = ant_atomic_add(&state->word, STEP_ONE, ANT_ACQ_REL);
    ANT_ASSERT(old & (ANT_STATE_RUNNING | ANT_STATE_SCHEDULED));
    return (ant_step){ .seq = step_of(old + STEP_ONE) };
}

ant_step ant_task_state_complete(ant_task_state *state)
{
    uint64_t seen = look(state);
    for (;;) {
        ANT_ASSERT(seen & (ANT_STATE_RUNNING | ANT_STATE_SCHEDULED));
        ANT_ASSERT(!(seen & ANT_STATE_COMPLETE));
        uint64_t next = seen + STEP_ONE;
        next &= ~(uint64_t)(ANT_STATE_RUNNING | ANT_STATE_SCHEDULED);
        next |= ANT_STATE_COMPLETE;
        ant_step step = { .seq = step_of(next) };
        if (seen & ANT_STATE_JOIN_WAKER) {
            step.todo = ANT_DO_WAKE_JOINER;
        } else {
            ANT_ASSERT(refs(seen) > 0);
            next -= REF_ONE;
            if (refs(next) == 0) step.todo = ANT_DO_FREE;
        }
        if (swap(state, &seen, next)) return step;
    }
}

ant_step ant_task_state_abort(ant_task_state *state, bool *ret_late)
{
    uint64_t seen = look(state);
    for (;;) {
        *ret_late = (seen & (ANT_STATE_COMPLETE | ANT_STATE_CANCEL)) != 0;
        if (*ret_late) return (ant_step){ 0 };
        uint64_t next = (seen + STEP_ONE) | ANT_STATE_CANCEL;
        ant_step step = { .seq = step_of(next) };
        if (!(seen & (ANT_STATE_RUNNING | ANT_STATE_SCHEDULED))) {
            next |= ANT_STATE_SCHEDULED;
            step.todo = ANT_DO_SCHEDULE;
        }
        if (swap(state, &seen, next)) return step;
    }
}

bool ant_task_state_seize(ant_task_state *state)
{
    const uint64_t busy = ANT_STATE_RUNNING | ANT_STATE_COMPLETE;
    uint64_t seen = look(state);
    do {
        if (seen & busy) return false;
    } while (
        !swap(state, &seen,
              (seen & ~(uint64_t)ANT_STATE_SCHEDULED) | ANT_STATE_RUNNING));
    return true;
}

bool ant_task_state_set_joiner(ant_task_state *state)
{
    uint64_t seen = look(state);
    for (;;) {
        ANT_ASSERT(seen & ANT_STATE_JOINABLE);
        ANT_ASSERT(!(seen & ANT_STATE_JOIN_WAKER));
        if (seen & ANT_STATE_COMPLETE) return false;
        if (swap(state, &seen, seen | ANT_STATE_JOIN_WAKER)) return true;
    }
}

bool ant_task_state_unset_joiner(ant_task_state *state)
{
    uint64_t seen = look(state);
    for (;;) {
        ANT_ASSERT(seen & ANT_STATE_JOIN_WAKER);
        if (seen & ANT_STATE_COMPLETE) return false;
        if (swap(state, &seen, seen & ~(uint64_t)ANT_STATE_JOIN_WAKER))
            return true;
    }
}

ant_leave ant_task_state_leave(ant_task_state *state)
{
    uint64_t seen = look(state);
    for (;;) {
        ANT_ASSERT(seen & ANT_STATE_JOINABLE);
        ANT_ASSERT(refs(seen) > 0);
        uint64_t next = (seen & ~(uint64_t)ANT_STATE_JOINABLE) - REF_ONE;
        // Before the end the stored waker is taken back with the handle; from
        // then on it belongs to whoever completes the task.
        bool is_mine =
            !(seen & ANT_STATE_COMPLETE) && (seen & ANT_STATE_JOIN_WAKER);
        if (is_mine) next &= ~(uint64_t)ANT_STATE_JOIN_WAKER;
        if (swap(state, &seen, next))
            return (ant_leave){ is_mine, refs(next) == 0 };
    }
}

void ant_task_state_ref(ant_task_state *state)
{
    // relaxed: whoever clones a reference has one already.
    uint64_t old = ant_atomic_add(&state->word, REF_ONE, ANT_RELAXED);
    ANT_ASSERT(refs(old) < 0xFFFFFF);
}

bool ant_task_state_unref(ant_task_state *state)
{
    // acq_rel: the last one to leave sees what all others did to the task.
    uint64_t old = ant_atomic_sub(&state->word, REF_ONE, ANT_ACQ_REL);
    ANT_ASSERT(refs(old) > 0);
    return refs(old) == 1;
}

bool ant_task_state_is(const ant_task_state *state, unsigned flag)
{
    return (look(state) & flag) != 0;
}
