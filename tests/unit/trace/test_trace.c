// SPDX-License-Identifier: MIT
//
// What is recorded is read back.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/os.h"
#include "support/recording.h"
#include "trace/format.h"
#include "trace/reader.h"
#include "trace/trace.h"

// Goes on by itself, but is not the machine's: nobody can tell what the machine
// took, and no event but those of the test is recorded.
static uint64_t clock_of_elsewhere(void *arg)
{
    (void)arg;
    return ant_os_now_ns() + ANT_NS_PER_S;
}

static void start_real(ant_trace_level level, uint64_t bytes_max)
{
    const ant_trace_desc desc = {
        .path = recording_path(),
        .level = level,
        .bytes_max = bytes_max,
        .now_ns = clock_of_elsewhere,
    };
    assert_int_equal(ant_trace_start(&desc), 0);
}

// The next event, which has to be of this kind.
static ant_event expect(ant_reader *reader, ant_event_kind kind)
{
    ant_event event;
    assert_true(ant_reader_next(reader, &event));
    assert_int_equal(event.kind, kind);
    return event;
}

static void records_nothing_when_off(void **state)
{
    (void)state;
    assert_false(ant_trace_is_on(ANT_LEVEL_NAMES));
    assert_int_equal(ant_trace_epoch(), 0);
    assert_null(ant_trace_path());
    assert_int_equal(ant_trace_string("x"), 0);
    assert_int_equal(ant_trace_stop(), 0);
}

static void gives_back_what_was_recorded(void **state)
{
    (void)state;
    recording_start(0);
    assert_string_equal(ant_trace_path(), recording_path());
    recording_ns = 1000;
    ANT_TRACE(runtime_start, .flavor = ANT_FLAVOR_SIM, .workers = 2,
              .seed = UINT64_MAX);
    recording_ns = 5000;
    ANT_TRACE(task_end, .task = 1, .seq = 3, .err = (uint64_t)-ECANCELED,
              .message = ant_trace_string("so long"));

    ant_reader *reader = recording_open();
    const ant_trace_info *info = ant_reader_info(reader);
    assert_true(info->is_closed);
    assert_true(info->is_virtual);
    assert_int_equal(info->level, ANT_LEVEL_FULL);
    assert_int_equal(info->pid, 0);

    ant_event event = expect(reader, ANT_EV_lane_enter);
    assert_int_equal(event.lane, 1);
    assert_string_equal(ant_reader_lane(reader, 1)->name, "main");
    event = expect(reader, ANT_EV_runtime_start);
    const ant_ev_runtime_start *begin = ANT_EVENT_AS(runtime_start, &event);
    assert_int_equal(event.t_ns, 1000);
    assert_int_equal(begin->workers, 2);
    assert_true(begin->seed == UINT64_MAX);
    event = expect(reader, ANT_EV_task_end);
    const ant_ev_task_end *over = ANT_EVENT_AS(task_end, &event);
    assert_int_equal(event.t_ns, 5000);
    assert_int_equal((int64_t)over->err, -ECANCELED);
    assert_string_equal(ant_reader_string(reader, over->message), "so long");
    assert_false(ant_reader_next(reader, &event));
    ant_reader_close(reader);
}

static void gives_the_same_text_the_same_number(void **state)
{
    (void)state;
    recording_start(0);
    char other[] = "fetch";
    uint64_t id = ant_trace_string("fetch");
    assert_int_equal(ant_trace_string(other), id);
    assert_int_equal(ant_trace_string_n("fetch_user", 5), id);
    // The same place, another text.
    memcpy(other, "cached", sizeof other - 1);
    assert_int_not_equal(ant_trace_string(other), id);
    assert_int_equal(ant_trace_string(NULL), 0);
    ant_trace_stop();
}

static void knows_ten_thousand_texts(void **state)
{
    (void)state;
    recording_start(0);
    char text[32];
    for (unsigned i = 0; i < 10000; i++) {
        snprintf(text, sizeof text, "text %u", i);
        assert_int_equal(ant_trace_string(text), i + 1);
    }
    ant_reader *reader = recording_open();
    assert_string_equal(ant_reader_string(reader, 1), "text 0");
    assert_string_equal(ant_reader_string(reader, 10000), "text 9999");
    assert_string_equal(ant_reader_string(reader, 10001), "?");
    assert_string_equal(ant_reader_string(reader, 0), "");
    ant_reader_close(reader);
}

static void makes_texts_printable(void **state)
{
    (void)state;
    recording_start(0);
    uint64_t ugly = ant_trace_string("a\nb\x1b[31m \xff \xc3\xa4 \xe2\x82");
    char longer[2000];
    memset(longer, 'x', sizeof longer);
    memcpy(longer + 999, "\xc3\xa4", 2);
    longer[sizeof longer - 1] = 0;
    uint64_t cut = ant_trace_string(longer);
    ant_reader *reader = recording_open();
    assert_string_equal(ant_reader_string(reader, ugly),
                        "a b [31m ? \xc3\xa4 ??");
    // Cut before the character that does not fit.
    assert_int_equal(strlen(ant_reader_string(reader, cut)), 999);
    ant_reader_close(reader);
}

static void names_types_and_their_states(void **state)
{
    (void)state;
    recording_start(0);
    ANT_TRACE(type, .type = 1, .name = ant_trace_string("fetch"),
              .file = ant_trace_string("a.c"), .line = 7, .bytes = 96);
    ANT_TRACE(state, .type = 1, .state = 2,
              .name = ant_trace_string("FETCH_SLEEPING"));
    ant_reader *reader = recording_open();
    const ant_trace_type *type = ant_reader_type(reader, 1);
    assert_string_equal(type->name, "fetch");
    assert_string_equal(type->file, "a.c");
    assert_int_equal(type->line, 7);
    assert_int_equal(type->bytes, 96);
    assert_int_equal(type->state_count, 3);
    assert_string_equal(ant_reader_state(reader, 1, 2), "FETCH_SLEEPING");
    assert_string_equal(ant_reader_state(reader, 1, 1), "?");
    assert_string_equal(ant_reader_state(reader, 9, 1), "?");
    assert_string_equal(ant_reader_type(reader, 9)->name, "?");
    assert_int_equal(ant_reader_type_max(reader), 1);
    ant_reader_close(reader);
}

static void follows_the_task_on_each_lane(void **state)
{
    (void)state;
    recording_start(0);
    uint32_t one = ant_trace_lane_new(ANT_LANE_WORKER, 0, "worker 0");
    uint32_t two = ant_trace_lane_new(ANT_LANE_WORKER, 1, "worker 1");
    ant_trace_lane_enter(one);
    ANT_TRACE(poll_begin, .task = 7, .seq = 1);
    ant_trace_lane_enter(two);
    ANT_TRACE(poll_begin, .task = 8, .seq = 1);
    ant_trace_lane_enter(one);
    ANT_TRACE(note, .task = 7);
    ANT_TRACE(poll_end, .task = 7, .seq = 2);
    ANT_TRACE(note, .task = 0);

    ant_reader *reader = recording_open();
    assert_int_equal(ant_reader_lane_max(reader), two);
    assert_int_equal(ant_reader_lane(reader, two)->index, 1);
    assert_int_equal(expect(reader, ANT_EV_lane_enter).lane, one);
    assert_int_equal(expect(reader, ANT_EV_poll_begin).task, 7);
    ant_event event = expect(reader, ANT_EV_lane_enter);
    assert_int_equal(event.lane, two);
    assert_int_equal(event.task, 0);
    assert_int_equal(expect(reader, ANT_EV_poll_begin).task, 8);
    assert_int_equal(expect(reader, ANT_EV_lane_enter).task, 7);
    assert_int_equal(expect(reader, ANT_EV_note).task, 7);
    assert_int_equal(expect(reader, ANT_EV_poll_end).task, 7);
    assert_int_equal(expect(reader, ANT_EV_note).task, 0);
    ant_reader_close(reader);
}

static void reads_the_same_after_rewinding(void **state)
{
    (void)state;
    recording_start(0);
    for (unsigned i = 0; i < 20000; i++) {
        recording_ns += i;
        ANT_TRACE(wake, .task = i, .seq = i % 128);
    }
    ant_reader *reader = recording_open();
    assert_true(ant_reader_info(reader)->chunk_count > 4);
    for (unsigned round = 0; round < 2; round++) {
        expect(reader, ANT_EV_lane_enter);
        for (unsigned i = 0; i < 20000; i++) {
            ant_event event = expect(reader, ANT_EV_wake);
            assert_int_equal(event.field[0], i);
            assert_int_equal(event.lost, 0);
        }
        ant_event event;
        assert_false(ant_reader_next(reader, &event));
        ant_reader_rewind(reader);
    }
    ant_reader_close(reader);
}

static void *slurp(size_t *ret_len)
{
    FILE *file = fopen(recording_path(), "rb");
    assert_non_null(file);
    static char bytes[1 << 20];
    *ret_len = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    void *copy = malloc(*ret_len);
    assert_non_null(copy);
    return memcpy(copy, bytes, *ret_len);
}

static void gives_the_same_bytes_in_virtual_time(void **state)
{
    (void)state;
    void *bytes[2];
    size_t len[2];
    for (unsigned run = 0; run < 2; run++) {
        ant_trace_ids_reset();
        recording_start(0);
        ant_trace_lane_enter(
            ant_trace_lane_new(ANT_LANE_WORKER, 0, "worker 0"));
        for (unsigned i = 0; i < 3000; i++) {
            recording_ns += 100;
            ANT_TRACE(note, .task = ant_trace_id_task(),
                      .text = ant_trace_string("hello"));
        }
        ant_trace_stop();
        bytes[run] = slurp(&len[run]);
    }
    assert_int_equal(len[0], len[1]);
    assert_memory_equal(bytes[0], bytes[1], len[0]);
    free(bytes[0]);
    free(bytes[1]);
}

static void counts_what_finds_no_room(void **state)
{
    (void)state;
    start_real(ANT_LEVEL_FULL, 32768);
    for (unsigned i = 0; i < 50000; i++)
        ANT_TRACE(note, .task = i);
    ant_reader *reader = recording_open();
    uint64_t got = 0;
    ant_event event;
    while (ant_reader_next(reader, &event))
        got++;
    const ant_trace_info *info = ant_reader_info(reader);
    assert_true(info->file_bytes <= 32768);
    assert_true(info->lost_count > 0);
    assert_int_equal(got + info->lost_count, 50001);
    ant_reader_close(reader);
}

static void survives_a_limit_on_file_sizes(void **state)
{
    (void)state;
    struct rlimit old;
    getrlimit(RLIMIT_FSIZE, &old);
    struct rlimit small = { 20000, old.rlim_max };
    setrlimit(RLIMIT_FSIZE, &small);
    recording_start(0);
    for (unsigned i = 0; i < 50000; i++)
        ANT_TRACE(note, .task = i);
    ant_trace_stop();
    setrlimit(RLIMIT_FSIZE, &old);
    ant_reader *reader = recording_open();
    assert_true(ant_reader_info(reader)->lost_count > 0);
    ant_reader_close(reader);
}

static void refuses_a_second_recording_and_bad_paths(void **state)
{
    (void)state;
    recording_start(0);
    const ant_trace_desc again = { .path = recording_path() };
    assert_int_equal(ant_trace_start(&again), -EBUSY);
    ant_trace_stop();
    const ant_trace_desc directory = { .path = "/tmp" };
    assert_int_equal(ant_trace_start(&directory), -EISDIR);
    const ant_trace_desc device = { .path = "/dev/null" };
    assert_int_equal(ant_trace_start(&device), -EINVAL);
    const ant_trace_desc nowhere = { .path = "/no/such/place/a.ant" };
    assert_int_equal(ant_trace_start(&nowhere), -ENOENT);
}

static void records_only_its_level(void **state)
{
    (void)state;
    start_real(ANT_LEVEL_SCHED, 0);
    ANT_TRACE(future_poll, .fut = 1);
    ANT_TRACE(note, .task = 0);
    ant_reader *reader = recording_open();
    assert_int_equal(ant_reader_info(reader)->level, ANT_LEVEL_SCHED);
    expect(reader, ANT_EV_lane_enter);
    expect(reader, ANT_EV_note);
    ant_reader_close(reader);
}

static void keeps_the_clock_going_when_it_is_replaced(void **state)
{
    (void)state;
    recording_start(0);
    recording_ns = 100;
    ANT_TRACE(note, .task = 0);
    ant_trace_clock_set(NULL, NULL);
    recording_ns = 900;
    ANT_TRACE(note, .task = 0);
    ant_trace_clock_set(recording_now, NULL);
    recording_ns = 950;
    ANT_TRACE(note, .task = 0);
    ant_reader *reader = recording_open();
    expect(reader, ANT_EV_lane_enter);
    assert_int_equal(expect(reader, ANT_EV_note).t_ns, 100);
    assert_int_equal(expect(reader, ANT_EV_note).t_ns, 100);
    assert_int_equal(expect(reader, ANT_EV_note).t_ns, 150);
    ant_reader_close(reader);
}

static void leaves_the_file_to_the_parent_after_a_fork(void **state)
{
    (void)state;
    start_real(ANT_LEVEL_FULL, 0);
    ANT_TRACE(note, .task = 1);
    pid_t child = fork();
    if (child == 0) {
        ANT_TRACE(note, .task = 2);
        ant_trace_stop();
        _exit(ant_trace_path() == NULL ? 0 : 1);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    ANT_TRACE(note, .task = 3);
    ant_reader *reader = recording_open();
    expect(reader, ANT_EV_lane_enter);
    assert_int_equal(expect(reader, ANT_EV_note).field[0], 1);
    assert_int_equal(expect(reader, ANT_EV_note).field[0], 3);
    ant_event event;
    assert_false(ant_reader_next(reader, &event));
    ant_reader_close(reader);
}

#define THREADS 4
#define EVENTS  30000u

static void record_many(void *arg)
{
    uint64_t me = *(const uint64_t *)arg;
    for (uint64_t i = 0; i < EVENTS; i++) {
        ANT_TRACE(note, .task = me,
                  .text = ant_trace_string(i % 2 ? "odd" : "even"));
    }
    ant_trace_thread_end();
}

static void keeps_every_threads_order(void **state)
{
    (void)state;
    start_real(ANT_LEVEL_FULL, 0);
    ant_os_thread thread[THREADS];
    uint64_t number[THREADS];
    for (unsigned i = 0; i < THREADS; i++) {
        number[i] = i + 1;
        assert_int_equal(ant_os_thread_start(&thread[i], "recorder",
                                             record_many, &number[i]),
                         0);
    }
    for (unsigned i = 0; i < THREADS; i++)
        ant_os_thread_join(&thread[i]);

    ant_reader *reader = recording_open();
    assert_int_equal(ant_reader_info(reader)->stream_count, THREADS);
    ant_event event;
    uint64_t last_ns = 0;
    unsigned count[THREADS + 1] = { 0 };
    while (ant_reader_next(reader, &event)) {
        assert_true(event.t_ns >= last_ns);
        last_ns = event.t_ns;
        if (event.kind != ANT_EV_note) continue;
        const ant_ev_note *note = ANT_EVENT_AS(note, &event);
        const char *text = ant_reader_string(reader, note->text);
        assert_string_equal(text, count[note->task]++ % 2 ? "odd" : "even");
    }
    for (unsigned i = 1; i <= THREADS; i++)
        assert_int_equal(count[i], EVENTS);
    ant_reader_close(reader);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, recording_setup_path,                \
                                    recording_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(records_nothing_when_off),
        TEST(gives_back_what_was_recorded),
        TEST(gives_the_same_text_the_same_number),
        TEST(knows_ten_thousand_texts),
        TEST(makes_texts_printable),
        TEST(names_types_and_their_states),
        TEST(follows_the_task_on_each_lane),
        TEST(reads_the_same_after_rewinding),
        TEST(gives_the_same_bytes_in_virtual_time),
        TEST(counts_what_finds_no_room),
        TEST(survives_a_limit_on_file_sizes),
        TEST(refuses_a_second_recording_and_bad_paths),
        TEST(records_only_its_level),
        TEST(keeps_the_clock_going_when_it_is_replaced),
        TEST(leaves_the_file_to_the_parent_after_a_fork),
        TEST(keeps_every_threads_order),
    };
    return cmocka_run_group_tests_name("trace/trace", tests, NULL, NULL);
}
