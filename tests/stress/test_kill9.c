// SPDX-License-Identifier: MIT
//
// Programs killed with SIGKILL at random moments while four threads record.
// Every file opens without damage, and everything that was stored before the
// kill is in it: a thread says in shared memory how many events it has stored.

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/atomic.h"
#include "base/os.h"
#include "base/rng.h"
#include "support/recording.h"
#include "trace/trace.h"

#define ROUNDS       100u
#define THREADS      4u
#define DELAY_NS_MAX (40 * ANT_NS_PER_MS)

// Shared with the program that is killed.
typedef struct progress {
    ANT_CACHE_ALIGNED ant_atomic_u64 stored[THREADS];
} progress;

typedef struct writer {
    progress *progress;
    uint32_t number; // 0 to THREADS - 1
} writer;

static void record_for_ever(void *arg)
{
    const writer *w = arg;
    char text[32];
    for (uint64_t n = 0;; n++) {
        // Now and then a new text, so that the stream of names is busy too.
        snprintf(text, sizeof text, "%u-%u", w->number, (unsigned)(n / 1000));
        ANT_TRACE(note, .task = w->number + 1, .text = ant_trace_string(text));
        ANT_TRACE(chan_send, .res = 1, .task = w->number + 1, .len = n);
        // release: the event comes before the count, for whoever reads both.
        ant_atomic_store(&w->progress->stored[w->number], n + 1, ANT_RELEASE);
    }
}

ANT_NORETURN static void be_the_program(progress *shared)
{
    static writer writers[THREADS];
    static ant_os_thread threads[THREADS];
    const ant_trace_desc desc = { .path = recording_path() };
    if (ant_trace_start(&desc) < 0) _exit(1);
    for (uint32_t i = 0; i < THREADS; i++) {
        writers[i] = (writer){ shared, i };
        int err = ant_os_thread_start(&threads[i], "writer", record_for_ever,
                                      &writers[i]);
        if (err < 0) _exit(1);
    }
    for (;;)
        pause();
}

static void run_and_kill(progress *shared, uint64_t delay_ns)
{
    unlink(recording_path());
    pid_t child = fork();
    if (child == 0) be_the_program(shared);
    assert_true(child > 0);
    ant_os_sleep_ns(delay_ns);
    kill(child, SIGKILL);
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
}

// Counts what the file holds of each thread, and that nothing is missing
// between. An early kill may leave no whole head: then nothing was stored.
static void judge_file(const progress *shared)
{
    uint64_t got[THREADS] = { 0 };
    ant_reader *reader = NULL;
    if (ant_reader_open(recording_path(), &reader, NULL) == 0) {
        ant_event event;
        while (ant_reader_next(reader, &event)) {
            if (event.kind == ANT_EV_note) {
                uint64_t text = ANT_EVENT_AS(note, &event)->text;
                assert_string_not_equal(ant_reader_string(reader, text), "?");
            }
            if (event.kind != ANT_EV_chan_send) continue;
            const ant_ev_chan_send *send = ANT_EVENT_AS(chan_send, &event);
            assert_in_range(send->task, 1, THREADS);
            assert_int_equal(send->len, got[send->task - 1]);
            got[send->task - 1]++;
        }
        const ant_trace_info *info = ant_reader_info(reader);
        assert_int_equal(info->chunk_bad_count, 0);
        assert_false(info->is_closed);
        ant_reader_close(reader);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        uint64_t stored = ant_atomic_load(&shared->stored[i], ANT_ACQUIRE);
        // A thread may have stored one more than it had time to say.
        assert_in_range(got[i], stored, stored + 1);
    }
}

static void nothing_that_was_stored_is_lost(void **state)
{
    (void)state;
    const char *seed_text = getenv("ANT_TEST_SEED");
    uint64_t seed = seed_text != NULL ? strtoull(seed_text, NULL, 10)
                                      : ant_os_now_ns() % 1000000;
    printf("repeat: ANT_TEST_SEED=%llu make stress T=tests/stress/test_kill9\n",
           (unsigned long long)seed);
    ant_rng rng = ant_rng_init(seed);
    progress *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    assert_true(shared != MAP_FAILED);
    for (unsigned round = 0; round < ROUNDS; round++) {
        for (unsigned i = 0; i < THREADS; i++) {
            ant_atomic_store(&shared->stored[i], 0, ANT_RELAXED);
        }
        run_and_kill(shared, ant_rng_below(&rng, (uint32_t)DELAY_NS_MAX));
        judge_file(shared);
    }
    munmap(shared, sizeof *shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_that_was_stored_is_lost,
                                        recording_setup_path,
                                        recording_teardown),
    };
    return cmocka_run_group_tests_name("kill9", tests, NULL, NULL);
}
