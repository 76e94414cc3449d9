// SPDX-License-Identifier: MIT

#include "support/trial.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "mock/mock_task.h"
#include "support/files.h"
#include "support/flavors.h"

// So many milliseconds the driver has to bring what was supplied.
#define NAPS_MAX 2000

typedef enum moment {
    NEW,           // before its first poll
    WAITING,       // before the wake
    WOKEN,         // after the wake, before the poll
    IN_WAKE,       // by the waker that wakes it
    IN_WAKER_DROP, // by its waker that is dropped behind the wake
    MOMENT_COUNT,
} moment;

// async fn trial(kind, when): drops one future, and awaits the next.
struct trial {
    ant_future base;
    enum {
        TRIAL_START,
        TRIAL_PREPARING,
        TRIAL_BEGINNING,
        TRIAL_STEPPING,
        TRIAL_NAPPING,
        TRIAL_AGAIN,
        TRIAL_END
    } state;
    const operation *kind;
    moment when;
    ant_mock_task task;
    ant_mock_clock clock; // stands still: no time limit ends the victim
    ant_future *victim;
    bool has_ended; // the victim, by itself
    unsigned steps; // that it has taken
    unsigned naps;
    struct ant_sleep nap;
    struct ant_borrow other; // what prepares, and who comes after the victim
};

static void drop_victim(void *arg)
{
    ant_future_drop(arg);
}

static void poll_victim(struct trial *self)
{
    self->has_ended =
        ant_mock_task_poll(&self->task, self->victim) == ANT_READY;
    if (self->has_ended && !self->kind->may_end)
        fail_msg("%s: it does not wait", self->kind->name);
}

// Has it wait for the first time.
static void begin(struct trial *self)
{
    ant_mock_task_init(&self->task, 1);
    ant_mock_clock_init(&self->clock);
    self->task.clock = &self->clock;
    self->victim = self->kind->start(0);
    if (self->when != NEW) poll_victim(self);
}

// Makes ready what it waits for; but what is dropped before the wake is dropped
// before that.
static int supply(struct trial *self)
{
    if (self->when < WOKEN) ant_future_drop(self->victim);
    if (self->when > WOKEN)
        ant_mock_task_set_evil(&self->task,
                               self->when == IN_WAKE ? ANT_MOCK_ON_WAKE
                                                     : ANT_MOCK_ON_DROP,
                               drop_victim, self->victim);
    return self->kind->supply != NULL ? self->kind->supply() : 0;
}

// Was it woken? A thread of the pool gives its waker back a moment later.
static bool is_over(const struct trial *self)
{
    if (self->has_ended) return true;
    return ant_mock_task_is_woken(&self->task) &&
           (!self->kind->may_end || ant_mock_task_waker_refs(&self->task) == 0);
}

static ant_poll go_on(struct trial *self)
{
    self->nap = ant_sleep(1);
    if (self->when != NEW && self->steps < self->kind->steps)
        return ANT_NEXT(TRIAL_STEPPING);
    return supply(self) < 0 ? ANT_FAIL(-EIO) : ANT_NEXT(TRIAL_NAPPING);
}

// It is not woken yet.
static ant_poll look_again(struct trial *self)
{
    if (self->naps++ == NAPS_MAX) return ANT_FAIL(-ETIMEDOUT);
    self->nap = ant_sleep(1);
    return ANT_NEXT(self->state);
}

ANT_ASYNC(trial)
{
    switch (self->state) {
    case TRIAL_START:
        if (self->kind->set_up != NULL && self->kind->set_up() < 0)
            return ANT_FAIL(-EIO);
        self->nap = ant_sleep(1); // what is under way arrives
        if (self->kind->prepare == NULL) return ANT_NEXT(TRIAL_BEGINNING);
        self->other = ant_borrow(self->kind->prepare());
        return ANT_NEXT(TRIAL_PREPARING);

    case TRIAL_PREPARING:
        ANT_AWAIT(self->other);
        if (self->other.base.result < 0) return ANT_FAIL(-EIO);
        return ANT_NEXT(TRIAL_BEGINNING);

    case TRIAL_BEGINNING:
        ANT_AWAIT(self->nap);
        begin(self);
        return go_on(self);

    case TRIAL_STEPPING:
        ANT_AWAIT(self->nap);
        if (!is_over(self)) return look_again(self);
        poll_victim(self);
        self->steps++;
        return go_on(self);

    case TRIAL_NAPPING:
        ANT_AWAIT(self->nap);
        if (self->when >= WOKEN && !is_over(self)) return look_again(self);
        ant_future_drop(self->victim);
        if (ant_mock_task_waker_refs(&self->task) != 0) return ANT_FAIL(-EBUSY);
        ant_mock_clock_deinit(&self->clock);
        self->other = ant_borrow(self->kind->start(1));
        return ANT_NEXT(TRIAL_AGAIN);

    case TRIAL_AGAIN:
        ANT_AWAIT(self->other);
        if (!self->kind->is_served()) return ANT_FAIL(-EPROTO);
        self->nap = ant_sleep(1); // a guest may not know yet that he is in
        return ANT_NEXT(TRIAL_END);

    case TRIAL_END:
        ANT_AWAIT(self->nap);
        if (self->kind->tear_down != NULL) self->kind->tear_down();
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void run_cell(void **state, const operation *kind, moment when)
{
    const uint64_t blocks = ant_mem_live_count();
    const int fds = fd_count();
    ant_runtime *rt =
        flavor_runtime(state, &(ant_runtime_desc){ .worker_count = 1 });
    const int result =
        ant_runtime_block_on(rt, ANT_FUTURE(trial, .kind = kind, .when = when));
    ant_runtime_free(rt);
    if (result != 0)
        fail_msg("%s, moment %d: %s", kind->name, (int)when,
                 ant_err_name(result));
    assert_int_equal(ant_mem_live_count(), blocks);
    assert_int_equal(fd_count(), fds);
}

void trial_run(void **state, const operation *operations, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const int moments = operations[i].may_end ? IN_WAKE : MOMENT_COUNT;
        for (int when = 0; when < moments; when++)
            run_cell(state, &operations[i], (moment)when);
    }
}
