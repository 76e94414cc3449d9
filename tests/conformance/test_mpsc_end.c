// SPDX-License-Identifier: MIT
//
// What mpsc channels promise of their end and of many values at once: C4 to
// C10, polled by hand. With them the bugs K12, K33 and K51 of other channels.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/mpsc_rig.h"

// ---- C4, K12: what a closed channel waited for last wakes its receiver ----

typedef enum last_event {
    LAST_SENT,     // a permit sends
    LAST_DROPPED,  // a permit is dropped
    LAST_GRANTED,  // a reserve that was granted is dropped
    LAST_REFUSED,  // a reserve that was granted is polled after the close
    LAST_SEND,     // a send that was granted is dropped
    LAST_SEND_END, // a send that was granted is polled after the close
    LAST_COUNT,
} last_event;

static void close_and_end(last_event last)
{
    int value = 5;
    int got = 0;
    ant_mpsc_permit held = { .count = 0 };
    ant_mpsc_permit other = { .count = 0 };
    make(1);
    assert_int_equal(ant_mpsc_try_reserve(&tx, &held), 0);
    struct ant_mpsc_reserve reserve = ant_mpsc_reserve(&tx, &other);
    struct ant_mpsc_send send = ant_mpsc_send(&tx, &value);
    if (last == LAST_GRANTED || last == LAST_REFUSED)
        assert_int_equal(hand_poll(&tasks[0], &reserve.base), ANT_PENDING);
    if (last == LAST_SEND || last == LAST_SEND_END)
        assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_PENDING);
    if (last >= LAST_GRANTED) ant_mpsc_permit_drop(&held); // it goes to them

    ant_mpsc_close(&rx);
    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    assert_int_equal(try_recv(), -EAGAIN);
    assert_int_equal(hand_poll(&eater, &recv.base), ANT_PENDING);
    if (last == LAST_SENT)
        assert_int_equal(ant_mpsc_permit_send(&held, &value), 0);
    if (last == LAST_DROPPED) ant_mpsc_permit_drop(&held);
    if (last == LAST_GRANTED) ant_future_drop(&reserve.base);
    if (last == LAST_SEND) ant_future_drop(&send.base);
    if (last == LAST_REFUSED) {
        assert_int_equal(hand_poll(&tasks[0], &reserve.base), ANT_READY);
        assert_int_equal(reserve.base.result, -EPIPE);
    }
    if (last == LAST_SEND_END) {
        assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_READY);
        assert_int_equal(send.base.result, -EPIPE);
    }
    assert_int_equal(hand_take_wakes(&eater), 1);
    assert_int_equal(hand_poll(&eater, &recv.base), ANT_READY);
    assert_int_equal(recv.base.result, last == LAST_SENT ? 0 : -EPIPE);
    assert_int_equal(try_recv(), -EPIPE);
}

static void c4_the_last_permit_wakes_a_closed_receiver(void **state)
{
    (void)state;
    for (int last = 0; last < LAST_COUNT; last++)
        close_and_end((last_event)last);
}

static void
c4_a_close_fails_those_who_wait_and_keeps_what_is_inside(void **state)
{
    (void)state;
    int value = 5;
    ant_mpsc_permit permit = { .count = 0 };
    make(1);
    assert_int_equal(try_send(1), 0);
    struct ant_mpsc_send send = ant_mpsc_send(&tx, &value);
    struct ant_mpsc_reserve reserve = ant_mpsc_reserve(&tx, &permit);
    struct ant_mpsc_closed closed = ant_mpsc_closed(&tx);
    assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &reserve.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[2], &closed.base), ANT_PENDING);
    assert_false(ant_mpsc_is_closed(&tx));
    ant_mpsc_close(&rx);
    ant_mpsc_close(&rx);
    assert_true(ant_mpsc_is_closed(&tx));
    assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_READY);
    assert_int_equal(send.base.result, -EPIPE);
    assert_int_equal(hand_poll(&tasks[1], &reserve.base), ANT_READY);
    assert_int_equal(reserve.base.result, -EPIPE);
    assert_int_equal(hand_take_wakes(&tasks[2]), 1);
    assert_int_equal(hand_poll(&tasks[2], &closed.base), ANT_READY);
    assert_int_equal(try_send(2), -EPIPE);
    assert_int_equal(try_recv(), 1);
    assert_int_equal(try_recv(), -EPIPE);
}

static void c4_the_last_sender_wakes_the_receiver(void **state)
{
    (void)state;
    int got = 0;
    make(4);
    ant_mpsc_tx clone = ant_mpsc_tx_clone(&tx);
    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    assert_int_equal(hand_poll(&eater, &recv.base), ANT_PENDING);
    ant_mpsc_tx_drop(&tx);
    assert_int_equal(hand_take_wakes(&eater), 0);
    ant_mpsc_tx_drop(&clone);
    ant_mpsc_tx_drop(&clone);
    assert_int_equal(hand_take_wakes(&eater), 1);
    assert_int_equal(hand_poll(&eater, &recv.base), ANT_READY);
    assert_int_equal(recv.base.result, -EPIPE);
}

// ---- C5 ----

static void c5_try_recv_tells_empty_from_ended(void **state)
{
    (void)state;
    int value = 3;
    ant_mpsc_permit permit = { .count = 0 };
    make(2);
    assert_int_equal(try_recv(), -EAGAIN);
    assert_int_equal(ant_mpsc_try_reserve(&tx, &permit), 0);
    assert_int_equal(try_send(1), 0);
    ant_mpsc_tx_drop(&tx);
    assert_int_equal(try_recv(), 1);
    assert_int_equal(try_recv(), -EAGAIN); // the permit
    assert_int_equal(ant_mpsc_permit_send(&permit, &value), 0);
    assert_int_equal(try_recv(), 3);
    assert_int_equal(try_recv(), -EPIPE);
}

// ---- C6, K33: every value is discarded once ----

static unsigned discarded[128];

static void discard(void *value)
{
    discarded[*(int *)value]++;
    // It may use the channel: a sender finds it closed.
    if (tx.channel != NULL) assert_int_equal(try_send(0), -EPIPE);
}

static void drop_with_values(size_t capacity, int count, int taken)
{
    ant_mpsc_permit permit = { .count = 0 };
    int last = 127;
    make(capacity);
    ant_mpsc_set_discard(&rx, discard);
    for (unsigned i = 0; i < 128; i++)
        discarded[i] = 0;
    if (capacity != ANT_MPSC_UNBOUNDED)
        assert_int_equal(ant_mpsc_try_reserve(&tx, &permit), 0);
    for (int i = 0; i < count; i++)
        assert_int_equal(try_send(i), 0);
    for (int i = 0; i < taken; i++)
        assert_int_equal(try_recv(), i);
    ant_mpsc_rx_drop(&rx);
    ant_mpsc_rx_drop(&rx);
    for (int i = 0; i < 128; i++)
        assert_int_equal(discarded[i], i >= taken && i < count);
    assert_true(ant_mpsc_is_closed(&tx));
    assert_int_equal(try_send(1), -EPIPE);
    // A permit that comes too late keeps its value.
    if (permit.count > 0)
        assert_int_equal(ant_mpsc_permit_send(&permit, &last), -EPIPE);
    assert_int_equal(discarded[127], 0);
}

static void c6_dropping_the_receiver_discards_each_value_once(void **state)
{
    (void)state;
    for (int count = 0; count < 100; count += 9) {
        drop_with_values(100, count, 0);
        drop_with_values(100, count, count / 2);
        drop_with_values(ANT_MPSC_UNBOUNDED, count, 0);
        drop_with_values(ANT_MPSC_UNBOUNDED, count, count / 2);
    }
}

static void c6_dropping_the_receiver_gives_its_waker_back(void **state)
{
    (void)state;
    int got = 0;
    make(1);
    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    assert_int_equal(hand_poll(&eater, &recv.base), ANT_PENDING);
    ant_mpsc_rx_drop(&rx);
    assert_int_equal(hand_refs(&eater), 0);
    assert_int_equal(hand_poll(&eater, &recv.base), ANT_READY);
    assert_int_equal(recv.base.result, -EPIPE);
}

// ---- C7, K51 ----

static void c7_length_is_exact_at_block_borders(void **state)
{
    (void)state;
    for (unsigned inside = 0; inside < 70; inside++) {
        make(ANT_MPSC_UNBOUNDED);
        int sent = 0;
        int received = 0;
        while (received < 200) {
            while (sent - received < (int)inside + 1) {
                assert_int_equal(ant_mpsc_unbounded_send(&tx, &sent), 0);
                sent++;
                assert_int_equal(ant_mpsc_len(&tx), sent - received);
                assert_false(ant_mpsc_is_empty(&rx));
            }
            assert_int_equal(try_recv(), received++);
            assert_int_equal(ant_mpsc_len(&rx), sent - received);
            assert_int_equal(ant_mpsc_is_empty(&rx), sent == received);
        }
        ant_mpsc_close(&rx);
        assert_int_equal(ant_mpsc_len(&rx), sent - received);
        assert_int_equal(ant_mpsc_unbounded_send(&tx, &sent), -EPIPE);
        while (received < sent)
            assert_int_equal(try_recv(), received++);
        assert_int_equal(ant_mpsc_len(&rx), 0);
        assert_int_equal(try_recv(), -EPIPE);
    }
}

static void c7_an_unbounded_send_never_waits(void **state)
{
    (void)state;
    make(ANT_MPSC_UNBOUNDED);
    assert_int_equal(ant_mpsc_capacity(&tx), ANT_MPSC_UNBOUNDED);
    assert_int_equal(ant_mpsc_max_capacity(&rx), ANT_MPSC_UNBOUNDED);
    for (int i = 0; i < 1000; i++) {
        struct ant_mpsc_send send = ant_mpsc_send(&tx, &i);
        assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_READY);
        assert_int_equal(send.base.result, 0);
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(try_recv(), i);
}

// Without a burst, sending allocates nothing: blocks go round.
static void c7_blocks_are_used_again(void **state)
{
    (void)state;
    make(ANT_MPSC_UNBOUNDED);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(try_send(i), 0);
        assert_int_equal(try_recv(), i);
    }
    ant_mem_fail_nth(1, 1);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(try_send(i), 0);
        assert_int_equal(try_recv(), i);
    }
    ant_mem_fail_nth(0, 0);
}

// ---- C8 ----

static void c8_recv_many_takes_what_there_is_up_to_its_limit(void **state)
{
    (void)state;
    int got[8] = { 0 };
    for (int is_bounded = 0; is_bounded < 2; is_bounded++) {
        make(is_bounded ? 8 : ANT_MPSC_UNBOUNDED);
        struct ant_mpsc_recv none = ant_mpsc_recv_many(&rx, got, 0);
        assert_int_equal(hand_poll(&eater, &none.base), ANT_READY);
        assert_int_equal(none.base.result, 0);

        for (int i = 0; i < 5; i++)
            assert_int_equal(try_send(i), 0);
        struct ant_mpsc_recv some = ant_mpsc_recv_many(&rx, got, 3);
        assert_int_equal(hand_poll(&eater, &some.base), ANT_READY);
        assert_int_equal(some.base.result, 3);
        struct ant_mpsc_recv rest = ant_mpsc_recv_many(&rx, got + 3, 5);
        assert_int_equal(hand_poll(&eater, &rest.base), ANT_READY);
        assert_int_equal(rest.base.result, 2);
        for (int i = 0; i < 5; i++)
            assert_int_equal(got[i], i);

        struct ant_mpsc_recv wait = ant_mpsc_recv_many(&rx, got, 8);
        assert_int_equal(hand_poll(&eater, &wait.base), ANT_PENDING);
        ant_mpsc_tx_drop(&tx);
        assert_int_equal(hand_poll(&eater, &wait.base), ANT_READY);
        assert_int_equal(wait.base.result, -EPIPE);
        assert_int_equal(hand_take_wakes(&eater), 1);
    }
}

static void c8_recv_many_frees_places_for_all_it_took(void **state)
{
    (void)state;
    int value[3] = { 10, 11, 12 };
    int got[4] = { 0 };
    struct ant_mpsc_send send[3];
    make(2);
    assert_int_equal(try_send(0), 0);
    assert_int_equal(try_send(1), 0);
    for (unsigned i = 0; i < 3; i++) {
        send[i] = ant_mpsc_send(&tx, &value[i]);
        assert_int_equal(hand_poll(&tasks[i], &send[i].base), ANT_PENDING);
    }
    struct ant_mpsc_recv many = ant_mpsc_recv_many(&rx, got, 4);
    assert_int_equal(hand_poll(&eater, &many.base), ANT_READY);
    assert_int_equal(many.base.result, 2);
    assert_int_equal(hand_take_wakes(&tasks[0]), 1);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(hand_take_wakes(&tasks[2]), 0);
    for (unsigned i = 0; i < 3; i++)
        ant_future_drop(&send[i].base);
    assert_int_equal(ant_mpsc_capacity(&tx), 2);
}

// ---- C9 ----

static void c9_only_the_budget_makes_a_receive_wait(void **state)
{
    (void)state;
    int got = 0;
    make(ANT_MPSC_UNBOUNDED);
    for (int i = 0; i < 300; i++)
        assert_int_equal(try_send(i), 0);
    for (int i = 0; i < 300; i++) {
        struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
        if (i % 3 == 0) {
            eater.budget = 0;
            assert_int_equal(hand_poll(&eater, &recv.base), ANT_PENDING);
            assert_true(eater.has_yielded);
        }
        assert_int_equal(hand_poll(&eater, &recv.base), ANT_READY);
        assert_int_equal(got, i);
    }
}

// ---- C10 ----

static void c10_weak_senders_do_not_keep_it_open_and_permits_do(void **state)
{
    (void)state;
    int value = 8;
    int got = 0;
    ant_mpsc_permit permit = { .count = 0 };
    ant_mpsc_tx again = { 0 };
    make(2);
    ant_mpsc_weak_tx weak = ant_mpsc_downgrade(&tx);
    assert_int_equal(ant_mpsc_upgrade(&weak, &again), 0);
    assert_int_equal(ant_mpsc_try_reserve(&again, &permit), 0);
    ant_mpsc_tx_drop(&tx);
    assert_int_equal(try_recv(), -EAGAIN);
    ant_mpsc_tx_drop(&again);
    assert_int_equal(ant_mpsc_upgrade(&weak, &again), -EPIPE);
    assert_null(again.channel);

    struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
    assert_int_equal(hand_poll(&eater, &recv.base), ANT_PENDING);
    assert_int_equal(ant_mpsc_permit_send(&permit, &value), 0);
    assert_null(permit.channel);
    assert_int_equal(hand_poll(&eater, &recv.base), ANT_READY);
    assert_int_equal(got, 8);
    assert_int_equal(try_recv(), -EPIPE);
    ant_mpsc_weak_drop(&weak);
    ant_mpsc_weak_drop(&weak);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MPSC_TEST(c4_the_last_permit_wakes_a_closed_receiver),
        MPSC_TEST(c4_a_close_fails_those_who_wait_and_keeps_what_is_inside),
        MPSC_TEST(c4_the_last_sender_wakes_the_receiver),
        MPSC_TEST(c5_try_recv_tells_empty_from_ended),
        MPSC_TEST(c6_dropping_the_receiver_discards_each_value_once),
        MPSC_TEST(c6_dropping_the_receiver_gives_its_waker_back),
        MPSC_TEST(c7_length_is_exact_at_block_borders),
        MPSC_TEST(c7_an_unbounded_send_never_waits),
        MPSC_TEST(c7_blocks_are_used_again),
        MPSC_TEST(c8_recv_many_takes_what_there_is_up_to_its_limit),
        MPSC_TEST(c8_recv_many_frees_places_for_all_it_took),
        MPSC_TEST(c9_only_the_budget_makes_a_receive_wait),
        MPSC_TEST(c10_weak_senders_do_not_keep_it_open_and_permits_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
