// SPDX-License-Identifier: MIT
//
// What the tables say about traces whose story is known.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static void tasks_go_through_their_states(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    assert_int_equal(model->task_count, 4);
    assert_string_equal(story_states(model, MODEL_TRACK_TASK, 1), "nPtrP");
    assert_string_equal(story_states(model, MODEL_TRACK_TASK, 2), "nPLrP");
    assert_string_equal(story_states(model, MODEL_TRACK_TASK, 3), "nPLrP");
    assert_string_equal(model->tasks[1].name, "writer");
    assert_string_equal(model->tasks[1].file, "script.c");
    assert_int_equal(model->tasks[1].line, 21);
    assert_int_equal(model->tasks[1].outcome, ANT_RESULT_READY);
    assert_int_equal(model->tasks[1].poll_count, 2);
    assert_int_equal(model->tasks[1].poll_ns, 5000);
    assert_int_equal(model->tasks[1].poll_max_ns, 3000);
    story_close(model);
}

static void spans_follow_each_other_without_a_hole(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_busy(3000));
    for (uint32_t task = 1; task < model->task_count; task++) {
        model_track track = model_track_of(model, MODEL_TRACK_TASK, task);
        assert_true(track.count > 100);
        assert_int_equal(track.spans[0].from, model->tasks[task].spawn_event);
        for (uint32_t i = 1; i < track.count; i++) {
            assert_int_equal(track.spans[i - 1].to, track.spans[i].from);
        }
        assert_int_equal(track.spans[track.count - 1].to, model->event_count);
    }
    story_close(model);
}

static void lanes_poll_search_and_park(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_steal());
    uint32_t thief = model_lane_row(model, script_lane(1));
    assert_int_equal(model->worker_count, 2);
    assert_int_equal(model->lanes[thief].steal_count, 1);
    assert_int_equal(model->lanes[thief].poll_count, 3);
    assert_string_equal(story_states(model, MODEL_TRACK_LANE, thief),
                        "_s_P_P_P_z");
    model_track track = model_track_of(model, MODEL_TRACK_LANE, thief);
    assert_int_equal(track.spans[3].task, 2);
    story_close(model);
}

static void a_lock_is_held_by_one_after_the_other(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    model_track track = model_track_of(model, MODEL_TRACK_RES, 1);
    assert_int_equal(track.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(track.spans[i].task, i + 1);
        assert_int_equal(track.spans[i].count, 1);
    }
    assert_int_equal(model->res[1].waiter_max, 2);
    assert_int_equal(model->res[1].held_ns, 10009000);
    assert_int_equal(model->hold_count, 4);
    story_close(model);
}

static void waits_are_paired_with_their_ends(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    uint32_t begin = story_event(model, ANT_EV_wait_begin, 0);
    uint32_t end = story_event(model, ANT_EV_wait_end, 0);
    assert_int_equal(model_link_of(model, begin), end);
    assert_int_equal(model_link_of(model, end), begin);
    const model_wait *wait = &model->waits[model_wait_of(model, begin)];
    assert_int_equal(wait->task, 2);
    assert_int_equal(wait->res, 1);
    assert_int_equal(wait->why, ANT_WAIT_GRANTED);
    assert_int_equal(wait->state, MODEL_TASK_WAIT_LOCK);

    uint32_t arm = story_event(model, ANT_EV_timer_arm, 0);
    uint32_t fire = story_event(model, ANT_EV_timer_fire, 0);
    assert_int_equal(model_link_of(model, arm), fire);
    uint32_t take = story_event(model, ANT_EV_acquire, 1);
    uint32_t give = story_event(model, ANT_EV_release, 1);
    assert_int_equal(model_link_of(model, take), give);
    assert_int_equal(model_link_of(model, give), take);
    story_close(model);
}

static void a_poll_knows_its_wake_and_a_wake_its_poll(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    uint32_t wake = story_event(model, ANT_EV_wake, 1);
    uint32_t poll = model_poll_of_wake(model, wake);
    assert_int_equal(model->kind[poll], ANT_EV_poll_begin);
    assert_int_equal(model_subject(model, poll), 2);
    assert_int_equal(model_wake_of_poll(model, poll), wake);
    assert_int_equal(model_wake_of_poll(model, model_link_of(model, poll)),
                     wake);

    model_waker waker;
    model_waker_of(model, wake, &waker);
    assert_int_equal(waker.task, 1);
    assert_int_equal(waker.via, ANT_VIA_LOCK);
    assert_int_equal(waker.res, 1);

    // The other way: what the poll of task 1 woke.
    uint32_t cause = model_poll_around(model, wake);
    assert_int_equal(model_subject(model, cause), 1);
    assert_int_equal(model_next_wake_by_poll(model, cause, cause), wake);
    assert_int_equal(model_next_wake_by_poll(model, cause, wake), MODEL_NONE);
    story_close(model);
}

static void a_first_poll_comes_from_the_spawn(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    uint32_t poll = story_event(model, ANT_EV_poll_begin, 0);
    uint32_t spawn = model_wake_of_poll(model, poll);
    assert_int_equal(model->kind[spawn], ANT_EV_task_spawn);
    assert_int_equal(model_poll_of_wake(model, spawn), poll);
    story_close(model);
}

static void a_timer_is_named_as_the_waker(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    model_waker waker;
    model_waker_of(model, story_event(model, ANT_EV_wake, 0), &waker);
    assert_int_equal(waker.via, ANT_VIA_TIMER);
    assert_int_equal(waker.task, 0);
    assert_int_equal(model->waits[waker.wait].kind, MODEL_WAIT_TIMER);
    assert_int_equal(model->waits[waker.wait].task, 1);
    story_close(model);
}

static void futures_stand_under_their_parents(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_join());
    model_range range = model->tasks[1].futures;
    assert_int_equal(range.count, 4);
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t row = model->futures_of_task[range.first + i];
        const model_future *future = &model->futures[row];
        assert_int_equal(row, i + 1);
        assert_int_equal(future->parent, i == 0 ? 0 : 1);
        assert_int_equal(future->depth, i == 0 ? 0 : 1);
        assert_int_equal(future->result, ANT_RESULT_READY);
    }
    assert_string_equal(model->futures[1].name, "all");
    assert_string_equal(model->futures[3].name, "nap_b");
    assert_string_equal(story_states(model, MODEL_TRACK_FUTURE, 3), "P.P");

    // The root goes to its second state inside its first poll.
    model_track track = model_track_of(model, MODEL_TRACK_FUTURE, 1);
    assert_int_equal(track.spans[0].step, 0);
    assert_int_equal(track.spans[1].step, 1);
    assert_string_equal(model_state(model, model->futures[1].type, 1),
                        "ALL_JOINING");
    story_close(model);
}

static void a_select_drops_its_losers(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    uint64_t type = script_type("race", NULL, 0);
    script_spawn(1, 0, "race", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_future(1, 0, type, "", 5);
    script_future(2, 1, type, "fast", 6);
    script_future_end(2, ANT_RESULT_READY, 6);
    script_future(3, 1, type, "slow", 7);
    script_future_end(3, ANT_RESULT_PENDING, 7);
    ANT_TRACE(future_drop, .fut = 3, .why = ANT_DROP_CANCELLED);
    script_future_end(1, ANT_RESULT_READY, 5);
    script_poll_end(1, ANT_RESULT_READY);
    script_end();

    ant_model *model = story_open(script_path());
    assert_int_equal(model->futures[2].result, ANT_RESULT_READY);
    assert_int_equal(model->futures[3].result, ANT_RESULT_CANCELLED);
    assert_int_equal(model->futures[3].drop, ANT_DROP_CANCELLED);
    assert_int_equal(model->futures[3].end_event,
                     story_event(model, ANT_EV_future_drop, 0));
    story_close(model);
}

static void a_stream_goes_on_after_an_item(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    uint64_t type = script_type("numbers", NULL, 0);
    script_spawn(1, 0, "reader", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_future(1, 0, type, "", 5);
    script_future(2, 1, type, "numbers", 6);
    script_future_end(2, ANT_RESULT_ITEM, 6);
    script_future_poll(2);
    script_future_end(2, ANT_RESULT_READY, 6);
    script_future_end(1, ANT_RESULT_READY, 5);
    script_poll_end(1, ANT_RESULT_READY);
    script_end();

    ant_model *model = story_open(script_path());
    assert_string_equal(story_states(model, MODEL_TRACK_FUTURE, 2), "PP");
    assert_int_equal(model->futures[2].end_event,
                     story_event(model, ANT_EV_future_result, 1));
    story_close(model);
}

static void without_futures_all_else_is_there(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_SCHED);
    script_spawn(1, 0, "lone", 5);
    script_push(1, ANT_QUEUE_LOCAL);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_future(1, 0, 0, "", 5);
    script_poll_end(1, ANT_RESULT_READY);
    script_end();
    ant_model *model = story_open(script_path());
    assert_int_equal(model->future_count, 1);
    assert_int_equal(model->tasks[1].futures.count, 0);
    assert_string_equal(story_states(model, MODEL_TRACK_TASK, 1), "nP");
    story_close(model);
}

static void a_join_waits_for_the_end_of_the_other(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "parent", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_spawn(2, 1, "child", 6);
    script_push(2, ANT_QUEUE_LOCAL);
    script_join(1, 2);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_poll_ready(2, ANT_QUEUE_LOCAL);
    script_wake(1, ANT_VIA_JOIN, 2);
    script_push(1, ANT_QUEUE_LOCAL);
    script_poll_ready(1, ANT_QUEUE_LOCAL);
    script_end();
    ant_model *model = story_open(script_path());
    assert_string_equal(story_states(model, MODEL_TRACK_TASK, 1), "nPjrP");
    uint32_t join = story_event(model, ANT_EV_join_wait, 0);
    const model_wait *wait = &model->waits[model_wait_of(model, join)];
    assert_int_equal(wait->task, 1);
    assert_int_equal(wait->on, 2);
    assert_int_equal(wait->end_event, story_event(model, ANT_EV_task_end, 0));
    model_waker waker;
    model_waker_of(model, story_event(model, ANT_EV_wake, 0), &waker);
    assert_int_equal(waker.task, 2);
    char text[32];
    model_wait_label(model, model_wait_of(model, join), text, sizeof text);
    assert_string_equal(text, "end of 2 child");
    story_close(model);
}

static void a_join_that_comes_too_late_does_not_wait(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "parent", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_on(1);
    script_spawn(2, 0, "child", 6);
    script_poll_ready(2, ANT_QUEUE_LOCAL);
    script_on(0);
    script_join(1, 2);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_end();
    ant_model *model = story_open(script_path());
    assert_int_equal(model->wait_count, 1);
    story_close(model);
}

static void a_blocked_thread_is_seen_in_task_and_lane(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "rude", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_pass(10);
    ANT_TRACE(block_begin, .task = 1, .what = ANT_BLOCK_SLEEP, .line = 9);
    script_pass(500);
    ANT_TRACE(block_end, .task = 1, .what = ANT_BLOCK_SLEEP);
    script_pass(10);
    script_poll_end(1, ANT_RESULT_READY);
    script_end();
    ant_model *model = story_open(script_path());
    uint32_t lane = model_lane_row(model, script_lane(0));
    assert_string_equal(story_states(model, MODEL_TRACK_TASK, 1), "nPBP");
    assert_string_equal(story_states(model, MODEL_TRACK_LANE, lane), "_PBP_");
    assert_int_equal(model->tasks[1].poll_max_ns, 520000);
    assert_int_equal(model->lanes[lane].poll_ns, 520000);
    story_close(model);
}

static void an_event_comes_back_as_it_was_recorded(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    ANT_TRACE(task_end, .task = 7, .seq = 3, .outcome = ANT_RESULT_FAILED,
              .err = (uint64_t)-ECANCELED,
              .message = ant_trace_string("so long"), .line = UINT32_MAX);
    script_end();
    ant_model *model = story_open(script_path());
    uint32_t i = story_event(model, ANT_EV_task_end, 0);
    ant_event event;
    model_event(model, i, &event);
    const ant_ev_task_end *ev = ANT_EVENT_AS(task_end, &event);
    assert_int_equal(ev->task, 7);
    assert_int_equal((int64_t)ev->err, -ECANCELED);
    assert_int_equal(ev->line, UINT32_MAX);
    // A task that is only heard of at its end has a row, too.
    uint32_t row = model_task_row(model, 7);
    assert_int_equal(model->tasks[row].id, 7);
    assert_int_equal(model->tasks[row].err, -ECANCELED);
    assert_string_equal(model->tasks[row].message, "so long");
    assert_int_equal(model->tasks[row].spawn_event, MODEL_NONE);
    story_close(model);
}

static void lists_hold_what_a_task_does_and_what_is_done_to_it(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    uint32_t wake = story_event(model, ANT_EV_wake, 1);
    for (uint32_t task = 1; task <= 2; task++) {
        model_range range = model->tasks[task].events;
        uint32_t before = model_prev_in(model->events_of_task, range, wake);
        assert_int_equal(model_next_in(model->events_of_task, range, before),
                         wake);
    }
    model_range range = model->res[1].events;
    assert_int_equal(model->kind[model->events_of_res[range.first]],
                     ANT_EV_res_new);
    story_close(model);
}

static void an_empty_trace_is_a_model_too(void **state)
{
    (void)state;
    ant_trace_ids_reset();
    script_begin(ANT_LEVEL_NAMES);
    script_end();
    ant_model *model = story_open(script_path());
    assert_int_equal(model->event_count, 0);
    assert_int_equal(model->task_count, 1);
    story_close(model);
}

static void a_missing_file_gives_one_line(void **state)
{
    (void)state;
    ant_model *model = NULL;
    ant_reader_error error = { 0 };
    assert_int_equal(model_open("no/such/file.ant", &model, &error), -ENOENT);
    assert_true(strlen(error.text) > 0);
    assert_null(model);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    const char *path = script_story_join();
    int err = -ENOMEM;
    for (uint64_t nth = 1; err != 0; nth++) {
        ant_model *model = NULL;
        ant_reader_error error = { 0 };
        ant_mem_fail_nth(nth, 0);
        err = model_open(path, &model, &error);
        ant_mem_fail_nth(0, 0);
        if (err == 0) {
            model_close(model);
        } else {
            assert_int_equal(err, -ENOMEM);
        }
        assert_int_equal(ant_mem_live_count(), 0);
        assert_true(nth < 1000);
    }
    script_remove();
}

static void labels_are_short_and_clear(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    char text[96];
    model_task_label(model, 2, text, sizeof text);
    assert_string_equal(text, "2 reader");
    model_res_label(model, 1, text, sizeof text);
    assert_string_equal(text, "mutex `db`");
    uint32_t begin = story_event(model, ANT_EV_wait_begin, 0);
    model_wait_label(model, model_wait_of(model, begin), text, sizeof text);
    assert_string_equal(text, "mutex `db`, held by 1 writer");
    uint32_t arm = story_event(model, ANT_EV_timer_arm, 0);
    model_wait_label(model, model_wait_of(model, arm), text, sizeof text);
    assert_string_equal(text, "sleep 10 ms");
    model_task_label(model, 2, text, 4);
    assert_string_equal(text, "2 r");
    story_close(model);
}

static void durations_have_three_digits_and_a_unit(void **state)
{
    (void)state;
    static const struct {
        uint64_t ns;
        const char *text;
    } rows[] = {
        { 0, "0 ns" },           { 380, "380 ns" },
        { 999, "999 ns" },       { 1000, "1 us" },
        { 1500, "1.5 us" },      { 12345, "12.3 us" },
        { 999499, "999 us" },    { 999999, "1 ms" },
        { 12400000, "12.4 ms" }, { 100000000, "100 ms" },
        { 1500000000, "1.5 s" }, { 90000000000, "90 s" },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(rows); i++) {
        char text[32];
        model_duration(rows[i].ns, text, sizeof text);
        assert_string_equal(text, rows[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_go_through_their_states),
        cmocka_unit_test(spans_follow_each_other_without_a_hole),
        cmocka_unit_test(lanes_poll_search_and_park),
        cmocka_unit_test(a_lock_is_held_by_one_after_the_other),
        cmocka_unit_test(waits_are_paired_with_their_ends),
        cmocka_unit_test(a_poll_knows_its_wake_and_a_wake_its_poll),
        cmocka_unit_test(a_first_poll_comes_from_the_spawn),
        cmocka_unit_test(a_timer_is_named_as_the_waker),
        cmocka_unit_test(futures_stand_under_their_parents),
        cmocka_unit_test(a_select_drops_its_losers),
        cmocka_unit_test(a_stream_goes_on_after_an_item),
        cmocka_unit_test(without_futures_all_else_is_there),
        cmocka_unit_test(a_join_waits_for_the_end_of_the_other),
        cmocka_unit_test(a_join_that_comes_too_late_does_not_wait),
        cmocka_unit_test(a_blocked_thread_is_seen_in_task_and_lane),
        cmocka_unit_test(an_event_comes_back_as_it_was_recorded),
        cmocka_unit_test(lists_hold_what_a_task_does_and_what_is_done_to_it),
        cmocka_unit_test(an_empty_trace_is_a_model_too),
        cmocka_unit_test(a_missing_file_gives_one_line),
        cmocka_unit_test(every_allocation_may_fail),
        cmocka_unit_test(labels_are_short_and_clear),
        cmocka_unit_test(durations_have_three_digits_and_a_unit),
    };
    return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
