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
    static const leaf *const *const groups[] = {
        leaf_sync, leaf_chan,    leaf_watch,  leaf_time,
        leaf_task, leaf_combine, leaf_stream,
    };
    for (unsigned k = 0; k < ANT_ARRAY_LEN(groups); k++) {
        for (const leaf *const *next = groups[k]; *next != NULL; next++) {
            if (i-- == 0) return *next;
        }
    }
    return NULL;
}

// ---- The bell ----

ant_notify leaf_bell;
static unsigned ring_count;
static unsigned taken_count;

void leaf_bell_init(void)
{
    ant_notify_init(&leaf_bell, "leaf bell");
    ring_count = taken_count = 0;
}

void leaf_bell_ring(void)
{
    ant_notify_one(&leaf_bell);
    ring_count++;
}

void leaf_bell_taken(void)
{
    taken_count++;
}

void leaf_bell_deinit(void)
{
    // One ring may be kept; take it if it is there.
    ant_mock_task task;
    ant_mock_task_init(&task, 99);
    struct ant_notified rest = ant_notified(&leaf_bell);
    if (ant_mock_task_poll(&task, &rest.base) == ANT_READY) taken_count++;
    ant_future_drop(&rest.base);
    assert_int_equal(taken_count, ring_count);
    ant_notify_deinit(&leaf_bell);
}

// ---- The crowd ----

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
    const ant_future *outer = all->polled;
    all->polled = all->futures[i];
    const ant_poll poll = ant_mock_task_poll(&all->tasks[i], all->futures[i]);
    all->polled = outer;
    if (poll == ANT_PENDING) return false;
    if (all->kind->serve != NULL) all->kind->serve(i);
    all->futures[i] = NULL;
    return true;
}

void crowd_drop(crowd *all, unsigned i)
{
    ant_future *future = all->futures[i];
    if (future == all->polled) return;
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

static void expect_no_waker(crowd *all)
{
    for (unsigned i = 0; i < LEAF_PLACES; i++) {
        if (ant_mock_task_waker_refs(&all->tasks[i]) != 0)
            fail_msg("%s: the waker of %u is still held", all->kind->name, i);
    }
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
    if (!all->kind->keeps_waker) expect_no_waker(all);
    all->kind->tear_down();
    expect_no_waker(all);
    ant_mock_clock_deinit(&leaf_clock);
}
