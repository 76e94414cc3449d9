// SPDX-License-Identifier: MIT
//
// What a watch channel promises: X1 to X5.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "support/flavors.h"
#include "support/hand.h"

static ant_watch_tx tx;
static ant_watch_rx rx;
static hand_task task;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    hand_task_init(&task, 1);
    int level = 0;
    assert_int_equal(ant_watch_new(&level, &tx, &rx), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ant_watch_tx_drop(&tx);
    ant_watch_rx_drop(&rx);
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(ant_mem_live_count(), blocks_before);
    return 0;
}

static int send(int level)
{
    return ant_watch_send(&tx, &level);
}

static int latest(void)
{
    int level = -1;
    ant_watch_tx_borrow(&tx, &level);
    return level;
}

// What changed() says at once: -EAGAIN when it would wait.
static int changed_says(void)
{
    struct ant_watch_changed news = ant_watch_changed(&rx);
    const ant_poll poll = hand_poll(&task, &news.base);
    ant_future_drop(&news.base);
    return poll == ANT_PENDING ? -EAGAIN : news.base.result;
}

// ---- By hand ----

static void x1_only_the_latest_value_counts(void **state)
{
    (void)state;
    int level = -1;
    assert_int_equal(changed_says(), -EAGAIN); // the first one counts as seen
    assert_int_equal(send(1), 0);
    assert_int_equal(send(2), 0);
    assert_int_equal(changed_says(), 0);
    assert_int_equal(changed_says(), -EAGAIN);
    ant_watch_borrow(&rx, &level);
    assert_int_equal(level, 2);
}

static void x1_borrow_marks_only_with_update(void **state)
{
    (void)state;
    int level = 0;
    assert_int_equal(send(1), 0);
    ant_watch_borrow(&rx, &level);
    assert_int_equal(ant_watch_has_changed(&rx), 1);
    ant_watch_borrow_and_update(&rx, &level);
    assert_int_equal(ant_watch_has_changed(&rx), 0);
}

static void x1_the_last_value_comes_before_the_end(void **state)
{
    (void)state;
    assert_int_equal(send(1), 0);
    ant_watch_tx_drop(&tx);
    assert_int_equal(ant_watch_has_changed(&rx), -EPIPE);
    assert_int_equal(changed_says(), 0);
    assert_int_equal(changed_says(), -EPIPE);
    assert_int_equal(ant_watch_has_changed(&rx), -EPIPE);
}

static bool set_to(void *value, void *arg)
{
    *(int *)value = *(int *)arg;
    return true;
}

static void x2_a_send_to_nobody_stores_nothing(void **state)
{
    (void)state;
    int level = 7;
    int old = -1;
    ant_watch_rx_drop(&rx);
    assert_int_equal(send(1), -EPIPE);
    assert_int_equal(latest(), 0);
    ant_watch_send_replace(&tx, &level, &old);
    assert_int_equal(old, 0);
    assert_int_equal(latest(), 7);
    level = 8;
    ant_watch_send_modify(&tx, set_to, &level);
    assert_int_equal(latest(), 8);
    level = 9;
    assert_true(ant_watch_send_if_modified(&tx, set_to, &level));
    assert_int_equal(latest(), 9);
}

static void x2_a_subscriber_opens_it_again(void **state)
{
    (void)state;
    ant_watch_rx_drop(&rx);
    assert_true(ant_watch_is_closed(&tx));
    rx = ant_watch_subscribe(&tx);
    assert_false(ant_watch_is_closed(&tx));
    assert_int_equal(changed_says(), -EAGAIN);
    assert_int_equal(send(1), 0);
    assert_int_equal(changed_says(), 0);
}

typedef struct goal {
    int level;
    int tests;
} goal;

static bool is_reached(const void *value, void *arg)
{
    goal *self = arg;
    self->tests++;
    return *(const int *)value >= self->level;
}

static void x3_the_current_value_is_tested_first(void **state)
{
    (void)state;
    int level = -1;
    goal none = { .level = 0 };
    struct ant_watch_wait_for reached =
        ant_watch_wait_for(&rx, &level, is_reached, &none);
    assert_int_equal(hand_poll(&task, &reached.base), ANT_READY);
    assert_int_equal(reached.base.result, 0);
    assert_int_equal(level, 0);
    assert_int_equal(none.tests, 1);
}

static void x3_each_value_is_tested_once(void **state)
{
    (void)state;
    int level = -1;
    goal two = { .level = 2 };
    struct ant_watch_wait_for reached =
        ant_watch_wait_for(&rx, &level, is_reached, &two);
    assert_int_equal(hand_poll(&task, &reached.base), ANT_PENDING);
    assert_int_equal(hand_poll(&task, &reached.base), ANT_PENDING);
    assert_int_equal(send(1), 0);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(hand_poll(&task, &reached.base), ANT_PENDING);
    assert_int_equal(two.tests, 2);
    assert_int_equal(send(2), 0);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(hand_poll(&task, &reached.base), ANT_READY);
    assert_int_equal(level, 2);
    assert_int_equal(changed_says(), -EAGAIN); // it was seen
}

static void x3_the_last_value_is_tested_after_the_close(void **state)
{
    (void)state;
    int level = -1;
    goal one = { .level = 1 };
    struct ant_watch_wait_for reached =
        ant_watch_wait_for(&rx, &level, is_reached, &one);
    assert_int_equal(hand_poll(&task, &reached.base), ANT_PENDING);
    assert_int_equal(send(1), 0);
    ant_watch_tx_drop(&tx);
    assert_int_equal(hand_poll(&task, &reached.base), ANT_READY);
    assert_int_equal(reached.base.result, 0);

    goal two = { .level = 2 };
    reached = ant_watch_wait_for(&rx, &level, is_reached, &two);
    assert_int_equal(hand_poll(&task, &reached.base), ANT_READY);
    assert_int_equal(reached.base.result, -EPIPE);
    assert_int_equal(two.tests, 1);
}

static void x4_a_change_that_is_dropped_was_not_seen(void **state)
{
    (void)state;
    struct ant_watch_changed news = ant_watch_changed(&rx);
    assert_int_equal(hand_poll(&task, &news.base), ANT_PENDING);
    assert_int_equal(send(1), 0);
    assert_int_equal(hand_take_wakes(&task), 1);
    ant_future_drop(&news.base);
    assert_int_equal(changed_says(), 0);
}

static bool change_nothing(void *value, void *arg)
{
    (void)value;
    (void)arg;
    return false;
}

static void x5_nobody_is_woken_without_a_version(void **state)
{
    (void)state;
    struct ant_watch_changed news = ant_watch_changed(&rx);
    assert_int_equal(hand_poll(&task, &news.base), ANT_PENDING);
    assert_false(ant_watch_send_if_modified(&tx, change_nothing, NULL));
    ant_watch_tx other = ant_watch_tx_clone(&tx);
    ant_watch_rx more = ant_watch_subscribe(&tx);
    ant_watch_tx_drop(&other);
    ant_watch_rx_drop(&more);
    (void)latest();
    assert_int_equal(hand_take_wakes(&task), 0);
    assert_int_equal(send(0), 0); // the same value is a new version
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(hand_poll(&task, &news.base), ANT_READY);
    assert_int_equal(send(1), 0);
    assert_int_equal(hand_take_wakes(&task), 0);
}

// ---- In a runtime ----

#define WATCHERS 40 // more than a batch of wakers
#define TOP      100

// Half of them follow each change to the end, half wait for the top.
struct watcher {
    ant_future base;
    enum { WATCHER_START, WATCHER_FOLLOWING, WATCHER_WAITING } state;
    bool is_patient;
    int level;
    int before;
    goal top;
    ant_watch_rx rx;
    struct ant_watch_changed news;
    struct ant_watch_wait_for reached;
};

ANT_ASYNC_WITH_DROP(watcher)
{
    switch (self->state) {
    case WATCHER_START:
        self->top = (goal){ .level = TOP };
        self->news = ant_watch_changed(&self->rx);
        self->reached =
            ant_watch_wait_for(&self->rx, &self->level, is_reached, &self->top);
        return self->is_patient ? ANT_NEXT(WATCHER_WAITING)
                                : ANT_NEXT(WATCHER_FOLLOWING);

    case WATCHER_FOLLOWING:
        ANT_AWAIT(self->news);
        if (self->news.base.result == -EPIPE) {
            ant_watch_rx_drop(&self->rx);
            return self->level == TOP ? ANT_READY : ANT_FAIL(-EIO);
        }
        self->before = self->level;
        ant_watch_borrow_and_update(&self->rx, &self->level);
        if (self->level <= self->before) return ANT_FAIL(-EIO);
        return ANT_NEXT(WATCHER_START);

    case WATCHER_WAITING:
        ANT_AWAIT(self->reached);
        ant_watch_rx_drop(&self->rx);
        return self->level == TOP ? ANT_READY : ANT_FAIL(-EIO);
    }
    ANT_UNREACHABLE();
}

static void watcher_drop(struct watcher *self)
{
    ant_future_drop(&self->news.base);
    ant_future_drop(&self->reached.base);
    ant_watch_rx_drop(&self->rx);
}

ANT_MUST_USE static struct watcher watcher(ant_watch_rx half, bool is_patient)
{
    return (struct watcher){
        ANT_INIT(watcher),
        .rx = half,
        .is_patient = is_patient,
    };
}

// Raises the level step by step, and waits until nobody watches.
struct tide {
    ant_future base;
    enum { TIDE_START, TIDE_RISING, TIDE_JOINING } state;
    int level;
    unsigned joined;
    struct ant_yield_now turn;
    struct ant_join_handle watchers[WATCHERS];
};

ANT_ASYNC(tide)
{
    switch (self->state) {
    case TIDE_START:
        for (unsigned i = 0; i < WATCHERS; i++) {
            self->watchers[i] =
                ant_spawn(watcher(ant_watch_subscribe(&tx), i % 2 == 0));
        }
        self->turn = ant_yield_now();
        return ANT_NEXT(TIDE_RISING);

    case TIDE_RISING:
        ANT_AWAIT(self->turn);
        (void)send(++self->level);
        self->turn = ant_yield_now();
        if (self->level < TOP) return ANT_NEXT(TIDE_RISING);
        ant_watch_tx_drop(&tx);
        return ANT_NEXT(TIDE_JOINING);

    case TIDE_JOINING:
        ANT_AWAIT(self->watchers[self->joined]);
        if (self->watchers[self->joined].base.result < 0) return ANT_FAIL(-EIO);
        if (++self->joined < WATCHERS) return ANT_NEXT(TIDE_JOINING);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct tide tide(void)
{
    return (struct tide){ ANT_INIT(tide) };
}

static void run_tide(void **state)
{
    int level = 0;
    assert_int_equal(ant_watch_new(&level, &tx, &rx), 0);
    ant_watch_rx_drop(&rx);
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, tide()), 0);
    ant_runtime_free(rt);
}

static void x1_all_see_the_last_value_and_then_the_end(void **state)
{
    run_tide(state);
}

static void x3_all_who_wait_see_the_value(void **state)
{
    run_tide(state);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(x1_only_the_latest_value_counts),
        TEST(x1_borrow_marks_only_with_update),
        TEST(x1_the_last_value_comes_before_the_end),
        TEST(x2_a_send_to_nobody_stores_nothing),
        TEST(x2_a_subscriber_opens_it_again),
        TEST(x3_the_current_value_is_tested_first),
        TEST(x3_each_value_is_tested_once),
        TEST(x3_the_last_value_is_tested_after_the_close),
        TEST(x4_a_change_that_is_dropped_was_not_seen),
        TEST(x5_nobody_is_woken_without_a_version),
        EVERY_FLAVOR(x1_all_see_the_last_value_and_then_the_end),
        EVERY_FLAVOR(x3_all_who_wait_see_the_value),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
