// SPDX-License-Identifier: MIT
//
// The world at one moment, and moving through moments.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "model/snapshot.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static ant_snapshot world_at(const ant_model *model, uint32_t event)
{
    ant_snapshot world;
    assert_int_equal(model_snapshot_init(&world, model), 0);
    model_snapshot_at(&world, event);
    return world;
}

// A run queue as text: "2 3 4".
static const char *queue_text(const ant_snapshot *world,
                              const model_queue *queue)
{
    static char text[128];
    size_t len = 0;
    uint32_t count = 0;
    text[0] = '\0';
    for (uint32_t task = queue->first; task != 0;
         task = world->tasks[task].queued.next) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%s%u",
                                len > 0 ? " " : "", task);
        count++;
    }
    assert_int_equal(count, queue->len);
    return text;
}

static void a_steal_moves_tasks_at_once(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_steal());
    uint32_t steal = story_event(model, ANT_EV_steal, 0);
    uint32_t owner = model_lane_row(model, script_lane(0));
    uint32_t thief = model_lane_row(model, script_lane(1));

    ant_snapshot world = world_at(model, steal - 1);
    assert_string_equal(queue_text(&world, &world.lanes[owner].local),
                        "2 3 4 5 6");
    assert_int_equal(world.lanes[owner].lifo, 7);
    assert_int_equal(world.lanes[owner].task, 1);
    model_snapshot_at(&world, steal);
    assert_string_equal(queue_text(&world, &world.lanes[owner].local), "5 6");
    assert_string_equal(queue_text(&world, &world.lanes[thief].local), "2 3 4");
    model_snapshot_at(&world, steal + 3);
    assert_string_equal(queue_text(&world, &world.lanes[thief].local), "2 3 4");
    assert_int_equal(world.tasks[3].lane, thief);
    model_snapshot_deinit(&world);
    story_close(model);
}

static void overflow_takes_the_newest_half(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    for (uint32_t task = 1; task <= 5; task++) {
        script_spawn(task, 0, "ant", 1);
        script_push(task, ANT_QUEUE_LOCAL);
    }
    ANT_TRACE(overflow, .count = 3);
    script_on(1);
    ANT_TRACE(inject_pop, .count = 2, .left = 1);
    script_end();

    ant_model *model = story_open(script_path());
    uint32_t overflow = story_event(model, ANT_EV_overflow, 0);
    uint32_t owner = model_lane_row(model, script_lane(0));
    uint32_t other = model_lane_row(model, script_lane(1));
    ant_snapshot world = world_at(model, overflow);
    assert_string_equal(queue_text(&world, &world.lanes[owner].local), "1 2");
    assert_string_equal(queue_text(&world, &world.inject), "3 4 5");
    model_snapshot_at(&world, model->event_count);
    assert_string_equal(queue_text(&world, &world.inject), "5");
    assert_string_equal(queue_text(&world, &world.lanes[other].local), "3 4");
    model_snapshot_deinit(&world);
    story_close(model);
}

// Some of a hold, then the rest of it with the whole of an older one.
static void permits_are_given_back_in_parts(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "ant", 1);
    ANT_TRACE(res_new, .res = 1, .kind = ANT_RES_SEMAPHORE, .capacity = 9);
    ANT_TRACE(acquire, .res = 1, .task = 1, .amount = 1);
    ANT_TRACE(acquire, .res = 1, .task = 1, .amount = 3);
    ANT_TRACE(release, .res = 1, .task = 1, .amount = 2);
    ANT_TRACE(release, .res = 1, .task = 1, .amount = 2);
    script_end();

    ant_model *model = story_open(script_path());
    uint32_t second = story_event(model, ANT_EV_release, 1);
    ant_snapshot world = world_at(model, second - 1);
    assert_int_equal(world.res[1].held, 2);
    assert_int_equal(world.res[1].holds.len, 2);
    model_snapshot_at(&world, second);
    assert_int_equal(world.res[1].held, 0);
    assert_int_equal(world.res[1].holds.len, 0);
    assert_int_equal(world.tasks[1].holds.len, 0);
    model_snapshot_deinit(&world);
    story_close(model);
}

static void waiters_stand_in_the_order_they_came(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    uint32_t last = story_event(model, ANT_EV_wait_begin, 1);
    ant_snapshot world = world_at(model, last);
    const model_now_res *res = &world.res[1];
    assert_true(res->is_alive);
    assert_int_equal(res->waits.len, 2);
    assert_int_equal(res->holds.len, 1);
    assert_int_equal(model->holds[res->holds.first].task, 1);
    assert_int_equal(world.tasks[1].holds.first, res->holds.first);
    uint32_t first = res->waits.first;
    assert_int_equal(model->waits[first].task, 2);
    assert_int_equal(model->waits[world.waits[first].of_res.next].task, 3);

    model_snapshot_at(&world, model->event_count);
    assert_int_equal(res->waits.len, 0);
    assert_int_equal(res->holds.len, 0);
    assert_int_equal(res->held, 0);
    model_snapshot_deinit(&world);
    story_close(model);
}

static void timers_stand_in_the_order_of_their_deadlines(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_join());
    ant_snapshot world =
        world_at(model, story_event(model, ANT_EV_timer_arm, 2));
    static const uint64_t deadline_us[] = { 10000, 20000, 30000 };
    uint32_t wait = 0;
    assert_int_equal(world.timer_count, 3);
    for (unsigned i = 0; i < 3; i++) {
        wait = model_snapshot_timer_next(&world, wait);
        assert_int_equal(model->waits[wait].deadline_ns, deadline_us[i] * 1000);
    }
    assert_int_equal(model_snapshot_timer_next(&world, wait), 0);

    model_snapshot_at(&world, story_event(model, ANT_EV_timer_fire, 0));
    wait = model_snapshot_timer_next(&world, 0);
    assert_int_equal(model->waits[wait].deadline_ns, 20000000);
    model_snapshot_deinit(&world);
    story_close(model);
}

static void a_timer_armed_again_has_moved(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "ticker", 1);
    script_sleep(4, 1, 10);
    script_sleep(4, 1, 50);
    script_at(50);
    script_fire(4, 1);
    script_end();
    ant_model *model = story_open(script_path());
    ant_snapshot world =
        world_at(model, story_event(model, ANT_EV_timer_arm, 1));
    assert_int_equal(world.timer_count, 1);
    assert_int_equal(world.tasks[1].waits.len, 1);
    assert_int_equal(
        model->waits[model_snapshot_timer_next(&world, 0)].deadline_ns, 50000);
    model_snapshot_at(&world, model->event_count);
    assert_int_equal(world.timer_count, 0);
    model_snapshot_deinit(&world);
    story_close(model);
}

static void the_most_telling_wait_comes_first(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_MPSC, "jobs", 1);
    script_res(2, ANT_RES_MUTEX, "db", 2);
    script_spawn(1, 0, "select", 1);
    script_poll(1, ANT_QUEUE_INJECT);
    script_sleep(1, 1, 100);
    script_wait(1, 1, 1);
    script_wait(2, 1, 1);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_end();
    ant_model *model = story_open(script_path());
    ant_snapshot world = world_at(model, model->event_count);
    uint32_t waits[3];
    assert_int_equal(world.tasks[1].state, MODEL_TASK_WAIT_LOCK);
    assert_int_equal(model_snapshot_waits(&world, 1, waits, 3), 3);
    assert_int_equal(model->waits[waits[0]].res, 2);
    assert_int_equal(model->waits[waits[1]].res, 1);
    assert_int_equal(model->waits[waits[2]].kind, MODEL_WAIT_TIMER);
    assert_int_equal(model_snapshot_waits(&world, 1, waits, 1), 3);
    assert_int_equal(model->waits[waits[0]].res, 2);
    model_snapshot_deinit(&world);
    story_close(model);
}

static bool is_same_world(const ant_snapshot *a, const ant_snapshot *b)
{
    const ant_model *model = a->model;
    return a->event == b->event && a->t_ns == b->t_ns &&
           a->timer_count == b->timer_count &&
           memcmp(a->tasks, b->tasks, model->task_count * sizeof *a->tasks) ==
               0 &&
           memcmp(a->lanes, b->lanes, model->lane_count * sizeof *a->lanes) ==
               0;
}

static void a_jump_arrives_where_walking_does(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_busy(8000));
    ant_snapshot walker = world_at(model, 0);
    ant_snapshot jumper = world_at(model, 0);
    assert_true(model->event_count > 30000);
    for (uint32_t event = 0; event < model->event_count; event += 997) {
        model_snapshot_at(&walker, event);
        model_snapshot_at(&jumper, model->event_count - 1 - event);
        model_snapshot_at(&jumper, event);
        assert_true(is_same_world(&walker, &jumper));
    }
    model_snapshot_deinit(&walker);
    model_snapshot_deinit(&jumper);
    story_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_steal_moves_tasks_at_once),
        cmocka_unit_test(overflow_takes_the_newest_half),
        cmocka_unit_test(permits_are_given_back_in_parts),
        cmocka_unit_test(waiters_stand_in_the_order_they_came),
        cmocka_unit_test(timers_stand_in_the_order_of_their_deadlines),
        cmocka_unit_test(a_timer_armed_again_has_moved),
        cmocka_unit_test(the_most_telling_wait_comes_first),
        cmocka_unit_test(a_jump_arrives_where_walking_does),
    };
    return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
