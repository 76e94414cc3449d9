// SPDX-License-Identifier: MIT
//
// Moving through a trace, without a clock and without a window.

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "replay/replay.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static ant_model *model;
static ant_replay replay;

static void begin(const char *path)
{
    model = story_open(path);
    assert_int_equal(replay_init(&replay, model), 0);
}

static void end(void)
{
    replay_deinit(&replay);
    story_close(model);
}

static void begins_at_the_start_with_everything_visible(void **state)
{
    (void)state;
    begin(script_story_mutex());
    assert_int_equal(replay.event, model_step_event(model, 0));
    assert_true(replay.x0 == 0);
    assert_true(replay.x1 == model_axis_end(model, MODEL_AXIS_STEP));
    assert_false(replay.is_playing);
    end();
}

static void steps_on_and_back_over_every_column(void **state)
{
    (void)state;
    begin(script_story_mutex());
    replay_seek_start(&replay);
    for (uint32_t step = 1; step < model->step_count; step++) {
        assert_true(replay_step(&replay, 1));
        assert_int_equal(replay.event, model_step_event(model, step));
        assert_int_equal(replay.world.event, replay.event);
    }
    assert_false(replay_step(&replay, 1));
    for (uint32_t step = model->step_count - 1; step-- > 0;) {
        assert_true(replay_step(&replay, -1));
        assert_int_equal(replay.event, model_step_event(model, step));
    }
    assert_false(replay_step(&replay, -1));
    end();
}

static void follows_the_selected_task(void **state)
{
    (void)state;
    begin(script_story_mutex());
    replay_select(&replay, REPLAY_TASK, 3);
    assert_true(replay_step_selected(&replay, 1));
    assert_int_equal(model->kind[replay.event], ANT_EV_task_spawn);
    unsigned count = 1;
    while (replay_step_selected(&replay, 1))
        count++;
    assert_int_equal(model->kind[replay.event], ANT_EV_task_end);
    assert_int_equal(count, model->tasks[3].events.count);
    while (replay_step_selected(&replay, -1))
        count--;
    assert_int_equal(count, 1);
    end();
}

static void follows_a_selected_lock_and_future(void **state)
{
    (void)state;
    begin(script_story_mutex());
    replay_select(&replay, REPLAY_RES, 1);
    replay_seek_start(&replay);
    assert_true(replay_step_selected(&replay, 1));
    assert_int_equal(model->kind[replay.event], ANT_EV_res_new);
    assert_true(replay_step_selected(&replay, 1));
    assert_int_equal(model->kind[replay.event], ANT_EV_acquire);
    end();

    begin(script_story_join());
    replay_select(&replay, REPLAY_FUTURE, 3);
    assert_true(replay_step_selected(&replay, 1));
    assert_int_equal(model->kind[replay.event], ANT_EV_future_start);
    assert_true(replay_step_selected(&replay, 1));
    assert_int_equal(model->kind[replay.event], ANT_EV_future_result);
    assert_true(replay_step_selected(&replay, -1));
    assert_int_equal(model->kind[replay.event], ANT_EV_future_start);
    end();
}

static void goes_along_the_chain_of_wakes(void **state)
{
    (void)state;
    begin(script_story_mutex());
    // The last poll of task 3 was caused by task 2, that one by task 1, and
    // that one by its timer.
    replay_seek_end(&replay);
    replay_select(&replay, REPLAY_TASK, 3);
    assert_true(replay_step_cause(&replay, -1));
    assert_int_equal(replay.event, story_event(model, ANT_EV_wake, 2));
    assert_int_equal(replay_selected_task(&replay), 2);
    assert_true(replay_step_cause(&replay, -1));
    assert_int_equal(replay.event, story_event(model, ANT_EV_wake, 1));
    assert_int_equal(replay_selected_task(&replay), 1);
    assert_true(replay_step_cause(&replay, -1));
    assert_int_equal(replay.event, story_event(model, ANT_EV_wake, 0));

    // And forth again.
    for (uint32_t task = 1; task <= 3; task++) {
        assert_true(replay_step_cause(&replay, 1));
        assert_int_equal(model->kind[replay.event], ANT_EV_poll_begin);
        assert_int_equal(replay_selected_task(&replay), task);
    }
    assert_false(replay_step_cause(&replay, 1));
    end();
}

static void plays_to_the_end_at_its_own_pace(void **state)
{
    (void)state;
    begin(script_story_mutex());
    for (unsigned axis = 0; axis < 2; axis++) {
        replay_axis_set(&replay, (model_axis)axis);
        replay_seek_start(&replay);
        replay_play(&replay, true);
        unsigned frames = 0;
        uint32_t before = replay.event;
        while (replay.is_playing && frames < 100000) {
            assert_true(replay_tick(&replay, 1.0 / 60));
            assert_true(replay.event >= before);
            before = replay.event;
            frames++;
        }
        // A quarter second for each of the 43 steps.
        assert_in_range(frames, 640, 650);
        assert_int_equal(replay_step_now(&replay), model->step_count - 1);
    }
    assert_false(replay_tick(&replay, 1.0 / 60));
    replay_play(&replay, true);
    assert_int_equal(replay_step_now(&replay), 0);
    end();
}

static void faster_is_faster_within_bounds(void **state)
{
    (void)state;
    begin(script_story_mutex());
    assert_string_equal(replay_speed_name(replay.speed), "1x");
    replay_speed_change(&replay, 1);
    assert_string_equal(replay_speed_name(replay.speed), "2x");
    replay_speed_change(&replay, 99);
    assert_string_equal(replay_speed_name(replay.speed), "16x");
    replay_speed_change(&replay, -99);
    assert_string_equal(replay_speed_name(replay.speed), "1/s");
    end();
}

static void the_slowest_speed_is_an_event_a_second(void **state)
{
    (void)state;
    begin(script_story_mutex());
    replay_speed_change(&replay, -99);
    replay_play(&replay, true);
    for (unsigned second = 1; second <= 5; second++) {
        for (unsigned frame = 0; frame < 4; frame++) {
            assert_true(replay_tick(&replay, 0.25) == (frame == 3));
        }
        assert_int_equal(replay_step_now(&replay), second);
    }
    end();
}

static void changing_the_axis_keeps_the_event(void **state)
{
    (void)state;
    begin(script_story_mutex());
    replay_seek_step(&replay, 17);
    uint32_t event = replay.event;
    replay_axis_set(&replay, MODEL_AXIS_TIME);
    assert_int_equal(replay.event, event);
    assert_true(replay.x == model_x(model, MODEL_AXIS_TIME, event));
    assert_true(replay.x0 == 0);
    assert_true(replay.x1 == model_axis_end(model, MODEL_AXIS_TIME));
    replay_axis_set(&replay, MODEL_AXIS_STEP);
    assert_int_equal(replay.event, event);
    end();
}

static void zoom_keeps_its_point_and_stays_inside(void **state)
{
    (void)state;
    begin(script_story_busy(1000));
    double all = model_axis_end(model, MODEL_AXIS_STEP);
    replay_zoom(&replay, 4, all / 2);
    assert_true(replay.x1 - replay.x0 < all / 4 + 1);
    assert_true(replay.x0 + replay.x1 > all - 1);
    replay_pan(&replay, -10 * all);
    assert_true(replay.x0 == 0);
    replay_pan(&replay, 10 * all);
    assert_true(replay.x1 == all);
    for (unsigned i = 0; i < 100; i++)
        replay_zoom(&replay, 2, all);
    assert_true(replay.x1 - replay.x0 >= 3.9);
    for (unsigned i = 0; i < 100; i++)
        replay_zoom(&replay, 0.5, 0);
    assert_true(replay.x0 == 0 && replay.x1 == all);
    end();
}

static void the_cursor_stays_in_sight(void **state)
{
    (void)state;
    begin(script_story_busy(1000));
    replay_view(&replay, 0, 50);
    replay_seek_step(&replay, 400);
    assert_true(replay.x > replay.x0 && replay.x < replay.x1);
    assert_true(replay.x1 - replay.x0 == 50);
    for (unsigned i = 0; i < 300; i++) {
        replay_step(&replay, -1);
        assert_true(replay.x > replay.x0 && replay.x < replay.x1);
    }
    end();
}

static void the_selection_fits_the_view(void **state)
{
    (void)state;
    begin(script_story_steal());
    replay_select(&replay, REPLAY_TASK, 4);
    replay_fit_selection(&replay);
    double first = model_x(model, replay.axis, model->tasks[4].spawn_event);
    double last = model_x(model, replay.axis, model->tasks[4].end_event);
    assert_true(replay.x0 < first && replay.x1 > last);
    assert_true(replay.x1 - replay.x0 < 1.2 * (last - first) + 4);
    replay_select(&replay, REPLAY_NOTHING, 0);
    replay_fit_selection(&replay);
    assert_true(replay.x0 == 0);
    end();
}

static void the_selection_is_centred_and_nothing_is_zoomed(void **state)
{
    (void)state;
    begin(script_story_steal());
    double end_x = model_axis_end(model, replay.axis);
    replay_view(&replay, 0, end_x / 4);
    assert_false(replay_center_selection(&replay));
    replay_select(&replay, REPLAY_EVENT, model->event_count / 2);
    double middle = model_x(model, replay.axis, model->event_count / 2);
    assert_true(replay_center_selection(&replay));
    assert_true(fabs(replay.x1 - replay.x0 - end_x / 4) < 1e-6);
    assert_true(fabs((replay.x0 + replay.x1) / 2 - middle) < 1e-6);
    // It is there now. At an edge of the run nothing can be centred.
    assert_false(replay_center_selection(&replay));
    assert_true(replay_undo(&replay));
    assert_true(replay.x0 == 0);
    replay_select(&replay, REPLAY_EVENT, 0);
    assert_false(replay_center_selection(&replay));
    end();
}

static void undo_and_redo_walk_the_places(void **state)
{
    (void)state;
    begin(script_story_mutex());
    assert_false(replay_undo(&replay));
    replay_seek_step(&replay, 10);
    replay_select(&replay, REPLAY_TASK, 2);
    replay_seek_step(&replay, 20);
    // Many steps in a row are one place.
    for (unsigned i = 0; i < 5; i++)
        replay_step(&replay, 1);

    assert_true(replay_undo(&replay));
    assert_int_equal(replay_step_now(&replay), 20);
    assert_true(replay_undo(&replay));
    assert_int_equal(replay_step_now(&replay), 10);
    assert_int_equal(replay.selection.row, 2);
    assert_true(replay_undo(&replay));
    assert_int_equal(replay.selection.kind, REPLAY_NOTHING);
    assert_true(replay_undo(&replay));
    assert_int_equal(replay_step_now(&replay), 0);
    assert_false(replay_undo(&replay));

    for (unsigned i = 0; i < 4; i++)
        assert_true(replay_redo(&replay));
    assert_int_equal(replay_step_now(&replay), 25);
    assert_int_equal(replay.selection.row, 2);
    assert_false(replay_redo(&replay));

    // A new place ends what could be redone.
    assert_true(replay_undo(&replay));
    replay_seek_step(&replay, 3);
    assert_false(replay_redo(&replay));
    end();
}

static void the_oldest_places_are_forgotten(void **state)
{
    (void)state;
    begin(script_story_busy(1000));
    for (uint32_t i = 1; i <= 3 * REPLAY_HISTORY_MAX; i++) {
        replay_seek_step(&replay, i);
    }
    unsigned count = 0;
    while (replay_undo(&replay))
        count++;
    assert_int_equal(count, REPLAY_HISTORY_MAX - 1);
    assert_int_equal(replay_step_now(&replay), 2 * REPLAY_HISTORY_MAX + 1);
    end();
}

static void an_empty_trace_stands_still(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_NAMES);
    script_end();
    begin(script_path());
    replay_play(&replay, true);
    replay_tick(&replay, 1);
    replay_step(&replay, 1);
    replay_step_selected(&replay, -1);
    replay_step_cause(&replay, -1);
    replay_seek_end(&replay);
    replay_seek_event(&replay, 7);
    replay_seek_time(&replay, 7);
    replay_axis_set(&replay, MODEL_AXIS_TIME);
    replay_seek_time(&replay, 7);
    replay_fit_selection(&replay);
    assert_int_equal(replay.event, 0);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(begins_at_the_start_with_everything_visible),
        cmocka_unit_test(steps_on_and_back_over_every_column),
        cmocka_unit_test(follows_the_selected_task),
        cmocka_unit_test(follows_a_selected_lock_and_future),
        cmocka_unit_test(goes_along_the_chain_of_wakes),
        cmocka_unit_test(plays_to_the_end_at_its_own_pace),
        cmocka_unit_test(faster_is_faster_within_bounds),
        cmocka_unit_test(the_slowest_speed_is_an_event_a_second),
        cmocka_unit_test(changing_the_axis_keeps_the_event),
        cmocka_unit_test(zoom_keeps_its_point_and_stays_inside),
        cmocka_unit_test(the_cursor_stays_in_sight),
        cmocka_unit_test(the_selection_fits_the_view),
        cmocka_unit_test(the_selection_is_centred_and_nothing_is_zoomed),
        cmocka_unit_test(undo_and_redo_walk_the_places),
        cmocka_unit_test(the_oldest_places_are_forgotten),
        cmocka_unit_test(an_empty_trace_stands_still),
    };
    return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
