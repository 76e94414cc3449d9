// SPDX-License-Identifier: MIT
//
// Events, steps and moments on both axes.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>

#include "model/axis.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

// Bursts of twenty polls with a long silence between them.
static ant_model *open_bursts(void)
{
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "ant", 1);
    for (unsigned burst = 0; burst < 3; burst++) {
        script_at(burst * 100000);
        for (unsigned i = 0; i < 20; i++) {
            script_poll_pending(1, ANT_QUEUE_LOCAL);
            script_pass(3);
        }
        // In the second silence a poll goes on.
        if (burst == 1) script_poll(1, ANT_QUEUE_LOCAL);
    }
    script_end();
    return story_open(script_path());
}

static void definitions_and_details_are_no_steps(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_steal());
    uint32_t steal = story_event(model, ANT_EV_steal, 0);
    uint32_t part = story_event(model, ANT_EV_steal_task, 2);
    assert_int_equal(model_step_of(model, part), model_step_of(model, steal));
    assert_int_equal(model_step_event(model, model_step_of(model, part)),
                     steal);
    for (uint32_t step = 0; step < model->step_count; step++) {
        assert_int_equal(model_step_of(model, model_step_event(model, step)),
                         step);
    }
    assert_true(model_axis_end(model, MODEL_AXIS_STEP) == model->step_count);
    story_close(model);
}

static void a_step_is_one_unit_wide(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    for (uint32_t step = 0; step < model->step_count; step++) {
        uint32_t event = model_step_event(model, step);
        assert_int_equal(model_event_at(model, MODEL_AXIS_STEP, step + 0.5),
                         event);
        assert_true(model_x(model, MODEL_AXIS_STEP, event) == step);
    }
    assert_int_equal(model_event_at(model, MODEL_AXIS_STEP, -5), 0);
    assert_int_equal(model_event_at(model, MODEL_AXIS_STEP, 1e9),
                     model_step_event(model, model->step_count - 1));
    story_close(model);
}

static void silence_is_squeezed(void **state)
{
    (void)state;
    ant_model *model = open_bursts();
    assert_int_equal(model->gap_count, 2);
    assert_true(model->gaps[0].is_idle);
    assert_false(model->gaps[1].is_idle);
    double squeezed = model_axis_end(model, MODEL_AXIS_TIME);
    assert_true(squeezed < (double)model->t_end_ns / 100);

    // Silence takes no more than two thirds of the axis.
    double silent = 0;
    for (uint32_t i = 0; i < model->gap_count; i++) {
        silent += model->gaps[i].x1 - model->gaps[i].x0;
    }
    assert_true(silent < squeezed * 2 / 3);
    story_close(model);
}

static void time_and_axis_lead_back_to_each_other(void **state)
{
    (void)state;
    ant_model *model = open_bursts();
    double before = -1;
    for (uint64_t t_ns = 0; t_ns <= model->t_end_ns; t_ns += 777) {
        double x = model_x_of_time(model, t_ns);
        assert_true(x > before);
        int64_t off = (int64_t)(model_time_of_x(model, x) - t_ns);
        assert_in_range(off + 100, 0, 200);
        before = x;
    }
    story_close(model);
}

static void even_spacing_is_not_squeezed(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    for (unsigned i = 0; i < 100; i++) {
        ANT_TRACE(note, .task = 0);
        script_pass(10 + i % 7);
    }
    script_end();
    ant_model *model = story_open(script_path());
    assert_int_equal(model->gap_count, 0);
    assert_true(model->instant == 0);
    assert_true(model_x_of_time(model, 12345) == 12345);
    story_close(model);
}

static void steps_have_a_width_where_time_stands_still(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_join());
    double half = model->instant * model->step_count;
    assert_true(model->instant > 0);
    double end = model_axis_end(model, MODEL_AXIS_TIME);
    assert_true(half > 0.49 * end && half < 0.51 * end);
    for (uint32_t step = 1; step < model->step_count; step++) {
        double x0 =
            model_x(model, MODEL_AXIS_TIME, model_step_event(model, step - 1));
        uint32_t event = model_step_event(model, step);
        double x1 = model_x(model, MODEL_AXIS_TIME, event);
        assert_true(x1 - x0 > 0.99 * model->instant);
        assert_int_equal(
            model_event_at(model, MODEL_AXIS_TIME, x1 + model->instant / 2),
            event);
        assert_int_equal(model_time_of_x(model, x1 + model->instant / 2),
                         model_t_ns(model, event));
    }
    // Moments between are where they should be.
    double x = model_x_of_time(model, 5000000);
    assert_int_equal(model_time_of_x(model, x), 5000000);
    story_close(model);
}

static void the_axis_begins_with_the_first_event(void **state)
{
    (void)state;
    script_begin_at(ANT_LEVEL_FULL, 5000);
    for (unsigned i = 0; i < 100; i++) {
        ANT_TRACE(note, .task = 0);
        script_pass(10);
    }
    script_end();
    ant_model *model = story_open(script_path());
    assert_int_equal(model_t_ns(model, 0), 5000000);
    assert_true(model_x(model, MODEL_AXIS_TIME, 0) == 0);
    assert_true(model_x_of_time(model, 5010000) == 10000);
    assert_int_equal(model_time_of_x(model, 0), 5000000);
    assert_int_equal(model_time_of_x(model, 10000), 5010000);
    story_close(model);
}

static void moments_find_their_events(void **state)
{
    (void)state;
    ant_model *model = open_bursts();
    for (uint32_t i = 0; i < model->event_count; i++) {
        uint32_t at = model_event_before(model, model_t_ns(model, i));
        assert_true(at >= i);
        assert_int_equal(model_t_ns(model, at), model_t_ns(model, i));
        assert_true(model_event_after(model, model_t_ns(model, i)) <= i);
        double x = model_x(model, MODEL_AXIS_TIME, i);
        assert_int_equal(
            model_t_ns(model, model_event_at(model, MODEL_AXIS_TIME, x)),
            model_t_ns(model, i));
    }
    assert_int_equal(model_event_after(model, UINT64_MAX), model->event_count);
    assert_int_equal(model_event_before(model, UINT64_MAX),
                     model->event_count - 1);
    story_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_and_details_are_no_steps),
        cmocka_unit_test(a_step_is_one_unit_wide),
        cmocka_unit_test(silence_is_squeezed),
        cmocka_unit_test(time_and_axis_lead_back_to_each_other),
        cmocka_unit_test(even_spacing_is_not_squeezed),
        cmocka_unit_test(steps_have_a_width_where_time_stands_still),
        cmocka_unit_test(the_axis_begins_with_the_first_event),
        cmocka_unit_test(moments_find_their_events),
    };
    return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
