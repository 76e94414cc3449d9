// SPDX-License-Identifier: MIT
//
// Tests of chan/oneshot.

#include "chan/oneshot.h"

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

static ant_oneshot_tx tx;
static ant_oneshot_rx rx;
static hand_task cook, guest;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    hand_task_init(&cook, 1);
    hand_task_init(&guest, 2);
    assert_int_equal(ant_oneshot_new(sizeof(int), &tx, &rx), 0);
    return 0;
}

// K32: nothing is left, whatever happened: no reference and no memory.
static int tear_down(void **state)
{
    (void)state;
    ant_oneshot_tx_drop(&tx);
    ant_oneshot_rx_drop(&rx);
    assert_int_equal(hand_refs(&cook), 0);
    assert_int_equal(hand_refs(&guest), 0);
    assert_int_equal(ant_mem_live_count(), blocks_before);
    return 0;
}

static int send(int value)
{
    return ant_oneshot_send(&tx, &value);
}

static void carries_a_value_that_was_sent_before(void **state)
{
    (void)state;
    int dish = 0;
    assert_int_equal(send(42), 0);
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_READY);
    assert_int_equal(meal.base.result, 0);
    assert_int_equal(dish, 42);
}

static void wakes_the_receiver_that_waits(void **state)
{
    (void)state;
    int dish = 0;
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
    assert_int_equal(guest.budget_left, ANT_BUDGET);
    assert_int_equal(send(42), 0);
    assert_int_equal(hand_take_wakes(&guest), 1);
    assert_int_equal(ant_atomic_load(&guest.via, ANT_RELAXED), ANT_VIA_CHANNEL);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_READY);
    assert_int_equal(dish, 42);
}

// O1: the sender is gone, nothing will come.
static void tells_the_receiver_when_the_sender_is_gone(void **state)
{
    (void)state;
    int dish = 7;
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
    ant_oneshot_tx_drop(&tx);
    ant_oneshot_tx_drop(&tx);
    assert_int_equal(hand_take_wakes(&guest), 1);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_READY);
    assert_int_equal(meal.base.result, -EPIPE);
    assert_int_equal(dish, 7);
}

// O1: send fails when the receiver is gone or has closed.
static void tells_the_sender_when_the_receiver_is_gone(void **state)
{
    (void)state;
    assert_false(ant_oneshot_is_closed(&tx));
    ant_oneshot_rx_drop(&rx);
    ant_oneshot_rx_drop(&rx);
    assert_true(ant_oneshot_is_closed(&tx));
    assert_int_equal(send(42), -EPIPE);
    assert_null(tx.channel);
}

// O1: what was sent before the close can still be had.
static void keeps_what_was_sent_before_the_close(void **state)
{
    (void)state;
    int dish = 0;
    assert_int_equal(send(42), 0);
    ant_oneshot_close(&rx);
    assert_int_equal(ant_oneshot_try_recv(&rx, &dish), 0);
    assert_int_equal(dish, 42);
    assert_int_equal(ant_oneshot_try_recv(&rx, &dish), -EPIPE);
}

static void refuses_what_is_sent_after_the_close(void **state)
{
    (void)state;
    int dish = 0;
    ant_oneshot_close(&rx);
    ant_oneshot_close(&rx);
    assert_int_equal(send(42), -EPIPE);
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_READY);
    assert_int_equal(meal.base.result, -EPIPE);
}

static void try_recv_tells_empty_from_over(void **state)
{
    (void)state;
    int dish = 0;
    assert_int_equal(ant_oneshot_try_recv(&rx, &dish), -EAGAIN);
    assert_int_equal(send(42), 0);
    assert_int_equal(ant_oneshot_try_recv(&rx, &dish), 0);
    assert_int_equal(ant_oneshot_try_recv(&rx, &dish), -EPIPE);
}

// O1: closed() wakes on close and on drop.
static void wakes_the_sender_when_nobody_wants_it(void **state)
{
    (void)state;
    struct ant_oneshot_closed closed = ant_oneshot_closed(&tx);
    assert_int_equal(hand_poll(&cook, &closed.base), ANT_PENDING);
    ant_oneshot_close(&rx);
    assert_int_equal(hand_take_wakes(&cook), 1);
    assert_int_equal(hand_poll(&cook, &closed.base), ANT_READY);

    struct ant_oneshot_closed again = ant_oneshot_closed(&tx);
    assert_int_equal(hand_poll(&cook, &again.base), ANT_READY);
}

// O2, K52: the receiver moves to another task, and that one is woken.
static void wakes_the_task_that_has_the_receiver_now(void **state)
{
    (void)state;
    int dish = 0;
    hand_task heir;
    hand_task_init(&heir, 3);
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
    ant_oneshot_rx moved = rx;
    rx = (ant_oneshot_rx){ 0 };
    ant_future_drop(&meal.base);
    assert_int_equal(hand_refs(&guest), 0);

    struct ant_oneshot_recv other = ant_oneshot_recv(&moved, &dish);
    assert_int_equal(hand_poll(&heir, &other.base), ANT_PENDING);
    assert_int_equal(send(42), 0);
    assert_int_equal(hand_take_wakes(&guest), 0);
    assert_int_equal(hand_take_wakes(&heir), 1);
    assert_int_equal(hand_poll(&heir, &other.base), ANT_READY);
    assert_int_equal(hand_refs(&heir), 0);
    ant_oneshot_rx_drop(&moved);
}

// S12.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    int dish = 0;
    assert_int_equal(send(42), 0);
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    guest.budget = 0;
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
    assert_true(guest.has_yielded);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_READY);
    assert_int_equal(guest.budget_left, ANT_BUDGET - 1);
    assert_int_equal(dish, 42);
}

// M5: a receive that is dropped at any point loses no value.
static void loses_no_value_when_a_receive_is_dropped(void **state)
{
    (void)state;
    enum { NEW, STARVED, WAITING, WOKEN, POINT_COUNT };
    for (int point = 0; point < POINT_COUNT; point++) {
        int dish = 0;
        struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
        if (point == STARVED) guest.budget = 0;
        if (point != NEW)
            assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
        if (point == WOKEN) assert_int_equal(send(42), 0);
        ant_future_drop(&meal.base);
        assert_int_equal(hand_refs(&guest), 0);
        if (point != WOKEN) assert_int_equal(send(42), 0);
        assert_int_equal(ant_oneshot_try_recv(&rx, &dish), 0);
        assert_int_equal(dish, 42);
        ant_oneshot_rx_drop(&rx);
        assert_int_equal(ant_oneshot_new(sizeof(int), &tx, &rx), 0);
    }
}

// G16: every order of ends, with both sides waiting, leaves nothing behind.
static void may_end_in_every_order(void **state)
{
    (void)state;
    for (unsigned order = 0; order < 256; order++) {
        int dish = 0;
        struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
        struct ant_oneshot_closed closed = ant_oneshot_closed(&tx);
        assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
        assert_int_equal(hand_poll(&cook, &closed.base), ANT_PENDING);
        for (unsigned step = 0; step < 4; step++) {
            switch (order >> (2 * step) & 3) {
            case 0:
                ant_future_drop(&meal.base);
                break;
            case 1:
                ant_future_drop(&closed.base);
                break;
            case 2:
                ant_oneshot_tx_drop(&tx);
                break;
            case 3:
                ant_oneshot_rx_drop(&rx);
                break;
            }
        }
        ant_future_drop(&meal.base);
        ant_future_drop(&closed.base);
        ant_oneshot_tx_drop(&tx);
        ant_oneshot_rx_drop(&rx);
        assert_int_equal(ant_mem_live_count(), blocks_before);
        assert_int_equal(ant_oneshot_new(sizeof(int), &tx, &rx), 0);
    }
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    int dish = 0;
    ant_wait wait;
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_false(meal.base.ops->waits_on(&meal.base, &wait));
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
    assert_true(meal.base.ops->waits_on(&meal.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_ONESHOT);
    ant_future_drop(&meal.base);
}

static void tells_when_there_is_no_memory(void **state)
{
    (void)state;
    ant_oneshot_tx no_tx = { 0 };
    ant_oneshot_rx no_rx = { 0 };
    ant_mem_fail_nth(1, 0);
    assert_int_equal(ant_oneshot_new(sizeof(int), &no_tx, &no_rx), -ENOMEM);
    ant_mem_fail_nth(0, 0);
    assert_null(no_tx.channel);
    assert_null(no_rx.channel);
}

// ---- Evil wakers: K54 ----

static void poke_channel(void *arg)
{
    (void)arg;
    int dish;
    if (rx.channel != NULL) (void)!ant_oneshot_try_recv(&rx, &dish);
    if (tx.channel != NULL) (void)!ant_oneshot_is_closed(&tx);
}

static void end_channel(void *arg)
{
    (void)arg;
    ant_oneshot_rx_drop(&rx);
    ant_oneshot_tx_drop(&tx);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    hand_evil_fn evils[] = { poke_channel, end_channel };
    for (unsigned i = 0; i < 2; i++) {
        int dish;
        guest.evil = cook.evil = poke_channel;
        struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
        struct ant_oneshot_closed closed = ant_oneshot_closed(&tx);
        assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
        assert_int_equal(hand_poll(&cook, &meal.base), ANT_PENDING);
        assert_int_equal(hand_poll(&cook, &closed.base), ANT_PENDING);
        guest.evil = cook.evil = evils[i];
        assert_int_equal(send(42), 0);
        ant_future_drop(&closed.base);
        ant_future_drop(&meal.base);
        ant_oneshot_rx_drop(&rx);
        assert_int_equal(ant_mem_live_count(), blocks_before);
        assert_int_equal(ant_oneshot_new(sizeof(int), &tx, &rx), 0);
    }
    guest.evil = cook.evil = NULL;
}

// ---- Mistakes ----

static void send_again(void *arg)
{
    (void)arg;
    (void)!send(43);
}

static void send_a_char(void *arg)
{
    (void)!ant_oneshot_send(&tx, (char *)arg);
}

static void traps_when_it_is_used_wrongly(void **state)
{
    (void)state;
    char letter = 'x';
    assert_true(hand_traps(send_a_char, &letter));
    assert_int_equal(send(42), 0);
    assert_true(hand_traps(send_again, NULL));
}

// ---- Threads: K52 ----

static void send_late(void *arg)
{
    ant_oneshot_tx *mine = arg;
    int value = 42;
    (void)!ant_oneshot_send(mine, &value);
}

// A value sent on one thread while the other one receives, closes or drops.
static void stands_a_sender_on_another_thread(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 300; i++) {
        int dish = 0;
        ant_os_thread thread;
        assert_int_equal(ant_os_thread_start(&thread, "sender", send_late, &tx),
                         0);
        struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
        ant_poll poll = hand_poll(&guest, &meal.base);
        while (poll == ANT_PENDING && i % 3 != 0) {
            ant_os_yield();
            poll = hand_poll(&guest, &meal.base);
        }
        if (i % 3 != 0) assert_int_equal(dish, 42);
        ant_future_drop(&meal.base);
        ant_oneshot_rx_drop(&rx);
        ant_os_thread_join(&thread);
        assert_int_equal(ant_mem_live_count(), blocks_before);
        assert_int_equal(ant_oneshot_new(sizeof(int), &tx, &rx), 0);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(carries_a_value_that_was_sent_before),
        TEST(wakes_the_receiver_that_waits),
        TEST(tells_the_receiver_when_the_sender_is_gone),
        TEST(tells_the_sender_when_the_receiver_is_gone),
        TEST(keeps_what_was_sent_before_the_close),
        TEST(refuses_what_is_sent_after_the_close),
        TEST(try_recv_tells_empty_from_over),
        TEST(wakes_the_sender_when_nobody_wants_it),
        TEST(wakes_the_task_that_has_the_receiver_now),
        TEST(yields_when_the_budget_is_used_up),
        TEST(loses_no_value_when_a_receive_is_dropped),
        TEST(may_end_in_every_order),
        TEST(says_what_it_waits_for),
        TEST(tells_when_there_is_no_memory),
        TEST(stands_an_evil_waker),
        TEST(traps_when_it_is_used_wrongly),
        TEST(stands_a_sender_on_another_thread),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
