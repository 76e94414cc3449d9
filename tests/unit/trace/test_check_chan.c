// SPDX-License-Identifier: MIT
//
// Tests of trace/check_chan: for each rule about channels a trace that breaks
// it, and traces that break none.

#include "trace/check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/recording.h"
#include "trace/trace.h"

static void make(enum ant_trace_RES kind, uint64_t places)
{
    ANT_TRACE(res_new, .res = 1, .kind = (uint64_t)kind, .capacity = places,
              .name = ant_trace_string("box"));
}

static void send(uint64_t len)
{
    ANT_TRACE(chan_send, .res = 1, .task = 2, .len = len);
}

static void receive(uint64_t len)
{
    ANT_TRACE(chan_recv, .res = 1, .task = 3, .len = len);
}

static void accepts_what_enters_and_leaves(void **state)
{
    (void)state;
    make(ANT_RES_MPSC, 2);
    send(1);
    send(2);
    receive(1);
    send(2);
    receive(1);
    receive(0);
    recording_expect_fine();
}

static void a_channel_without_a_bound_holds_all(void **state)
{
    (void)state;
    make(ANT_RES_MPSC, 0);
    for (uint64_t i = 1; i <= 100; i++)
        send(i);
    recording_expect_fine();
}

static void drop(uint64_t half)
{
    ANT_TRACE(half_drop, .res = 1, .task = 2, .half = half);
}

static void each_sender_is_given_up_once(void **state)
{
    (void)state;
    make(ANT_RES_MPSC, 2);
    drop(1);
    drop(2);
    recording_expect_fine();
}

static void a_sender_that_is_given_up_twice_is_found(void **state)
{
    (void)state;
    make(ANT_RES_MPSC, 2);
    drop(1);
    drop(1);
    recording_expect_finding("chan-half",
                             "channel 1 `box`: task 2 gives one half up twice");
}

// Its values were sent before the recording began.
static void a_channel_that_was_not_empty_is_not_judged(void **state)
{
    (void)state;
    make(ANT_RES_MPSC, 1);
    receive(1);
    send(2);
    send(3);
    recording_expect_fine();
}

static void finds_a_value_that_nobody_sent(void **state)
{
    (void)state;
    make(ANT_RES_MPSC, 2);
    send(1);
    receive(0);
    receive(0);
    recording_expect_finding("chan-empty", "channel 1 `box`: task 3 receives "
                                           "what nobody has sent");
}

static void finds_a_value_without_a_place(void **state)
{
    (void)state;
    make(ANT_RES_MPSC, 1);
    send(1);
    send(2);
    recording_expect_finding("chan-full", "channel 1 `box`: task 2 sends, "
                                          "though there is no free place");
}

static void finds_a_second_value_of_a_oneshot(void **state)
{
    (void)state;
    make(ANT_RES_ONESHOT, 1);
    send(1);
    receive(0);
    send(1);
    recording_expect_finding("chan-full",
                             "channel 1 `box`: task 2 sends a second value");
}

static void finds_a_value_that_enters_a_closed_oneshot(void **state)
{
    (void)state;
    make(ANT_RES_ONESHOT, 1);
    ANT_TRACE(chan_close, .res = 1, .task = 3);
    send(1);
    recording_expect_finding("chan-closed", "channel 1 `box`: task 2 sends, "
                                            "though it was closed");
}

static void a_slow_receiver_misses_what_was_overwritten(void **state)
{
    (void)state;
    make(ANT_RES_BROADCAST, 2);
    for (uint64_t i = 1; i <= 5; i++)
        send(i);
    ANT_TRACE(chan_lag, .res = 1, .task = 3, .missed = 3);
    receive(2);
    receive(2);
    recording_expect_fine();
}

static void finds_a_receiver_that_misses_too_much(void **state)
{
    (void)state;
    make(ANT_RES_BROADCAST, 2);
    for (uint64_t i = 1; i <= 5; i++)
        send(i);
    ANT_TRACE(chan_lag, .res = 1, .task = 3, .missed = 4);
    recording_expect_finding("chan-lag", "channel 1 `box`: task 3 misses more "
                                         "than was overwritten");
}

static void finds_a_set_that_counts_wrongly(void **state)
{
    (void)state;
    make(ANT_RES_JOIN_SET, 0);
    send(1);
    send(2);
    receive(1);
    receive(1);
    recording_expect_finding("set-len", "join set 1 `box`: task 3 counts the "
                                        "ends wrongly");
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, recording_setup, recording_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(accepts_what_enters_and_leaves),
        TEST(each_sender_is_given_up_once),
        TEST(a_sender_that_is_given_up_twice_is_found),
        TEST(a_channel_without_a_bound_holds_all),
        TEST(a_channel_that_was_not_empty_is_not_judged),
        TEST(finds_a_value_that_nobody_sent),
        TEST(finds_a_value_without_a_place),
        TEST(finds_a_second_value_of_a_oneshot),
        TEST(finds_a_value_that_enters_a_closed_oneshot),
        TEST(a_slow_receiver_misses_what_was_overwritten),
        TEST(finds_a_receiver_that_misses_too_much),
        TEST(finds_a_set_that_counts_wrongly),
    };
    return cmocka_run_group_tests_name("trace/check_chan", tests, NULL, NULL);
}
