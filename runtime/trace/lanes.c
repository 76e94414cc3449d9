// SPDX-License-Identifier: MIT

#include "trace/lanes.h"

#include <stdio.h>

#include "base/atomic.h"
#include "base/os.h"

// Older lanes than these are long dead, or already described.
#define ROWS_MAX 1024u

static ant_os_mutex lock = ANT_OS_MUTEX_INIT;
// Under the lock.
static ant_lane_row rows[ROWS_MAX];
static uint32_t lane_count;
static uint32_t thread_count;
// Any thread. Relaxed: resetting is done while no other thread records.
static ant_atomic_u32 generation;

uint32_t ant_lanes_add(enum ant_trace_LANE kind, uint32_t index,
                       const char *name)
{
    ant_os_mutex_lock(&lock);
    uint32_t lane = ++lane_count;
    if (kind == ANT_LANE_THREAD) index = thread_count++;
    ant_lane_row *row = &rows[lane % ROWS_MAX];
    *row = (ant_lane_row){ .lane = lane, .kind = kind, .index = index };
    snprintf(row->name, sizeof row->name, "%s", name);
    ant_os_mutex_unlock(&lock);
    return lane;
}

bool ant_lanes_take(uint32_t lane, uint32_t epoch, ant_lane_row *ret_row)
{
    ant_os_mutex_lock(&lock);
    ant_lane_row *row = &rows[lane % ROWS_MAX];
    bool is_due = row->lane == lane && row->epoch != epoch;
    if (is_due) {
        row->epoch = epoch;
        *ret_row = *row;
    }
    ant_os_mutex_unlock(&lock);
    return is_due;
}

void ant_lanes_reset(void)
{
    ant_os_mutex_lock(&lock);
    lane_count = 0;
    thread_count = 0;
    for (unsigned i = 0; i < ROWS_MAX; i++)
        rows[i].lane = 0;
    ant_atomic_add(&generation, 1, ANT_RELAXED);
    ant_os_mutex_unlock(&lock);
}

uint32_t ant_lanes_generation(void)
{
    return ant_atomic_load(&generation, ANT_RELAXED);
}
