// SPDX-License-Identifier: MIT
//
// The cancellation matrix: every leaf operation (support/leaf.h), dropped at
// every point of its life, in every place of a queue of up to four. Those who
// are left, and one who comes later, get what they wait for; no value and no
// permit is lost; nobody's waker is kept.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/leaf.h"

// When the victim is dropped.
typedef enum moment {
    NEW,             // before its first poll
    WAITING,         // before the wake
    WAITING_AGAIN,   // as WAITING, polled twice, by two tasks
    WOKEN,           // after the wake, before the poll
    IN_OWN_WAKE,     // by the waker that wakes it
    IN_WAKER_DROP,   // by its waker that is dropped behind the wake
    IN_OTHERS_WAKE,  // by the waker of another
    IN_OTHERS_CLONE, // while another begins to wait
    AFTER_END,       // when it was READY
    MOMENT_COUNT,
} moment;

static const char *const moment_names[] = {
    "new",       "waiting",         "waiting, polled twice",
    "woken",     "in its own wake", "in the drop of its waker",
    "in a wake", "in a clone",      "after its end",
};

typedef struct cell {
    const leaf *kind;
    unsigned waiters;
    unsigned victim;
    moment when;
    bool has_late; // somebody comes later
} cell;

static crowd all;
static cell now; // being tried

static void drop_victim(void *arg)
{
    crowd_drop(&all, *(const unsigned *)arg);
}

// Supplies until `i` was woken; those who are woken before it are served.
static void supply_until_woken(unsigned i)
{
    for (unsigned k = 0; k < 30; k++) {
        if (all.futures[i] == NULL) return;
        if (ant_mock_task_is_woken(&all.tasks[i])) return;
        crowd_poll_woken(&all);
        all.kind->supply();
    }
    fail_msg("%s: %u was not woken", all.kind->name, i);
}

static void poll_first_time(const cell *at)
{
    for (unsigned i = 0; i < at->waiters; i++) {
        if (i == at->victim && at->when == NEW) continue;
        assert_false(crowd_poll(&all, i));
    }
}

static void drop_in_others_clone(const cell *at, unsigned other)
{
    // The other one is polled by a task whose waker is cloned with evil.
    unsigned victim = at->victim;
    ant_mock_task_set_evil(&all.tasks[LEAF_POKER], ANT_MOCK_ON_CLONE,
                           drop_victim, &victim);
    assert_int_equal(
        ant_mock_task_poll(&all.tasks[LEAF_POKER], all.futures[other]),
        ANT_PENDING);
    assert_null(all.futures[victim]);
    ant_mock_task_set_evil(&all.tasks[LEAF_POKER], 0, NULL, NULL);
    assert_false(crowd_poll(&all, other));
}

static void drop_in_waker(const cell *at, unsigned whose, unsigned on)
{
    unsigned victim = at->victim;
    ant_mock_task_set_evil(&all.tasks[whose], on, drop_victim, &victim);
    supply_until_woken(whose);
    ant_mock_task_set_evil(&all.tasks[whose], 0, NULL, NULL);
    crowd_drop(&all, victim);
}

// It may be served while others are supplied.
static void drop_after_end(unsigned victim)
{
    ant_future *ended = all.futures[victim];
    supply_until_woken(victim);
    if (all.futures[victim] != NULL) (void)crowd_poll(&all, victim);
    if (all.futures[victim] == NULL) ant_future_drop(ended);
}

static void drop_at(const cell *at)
{
    const unsigned other = (at->victim + 1) % at->waiters;
    switch (at->when) {
    case NEW:
    case WAITING:
        break;
    case WAITING_AGAIN:
        assert_int_equal(
            ant_mock_task_poll(&all.tasks[LEAF_POKER], all.futures[at->victim]),
            ANT_PENDING);
        break;
    case WOKEN:
        supply_until_woken(at->victim);
        break;
    case IN_OWN_WAKE:
        drop_in_waker(at, at->victim, ANT_MOCK_ON_WAKE);
        break;
    case IN_WAKER_DROP:
        drop_in_waker(at, at->victim, ANT_MOCK_ON_DROP);
        break;
    case IN_OTHERS_WAKE:
        drop_in_waker(at, other, ANT_MOCK_ON_WAKE);
        break;
    case IN_OTHERS_CLONE:
        drop_in_others_clone(at, other);
        break;
    case AFTER_END:
        drop_after_end(at->victim);
        break;
    case MOMENT_COUNT:
        break;
    }
    crowd_drop(&all, at->victim);
}

static void run_cell(const cell *at)
{
    const uint64_t blocks = ant_mem_live_count();
    crowd_init(&all, at->kind, at->waiters);
    poll_first_time(at);
    drop_at(at);
    if (at->has_late) crowd_start(&all, LEAF_LATE);
    crowd_finish(&all);
    assert_int_equal(ant_mem_live_count(), blocks);
}

// Without and with one who comes later. Returns how many cells that were.
static unsigned run_both(cell *at)
{
    const unsigned count = at->kind->is_once ? 1 : 2;
    for (unsigned i = 0; i < count; i++) {
        at->has_late = i == 1;
        run_cell(at);
    }
    return count;
}

static bool is_possible(const cell *at)
{
    const bool needs_other =
        at->when == IN_OTHERS_WAKE || at->when == IN_OTHERS_CLONE;
    return !needs_other || at->waiters > 1;
}

// Every cell of one operation. Returns how many.
static unsigned run_kind(const leaf *kind)
{
    const unsigned max = kind->waiters_max ? kind->waiters_max : LEAF_WAITERS;
    unsigned count = 0;
    now = (cell){ .kind = kind };
    for (now.waiters = 1; now.waiters <= max; now.waiters++) {
        for (now.victim = 0; now.victim < now.waiters; now.victim++) {
            for (int when = 0; when < MOMENT_COUNT; when++) {
                now.when = (moment)when;
                if (is_possible(&now)) count += run_both(&now);
            }
        }
    }
    now.kind = NULL;
    return count;
}

static void m5_what_is_dropped_at_any_point_loses_nothing(void **state)
{
    (void)state;
    unsigned count = 0;
    for (unsigned i = 0; leaf_at(i) != NULL; i++) {
        const unsigned cells = run_kind(leaf_at(i));
        print_message("%5u cells: %s\n", cells, leaf_at(i)->name);
        count += cells;
    }
    print_message("%5u cells\n", count);
    assert_true(count >= 5000);
}

// Says where a test that failed was.
static int tell_cell(void **state)
{
    (void)state;
    if (now.kind != NULL)
        print_error("%s: %u of %u dropped: %s\n", now.kind->name, now.victim,
                    now.waiters, moment_names[now.when]);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(m5_what_is_dropped_at_any_point_loses_nothing,
                                  tell_cell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
