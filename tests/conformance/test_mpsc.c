// SPDX-License-Identifier: MIT
//
// What mpsc channels promise while they are open: C1 to C3, polled by hand, and
// in every flavour with tasks that send and one that receives. The rest:
// test_mpsc_end.c.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"
#include "support/mpsc_rig.h"

// ---- C1 ----

static void
c1_senders_are_served_in_the_order_of_their_first_polls(void **state)
{
    (void)state;
    int value[4] = { 10, 11, 12, 13 };
    struct ant_mpsc_send send[4];
    make(1);
    assert_int_equal(try_send(1), 0);
    for (unsigned i = 0; i < 4; i++) {
        send[i] = ant_mpsc_send(&tx, &value[i]);
        assert_int_equal(hand_poll(&tasks[i], &send[i].base), ANT_PENDING);
    }
    assert_int_equal(try_recv(), 1);
    for (unsigned i = 0; i < 4; i++) {
        // The place is granted: nobody barges in, and nobody else is woken.
        assert_int_equal(try_send(99), -EAGAIN);
        assert_int_equal(ant_mpsc_capacity(&tx), 0);
        for (unsigned other = 0; other < 4; other++)
            assert_int_equal(hand_take_wakes(&tasks[other]), other == i);
        assert_int_equal(hand_poll(&tasks[i], &send[i].base), ANT_READY);
        assert_int_equal(send[i].base.result, 0);
        assert_int_equal(try_recv(), value[i]);
    }
    assert_int_equal(ant_mpsc_capacity(&tx), 1);
}

static void c1_a_large_request_is_not_passed_by_a_small_one(void **state)
{
    (void)state;
    int value = 5;
    ant_mpsc_permit one = { .count = 0 };
    ant_mpsc_permit three = { .count = 0 };
    make(3);
    assert_int_equal(ant_mpsc_try_reserve(&tx, &one), 0);
    struct ant_mpsc_reserve large = ant_mpsc_reserve_many(&tx, 3, &three);
    struct ant_mpsc_send small = ant_mpsc_send(&tx, &value);
    assert_int_equal(hand_poll(&tasks[0], &large.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &small.base), ANT_PENDING);
    assert_int_equal(try_send(9), -EAGAIN);
    ant_mpsc_permit_drop(&one);
    assert_int_equal(hand_take_wakes(&tasks[1]), 0);
    assert_int_equal(hand_poll(&tasks[0], &large.base), ANT_READY);
    assert_int_equal(three.count, 3);
    assert_int_equal(ant_mpsc_permit_send(&three, &value), 0);
    assert_int_equal(try_recv(), 5);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(hand_poll(&tasks[1], &small.base), ANT_READY);
    ant_mpsc_permit_drop(&three);
}

// ---- C2 ----

// The points at which a request for a place is given up.
typedef enum drop_point {
    DROP_NEW,
    DROP_QUEUED,
    DROP_GRANTED, // before it was polled
    DROP_POINT_COUNT,
} drop_point;

static void c2_a_dropped_send_has_not_sent(void **state)
{
    (void)state;
    for (int point = 0; point < DROP_POINT_COUNT; point++) {
        int value[2] = { 10, 11 };
        make(1);
        assert_int_equal(try_send(1), 0);
        struct ant_mpsc_send victim = ant_mpsc_send(&tx, &value[0]);
        struct ant_mpsc_send next = ant_mpsc_send(&tx, &value[1]);
        if (point != DROP_NEW)
            assert_int_equal(hand_poll(&tasks[0], &victim.base), ANT_PENDING);
        assert_int_equal(hand_poll(&tasks[1], &next.base), ANT_PENDING);
        if (point == DROP_GRANTED) assert_int_equal(try_recv(), 1);
        ant_future_drop(&victim.base);
        if (point != DROP_GRANTED) assert_int_equal(try_recv(), 1);

        // The place was not lost: the next has it.
        assert_int_equal(hand_poll(&tasks[1], &next.base), ANT_READY);
        assert_int_equal(try_recv(), 11);
        assert_int_equal(try_recv(), -EAGAIN);
        assert_int_equal(ant_mpsc_capacity(&tx), 1);
    }
}

static void c2_a_send_copies_its_value_in_the_poll_that_is_ready(void **state)
{
    (void)state;
    int value = 10;
    make(1);
    assert_int_equal(try_send(1), 0);
    struct ant_mpsc_send send = ant_mpsc_send(&tx, &value);
    assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_PENDING);
    assert_int_equal(try_recv(), 1);
    assert_true(ant_mpsc_is_empty(&rx));
    value = 20;
    assert_int_equal(hand_poll(&tasks[0], &send.base), ANT_READY);
    value = 30;
    assert_int_equal(try_recv(), 20);
}

static void c2_a_dropped_permit_gives_its_places_to_the_next(void **state)
{
    (void)state;
    for (int point = 0; point < DROP_POINT_COUNT; point++) {
        ant_mpsc_permit held = { .count = 0 };
        ant_mpsc_permit other = { .count = 0 };
        int value = 7;
        make(2);
        assert_int_equal(ant_mpsc_try_reserve_many(&tx, 2, &held), 0);
        struct ant_mpsc_reserve victim = ant_mpsc_reserve_many(&tx, 2, &other);
        struct ant_mpsc_send next = ant_mpsc_send(&tx, &value);
        if (point != DROP_NEW)
            assert_int_equal(hand_poll(&tasks[0], &victim.base), ANT_PENDING);
        assert_int_equal(hand_poll(&tasks[1], &next.base), ANT_PENDING);
        if (point == DROP_GRANTED) ant_mpsc_permit_drop(&held);
        ant_future_drop(&victim.base);
        ant_mpsc_permit_drop(&held);
        ant_mpsc_permit_drop(&held);
        assert_int_equal(hand_poll(&tasks[1], &next.base), ANT_READY);
        assert_int_equal(ant_mpsc_capacity(&tx), 1);
        assert_int_equal(try_recv(), 7);
    }
}

// The head wants more than there is; when it goes, the next gets what there is.
static void c2_a_dropped_large_request_lets_a_small_one_pass(void **state)
{
    (void)state;
    ant_mpsc_permit none = { .count = 0 };
    int value = 7;
    make(2);
    assert_int_equal(try_send(1), 0);
    struct ant_mpsc_reserve large = ant_mpsc_reserve_many(&tx, 2, &none);
    struct ant_mpsc_send small = ant_mpsc_send(&tx, &value);
    assert_int_equal(hand_poll(&tasks[0], &large.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &small.base), ANT_PENDING);
    ant_future_drop(&large.base);
    assert_int_equal(hand_take_wakes(&tasks[1]), 1);
    assert_int_equal(hand_poll(&tasks[1], &small.base), ANT_READY);
}

// ---- C3 ----

static void c3_a_dropped_receive_loses_no_message(void **state)
{
    (void)state;
    enum { NEW, STARVED, WAITING, WOKEN, POINT_COUNT };
    for (int point = 0; point < POINT_COUNT; point++) {
        int got = 0;
        make(2);
        struct ant_mpsc_recv recv = ant_mpsc_recv(&rx, &got);
        if (point == STARVED) eater.budget = 0;
        if (point != NEW)
            assert_int_equal(hand_poll(&eater, &recv.base), ANT_PENDING);
        if (point == WOKEN) assert_int_equal(try_send(42), 0);
        ant_future_drop(&recv.base);
        assert_int_equal(hand_refs(&eater), 0);
        if (point != WOKEN) assert_int_equal(try_send(42), 0);
        assert_int_equal(try_recv(), 42);
    }
}

// ---- In runtimes ----

#define SENDERS 4
#define EACH    500

// async fn sender(number, tx): sends its numbers in order.
struct sender {
    ant_future base;
    enum { SENDER_START, SENDER_SENDING } state;
    ant_mpsc_tx tx;
    int value[2]; // who, and the how many-eth
    struct ant_mpsc_send send;
};

ANT_ASYNC_WITH_DROP(sender)
{
    switch (self->state) {
    case SENDER_START:
        self->send = ant_mpsc_send(&self->tx, &self->value);
        return ANT_NEXT(SENDER_SENDING);

    case SENDER_SENDING:
        ANT_AWAIT(self->send);
        if (self->send.base.result < 0) return ANT_FAIL(self->send.base.result);
        if (++self->value[1] == EACH) {
            ant_mpsc_tx_drop(&self->tx);
            return ANT_READY;
        }
        self->send = ant_mpsc_send(&self->tx, &self->value);
        return ANT_NEXT(SENDER_SENDING);
    }
    ANT_UNREACHABLE();
}

static void sender_drop(struct sender *self)
{
    ant_future_drop(&self->send.base);
    ant_mpsc_tx_drop(&self->tx);
}

ANT_MUST_USE static struct sender sender(int number, ant_mpsc_tx own)
{
    return (struct sender){ ANT_INIT(sender), .tx = own,
                            .value = { number, 0 } };
}

// async fn collector(capacity): receives from all of them.
struct collector {
    ant_future base;
    enum { COLLECTOR_START, COLLECTOR_RECEIVING } state;
    uint32_t capacity;
    ant_mpsc_rx rx;
    struct ant_mpsc_recv recv;
    int got[2];
    int next[SENDERS];
};

ANT_ASYNC(collector)
{
    ant_mpsc_tx first;
    switch (self->state) {
    case COLLECTOR_START:
        if (ant_mpsc_new(sizeof self->got, self->capacity, &first, &self->rx))
            return ANT_FAIL(-ENOMEM);
        for (int i = 0; i < SENDERS; i++) {
            struct ant_join_handle handle =
                ant_spawn(sender(i, ant_mpsc_tx_clone(&first)));
            ant_task_detach(&handle);
        }
        ant_mpsc_tx_drop(&first);
        self->recv = ant_mpsc_recv(&self->rx, &self->got);
        return ANT_NEXT(COLLECTOR_RECEIVING);

    case COLLECTOR_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) {
            ant_mpsc_rx_drop(&self->rx);
            return ANT_READY;
        }
        ANT_ASSERT(ant_mpsc_len(&self->rx) <= self->capacity);
        ANT_ASSERT(self->got[1] == self->next[self->got[0]]);
        self->next[self->got[0]]++;
        self->recv = ant_mpsc_recv(&self->rx, &self->got);
        return ANT_NEXT(COLLECTOR_RECEIVING);
    }
    ANT_UNREACHABLE();
}

static void c1_each_sender_s_values_stay_in_order(void **state)
{
    static const uint32_t capacities[] = { 1, 3, 100, ANT_MPSC_UNBOUNDED };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(capacities); i++) {
        ant_runtime *rt = flavor_runtime(state, NULL);
        struct collector all = { ANT_INIT(collector),
                                 .capacity = capacities[i] };
        assert_int_equal(ant_runtime_block_on_into(rt, &all, all), 0);
        ant_runtime_free(rt);
        for (unsigned k = 0; k < SENDERS; k++)
            assert_int_equal(all.next[k], EACH);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        MPSC_TEST(c1_senders_are_served_in_the_order_of_their_first_polls),
        MPSC_TEST(c1_a_large_request_is_not_passed_by_a_small_one),
        EVERY_FLAVOR(c1_each_sender_s_values_stay_in_order),
        MPSC_TEST(c2_a_dropped_send_has_not_sent),
        MPSC_TEST(c2_a_send_copies_its_value_in_the_poll_that_is_ready),
        MPSC_TEST(c2_a_dropped_permit_gives_its_places_to_the_next),
        MPSC_TEST(c2_a_dropped_large_request_lets_a_small_one_pass),
        MPSC_TEST(c3_a_dropped_receive_loses_no_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
