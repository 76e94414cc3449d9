// SPDX-License-Identifier: MIT
//
// Tests of chan/mpsc: what is no promise of its own in tests/conformance.

#include "chan/mpsc.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/assert.h"
#include "base/mem.h"
#include "base/os.h"
#include "core/resource.h"
#include "support/hand.h"

static ant_mpsc_tx tx;
static ant_mpsc_rx rx;
static hand_task tasks[4];
static uint64_t blocks_before;

static void make(size_t capacity)
{
    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
    assert_int_equal(ant_mpsc_new(sizeof(int), capacity, &tx, &rx), 0);
}

static int set_up(void **state)
{
    (void)state;
    blocks_before = ant_mem_live_count();
    for (unsigned i = 0; i < 4; i++)
        hand_task_init(&tasks[i], i + 1);
    make(2);
    return 0;
}

// K32: nothing is left, whatever happened: no reference and no memory.
static int tear_down(void **state)
{
    (void)state;
    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
    for (unsigned i = 0; i < 4; i++)
        assert_int_equal(hand_refs(&tasks[i]), 0);
    assert_int_equal(ant_mem_live_count(), blocks_before);
    return 0;
}

static int try_send(int value)
{
    return ant_mpsc_try_send(&tx, &value);
}

// The next value; -EAGAIN and -EPIPE are below all values of these tests.
static int try_recv(void)
{
    int value = 0;
    const int err = ant_mpsc_try_recv(&rx, &value);
    return err < 0 ? err : value;
}

static void fill(int from)
{
    while (try_send(from) == 0)
        from++;
}

static void halves_have_numbers_only_in_a_recording(void **state)
{
    (void)state;
    ant_mpsc_tx more = ant_mpsc_tx_clone(&tx);
    assert_int_equal(tx.half.id, 0);
    assert_int_equal(rx.half.id, 0);
    assert_int_equal(more.half.id, 0);
    ant_mpsc_tx_drop(&more);
}

static void carries_values_in_order(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i += 2) {
        assert_int_equal(try_send(i), 0);
        assert_int_equal(try_send(i + 1), 0);
        assert_int_equal(try_send(99), -EAGAIN);
        assert_int_equal(try_recv(), i);
        assert_int_equal(try_recv(), i + 1);
        assert_int_equal(try_recv(), -EAGAIN);
    }
}

static void wakes_the_receiver_that_waits(void **state)
{
    (void)state;
    int got = 0;
    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_PENDING);
    assert_int_equal(tasks[0].budget_left, ANT_BUDGET);
    assert_int_equal(try_send(42), 0);
    assert_int_equal(try_send(43), 0);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(ant_atomic_load(&tasks[0].via, ANT_RELAXED),
                     ANT_VIA_CHANNEL);
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_READY);
    assert_int_equal(recv.base.result, 0);
    assert_int_equal(got, 42);
}

// W7, W8: a poll for no reason is no harm, and the last task is woken.
static void wakes_the_task_that_polled_last(void **state)
{
    (void)state;
    int got = 0;
    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &recv.base), ANT_PENDING);
    assert_int_equal(hand_refs(&tasks[0]), 0);
    assert_int_equal(try_send(42), 0);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(hand_poll(&tasks[2], &recv.base), ANT_READY);

    fill(0);
    int value = 7;
    struct ant_mpsc_send send = ant_mpsc_send(&tx, &value);
    assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &send.base), ANT_PENDING);
    assert_int_equal(try_recv(), 0);
    assert_int_equal(hand_take_wakes(&tasks[0]), 0);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(hand_poll(&tasks[1], &send.base), ANT_READY);
    assert_int_equal(try_recv(), 1);
    assert_int_equal(try_recv(), 7);
}

// Woken, but somebody else has emptied it meanwhile: it waits again.
static void waits_again_when_it_was_woken_for_nothing(void **state)
{
    (void)state;
    int got = 0;
    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_PENDING);
    assert_int_equal(try_send(1), 0);
    assert_int_equal(try_recv(), 1);
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_PENDING);
    assert_int_equal(try_send(2), 0);
    assert_int_equal(hand_take_wakes(&tasks[0]), 2);
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_READY);
    assert_int_equal(got, 2);
}

// S12: no budget, no progress, and nothing is lost.
static void yields_when_the_budget_is_used_up(void **state)
{
    (void)state;
    int got = 0;
    int value = 5;
    struct ant_mpsc_send send = ant_mpsc_send(&tx, &value);
    tasks[0].budget = 0;
    assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_PENDING);
    assert_true(tasks[0].has_yielded);
    assert_true(ant_mpsc_is_empty(&rx));
    assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_READY);
    assert_int_equal(tasks[0].budget_left, ANT_BUDGET - 1);

    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    tasks[0].budget = 0;
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_PENDING);
    assert_int_equal(ant_mpsc_len(&rx), 1);
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_READY);
    assert_int_equal(got, 5);

    // A place that was granted stays while there is no budget.
    fill(0);
    struct ant_mpsc_send late = ant_mpsc_send(&tx, &value);
    assert_int_equal(hand_poll(&tasks[1], &late.base), ANT_PENDING);
    assert_int_equal(tasks[1].budget_left, ANT_BUDGET);
    assert_int_equal(try_recv(), 0);
    tasks[1].budget = 0;
    assert_int_equal(hand_poll(&tasks[1], &late.base), ANT_PENDING);
    assert_int_equal(try_send(9), -EAGAIN);
    assert_int_equal(hand_poll(&tasks[1], &late.base), ANT_READY);
}

static void says_what_it_waits_for(void **state)
{
    (void)state;
    int got = 0;
    ant_wait wait;
    ant_mpsc_set_name(&rx, "orders");
    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    assert_false(recv.base.ops->waits_on(&recv.base, &wait));
    assert_int_equal(hand_poll(&tasks[0], &recv.base), ANT_PENDING);
    assert_true(recv.base.ops->waits_on(&recv.base, &wait));
    assert_int_equal(wait.kind, ANT_RES_MPSC);
    assert_string_equal(wait.name, "orders");
    ant_future_drop(&recv.base);

    fill(0);
    struct ant_mpsc_send send = ant_mpsc_send(&tx, &got);
    assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_PENDING);
    assert_true(send.base.ops->waits_on(&send.base, &wait));
    assert_string_equal(wait.name, "orders");
    ant_future_drop(&send.base);
}

static void refuses_what_makes_no_sense(void **state)
{
    (void)state;
    ant_mpsc_tx other_tx;
    ant_mpsc_rx other_rx;
    assert_int_equal(ant_mpsc_new(0, 1, &other_tx, &other_rx), -EINVAL);
    assert_int_equal(ant_mpsc_new(1, 0, &other_tx, &other_rx), -EINVAL);
    assert_int_equal(ant_mpsc_new(1, (size_t)ANT_MPSC_CAPACITY_MAX + 1,
                                  &other_tx, &other_rx),
                     -EINVAL);
    assert_int_equal(ant_mpsc_new(SIZE_MAX, 1, &other_tx, &other_rx), -EINVAL);
    ant_mpsc_permit permit;
    assert_int_equal(ant_mpsc_try_reserve_many(&tx, 3, &permit), -EINVAL);
    struct ant_mpsc_reserve reserve = ant_mpsc_reserve_many(&tx, 3, &permit);
    assert_int_equal(hand_poll(&tasks[0], &reserve.base), ANT_READY);
    assert_int_equal(reserve.base.result, -EINVAL);
}

// G9: every allocation fails once.
static void survives_a_lack_of_memory(void **state)
{
    (void)state;
    ant_mpsc_tx other_tx;
    ant_mpsc_rx other_rx;
    const uint64_t before = ant_mem_live_count();
    for (uint64_t nth = 1; nth <= 2; nth++) {
        ant_mem_fail_nth(nth, 0);
        assert_int_equal(ant_mpsc_new(8, 4, &other_tx, &other_rx), -ENOMEM);
        assert_int_equal(ant_mem_live_count(), before);
    }
    ant_mem_fail_nth(0, 0);

    ant_mpsc_tx_drop(&tx);
    ant_mpsc_rx_drop(&rx);
    assert_int_equal(ant_mpsc_unbounded_new(sizeof(int), &tx, &rx), 0);
    ant_mem_fail_nth(1, 1);
    int sent = 0;
    while (try_send(sent) == 0)
        sent++;
    assert_int_equal(try_send(sent), -ENOMEM);
    ant_mem_fail_nth(0, 0);
    assert_int_equal(sent, 31);
    assert_int_equal(try_send(sent), 0);
    for (int i = 0; i <= sent; i++)
        assert_int_equal(try_recv(), i);
}

// Values of all sizes stand where their type wants them.
static void carries_values_of_every_size(void **state)
{
    (void)state;
    struct odd {
        unsigned char byte[13];
    } odd = { { 0 } };
    long double wide = 1.5L;
    ant_mpsc_tx other_tx;
    ant_mpsc_rx other_rx;
    assert_int_equal(ant_mpsc_new(sizeof odd, 3, &other_tx, &other_rx), 0);
    for (unsigned char i = 0; i < 9; i++) {
        odd.byte[12] = i;
        assert_int_equal(ant_mpsc_try_send(&other_tx, &odd), 0);
        struct odd got;
        assert_int_equal(ant_mpsc_try_recv(&other_rx, &got), 0);
        assert_memory_equal(&got, &odd, sizeof odd);
    }
    ant_mpsc_tx_drop(&other_tx);
    ant_mpsc_rx_drop(&other_rx);
    assert_int_equal(ant_mpsc_new(sizeof wide, 3, &other_tx, &other_rx), 0);
    assert_int_equal(ant_mpsc_try_send(&other_tx, &wide), 0);
    long double got = 0;
    assert_int_equal(ant_mpsc_try_recv(&other_rx, &got), 0);
    assert_true(got == wide);
    ant_mpsc_tx_drop(&other_tx);
    ant_mpsc_rx_drop(&other_rx);
}

static void wakes_more_senders_than_a_batch_holds(void **state)
{
    (void)state;
    enum { SENDERS = 100 };
    static struct ant_mpsc_send send[SENDERS];
    static int value[SENDERS];
    make(SENDERS);
    ant_mpsc_permit all;
    assert_int_equal(ant_mpsc_try_reserve_many(&tx, SENDERS, &all), 0);
    for (int i = 0; i < SENDERS; i++) {
        value[i] = i;
        send[i] = ant_mpsc_send(&tx, &value[i]);
        assert_int_equal(hand_poll(&tasks[0], &send[i].base), ANT_PENDING);
    }
    ant_mpsc_permit_drop(&all);
    assert_int_equal(hand_take_wakes(&tasks[0]), SENDERS);
    for (int i = 0; i < SENDERS; i++)
        assert_int_equal(hand_poll(&tasks[0], &send[i].base), ANT_READY);
    for (int i = 0; i < SENDERS; i++)
        assert_int_equal(try_recv(), i);
}

// ---- Evil wakers: K54 ----

static struct ant_mpsc_send *evil_victim;
static bool is_poking;

static void poke(void *arg)
{
    hand_task *poker = arg;
    if (is_poking) return;
    is_poking = true;
    int value = 77;
    if (try_send(value) == 0) (void)try_recv();
    struct ant_mpsc_send send = ant_mpsc_send(&tx, &value);
    if (hand_poll(poker, &send.base) == ANT_READY) (void)try_recv();
    ant_future_drop(&send.base);
    ant_mpsc_permit permit = { .count = 0 };
    if (ant_mpsc_try_reserve(&tx, &permit) == 0) ant_mpsc_permit_drop(&permit);
    if (evil_victim != NULL) ant_future_drop(&evil_victim->base);
    ant_mpsc_tx clone = ant_mpsc_tx_clone(&tx);
    ant_mpsc_tx_drop(&clone);
    is_poking = false;
}

static void stands_an_evil_waker(void **state)
{
    (void)state;
    int values[2] = { 10, 11 };
    int got = 0;
    struct ant_mpsc_send send[2];
    make(1);
    evil_victim = NULL;
    for (unsigned i = 0; i < 3; i++) {
        tasks[i].evil = poke;
        tasks[i].evil_arg = &tasks[3];
    }
    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    assert_int_equal(hand_poll(&tasks[2], &recv.base), ANT_PENDING);
    assert_int_equal(try_send(1), 0); // evil in wake
    if (hand_poll(&tasks[2], &recv.base) == ANT_PENDING)
        ant_future_drop(&recv.base);
    fill(1);
    for (unsigned i = 0; i < 2; i++) {
        send[i] = ant_mpsc_send(&tx, &values[i]);
        if (hand_poll(&tasks[i], &send[i].base) == ANT_READY) fill(1);
    }
    evil_victim = &send[1];
    (void)try_recv();
    ant_mpsc_close(&rx);
    evil_victim = NULL;
    ant_future_drop(&send[0].base);
    ant_future_drop(&send[1].base);
}

// ---- Threads ----

static void send_from_thread(void *arg)
{
    ant_mpsc_tx *own = arg;
    for (int i = 0; i < 2000; i++) {
        ANT_ASSERT(ant_mpsc_blocking_send(own, &i) == 0);
    }
    ant_mpsc_tx_drop(own);
}

static void blocks_threads_that_are_no_tasks(void **state)
{
    (void)state;
    ant_mpsc_tx own[2] = { ant_mpsc_tx_clone(&tx), ant_mpsc_tx_clone(&tx) };
    ant_os_thread thread[2];
    for (int i = 0; i < 2; i++)
        assert_int_equal(ant_os_thread_start(&thread[i], "sender",
                                             send_from_thread, &own[i]),
                         0);
    ant_mpsc_tx_drop(&tx);
    long sum = 0;
    int count = 0;
    int got = 0;
    while (ant_mpsc_blocking_recv(&rx, &got) == 0) {
        sum += got;
        count++;
    }
    for (int i = 0; i < 2; i++)
        ant_os_thread_join(&thread[i]);
    assert_int_equal(count, 4000);
    assert_int_equal(sum, 2 * 1999 * 1000);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(halves_have_numbers_only_in_a_recording),
        TEST(carries_values_in_order),
        TEST(wakes_the_receiver_that_waits),
        TEST(wakes_the_task_that_polled_last),
        TEST(waits_again_when_it_was_woken_for_nothing),
        TEST(yields_when_the_budget_is_used_up),
        TEST(says_what_it_waits_for),
        TEST(refuses_what_makes_no_sense),
        TEST(survives_a_lack_of_memory),
        TEST(carries_values_of_every_size),
        TEST(wakes_more_senders_than_a_batch_holds),
        TEST(stands_an_evil_waker),
        TEST(blocks_threads_that_are_no_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
