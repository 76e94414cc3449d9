// SPDX-License-Identifier: MIT
//
// Tests of view/stage: that every card has a place of its own, inside the
// picture, that places never move, and that who stands where is true.

#include "view/stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/trace_script.h"
#include "support/trace_story.h"

static ant_model *model;
static ant_snapshot world;
static stage_plan plan;
static stage_layout layout;

static stage_size size_of(int w, int h)
{
    return (stage_size){ .rect = { 8, 40, w, h },
                         .font = 16,
                         .unit = 8,
                         .caption = 18,
                         .name_w = 90,
                         .lane_w = 80,
                         .has_lifo = true,
                         .has_inject = true,
                         .has_deferred = true,
                         .has_blocking = true };
}

static void open_at(const char *path, int w, int h)
{
    model = story_open(path);
    assert_int_equal(model_snapshot_init(&world, model), 0);
    assert_int_equal(view_stage_layout_init(&layout, model), 0);
    stage_size size = size_of(w, h);
    view_stage_plan_make(&plan, model, &size);
}

static void open_story(const char *path)
{
    open_at(path, 760, 470);
}

static void done(void)
{
    view_stage_layout_deinit(&layout);
    model_snapshot_deinit(&world);
    story_close(model);
}

static void go(uint32_t event, uint32_t selected)
{
    model_snapshot_at(&world, event);
    view_stage_place(&plan, &world, selected, &layout);
}

static const stage_zone *zone_of(uint32_t task)
{
    const stage_card *card = view_stage_card_of(&layout, task);
    assert_non_null(card);
    return &plan.zone[card->zone];
}

static bool is_inside(draw_rect a, draw_rect b)
{
    return a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w &&
           a.y + a.h <= b.y + b.h;
}

static bool is_apart(draw_rect a, draw_rect b)
{
    draw_rect both = draw_intersect(a, b);
    return both.w == 0 || both.h == 0;
}

static void assert_cards_apart(void)
{
    for (unsigned i = 0; i < layout.card_count; i++) {
        const stage_card *card = &layout.card[i];
        assert_true(card->rect.w > 0 && card->rect.h > 0);
        assert_true(is_inside(card->rect, plan.size.rect));
        assert_true(is_inside(card->rect, plan.zone[card->zone].slots));
        for (unsigned k = 0; k < i; k++)
            assert_true(is_apart(card->rect, layout.card[k].rect));
    }
}

// A zone that is part of another one's band overlaps that one only.
static void assert_slots_apart(void)
{
    for (unsigned i = 0; i < plan.zone_count; i++) {
        const stage_zone *zone = &plan.zone[i];
        assert_true(is_inside(zone->slots, plan.size.rect));
        bool has_label = zone->label.w > 0;
        assert_true(!has_label || is_inside(zone->label, plan.size.rect));
        assert_true(zone->columns > 0 && zone->rows > 0);
        for (unsigned k = 0; k < i; k++) {
            assert_true(is_apart(zone->slots, plan.zone[k].slots));
            assert_true(is_apart(zone->slots, plan.zone[k].label));
            assert_true(is_apart(zone->label, plan.zone[k].label));
        }
    }
}

// --- Places ----------------------------------------------------------------

static void cards_stand_apart_at_every_step_and_size(void **state)
{
    (void)state;
    static const int size[][2] = {
        { 480, 300 }, { 760, 470 }, { 1264, 560 }, { 1900, 900 }
    };
    const char *(*const story[])(
        void) = { script_story_join, script_story_mutex, script_story_steal,
                  script_story_deadlock };
    for (unsigned s = 0; s < ANT_ARRAY_LEN(story); s++) {
        for (unsigned i = 0; i < ANT_ARRAY_LEN(size); i++) {
            open_at(story[s](), size[i][0], size[i][1]);
            assert_slots_apart();
            for (uint32_t step = 0; step < model->step_count; step++) {
                go(model_step_event(model, step), step % 3);
                assert_cards_apart();
            }
            done();
        }
    }
}

static void every_task_that_was_spawned_has_a_card(void **state)
{
    (void)state;
    open_story(script_story_steal());
    for (uint32_t step = 0; step < model->step_count; step++) {
        uint32_t event = model_step_event(model, step);
        go(event, 0);
        uint32_t shown = 0;
        for (unsigned i = 0; i < layout.card_count; i++) {
            if (!layout.card[i].is_echo) shown += layout.card[i].count;
        }
        uint32_t alive = 0;
        for (uint32_t t = 1; t < model->task_count; t++)
            alive += world.tasks[t].state != MODEL_TASK_NONE;
        assert_int_equal(shown, alive);
    }
    done();
}

static void the_same_moment_gives_the_same_layout(void **state)
{
    (void)state;
    open_story(script_story_mutex());
    static stage_layout other;
    assert_int_equal(view_stage_layout_init(&other, model), 0);
    uint32_t middle = model->event_count / 2;
    go(middle, 1);
    view_stage_layout_copy(&other, &layout);
    go(model->event_count - 1, 0);
    go(middle, 1);
    assert_int_equal(other.card_count, layout.card_count);
    for (unsigned i = 0; i < layout.card_count; i++) {
        assert_memory_equal(&other.card[i].rect, &layout.card[i].rect,
                            sizeof(draw_rect));
        assert_int_equal(other.card[i].task, layout.card[i].task);
    }
    view_stage_layout_deinit(&other);
    done();
}

// --- Who stands where ------------------------------------------------------

static void who_is_polled_stands_with_its_worker(void **state)
{
    (void)state;
    open_story(script_story_mutex());
    uint32_t event = story_event(model, ANT_EV_poll_begin, 0);
    go(event, 0);
    const stage_zone *zone = zone_of(model->task[event]);
    assert_int_equal(zone->kind, STAGE_RUN);
    assert_int_equal(zone->row, model->lane[event]);
    done();
}

static void who_waits_for_a_lock_stands_in_its_line(void **state)
{
    (void)state;
    open_story(script_story_deadlock());
    go(model->event_count - 1, 0);
    for (uint32_t task = 1; task <= 2; task++) {
        const stage_zone *zone = zone_of(task);
        const model_wait *wait =
            &model->waits[view_stage_card_of(&layout, task)->wait];
        assert_int_equal(zone->kind, STAGE_RES);
        assert_int_equal(zone->row, wait->res);
    }
    done();
}

static void who_sleeps_stands_at_the_timers_the_earliest_first(void **state)
{
    (void)state;
    open_story(script_story_join());
    uint32_t armed = story_event(model, ANT_EV_timer_arm, 2);
    uint32_t step = model_step_of(model, armed);
    while (world.tasks[1].state != MODEL_TASK_WAIT_TIMER)
        go(model_step_event(model, step++), 0);
    assert_int_equal(zone_of(1)->kind, STAGE_TIMERS);
    // Its other timers are echoes in the same line.
    uint64_t last_ns = 0;
    unsigned timers = 0;
    for (unsigned i = 0; i < layout.card_count; i++) {
        const model_wait *wait = &model->waits[layout.card[i].wait];
        if (layout.card[i].wait == 0) continue;
        assert_int_equal(layout.card[i].is_echo, timers > 0);
        assert_true(wait->deadline_ns >= last_ns);
        last_ns = wait->deadline_ns;
        timers++;
    }
    assert_int_equal(timers, 3);
    done();
}

static void a_stolen_task_changes_queue(void **state)
{
    (void)state;
    open_story(script_story_steal());
    uint32_t event = story_event(model, ANT_EV_steal_task, 1);
    uint32_t task = model_subject(model, event);
    go(story_event(model, ANT_EV_steal, 0) - 1, task);
    const stage_zone *before = zone_of(task);
    go(event, task);
    assert_int_equal(before->kind, STAGE_LOCAL);
    assert_int_equal(zone_of(task)->kind, STAGE_LOCAL);
    assert_true(zone_of(task)->row != before->row);
    done();
}

static void who_ended_is_over(void **state)
{
    (void)state;
    open_story(script_story_mutex());
    go(model->event_count - 1, 0);
    assert_int_equal(zone_of(1)->kind, STAGE_DONE);
    done();
}

// --- Many ------------------------------------------------------------------

// `count` tasks in the queue of worker 0, the even ones of another type.
static void crowd(uint32_t count)
{
    script_begin(ANT_LEVEL_FULL);
    script_on(0);
    for (uint32_t task = 1; task <= count; task++) {
        script_spawn(task, 0, task % 2 == 0 ? "even" : "odd", 1);
        script_push(task, ANT_QUEUE_LOCAL);
    }
    script_end();
}

static uint32_t largest_pile(void)
{
    uint32_t largest = 0;
    for (unsigned i = 0; i < layout.card_count; i++) {
        if (layout.card[i].count > largest) largest = layout.card[i].count;
    }
    return largest;
}

static void tasks_that_do_not_fit_share_a_card_with_their_number(void **state)
{
    (void)state;
    crowd(SCRIPT_TASK_MAX - 1);
    open_story(script_path());
    go(model->event_count - 1, 0);
    assert_cards_apart();
    uint32_t shown = 0;
    for (unsigned i = 0; i < layout.card_count; i++)
        shown += layout.card[i].count;
    assert_int_equal(shown, SCRIPT_TASK_MAX - 1);
    assert_true(largest_pile() > 20);
    // Those in front of the line keep their names.
    assert_int_equal(view_stage_card_of(&layout, 1)->count, 1);
    assert_int_equal(view_stage_card_of(&layout, 1)->task, 1);
    done();
}

static void the_selected_task_always_has_a_card_of_its_own(void **state)
{
    (void)state;
    crowd(SCRIPT_TASK_MAX - 1);
    open_story(script_path());
    for (uint32_t task = 1; task < SCRIPT_TASK_MAX; task += 5) {
        go(model->event_count - 1, task);
        assert_cards_apart();
        assert_int_equal(view_stage_card_of(&layout, task)->count, 1);
        assert_int_equal(view_stage_card_of(&layout, task)->task, task);
    }
    done();
}

static void
a_picture_too_small_for_all_workers_has_a_place_for_the_rest(void **state)
{
    (void)state;
    open_at(script_story_steal(), 480, 150);
    assert_true(plan.lane_count < SCRIPT_WORKERS);
    assert_true(plan.first[STAGE_CROWD] != STAGE_NONE);
    for (uint32_t step = 0; step < model->step_count; step++) {
        go(model_step_event(model, step), 0);
        assert_cards_apart();
    }
    done();
}

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(cards_stand_apart_at_every_step_and_size),
        TEST(every_task_that_was_spawned_has_a_card),
        TEST(the_same_moment_gives_the_same_layout),
        TEST(who_is_polled_stands_with_its_worker),
        TEST(who_waits_for_a_lock_stands_in_its_line),
        TEST(who_sleeps_stands_at_the_timers_the_earliest_first),
        TEST(a_stolen_task_changes_queue),
        TEST(who_ended_is_over),
        TEST(tasks_that_do_not_fit_share_a_card_with_their_number),
        TEST(the_selected_task_always_has_a_card_of_its_own),
        TEST(a_picture_too_small_for_all_workers_has_a_place_for_the_rest),
    };
    return cmocka_run_group_tests_name("stage", tests, NULL, NULL);
}
