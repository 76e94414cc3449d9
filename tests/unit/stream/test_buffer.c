// SPDX-License-Identifier: MIT
//
// Tests of stream/buffer.

#include "stream/buffer.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/feed.h"
#include "support/hand.h"
#include "time/sleep.h"

static hand_clock hands;
static hand_task task;
static struct feed ids;
static unsigned running_count;
static uint64_t block_count;

// Sleeps for as many milliseconds as its number; fails when that is odd.
struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_SLEEPING } state;
    int id;
    struct ant_sleep nap;
};

ANT_ASYNC_WITH_DROP(fetch)
{
    switch (self->state) {
    case FETCH_START:
        running_count++;
        self->nap = ant_sleep((uint64_t)self->id);
        return ANT_NEXT(FETCH_SLEEPING);
    case FETCH_SLEEPING:
        ANT_AWAIT(self->nap);
        running_count--;
        return self->id % 2 == 1 ? ANT_FAIL(-EIO) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void fetch_drop(struct fetch *self)
{
    running_count--;
    ant_future_drop(&self->nap.base);
}

static struct fetch fetch(int id)
{
    return (struct fetch){ ANT_INIT(fetch), .id = id };
}

static int start_fetch(const void *item, ant_future_set *set, void *arg)
{
    (void)arg;
    const int *id = item;
    if (*id == 13) return -EINVAL;
    return ant_future_set_push(set, fetch(*id));
}

static int set_up(void **state)
{
    (void)state;
    block_count = ant_mem_live_count();
    hand_clock_init(&hands);
    hand_task_init(&task, 1);
    task.clock = &hands;
    ids = feed_new();
    running_count = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(running_count, 0);
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(ant_timers_count(&hands.timers), 0);
    hand_clock_deinit(&hands);
    assert_int_equal(ant_mem_live_count(), block_count);
    return 0;
}

static struct fetch *page;

static int read_page(struct ant_stream_buffered *pages)
{
    struct ant_stream_next next = ant_stream_next(&pages->base, &page);
    const bool is_ready = hand_poll(&task, &next.base) == ANT_READY;
    const int result = is_ready ? next.base.result : -EAGAIN;
    ant_future_drop(&next.base);
    return result;
}

static void feed_ids(const int *id, unsigned count)
{
    for (unsigned i = 0; i < count; i++) {
        feed_put(&ids, id[i]);
    }
    feed_end(&ids, 0);
}

static void then_has_one_at_a_time(void **state)
{
    (void)state;
    feed_ids((const int[]){ 20, 10 }, 2);
    struct ant_stream_buffered pages =
        ant_stream_then(&ids.base, start_fetch, NULL);
    assert_int_equal(read_page(&pages), -EAGAIN);
    assert_int_equal(running_count, 1);
    assert_int_equal(ids.got, 1);
    hand_clock_advance_ms(&hands, 20);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(page->id, 20);
    assert_int_equal(read_page(&pages), -EAGAIN);
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(page->id, 10);
    assert_int_equal(read_page(&pages), 0);
}

static void buffered_keeps_the_order(void **state)
{
    (void)state;
    feed_ids((const int[]){ 30, 10, 20 }, 3);
    struct ant_stream_buffered pages =
        ant_stream_buffered(&ids.base, 2, start_fetch, NULL);
    assert_int_equal(read_page(&pages), -EAGAIN);
    assert_int_equal(running_count, 2);
    hand_clock_advance_ms(&hands, 10);
    // The second is ready, and still takes a place.
    assert_int_equal(read_page(&pages), -EAGAIN);
    assert_int_equal(ids.got, 2);
    hand_clock_advance_ms(&hands, 20);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(page->id, 30);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(page->id, 10);
    assert_int_equal(read_page(&pages), -EAGAIN);
    hand_clock_advance_ms(&hands, 20);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(page->id, 20);
    assert_int_equal(read_page(&pages), 0);
}

static void buffer_unordered_gives_what_is_ready(void **state)
{
    (void)state;
    feed_ids((const int[]){ 30, 11, 20 }, 3);
    struct ant_stream_buffered pages =
        ant_stream_buffer_unordered(&ids.base, 2, start_fetch, NULL);
    assert_int_equal(read_page(&pages), -EAGAIN);
    hand_clock_advance_ms(&hands, 11);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(page->id, 11);
    assert_int_equal(page->base.result, -EIO); // an item like any
    assert_int_equal(read_page(&pages), -EAGAIN);
    hand_clock_advance_ms(&hands, 19);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(page->id, 30);
    hand_clock_advance_ms(&hands, 1);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(page->id, 20);
    assert_int_equal(read_page(&pages), 0);
}

static void dropping_it_drops_what_is_under_way(void **state)
{
    (void)state;
    feed_ids((const int[]){ 30, 10, 20 }, 3);
    struct ant_stream_buffered pages =
        ant_stream_buffer_unordered(&ids.base, 3, start_fetch, NULL);
    assert_int_equal(read_page(&pages), -EAGAIN);
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(running_count, 2);
    ant_stream_drop(&pages.base);
    assert_int_equal(running_count, 0);
}

static void the_end_comes_behind_what_is_under_way(void **state)
{
    (void)state;
    feed_put(&ids, 10);
    feed_error(&ids, -EOVERFLOW);
    feed_end(&ids, -EPROTO);
    struct ant_stream_buffered pages =
        ant_stream_buffered(&ids.base, 4, start_fetch, NULL);
    assert_int_equal(read_page(&pages), -EOVERFLOW);
    assert_int_equal(read_page(&pages), -EAGAIN);
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(read_page(&pages), 1);
    assert_int_equal(read_page(&pages), -EPROTO);
}

static void a_future_that_cannot_be_started_ends_it(void **state)
{
    (void)state;
    feed_ids((const int[]){ 30, 13, 20 }, 3);
    struct ant_stream_buffered pages =
        ant_stream_buffered(&ids.base, 3, start_fetch, NULL);
    assert_int_equal(read_page(&pages), -EINVAL);
    assert_true(ids.was_dropped);
    assert_int_equal(read_page(&pages), -EINVAL);
}

static void survives_each_failing_allocation(void **state)
{
    (void)state;
    int result = -ENOMEM;
    for (unsigned nth = 1; result == -ENOMEM; nth++) {
        assert_true(nth < 20);
        ids = feed_new();
        feed_ids((const int[]){ 2, 4 }, 2);
        struct ant_stream_buffered pages =
            ant_stream_buffered(&ids.base, 2, start_fetch, NULL);
        ant_mem_fail_nth(nth, 0);
        result = read_page(&pages);
        ant_mem_fail_nth(0, 0);
        ant_stream_drop(&pages.base);
        assert_int_equal(ant_mem_live_count(), block_count);
    }
    assert_int_equal(result, -EAGAIN);
}

// ---- For each, several at once ----

static void for_each_concurrent_waits_for_all(void **state)
{
    (void)state;
    feed_ids((const int[]){ 30, 10, 20 }, 3);
    struct ant_stream_for_each_concurrent all =
        ant_stream_for_each_concurrent(&ids.base, 2, start_fetch, NULL);
    assert_int_equal(hand_poll(&task, &all.base), ANT_PENDING);
    assert_int_equal(running_count, 2);
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(hand_poll(&task, &all.base), ANT_PENDING);
    assert_int_equal(running_count, 2);
    hand_clock_advance_ms(&hands, 20);
    assert_int_equal(hand_poll(&task, &all.base), ANT_READY);
    assert_int_equal(all.base.result, 0);
}

static void for_each_concurrent_ends_with_the_first_error(void **state)
{
    (void)state;
    feed_ids((const int[]){ 30, 11, 20 }, 3);
    struct ant_stream_for_each_concurrent all =
        ant_stream_for_each_concurrent(&ids.base, 3, start_fetch, NULL);
    assert_int_equal(hand_poll(&task, &all.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 11);
    assert_int_equal(hand_poll(&task, &all.base), ANT_READY);
    assert_int_equal(all.base.result, -EIO);
    assert_int_equal(running_count, 0);

    ids = feed_new();
    feed_put(&ids, 10);
    all = ant_stream_for_each_concurrent(&ids.base, 3, start_fetch, NULL);
    assert_int_equal(hand_poll(&task, &all.base), ANT_PENDING);
    ant_future_drop(&all.base);
    assert_true(ids.was_dropped);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(then_has_one_at_a_time),
        TEST(buffered_keeps_the_order),
        TEST(buffer_unordered_gives_what_is_ready),
        TEST(dropping_it_drops_what_is_under_way),
        TEST(the_end_comes_behind_what_is_under_way),
        TEST(a_future_that_cannot_be_started_ends_it),
        TEST(survives_each_failing_allocation),
        TEST(for_each_concurrent_waits_for_all),
        TEST(for_each_concurrent_ends_with_the_first_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
