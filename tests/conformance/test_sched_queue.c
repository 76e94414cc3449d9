// SPDX-License-Identifier: MIT
//
// What the scheduler's run queues promise (S3, S7, S8).

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/task_block.h"
#include "sched/idle.h"
#include "sched/local_queue.h"

static ant_task block[ANT_LOCAL_QUEUE_MAX + 1];

typedef struct overflown {
    ant_task *first;
    ant_task *last;
    uint32_t count;
} overflown;

static void on_overflow(ant_task *first, ant_task *last, uint32_t count,
                        void *arg)
{
    *(overflown *)arg = (overflown){ first, last, count };
}

static void fill(ant_local_queue *queue, uint32_t count, overflown *over)
{
    *over = (overflown){ 0 };
    memset(block, 0, sizeof block);
    ant_local_queue_init(queue, true);
    for (uint32_t i = 0; i < count; i++)
        ant_local_queue_push(queue, &block[i], on_overflow, over);
}

static void s3_a_ring_holds_256_tasks(void **state)
{
    (void)state;
    ant_local_queue queue;
    overflown over;
    fill(&queue, 256, &over);
    assert_int_equal(over.count, 0);
    for (int i = 0; i < 256; i++)
        assert_ptr_equal(ant_local_queue_pop(&queue), &block[i]);
    assert_null(ant_local_queue_pop(&queue));
}

static void s7_a_full_ring_gives_its_newer_half_away(void **state)
{
    (void)state;
    ant_local_queue queue;
    overflown over;
    fill(&queue, 257, &over);
    assert_int_equal(over.count, 129);
    assert_ptr_equal(over.first, &block[128]);
    assert_ptr_equal(over.last, &block[256]);
    assert_int_equal(ant_local_queue_len(&queue), 128);
    assert_ptr_equal(ant_local_queue_pop(&queue), &block[0]);
}

static void count_moved(ant_task *task, void *arg)
{
    (void)task;
    ++*(int *)arg;
}

static void s8_a_thief_takes_the_older_half(void **state)
{
    (void)state;
    ant_local_queue from, to;
    overflown over;
    int moved = 0;
    fill(&from, 5, &over);
    ant_local_queue_init(&to, true);
    ant_task *task = ant_local_queue_steal(&from, &to, count_moved, &moved);
    assert_ptr_equal(task, &block[2]);
    assert_int_equal(moved, 3);
    assert_int_equal(ant_local_queue_len(&to), 2);
    assert_int_equal(ant_local_queue_len(&from), 2);
}

static void s8_at_most_half_of_the_workers_search(void **state)
{
    (void)state;
    ant_idle idle;
    assert_int_equal(ant_idle_init(&idle, 4), 0);
    assert_true(ant_idle_search_begin(&idle));
    assert_true(ant_idle_search_begin(&idle));
    assert_false(ant_idle_search_begin(&idle));
    assert_false(ant_idle_search_end(&idle));
    assert_true(ant_idle_search_end(&idle)); // the last one is told so
    ant_idle_deinit(&idle);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(s3_a_ring_holds_256_tasks),
        cmocka_unit_test(s7_a_full_ring_gives_its_newer_half_away),
        cmocka_unit_test(s8_a_thief_takes_the_older_half),
        cmocka_unit_test(s8_at_most_half_of_the_workers_search),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
