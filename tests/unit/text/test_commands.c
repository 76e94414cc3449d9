// SPDX-License-Identifier: MIT
//
// Tests of the text commands: what they print and the status they return, on a
// small trace in virtual time.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/os.h"
#include "support/recording.h"
#include "text/args.h"
#include "text/dump.h"
#include "text/file.h"
#include "text/judge.h"
#include "text/kinds.h"
#include "text/stat.h"
#include "text/why.h"
#include "trace/schema.h"
#include "trace/trace.h"

// What a command printed.
static char out_text[64 * 1024];
static char err_text[1024];
static FILE *out;
static FILE *err;

// One task that is polled twice, 1 ms each, and sleeps 10 ms between.
static void record(void)
{
    uint32_t lane = ant_trace_lane_new(ANT_LANE_WORKER, 0, "worker 0");
    ant_trace_lane_enter(lane);
    ANT_TRACE(runtime_start, .flavor = ANT_FLAVOR_SIM, .workers = 1);
    ANT_TRACE(task_spawn, .task = 1, .seq = 1,
              .name = ant_trace_string("say \"hi\"\\"));
    ANT_TRACE(poll_begin, .task = 1, .seq = 2);
    ANT_TRACE(future_start, .fut = 1, .name = ant_trace_string("nap"));
    ANT_TRACE(future_poll, .fut = 1);
    recording_ns += ANT_NS_PER_MS;
    ANT_TRACE(future_result, .fut = 1, .result = ANT_RESULT_PENDING);
    ANT_TRACE(poll_end, .task = 1, .seq = 3, .wakers = 1);
    recording_ns += 10 * ANT_NS_PER_MS;
    ANT_TRACE(wake, .task = 1, .seq = 4, .via = ANT_VIA_TIMER);
    ANT_TRACE(poll_begin, .task = 1, .seq = 5);
    recording_ns += ANT_NS_PER_MS;
    ANT_TRACE(poll_end, .task = 1, .seq = 6, .result = ANT_RESULT_READY);
    ANT_TRACE(task_drop, .task = 1, .why = ANT_DROP_DONE);
    ANT_TRACE(task_end, .task = 1, .seq = 7, .outcome = ANT_RESULT_READY,
              .err = 0);
}

static int start(void **state)
{
    if (recording_setup(state) < 0) return -1;
    record();
    ant_trace_stop();
    out = fmemopen(out_text, sizeof out_text, "w");
    err = fmemopen(err_text, sizeof err_text, "w");
    return out != NULL && err != NULL ? 0 : -1;
}

static int finish(void **state)
{
    if (out != NULL) fclose(out);
    if (err != NULL) fclose(err);
    return recording_teardown(state);
}

static void flush(void)
{
    fflush(out);
    fflush(err);
}

static unsigned count_lines(const char *text)
{
    unsigned n = 0;
    for (; *text != 0; text++)
        n += *text == '\n';
    return n;
}

static void dump_shows_every_event_on_a_line(void **state)
{
    (void)state;
    const text_dump_desc desc = { .path = recording_path() };
    assert_int_equal(text_dump(&desc, out, err), TEXT_FINE);
    flush();
    assert_int_equal(count_lines(out_text), 2 + 13);
    assert_non_null(
        strstr(out_text,
               "      0.000  worker 0      1 say \"hi\"\\           worker 0 "
               "polls task 1 say \"hi\"\\ (from the run queue)\n"));
    assert_non_null(strstr(out_text, "    `nap` is polled\n"));
}

static void dump_shows_only_what_is_asked_for(void **state)
{
    (void)state;
    const text_dump_desc desc = {
        .path = recording_path(),
        .task = 1,
        .kind = "poll_begin",
        .from_ms = 5,
        .to_ms = 11,
    };
    assert_int_equal(text_dump(&desc, out, err), TEXT_FINE);
    flush();
    assert_int_equal(count_lines(out_text), 2 + 1);
}

static void dump_knows_the_kinds(void **state)
{
    (void)state;
    const text_dump_desc desc = { .path = recording_path(), .kind = "pull" };
    assert_int_equal(text_dump(&desc, out, err), TEXT_BAD_INPUT);
    flush();
    assert_string_equal(err_text, "antfarm: there is no kind of event called "
                                  "pull; antfarm events lists them\n");
}

static void dump_writes_json(void **state)
{
    (void)state;
    const text_dump_desc desc = {
        .path = recording_path(),
        .is_json = true,
        .kind = "task_spawn",
    };
    assert_int_equal(text_dump(&desc, out, err), TEXT_FINE);
    flush();
    assert_string_equal(
        out_text, "{\"i\":2,\"t_ns\":0,\"event\":\"task_spawn\",\"on_lane\":1,"
                  "\"in_task\":0,\"task\":1,\"seq\":1,\"kind\":\"ASYNC\","
                  "\"parent\":0,\"type\":\"\",\"name\":\"say \\\"hi\\\"\\\\\","
                  "\"file\":\"\",\"line\":0}\n");
}

static void stat_counts(void **state)
{
    (void)state;
    const text_stat_desc desc = { .path = recording_path() };
    assert_int_equal(text_stat(&desc, out, err), TEXT_FINE);
    flush();
    assert_non_null(strstr(out_text, "13 events in 12.000 ms of virtual time"));
    assert_non_null(strstr(out_text, "worker 0            2      2 ms   17%"));
    assert_non_null(strstr(out_text, "mean 1 ms, longest 1 ms"));
    assert_non_null(strstr(out_text, "from      1 ms        2 #####"));
}

static void stat_gives_a_digest_without_times(void **state)
{
    (void)state;
    const text_stat_desc desc = { .path = recording_path(), .is_digest = true };
    assert_int_equal(text_stat(&desc, out, err), TEXT_FINE);
    flush();
    char first[32];
    snprintf(first, sizeof first, "%.31s", out_text);
    assert_int_equal(strlen(first), 17);

    // The same, a second later.
    ant_trace_ids_reset();
    recording_start(recording_ns + ANT_NS_PER_S);
    record();
    ant_trace_stop();
    rewind(out);
    assert_int_equal(text_stat(&desc, out, err), TEXT_FINE);
    flush();
    assert_string_equal(out_text, first);
}

static void check_accepts_a_good_trace(void **state)
{
    (void)state;
    assert_int_equal(text_judge(recording_path(), out, err), TEXT_FINE);
    flush();
    assert_non_null(strstr(
        out_text, ": 13 events, the file is whole and every rule holds\n"));
}

static void check_tells_of_findings(void **state)
{
    (void)state;
    recording_start(0);
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    ANT_TRACE(park, .reason = ANT_PARK_IDLE);
    ant_trace_stop();
    assert_int_equal(text_judge(recording_path(), out, err), TEXT_FINDING);
    flush();
    assert_non_null(strstr(out_text, "goes to sleep while it sleeps [park]\n"));
    assert_non_null(strstr(out_text, ": 3 events, 1 finding\n"));
}

static void every_command_says_in_one_line_what_is_wrong(void **state)
{
    (void)state;
    assert_int_equal(truncate(recording_path(), 5000), 0);
    const text_dump_desc dump = { .path = recording_path() };
    const text_stat_desc stat = { .path = recording_path() };
    assert_int_equal(text_dump(&dump, out, err), TEXT_BAD_INPUT);
    assert_int_equal(text_stat(&stat, out, err), TEXT_BAD_INPUT);
    assert_int_equal(text_judge(recording_path(), out, err), TEXT_BAD_INPUT);
    assert_int_equal(truncate(recording_path(), 100), 0);
    assert_int_equal(text_judge(recording_path(), out, err), TEXT_BAD_INPUT);
    assert_int_equal(truncate(recording_path(), 0), 0);
    assert_int_equal(text_judge(recording_path(), out, err), TEXT_BAD_INPUT);
    assert_int_equal(text_judge("/no/such/file", out, err), TEXT_BAD_INPUT);
    flush();
    assert_int_equal(count_lines(err_text), 6);
}

static void columns_are_cut_at_characters(void **state)
{
    (void)state;
    text_column(out, "w\xc3\xbcrfel", 4);
    text_column(out, "\xc3\xa4", 3);
    fputc('|', out);
    flush();
    assert_string_equal(out_text, "w\xc3\xbcr\xe2\x80\xa6\xc3\xa4  |");
}

static void kinds_are_all_listed(void **state)
{
    (void)state;
    text_kinds_markdown(out);
    flush();
    assert_int_equal(count_lines(out_text),
                     2 + ANT_EV_COUNT - 1 + 3 + ANT_ENUM_COUNT);
}

static void why_tells_of_each_task_that_is_not_over(void **state)
{
    (void)state;
    text_why_desc desc = { .path = recording_path(), .at_ms = 5 };
    assert_int_equal(text_why(&desc, out, err), TEXT_FINE);
    flush();
    assert_non_null(strstr(out_text, " at 5.000 ms, step "));
    assert_non_null(strstr(out_text, "  1 say \"hi\"\\ waits for "));
    assert_int_equal(count_lines(out_text), 2);
}

static void why_says_when_nobody_is_left_to_tell_of(void **state)
{
    (void)state;
    text_why_desc desc = { .path = recording_path(), .at_ms = -1 };
    assert_int_equal(text_why(&desc, out, err), TEXT_FINE);
    desc.is_all = true;
    assert_int_equal(text_why(&desc, out, err), TEXT_FINE);
    flush();
    assert_non_null(strstr(out_text, "  no task is alive; see --all\n"));
    assert_non_null(strstr(out_text, "  1 say \"hi\"\\ was done at 12.000 ms"));
}

static void why_writes_json_with_links(void **state)
{
    (void)state;
    text_why_desc desc = {
        .path = recording_path(), .at_ms = -1, .task = "1", .is_json = true
    };
    assert_int_equal(text_why(&desc, out, err), TEXT_FINE);
    flush();
    assert_non_null(strstr(out_text, "\"text\":\"was done at 12.000 ms\""));
    assert_non_null(strstr(out_text, "\"kind\":\"event\""));
}

static void why_knows_no_task_that_is_not_there(void **state)
{
    (void)state;
    text_why_desc desc = { .path = recording_path(),
                           .at_ms = -1,
                           .task = "nobody" };
    assert_int_equal(text_why(&desc, out, err), TEXT_BAD_INPUT);
    flush();
    assert_non_null(strstr(err_text, "no task `nobody` in this trace"));
    assert_int_equal(count_lines(err_text), 1);
}

// --- The command line ---

static uint64_t number;
static double ms;
static const char *word;
static bool flag;

static const args_option options[] = {
    { "--number", ARGS_NUMBER, "N", "a number", &number },
    { "--ms", ARGS_MS, "MS", "a moment", &ms },
    { "--word", ARGS_TEXT, "WORD", "a word", &word },
    { "--flag", ARGS_FLAG, NULL, "a flag", &flag },
};

static args_command command = {
    .usage = "try [OPTIONS] A [B]",
    .meaning = "Tries.",
    .option = options,
    .option_count = 4,
    .plain_min = 1,
    .plain_max = 2,
};

// Reads a command line given as words; `argv` has what text_args_read left
// there.
static char *argv[16];
static int plain;

static int read_words(char *words)
{
    int argc = 0;
    argv[argc++] = words;
    for (char *at = words; (at = strchr(at, ' ')) != NULL;) {
        *at++ = 0;
        argv[argc++] = at;
    }
    return text_args_read(&command, argc, argv, &plain, out, err);
}

static void options_and_arguments_may_be_mixed(void **state)
{
    (void)state;
    char words[] = "try one --number 7 --ms=1.5 two --word x --flag";
    assert_int_equal(read_words(words), -1);
    assert_int_equal(plain, 2);
    assert_string_equal(argv[1], "one");
    assert_string_equal(argv[2], "two");
    assert_int_equal(number, 7);
    assert_true(ms > 1.4 && ms < 1.6);
    assert_string_equal(word, "x");
    assert_true(flag);
}

static void a_programs_own_options_are_left_alone(void **state)
{
    (void)state;
    command.has_program = true;
    char words[] = "try --number 1 prog --number x --help";
    assert_int_equal(read_words(words), -1);
    command.has_program = false;
    assert_int_equal(plain, 4);
    assert_string_equal(argv[1], "prog");
    assert_string_equal(argv[4], "--help");
}

static void bad_usage_gives_one_line_and_status_2(void **state)
{
    (void)state;
    char bad[][40] = {
        "try",
        "try a b c",
        "try a --numbr 1",
        "try a --number",
        "try --ms=-1 a",
        "try --flag=1 a",
        "try --number 1x a",
        "try --number 99999999999999999999 a",
    };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(bad); i++) {
        assert_int_equal(read_words(bad[i]), TEXT_BAD_INPUT);
    }
    flush();
    assert_int_equal(count_lines(err_text), ANT_ARRAY_LEN(bad));
}

static void help_lists_the_options(void **state)
{
    (void)state;
    char words[] = "try --help";
    assert_int_equal(read_words(words), TEXT_FINE);
    flush();
    assert_non_null(strstr(out_text, "Usage: try [OPTIONS] A [B]\n"));
    assert_non_null(strstr(out_text, "  --word WORD          a word\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, start, finish)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(dump_shows_every_event_on_a_line),
        TEST(dump_shows_only_what_is_asked_for),
        TEST(dump_knows_the_kinds),
        TEST(dump_writes_json),
        TEST(stat_counts),
        TEST(stat_gives_a_digest_without_times),
        TEST(check_accepts_a_good_trace),
        TEST(check_tells_of_findings),
        TEST(every_command_says_in_one_line_what_is_wrong),
        TEST(columns_are_cut_at_characters),
        TEST(kinds_are_all_listed),
        TEST(why_tells_of_each_task_that_is_not_over),
        TEST(why_says_when_nobody_is_left_to_tell_of),
        TEST(why_writes_json_with_links),
        TEST(why_knows_no_task_that_is_not_there),
        TEST(options_and_arguments_may_be_mixed),
        TEST(a_programs_own_options_are_left_alone),
        TEST(bad_usage_gives_one_line_and_status_2),
        TEST(help_lists_the_options),
    };
    return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
