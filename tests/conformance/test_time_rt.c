// SPDX-License-Identifier: MIT
//
// What time promises inside of a runtime: Ti1 to Ti7, in the flavours that they
// concern. Where the clock is real, sleeps take a few milliseconds.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "rt/pause.h"
#include "support/flavors.h"

#define DAY_MS UINT64_C(86400000)

static int run(ant_runtime *rt, int result)
{
    ant_runtime_free(rt);
    return result;
}

// async fn doze(ms): a sleep, and when it began and ended.
struct doze {
    ant_future base;
    enum { DOZE_START, DOZE_SLEEPING } state;
    uint64_t ms;
    uint64_t began_ns; // an output
    uint64_t ended_ns; // an output
    struct ant_sleep nap;
};

ANT_ASYNC(doze)
{
    switch (self->state) {
    case DOZE_START:
        self->began_ns = ant_now_ns();
        self->nap = ant_sleep(self->ms);
        return ANT_NEXT(DOZE_SLEEPING);

    case DOZE_SLEEPING:
        ANT_AWAIT(self->nap);
        self->ended_ns = ant_now_ns();
        if (self->ended_ns - self->began_ns < self->ms * ANT_NS_PER_MS)
            return ANT_FAIL(-EPROTO);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct doze doze(uint64_t ms)
{
    return (struct doze){ ANT_INIT(doze), .ms = ms };
}

// async fn crowd_of_dozes(): forty tasks sleep side by side, while another one
// sleeps for ever.
struct dormitory {
    ant_future base;
    enum { DORMITORY_START, DORMITORY_JOINING } state;
    struct ant_join_handle for_ever;
    struct ant_join_handle bed[40];
    unsigned next;
};

ANT_ASYNC(dormitory)
{
    switch (self->state) {
    case DORMITORY_START:
        self->for_ever = ant_spawn(doze(100 * DAY_MS));
        for (unsigned i = 0; i < 40; i++)
            self->bed[i] = ant_spawn(doze(i % 5));
        return ANT_NEXT(DORMITORY_JOINING);

    case DORMITORY_JOINING:
        ANT_AWAIT(self->bed[self->next]);
        if (self->bed[self->next].base.result < 0)
            return ANT_FAIL(self->bed[self->next].base.result);
        ant_task_detach(&self->bed[self->next]);
        if (++self->next < 40) return ANT_NEXT(DORMITORY_JOINING);
        ant_task_detach(&self->for_ever);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct dormitory dormitory(void)
{
    return (struct dormitory){ ANT_INIT(dormitory) };
}

static void ti1_no_sleep_is_early(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(run(rt, ant_runtime_block_on(rt, dormitory())), 0);
}

// Ten times one after the other: a timer that comes while the driver waits for
// one that is far away. If it did not hear of it, this would not end.
struct short_naps {
    ant_future base;
    enum { SHORT_START, SHORT_SLEEPING } state;
    struct ant_join_handle for_ever;
    struct ant_join_handle nap;
    unsigned count;
};

ANT_ASYNC(short_naps)
{
    switch (self->state) {
    case SHORT_START:
        self->for_ever = ant_spawn(doze(100 * DAY_MS));
        self->nap = ant_spawn(doze(1));
        return ANT_NEXT(SHORT_SLEEPING);

    case SHORT_SLEEPING:
        ANT_AWAIT(self->nap);
        ant_task_detach(&self->nap);
        self->nap = ant_spawn(doze(1));
        if (++self->count < 10) return ANT_NEXT(SHORT_SLEEPING);
        ant_task_detach(&self->nap);
        ant_task_detach(&self->for_ever);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct short_naps short_naps(void)
{
    return (struct short_naps){ ANT_INIT(short_naps) };
}

static void ti4_an_earlier_timer_wakes_the_driver(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(run(rt, ant_runtime_block_on(rt, short_naps())), 0);
}

// ---- Time that jumps: in the simulator, and where it is paused ----

static ant_runtime *paused_runtime(void **state)
{
    return flavor_runtime(state, &(ant_runtime_desc){ .start_paused = true });
}

static void ti2_a_sleep_of_years_ends_on_time(void **state)
{
    static const unsigned bits[] = { 30, 36, 40 };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(bits); i++) {
        const uint64_t ms = (UINT64_C(1) << bits[i]) + 333;
        ant_runtime *rt = paused_runtime(state);
        struct doze out;
        assert_int_equal(ant_runtime_block_on_into(rt, &out, doze(ms)), 0);
        ant_runtime_free(rt);
        assert_true(out.ended_ns - out.began_ns - ms * ANT_NS_PER_MS <
                    ANT_NS_PER_MS);
    }
}

// The task sleeps; nobody else can run; time jumps to the very deadline.
static void ti6_paused_time_jumps_to_the_next_timer(void **state)
{
    ant_runtime *rt = paused_runtime(state);
    struct doze out;
    assert_int_equal(ant_runtime_block_on_into(rt, &out, doze(DAY_MS)), 0);
    ant_runtime_free(rt);
    assert_true(out.ended_ns - out.began_ns - DAY_MS * ANT_NS_PER_MS <
                ANT_NS_PER_MS);
}

// async fn job_and_nap(): while a job runs, no sleep of a day may end.
static ant_atomic_u32 nap_has_ended;

static int job(void *arg)
{
    (void)arg;
    // Long enough for a clock that would jump to do so; it makes no statement
    // about time.
    for (unsigned i = 0; i < 2000; i++)
        ant_os_yield();
    // acquire: pairs with the release of nap_marks().
    return (int)ant_atomic_load(&nap_has_ended, ANT_ACQUIRE);
}

struct nap_marks {
    ant_future base;
    enum { MARK_START, MARK_SLEEPING } state;
    struct ant_sleep nap;
};

ANT_ASYNC(nap_marks)
{
    switch (self->state) {
    case MARK_START:
        self->nap = ant_sleep(DAY_MS);
        return ANT_NEXT(MARK_SLEEPING);

    case MARK_SLEEPING:
        ANT_AWAIT(self->nap);
        ant_atomic_store(&nap_has_ended, 1, ANT_RELEASE);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct job_and_nap {
    ant_future base;
    enum { JOB_START, JOB_WAITING, JOB_NAPPING } state;
    struct ant_join_handle nap;
    struct ant_join_handle job;
};

ANT_ASYNC(job_and_nap)
{
    switch (self->state) {
    case JOB_START:
        ant_atomic_store(&nap_has_ended, 0, ANT_RELAXED);
        self->job = ant_spawn_blocking(job, NULL);
        self->nap = ant_spawn((struct nap_marks){ ANT_INIT(nap_marks) });
        return ANT_NEXT(JOB_WAITING);

    case JOB_WAITING:
        ANT_AWAIT(self->job);
        if (self->job.base.result != 0) return ANT_FAIL(-EPROTO);
        ant_task_detach(&self->job);
        return ANT_NEXT(JOB_NAPPING);

    case JOB_NAPPING:
        ANT_AWAIT(self->nap);
        ant_task_detach(&self->nap);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void ti6_paused_time_stands_still_while_a_job_runs(void **state)
{
    ant_runtime *rt = paused_runtime(state);
    const struct job_and_nap both = { ANT_INIT(job_and_nap) };
    assert_int_equal(run(rt, ant_runtime_block_on(rt, both)), 0);
}

// async fn advancer(): lets an hour go by.
struct advancer {
    ant_future base;
    enum { ADVANCE_START, ADVANCE_MOVING } state;
    struct ant_time_advance hour;
    uint64_t began_ns;
};

ANT_ASYNC(advancer)
{
    switch (self->state) {
    case ADVANCE_START:
        self->began_ns = ant_now_ns();
        self->hour = ant_time_advance(3600000);
        return ANT_NEXT(ADVANCE_MOVING);

    case ADVANCE_MOVING:
        ANT_AWAIT(self->hour);
        if (ant_now_ns() - self->began_ns != 3600 * ANT_NS_PER_S)
            return ANT_FAIL(-EPROTO);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void ti6_advance_moves_time_by_so_much(void **state)
{
    ant_runtime *rt = paused_runtime(state);
    const struct advancer one = { ANT_INIT(advancer) };
    assert_int_equal(run(rt, ant_runtime_block_on(rt, one)), 0);
}

// async fn pauser(): what the flavour says to a pause.
struct pauser {
    ant_future base;
    int said;
};

ANT_ASYNC(pauser)
{
    self->said = ant_time_pause();
    return ANT_READY;
}

static void ti6_several_threads_cannot_pause(void **state)
{
    ant_runtime *rt = flavor_runtime(state, NULL);
    struct pauser out;
    struct pauser one = { ANT_INIT(pauser) };
    assert_int_equal(ant_runtime_block_on_into(rt, &out, one), 0);
    ant_runtime_free(rt);
    assert_int_equal(out.said, -ENOTSUP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(ti1_no_sleep_is_early),
        EVERY_FLAVOR(ti4_an_earlier_timer_wakes_the_driver),
        FLAVOR(ti2_a_sleep_of_years_ends_on_time, current),
        FLAVOR(ti2_a_sleep_of_years_ends_on_time, sim),
        FLAVOR(ti6_paused_time_jumps_to_the_next_timer, current),
        FLAVOR(ti6_paused_time_jumps_to_the_next_timer, sim),
        FLAVOR(ti6_paused_time_stands_still_while_a_job_runs, current),
        FLAVOR(ti6_paused_time_stands_still_while_a_job_runs, sim),
        FLAVOR(ti6_advance_moves_time_by_so_much, current),
        FLAVOR(ti6_advance_moves_time_by_so_much, sim),
        FLAVOR(ti6_several_threads_cannot_pause, multi),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
