// SPDX-License-Identifier: MIT
//
// Tests of base/table.

#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"

static void finds_what_was_made(void **state)
{
    (void)state;
    ant_table table = ant_table_init(sizeof(uint32_t));
    assert_null(ant_table_find(&table, 0));
    for (uint64_t id = 0; id < 10000; id++) {
        uint32_t *row = ant_table_get(&table, id * id);
        assert_non_null(row);
        assert_int_equal(*row, 0);
        *row = (uint32_t)id;
    }
    assert_int_equal(table.count, 10000);
    for (uint64_t id = 0; id < 10000; id++) {
        assert_int_equal(*(uint32_t *)ant_table_find(&table, id * id), id);
        assert_int_equal(*(uint32_t *)ant_table_get(&table, id * id), id);
        assert_int_equal(*(uint32_t *)ant_table_row(&table, (uint32_t)id), id);
    }
    assert_null(ant_table_find(&table, UINT64_MAX));
    ant_table_deinit(&table);
    assert_int_equal(ant_mem_live_count(), 0);
}

static void stays_whole_when_memory_runs_out(void **state)
{
    (void)state;
    for (uint64_t nth = 1; nth <= 6; nth++) {
        ant_table table = ant_table_init(sizeof(uint64_t));
        ant_mem_fail_nth(nth, 1);
        uint64_t made = 0;
        while (made < 100 && ant_table_get(&table, made) != NULL)
            made++;
        ant_mem_fail_nth(0, 0);
        assert_true(made < 100);
        for (uint64_t id = 0; id < made; id++) {
            assert_non_null(ant_table_find(&table, id));
        }
        assert_non_null(ant_table_get(&table, made));
        ant_table_deinit(&table);
    }
    assert_int_equal(ant_mem_live_count(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_was_made),
        cmocka_unit_test(stays_whole_when_memory_runs_out),
    };
    return cmocka_run_group_tests_name("base/table", tests, NULL, NULL);
}
