// SPDX-License-Identifier: MIT
//
// Tests of base/err.

#include "base/err.h"

#include <errno.h>
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void names_a_negative_errno(void **state)
{
    (void)state;
    assert_string_equal(ant_err_name(-ECANCELED), "ECANCELED");
    assert_string_equal(ant_err_name(-ECONNREFUSED), "ECONNREFUSED");
    assert_string_equal(ant_err_name(0), "OK");
}

static void explains_it_in_words(void **state)
{
    (void)state;
    assert_string_equal(ant_err_text(-ECANCELED), "cancelled");
    assert_string_equal(ant_err_text(-ECONNREFUSED), "Connection refused");
}

static void answers_for_every_number(void **state)
{
    (void)state;
    const int strange[] = { 1, INT_MAX, INT_MIN, -4095, -100000 };
    for (size_t i = 0; i < sizeof(strange) / sizeof(strange[0]); i++) {
        assert_string_equal(ant_err_name(strange[i]), "E?");
        assert_string_equal(ant_err_text(strange[i]), "unknown error");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_a_negative_errno),
        cmocka_unit_test(explains_it_in_words),
        cmocka_unit_test(answers_for_every_number),
    };
    return cmocka_run_group_tests_name("base/err", tests, NULL, NULL);
}
