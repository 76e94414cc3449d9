// SPDX-License-Identifier: MIT
//
// Tests of base/block: blocks are recycled, counted, and go from threads that
// have too many to threads that have too few.

#include "base/block.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/os.h"

#define BLOCKS 1000

static void *block[BLOCKS];

static void allocate_all(void *bytes)
{
    for (int i = 0; i < BLOCKS; i++) {
        block[i] = ant_block_alloc(*(size_t *)bytes);
        assert_non_null(block[i]);
        memset(block[i], i, *(size_t *)bytes);
    }
}

static void free_all(void *bytes)
{
    for (int i = 0; i < BLOCKS; i++)
        ant_block_free(block[i], *(size_t *)bytes);
}

static void blocks_of_every_size_are_whole_and_counted(void **state)
{
    (void)state;
    const size_t sizes[] = { 0, 1, 16, 17, 112, 496, 497, 5000 };
    const uint64_t live = ant_mem_live_count();
    const uint64_t allocs = ant_mem_alloc_count();
    for (size_t n = 0; n < ANT_ARRAY_LEN(sizes); n++) {
        size_t bytes = sizes[n];
        allocate_all(&bytes);
        for (int i = 0; i < BLOCKS && bytes > 0; i++) {
            const unsigned char *at = block[i];
            assert_int_equal(at[0], i & 0xFF);
            assert_int_equal(at[bytes - 1], i & 0xFF);
            assert_int_equal((uintptr_t)at % 16, 0);
        }
        assert_int_equal(ant_mem_live_count(), live + BLOCKS);
        free_all(&bytes);
        assert_int_equal(ant_mem_live_count(), live);
    }
    assert_int_equal(ant_mem_alloc_count(),
                     allocs + BLOCKS * ANT_ARRAY_LEN(sizes));
    ant_block_free(NULL, 16);
}

static void a_block_that_was_given_back_comes_next(void **state)
{
    (void)state;
#ifdef ANT_CHECK_LOCKS
    skip(); // nothing is kept at hand there
#else
    void *first = ant_block_alloc(100);
    ant_block_free(first, 100);
    void *second = ant_block_alloc(112); // the same step
    assert_ptr_equal(second, first);
    ant_block_free(second, 112);
#endif
}

static void in_a_thread(ant_os_thread_fn fn, size_t bytes)
{
    ant_os_thread thread;
    assert_int_equal(ant_os_thread_start(&thread, "blocks", fn, &bytes), 0);
    ant_os_thread_join(&thread);
}

static void another_thread_may_give_a_block_back(void **state)
{
    (void)state;
    const uint64_t live = ant_mem_live_count();
    for (int round = 0; round < 3; round++) {
        size_t bytes = 200;
        allocate_all(&bytes);
        in_a_thread(free_all, bytes);
        assert_int_equal(ant_mem_live_count(), live);
        in_a_thread(allocate_all, bytes);
        free_all(&bytes);
        assert_int_equal(ant_mem_live_count(), live);
    }
}

static void memory_may_end(void **state)
{
    (void)state;
    ant_mem_fail_nth(2, 0);
    void *first = ant_block_alloc(64);
    assert_non_null(first);
    assert_null(ant_block_alloc(64));
    ant_mem_fail_nth(0, 0);
    ant_block_free(first, 64);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_of_every_size_are_whole_and_counted),
        cmocka_unit_test(a_block_that_was_given_back_comes_next),
        cmocka_unit_test(another_thread_may_give_a_block_back),
        cmocka_unit_test(memory_may_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
