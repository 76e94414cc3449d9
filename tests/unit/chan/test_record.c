// SPDX-License-Identifier: MIT
//
// Tests of chan/record: what a recording says of the halves of each channel.

#include "chan/record.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "chan/broadcast.h"
#include "chan/mpsc.h"
#include "chan/oneshot.h"
#include "chan/watch.h"
#include "support/hand.h"
#include "support/recording.h"

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, recording_setup, recording_teardown)

typedef struct diary {
    size_t len;
    char text[256];
} diary;

static void note(diary *to, const char *word, uint64_t a, uint64_t b)
{
    const int n = snprintf(to->text + to->len, sizeof to->text - to->len,
                           "%s %u %u; ", word, (unsigned)a, (unsigned)b);
    assert_true(n > 0);
    to->len += (size_t)n;
}

// What the recording says of halves, and of waits how much each asks for.
static void expect(const char *text)
{
    diary said = { .len = 0 };
    ant_event event;
    ant_reader *reader = recording_open();
    while (ant_reader_next(reader, &event) > 0) {
        if (event.kind == ANT_EV_chan_open) {
            const ant_ev_chan_open *ev = ANT_EVENT_AS(chan_open, &event);
            note(&said, "open", ev->tx, ev->rx);
        } else if (event.kind == ANT_EV_half_clone) {
            note(&said, "clone", ANT_EVENT_AS(half_clone, &event)->half, 0);
        } else if (event.kind == ANT_EV_half_drop) {
            note(&said, "drop", ANT_EVENT_AS(half_drop, &event)->half, 0);
        } else if (event.kind == ANT_EV_half_move) {
            const ant_ev_half_move *ev = ANT_EVENT_AS(half_move, &event);
            note(&said, "move", ev->half, ev->into);
        } else if (event.kind == ANT_EV_wait_begin) {
            note(&said, "wait", ANT_EVENT_AS(wait_begin, &event)->amount, 0);
        }
    }
    ant_reader_close(reader);
    assert_string_equal(said.text, text);
}

static void each_half_of_a_broadcast_comes_once_and_goes_once(void **state)
{
    (void)state;
    ant_broadcast_tx tx;
    ant_broadcast_rx rx;
    ant_broadcast_tx upgraded;
    assert_int_equal(ant_broadcast_new(sizeof(int), 2, &tx, &rx), 0);
    ant_broadcast_rx later = ant_broadcast_subscribe(&tx);
    ant_broadcast_rx again = ant_broadcast_resubscribe(&rx);
    ant_broadcast_tx clone = ant_broadcast_tx_clone(&tx);
    ant_broadcast_weak_tx weak = ant_broadcast_downgrade(&tx);
    assert_int_equal(ant_broadcast_upgrade(&weak, &upgraded), 0);
    ant_broadcast_weak_drop(&weak);
    ant_broadcast_rx_drop(&rx);
    ant_broadcast_rx_drop(&rx);
    ant_broadcast_rx_drop(&later);
    ant_broadcast_rx_drop(&again);
    ant_broadcast_tx_drop(&upgraded);
    ant_broadcast_tx_drop(&clone);
    ant_broadcast_tx_drop(&tx);
    ant_broadcast_tx_drop(&tx);
    expect("open 1 2; open 0 3; open 0 4; clone 5 0; clone 6 0; drop 2 0; "
           "drop 3 0; drop 4 0; drop 6 0; drop 5 0; drop 1 0; ");
}

static void each_half_of_a_watch_comes_once_and_goes_once(void **state)
{
    (void)state;
    ant_watch_tx tx;
    ant_watch_rx rx;
    int level = 0;
    assert_int_equal(ant_watch_new(&level, &tx, &rx), 0);
    ant_watch_rx later = ant_watch_subscribe(&tx);
    ant_watch_rx twin = ant_watch_rx_clone(&later);
    ant_watch_tx clone = ant_watch_tx_clone(&tx);
    ant_watch_rx_drop(&rx);
    ant_watch_rx_drop(&rx);
    ant_watch_rx_drop(&twin);
    ant_watch_rx_drop(&later);
    ant_watch_tx_drop(&clone);
    ant_watch_tx_drop(&tx);
    ant_watch_tx_drop(&tx);
    expect("open 1 2; open 0 3; open 0 4; clone 5 0; drop 2 0; drop 4 0; "
           "drop 3 0; drop 5 0; drop 1 0; ");
}

// The answer's sender goes into the channel, which is resource 1, and from
// there to the receiver.
static void a_half_goes_through_a_broadcast_with_its_value(void **state)
{
    (void)state;
    ant_oneshot_tx answer;
    ant_oneshot_rx answered;
    ant_broadcast_tx tx;
    ant_broadcast_rx rx;
    assert_int_equal(ant_broadcast_new(sizeof answer, 2, &tx, &rx), 0);
    assert_int_equal(ant_oneshot_new(sizeof(int), &answer, &answered), 0);
    assert_int_equal(ant_broadcast_send(&tx, &answer), 1);
    answer = (ant_oneshot_tx){ 0 };
    assert_int_equal(ant_broadcast_try_recv(&rx, &answer), 0);
    ant_broadcast_tx_drop(&tx);
    ant_broadcast_rx_drop(&rx);
    ant_oneshot_tx_drop(&answer);
    ant_oneshot_rx_drop(&answered);
    expect("open 1 2; move 3 1; move 3 0; drop 1 0; drop 2 0; open 3 4; ");
}

static void a_half_goes_into_a_watch_with_its_value(void **state)
{
    (void)state;
    ant_oneshot_tx answers[1] = { { 0 } };
    ant_oneshot_rx answered;
    ant_watch_tx tx;
    ant_watch_rx rx;
    assert_int_equal(ant_watch_new(&answers[0], &tx, &rx), 0);
    assert_int_equal(ant_oneshot_new(sizeof(int), &answers[0], &answered), 0);
    assert_int_equal(ant_watch_send(&tx, &answers[0]), 0);
    ant_watch_tx_drop(&tx);
    ant_watch_rx_drop(&rx);
    ant_oneshot_tx_drop(&answers[0]);
    ant_oneshot_rx_drop(&answered);
    expect("open 1 2; move 3 1; drop 1 0; drop 2 0; open 3 4; ");
}

// Who waits for the end of a channel wants nothing of it.
static void a_wait_for_the_end_asks_for_nothing(void **state)
{
    (void)state;
    ant_oneshot_tx tx;
    ant_oneshot_rx rx;
    ant_mpsc_tx mpsc_tx;
    ant_mpsc_rx mpsc_rx;
    hand_task task;
    int value;
    hand_task_init(&task, 1);
    assert_int_equal(ant_oneshot_new(sizeof(int), &tx, &rx), 0);
    struct ant_oneshot_closed closed = ant_oneshot_closed(&tx);
    struct ant_oneshot_recv recv = ant_oneshot_recv(&rx, &value);
    assert_false(hand_poll(&task, &closed.base));
    assert_false(hand_poll(&task, &recv.base));
    ant_future_drop(&closed.base);
    ant_future_drop(&recv.base);
    ant_oneshot_tx_drop(&tx);
    ant_oneshot_rx_drop(&rx);
    assert_int_equal(ant_mpsc_new(sizeof(int), 1, &mpsc_tx, &mpsc_rx), 0);
    struct ant_mpsc_closed mpsc_closed = ant_mpsc_closed(&mpsc_tx);
    struct ant_mpsc_recv mpsc_recv = ant_mpsc_recv(&mpsc_rx, &value);
    assert_false(hand_poll(&task, &mpsc_closed.base));
    assert_false(hand_poll(&task, &mpsc_recv.base));
    ant_future_drop(&mpsc_closed.base);
    ant_future_drop(&mpsc_recv.base);
    ant_mpsc_tx_drop(&mpsc_tx);
    ant_mpsc_rx_drop(&mpsc_rx);
    expect("open 1 2; wait 0 0; wait 1 0; open 3 4; wait 0 0; wait 1 0; "
           "drop 3 0; ");
}

static void without_a_recording_halves_have_no_numbers(void **state)
{
    (void)state;
    expect("");
    ant_watch_tx tx;
    ant_watch_rx rx;
    int level = 0;
    assert_int_equal(ant_watch_new(&level, &tx, &rx), 0);
    ant_watch_rx later = ant_watch_subscribe(&tx);
    assert_int_equal(tx.half.id | rx.half.id | later.half.id, 0);
    ant_watch_rx_drop(&later);
    ant_watch_rx_drop(&rx);
    ant_watch_tx_drop(&tx);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_half_of_a_broadcast_comes_once_and_goes_once),
        TEST(each_half_of_a_watch_comes_once_and_goes_once),
        TEST(a_half_goes_through_a_broadcast_with_its_value),
        TEST(a_half_goes_into_a_watch_with_its_value),
        TEST(a_wait_for_the_end_asks_for_nothing),
        TEST(without_a_recording_halves_have_no_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
