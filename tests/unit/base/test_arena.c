// SPDX-License-Identifier: MIT
//
// Tests of base/arena.

#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

static void gives_zeroed_memory_that_does_not_overlap(void **state)
{
    (void)state;
    ant_arena arena = { 0 };
    unsigned char *all[200];
    for (size_t i = 0; i < 200; i++) {
        all[i] = ant_arena_alloc(&arena, i * 7);
        assert_non_null(all[i]);
        assert_int_equal((uintptr_t)all[i] % _Alignof(max_align_t), 0);
        for (size_t k = 0; k < i * 7; k++) {
            assert_int_equal(all[i][k], 0);
            all[i][k] = (unsigned char)i;
        }
    }
    for (size_t i = 1; i < 200; i++) {
        assert_int_equal(all[i][i * 7 - 1], i);
        assert_int_equal(all[i][0], i);
    }
    ant_arena_deinit(&arena);
    assert_int_equal(ant_mem_live_count(), 0);
}

static void copies_and_prints_texts(void **state)
{
    (void)state;
    ant_arena arena = { 0 };
    assert_string_equal(ant_arena_text(&arena, "antfarm", 3), "ant");
    assert_string_equal(ant_arena_text(&arena, "", 0), "");
    assert_string_equal(ant_arena_print(&arena, "%d %s", 3, "ants"), "3 ants");
    char *wide = ant_arena_print(&arena, "%*d", 9000, 1);
    assert_int_equal(wide[8999], '1');
    ant_arena_deinit(&arena);
    ant_arena_deinit(&arena);
}

static void says_when_there_is_no_memory(void **state)
{
    (void)state;
    ant_arena arena = { 0 };
    ant_mem_fail_nth(1, 1);
    assert_null(ant_arena_alloc(&arena, 8));
    assert_null(ant_arena_print(&arena, "x"));
    ant_mem_fail_nth(0, 0);
    assert_null(ant_arena_alloc(&arena, SIZE_MAX));
    assert_non_null(ant_arena_alloc(&arena, 8));
    ant_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_zeroed_memory_that_does_not_overlap),
        cmocka_unit_test(copies_and_prints_texts),
        cmocka_unit_test(says_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
