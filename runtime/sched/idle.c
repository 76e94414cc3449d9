// SPDX-License-Identifier: MIT

#include "sched/idle.h"

#include <errno.h>

#include "base/assert.h"
#include "base/mem.h"

#define AWAKE_ONE      (UINT32_C(1) << 16)
#define RUNNING_CHANGE (UINT64_C(1) << 32)

static uint32_t awake(uint32_t state)
{
    return state >> 16;
}

static uint32_t searching(uint32_t state)
{
    return state & 0xFFFF;
}

static bool needs_waking(const ant_idle *idle, uint32_t state)
{
    return searching(state) == 0 && awake(state) < idle->worker_count;
}

int ant_idle_init(ant_idle *idle, uint32_t worker_count)
{
    ANT_ASSERT(worker_count > 0);
    ANT_ASSERT(worker_count < 0x8000);
    *idle = (ant_idle){ .worker_count = worker_count };
    idle->sleeper = ant_mem_alloc(worker_count * sizeof *idle->sleeper);
    if (idle->sleeper == NULL) return -ENOMEM;
    ant_os_mutex_init(&idle->lock);
    ant_atomic_store(&idle->state, worker_count * AWAKE_ONE, ANT_RELAXED);
    ant_atomic_store(&idle->running, worker_count, ANT_RELAXED);
    return 0;
}

void ant_idle_deinit(ant_idle *idle)
{
    if (idle->sleeper == NULL) return;
    ant_os_mutex_deinit(&idle->lock);
    ant_mem_free(idle->sleeper);
    idle->sleeper = NULL;
}

int ant_idle_notify(ant_idle *idle)
{
    // seq_cst read-modify-write: pairs with the one in ant_idle_sleep(); see
    // the top of idle.h.
    uint32_t state = ant_atomic_add(&idle->state, 0, ANT_SEQ_CST);
    if (!needs_waking(idle, state)) return -1;

    int worker = -1;
    ant_os_mutex_lock(&idle->lock);
    state = ant_atomic_load(&idle->state, ANT_SEQ_CST);
    if (needs_waking(idle, state) && idle->sleeper_count > 0) {
        ant_atomic_add(&idle->state, AWAKE_ONE + 1, ANT_SEQ_CST);
        (void)ant_idle_running_add(idle, +1);
        worker = (int)idle->sleeper[--idle->sleeper_count];
    }
    ant_os_mutex_unlock(&idle->lock);
    return worker;
}

bool ant_idle_may_notify(const ant_idle *idle)
{
    // relaxed: it is a guess.
    return needs_waking(idle, ant_atomic_load(&idle->state, ANT_RELAXED));
}

bool ant_idle_search_begin(ant_idle *idle)
{
    // relaxed is enough to look: the limit is a matter of taste.
    uint32_t state = ant_atomic_load(&idle->state, ANT_RELAXED);
    if (2 * searching(state) >= idle->worker_count) return false;
    ant_atomic_add(&idle->state, 1, ANT_SEQ_CST);
    return true;
}

bool ant_idle_search_end(ant_idle *idle)
{
    uint32_t old = ant_atomic_sub(&idle->state, 1, ANT_SEQ_CST);
    ANT_ASSERT(searching(old) > 0);
    return searching(old) == 1;
}

bool ant_idle_sleep(ant_idle *idle, uint32_t worker, bool is_searching)
{
    ant_os_mutex_lock(&idle->lock);
    uint32_t change = AWAKE_ONE + (is_searching ? 1 : 0);
    // seq_cst: pairs with ant_idle_notify(); see the top of idle.h.
    uint32_t old = ant_atomic_sub(&idle->state, change, ANT_SEQ_CST);
    ANT_ASSERT(awake(old) > 0);
    idle->sleeper[idle->sleeper_count++] = worker;
    (void)ant_idle_running_add(idle, -1);
    ant_os_mutex_unlock(&idle->lock);
    return is_searching && searching(old) == 1;
}

// Under the lock: where the worker stands among the sleepers, -1 for nowhere.
static int place_of(const ant_idle *idle, uint32_t worker)
{
    for (uint32_t i = 0; i < idle->sleeper_count; i++) {
        if (idle->sleeper[i] == worker) return (int)i;
    }
    return -1;
}

// Takes the worker off the sleepers and changes the state word; false when it
// was not asleep.
static bool rouse(ant_idle *idle, uint32_t worker, uint32_t change)
{
    ant_os_mutex_lock(&idle->lock);
    const int place = place_of(idle, worker);
    if (place >= 0) {
        idle->sleeper_count--;
        for (uint32_t k = (uint32_t)place; k < idle->sleeper_count; k++)
            idle->sleeper[k] = idle->sleeper[k + 1];
        ant_atomic_add(&idle->state, change, ANT_SEQ_CST);
        (void)ant_idle_running_add(idle, +1);
    }
    ant_os_mutex_unlock(&idle->lock);
    return place >= 0;
}

bool ant_idle_call(ant_idle *idle, uint32_t worker)
{
    return rouse(idle, worker, AWAKE_ONE + 1);
}

bool ant_idle_wake_self(ant_idle *idle, uint32_t worker)
{
    return rouse(idle, worker, AWAKE_ONE);
}

uint32_t ant_idle_running_add(ant_idle *idle, int change)
{
    // seq_cst: whoever brings it to 0 has seen all that the others did.
    const uint64_t add = RUNNING_CHANGE + (uint64_t)(int64_t)change;
    return (uint32_t)(ant_atomic_add(&idle->running, add, ANT_SEQ_CST) + add);
}

uint32_t ant_idle_running(const ant_idle *idle)
{
    return (uint32_t)ant_idle_moment(idle);
}

uint64_t ant_idle_moment(const ant_idle *idle)
{
    return ant_atomic_load(&idle->running, ANT_SEQ_CST);
}

uint32_t ant_idle_searching(const ant_idle *idle)
{
    return searching(ant_atomic_load(&idle->state, ANT_RELAXED));
}

uint32_t ant_idle_sleeping(ant_idle *idle)
{
    ant_os_mutex_lock(&idle->lock);
    const uint32_t count = idle->sleeper_count;
    ant_os_mutex_unlock(&idle->lock);
    return count;
}

bool ant_idle_is_sleeping(ant_idle *idle, uint32_t worker)
{
    ant_os_mutex_lock(&idle->lock);
    const bool is_asleep = place_of(idle, worker) >= 0;
    ant_os_mutex_unlock(&idle->lock);
    return is_asleep;
}
