// SPDX-License-Identifier: MIT
//
// What the model keeps in few bytes comes out as it went in.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/trace_script.h"
#include "support/trace_story.h"

// The polls of a lane, one by one.
static uint32_t count_polls(const ant_model *model, uint32_t lane, uint32_t i)
{
    uint32_t n = 0;
    for (uint32_t k = 0; k < i; k++)
        n += model->lane[k] == lane && model->kind[k] == ANT_EV_poll_begin;
    return n;
}

static void polls_are_counted_before_any_event(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_busy(300));
    uint32_t last = model->event_count;
    for (uint32_t i = 0; i <= last; i += 7) {
        uint32_t all = 0;
        for (uint32_t lane = 1; lane < model->lane_count; lane++) {
            uint32_t n = model_polls_on_lane(model, lane, i);
            assert_int_equal(n, count_polls(model, lane, i));
            all += n;
        }
        for (uint32_t task = 1; task < model->task_count; task++)
            all -= model_polls_of_task(model, task, i);
        assert_int_equal(all, 0);
    }
    for (uint32_t task = 1; task < model->task_count; task++)
        assert_int_equal(model_polls_of_task(model, task, last),
                         model->tasks[task].poll_count);
    story_close(model);
}

// The first thirty close together, then an hour between each and the next.
static uint64_t poll_us(unsigned i)
{
    return i < 30 ? UINT64_C(100) * i : UINT64_C(3600000000) * i;
}

static void times_may_lie_hours_apart(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "ant", 1);
    for (unsigned i = 0; i < 100; i++) {
        script_at(poll_us(i));
        script_poll_pending(1, ANT_QUEUE_LOCAL);
    }
    script_end();
    ant_model *model = story_open(script_path());
    for (unsigned i = 0; i < 100; i++) {
        uint32_t poll = story_event(model, ANT_EV_poll_begin, i);
        assert_int_equal(model_t_ns(model, poll), poll_us(i) * 1000);
        if (i > 0)
            assert_true(model_event_after(model, poll_us(i) * 1000) <= poll);
    }
    story_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(polls_are_counted_before_any_event),
        cmocka_unit_test(times_may_lie_hours_apart),
    };
    return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
