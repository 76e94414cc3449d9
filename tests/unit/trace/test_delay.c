// SPDX-License-Identifier: MIT
//
// What the machine takes from a thread is in the recording. Two threads that
// compute on one processor take it from each other, on any machine.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>

#include "base/os.h"
#include "support/recording.h"
#include "trace/delay.h"
#include "trace/sink.h"
#include "trace/stream.h"
#include "trace/trace.h"

// So much has to be lost before a test looks at what was told.
#define LOST_NS (20 * ANT_NS_PER_MS)

static cpu_set_t usual;
static ant_atomic_u8 is_done;

static void compute(void *arg)
{
    (void)arg;
    while (ant_atomic_load(&is_done, ANT_RELAXED) == 0)
        ant_os_cpu_relax();
}

// This thread and those that it starts are on one processor.
static void crowd(void)
{
    assert_int_equal(sched_getaffinity(0, sizeof usual, &usual), 0);
    size_t cpu = 0;
    while (!CPU_ISSET(cpu, &usual))
        cpu++;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    assert_int_equal(sched_setaffinity(0, sizeof one, &one), 0);
}

static void uncrowd(void)
{
    assert_int_equal(sched_setaffinity(0, sizeof usual, &usual), 0);
}

// What a second watcher of the same thread says that it has lost.
static uint64_t lost_ns(ant_delay *watcher)
{
    uint64_t since_ns;
    ant_delay_sum lost;
    (void)ant_delay_ask(watcher, ant_os_now_ns(), &since_ns, &lost);
    return lost.ready_ns;
}

static void record_in_a_crowd(uint64_t (*now_ns)(void *arg))
{
    const ant_trace_desc desc = { .path = recording_path(), .now_ns = now_ns };
    assert_int_equal(ant_trace_start(&desc), 0);
    ant_os_thread other;
    ant_delay watcher;
    ant_delay_open(&watcher, ant_os_now_ns());
    if (watcher.fd < 0) skip(); // this system does not tell

    ant_atomic_store(&is_done, 0, ANT_RELAXED);
    crowd();
    assert_int_equal(ant_os_thread_start(&other, "other", compute, NULL), 0);
    ANT_TRACE(note, .task = 1);
    (void)lost_ns(&watcher); // before the recording
    uint64_t ns = 0;
    while (ns < LOST_NS) {
        ANT_TRACE(note, .task = 2);
        ns += lost_ns(&watcher);
    }
    ANT_TRACE(note, .task = 3); // what came last was lost before this
    ant_atomic_store(&is_done, 1, ANT_RELAXED);
    ant_os_thread_join(&other);
    uncrowd();
    ant_delay_close(&watcher);
}

// All that the recording tells, and in how many events.
static uint64_t told_ns(unsigned *ret_count)
{
    ant_reader *reader = recording_open();
    uint64_t ns = 0;
    ant_event event;
    *ret_count = 0;
    while (ant_reader_next(reader, &event)) {
        if (event.kind != ANT_EV_lane_late) continue;
        const ant_ev_lane_late *late = ANT_EVENT_AS(lane_late, &event);
        assert_true(late->since <= event.t_ns);
        ns += late->ns;
        ++*ret_count;
    }
    ant_reader_close(reader);
    return ns;
}

static void what_the_machine_takes_is_told(void **state)
{
    (void)state;
    unsigned count;
    record_in_a_crowd(NULL);
    // Some is lost in pieces that are not worth a word.
    assert_true(told_ns(&count) >= LOST_NS / 2);
    assert_true(count > 0);
}

static uint64_t still_ns(void *arg)
{
    static uint64_t looks;
    (void)arg;
    return looks++ * ANT_NS_PER_MS;
}

static void in_a_time_of_its_own_nothing_is_lost(void **state)
{
    (void)state;
    unsigned count;
    record_in_a_crowd(still_ns);
    assert_int_equal(told_ns(&count), 0);
    assert_int_equal(count, 0);
}

static ant_os_mutex lock = ANT_OS_MUTEX_INIT;

static void wait_for_the_lock(void *arg)
{
    uint64_t *locked_ns = arg;
    const uint64_t before_ns = ant_os_locked_out_ns();
    ant_os_mutex_lock(&lock);
    ant_os_mutex_unlock(&lock);
    *locked_ns = ant_os_locked_out_ns() - before_ns;
}

static void who_waits_for_a_lock_of_the_runtime_counts_it(void **state)
{
    (void)state;
    uint64_t locked_ns = 0;
    ant_os_thread other;
    ant_os_mutex_lock(&lock);
    assert_int_equal(
        ant_os_thread_start(&other, "other", wait_for_the_lock, &locked_ns), 0);
    while (ant_atomic_load(&lock.state, ANT_RELAXED) != ANT_OS_MUTEX_WAITED)
        ant_os_yield();
    ant_os_mutex_unlock(&lock);
    ant_os_thread_join(&other);
    assert_true(locked_ns > 0);
}

static void what_is_lost_after_the_event_is_told_with_the_next(void **state)
{
    (void)state;
    ant_delay watcher, other;
    const uint64_t start_ns = ant_os_now_ns();
    ant_delay_open(&watcher, start_ns);
    ant_delay_open(&other, start_ns);
    if (watcher.fd < 0) skip(); // this system does not tell
    ant_os_thread thread;
    ant_atomic_store(&is_done, 0, ANT_RELAXED);
    crowd();
    assert_int_equal(ant_os_thread_start(&thread, "other", compute, NULL), 0);
    uint64_t all_ns = 0;
    // Looking so often, it takes more for lost than there is.
    while (all_ns < 2 * LOST_NS)
        all_ns += lost_ns(&other);

    // An event of which the clock was read before all that, and the next one.
    uint64_t since_ns;
    ant_delay_sum first, second;
    const uint64_t event_ns = start_ns + ANT_NS_PER_MS;
    (void)ant_delay_ask(&watcher, event_ns, &since_ns, &first);
    assert_int_equal(since_ns, start_ns);
    (void)ant_delay_ask(&watcher, ant_os_now_ns(), &since_ns, &second);
    assert_int_equal(since_ns, event_ns);
    ant_atomic_store(&is_done, 1, ANT_RELAXED);
    ant_os_thread_join(&thread);
    uncrowd();
    assert_int_equal(first.ready_ns + first.locked_ns, ANT_NS_PER_MS);
    assert_true(second.ready_ns >= LOST_NS / 2);
    ant_delay_close(&watcher);
    ant_delay_close(&other);
}

// A file that is full is asked for room now and then, not for each event.
static void an_event_that_is_lost_takes_no_look_at_the_clocks(void **state)
{
    (void)state;
    const ant_trace_desc desc = { .path = recording_path(),
                                  .bytes_max = 3 * ANT_CHUNK_BYTES_MIN };
    const uint64_t origin_ns = 0;
    const uint64_t lane = 1;
    ant_sink sink;
    ant_trace_stream stream;
    assert_int_equal(ant_sink_open(&sink, &desc, 0), 0);
    ant_trace_stream_init(&stream, &sink, 0, &origin_ns, false);
    ant_delay_open(&stream.delay, 1);
    if (stream.delay.fd < 0) skip(); // this system does not tell

    while (ant_trace_stream_put(&stream, 1, ANT_EV_lane_enter, &lane, 1)) {
    }
    const uint64_t looked_ns = stream.delay.mark.wall_ns;
    for (int i = 0; i < 100; i++)
        assert_false(
            ant_trace_stream_put(&stream, 1, ANT_EV_lane_enter, &lane, 1));
    assert_int_equal(stream.delay.mark.wall_ns, looked_ns);
    assert_int_equal(stream.lost, 101);
    ant_delay_close(&stream.delay);
    ant_trace_stream_seal(&stream);
    ant_sink_close(&sink);
}

static void the_host_takes_what_nothing_else_explains(void **state)
{
    (void)state;
    const ant_delay_mark then = { 1000, 500, 7 };
    static const struct {
        ant_delay_mark now;
        ant_delay_rests rests;
        uint64_t known_ns;
        uint64_t taken_ns;
    } cases[] = {
        { { 9000, 8500, 7 }, { 0 }, 0, 0 },          // it computed all the time
        { { 9000, 1500, 7 }, { 0 }, 7000, 0 },       // it was in the run queue
        { { 9000, 1500, 7 }, { 0 }, 2000, 5000 },    // in part
        { { 9000, 1500, 8 }, { 0 }, 0, 0 },          // it slept
        { { 9000, 1500, 8 }, { 1, 4000 }, 0, 3000 }, // but not so long
        { { 9000, 1500, 9 }, { 1, 4000 }, 0, 0 },    // it was parked, and slept
        { { 9000, 8900, 7 }, { 0 }, 0, 0 }, // the clocks are not the same
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(ant__delay_taken_ns(&then, &cases[i].now,
                                             cases[i].rests, cases[i].known_ns),
                         cases[i].taken_ns);
}

int main(void)
{
#define RECORDS(name)                                                          \
    cmocka_unit_test_setup_teardown(name, recording_setup_path,                \
                                    recording_teardown)
    const struct CMUnitTest tests[] = {
        RECORDS(what_the_machine_takes_is_told),
        RECORDS(in_a_time_of_its_own_nothing_is_lost),
        cmocka_unit_test(who_waits_for_a_lock_of_the_runtime_counts_it),
        cmocka_unit_test(what_is_lost_after_the_event_is_told_with_the_next),
        RECORDS(an_event_that_is_lost_takes_no_look_at_the_clocks),
        cmocka_unit_test(the_host_takes_what_nothing_else_explains),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
