// SPDX-License-Identifier: MIT
//
// What a oneshot promises: O1, O2.

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

static ant_oneshot_tx tx;
static ant_oneshot_rx rx;
static hand_task cook, guest, heir;
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    hand_task_init(&cook, 1);
    hand_task_init(&guest, 2);
    hand_task_init(&heir, 3);
    assert_int_equal(ant_oneshot_new(sizeof(int), &tx, &rx), 0);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    ant_oneshot_tx_drop(&tx);
    ant_oneshot_rx_drop(&rx);
    assert_int_equal(hand_refs(&cook), 0);
    assert_int_equal(hand_refs(&guest), 0);
    assert_int_equal(hand_refs(&heir), 0);
    assert_int_equal(ant_mem_live_count(), blocks_before);
    return 0;
}

static int send(int value)
{
    return ant_oneshot_send(&tx, &value);
}

static void o1_a_value_arrives_once(void **state)
{
    (void)state;
    int dish = 0;
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
    assert_int_equal(send(42), 0);
    assert_int_equal(hand_take_wakes(&guest), 1);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_READY);
    assert_int_equal(meal.base.result, 0);
    assert_int_equal(dish, 42);
    assert_int_equal(ant_oneshot_try_recv(&rx, &dish), -EPIPE);
}

static void o1_a_send_to_nobody_fails(void **state)
{
    (void)state;
    struct ant_oneshot_closed closed = ant_oneshot_closed(&tx);
    assert_int_equal(hand_poll(&cook, &closed.base), ANT_PENDING);
    ant_oneshot_rx_drop(&rx);
    assert_int_equal(hand_take_wakes(&cook), 1);
    assert_int_equal(hand_poll(&cook, &closed.base), ANT_READY);
    assert_int_equal(send(42), -EPIPE);
}

static void o1_a_receiver_hears_that_nothing_will_come(void **state)
{
    (void)state;
    int dish = 0;
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
    ant_oneshot_tx_drop(&tx);
    assert_int_equal(hand_take_wakes(&guest), 1);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_READY);
    assert_int_equal(meal.base.result, -EPIPE);
}

static void o1_a_close_keeps_what_was_sent(void **state)
{
    (void)state;
    int dish = 0;
    assert_int_equal(send(42), 0);
    ant_oneshot_close(&rx);
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_READY);
    assert_int_equal(meal.base.result, 0);
    assert_int_equal(dish, 42);
}

static struct ant_oneshot_recv over;

static void poll_again(void *arg)
{
    (void)hand_poll(arg, &over.base);
}

static void o1_a_poll_after_the_end_traps(void **state)
{
    (void)state;
    int dish = 0;
    assert_int_equal(send(42), 0);
    over = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &over.base), ANT_READY);
    assert_true(hand_traps(poll_again, &guest));
}

static void o2_the_end_gives_both_wakers_back(void **state)
{
    (void)state;
    int dish = 0;
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    struct ant_oneshot_closed closed = ant_oneshot_closed(&tx);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
    assert_int_equal(hand_poll(&cook, &closed.base), ANT_PENDING);
    ant_oneshot_close(&rx);
    assert_int_equal(hand_refs(&guest), 0);
    assert_int_equal(hand_refs(&cook), 0);
    ant_future_drop(&meal.base);
    ant_future_drop(&closed.base);
}

static void o2_the_task_of_the_last_poll_is_woken(void **state)
{
    (void)state;
    int dish = 0;
    struct ant_oneshot_recv meal = ant_oneshot_recv(&rx, &dish);
    assert_int_equal(hand_poll(&guest, &meal.base), ANT_PENDING);
    assert_int_equal(hand_poll(&heir, &meal.base), ANT_PENDING);
    assert_int_equal(hand_refs(&guest), 0);
    assert_int_equal(send(42), 0);
    assert_int_equal(hand_take_wakes(&guest), 0);
    assert_int_equal(hand_take_wakes(&heir), 1);
    assert_int_equal(hand_poll(&heir, &meal.base), ANT_READY);
}

// ---- In a runtime ----

#define ORDERS 50

struct cooking {
    ant_future base;
    ant_oneshot_tx tx;
    int dish; // 0: none is made
};

ANT_ASYNC_WITH_DROP(cooking)
{
    if (self->dish == 0) {
        ant_oneshot_tx_drop(&self->tx);
        return ANT_READY;
    }
    const int err = ant_oneshot_send(&self->tx, &self->dish);
    return err < 0 ? ANT_FAIL(err) : ANT_READY;
}

static void cooking_drop(struct cooking *self)
{
    ant_oneshot_tx_drop(&self->tx);
}

ANT_MUST_USE static struct cooking cooking(ant_oneshot_tx half, int dish)
{
    return (struct cooking){ ANT_INIT(cooking), .tx = half, .dish = dish };
}

// Every third order is not made.
struct dinner {
    ant_future base;
    enum { DINNER_START, DINNER_EATING, DINNER_PAYING } state;
    int order;
    int dish;
    ant_oneshot_tx tx;
    ant_oneshot_rx rx;
    struct ant_oneshot_recv meal;
    struct ant_join_handle cook;
};

ANT_ASYNC(dinner)
{
    switch (self->state) {
    case DINNER_START: {
        const int err = ant_oneshot_new(sizeof(int), &self->tx, &self->rx);
        if (err < 0) return ANT_FAIL(err);
        self->order++;
        self->cook = ant_spawn(cooking(self->tx, self->order % 3 * 10));
        self->meal = ant_oneshot_recv(&self->rx, &self->dish);
        return ANT_NEXT(DINNER_EATING);
    }

    case DINNER_EATING: {
        ANT_AWAIT(self->meal);
        ant_oneshot_rx_drop(&self->rx);
        const int wanted = self->order % 3 * 10;
        const int result = self->meal.base.result;
        if (wanted == 0 ? result != -EPIPE : self->dish != wanted)
            return ANT_FAIL(-EIO);
        return ANT_NEXT(DINNER_PAYING);
    }

    case DINNER_PAYING:
        ANT_AWAIT(self->cook);
        if (self->cook.base.result < 0) return ANT_FAIL(-EIO);
        return self->order < ORDERS ? ANT_NEXT(DINNER_START) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct dinner dinner(void)
{
    return (struct dinner){ ANT_INIT(dinner) };
}

static void o1_every_order_is_answered(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, dinner()), 0);
    ant_runtime_free(rt);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(o1_a_value_arrives_once),
        TEST(o1_a_send_to_nobody_fails),
        TEST(o1_a_receiver_hears_that_nothing_will_come),
        TEST(o1_a_close_keeps_what_was_sent),
        TEST(o1_a_poll_after_the_end_traps),
        TEST(o2_the_end_gives_both_wakers_back),
        TEST(o2_the_task_of_the_last_poll_is_woken),
        EVERY_FLAVOR(o1_every_order_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
