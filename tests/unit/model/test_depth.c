// SPDX-License-Identifier: MIT
//
// Tests of model/depth: it says of every stretch what stepping through it would
// show.

#include "model/depth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/snapshot.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static uint32_t len_of(const ant_snapshot *world, uint32_t lane)
{
    if (lane == MODEL_DEPTH_INJECT) return world->inject.len;
    return world->lanes[lane].local.len + (world->lanes[lane].lifo != 0);
}

// Compares every stretch of `width` events with the world itself.
static void compare(const ant_model *model, uint32_t lane, uint32_t width)
{
    ant_snapshot world;
    assert_int_equal(model_snapshot_init(&world, model), 0);
    for (uint32_t first = 0; first < model->event_count; first += width) {
        uint32_t last = first + width - 1;
        uint32_t most = 0;
        for (uint32_t i = first; i <= last && i < model->event_count; i++) {
            model_snapshot_at(&world, i);
            if (len_of(&world, lane) > most) most = len_of(&world, lane);
        }
        assert_int_equal(model_depth_max(model, lane, first, last), most);
    }
    model_snapshot_deinit(&world);
}

static void compare_all(const char *path)
{
    ant_model *model = story_open(path);
    static const uint32_t width[] = { 1, 7, 500, 100000 };
    for (uint32_t lane = 0; lane < model->lane_count; lane++) {
        for (unsigned i = 0; i < ANT_ARRAY_LEN(width); i++) {
            compare(model, lane, width[i]);
        }
    }
    story_close(model);
}

static void is_what_the_world_shows_when_tasks_are_stolen(void **state)
{
    (void)state;
    compare_all(script_story_steal());
}

static void is_what_the_world_shows_over_many_blocks(void **state)
{
    (void)state;
    compare_all(script_story_busy(3000));
}

static void sees_the_peak(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_steal());
    uint32_t most = 0;
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        uint32_t len = model_depth_max(model, lane, 0, model->event_count);
        if (len > most) most = len;
    }
    assert_true(most >= 5);
    story_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_what_the_world_shows_when_tasks_are_stolen),
        cmocka_unit_test(is_what_the_world_shows_over_many_blocks),
        cmocka_unit_test(sees_the_peak),
    };
    return cmocka_run_group_tests_name("depth", tests, NULL, NULL);
}
