// SPDX-License-Identifier: MIT
//
// Tests of chan/broadcast; what it promises is in tests/conformance.

#include "chan/broadcast.h"

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

#define CAPACITY 3 // no power of two

static ant_broadcast_tx tx;
static ant_broadcast_rx rx;
static hand_task tasks[3];
static uint64_t blocks_before;

static int set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    for (unsigned i = 0; i < 3; i++) {
        hand_task_init(&tasks[i], i + 1);
    }
    assert_int_equal(ant_broadcast_new(sizeof(int), CAPACITY, &tx, &rx), 0);
    return 0;
}

// K32: nothing is left, whatever happened: no reference and no memory.
static int tear_down(void **state)
{
    (void)state;
    ant_broadcast_tx_drop(&tx);
    ant_broadcast_rx_drop(&rx);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(hand_refs(&tasks[i]), 0);
    }
    assert_int_equal(ant_mem_live_count(), blocks_before);
    return 0;
}

static int send(int value)
{
    return ant_broadcast_send(&tx, &value);
}

static void assert_next(ant_broadcast_rx *from, int value)
{
    int got = 0;
    assert_int_equal(ant_broadcast_try_recv(from, &got), 0);
    assert_int_equal(got, value);
}

static void assert_none(ant_broadcast_rx *from, int why)
{
    int got = 7;
    assert_int_equal(ant_broadcast_try_recv(from, &got), why);
    assert_int_equal(got, 7);
}

static void refuses_what_cannot_be(void **state)
{
    (void)state;
    ant_broadcast_tx a;
    ant_broadcast_rx b;
    assert_int_equal(ant_broadcast_new(0, 1, &a, &b), -EINVAL);
    assert_int_equal(ant_broadcast_new(4, 0, &a, &b), -EINVAL);
    assert_int_equal(ant_broadcast_new(SIZE_MAX - 8, 1, &a, &b), -ENOMEM);
    assert_int_equal(ant_broadcast_new(SIZE_MAX / 4, 8, &a, &b), -ENOMEM);
    ant_mem_fail_nth(1, 0);
    assert_int_equal(ant_broadcast_new(4, 1, &a, &b), -ENOMEM);
}

// K11: the one who waits is woken, and only that one's task.
static void wakes_those_who_wait(void **state)
{
    (void)state;
    int got[2] = { 0 };
    ant_broadcast_rx other = ant_broadcast_subscribe(&tx);
    struct ant_broadcast_recv news[2] = {
        ant_broadcast_recv(&rx, &got[0]),
        ant_broadcast_recv(&other, &got[1]),
    };
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(hand_poll(&tasks[i], &news[i].base), ANT_PENDING);
        assert_int_equal(tasks[i].budget_left, ANT_BUDGET);
    }
    assert_int_equal(send(42), 2);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(hand_take_wakes(&tasks[i]), 1);
        assert_int_equal(ant_atomic_load(&tasks[i].via, ANT_RELAXED),
                         ANT_VIA_CHANNEL);
        assert_int_equal(hand_poll(&tasks[i], &news[i].base), ANT_READY);
        assert_int_equal(news[i].base.result, 0);
        assert_int_equal(got[i], 42);
    }
    assert_int_equal(hand_take_wakes(&tasks[2]), 0);
    ant_broadcast_rx_drop(&other);
}

// A receive is polled before its turn to be woken has come, or by another task.
static void follows_its_task(void **state)
{
    (void)state;
    int got = 0;
    struct ant_broadcast_recv news = ant_broadcast_recv(&rx, &got);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &news.base), ANT_PENDING);
    assert_int_equal(hand_refs(&tasks[0]), 0);
    assert_int_equal(send(1), 1);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    // Somebody took it meanwhile: it waits once more.
    assert_next(&rx, 1);
    assert_int_equal(hand_poll(&tasks[1], &news.base), ANT_PENDING);
    assert_int_equal(send(2), 1);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(hand_poll(&tasks[1], &news.base), ANT_READY);
    assert_int_equal(got, 2);
}

static void counts_what_is_inside(void **state)
{
    (void)state;
    ant_broadcast_rx other = ant_broadcast_resubscribe(&rx);
    assert_int_equal(ant_broadcast_receiver_count(&tx), 2);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(send(i), 2);
    }
    assert_int_equal(ant_broadcast_len(&rx), 5);
    assert_int_equal(ant_broadcast_tx_len(&tx), CAPACITY);
    assert_none(&rx, -EOVERFLOW);
    assert_int_equal(rx.missed, 2);
    assert_next(&rx, 2);
    assert_int_equal(ant_broadcast_len(&rx), 2);
    assert_int_equal(ant_broadcast_tx_len(&tx), CAPACITY);
    ant_broadcast_rx_drop(&other);
    assert_int_equal(ant_broadcast_receiver_count(&tx), 1);
    assert_int_equal(ant_broadcast_tx_len(&tx), 2);
    assert_next(&rx, 3);
    assert_next(&rx, 4);
    assert_true(ant_broadcast_is_empty(&rx));
    assert_int_equal(ant_broadcast_tx_len(&tx), 0);
}

// Before the end a slow receiver gets what is left; also with one place (K49).
static void loses_nothing_when_the_last_sender_goes(void **state)
{
    (void)state;
    ant_broadcast_tx one;
    ant_broadcast_rx slow;
    int value = 1;
    assert_int_equal(ant_broadcast_new(sizeof(int), 1, &one, &slow), 0);
    assert_int_equal(ant_broadcast_send(&one, &value), 1);
    value = 2;
    assert_int_equal(ant_broadcast_send(&one, &value), 1);
    ant_broadcast_tx_drop(&one);
    assert_none(&slow, -EOVERFLOW);
    assert_int_equal(slow.missed, 1);
    assert_next(&slow, 2);
    assert_none(&slow, -EPIPE);
    assert_none(&slow, -EPIPE);
    ant_broadcast_rx late = ant_broadcast_resubscribe(&slow);
    assert_none(&late, -EPIPE);
    ant_broadcast_rx_drop(&slow);
    ant_broadcast_rx_drop(&late);
}

static void another_sender_keeps_it_open(void **state)
{
    (void)state;
    int got = 0;
    ant_broadcast_tx other = ant_broadcast_tx_clone(&tx);
    struct ant_broadcast_recv news = ant_broadcast_recv(&rx, &got);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    ant_broadcast_tx_drop(&tx);
    ant_broadcast_tx_drop(&tx);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    ant_broadcast_tx_drop(&other);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_READY);
    assert_int_equal(news.base.result, -EPIPE);
}

// M5: a receive that is dropped at any point loses no value.
static void loses_no_value_when_a_receive_is_dropped(void **state)
{
    (void)state;
    enum { NEW, STARVED, WAITING, WOKEN, POINT_COUNT };
    for (int point = 0; point < POINT_COUNT; point++) {
        int got = 0;
        struct ant_broadcast_recv news = ant_broadcast_recv(&rx, &got);
        if (point == STARVED) tasks[0].budget = 0;
        if (point != NEW)
            assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
        if (point == WOKEN) assert_int_equal(send(point), 1);
        ant_future_drop(&news.base);
        assert_int_equal(hand_refs(&tasks[0]), 0);
        if (point != WOKEN) assert_int_equal(send(point), 1);
        assert_next(&rx, point);
    }
}

// The halves may be dropped before the future that waits.
static void a_wait_keeps_the_channel(void **state)
{
    (void)state;
    int got = 0;
    struct ant_broadcast_recv news = ant_broadcast_recv(&rx, &got);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    ant_broadcast_rx_drop(&rx);
    ant_broadcast_tx_drop(&tx);
    ant_future_drop(&news.base);
}

// S12.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    int got = 0;
    assert_int_equal(send(42), 1);
    struct ant_broadcast_recv news = ant_broadcast_recv(&rx, &got);
    tasks[0].budget = 0;
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    assert_true(tasks[0].has_yielded);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_READY);
    assert_int_equal(got, 42);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    int got = 0;
    ant_wait wait;
    struct ant_broadcast_recv news = ant_broadcast_recv(&rx, &got);
    assert_false(news.base.ops->waits_on(&news.base, &wait));
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_PENDING);
    assert_true(news.base.ops->waits_on(&news.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_BROADCAST);
    ant_future_drop(&news.base);
}

// K54, #5578.
static void poke(void *arg)
{
    int got = 0;
    ant_broadcast_rx more = ant_broadcast_subscribe(&tx);
    struct ant_broadcast_recv news = ant_broadcast_recv(&more, &got);
    (void)hand_poll(arg, &news.base);
    (void)send(1);
    (void)hand_poll(arg, &news.base);
    ant_future_drop(&news.base);
    ant_broadcast_rx_drop(&more);
    ant_broadcast_tx clone = ant_broadcast_tx_clone(&tx);
    ant_broadcast_tx_drop(&clone);
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    int got = 0;
    for (unsigned i = 0; i < 2; i++) {
        ant_mock_task_set_evil(&tasks[i], ANT_MOCK_ON_ALL, poke, &tasks[2]);
    }
    for (unsigned round = 0; round < 8; round++) {
        struct ant_broadcast_recv news = ant_broadcast_recv(&rx, &got);
        if (hand_poll(&tasks[0], &news.base) == ANT_PENDING)
            (void)hand_poll(&tasks[1], &news.base);
        (void)send(2);
        ant_future_drop(&news.base);
    }
}

static void allocates_only_when_it_is_made(void **state)
{
    (void)state;
    int got = 0;
    ant_mem_fail_nth(1, 1);
    poke(&tasks[2]);
    struct ant_broadcast_recv news = ant_broadcast_recv(&rx, &got);
    assert_int_equal(hand_poll(&tasks[0], &news.base), ANT_READY);
    ant_mem_fail_nth(0, 0);
}

static void send_to_dropped(void *arg)
{
    (void)arg;
    ant_broadcast_tx none = { 0 };
    int value = 1;
    (void)ant_broadcast_send(&none, &value);
}

static void traps_when_the_half_is_gone(void **state)
{
    (void)state;
    assert_true(hand_traps(send_to_dropped, NULL));
}

// ---- Threads ----

#define SENT 20000

// What a receiver got and what it missed is what was sent, in order.
typedef struct listener {
    ant_broadcast_rx rx;
    hand_task task;
    uint64_t got;
    uint64_t missed;
} listener;

static void listen(void *arg)
{
    listener *self = arg;
    int value = -1;
    int before = -1;
    for (;;) {
        struct ant_broadcast_recv news = ant_broadcast_recv(&self->rx, &value);
        while (hand_poll(&self->task, &news.base) == ANT_PENDING) {
            ant_os_yield();
        }
        if (news.base.result == -EPIPE) break;
        if (news.base.result == -EOVERFLOW) {
            self->missed += news.missed;
            continue;
        }
        ANT_ASSERT(value > before);
        before = value;
        self->got++;
    }
    ant_broadcast_rx_drop(&self->rx);
}

static void every_receiver_accounts_for_every_value(void **state)
{
    (void)state;
    listener listeners[2];
    ant_os_thread threads[2];
    for (unsigned i = 0; i < 2; i++) {
        listeners[i] = (listener){ .rx = ant_broadcast_subscribe(&tx) };
        hand_task_init(&listeners[i].task, 10 + i);
        assert_int_equal(
            ant_os_thread_start(&threads[i], "listener", listen, &listeners[i]),
            0);
    }
    ant_broadcast_rx_drop(&rx);
    for (int i = 0; i < SENT; i++) {
        assert_int_equal(send(i), 2);
        if (i % 16 == 0) ant_os_yield();
    }
    ant_broadcast_tx_drop(&tx);
    for (unsigned i = 0; i < 2; i++) {
        ant_os_thread_join(&threads[i]);
        assert_int_equal(listeners[i].got + listeners[i].missed, SENT);
        assert_int_equal(hand_refs(&listeners[i].task), 0);
    }
}

static void a_weak_sender_keeps_nothing_open(void **state)
{
    (void)state;
    int value = 0;
    ant_broadcast_tx again = { 0 };
    ant_broadcast_weak_tx weak = ant_broadcast_downgrade(&tx);
    assert_int_equal(ant_broadcast_upgrade(&weak, &again), 0);
    ant_broadcast_tx_drop(&tx);
    assert_int_equal(ant_broadcast_send(&again, &value), 1);
    ant_broadcast_tx_drop(&again);
    assert_int_equal(ant_broadcast_upgrade(&weak, &again), -EPIPE);
    assert_null(again.channel);
    assert_int_equal(ant_broadcast_try_recv(&rx, &value), 0);
    assert_int_equal(ant_broadcast_try_recv(&rx, &value), -EPIPE);
    ant_broadcast_weak_drop(&weak);
    ant_broadcast_weak_drop(&weak);
}

static void closed_waits_for_the_last_receiver(void **state)
{
    (void)state;
    ant_broadcast_rx second = ant_broadcast_subscribe(&tx);
    struct ant_broadcast_closed end = ant_broadcast_closed(&tx);
    assert_int_equal(hand_poll(&tasks[0], &end.base), ANT_PENDING);
    ant_broadcast_rx_drop(&rx);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    ant_broadcast_rx_drop(&second);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(hand_poll(&tasks[0], &end.base), ANT_READY);
    end = ant_broadcast_closed(&tx);
    assert_int_equal(hand_poll(&tasks[0], &end.base), ANT_READY);
}

// Whoever subscribes in time opens it again: then closed goes on waiting.
static void a_new_receiver_opens_it_again(void **state)
{
    (void)state;
    struct ant_broadcast_closed end = ant_broadcast_closed(&tx);
    assert_int_equal(hand_poll(&tasks[0], &end.base), ANT_PENDING);
    ant_broadcast_rx_drop(&rx);
    rx = ant_broadcast_subscribe(&tx);
    assert_int_equal(hand_poll(&tasks[0], &end.base), ANT_PENDING);
    ant_broadcast_rx_drop(&rx);
    assert_int_equal(hand_poll(&tasks[0], &end.base), ANT_READY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(refuses_what_cannot_be),
        TEST(wakes_those_who_wait),
        TEST(follows_its_task),
        TEST(counts_what_is_inside),
        TEST(loses_nothing_when_the_last_sender_goes),
        TEST(another_sender_keeps_it_open),
        TEST(loses_no_value_when_a_receive_is_dropped),
        TEST(a_wait_keeps_the_channel),
        TEST(yields_when_the_budget_is_used_up),
        TEST(says_what_it_waits_for),
        TEST(stands_an_evil_waker),
        TEST(allocates_only_when_it_is_made),
        TEST(traps_when_the_half_is_gone),
        TEST(every_receiver_accounts_for_every_value),
        TEST(a_weak_sender_keeps_nothing_open),
        TEST(closed_waits_for_the_last_receiver),
        TEST(a_new_receiver_opens_it_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
