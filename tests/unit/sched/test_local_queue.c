// SPDX-License-Identifier: MIT
//
// Tests of sched/local_queue on one thread. The tasks are only addresses, but
// for those that overflow, which are linked. What several threads do to a queue
// is in tests/model and tests/stress.

#include "sched/local_queue.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/rng.h"
#include "core/task_block.h"

#define MAX  ANT_LOCAL_QUEUE_MAX
#define MANY (4 * MAX)

static ant_task tasks[MANY];
static ant_local_queue queue;
static ant_local_queue other;

// What overflowed.
static ant_task *overflow[MANY];
static unsigned overflow_count;

static void on_overflow(ant_task *first, ant_task *last, uint32_t count,
                        void *arg)
{
    assert_ptr_equal(arg, &overflow);
    ant_task *task = first;
    for (uint32_t i = 0; i < count; i++) {
        overflow[overflow_count++] = task;
        if (i + 1 == count) assert_ptr_equal(task, last);
        task = task->link.next;
    }
    assert_null(task);
}

// How often a task was seen moving, by the number of the task.
static unsigned moved[MANY];

static void on_moved(ant_task *task, void *arg)
{
    assert_ptr_equal(arg, &moved);
    moved[task - tasks]++;
}

// A queue whose cursors stand at `at`, as after that many pops.
static void start_at(ant_local_queue *q, uint32_t at)
{
    ant_local_queue_init(q, true);
    ant_atomic_store(&q->head, (uint64_t)at << 32 | at, ANT_RELAXED);
    ant_atomic_store(&q->tail, at, ANT_RELAXED);
}

static int set_up(void **state)
{
    (void)state;
    start_at(&queue, 0);
    start_at(&other, 0);
    overflow_count = 0;
    for (unsigned i = 0; i < MANY; i++)
        moved[i] = 0;
    return 0;
}

static void push(unsigned first, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        ant_local_queue_push(&queue, &tasks[first + i], on_overflow, &overflow);
}

static void expect_pops(ant_local_queue *q, unsigned first, unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        assert_ptr_equal(ant_local_queue_pop(q), &tasks[first + i]);
}

static ant_task *steal(ant_local_queue *from, ant_local_queue *to)
{
    return ant_local_queue_steal(from, to, on_moved, &moved);
}

static void is_a_fifo(void **state)
{
    (void)state;
    assert_null(ant_local_queue_pop(&queue));
    push(0, 5);
    assert_int_equal(ant_local_queue_len(&queue), 5);
    assert_int_equal(ant_local_queue_room(&queue), MAX - 5);
    expect_pops(&queue, 0, 3);
    push(5, 2);
    expect_pops(&queue, 3, 4);
    assert_null(ant_local_queue_pop(&queue));
    assert_int_equal(ant_local_queue_room(&queue), MAX);
}

// The tasks first ... first + count - 1, linked.
static ant_task *chain_of(unsigned first, unsigned count)
{
    for (unsigned i = first; i < first + count; i++)
        tasks[i].link.next = i + 1 < first + count ? &tasks[i + 1] : NULL;
    return &tasks[first];
}

static void a_chain_goes_in_as_far_as_there_is_room(void **state)
{
    (void)state;
    assert_null(ant_local_queue_push_chain(&queue, NULL));
    push(0, 2);
    assert_null(ant_local_queue_push_chain(&queue, chain_of(2, MAX - 3)));
    assert_int_equal(ant_local_queue_room(&queue), 1);
    ant_task *rest = ant_local_queue_push_chain(&queue, chain_of(MAX - 1, 3));
    assert_ptr_equal(rest, &tasks[MAX]);
    assert_ptr_equal(ant_local_queue_push_chain(&queue, rest), rest);
    expect_pops(&queue, 0, MAX);
    assert_null(ant_local_queue_pop(&queue));
}

// K26: the cursors turn over at 2^32.
static void its_cursors_may_turn_over(void **state)
{
    (void)state;
    const uint32_t starts[] = { 0u - 1, 0u - 5, 0u - MAX, 0u - MAX - 1,
                                0u - MAX / 2 };
    for (size_t i = 0; i < ANT_ARRAY_LEN(starts); i++) {
        start_at(&queue, starts[i]);
        push(0, MAX);
        assert_int_equal(ant_local_queue_len(&queue), MAX);
        assert_int_equal(ant_local_queue_room(&queue), 0);
        expect_pops(&queue, 0, MAX);
        assert_null(ant_local_queue_pop(&queue));
        assert_int_equal(overflow_count, 0);
    }
}

// S7, K29: what came from the injection queue is old, and stays.
static void a_full_ring_sends_its_newer_half_away(void **state)
{
    (void)state;
    const uint32_t starts[] = { 0, 0u - 3, 0u - MAX / 2 };
    for (size_t k = 0; k < ANT_ARRAY_LEN(starts); k++) {
        start_at(&queue, starts[k]);
        overflow_count = 0;
        push(0, MAX + 1);
        assert_int_equal(overflow_count, MAX / 2 + 1);
        for (unsigned i = 0; i < overflow_count; i++)
            assert_ptr_equal(overflow[i], &tasks[MAX / 2 + i]);
        assert_int_equal(ant_local_queue_len(&queue), MAX / 2);
        push(MAX + 1, 1);
        expect_pops(&queue, 0, MAX / 2);
        expect_pops(&queue, MAX + 1, 1);
        assert_null(ant_local_queue_pop(&queue));
    }
}

// S8: half, rounded up, the oldest; the newest of them is run at once.
static void a_thief_takes_the_older_half(void **state)
{
    (void)state;
    static const struct {
        unsigned len, taken;
    } cases[] = { { 1, 1 },        { 2, 1 }, { 3, 2 },
                  { 4, 2 },        { 7, 4 }, { MAX - 1, MAX / 2 },
                  { MAX, MAX / 2 } };
    for (size_t k = 0; k < ANT_ARRAY_LEN(cases); k++) {
        const unsigned taken = cases[k].taken;
        (void)set_up(NULL);
        start_at(&queue, 0u - 2);
        push(0, cases[k].len);
        assert_ptr_equal(steal(&queue, &other), &tasks[taken - 1]);
        assert_int_equal(ant_local_queue_len(&other), taken - 1);
        assert_int_equal(ant_local_queue_len(&queue), cases[k].len - taken);
        for (unsigned i = 0; i < cases[k].len; i++)
            assert_int_equal(moved[i], i < taken);
        expect_pops(&other, 0, taken - 1);
        expect_pops(&queue, taken, cases[k].len - taken);
    }
}

static void there_is_nothing_to_steal_from_an_empty_queue(void **state)
{
    (void)state;
    assert_null(steal(&queue, &other));
    push(0, 1);
    expect_pops(&queue, 0, 1);
    assert_null(steal(&queue, &other));
}

static void a_thief_needs_room_for_half_a_ring(void **state)
{
    (void)state;
    push(0, 4);
    for (unsigned i = 0; i < MAX / 2 + 1; i++)
        ant_local_queue_push(&other, &tasks[MAX + i], on_overflow, &overflow);
    assert_null(steal(&queue, &other));
    expect_pops(&other, MAX, 1);
    assert_ptr_equal(steal(&queue, &other), &tasks[1]);
    assert_int_equal(ant_local_queue_len(&queue), 2);
}

// A thief that is in the middle of its copy: `steal` stays behind `real`.
static void while_a_thief_copies_its_slots_are_not_written(void **state)
{
    (void)state;
    push(0, MAX);
    ant_atomic_store(&queue.head, (uint64_t)0 << 32 | MAX / 2, ANT_RELAXED);
    // No second thief, and what does not fit goes elsewhere, alone.
    assert_null(steal(&queue, &other));
    assert_int_equal(ant_local_queue_room(&queue), 0);
    push(MAX, 1);
    assert_int_equal(overflow_count, 1);
    assert_ptr_equal(overflow[0], &tasks[MAX]);
    // The owner goes on behind the thief.
    expect_pops(&queue, MAX / 2, MAX / 2);
    assert_null(ant_local_queue_pop(&queue));
    push(MAX + 1, 1);
    assert_int_equal(overflow_count, 2);
}

static void peeks_at_each_place(void **state)
{
    (void)state;
    start_at(&queue, 0u - 2);
    push(0, 4);
    for (unsigned i = 0; i < 4; i++)
        assert_ptr_equal(ant_local_queue_peek(&queue, i), &tasks[i]);
    assert_int_equal(ant_local_queue_len(&queue), 4);
}

static void takes_from_each_place_and_keeps_the_order(void **state)
{
    (void)state;
    for (unsigned taken = 0; taken < 4; taken++) {
        start_at(&queue, 0u - 2);
        push(0, 4);
        assert_ptr_equal(ant_local_queue_take(&queue, taken), &tasks[taken]);
        for (unsigned i = 0; i < 4; i++) {
            if (i == taken) continue;
            assert_ptr_equal(ant_local_queue_pop(&queue), &tasks[i]);
        }
        assert_null(ant_local_queue_pop(&queue));
    }
}

// K28: whatever is done to two queues, every task is in one place, once.
static void no_task_is_lost_or_doubled(void **state)
{
    (void)state;
    static unsigned seen[MANY];
    ant_rng rng = ant_rng_init(7);
    start_at(&queue, 0u - 100);
    start_at(&other, 0u - 7);
    for (unsigned i = 0; i < MANY; i++)
        seen[i] = 0;
    unsigned pushed = 0;
    while (pushed < MANY) {
        ant_task *task = NULL;
        switch (ant_rng_below(&rng, 8)) {
        case 0:
            task = ant_local_queue_pop(&queue);
            break;
        case 1:
            task = ant_local_queue_pop(&other);
            break;
        case 2:
            task = ant_rng_below(&rng, 16) == 0 ? steal(&queue, &other) : NULL;
            break;
        default:
            push(pushed++, 1);
        }
        if (task != NULL) seen[task - tasks]++;
    }
    ant_task *task;
    while ((task = ant_local_queue_pop(&queue)) != NULL)
        seen[task - tasks]++;
    while ((task = ant_local_queue_pop(&other)) != NULL)
        seen[task - tasks]++;
    for (unsigned i = 0; i < overflow_count; i++)
        seen[overflow[i] - tasks]++;
    for (unsigned i = 0; i < MANY; i++)
        assert_int_equal(seen[i], 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, set_up)
    const struct CMUnitTest tests[] = {
        TEST(is_a_fifo),
        TEST(a_chain_goes_in_as_far_as_there_is_room),
        TEST(its_cursors_may_turn_over),
        TEST(a_full_ring_sends_its_newer_half_away),
        TEST(a_thief_takes_the_older_half),
        TEST(there_is_nothing_to_steal_from_an_empty_queue),
        TEST(a_thief_needs_room_for_half_a_ring),
        TEST(while_a_thief_copies_its_slots_are_not_written),
        TEST(peeks_at_each_place),
        TEST(takes_from_each_place_and_keeps_the_order),
        TEST(no_task_is_lost_or_doubled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
