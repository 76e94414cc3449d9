// SPDX-License-Identifier: MIT
//
// Questions to stories that are known event by event: each function, each key,
// and what is said of a question that makes no sense.

#include "query/query.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static ant_model *model;
static char said[500];

static int open_join(void **state)
{
    (void)state;
    model = story_open(script_story_join());
    return 0;
}

static int open_mutex(void **state)
{
    (void)state;
    model = story_open(script_story_mutex());
    return 0;
}

static int open_deadlock(void **state)
{
    (void)state;
    model = story_open(script_story_deadlock());
    return 0;
}

static int open_steal(void **state)
{
    (void)state;
    model = story_open(script_story_steal());
    return 0;
}

static int close_it(void **state)
{
    story_close(model);
    return nothing_is_left(state);
}

// The answer as text; what is wrong with the question, after "!".
static const char *ask(const char *question)
{
    query_answer answer;
    query_error error;
    int err = query_run(question, model, &answer, &error);
    if (err < 0) {
        (void)snprintf(said, sizeof said, "!%u %s", error.at, error.text);
        return said;
    }
    query_value_write(&answer.value, said, sizeof said);
    query_answer_free(&answer);
    return said;
}

#define ASKS(question, answer) assert_string_equal(ask(question), answer)

static void states_have_names(void **state)
{
    (void)state;
    ASKS("order(state of future_state)", "[\"ALL_JOINING\"]");
    ASKS("count(future_state, state=all_joining)", "1");
    ASKS("count(future_state, state!=ALL_JOINING)", "0");
    ASKS("count(future_state, state=1)", "1");
}

static void counts_and_sees_what_exists(void **state)
{
    (void)state;
    ASKS("count(timer_arm)", "3");
    ASKS("count(poll_begin)", "4");
    ASKS("exists(timer_fire)", "true");
    ASKS("exists(timer_cancel)", "false");
    ASKS("never(timer_cancel)", "true");
    ASKS("never(any)", "false");
    ASKS("count(first timer_arm)", "1");
}

static void picks_the_first_the_last_and_the_nth(void **state)
{
    (void)state;
    ASKS("t(last timer_fire) >= t(first timer_fire)", "true");
    ASKS("t(timer_fire) == t(first timer_fire)", "true");
    ASKS("t(timer_fire, nth=3) == t(last timer_fire)", "true");
    ASKS("count(timer_fire, nth<=2)", "2");
    ASKS("order(nth of timer_fire)",
         "!6 timer_fire has no nth; it has timer task deadline at lane in "
         "task type within dur gap nth");
}

static void narrows_down_by_keys(void **state)
{
    (void)state;
    ASKS("count(poll_end, result=pending)", "3");
    ASKS("count(poll_end, result=PENDING)", "3");
    ASKS("count(poll_end, result!=pending)", "1");
    ASKS("count(poll_end, task=1, result=ready)", "1");
    ASKS("count(poll_end, task=2)", "0");
    ASKS("count(any, at<0)", "0");
    ASKS("count(poll_begin, lane=\"worker 0\") + "
         "count(poll_begin, lane=\"worker 1\")",
         "4");
    ASKS("count(poll_begin, lane=\"work*\")", "4");
    ASKS("count(poll_begin, after=(last timer_fire))", "1");
    ASKS("count(timer_arm, before=timer_fire)", "3");
    ASKS("count(timer_arm, after=timer_fire)", "0");
    ASKS("count(any, after=timer_cancel)", "0");
}

static void knows_futures_and_what_is_inside_them(void **state)
{
    (void)state;
    ASKS("count(timer_arm, within=nothing)", "0");
    ASKS("count(timer_arm, in=1) == count(timer_arm)", "true");
    ASKS("overlap(future_start, parent=all)", "3");
    ASKS("count(future_start, parent=all)", "3");
    ASKS("count(timer_arm, within=all)", "3");
}

static void measures_time(void **state)
{
    (void)state;
    ASKS("max(dur of timer_arm) > min(dur of timer_arm)", "true");
    ASKS("sum(dur of timer_cancel)", "0");
    ASKS("max(dur of timer_cancel)", "0");
    ASKS("min(dur of timer_cancel)",
         "!0 no event matches, so there is no answer");
    ASKS("t(timer_cancel)", "!0 no event matches, so there is no answer");
    ASKS("max(gap of timer_fire) > 0", "true");
    ASKS("end() >= t(last any)", "true");
    ASKS("max(task of poll_begin)", "!0 these are texts, not numbers");
}

static void lists_what_events_say(void **state)
{
    (void)state;
    ASKS("order(result of poll_end)",
         "[\"PENDING\", \"PENDING\", \"PENDING\", \"READY\"]");
    ASKS("order(result of poll_end) == [pending, pending, pending, ready]",
         "!30 there is no function pending; antfarm query --help lists them");
    ASKS("order(result of poll_end) == "
         "['pending', 'pending', 'pending', 'ready']",
         "true");
    ASKS("order(result of poll_end) == ['pending']", "false");
    ASKS("value(result of last poll_end)", "\"READY\"");
    ASKS("[1, 2.50, true, []]", "[1, 2.5, true, []]");
}

static void calculates_from_left_to_right(void **state)
{
    (void)state;
    ASKS("1 + 2 * 3 - 4", "3");
    ASKS("(1 + 2) * 3", "9");
    ASKS("-2 + 1", "-1");
    ASKS("not 1 == 2 and 2 >= 2", "true");
    ASKS("not not true", "true");
    ASKS("true or false and false", "true");
    ASKS("1 == '1'", "false");
    ASKS("'Ant' == \"ant\"", "true");
    ASKS("0.1 + 0.2 == 0.3", "true");
    ASKS("1 and true", "!0 and, or want something true or false");
    ASKS("'a' < 2", "!0 only numbers can be compared or added like this");
    ASKS("not 1", "!0 not wants something true or false");
}

static void says_where_a_question_is_wrong(void **state)
{
    (void)state;
    ASKS("", "!0 a number, a text or a function is missing here");
    ASKS("count(", "!6 the name of an event is missing here");
    ASKS("count(pol)", "!6 there is no event pol; antfarm events lists them");
    ASKS("count(wake, result=soon)",
         "!23 result is never soon; it is one of QUEUED COALESCED RUNNING "
         "LATE");
    ASKS("count(wake, ready=1)",
         "!12 wake has no ready; it has task seq result via res timer ended at "
         "lane in task type within dur gap nth");
    ASKS("count(wake) = 3", "!12 write ==");
    ASKS("count(wake, task==3)", "!16 write = inside of a pattern");
    ASKS("1 == 2 == 3", "!7 only two can be compared; use and");
    ASKS("count(wake) 3", "!12 a query ends here, or goes on with and, or, "
                          "==, <, +");
    ASKS("count(wake, task='x)", "!17 this text has no second '");
    ASKS("count(wake) & 3", "!12 & has no meaning here");
    ASKS("1.2.3", "!0 1 has no meaning here");
    ASKS("max(wake)", "!8 of is missing here");
}

static void refuses_what_is_nested_too_deep(void **state)
{
    (void)state;
    char deep[300];
    memset(deep, '(', sizeof deep);
    deep[sizeof deep - 1] = 0;
    assert_non_null(strstr(ask(deep), "too many parentheses"));
    ASKS("count(any, after=(any, after=(any, nth=1))) == count(any) - 2",
         "true");
}

static void knows_locks_and_their_queues(void **state)
{
    (void)state;
    ASKS("count(wait_begin, res=db)", "2");
    ASKS("overlap(wait_begin, res=db)", "2");
    ASKS("overlap(acquire, res=db)", "1");
    ASKS("order(task of acquire, res=db) == "
         "[value(task of acquire, nth=1), value(task of acquire, nth=2), "
         "value(task of acquire, nth=3)]",
         "true");
    ASKS("before(wait_begin, release)", "true");
    ASKS("before(release, wait_begin)", "false");
    ASKS("before((acquire, nth=2), (acquire, nth=1))", "false");
    ASKS("before(acquire, stall)", "false");
}

static void knows_a_stall_and_who_is_left(void **state)
{
    (void)state;
    ASKS("stalled()", "true");
    ASKS("alive() > 0", "true");
    ASKS("alive(left)", "1");
    ASKS("alive(nobody)", "0");
    ASKS("lints()", "1");
    ASKS("lints('deadlock-cycle')", "1");
    ASKS("lints('long-poll')", "0");
    ASKS("tasks() >= 2", "true");
}

static void knows_workers_and_steals(void **state)
{
    (void)state;
    ASKS("workers()", "2");
    ASKS("threads()", "2");
    ASKS("count(steal)", "1");
    ASKS("value(count of steal)", "3");
    ASKS("stalled()", "false");
}

static void names_the_events_of_every_fact(void **state)
{
    (void)state;
    query_answer answer;
    query_error error;
    assert_int_equal(query_run("count(timer_arm) == 3 and exists(timer_fire)",
                               model, &answer, &error),
                     0);
    assert_int_equal(answer.fact_count, 2);
    assert_string_equal(answer.fact[0].text, "count(timer_arm)");
    assert_int_equal(answer.fact[0].event_count, 3);
    uint32_t armed = story_event(model, ANT_EV_timer_arm, 2);
    assert_int_equal(answer.fact[0].event[2], armed);
    char line[200];
    char wanted[200];
    query_fact_write(&answer.fact[0], line, sizeof line);
    (void)snprintf(wanted, sizeof wanted,
                   "count(timer_arm) is 3: #%u, #%u, #%u",
                   story_event(model, ANT_EV_timer_arm, 0),
                   story_event(model, ANT_EV_timer_arm, 1), armed);
    assert_string_equal(line, wanted);
    query_answer_free(&answer);
}

static void lives_with_any_allocation_failing(void **state)
{
    (void)state;
    const char *question = "order(task of poll_begin, after=(first wake)) == "
                           "['a', 'b'] or alive('x') == 0";
    uint64_t live = ant_mem_live_count();
    int err = -ENOMEM;
    for (uint64_t nth = 1; err < 0; nth++) {
        query_answer answer;
        query_error error;
        ant_mem_fail_nth(nth, 0);
        err = query_run(question, model, &answer, &error);
        ant_mem_fail_nth(0, 0);
        if (err == 0) query_answer_free(&answer);
        assert_true(err == 0 || err == -ENOMEM);
        assert_int_equal(ant_mem_live_count(), live);
        assert_true(nth < 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define IN(story, test)                                                        \
    cmocka_unit_test_setup_teardown(test, open_##story, close_it)
        IN(join, counts_and_sees_what_exists),
        IN(join, states_have_names),
        IN(join, picks_the_first_the_last_and_the_nth),
        IN(join, narrows_down_by_keys),
        IN(join, knows_futures_and_what_is_inside_them),
        IN(join, measures_time),
        IN(join, lists_what_events_say),
        IN(join, calculates_from_left_to_right),
        IN(join, says_where_a_question_is_wrong),
        IN(join, refuses_what_is_nested_too_deep),
        IN(mutex, knows_locks_and_their_queues),
        IN(deadlock, knows_a_stall_and_who_is_left),
        IN(steal, knows_workers_and_steals),
        IN(join, names_the_events_of_every_fact),
        IN(join, lives_with_any_allocation_failing),
#undef IN
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
