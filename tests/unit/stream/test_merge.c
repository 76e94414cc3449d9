// SPDX-License-Identifier: MIT
//
// Tests of stream/merge, stream/pace and stream/chunk.

#include "stream/merge.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stream/chunk.h"
#include "stream/pace.h"
#include "stream/source.h"
#include "stream/transform.h"
#include "support/feed.h"
#include "support/hand.h"

static hand_clock hands;
static hand_task task;
static struct feed a, b, c;
static int n;

static int set_up(void **state)
{
    (void)state;
    hand_clock_init(&hands);
    hand_task_init(&task, 1);
    task.clock = &hands;
    a = feed_new();
    b = feed_new();
    c = feed_new();
    n = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(ant_timers_count(&hands.timers), 0);
    hand_clock_deinit(&hands);
    return 0;
}

// Reads one item through a `next`; -EAGAIN when that is pending, and dropped.
#define READ(stream, item) read_one(ant_stream_next(&(stream).base, (item)))

static int read_one(struct ant_stream_next next)
{
    const bool is_ready = hand_poll(&task, &next.base) == ANT_READY;
    const int result = is_ready ? next.base.result : -EAGAIN;
    ant_future_drop(&next.base);
    return result;
}

static void feed_some(struct feed *feed, int first, int count)
{
    for (int i = 0; i < count; i++) {
        feed_put(feed, first + i);
    }
}

// ---- Merging ----

static void merge_alternates(void **state)
{
    (void)state;
    feed_some(&a, 10, 3);
    feed_some(&b, 20, 2);
    feed_end(&a, 0);
    feed_end(&b, 0);
    struct ant_stream_merge merge = ant_stream_merge(&a.base, &b.base);
    const int wanted[] = { 10, 20, 11, 21, 12 };
    for (int i = 0; i < 5; i++) {
        assert_int_equal(READ(merge, &n), 1);
        assert_int_equal(n, wanted[i]);
        assert_int_equal(merge.from, i % 2);
    }
    assert_int_equal(READ(merge, &n), 0);
}

static void merge_gives_what_comes_first(void **state)
{
    (void)state;
    struct ant_stream_merge merge = ant_stream_merge(&a.base, &b.base);
    assert_int_equal(READ(merge, &n), -EAGAIN);
    feed_put(&b, 1);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(READ(merge, &n), 1);
    assert_int_equal(merge.from, 1);
    feed_end(&b, 0);
    feed_put(&a, 2);
    assert_int_equal(READ(merge, &n), 1);
    assert_int_equal(READ(merge, &n), -EAGAIN); // one goes on alone
    ant_stream_drop(&merge.base);
    assert_true(a.was_dropped);
}

static void merge_breaks_off_with_either(void **state)
{
    (void)state;
    feed_error(&b, -EOVERFLOW);
    feed_end(&b, -EIO);
    struct ant_stream_merge merge = ant_stream_merge(&a.base, &b.base);
    assert_int_equal(READ(merge, &n), -EOVERFLOW);
    assert_int_equal(READ(merge, &n), -EIO);
    assert_true(ant_stream_is_over(&merge.base));
    assert_true(a.was_dropped);
}

static void merge_all_may_change_its_streams(void **state)
{
    (void)state;
    ant_stream *map[3] = { &a.base, NULL, &c.base };
    struct ant_stream_merge merge = ant_stream_merge_all(map, 3, int);
    feed_some(&a, 10, 3);
    feed_some(&b, 20, 3);
    feed_some(&c, 30, 3);
    assert_int_equal(READ(merge, &n), 1);
    assert_int_equal(n, 10);
    assert_int_equal(READ(merge, &n), 1);
    assert_int_equal(n, 30);
    assert_int_equal(merge.from, 2);
    map[0] = NULL;
    map[1] = &b.base;
    assert_int_equal(READ(merge, &n), 1);
    assert_int_equal(n, 20);
    ant_stream_drop(&merge.base);
    assert_false(a.was_dropped);
    assert_true(b.was_dropped);
    assert_true(c.was_dropped);
    ant_stream_drop(&a.base);
}

static void chain_goes_on_with_the_second(void **state)
{
    (void)state;
    feed_put(&a, 1);
    feed_end(&a, 0);
    feed_put(&b, 2);
    struct ant_stream_chain chain = ant_stream_chain(&a.base, &b.base);
    assert_int_equal(READ(chain, &n), 1);
    assert_int_equal(b.poll_count, 0);
    assert_int_equal(READ(chain, &n), 1);
    assert_int_equal(n, 2);
    assert_int_equal(READ(chain, &n), -EAGAIN);
    feed_end(&b, 0);
    assert_int_equal(READ(chain, &n), 0);
}

static void chain_ends_when_the_first_breaks_off(void **state)
{
    (void)state;
    feed_end(&a, -EIO);
    feed_put(&b, 2);
    struct ant_stream_chain chain = ant_stream_chain(&a.base, &b.base);
    assert_int_equal(READ(chain, &n), -EIO);
    assert_true(ant_stream_is_over(&b.base));
}

typedef struct numbered {
    int64_t nth;
    int value;
} numbered;

static void zip_makes_pairs(void **state)
{
    (void)state;
    numbered pair = { 0 };
    struct ant_stream_range nth = ant_stream_range(0, 9);
    struct ant_stream_zip zip =
        ant_stream_zip(&nth.base, &a.base, numbered, nth, value);
    assert_int_equal(READ(zip, &pair), -EAGAIN);
    feed_put(&a, 7);
    assert_int_equal(READ(zip, &pair), 1);
    assert_int_equal(pair.nth, 0);
    assert_int_equal(pair.value, 7);
    feed_put(&a, 8);
    assert_int_equal(READ(zip, &pair), 1);
    assert_int_equal(pair.nth, 1);
    feed_end(&a, 0);
    assert_int_equal(READ(zip, &pair), 0);
    assert_true(ant_stream_is_over(&nth.base));
}

typedef struct twins {
    int left;
    int right;
} twins;

static void zip_keeps_the_half_that_has_come(void **state)
{
    (void)state;
    twins pair = { 0 };
    struct ant_stream_zip zip =
        ant_stream_zip(&a.base, &b.base, twins, left, right);
    feed_put(&b, 2);
    assert_int_equal(READ(zip, &pair), -EAGAIN);
    assert_int_equal(b.got, 1);
    feed_put(&b, 3);
    feed_put(&a, 1);
    assert_int_equal(READ(zip, &pair), 1);
    assert_int_equal(pair.left, 1);
    assert_int_equal(pair.right, 2);
    assert_int_equal(b.got, 1);
    ant_stream_drop(&zip.base);
}

// ---- Pace ----

static void throttle_keeps_its_distance(void **state)
{
    (void)state;
    feed_some(&a, 1, 3);
    struct ant_stream_throttle calm = ant_stream_throttle(&a.base, 100);
    assert_int_equal(READ(calm, &n), 1);
    assert_int_equal(READ(calm, &n), -EAGAIN);
    hand_clock_advance_ms(&hands, 99);
    assert_int_equal(READ(calm, &n), -EAGAIN);
    hand_clock_advance_ms(&hands, 1);
    assert_int_equal(READ(calm, &n), 1);
    assert_int_equal(n, 2);
    hand_clock_advance_ms(&hands, 500);
    assert_int_equal(READ(calm, &n), 1);
    assert_int_equal(READ(calm, &n), -EAGAIN);
    ant_stream_drop(&calm.base); // in the middle of a pause
    assert_true(a.was_dropped);
}

static void timeout_complains_once_and_goes_on(void **state)
{
    (void)state;
    struct ant_stream_timeout safe = ant_stream_timeout(&a.base, 100);
    assert_int_equal(READ(safe, &n), -EAGAIN);
    hand_clock_advance_ms(&hands, 100);
    assert_int_equal(READ(safe, &n), -ETIMEDOUT);
    hand_clock_advance_ms(&hands, 500);
    assert_int_equal(READ(safe, &n), -EAGAIN);
    feed_put(&a, 6);
    assert_int_equal(READ(safe, &n), 1);
    assert_int_equal(READ(safe, &n), -EAGAIN);
    hand_clock_advance_ms(&hands, 99);
    feed_put(&a, 7);
    assert_int_equal(READ(safe, &n), 1);
    assert_int_equal(READ(safe, &n), -EAGAIN);
    hand_clock_advance_ms(&hands, 100);
    assert_int_equal(READ(safe, &n), -ETIMEDOUT);
    feed_end(&a, 0);
    assert_int_equal(READ(safe, &n), 0);
}

static bool is_never(const void *item, void *arg)
{
    (void)item;
    (void)arg;
    return false;
}

// M8 for streams: a stream that uses up the budget does not outlive it.
static void timeout_does_not_need_budget(void **state)
{
    (void)state;
    const int zero = 0;
    struct ant_stream_repeat busy = ant_stream_repeat(&zero);
    struct ant_stream_filter none =
        ant_stream_filter(&busy.base, is_never, NULL);
    struct ant_stream_timeout safe = ant_stream_timeout(&none.base, 100);
    assert_int_equal(READ(safe, &n), -EAGAIN);
    assert_true(task.has_yielded);
    hand_clock_advance_ms(&hands, 100);
    assert_int_equal(READ(safe, &n), -ETIMEDOUT);
    ant_stream_drop(&safe.base);
}

// ---- Chunks ----

static void chunks_are_full_but_the_last(void **state)
{
    (void)state;
    int room[2];
    ant_chunk chunk;
    feed_some(&a, 1, 3);
    struct ant_stream_chunks chunks = ant_stream_chunks(&a.base, room);
    assert_int_equal(READ(chunks, &chunk), 1);
    assert_ptr_equal(chunk.items, room);
    assert_int_equal(chunk.count, 2);
    assert_int_equal(room[1], 2);
    assert_int_equal(READ(chunks, &chunk), -EAGAIN);
    feed_end(&a, -EIO);
    assert_int_equal(READ(chunks, &chunk), 1);
    assert_int_equal(chunk.count, 1);
    assert_int_equal(room[0], 3);
    assert_int_equal(READ(chunks, &chunk), -EIO);
}

static void ready_chunks_do_not_wait(void **state)
{
    (void)state;
    int room[4];
    ant_chunk chunk;
    feed_some(&a, 1, 6);
    struct ant_stream_chunks chunks = ant_stream_ready_chunks(&a.base, room);
    assert_int_equal(READ(chunks, &chunk), 1);
    assert_int_equal(chunk.count, 4);
    assert_int_equal(READ(chunks, &chunk), 1);
    assert_int_equal(chunk.count, 2);
    assert_int_equal(READ(chunks, &chunk), -EAGAIN);
    ant_stream_drop(&chunks.base);
}

static void chunks_timeout_counts_from_the_first_item(void **state)
{
    (void)state;
    int room[3];
    ant_chunk chunk;
    struct ant_stream_chunks chunks =
        ant_stream_chunks_timeout(&a.base, room, 50);
    assert_int_equal(READ(chunks, &chunk), -EAGAIN);
    hand_clock_advance_ms(&hands, 500);
    assert_int_equal(READ(chunks, &chunk), -EAGAIN);
    feed_put(&a, 1);
    assert_int_equal(READ(chunks, &chunk), -EAGAIN);
    hand_clock_advance_ms(&hands, 49);
    feed_put(&a, 2);
    assert_int_equal(READ(chunks, &chunk), -EAGAIN);
    hand_clock_advance_ms(&hands, 1);
    assert_int_equal(READ(chunks, &chunk), 1);
    assert_int_equal(chunk.count, 2);
    feed_some(&a, 3, 4);
    assert_int_equal(READ(chunks, &chunk), 1);
    assert_int_equal(chunk.count, 3);
    assert_int_equal(READ(chunks, &chunk), -EAGAIN);
    ant_stream_drop(&chunks.base);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(merge_alternates),
        TEST(merge_gives_what_comes_first),
        TEST(merge_breaks_off_with_either),
        TEST(merge_all_may_change_its_streams),
        TEST(chain_goes_on_with_the_second),
        TEST(chain_ends_when_the_first_breaks_off),
        TEST(zip_makes_pairs),
        TEST(zip_keeps_the_half_that_has_come),
        TEST(throttle_keeps_its_distance),
        TEST(timeout_complains_once_and_goes_on),
        TEST(timeout_does_not_need_budget),
        TEST(chunks_are_full_but_the_last),
        TEST(ready_chunks_do_not_wait),
        TEST(chunks_timeout_counts_from_the_first_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
