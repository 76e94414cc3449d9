// SPDX-License-Identifier: MIT
//
// Tests of text/sentence.

#include "text/sentence.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/os.h"
#include "support/recording.h"
#include "trace/schema.h"
#include "trace/trace.h"

static ant_reader *reader;

static int start(void **state)
{
    if (recording_setup_path(state) < 0) return -1;
    recording_start(2 * ANT_NS_PER_MS);
    ant_trace_lane_enter(ant_trace_lane_new(ANT_LANE_WORKER, 1, "worker 1"));
    ANT_TRACE(type, .type = 1, .name = ant_trace_string("fetch_user"));
    ANT_TRACE(state, .type = 1, .state = 1,
              .name = ant_trace_string("FETCH_SLEEPING"));
    ANT_TRACE(task_spawn, .task = 3, .seq = 1, .type = 1,
              .file = ant_trace_string("join.c"), .line = 12);
    ANT_TRACE(task_spawn, .task = 4, .seq = 1,
              .name = ant_trace_string("writer"));
    ANT_TRACE(res_new, .res = 1, .kind = ANT_RES_MUTEX,
              .name = ant_trace_string("db"));
    ANT_TRACE(future_start, .fut = 1, .type = 1,
              .name = ant_trace_string("first"));
    return 0;
}

static int finish(void **state)
{
    ant_reader_close(reader);
    reader = NULL;
    return recording_teardown(state);
}

// Ends the recording; the sentence of its last event is to be `wanted`.
static void expect_last(const char *wanted)
{
    reader = recording_open();
    char text[200];
    ant_event event;
    while (ant_reader_next(reader, &event)) {
        text_sentence_write(reader, &event, text, sizeof text);
    }
    assert_string_equal(text, wanted);
}

static void says_who_polls_whom(void **state)
{
    (void)state;
    ANT_TRACE(poll_begin, .task = 3, .seq = 2, .queue = ANT_QUEUE_LOCAL);
    expect_last("worker 1 polls task 3 fetch_user (from the run queue)");
}

static void says_who_wakes_whom_and_why(void **state)
{
    (void)state;
    ANT_TRACE(poll_begin, .task = 3, .seq = 2);
    ANT_TRACE(wake, .task = 4, .seq = 2, .result = ANT_WAKE_QUEUED,
              .via = ANT_VIA_LOCK, .res = 1);
    expect_last("task 3 fetch_user wakes task 4 writer through mutex `db`: "
                "it may run");
}

static void says_which_task_a_join_waited_for(void **state)
{
    (void)state;
    ANT_TRACE(wake, .task = 4, .seq = 2, .result = ANT_WAKE_LATE,
              .via = ANT_VIA_JOIN, .ended = 3);
    expect_last("worker 1 wakes task 4 writer as task 3 fetch_user is over: "
                "too late, it is over");
}

static void says_what_a_stalled_task_waits_for(void **state)
{
    (void)state;
    ANT_TRACE(stall_edge, .task = 3, .holder = 4, .res = 1, .line = 7);
    expect_last("task 3 fetch_user waits for ever for mutex `db`, which "
                "task 4 writer holds (line 7)");
}

static void says_whose_end_a_stalled_task_waits_for(void **state)
{
    (void)state;
    ANT_TRACE(stall_edge, .task = 3, .holder = 4);
    expect_last("task 3 fetch_user waits for ever for the end of task 4 "
                "writer");
}

static void leaves_out_what_is_not_known(void **state)
{
    (void)state;
    ANT_TRACE(task_end, .task = 9, .seq = 2, .outcome = ANT_RESULT_READY);
    expect_last("task 9 is over: READY");
}

static void tells_a_failure_in_full(void **state)
{
    (void)state;
    ANT_TRACE(task_end, .task = 3, .seq = 2, .outcome = ANT_RESULT_FAILED,
              .err = (uint64_t)-110, .message = ant_trace_string("too slow"),
              .file = ant_trace_string("join.c"), .line = 20);
    expect_last("task 3 fetch_user is over: FAILED, ETIMEDOUT, \"too slow\" "
                "at join.c:20");
}

static void tells_moments_in_milliseconds(void **state)
{
    (void)state;
    ANT_TRACE(timer_arm, .timer = 1, .task = 3,
              .deadline = 102 * ANT_NS_PER_MS + 1000);
    expect_last("a timer is set for task 3 fetch_user, due at 100.001 ms");
}

static void leaves_out_a_moment_that_never_comes(void **state)
{
    (void)state;
    ANT_TRACE(park, .reason = ANT_PARK_IDLE, .until = ANT_NS_NEVER);
    expect_last("worker 1 goes to sleep: nothing to do");
}

static void names_the_states_of_futures(void **state)
{
    (void)state;
    ANT_TRACE(future_state, .fut = 1, .state = 1, .line = 31);
    expect_last("`first` goes to state FETCH_SLEEPING at line 31");
}

static void has_words_for_every_kind_and_cuts_whole_characters(void **state)
{
    (void)state;
    ANT_TRACE(note, .task = 3, .text = ant_trace_string("\xc3\xa4\xc3\xb6"));
    expect_last("worker 1 says \"\xc3\xa4\xc3\xb6\"");
    for (unsigned kind = 1; kind < ANT_EV_COUNT; kind++) {
        ant_event event = { .kind = (uint8_t)kind };
        char text[200];
        text_sentence_write(reader, &event, text, sizeof text);
        if (*text == 0) {
            fail_msg("%s has no sentence",
                     ant_schema_event_of((ant_event_kind)kind)->name);
        }
        assert_null(strpbrk(text, "{}[]"));
        for (size_t size = 1; size < sizeof text; size++) {
            char cut[200];
            memset(cut, 'x', sizeof cut);
            text_sentence_write(reader, &event, cut, size);
            assert_true(strlen(cut) < size);
            assert_memory_equal(cut, text, strlen(cut));
        }
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)

static void says_that_one_waits(void **state)
{
    (void)state;
    ANT_TRACE(stall, .waiting = 1);
    expect_last("nothing can ever wake again: 1 task waits for ever");
}

static void says_that_many_wait(void **state)
{
    (void)state;
    ANT_TRACE(stall, .waiting = 2);
    expect_last("nothing can ever wake again: 2 tasks wait for ever");
}

static void says_one_byte(void **state)
{
    (void)state;
    ANT_TRACE(io_read, .task = 4, .res = 1, .bytes = 1);
    expect_last("task 4 writer reads 1 byte from mutex `db`");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(says_who_polls_whom),
        TEST(says_who_wakes_whom_and_why),
        TEST(says_which_task_a_join_waited_for),
        TEST(says_what_a_stalled_task_waits_for),
        TEST(says_whose_end_a_stalled_task_waits_for),
        TEST(leaves_out_what_is_not_known),
        TEST(tells_a_failure_in_full),
        TEST(tells_moments_in_milliseconds),
        TEST(leaves_out_a_moment_that_never_comes),
        TEST(names_the_states_of_futures),
        TEST(says_that_one_waits),
        TEST(says_that_many_wait),
        TEST(says_one_byte),
        TEST(has_words_for_every_kind_and_cuts_whole_characters),
    };
    return cmocka_run_group_tests_name("text/sentence", tests, NULL, NULL);
}
