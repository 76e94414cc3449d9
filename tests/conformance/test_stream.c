// SPDX-License-Identifier: MIT
//
// What streams promise: T1, and what M5, M8 and S12 mean for them. By hand,
// and a pipeline in every flavour of the runtime.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "support/feed.h"
#include "support/flavors.h"
#include "support/hand.h"

static hand_clock hands;
static hand_task task;
static uint64_t block_count;
static int n;

static int set_up(void **state)
{
    (void)state;
    block_count = ant_mem_live_count();
    hand_clock_init(&hands);
    hand_task_init(&task, 1);
    task.clock = &hands;
    n = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(hand_refs(&task), 0);
    assert_int_equal(ant_timers_count(&hands.timers), 0);
    hand_clock_deinit(&hands);
    assert_int_equal(ant_mem_live_count(), block_count);
    return 0;
}

// ---- next is cancel-safe, whatever is under it ----

// A stream of ints on top of a feed.
typedef struct layers {
    struct feed feed;
    struct feed other;
    struct ant_stream_filter filter;
    struct ant_stream_skip skip;
    struct ant_stream_take take;
    struct ant_stream_chain chain;
    struct ant_stream_merge merge;
    struct ant_stream_throttle throttle;
    struct ant_stream_timeout timeout;
} layers;

typedef ant_stream *(*build_fn)(layers *on);

static bool is_positive(const void *item, void *arg)
{
    (void)arg;
    const int *number = item;
    return *number > 0;
}

static ant_stream *build_filter(layers *on)
{
    on->filter = ant_stream_filter(&on->feed.base, is_positive, NULL);
    return &on->filter.base;
}

static ant_stream *build_skip(layers *on)
{
    on->skip = ant_stream_skip(&on->feed.base, 0);
    return &on->skip.base;
}

static ant_stream *build_take(layers *on)
{
    on->take = ant_stream_take(&on->feed.base, 100);
    return &on->take.base;
}

static ant_stream *build_chain(layers *on)
{
    on->chain = ant_stream_chain(&on->other.base, &on->feed.base);
    return &on->chain.base;
}

static ant_stream *build_merge(layers *on)
{
    on->merge = ant_stream_merge(&on->other.base, &on->feed.base);
    return &on->merge.base;
}

static ant_stream *build_throttle(layers *on)
{
    on->throttle = ant_stream_throttle(&on->feed.base, 1);
    return &on->throttle.base;
}

static ant_stream *build_timeout(layers *on)
{
    on->timeout = ant_stream_timeout(&on->feed.base, 100000);
    return &on->timeout.base;
}

static ant_stream *build_deep(layers *on)
{
    on->skip = ant_stream_skip(build_filter(on), 0);
    on->merge = ant_stream_merge(&on->skip.base, &on->other.base);
    on->take = ant_stream_take(&on->merge.base, 100);
    return &on->take.base;
}

// Where a next that is pending is dropped, seen from its item.
typedef enum drop_point {
    DROP_NEW,         // before its first poll
    DROP_BEFORE_WAKE, // while it waits
    DROP_AFTER_WAKE,  // the item is there, and it was not polled since
    DROP_POINT_COUNT,
} drop_point;

static ant_poll poll_next(ant_stream *stream, drop_point point, layers *on,
                          int value)
{
    struct ant_stream_next next = ant_stream_next(stream, &n);
    ant_poll poll = ANT_PENDING;
    if (point != DROP_NEW) poll = hand_poll(&task, &next.base);
    if (point == DROP_AFTER_WAKE) feed_put(&on->feed, value);
    ant_future_drop(&next.base);
    if (point != DROP_AFTER_WAKE) feed_put(&on->feed, value);
    return poll;
}

// Every item comes once and in order, though each second next is dropped.
static void lose_none(build_fn build, drop_point point)
{
    layers on = { .feed = feed_new(), .other = feed_new() };
    feed_end(&on.other, 0);
    ant_stream *stream = build(&on);
    for (int i = 1; i <= 20; i++) {
        hand_clock_advance_ms(&hands, 1);
        assert_int_equal(poll_next(stream, point, &on, i), ANT_PENDING);
        struct ant_stream_next next = ant_stream_next(stream, &n);
        assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
        assert_int_equal(next.base.result, 1);
        assert_int_equal(n, i);
    }
    ant_stream_drop(stream);
    ant_stream_drop(&on.other.base);
}

static void t1_next_is_cancel_safe_at_every_point(void **state)
{
    (void)state;
    const build_fn build[] = { build_filter,  build_skip,  build_take,
                               build_chain,   build_merge, build_throttle,
                               build_timeout, build_deep };
    for (unsigned i = 0; i < sizeof build / sizeof *build; i++) {
        for (int point = 0; point < DROP_POINT_COUNT; point++) {
            lose_none(build[i], (drop_point)point);
        }
    }
}

static void t1_a_dropped_next_keeps_half_a_chunk(void **state)
{
    (void)state;
    struct feed feed = feed_new();
    int room[2];
    ant_chunk chunk;
    struct ant_stream_chunks chunks = ant_stream_chunks(&feed.base, room);
    feed_put(&feed, 1);
    struct ant_stream_next next = ant_stream_next(&chunks.base, &chunk);
    assert_int_equal(hand_poll(&task, &next.base), ANT_PENDING);
    ant_future_drop(&next.base);
    feed_put(&feed, 2);
    next = ant_stream_next(&chunks.base, &chunk);
    assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
    assert_int_equal(chunk.count, 2);
    assert_int_equal(room[0], 1);
    assert_int_equal(room[1], 2);
    ant_stream_drop(&chunks.base);
}

// ---- merge alternates ----

static void t1_merge_alternates_deterministically(void **state)
{
    (void)state;
    const char odd[] = "1357";
    const char even[] = "2468";
    for (unsigned round = 0; round < 3; round++) {
        ant_rng rng = ant_rng_init(round); // which does not matter
        task.rng = &rng;
        struct ant_stream_iter a = ant_stream_iter(odd, 4);
        struct ant_stream_iter b = ant_stream_iter(even, 4);
        struct ant_stream_merge merge = ant_stream_merge(&a.base, &b.base);
        char all[8];
        struct ant_stream_collect collect =
            ant_stream_collect(&merge.base, all);
        assert_int_equal(hand_poll(&task, &collect.base), ANT_READY);
        assert_memory_equal(all, "12345678", 8);
    }
    task.rng = NULL;
}

static void t1_merge_all_leaves_nobody_out(void **state)
{
    (void)state;
    const int id[3] = { 0, 1, 2 };
    struct ant_stream_repeat busy[3];
    ant_stream *array[3];
    for (int i = 0; i < 3; i++) {
        busy[i] = ant_stream_repeat(&id[i]);
        array[i] = &busy[i].base;
    }
    struct ant_stream_merge merge = ant_stream_merge_all(array, 3, int);
    unsigned count[3] = { 0 };
    for (unsigned i = 0; i < 30; i++) {
        struct ant_stream_next next = ant_stream_next(&merge.base, &n);
        assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
        assert_int_equal(n, i % 3);
        assert_int_equal(merge.from, n);
        count[n]++;
    }
    assert_int_equal(count[2], 10);
    ant_stream_drop(&merge.base);
}

// ---- time ----

static void t1_throttle_delays_and_loses_nothing(void **state)
{
    (void)state;
    struct ant_stream_range numbers = ant_stream_range(0, 3);
    struct ant_stream_throttle calm = ant_stream_throttle(&numbers.base, 10);
    struct ant_stream_for_each count = ant_stream_count(&calm.base);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(hand_poll(&task, &count.base), ANT_PENDING);
        assert_int_equal(count.count, i + 1);
        hand_clock_advance_ms(&hands, 9);
        assert_int_equal(hand_poll(&task, &count.base), ANT_PENDING);
        hand_clock_advance_ms(&hands, 1);
    }
    assert_int_equal(hand_poll(&task, &count.base), ANT_READY);
}

static void t1_chunks_timeout_gives_what_has_come(void **state)
{
    (void)state;
    struct feed feed = feed_new();
    int room[8];
    ant_chunk chunk;
    struct ant_stream_chunks chunks =
        ant_stream_chunks_timeout(&feed.base, room, 10);
    feed_put(&feed, 1);
    feed_put(&feed, 2);
    struct ant_stream_next next = ant_stream_next(&chunks.base, &chunk);
    assert_int_equal(hand_poll(&task, &next.base), ANT_PENDING);
    hand_clock_advance_ms(&hands, 10);
    assert_int_equal(hand_poll(&task, &next.base), ANT_READY);
    assert_int_equal(chunk.count, 2);
    ant_stream_drop(&chunks.base);
}

// ---- budget ----

// S12: exactly 128 items, then it yields and goes on.
static void s12_a_stream_always_ready_yields_after_128_items(void **state)
{
    (void)state;
    struct ant_stream_range numbers = ant_stream_range(0, 300);
    struct ant_stream_skip skip = ant_stream_skip(&numbers.base, 0);
    struct ant_stream_take take = ant_stream_take(&skip.base, 300);
    struct ant_stream_for_each count = ant_stream_count(&take.base);
    assert_int_equal(hand_poll(&task, &count.base), ANT_PENDING);
    assert_int_equal(count.count, ANT_BUDGET);
    assert_true(task.has_yielded);
    assert_int_equal(hand_take_wakes(&task), 1);
    assert_int_equal(hand_poll(&task, &count.base), ANT_PENDING);
    assert_int_equal(count.count, 2 * ANT_BUDGET);
    assert_int_equal(hand_poll(&task, &count.base), ANT_READY);
    assert_int_equal(count.base.result, 300);
}

// S12: also when nothing of it comes out.
static void s12_a_filter_that_finds_nothing_yields(void **state)
{
    (void)state;
    const int zero = 0;
    struct ant_stream_repeat busy = ant_stream_repeat(&zero);
    struct ant_stream_filter none =
        ant_stream_filter(&busy.base, is_positive, NULL);
    struct ant_stream_for_each count = ant_stream_count(&none.base);
    assert_int_equal(hand_poll(&task, &count.base), ANT_PENDING);
    assert_true(task.has_yielded);
    ant_future_drop(&count.base);
}

// ---- backpressure, and a whole pipeline ----

// A nap of `id` milliseconds that counts how many sleep at once.
struct work {
    ant_future base;
    enum { WORK_START, WORK_SLEEPING } state;
    int64_t id;
    struct ant_sleep nap;
};

static unsigned at_work_count;
static unsigned at_work_max;

ANT_ASYNC_WITH_DROP(work)
{
    switch (self->state) {
    case WORK_START:
        if (++at_work_count > at_work_max) at_work_max = at_work_count;
        self->nap = ant_sleep(1 + (uint64_t)(self->id * 7 % 5));
        return ANT_NEXT(WORK_SLEEPING);
    case WORK_SLEEPING:
        ANT_AWAIT(self->nap);
        at_work_count--;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void work_drop(struct work *self)
{
    at_work_count--;
    ant_future_drop(&self->nap.base);
}

static struct work work(int64_t id)
{
    return (struct work){ ANT_INIT(work), .id = id };
}

static int start_work(const void *item, ant_future_set *set, void *arg)
{
    (void)arg;
    const int64_t *id = item;
    return ant_future_set_push(set, work(*id));
}

static void take_id(const void *item, void *mapped, void *arg)
{
    (void)arg;
    struct work *const *done = item;
    int64_t *id = mapped;
    *id = (*done)->id;
}

// numbers | buffered(4) | its id | chunks(3), and the sum of it all.
struct pipeline {
    ant_future base;
    enum { PIPELINE_START, PIPELINE_READING } state;
    bool is_ordered;
    struct ant_stream_range numbers;
    struct ant_stream_buffered works;
    struct ant_stream_map ids;
    struct ant_stream_chunks chunks;
    struct ant_stream_next next;
    int64_t room[3];
    ant_chunk chunk;
    unsigned count;
    int64_t sum;
    bool is_in_order;
};

ANT_ASYNC_WITH_DROP(pipeline)
{
    switch (self->state) {
    case PIPELINE_START:
        self->numbers = ant_stream_range(0, 20);
        self->works =
            self->is_ordered
                ? ant_stream_buffered(&self->numbers.base, 4, start_work, NULL)
                : ant_stream_buffer_unordered(&self->numbers.base, 4,
                                              start_work, NULL);
        self->ids = ant_stream_map(&self->works.base, int64_t, take_id, NULL);
        self->chunks = ant_stream_chunks(&self->ids.base, self->room);
        self->next = ant_stream_next(&self->chunks.base, &self->chunk);
        return ANT_NEXT(PIPELINE_READING);
    case PIPELINE_READING:
        ANT_AWAIT(self->next);
        if (self->next.base.result <= 0)
            return self->next.base.result < 0 ? ANT_FAIL(self->next.base.result)
                                              : ANT_READY;
        for (size_t i = 0; i < self->chunk.count; i++) {
            if (self->room[i] != self->count) self->is_in_order = false;
            self->sum += self->room[i];
            self->count++;
        }
        self->next = ant_stream_next(&self->chunks.base, &self->chunk);
        return ANT_NEXT(PIPELINE_READING);
    }
    ANT_UNREACHABLE();
}

static void pipeline_drop(struct pipeline *self)
{
    ant_stream_drop(&self->chunks.base);
}

static struct pipeline pipeline(bool is_ordered)
{
    return (struct pipeline){ ANT_INIT(pipeline), .is_ordered = is_ordered,
                              .is_in_order = true };
}

static void run_pipeline(void **state, bool is_ordered)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    at_work_count = at_work_max = 0;
    struct pipeline p;
    int err = ant_runtime_block_on_into(rt, &p, pipeline(is_ordered));
    assert_int_equal(err, 0);
    assert_int_equal(p.count, 20);
    assert_int_equal(p.sum, 190);
    assert_int_equal(at_work_count, 0);
    assert_int_equal(at_work_max, 4);
    if (is_ordered) assert_true(p.is_in_order);
    ant_runtime_free(rt);
}

static void t1_buffered_keeps_order_and_limit(void **state)
{
    run_pipeline(state, true);
}

static void t1_buffer_unordered_keeps_the_limit(void **state)
{
    run_pipeline(state, false);
}

// M5: what is under way is dropped with the stream, and nothing is leaked.
static void m5_a_dropped_pipeline_leaves_nothing(void **state)
{
    (void)state;
    at_work_count = at_work_max = 0;
    for (unsigned polls = 0; polls < 12; polls++) {
        struct pipeline p = pipeline(false);
        for (unsigned i = 0; i < polls; i++) {
            assert_int_equal(hand_poll(&task, &p.base), ANT_PENDING);
            hand_clock_advance_ms(&hands, 1);
        }
        ant_future_drop(&p.base);
        assert_int_equal(at_work_count, 0);
        assert_int_equal(hand_refs(&task), 0);
        assert_int_equal(ant_mem_live_count(), block_count);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(t1_next_is_cancel_safe_at_every_point),
        TEST(t1_a_dropped_next_keeps_half_a_chunk),
        TEST(t1_merge_alternates_deterministically),
        TEST(t1_merge_all_leaves_nobody_out),
        TEST(t1_throttle_delays_and_loses_nothing),
        TEST(t1_chunks_timeout_gives_what_has_come),
        TEST(s12_a_stream_always_ready_yields_after_128_items),
        TEST(s12_a_filter_that_finds_nothing_yields),
        EVERY_FLAVOR(t1_buffered_keeps_order_and_limit),
        EVERY_FLAVOR(t1_buffer_unordered_keeps_the_limit),
        TEST(m5_a_dropped_pipeline_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
