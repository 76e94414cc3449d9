// SPDX-License-Identifier: MIT
//
// Tests of opening a model that takes a while.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/model.h"
#include "support/trace_script.h"

static unsigned told;
static unsigned percent_max;

static bool note_progress(void *arg, const ant_reader *reader, unsigned percent)
{
    assert_true(ant_reader_info(reader)->file_bytes > 0);
    told++;
    assert_true(percent <= 100);
    if (percent > percent_max) percent_max = percent;
    return *(bool *)arg;
}

static void tells_how_far_it_is_while_it_opens(void **state)
{
    (void)state;
    const char *path = script_story_busy(40000);
    bool goes_on = true;
    const model_progress progress = { note_progress, &goes_on };
    ant_reader_error error;
    ant_model *model = NULL;
    told = percent_max = 0;
    assert_int_equal(model_open_telling(path, &progress, &model, &error), 0);
    assert_true(told >= 12);
    assert_int_equal(percent_max, 100);
    model_close(model);
    script_remove();
}

static void opens_nothing_when_it_is_stopped(void **state)
{
    (void)state;
    const char *path = script_story_busy(40000);
    bool goes_on = false;
    const model_progress progress = { note_progress, &goes_on };
    ant_reader_error error;
    ant_model *model = NULL;
    told = 0;
    assert_int_equal(model_open_telling(path, &progress, &model, &error),
                     -ECANCELED);
    assert_int_equal(told, 1);
    script_remove();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_how_far_it_is_while_it_opens),
        cmocka_unit_test(opens_nothing_when_it_is_stopped),
    };
    return cmocka_run_group_tests_name("open", tests, NULL, NULL);
}
