// SPDX-License-Identifier: MIT
//
// What is left of a row of spans at some zoom.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/track.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

#define PX 1900

static model_mark marks[PX + 2];

static void wide_spans_are_drawn_one_by_one(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    model_track track = model_track_of(model, MODEL_TRACK_TASK, 2);
    model_window window = { .axis = MODEL_AXIS_STEP,
                            .x1 = model_axis_end(model, MODEL_AXIS_STEP),
                            .px = 1000 };
    uint32_t count = model_marks(model, &track, &window, marks, PX);
    assert_int_equal(count, track.count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(marks[i].first, i);
        assert_int_equal(marks[i].count, 1);
        assert_int_equal(marks[i].state, track.spans[i].state);
    }
    story_close(model);
}

// Marks cover the window from edge to edge, in order, and every span once.
static void check_marks(const model_track *track, uint32_t count,
                        const model_window *window, bool is_all)
{
    uint32_t next = marks[0].first;
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(marks[i].first, next);
        assert_true(marks[i].count > 0);
        assert_true(marks[i].px0 <= marks[i].px1);
        assert_true(marks[i].px0 >= -1 && marks[i].px1 <= window->px + 1);
        if (i > 0) assert_true(marks[i].px0 >= marks[i - 1].px1 - 1e-6);
        next += marks[i].count;
    }
    if (is_all) {
        assert_int_equal(marks[0].first, 0);
        assert_int_equal(next, track->count);
    }
}

static void narrow_spans_become_strips(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_busy(64000));
    for (unsigned axis = 0; axis < 2; axis++) {
        model_track track = model_track_of(model, MODEL_TRACK_TASK, 3);
        model_window window = { .axis = (model_axis)axis, .px = PX };
        window.x1 = model_axis_end(model, window.axis);
        assert_true(track.count > 8000);
        uint32_t count = model_marks(model, &track, &window, marks, PX + 2);
        assert_in_range(count, PX / 10, PX);
        check_marks(&track, count, &window, true);
        assert_true(marks[count / 2].count > 1);
    }
    story_close(model);
}

static void a_part_shows_only_what_is_in_it(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_busy(64000));
    model_track track = model_track_of(model, MODEL_TRACK_TASK, 3);
    double end = model_axis_end(model, MODEL_AXIS_STEP);
    for (double width = end / 2; width > 10; width /= 3) {
        model_window window = { .axis = MODEL_AXIS_STEP,
                                .x0 = end / 2,
                                .x1 = end / 2 + width,
                                .px = PX };
        uint32_t count = model_marks(model, &track, &window, marks, PX + 2);
        check_marks(&track, count, &window, false);
        assert_true(count > 0);
        assert_true(marks[0].px0 <= 0);
        assert_true(marks[count - 1].px1 >= PX - 1);
    }
    story_close(model);
}

static void a_strip_has_the_state_that_lasts_longest(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "ant", 1);
    for (unsigned i = 0; i < 5000; i++) {
        script_poll(1, ANT_QUEUE_LOCAL);
        script_pass(2);
        script_poll_end(1, ANT_RESULT_PENDING);
        script_sleep(i + 1, 1, 30);
        script_pass(30);
        script_fire(i + 1, 1);
        script_wake(1, ANT_VIA_TIMER, i + 1);
        script_pass(1);
    }
    script_end();
    ant_model *model = story_open(script_path());
    model_track track = model_track_of(model, MODEL_TRACK_TASK, 1);
    model_window window = { .axis = MODEL_AXIS_TIME,
                            .x1 = model_axis_end(model, MODEL_AXIS_TIME),
                            .px = 300 };
    uint32_t count = model_marks(model, &track, &window, marks, PX);
    assert_in_range(count, 90, 110);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(marks[i].state, MODEL_TASK_WAIT_TIMER);
    }
    story_close(model);
}

static void nothing_is_written_beyond_the_end(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_busy(1000));
    model_track track = model_track_of(model, MODEL_TRACK_TASK, 1);
    model_window window = { .axis = MODEL_AXIS_STEP, .x1 = 500, .px = PX };
    marks[3].count = 12345;
    assert_int_equal(model_marks(model, &track, &window, marks, 3), 3);
    assert_int_equal(marks[3].count, 12345);
    window.x1 = 0;
    assert_int_equal(model_marks(model, &track, &window, marks, 3), 0);
    story_close(model);
}

static void activity_is_the_share_of_polling_workers(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "ant", 1);
    script_at(100);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_at(200);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_at(400);
    ANT_TRACE(note, .task = 1);
    script_on(1);
    script_end();
    ant_model *model = story_open(script_path());
    float share[4];
    model_activity(model, MODEL_AXIS_TIME, share, 4);
    assert_true(share[0] < 0.01F);
    assert_true(share[1] > 0.49F && share[1] < 0.51F);
    assert_true(share[2] < 0.01F && share[3] < 0.01F);
    story_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wide_spans_are_drawn_one_by_one),
        cmocka_unit_test(narrow_spans_become_strips),
        cmocka_unit_test(a_part_shows_only_what_is_in_it),
        cmocka_unit_test(a_strip_has_the_state_that_lasts_longest),
        cmocka_unit_test(nothing_is_written_beyond_the_end),
        cmocka_unit_test(activity_is_the_share_of_polling_workers),
    };
    return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
