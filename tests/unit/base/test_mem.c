// SPDX-License-Identifier: MIT
//
// Tests of base/mem.

#include "base/mem.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void gives_zeroed_memory(void **state)
{
    (void)state;
    // The first block leaves dirt behind, which the second may get.
    for (int round = 0; round < 2; round++) {
        unsigned char *block = ant_mem_alloc(1000);
        assert_non_null(block);
        for (int i = 0; i < 1000; i++) {
            assert_int_equal(block[i], 0);
        }
        memset(block, 0xAA, 1000);
        ant_mem_free(block);
    }
}

static void aligns_as_asked(void **state)
{
    (void)state;
    for (size_t align = 1; align <= 4096; align *= 2) {
        unsigned char *block = ant_mem_alloc_aligned(100, align);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % align, 0);
        assert_int_equal(block[99], 0);
        ant_mem_free(block);
    }
}

static void resize_keeps_the_contents(void **state)
{
    (void)state;
    char *block = ant_mem_resize(NULL, 4);
    assert_non_null(block);
    memcpy(block, "ant", 4);
    block = ant_mem_resize(block, 100000);
    assert_non_null(block);
    assert_string_equal(block, "ant");
    ant_mem_free(block);
}

static void counts_live_blocks(void **state)
{
    (void)state;
    uint64_t before = ant_mem_live_count();
    void *a = ant_mem_alloc(0);
    void *b = ant_mem_alloc_aligned(1, 64);
    void *c = ant_mem_resize(NULL, 10);
    assert_int_equal(ant_mem_live_count(), before + 3);
    c = ant_mem_resize(c, 20);
    assert_int_equal(ant_mem_live_count(), before + 3);
    ant_mem_free(a);
    ant_mem_free(b);
    ant_mem_free(c);
    ant_mem_free(NULL);
    assert_int_equal(ant_mem_live_count(), before);
}

static void fails_the_nth_once(void **state)
{
    (void)state;
    ant_mem_fail_nth(3, 0);
    void *first = ant_mem_alloc(1);
    void *second = ant_mem_resize(NULL, 1);
    void *third = ant_mem_alloc_aligned(1, 8);
    void *fourth = ant_mem_alloc(1);
    assert_non_null(first);
    assert_non_null(second);
    assert_null(third);
    assert_non_null(fourth);
    ant_mem_free(first);
    ant_mem_free(second);
    ant_mem_free(fourth);
}

static void fails_from_the_nth_on(void **state)
{
    (void)state;
    uint64_t before = ant_mem_live_count();
    ant_mem_fail_nth(2, 1);
    void *first = ant_mem_alloc(1);
    void *second = ant_mem_alloc(1);
    void *third = ant_mem_alloc(1);
    void *grown = ant_mem_resize(first, 2);
    ant_mem_fail_nth(0, 0);
    assert_non_null(first);
    assert_null(second);
    assert_null(third);
    assert_null(grown);
    assert_int_equal(ant_mem_live_count(), before + 1);
    ant_mem_free(first);

    void *after = ant_mem_alloc(1);
    assert_non_null(after);
    ant_mem_free(after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_memory),
        cmocka_unit_test(aligns_as_asked),
        cmocka_unit_test(resize_keeps_the_contents),
        cmocka_unit_test(counts_live_blocks),
        cmocka_unit_test(fails_the_nth_once),
        cmocka_unit_test(fails_from_the_nth_on),
    };
    return cmocka_run_group_tests_name("base/mem", tests, NULL, NULL);
}
