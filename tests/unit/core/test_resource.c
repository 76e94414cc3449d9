// SPDX-License-Identifier: MIT
//
// Tests of core/resource: the card of a lock or a channel.

#include "core/resource.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void gets_a_number_when_it_is_first_asked(void **state)
{
    (void)state;
    ant_resource one = ANT_RESOURCE(ANT_RES_MUTEX, "fork", 1);
    ant_resource two = ANT_RESOURCE(ANT_RES_MUTEX, "knife", 1);
    const uint32_t id = ant_resource_id(&one);
    assert_int_not_equal(id, 0);
    assert_int_equal(ant_resource_id(&one), id);
    assert_int_not_equal(ant_resource_id(&two), id);
    ant_resource_end(&one);
    ant_resource_end(&one);
    ant_resource_end(&two);
}

static void knows_who_holds_it(void **state)
{
    (void)state;
    ant_resource fork = ANT_RESOURCE(ANT_RES_MUTEX, "fork", 1);
    assert_int_equal(ant_resource_holder(&fork), 0);
    ant_resource_hold(&fork, 7, 30);
    assert_int_equal(ant_resource_holder(&fork), 7);
    ant_resource_hold(&fork, 0, 0);
    assert_int_equal(ant_resource_holder(&fork), 0);
}

static void describes_itself_for_a_report(void **state)
{
    (void)state;
    ant_resource fork = ANT_RESOURCE(ANT_RES_MUTEX, "fork", 1);
    const uint32_t id = ant_resource_id(&fork);
    ant_resource_hold(&fork, 7, 30);
    struct ant_wait wait = { .deadline_ns = 5 };
    ant_resource_describe(&fork, &wait);
    assert_int_equal(wait.kind, ANT_RES_MUTEX);
    assert_int_equal(wait.res, id);
    assert_string_equal(wait.name, "fork");
    assert_int_equal(wait.holder, 7);
    assert_int_equal(wait.holder_line, 30);
    assert_int_equal(wait.deadline_ns, 0);
    assert_non_null(strstr(wait.file, "test_resource.c"));
    assert_int_not_equal(wait.line, 0);
    ant_resource_end(&fork);
}

static void knows_what_was_handed_over_and_not_used_yet(void **state)
{
    (void)state;
    struct ant_wait wait;
    ant_resource fork = ANT_RESOURCE(ANT_RES_MUTEX, "fork", 1);
    ant_resource_hand(&fork, 7, 30);
    ant_resource_describe(&fork, &wait);
    assert_true(wait.is_unused);
    assert_int_equal(wait.holder_line, 30);
    ant_resource_use(&fork, 8); // not the one who has it
    ant_resource_describe(&fork, &wait);
    assert_true(wait.is_unused);
    ant_resource_use(&fork, 7);
    ant_resource_describe(&fork, &wait);
    assert_false(wait.is_unused);
    assert_int_equal(wait.holder, 7);
    assert_int_equal(wait.holder_line, 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gets_a_number_when_it_is_first_asked),
        cmocka_unit_test(knows_who_holds_it),
        cmocka_unit_test(describes_itself_for_a_report),
        cmocka_unit_test(knows_what_was_handed_over_and_not_used_yet),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
