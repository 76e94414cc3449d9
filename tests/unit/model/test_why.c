// SPDX-License-Identifier: MIT
//
// Why a task is not running, in one sentence.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/os.h"
#include "model/why.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static model_reason reason;
static const char *const text = reason.text;

// The sentence about `task` just after `event`; leaves it in `text`.
static uint32_t ask(ant_model *model, uint32_t task, uint32_t event)
{
    reason = *story_why(model, task, event);
    return reason.event;
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
                        "31 us without returning (script.c:5); it is next");
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
                              "the end of 4 ant or 16 more");
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
                              "in thread mutex `account`; 2 ben waits for "
                              "thread mutex `account`, held by 1 anna: "
                              "deadlock");
    ask(model, 2, model->event_count);
    assert_string_equal(text, "blocks in thread mutex `account` (bad.c:28), "
                              "held by 1 anna since 0.000 ms (line 28), and "
                              "keeps worker 0 from polling others since "
                              "0.000 ms; 1 anna needs a worker: deadlock");
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
    assert_string_equal(text,
                        "has not been spawned yet; it will be at 0.000 ms");
    ask(model, 1, model->event_count);
    assert_string_equal(text, "panicked at 0.020 ms: no ants left (hill.c:9)");
    story_close(model);
}

// What link `i` is about, as it stands in the text.
static const char *link_text(uint32_t i)
{
    static char word[128];
    const why_link *link = &reason.link[i];
    assert_true(i < reason.link_count);
    size_t len = (size_t)(link->end - link->begin);
    assert_true(len < sizeof word);
    memcpy(word, text + link->begin, len);
    word[len] = '\0';
    return word;
}

static void what_it_names_is_a_link(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    ask(model, 2, story_event(model, ANT_EV_park, 0));
    assert_int_equal(reason.link_count, 4);
    assert_string_equal(link_text(0), "mutex `db`");
    assert_int_equal(reason.link[0].kind, WHY_RES);
    assert_string_equal(link_text(1), "1 writer");
    assert_int_equal(reason.link[1].kind, WHY_TASK);
    assert_int_equal(reason.link[1].row, 1);
    assert_string_equal(link_text(2), "0.002 ms");
    assert_int_equal(reason.link[2].kind, WHY_EVENT);
    assert_int_equal(model->kind[reason.link[2].row], ANT_EV_acquire);
    assert_string_equal(link_text(3), "line 31");
    assert_int_equal(reason.link[3].kind, WHY_LINE);
    assert_int_equal(reason.link[3].line, 31);
    story_close(model);
}

// Two tasks in the queue of worker 0, which polls the first one if asked to;
// the machine took `ms` of the 20 ms since.
static ant_model *wait_late(bool is_polled, uint64_t ms)
{
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "work", 5);
    script_push(1, ANT_QUEUE_LOCAL);
    script_spawn(2, 0, "next", 6);
    script_push(2, ANT_QUEUE_LOCAL);
    if (is_polled) script_poll(1, ANT_QUEUE_LOCAL);
    script_at(20000);
    ANT_TRACE(lane_late, .since = 0, .ns = ms * ANT_NS_PER_MS);
    script_end();
    return story_open(script_path());
}

static void says_what_the_machine_took_of_a_poll(void **state)
{
    (void)state;
    ant_model *model = wait_late(true, 9);
    ask(model, 1, model->event_count);
    assert_string_equal(text, "is running: worker 0 polls it since 0.000 ms "
                              "(the machine ran others for 9 ms of it) "
                              "(script.c:5)");
    ask(model, 2, model->event_count);
    assert_string_equal(text, "is new for 20 ms: worker 0 has polled 1 work "
                              "for 20 ms (the machine ran others for 9 ms of "
                              "it) without returning (script.c:5); it is next");
    story_close(model);
}

static void says_what_the_machine_took_of_a_turn(void **state)
{
    (void)state;
    ant_model *model = wait_late(false, 19);
    ask(model, 1, model->event_count);
    assert_string_equal(text, "is new for 20 ms (the machine ran others for 19 "
                              "ms of it): it is next in the queue of worker 0");
    story_close(model);
}

static void says_nothing_of_less_than_a_millisecond(void **state)
{
    (void)state;
    ant_model *model = wait_late(true, 0);
    ask(model, 1, model->event_count);
    assert_null(strstr(text, "the machine"));
    story_close(model);
}

static void names_who_asked_it_to_stop(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "boss", 5);
    script_spawn(2, 1, "ant", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_pass(3);
    ANT_TRACE(task_abort, .task = 2, .seq = 2);
    ANT_TRACE(task_drop, .task = 2, .why = ANT_DROP_UNPOLLED);
    script_task_end(2, ANT_RESULT_CANCELLED);
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 2, model->event_count);
    assert_string_equal(text, "was cancelled at 0.003 ms, before it was ever "
                              "polled; 1 boss had asked it to stop at "
                              "0.003 ms");
    story_close(model);
}

// Between a timer's end and the wake that it causes.
static void names_the_timer_that_is_due_and_who_set_it(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_mutex());
    ask(model, 1, story_event(model, ANT_EV_timer_fire, 0));
    assert_string_equal(text, "waits for its wake: the timer that it set at "
                              "0.002 ms came due at 10.002 ms");
    story_close(model);
}

// The joiner is woken just after the end.
static void names_the_end_that_is_about_to_wake_it(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "boss", 5);
    script_spawn(2, 1, "worker", 6);
    script_poll(1, ANT_QUEUE_INJECT);
    script_join(1, 2);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_poll(2, ANT_QUEUE_LOCAL);
    script_poll_end(2, ANT_RESULT_READY);
    script_task_end(2, ANT_RESULT_READY);
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 1, story_event(model, ANT_EV_task_end, 0));
    assert_string_equal(text, "waits for its wake: 2 worker ended at 0.000 ms");
    story_close(model);
}

static void says_that_nobody_steals_from_the_slot(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "hog", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_spawn(2, 1, "slotted", 6);
    script_push(2, ANT_QUEUE_LIFO);
    script_pass(40);
    ANT_TRACE(note, .task = 1, .text = ant_trace_string("still here"));
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 2, model->event_count);
    assert_string_equal(text, "is new for 40 us: worker 0 has polled 1 hog for "
                              "40 us without returning (script.c:5); it is in "
                              "the LIFO slot, from which nobody can steal it");
    story_close(model);
}

static void a_long_sentence_is_cut_not_spilled(void **state)
{
    (void)state;
    static char message[2 * WHY_TEXT_MAX];
    memset(message, 'x', sizeof message - 1);
    script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "fails", 5);
    script_poll(1, ANT_QUEUE_INJECT);
    script_poll_end(1, ANT_RESULT_FAILED);
    ANT_TRACE(task_end, .task = 1, .seq = 4, .outcome = ANT_RESULT_PANICKED,
              .message = ant_trace_string(message),
              .file = ant_trace_string("hill.c"), .line = 9);
    script_end();
    ant_model *model = story_open(script_path());
    ask(model, 1, model->event_count);
    assert_int_equal(strlen(text), WHY_TEXT_MAX - 1);
    for (uint32_t i = 0; i < reason.link_count; i++)
        assert_true(reason.link[i].end <= reason.len);
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
        cmocka_unit_test(what_it_names_is_a_link),
        cmocka_unit_test(says_what_the_machine_took_of_a_poll),
        cmocka_unit_test(says_what_the_machine_took_of_a_turn),
        cmocka_unit_test(says_nothing_of_less_than_a_millisecond),
        cmocka_unit_test(names_who_asked_it_to_stop),
        cmocka_unit_test(names_the_timer_that_is_due_and_who_set_it),
        cmocka_unit_test(names_the_end_that_is_about_to_wake_it),
        cmocka_unit_test(says_that_nobody_steals_from_the_slot),
        cmocka_unit_test(a_long_sentence_is_cut_not_spilled),
    };
    return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
