// SPDX-License-Identifier: MIT
//
// Tests of base/os.

#include "base/os.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"

// Two threads and the lock, the condition and the number between them.
typedef struct meeting {
    ant_os_mutex mutex;
    ant_os_cond cond;
    int count; // under mutex
} meeting;

static void meeting_init(meeting *m)
{
    *m = (meeting){ 0 };
    ant_os_mutex_init(&m->mutex);
    ant_os_cond_init(&m->cond);
}

static void meeting_deinit(meeting *m)
{
    ant_os_cond_deinit(&m->cond);
    ant_os_mutex_deinit(&m->mutex);
}

// Waits until the count is `count` and makes one more of it.
static void take_turn(meeting *m, int count)
{
    ant_os_mutex_lock(&m->mutex);
    while (m->count != count) {
        ant_os_cond_wait(&m->cond, &m->mutex);
    }
    m->count++;
    ant_os_cond_broadcast(&m->cond);
    ant_os_mutex_unlock(&m->mutex);
}

static void take_odd_turns(void *arg)
{
    for (int i = 1; i < 200; i += 2) {
        take_turn(arg, i);
    }
}

static void two_threads_take_turns(void **state)
{
    (void)state;
    meeting m;
    meeting_init(&m);
    ant_os_thread other;
    assert_int_equal(ant_os_thread_start(&other, "odd", take_odd_turns, &m), 0);
    for (int i = 0; i < 200; i += 2) {
        take_turn(&m, i);
    }
    ant_os_thread_join(&other);
    assert_int_equal(m.count, 200);
    meeting_deinit(&m);
}

static void try_lock_says_no_while_held(void **state)
{
    (void)state;
    ant_os_mutex mutex = ANT_OS_MUTEX_INIT;
    assert_true(ant_os_mutex_try_lock(&mutex));
    assert_false(ant_os_mutex_try_lock(&mutex));
    ant_os_mutex_unlock(&mutex);
    assert_true(ant_os_mutex_try_lock(&mutex));
    ant_os_mutex_unlock(&mutex);
    ant_os_mutex_deinit(&mutex);
}

static void a_wait_ends_at_its_deadline(void **state)
{
    (void)state;
    meeting m;
    meeting_init(&m);
    ant_os_mutex_lock(&m.mutex);
    uint64_t deadline_ns = ant_os_now_ns() + ANT_NS_PER_MS;
    // A condition may wake for no reason; the deadline ends the loop.
    while (ant_os_cond_wait_until(&m.cond, &m.mutex, deadline_ns)) {
    }
    assert_true(ant_os_now_ns() >= deadline_ns);
    assert_false(ant_os_cond_wait_until(&m.cond, &m.mutex, 0));
    ant_os_mutex_unlock(&m.mutex);
    meeting_deinit(&m);
}

static void wait_without_a_deadline_is_woken(void **state)
{
    (void)state;
    meeting m;
    meeting_init(&m);
    ant_os_thread other;
    assert_int_equal(ant_os_thread_start(&other, "odd", take_odd_turns, &m), 0);
    ant_os_mutex_lock(&m.mutex);
    m.count = 1;
    ant_os_cond_broadcast(&m.cond);
    while (m.count == 1) {
        assert_true(ant_os_cond_wait_until(&m.cond, &m.mutex, ANT_NS_NEVER));
    }
    ant_os_mutex_unlock(&m.mutex);
    for (int i = 2; i < 200; i += 2) {
        take_turn(&m, i);
    }
    ant_os_thread_join(&other);
    meeting_deinit(&m);
}

// What a thread sees of itself.
typedef struct self_view {
    char name[16];
    sigset_t blocked;
} self_view;

static void look_at_yourself(void *arg)
{
    self_view *view = arg;
    pthread_getname_np(pthread_self(), view->name, sizeof(view->name));
    pthread_sigmask(SIG_BLOCK, NULL, &view->blocked);
}

static void threads_have_names_and_leave_signals_alone(void **state)
{
    (void)state;
    self_view view;
    ant_os_thread thread;
    int err = ant_os_thread_start(&thread, "a-name-of-some-length",
                                  look_at_yourself, &view);
    assert_int_equal(err, 0);
    ant_os_thread_join(&thread);
    assert_string_equal(view.name, "a-name-of-some-");

    assert_true(sigismember(&view.blocked, SIGINT));
    assert_true(sigismember(&view.blocked, SIGTERM));
    assert_false(sigismember(&view.blocked, SIGSEGV));
    assert_false(sigismember(&view.blocked, SIGABRT));

    sigset_t own;
    pthread_sigmask(SIG_BLOCK, NULL, &own);
    assert_false(sigismember(&own, SIGINT));
}

static void starting_without_memory_is_an_error(void **state)
{
    (void)state;
    ant_os_thread thread;
    ant_mem_fail_nth(1, 0);
    int err = ant_os_thread_start(&thread, "never", look_at_yourself, NULL);
    assert_int_equal(err, -ENOMEM);
}

static void counts_threads_and_cpus(void **state)
{
    (void)state;
    int before = ant_os_thread_count();
    assert_true(before >= 1);
    meeting m;
    meeting_init(&m);
    ant_os_thread other;
    assert_int_equal(ant_os_thread_start(&other, "odd", take_odd_turns, &m), 0);
    assert_true(ant_os_thread_count() >= 2);
    for (int i = 0; i < 200; i += 2) {
        take_turn(&m, i);
    }
    ant_os_thread_detach(&other);
    // After this turn the other has let go of the lock for good.
    take_turn(&m, 200);

    // The kernel forgets a thread a moment after its last instruction.
    for (int i = 0; i < 1000000 && ant_os_thread_count() > before; i++) {
        ant_os_yield();
    }
    assert_true(ant_os_thread_count() <= before);
    meeting_deinit(&m);
    assert_true(ant_os_cpu_count() >= 1);
}

static void time_moves_forward(void **state)
{
    (void)state;
    uint64_t before = ant_os_now_ns();
    ant_os_sleep_ns(ANT_NS_PER_MS);
    assert_true(ant_os_now_ns() >= before + ANT_NS_PER_MS);

    // 2020 is over; a wall clock in milliseconds would fail this.
    assert_true(ant_os_wall_ns() > UINT64_C(1577836800) * ANT_NS_PER_S);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_threads_take_turns),
        cmocka_unit_test(try_lock_says_no_while_held),
        cmocka_unit_test(a_wait_ends_at_its_deadline),
        cmocka_unit_test(wait_without_a_deadline_is_woken),
        cmocka_unit_test(threads_have_names_and_leave_signals_alone),
        cmocka_unit_test(starting_without_memory_is_an_error),
        cmocka_unit_test(counts_threads_and_cpus),
        cmocka_unit_test(time_moves_forward),
    };
    return cmocka_run_group_tests_name("base/os", tests, NULL, NULL);
}
