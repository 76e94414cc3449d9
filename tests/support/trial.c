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
        TRIAL_BEGINNING,
        TRIAL_NAPPING,
        TRIAL_AGAIN,
        TRIAL_END
    } state;
    const operation *kind;
    moment when;
    ant_mock_task task;
    ant_future *victim;
    bool has_ended; // the victim, by itself
    unsigned naps;
    struct ant_sleep nap;
    struct ant_borrow again;
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

// Has it wait, and makes ready what it waits for; but what is dropped before
// the wake is dropped before that.
static int begin(struct trial *self)
{
    ant_mock_task_init(&self->task, 1);
    self->victim = self->kind->start(0);
    if (self->when != NEW) poll_victim(self);
    if (self->when < WOKEN) ant_future_drop(self->victim);
    if (self->when > WOKEN)
        ant_mock_task_set_evil(&self->task,
                               self->when == IN_WAKE ? ANT_MOCK_ON_WAKE
                                                     : ANT_MOCK_ON_DROP,
                               drop_victim, self->victim);
    return self->kind->supply();
}

// Was it woken? A thread of the pool gives its waker back a moment later.
static bool is_over(const struct trial *self)
{
    if (self->has_ended) return true;
    return ant_mock_task_is_woken(&self->task) &&
           (!self->kind->may_end || ant_mock_task_waker_refs(&self->task) == 0);
}

ANT_ASYNC(trial)
{
    switch (self->state) {
    case TRIAL_START:
        if (self->kind->set_up() < 0) return ANT_FAIL(-EIO);
        self->nap = ant_sleep(1); // what is under way arrives
        return ANT_NEXT(TRIAL_BEGINNING);

    case TRIAL_BEGINNING:
        ANT_AWAIT(self->nap);
        if (begin(self) < 0) return ANT_FAIL(-EIO);
        self->nap = ant_sleep(1);
        return ANT_NEXT(TRIAL_NAPPING);

    case TRIAL_NAPPING:
        ANT_AWAIT(self->nap);
        if (self->when >= WOKEN && !is_over(self)) {
            if (self->naps++ == NAPS_MAX) return ANT_FAIL(-ETIMEDOUT);
            self->nap = ant_sleep(1);
            return ANT_NEXT(TRIAL_NAPPING);
        }
        ant_future_drop(self->victim);
        if (ant_mock_task_waker_refs(&self->task) != 0) return ANT_FAIL(-EBUSY);
        self->again = ant_borrow(self->kind->start(1));
        return ANT_NEXT(TRIAL_AGAIN);

    case TRIAL_AGAIN:
        ANT_AWAIT(self->again);
        if (!self->kind->is_served()) return ANT_FAIL(-EPROTO);
        self->nap = ant_sleep(1); // a guest may not know yet that he is in
        return ANT_NEXT(TRIAL_END);

    case TRIAL_END:
        ANT_AWAIT(self->nap);
        self->kind->tear_down();
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
