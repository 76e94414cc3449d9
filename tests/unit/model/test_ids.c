// SPDX-License-Identifier: MIT
//
// Ids of a file become rows.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/ids.h"

static void ids_of_a_whole_file_are_their_own_rows(void **state)
{
    (void)state;
    model_ids ids = { 0 };
    for (uint64_t id = 1; id <= 1000; id++) {
        assert_true(model__ids_add(&ids, id));
        assert_true(model__ids_add(&ids, id));
    }
    model__ids_finish(&ids);
    assert_int_equal(model__ids_count(&ids), 1001);
    for (uint32_t id = 1; id <= 1000; id++) {
        assert_int_equal(model__ids_row(&ids, id), id);
    }
    model__ids_free(&ids);
}

static void rows_stand_in_the_order_of_any_ids(void **state)
{
    (void)state;
    static const uint64_t given[] = { 900, 3, UINT64_MAX, 3, 12, 900, 1 };
    static const uint64_t sorted[] = { 1, 3, 12, 900, UINT64_MAX };
    model_ids ids = { 0 };
    for (size_t i = 0; i < ANT_ARRAY_LEN(given); i++) {
        assert_true(model__ids_add(&ids, given[i]));
    }
    model__ids_finish(&ids);
    assert_int_equal(model__ids_count(&ids), ANT_ARRAY_LEN(sorted) + 1);
    for (uint32_t i = 0; i < ANT_ARRAY_LEN(sorted); i++) {
        assert_int_equal(model__ids_row(&ids, sorted[i]), i + 1);
        assert_true(model__ids_id(&ids, i + 1) == sorted[i]);
    }
    model__ids_free(&ids);
}

static void nobody_and_strangers_have_no_row(void **state)
{
    (void)state;
    model_ids ids = { 0 };
    assert_int_equal(model__ids_row(&ids, 1), 0);
    assert_true(model__ids_add(&ids, 0));
    assert_true(model__ids_add(&ids, 5));
    model__ids_finish(&ids);
    assert_int_equal(model__ids_count(&ids), 2);
    assert_int_equal(model__ids_row(&ids, 0), 0);
    assert_int_equal(model__ids_row(&ids, 4), 0);
    assert_int_equal(model__ids_row(&ids, 6), 0);
    model__ids_free(&ids);
}

static void hostile_order_costs_no_more_than_sorting(void **state)
{
    (void)state;
    model_ids ids = { 0 };
    for (uint64_t id = 200000; id > 0; id--) {
        assert_true(model__ids_add(&ids, 3 * id));
    }
    model__ids_finish(&ids);
    assert_int_equal(model__ids_count(&ids), 200001);
    assert_int_equal(model__ids_row(&ids, 3 * 777), 777);
    model__ids_free(&ids);
}

static void says_when_memory_is_out(void **state)
{
    (void)state;
    model_ids ids = { 0 };
    ant_mem_fail_nth(1, 0);
    assert_false(model__ids_add(&ids, 7));
    assert_true(model__ids_add(&ids, 7));
    model__ids_free(&ids);
    assert_int_equal(ant_mem_live_count(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_of_a_whole_file_are_their_own_rows),
        cmocka_unit_test(rows_stand_in_the_order_of_any_ids),
        cmocka_unit_test(nobody_and_strangers_have_no_row),
        cmocka_unit_test(hostile_order_costs_no_more_than_sorting),
        cmocka_unit_test(says_when_memory_is_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
