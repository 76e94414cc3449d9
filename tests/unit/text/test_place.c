// SPDX-License-Identifier: MIT
//
// Tests of text/place: what people type to go somewhere.

#include "text/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"

static void reads_all_spellings(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        text_place_kind kind;
        uint64_t value;
    } row[] = {
        { "12.4ms", TEXT_PLACE_TIME, 12400000 },
        { " 12.4 ms ", TEXT_PLACE_TIME, 12400000 },
        { "12.4", TEXT_PLACE_TIME, 12400000 },
        { "1.5s", TEXT_PLACE_TIME, 1500000000 },
        { "300us", TEXT_PLACE_TIME, 300000 },
        { "7 ns", TEXT_PLACE_TIME, 7 },
        { "0", TEXT_PLACE_TIME, 0 },
        { "s118", TEXT_PLACE_STEP, 118 },
        { "step 118", TEXT_PLACE_STEP, 118 },
        { "e500", TEXT_PLACE_EVENT, 500 },
        { "event 500", TEXT_PLACE_EVENT, 500 },
        { "task:7", TEXT_PLACE_TASK, 7 },
        { "task 7", TEXT_PLACE_TASK, 7 },
        { "t7", TEXT_PLACE_TASK, 7 },
    };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(row); i++) {
        text_place place = text_place_read(row[i].text);
        assert_int_equal(place.kind, row[i].kind);
        assert_int_equal(place.value, row[i].value);
    }
}

static void refuses_everything_else(void **state)
{
    (void)state;
    static const char *const text[] = {
        "",       "  ",   "fetch",   "s",   "task:",
        "task:x", "s1x",  "-3ms",    "3h",  "3 ms4",
        "inf",    "0x10", "1e300 s", "s-1", "s99999999999999999999",
    };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(text); i++) {
        text_place place = text_place_read(text[i]);
        if (place.kind == TEXT_PLACE_NONE) continue;
        fail_msg("\"%s\" was taken for a place", text[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_all_spellings),
        cmocka_unit_test(refuses_everything_else),
    };
    return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
