// SPDX-License-Identifier: MIT
//
// Failures are constants: equal ones are one, and their table has a bound. The
// last test fills it.

#include "core/failure.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static ant_failure panic_at(uint32_t line, const char *text)
{
    ant_failure failure = {
        .err = -ENOTRECOVERABLE,
        .is_panic = true,
        .file = "kitchen.c",
        .line = line,
    };
    (void)snprintf(failure.text, sizeof failure.text, "%s", text);
    return failure;
}

static void what_was_said_is_kept(void **state)
{
    (void)state;
    ant_failure said = panic_at(7, "no cups");
    const ant_failure *kept = ant__failure_keep(&said);
    said = (ant_failure){ 0 };
    assert_int_equal(kept->err, -ENOTRECOVERABLE);
    assert_true(kept->is_panic);
    assert_int_equal(kept->line, 7);
    assert_string_equal(kept->file, "kitchen.c");
    assert_string_equal(kept->text, "no cups");
}

static void equal_ones_are_one(void **state)
{
    (void)state;
    const ant_failure said = panic_at(7, "no cups");
    const ant_failure again = panic_at(7, "no cups");
    assert_ptr_equal(ant__failure_keep(&said), ant__failure_keep(&again));
}

static void another_line_or_text_is_another_one(void **state)
{
    (void)state;
    const ant_failure said = panic_at(7, "no cups");
    const ant_failure below = panic_at(8, "no cups");
    const ant_failure other = panic_at(7, "no pots");
    ant_failure other_err = said;
    other_err.err = -EIO;
    const ant_failure *kept = ant__failure_keep(&said);
    assert_ptr_not_equal(ant__failure_keep(&below), kept);
    assert_ptr_not_equal(ant__failure_keep(&other), kept);
    assert_ptr_not_equal(ant__failure_keep(&other_err), kept);
}

static void a_full_table_leaves_out_first_texts_then_all(void **state)
{
    (void)state;
    const ant_failure first = panic_at(1, "the first");
    const ant_failure *kept_first = ant__failure_keep(&first);
    for (int i = 0; i < ANT_FAILURE_TEXTS_MAX; i++) {
        ant_failure said = panic_at(2, "");
        (void)snprintf(said.text, sizeof said.text, "customer %d", i);
        assert_non_null(ant__failure_keep(&said));
    }

    const ant_failure late = panic_at(3, "too late");
    const ant_failure later = panic_at(3, "much too late");
    const ant_failure *kept = ant__failure_keep(&late);
    assert_int_equal(kept->line, 3);
    assert_non_null(strstr(kept->text, "too many different"));
    assert_ptr_equal(ant__failure_keep(&later), kept);

    for (uint32_t i = 0; i < ANT_FAILURES_MAX; i++) {
        const ant_failure said = panic_at(10 + i, "everywhere");
        (void)ant__failure_keep(&said);
    }
    const ant_failure last = panic_at(5000, "nowhere");
    assert_null(ant__failure_keep(&last));
    assert_ptr_equal(ant__failure_keep(&first), kept_first);
    assert_ptr_equal(ant__failure_keep(&late), kept);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_said_is_kept),
        cmocka_unit_test(equal_ones_are_one),
        cmocka_unit_test(another_line_or_text_is_another_one),
        cmocka_unit_test(a_full_table_leaves_out_first_texts_then_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
