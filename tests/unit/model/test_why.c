// SPDX-License-Identifier: MIT
//
// Why a task is not running, in one sentence.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/why.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static char text[512];

static int nothing_is_left(void **state)
{
    (void)state;
    return ant_mem_live_count() == 0 ? 0 : -1;
}

// The sentence about `task` just after `event`; leaves it in `text`.
static uint32_t ask(const ant_model *model, uint32_t task, uint32_t event)
{
    ant_snapshot world;
    assert_int_equal(model_snapshot_init(&world, model), 0);
    model_snapshot_at(&world, event);
    uint32_t because = model_why(model, &world, task, text, sizeof text);
    model_snapshot_deinit(&world);
    return because;
}

static void names_the_lock_and_its_holder(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    uint32_t park = story_event(model, ANT_EV_park, 0);
    uint32_t because = ask(model, 2, park);
    assert_string_equal(text, "waits for mutex `db`, held by 1 writer since "
                              "0.002 ms (line 31)");
    assert_int_equal(because, story_event(model, ANT_EV_wait_begin, 0));
    ask(model, 1, park);
    assert_string_equal(text, "waits for a timer at 10.002 ms, in 10 ms");
    story_close(model);
}

static void names_the_whole_deadlock(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_deadlock());
    uint32_t because = ask(model, 1, model->stall_event);
    assert_string_equal(text, "waits for mutex `b`, held by 2 right since "
                              "0.005 ms (line 32); 2 right waits for mutex "
                              "`a`, held by 1 left: deadlock");
    assert_int_equal(because, story_event(model, ANT_EV_wait_begin, 1));

    // Before the second one waits there is no deadlock yet.
    ask(model, 1, because - 1);
    assert_string_equal(text, "waits for mutex `b`, held by 2 right since "
                              "0.005 ms (line 32)");
    story_close(model);
}

static void a_way_out_is_no_deadlock(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_MUTEX, "a", 1);
    script_spawn(1, 0, "self", 1);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 7);
    script_wait(1, 1, 1);
    script_sleep(1, 1, 50);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 1, model->event_count);
    assert_string_equal(text,
                        "waits for mutex `a`, held by itself since 0.000 ms "
                        "(line 7) or a timer at 0.050 ms, in 50 us");
    story_close(model);
}

static void names_who_keeps_the_worker_busy(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_steal());
    uint32_t park = story_event(model, ANT_EV_park, 0);
    uint32_t because = ask(model, 5, park);
    assert_string_equal(text,
                        "is new for 27 us: worker 0 has polled 1 boss for "
                        "31 us without returning (script.c:5)");
    assert_int_equal(because, story_event(model, ANT_EV_poll_begin, 0));
    story_close(model);
}

static void names_the_call_that_blocks_the_worker(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "rude", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_pass(10);
    ANT_TRACE(block_begin, .task = 1, .what = ANT_BLOCK_SLEEP,
              .file = ant_trace_string("dir/demo.c"), .line = 41);
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 1, model->event_count);
    assert_string_equal(text, "blocks in a sleep (demo.c:41), and keeps worker "
                              "0 from polling others since 0.010 ms");
    story_close(model);
}

static void names_the_joined_task(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    for (uint32_t task = 1; task <= 2; task++) {
        script_spawn(task, 0, task == 1 ? "one" : "two", 5);
    }
    for (uint32_t task = 1; task <= 2; task++) {
        script_poll(task, ANT_QUEUE_INJECT);
        script_join(task, 3 - task);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 1, model->event_count);
    assert_string_equal(text, "waits for the end of 2 two; 2 two waits for "
                              "the end of 1 one: deadlock");
    story_close(model);
}

static void a_long_list_is_cut_short(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    for (uint32_t task = 1; task <= 20; task++) {
        script_spawn(task, 0, "ant", 5);
    }
    script_poll(1, ANT_QUEUE_INJECT);
    for (uint32_t task = 2; task <= 20; task++)
        script_join(1, task);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 1, model->event_count);
    assert_string_equal(text, "waits for the end of 2 ant, the end of 3 ant, "
                              "the end of 4 ant and 16 more");
    story_close(model);
}

static void says_when_no_worker_is_left(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_THREAD_MUTEX, "account", 3);
    script_spawn(1, 0, "anna", 5);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_acquire(1, 1, 28);
    script_sleep(1, 1, 100000);
    script_poll_end(1, ANT_RESULT_PENDING);
    for (uint32_t task = 2; task <= 3; task++) {
        script_spawn(task, 0, "ben", 6);
        script_on(task - 2);
        script_poll(task, ANT_QUEUE_LOCAL);
        ANT_TRACE(block_begin, .task = task, .what = ANT_BLOCK_MUTEX, .res = 1,
                  .file = ant_trace_string("bad.c"), .line = 28);
    }
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 1, model->event_count);
    assert_string_equal(text, "waits for a timer at 100.000 ms, in 100 ms; but "
                              "no worker is left to poll it: worker 1 blocks "
                              "in thread mutex `account`");
    ask(model, 2, model->event_count);
    assert_string_equal(text, "blocks in thread mutex `account` (bad.c:28), "
                              "held by 1 anna since 0.000 ms (line 28), and "
                              "keeps worker 0 from polling others since "
                              "0.000 ms: deadlock, for 1 anna needs a worker "
                              "to give it back");
    story_close(model);
}

static void says_when_nobody_knows(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "lost", 5);
    script_poll_pending(1, ANT_QUEUE_INJECT);
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 1, model->event_count);
    assert_string_equal(text, "waits for a wake since 0.005 ms; nothing in "
                              "the trace says from whom");
    story_close(model);
}

static void says_how_a_task_ended(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "fails", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_pass(20);
    script_poll_end(1, ANT_RESULT_FAILED);
    ANT_TRACE(task_end, .task = 1, .seq = 4, .outcome = ANT_RESULT_PANICKED,
              .message = ant_trace_string("no ants left"),
              .file = ant_trace_string("hill.c"), .line = 9);
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 1, 0);
    assert_string_equal(text, "has not been spawned yet");
    ask(model, 1, model->event_count);
    assert_string_equal(text, "panicked at 0.020 ms: no ants left (hill.c:9)");
    story_close(model);
}

static void a_long_sentence_is_cut_not_spilled(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_deadlock());
    ant_snapshot world;
    char small[12];
    assert_int_equal(model_snapshot_init(&world, model), 0);
    model_snapshot_at(&world, model->event_count);
    model_why(model, &world, 1, small, sizeof small);
    assert_string_equal(small, "waits for m");
    model_snapshot_deinit(&world);
    story_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_the_lock_and_its_holder),
        cmocka_unit_test(names_the_whole_deadlock),
        cmocka_unit_test(a_way_out_is_no_deadlock),
        cmocka_unit_test(names_who_keeps_the_worker_busy),
        cmocka_unit_test(names_the_call_that_blocks_the_worker),
        cmocka_unit_test(names_the_joined_task),
        cmocka_unit_test(a_long_list_is_cut_short),
        cmocka_unit_test(says_when_no_worker_is_left),
        cmocka_unit_test(says_when_nobody_knows),
        cmocka_unit_test(says_how_a_task_ended),
        cmocka_unit_test(a_long_sentence_is_cut_not_spilled),
    };
    return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
