// SPDX-License-Identifier: MIT
//
// The evil waker: its clone, its wake or its drop comes back to the primitive
// that is using it, with a future of its own and with whatever can be tried.
// A primitive that uses wakers under its lock hangs, or traps in a build that
// counts locks; one that is not done with its own work loses something.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/os.h"
#include "support/leaf.h"

// So often the waker is evil in one run: it may well take away what the others
// wait for, and they have to be served in the end.
#define EVIL_MAX 10

static crowd all;
static unsigned evil_count;

static const struct {
    unsigned on;
    const char *name;
} moments[] = {
    { ANT_MOCK_ON_CLONE, "clone" },
    { ANT_MOCK_ON_WAKE, "wake" },
    { ANT_MOCK_ON_DROP, "drop" },
};

// A future of the same kind is polled, woken or not, and dropped.
static void poke(void *arg)
{
    (void)arg;
    if (evil_count++ >= EVIL_MAX) return;
    if (all.kind->poke != NULL) all.kind->poke();
    if (all.kind->waiters_max == 1 || all.kind->is_once) return;
    crowd_start(&all, LEAF_POKER);
    (void)crowd_poll(&all, LEAF_POKER);
    crowd_drop(&all, LEAF_POKER);
}

// Everybody waits, is polled once more by another task (which clones and drops
// wakers), and is served; all with evil wakers.
static void run_evil(const leaf *kind, unsigned waiters, unsigned on)
{
    evil_count = 0;
    crowd_init(&all, kind, waiters);
    for (unsigned i = 0; i < LEAF_POKER; i++)
        ant_mock_task_set_evil(&all.tasks[i], on, poke, NULL);
    for (unsigned i = 0; i < waiters; i++)
        assert_false(crowd_poll(&all, i));
    for (unsigned i = 0; i < waiters; i++) {
        assert_int_equal(
            ant_mock_task_poll(&all.tasks[LEAF_LATE], all.futures[i]),
            ANT_PENDING);
        assert_false(crowd_poll(&all, i));
    }
    crowd_drop(&all, waiters - 1);
    if (!kind->is_once) crowd_start(&all, LEAF_LATE);
    crowd_finish(&all);
    // One that is alone may be served without a wake.
    if (waiters > 1) assert_true(evil_count > 0);
}

static void every_primitive_stands_an_evil_waker(void **state)
{
    (void)state;
    for (unsigned i = 0; leaf_at(i) != NULL; i++) {
        const leaf *kind = leaf_at(i);
        const unsigned max = kind->waiters_max ? kind->waiters_max : 4;
        for (unsigned n = 1; n <= max; n++) {
            for (unsigned k = 0; k < ANT_ARRAY_LEN(moments); k++)
                run_evil(kind, n, moments[k].on);
        }
        print_message("  %s\n", kind->name);
    }
}

static void wake_under_a_lock(void *arg)
{
    ant_os_mutex *lock = arg;
    ant_waker waker = ant_waker_noop();
    ant_os_mutex_lock(lock);
    ant_waker_wake_ref(&waker);
    ant_os_mutex_unlock(lock);
}

// Only builds with a sanitizer count; there this must trap.
static void a_waker_that_is_used_under_a_lock_traps(void **state)
{
    (void)state;
    ant_os_mutex lock = ANT_OS_MUTEX_INIT;
#ifdef ANT_CHECK_LOCKS
    assert_true(ant_mock_traps(wake_under_a_lock, &lock));
#else
    assert_false(ant_mock_traps(wake_under_a_lock, &lock));
#endif
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_primitive_stands_an_evil_waker),
        cmocka_unit_test(a_waker_that_is_used_under_a_lock_traps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
