// SPDX-License-Identifier: MIT
//
// Tests of core/half: what is recorded of halves that change hands.

#include "core/half.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/recording.h"
#include "trace/trace.h"

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, recording_setup, recording_teardown)

// As the halves of every channel: a pointer, and then this.
typedef struct half_end {
    void *channel;
    ant_half half;
} half_end;

static ant_resource box = ANT_RESOURCE(ANT_RES_MPSC, "box", 1);

// The next event of this kind; fails the test when there is none.
static ant_event next(ant_reader *reader, ant_event_kind kind)
{
    ant_event event;
    while (ant_reader_next(reader, &event) > 0) {
        if (event.kind == kind) return event;
    }
    fail_msg("no event %d", (int)kind);
    return event;
}

static unsigned count(ant_reader *reader, ant_event_kind kind)
{
    unsigned n = 0;
    ant_event event;
    while (ant_reader_next(reader, &event) > 0)
        n += event.kind == kind;
    return n;
}

static void a_channel_is_told_when_it_is_first_named(void **state)
{
    (void)state;
    ant_half tx;
    ant_half rx;
    ant__halves_make(&box, &tx, &rx);
    assert_int_not_equal(tx.id, rx.id);
    const uint32_t id = ant_resource_id(&box);
    ant_resource_end(&box);
    ant_reader *reader = recording_open();
    const ant_event event = next(reader, ANT_EV_chan_open);
    const ant_ev_chan_open *open = ANT_EVENT_AS(chan_open, &event);
    assert_int_equal(open->res, id);
    assert_int_equal(open->tx, tx.id);
    assert_int_equal(open->rx, rx.id);
    ant_reader_close(reader);
}

static void a_half_is_found_wherever_it_stands(void **state)
{
    (void)state;
    struct {
        half_end first;
        char text[24];
        half_end last;
    } future = { .text = "no half at all" };
    ant__halves_make(&box, &future.first.half, &future.last.half);
    ant__halves_move(&future, sizeof future, 7, 0);
    ant_reader *reader = recording_open();
    ant_event event = next(reader, ANT_EV_half_move);
    assert_int_equal(ANT_EVENT_AS(half_move, &event)->half,
                     future.first.half.id);
    assert_int_equal(ANT_EVENT_AS(half_move, &event)->task, 7);
    event = next(reader, ANT_EV_half_move);
    assert_int_equal(ANT_EVENT_AS(half_move, &event)->half,
                     future.last.half.id);
    ant_reader_close(reader);
}

static void other_bytes_are_no_halves(void **state)
{
    (void)state;
    uint32_t bytes[256];
    for (uint32_t i = 0; i < 256; i++)
        bytes[i] = i < 128 ? i : UINT32_MAX - i;
    ant__halves_move(bytes, sizeof bytes, 7, 0);
    ant__halves_move(bytes, 3, 7, 0);
    ant__halves_move(bytes, 0, 7, 0);
    ant_reader *reader = recording_open();
    assert_int_equal(count(reader, ANT_EV_half_move), 0);
    ant_reader_close(reader);
}

// What was made before is not known to have all its halves in this file.
static void a_channel_from_before_is_not_told(void **state)
{
    (void)state;
    ant_half tx;
    ant_half rx;
    ant__halves_make(&box, &tx, &rx);
    assert_int_equal(ant_trace_stop(), 0);
    recording_start(0);
    (void)ant_resource_id(&box);
    ant_reader *reader = recording_open();
    assert_int_equal(count(reader, ANT_EV_chan_open), 0);
    ant_resource_end(&box);
    ant_reader_close(reader);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_channel_is_told_when_it_is_first_named),
        TEST(a_half_is_found_wherever_it_stands),
        TEST(other_bytes_are_no_halves),
        TEST(a_channel_from_before_is_not_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
