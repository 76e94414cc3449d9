// SPDX-License-Identifier: MIT
//
// What a broadcast channel promises: R1 to R5.

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

#define CAPACITY 5 // Tokio would make it 8

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

static void send_all(int first, int last)
{
    for (int value = first; value <= last; value++) {
        (void)ant_broadcast_send(&tx, &value);
    }
}

static void assert_receives(ant_broadcast_rx *from, int first, int last)
{
    for (int value = first; value <= last; value++) {
        int got = 0;
        assert_int_equal(ant_broadcast_try_recv(from, &got), 0);
        assert_int_equal(got, value);
    }
}

static void assert_missed(ant_broadcast_rx *from, uint64_t count)
{
    int got = 0;
    assert_int_equal(ant_broadcast_try_recv(from, &got), -EOVERFLOW);
    assert_int_equal(from->missed, count);
}

static void assert_says(ant_broadcast_rx *from, int result)
{
    int got = 0;
    assert_int_equal(ant_broadcast_try_recv(from, &got), result);
}

// ---- By hand ----

static void r1_keeps_exactly_its_capacity(void **state)
{
    (void)state;
    send_all(1, CAPACITY);
    assert_receives(&rx, 1, CAPACITY);
    send_all(1, CAPACITY + 1);
    assert_missed(&rx, 1);
    assert_receives(&rx, 2, CAPACITY + 1);
    assert_says(&rx, -EAGAIN);
}

static void r1_a_send_says_who_will_hear_it(void **state)
{
    (void)state;
    int value = 1;
    assert_int_equal(ant_broadcast_send(&tx, &value), 1);
    ant_broadcast_rx other = ant_broadcast_subscribe(&tx);
    assert_int_equal(ant_broadcast_send(&tx, &value), 2);
    ant_broadcast_rx_drop(&rx);
    ant_broadcast_rx_drop(&other);
    assert_int_equal(ant_broadcast_send(&tx, &value), -EPIPE);
    rx = ant_broadcast_subscribe(&tx);
    assert_says(&rx, -EAGAIN);
    assert_int_equal(ant_broadcast_send(&tx, &value), 1);
}

static void r2_the_missed_are_counted_then_comes_the_oldest(void **state)
{
    (void)state;
    ant_broadcast_rx quick = ant_broadcast_subscribe(&tx);
    for (int value = 1; value <= 3 * CAPACITY; value++) {
        send_all(value, value);
        assert_receives(&quick, value, value);
    }
    int got = 0;
    struct ant_broadcast_recv late = ant_broadcast_recv(&rx, &got);
    assert_int_equal(hand_poll(&tasks[0], &late.base), ANT_READY);
    assert_int_equal(late.base.result, -EOVERFLOW);
    assert_int_equal(late.missed, 2 * CAPACITY);
    // Too late again before it came back.
    send_all(3 * CAPACITY + 1, 3 * CAPACITY + 2);
    assert_missed(&rx, 2);
    assert_receives(&rx, 2 * CAPACITY + 3, 3 * CAPACITY + 2);
    ant_broadcast_rx_drop(&quick);
}

static void r2_the_end_overwrites_nothing(void **state)
{
    (void)state;
    send_all(1, CAPACITY + 2);
    ant_broadcast_tx_drop(&tx);
    assert_missed(&rx, 2);
    assert_receives(&rx, 3, CAPACITY + 2);
    assert_says(&rx, -EPIPE);
}

static void r3_a_receiver_begins_at_the_tail(void **state)
{
    (void)state;
    send_all(1, 2);
    ant_broadcast_rx subscribed = ant_broadcast_subscribe(&tx);
    ant_broadcast_rx resubscribed = ant_broadcast_resubscribe(&rx);
    assert_says(&subscribed, -EAGAIN);
    assert_says(&resubscribed, -EAGAIN);
    send_all(3, 3);
    assert_receives(&subscribed, 3, 3);
    assert_receives(&resubscribed, 3, 3);
    assert_receives(&rx, 1, 3);
    ant_broadcast_rx_drop(&subscribed);
    ant_broadcast_rx_drop(&resubscribed);
}

static void r3_the_last_sender_wakes_all(void **state)
{
    (void)state;
    int got = 0;
    ant_broadcast_rx other = ant_broadcast_subscribe(&tx);
    struct ant_broadcast_recv news[2] = { ant_broadcast_recv(&rx, &got),
                                          ant_broadcast_recv(&other, &got) };
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(hand_poll(&tasks[i], &news[i].base), ANT_PENDING);
    }
    ant_broadcast_tx_drop(&tx);
    for (unsigned i = 0; i < 2; i++) {
        assert_int_equal(hand_take_wakes(&tasks[i]), 1);
        assert_int_equal(hand_poll(&tasks[i], &news[i].base), ANT_READY);
        assert_int_equal(news[i].base.result, -EPIPE);
    }
    ant_broadcast_rx_drop(&other);
}

// A value that owns something: a count of those who have it.
typedef struct letter {
    int copies;
    int discarded;
} letter;

static void copy_letter(void *dest, const void *value)
{
    letter *const *from = value;
    (*from)->copies++;
    *(letter **)dest = *from;
}

static void discard_letter(void *value)
{
    (*(letter **)value)->discarded++;
}

static void make_letters(ant_broadcast_tx *ret_tx, ant_broadcast_rx *ret_rx)
{
    const ant_broadcast_desc desc = { .value_bytes = sizeof(letter *),
                                      .capacity = 2,
                                      .name = "letters",
                                      .clone = copy_letter,
                                      .discard = discard_letter };
    assert_int_equal(ant_broadcast_new_with(&desc, ret_tx, ret_rx), 0);
}

static void post(ant_broadcast_tx *to, letter *one)
{
    assert_true(ant_broadcast_send(to, &one) > 0);
}

static void read_one(ant_broadcast_rx *from, const letter *expected)
{
    letter *got = NULL;
    assert_int_equal(ant_broadcast_try_recv(from, &got), 0);
    assert_ptr_equal(got, expected);
}

static void r4_a_value_goes_with_its_last_receiver(void **state)
{
    (void)state;
    ant_broadcast_tx to;
    ant_broadcast_rx a;
    make_letters(&to, &a);
    ant_broadcast_rx b = ant_broadcast_subscribe(&to);
    letter one = { 0 };
    post(&to, &one);
    read_one(&a, &one);
    assert_int_equal(one.discarded, 0);
    read_one(&b, &one);
    assert_int_equal(one.copies, 2);
    assert_int_equal(one.discarded, 1);
    ant_broadcast_rx_drop(&a);
    ant_broadcast_rx_drop(&b);
    ant_broadcast_tx_drop(&to);
    assert_int_equal(one.discarded, 1);
}

// Overwritten, or not wanted any more: once, in whatever way.
static void r4_every_value_is_given_back_once(void **state)
{
    (void)state;
    ant_broadcast_tx to;
    ant_broadcast_rx a;
    make_letters(&to, &a);
    ant_broadcast_rx b = ant_broadcast_subscribe(&to);
    letter letters[5] = { { 0 } };
    post(&to, &letters[0]);
    post(&to, &letters[1]);
    read_one(&a, &letters[0]);
    post(&to, &letters[2]); // b had not had the first
    assert_int_equal(letters[0].discarded, 1);
    ant_broadcast_rx_drop(&b);
    assert_int_equal(letters[1].discarded, 0);
    post(&to, &letters[3]); // over the second, which a had not had
    assert_int_equal(letters[1].discarded, 1);
    ant_broadcast_tx_drop(&to);
    ant_broadcast_rx_drop(&a);
    for (unsigned i = 0; i < 4; i++) {
        assert_int_equal(letters[i].discarded, 1);
    }
    assert_int_equal(letters[0].copies, 1);
    assert_int_equal(letters[4].discarded, 0);
}

static void r4_values_that_own_something_are_small(void **state)
{
    (void)state;
    ant_broadcast_tx to;
    ant_broadcast_rx from;
    const ant_broadcast_desc desc = { .value_bytes =
                                          ANT_BROADCAST_OWNED_MAX + 1,
                                      .capacity = 1,
                                      .discard = discard_letter };
    assert_int_equal(ant_broadcast_new_with(&desc, &to, &from), -EINVAL);
}

// The waker of the first receiver sends, receives and drops another that was
// about to be woken.
static struct ant_broadcast_recv *evil_victim;

static void poke(void *arg)
{
    int got = 0;
    (void)arg;
    ant_future_drop(&evil_victim->base);
    send_all(100, 100);
    ant_broadcast_rx more = ant_broadcast_resubscribe(&rx);
    assert_int_equal(ant_broadcast_try_recv(&rx, &got), 0);
    ant_broadcast_rx_drop(&more);
}

static void r5_a_waker_may_use_the_channel(void **state)
{
    (void)state;
    int got = 0;
    ant_broadcast_rx other = ant_broadcast_subscribe(&tx);
    struct ant_broadcast_recv first = ant_broadcast_recv(&rx, &got);
    struct ant_broadcast_recv second = ant_broadcast_recv(&other, &got);
    evil_victim = &second;
    ant_mock_task_set_evil(&tasks[0], ANT_MOCK_ON_WAKE, poke, NULL);
    assert_int_equal(hand_poll(&tasks[0], &first.base), ANT_PENDING);
    assert_int_equal(hand_poll(&tasks[1], &second.base), ANT_PENDING);
    send_all(1, 1);
    assert_int_equal(second.base.phase, ANT_PHASE_ENDED);
    assert_int_equal(hand_poll(&tasks[0], &first.base), ANT_READY);
    assert_int_equal(got, 100);
    assert_receives(&other, 1, 1);
    assert_receives(&other, 100, 100);
    ant_broadcast_rx_drop(&other);
}

// ---- In a runtime ----

#define SENT  200
#define READS 40 // receivers, more than a batch of wakers

// Receives until the end; all that was sent was received or missed, in order.
struct reader {
    ant_future base;
    enum { READER_START, READER_RECEIVING } state;
    int value;
    int before;
    uint64_t count;
    ant_broadcast_rx rx;
    struct ant_broadcast_recv news;
};

ANT_ASYNC_WITH_DROP(reader)
{
    switch (self->state) {
    case READER_START:
        self->news = ant_broadcast_recv(&self->rx, &self->value);
        return ANT_NEXT(READER_RECEIVING);

    case READER_RECEIVING:
        ANT_AWAIT(self->news);
        if (self->news.base.result == -EPIPE) {
            ant_broadcast_rx_drop(&self->rx);
            return self->count == SENT ? ANT_READY : ANT_FAIL(-EIO);
        }
        if (self->news.base.result == -EOVERFLOW) {
            self->count += self->news.missed;
        } else {
            if (self->value <= self->before) return ANT_FAIL(-EIO);
            self->before = self->value;
            self->count++;
        }
        return ANT_NEXT(READER_START);
    }
    ANT_UNREACHABLE();
}

static void reader_drop(struct reader *self)
{
    ant_future_drop(&self->news.base);
    ant_broadcast_rx_drop(&self->rx);
}

ANT_MUST_USE static struct reader reader(ant_broadcast_rx half)
{
    return (struct reader){ ANT_INIT(reader), .rx = half };
}

// Sends, and now and then lets the others have their turn.
struct press {
    ant_future base;
    enum { PRESS_START, PRESS_YIELDING, PRESS_JOINING } state;
    int value;
    unsigned joined;
    struct ant_yield_now turn;
    struct ant_join_handle readers[READS];
};

ANT_ASYNC(press)
{
    switch (self->state) {
    case PRESS_START:
        for (unsigned i = 0; i < READS; i++) {
            self->readers[i] = ant_spawn(reader(ant_broadcast_subscribe(&tx)));
        }
        self->turn = ant_yield_now();
        return ANT_NEXT(PRESS_YIELDING);

    case PRESS_YIELDING:
        ANT_AWAIT(self->turn);
        send_all(self->value + 1, self->value + CAPACITY * 2);
        self->value += CAPACITY * 2;
        self->turn = ant_yield_now();
        if (self->value < SENT) return ANT_NEXT(PRESS_YIELDING);
        ant_broadcast_tx_drop(&tx);
        return ANT_NEXT(PRESS_JOINING);

    case PRESS_JOINING:
        ANT_AWAIT(self->readers[self->joined]);
        if (self->readers[self->joined].base.result < 0) return ANT_FAIL(-EIO);
        if (++self->joined < READS) return ANT_NEXT(PRESS_JOINING);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct press press(void)
{
    return (struct press){ ANT_INIT(press) };
}

static void r2_all_is_received_or_missed(void **state)
{
    assert_int_equal(ant_broadcast_new(sizeof(int), CAPACITY, &tx, &rx), 0);
    ant_broadcast_rx_drop(&rx);
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on(rt, press()), 0);
    ant_runtime_free(rt);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(r1_keeps_exactly_its_capacity),
        TEST(r1_a_send_says_who_will_hear_it),
        TEST(r2_the_missed_are_counted_then_comes_the_oldest),
        TEST(r2_the_end_overwrites_nothing),
        TEST(r3_a_receiver_begins_at_the_tail),
        TEST(r3_the_last_sender_wakes_all),
        TEST(r4_a_value_goes_with_its_last_receiver),
        TEST(r4_every_value_is_given_back_once),
        TEST(r4_values_that_own_something_are_small),
        TEST(r5_a_waker_may_use_the_channel),
        EVERY_FLAVOR(r2_all_is_received_or_missed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
