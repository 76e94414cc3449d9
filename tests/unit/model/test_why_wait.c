// SPDX-License-Identifier: MIT
//
// What a waiting task waits for: branches of futures, lines that it stands in,
// and who was there before it.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "support/trace_script.h"
#include "support/trace_story.h"

static const char *text;

static void a_reader_stands_behind_the_writer(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    ANT_TRACE(res_new, .res = 1, .kind = ANT_RES_RWLOCK,
              .name = ant_trace_string("page"), .capacity = 8);
    static const char *const name[] = { "", "reader", "writer", "late" };
    for (uint32_t task = 1; task <= 3; task++) {
        script_spawn(task, 0, name[task], 5);
        script_poll(task, ANT_QUEUE_LOCAL);
        if (task == 1) script_acquire(1, 1, 3);
        if (task == 2)
            ANT_TRACE(wait_begin, .res = 1, .task = 2, .amount = 8,
                      .waiters = 1);
        if (task == 3) script_wait(1, 3, 2);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
    script_end();
    ant_model *model = story_open(script_path());
    text = story_why(model, 3, model->event_count)->text;
    assert_string_equal(text, "waits for rwlock `page`, held by 1 reader since "
                              "0.000 ms (line 3); it stands behind the writer "
                              "2 writer");
    story_close(model);
}

// A task of two futures, of which both wait for one lock: `old` is given it in
// the `turn`th of the two turns, and only `new` is polled on.
static ant_model *open_futurelock(uint32_t turn)
{
    script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_MUTEX, "db", 2);
    script_spawn(1, 0, "leaver", 5);
    uint64_t type = script_type("body", NULL, 0);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_future(1, 0, type, "leaver", 1);
    for (uint32_t i = 1; i <= 2; i++) {
        script_future(i + 1, 1, type, i == 1 ? "old" : "new", 1);
        script_wait(1, 1, turn == 1 ? 1 : i);
        script_future_end(i + 1, ANT_RESULT_PENDING, 0);
        if (i != turn) continue;
        script_pass(10);
        script_grant(1, 1, turn - 1);
        script_acquire(1, 1, 7);
    }
    script_future_end(1, ANT_RESULT_PENDING, 0);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_end();
    return story_open(script_path());
}

// Futurelock: the lock was given to a future that its task has left behind.
static void a_lock_granted_and_not_polled_since(void **state)
{
    (void)state;
    ant_model *model = open_futurelock(1);
    text = story_why(model, 1, model->event_count)->text;
    assert_string_equal(text, "waits for mutex `db`, held by itself since "
                              "0.010 ms (line 7), granted to its future `old`, "
                              "which nobody has polled since: deadlock");
    story_close(model);
}

// The same where both futures waited before: what is granted came first.
static void a_lock_granted_to_the_first_of_two_waits(void **state)
{
    (void)state;
    ant_model *model = open_futurelock(2);
    text = story_why(model, 1, model->event_count)->text;
    assert_non_null(strstr(text, "waits for mutex `db`, held by itself"));
    assert_non_null(strstr(text, "granted to its future `old`"));
    story_close(model);
}

// A task that awaits what script_future began, and is left pending.
static void begin_select(void)
{
    script_begin(ANT_LEVEL_FULL);
    script_res(1, ANT_RES_TOKEN, "stop", 1);
    script_res(2, ANT_RES_LISTENER, "door", 2);
    script_spawn(1, 0, "server", 5);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_future(1, 0, script_type("server", NULL, 0), "server", 1);
}

static uint64_t new_type(enum ant_trace_NEEDS needs)
{
    uint64_t type = script_type("part", NULL, 0);
    ANT_TRACE(type_needs, .type = type, .needs = needs);
    return type;
}

static void wait_in(uint32_t fut, uint32_t parent, const char *name,
                    uint32_t res)
{
    script_future(fut, parent, script_type("leaf", NULL, 0), name, 1);
    script_wait(res, 1, 1);
    script_future_end(fut, ANT_RESULT_PENDING, 0);
}

static ant_model *end_select(void)
{
    script_future_end(1, ANT_RESULT_PENDING, 0);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_end();
    ant_model *model = story_open(script_path());
    text = story_why(model, 1, model->event_count)->text;
    return model;
}

// Its start is in the recording, but it polls nothing.
static void a_future_that_is_never_polled_hides_nothing(void **state)
{
    (void)state;
    begin_select();
    uint64_t type = new_type(ANT_NEEDS_ANY);
    script_future(2, 1, type, "guarded", 1);
    ANT_TRACE(future_drop, .fut = 2, .why = ANT_DROP_UNPOLLED);
    script_future(3, 1, type, "first", 1);
    wait_in(4, 3, "stopped", 1);
    wait_in(5, 3, "accept", 2);
    script_future_end(3, ANT_RESULT_PENDING, 0);
    ant_model *model = end_select();
    assert_string_equal(
        text, "waits for cancellation token `stop` or listener `door`");
    story_close(model);
}

static void names_what_is_inside_of_a_branch(void **state)
{
    (void)state;
    begin_select();
    script_res(3, ANT_RES_NOTIFY, "bell", 3);
    uint64_t type = new_type(ANT_NEEDS_ANY);
    script_future(2, 1, type, "both", 1);
    script_future(3, 2, type, "first", 1);
    wait_in(4, 3, "stopped", 1);
    wait_in(5, 3, "accept", 2);
    script_future_end(3, ANT_RESULT_PENDING, 0);
    wait_in(6, 2, "ring", 3);
    script_future_end(2, ANT_RESULT_PENDING, 0);
    ant_model *model = end_select();
    assert_string_equal(text, "waits for any of cancellation token `stop` and "
                              "listener `door` in `first` or notify `bell`");
    story_close(model);
}

// The lock's queue has it still, though the task polls another future.
static void names_the_lines_in_which_it_was_left_behind(void **state)
{
    (void)state;
    begin_select();
    script_future(2, 1, new_type(ANT_NEEDS_ONE), "part", 1);
    wait_in(3, 2, "stopped", 1);
    wait_in(4, 2, "accept", 2);
    script_future_end(2, ANT_RESULT_PENDING, 0);
    ant_model *model = end_select();
    assert_string_equal(text, "waits for listener `door`; it also stands in "
                              "line for cancellation token `stop`, where it "
                              "does not look now");
    story_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reader_stands_behind_the_writer),
        cmocka_unit_test(a_lock_granted_and_not_polled_since),
        cmocka_unit_test(a_lock_granted_to_the_first_of_two_waits),
        cmocka_unit_test(a_future_that_is_never_polled_hides_nothing),
        cmocka_unit_test(names_what_is_inside_of_a_branch),
        cmocka_unit_test(names_the_lines_in_which_it_was_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, nothing_is_left);
}
