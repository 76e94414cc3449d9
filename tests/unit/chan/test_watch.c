// SPDX-License-Identifier: MIT
//
// Tests of chan/watch; what it promises is in tests/conformance.

#include "chan/watch.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/resource.h"
#include "support/hand.h"

static ant_watch_tx tx;
static ant_watch_rx rx;
static hand_task tasks[3];
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    for (unsigned i = 0; i < 3; i++) {
        hand_task_init(&tasks[i], i + 1);
    }
    int level = 0;
    assert_int_equal(ant_watch_new_named("level", &level, &tx, &rx), 0);
    return 0;
}

// K32: nothing is left, whatever happened: no reference and no memory.
static int tear_down(void **state)
{
    (void)state;
    ant_watch_tx_drop(&tx);
    ant_watch_rx_drop(&rx);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(hand_refs(&tasks[i]), 0);
    }
    assert_int_equal(ant_mem_live_count(), blocks_before);
    return 0;
}

static int send(int level)
{
    return ant_watch_send(&tx, &level);
}

static int borrowed(void)
{
    int level = -1;
    ant_watch_borrow(&rx, &level);
    return level;
}

static bool add(void *value, void *arg)
{
    *(int *)value += *(int *)arg;
    return *(int *)arg != 0;
}

static bool is_at_least(const void *value, void *arg)
{
    return *(const int *)value >= *(int *)arg;
}

static void survives_that_there_is_no_memory(void **state)
{
    (void)state;
    ant_watch_tx a;
    ant_watch_rx b;
    int level = 0;
    ant_mem_fail_nth(1, 0);
    assert_int_equal(ant_watch_new(&level, &a, &b), -ENOMEM);
}

static void all_who_look_see_the_latest(void **state)
{
    (void)state;
    int level = 0;
    ant_watch_rx other = ant_watch_subscribe(&tx);
    assert_int_equal(send(1), 0);
    assert_int_equal(send(2), 0);
    assert_int_equal(borrowed(), 2);
    ant_watch_borrow_and_update(&other, &level);
    assert_int_equal(level, 2);
    level = 0;
    ant_watch_tx_borrow(&tx, &level);
    assert_int_equal(level, 2);
    ant_watch_rx_drop(&other);
}

static void a_clone_has_seen_what_its_origin_has(void **state)
{
    (void)state;
    assert_int_equal(send(1), 0);
    ant_watch_rx same = ant_watch_rx_clone(&rx);
    ant_watch_rx fresh = ant_watch_subscribe(&tx);
    assert_int_equal(ant_watch_receiver_count(&tx), 3);
    assert_int_equal(ant_watch_has_changed(&same), 1);
    assert_int_equal(ant_watch_has_changed(&fresh), 0);
    ant_watch_rx_drop(&same);
    ant_watch_rx_drop(&fresh);
    assert_int_equal(ant_watch_receiver_count(&tx), 1);
}

static void marks_by_hand(void **state)
{
    (void)state;
    ant_watch_mark_changed(&rx);
    assert_int_equal(ant_watch_has_changed(&rx), 1);
    struct ant_watch_changed news = ant_watch_changed(&rx);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_READY);
    assert_int_equal(ant_watch_has_changed(&rx), 0);
    assert_int_equal(send(1), 0);
    ant_watch_mark_unchanged(&rx);
    assert_int_equal(ant_watch_has_changed(&rx), 0);
}

static void wakes_who_waits_for_a_change(void **state)
{
    (void)state;
    struct ant_watch_changed news = ant_watch_changed(&rx);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    assert_int_equal(tasks[0].budget_left, ANT_BUDGET);
    assert_int_equal(hand_poll(&tasks[1], &news.base), ANT_PENDING);
    assert_int_equal(hand_refs(&tasks[0]), 0);
    assert_int_equal(send(1), 0);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(ant_atomic_load(&tasks[1].via, ANT_RELAXED),
                     ANT_VIA_NOTIFY);
    assert_int_equal(hand_poll(&tasks[1], &news.base), ANT_READY);
    assert_int_equal(news.base.result, 0);
}

// Seen by other means between the wake and the poll: it waits once more.
static void waits_again_when_the_change_was_seen(void **state)
{
    (void)state;
    struct ant_watch_changed news = ant_watch_changed(&rx);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    assert_int_equal(send(1), 0);
    ant_watch_mark_unchanged(&rx);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(send(2), 0);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_READY);
}

static void tells_the_sender_when_nobody_listens(void **state)
{
    (void)state;
    ant_watch_rx other = ant_watch_subscribe(&tx);
    struct ant_watch_closed closed = ant_watch_closed(&tx);
    assert_int_equal(hand_poll(&tasks[0], &closed.base), ANT_PENDING);
    ant_watch_rx_drop(&rx);
    ant_watch_rx_drop(&rx);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    assert_false(ant_watch_is_closed(&tx));
    ant_watch_rx_drop(&other);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_true(ant_watch_is_closed(&tx));
    // Somebody came before it was polled: it waits once more.
    rx = ant_watch_subscribe(&tx);
    assert_int_equal(hand_poll(&tasks[0], &closed.base), ANT_PENDING);
    ant_watch_rx_drop(&rx);
    assert_int_equal(hand_poll(&tasks[0], &closed.base), ANT_READY);
}

static void another_sender_keeps_it_open(void **state)
{
    (void)state;
    ant_watch_tx other = ant_watch_tx_clone(&tx);
    struct ant_watch_changed news = ant_watch_changed(&rx);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    ant_watch_tx_drop(&tx);
    ant_watch_tx_drop(&tx);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    ant_watch_tx_drop(&other);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_READY);
    assert_int_equal(news.base.result, -EPIPE);
}

// Every future, dropped at every point: nothing is marked, nothing is left.
static void may_be_dropped_at_every_point(void **state)
{
    (void)state;
    enum { NEW, STARVED, WAITING, WOKEN, POINT_COUNT };
    int out = 0;
    int goal = 100;
    for (int n = 0; n < 3 * POINT_COUNT; n++) {
        const int point = n % POINT_COUNT;
        struct ant_watch_changed changed = ant_watch_changed(&rx);
        struct ant_watch_wait_for reached =
            ant_watch_wait_for(&rx, &out, is_at_least, &goal);
        struct ant_watch_closed closed = ant_watch_closed(&tx);
        ant_future *const all[] = { &changed.base, &reached.base,
                                    &closed.base };
        ant_future *future = all[n / POINT_COUNT];
        if (point == STARVED) tasks[0].budget = 0;
        if (point != NEW)
            assert_int_equal(hand_poll(&tasks[0], future), ANT_PENDING);
        if (point == WOKEN) assert_int_equal(send(n), 0);
        ant_future_drop(future);
        assert_int_equal(hand_refs(&tasks[0]), 0);
        if (point == WOKEN) assert_int_equal(ant_watch_has_changed(&rx), 1);
        ant_watch_mark_unchanged(&rx);
    }
}

// The halves may be dropped before the futures that wait.
static void a_wait_keeps_the_channel(void **state)
{
    (void)state;
    struct ant_watch_changed news = ant_watch_changed(&rx);
    struct ant_watch_closed closed = ant_watch_closed(&tx);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &closed.base), ANT_PENDING);
    ant_watch_rx_drop(&rx);
    ant_watch_tx_drop(&tx);
    ant_future_drop(&news.base);
    assert_int_equal(hand_poll(&tasks[1], &closed.base), ANT_READY);
}

// S12: also while the values go by that are not waited for.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    int out = 0;
    int goal = 5;
    assert_int_equal(send(1), 0);
    struct ant_watch_changed news = ant_watch_changed(&rx);
    tasks[0].budget = 0;
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    assert_true(tasks[0].has_yielded);
    assert_int_equal(ant_watch_has_changed(&rx), 1);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_READY);

    struct ant_watch_wait_for reached =
        ant_watch_wait_for(&rx, &out, is_at_least, &goal);
    tasks[0].budget = 1;
    assert_int_equal(hand_poll(&tasks[0], &reached.base), ANT_PENDING);
    assert_true(tasks[0].has_yielded);
    assert_int_equal(send(5), 0);
    assert_int_equal(hand_poll(&tasks[0], &reached.base), ANT_READY);
    assert_int_equal(out, 5);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    ant_wait wait;
    struct ant_watch_changed news = ant_watch_changed(&rx);
    assert_false(news.base.ops->waits_on(&news.base, &wait));
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    assert_true(news.base.ops->waits_on(&news.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_WATCH);
    assert_string_equal(wait.name, "level");
    ant_future_drop(&news.base);
}

// K54.
static void poke(void *arg)
{
    int out = 0;
    int goal = 1000;
    ant_watch_rx more = ant_watch_subscribe(&tx);
    struct ant_watch_changed news = ant_watch_changed(&more);
    struct ant_watch_wait_for reached =
        ant_watch_wait_for(&more, &out, is_at_least, &goal);
    struct ant_watch_closed closed = ant_watch_closed(&tx);
    (void)hand_poll(arg, &news.base);
    (void)hand_poll(arg, &reached.base);
    (void)hand_poll(arg, &closed.base);
    (void)send(1);
    ant_future_drop(&news.base);
    ant_future_drop(&reached.base);
    ant_future_drop(&closed.base);
    ant_watch_rx_drop(&more);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        ant_mock_task_set_evil(&tasks[i], ANT_MOCK_ON_ALL, poke, &tasks[2]);
    }
    for (unsigned round = 0; round < 4; round++) {
        struct ant_watch_changed news = ant_watch_changed(&rx);
        struct ant_watch_closed closed = ant_watch_closed(&tx);
        (void)hand_poll(&tasks[0], &closed.base);
        if (hand_poll(&tasks[0], &news.base) == ANT_PENDING)
            (void)hand_poll(&tasks[1], &news.base);
        (void)send(2);
        if (round == 3) ant_watch_rx_drop(&rx);
        ant_future_drop(&news.base);
        ant_future_drop(&closed.base);
    }
}

static void allocates_only_when_it_is_made(void **state)
{
    (void)state;
    int one = 1;
    ant_mem_fail_nth(1, 1);
    poke(&tasks[2]);
    ant_watch_send_modify(&tx, add, &one);
    ant_watch_send_replace(&tx, &one, NULL);
    ant_watch_rx_drop(&rx);
    ant_watch_tx_drop(&tx);
    ant_mem_fail_nth(0, 0);
}

// ---- Threads: K50 ----

#define LAST 20000

static void raise_to_last(void *arg)
{
    (void)arg;
    int one = 1;
    for (int i = 0; i < LAST / 2; i++) {
        assert_true(ant_watch_send_if_modified(&tx, add, &one));
    }
}

// Two senders, and one who waits: values never go back, the one that comes is
// the one that was tested, and the last change is not missed.
static void a_waiter_sees_values_go_up(void **state)
{
    (void)state;
    ant_os_thread threads[2];
    int before = 0;
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(
            ant_os_thread_start(&threads[i], "sender", raise_to_last, NULL), 0);
    }
    while (before < LAST) {
        int out = 0;
        int goal = before + 1;
        struct ant_watch_wait_for reached =
            ant_watch_wait_for(&rx, &out, is_at_least, &goal);
        while (hand_poll(&tasks[0], &reached.base) == ANT_PENDING) {
            ant_os_yield();
        }
        assert_int_equal(reached.base.result, 0);
        assert_true(out > before);
        before = out;
    }
    for (unsigned i = 0; i < 2; i++) {
        ant_os_thread_join(&threads[i]);
    }
    assert_int_equal(borrowed(), LAST);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(survives_that_there_is_no_memory),
        TEST(all_who_look_see_the_latest),
        TEST(a_clone_has_seen_what_its_origin_has),
        TEST(marks_by_hand),
        TEST(wakes_who_waits_for_a_change),
        TEST(waits_again_when_the_change_was_seen),
        TEST(tells_the_sender_when_nobody_listens),
        TEST(another_sender_keeps_it_open),
        TEST(may_be_dropped_at_every_point),
        TEST(a_wait_keeps_the_channel),
        TEST(yields_when_the_budget_is_used_up),
        TEST(says_what_it_waits_for),
        TEST(stands_an_evil_waker),
        TEST(allocates_only_when_it_is_made),
        TEST(a_waiter_sees_values_go_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
