// SPDX-License-Identifier: MIT

#include "support/leaf.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

// More supplies than any crowd can need.
#define SUPPLIES_MAX 40

ant_mock_clock leaf_clock;

const leaf *leaf_at(unsigned i)
{
    if (i < leaf_sync_count) return leaf_sync[i];
    i -= leaf_sync_count;
    if (i < leaf_chan_count) return leaf_chan[i];
    i -= leaf_chan_count;
    return i < leaf_time_count ? leaf_time[i] : NULL;
}

void crowd_init(crowd *all, const leaf *kind, unsigned waiters)
{
    *all = (crowd){ .kind = kind };
    ant_mock_clock_init(&leaf_clock);
    for (unsigned i = 0; i < LEAF_PLACES; i++) {
        ant_mock_task_init(&all->tasks[i], i + 1);
        all->tasks[i].clock = &leaf_clock;
    }
    kind->set_up(waiters);
    for (unsigned i = 0; i < waiters; i++)
        crowd_start(all, i);
}

void crowd_start(crowd *all, unsigned i)
{
    all->futures[i] = all->kind->start(i);
}

bool crowd_poll(crowd *all, unsigned i)
{
    if (ant_mock_task_poll(&all->tasks[i], all->futures[i]) == ANT_PENDING)
        return false;
    if (all->kind->serve != NULL) all->kind->serve(i);
    all->futures[i] = NULL;
    return true;
}

void crowd_drop(crowd *all, unsigned i)
{
    ant_future *future = all->futures[i];
    all->futures[i] = NULL;
    if (future != NULL) ant_future_drop(future);
}

bool crowd_poll_woken(crowd *all)
{
    bool is_any = false;
    for (unsigned i = 0; i < LEAF_PLACES; i++) {
        if (all->futures[i] == NULL) continue;
        if (all->futures[i]->phase == ANT_PHASE_NEW ||
            ant_mock_task_is_woken(&all->tasks[i]))
            is_any |= crowd_poll(all, i);
    }
    return is_any;
}

static bool is_empty(const crowd *all)
{
    for (unsigned i = 0; i < LEAF_PLACES; i++) {
        if (all->futures[i] != NULL) return false;
    }
    return true;
}

void crowd_finish(crowd *all)
{
    for (unsigned i = 0; i < SUPPLIES_MAX; i++) {
        while (crowd_poll_woken(all))
            continue;
        if (is_empty(all)) break;
        all->kind->supply();
    }
    if (!is_empty(all)) fail_msg("%s: somebody was not woken", all->kind->name);
    for (unsigned i = 0; i < LEAF_PLACES; i++) {
        if (ant_mock_task_waker_refs(&all->tasks[i]) != 0)
            fail_msg("%s: the waker of %u is still held", all->kind->name, i);
    }
    all->kind->tear_down();
    ant_mock_clock_deinit(&leaf_clock);
}
