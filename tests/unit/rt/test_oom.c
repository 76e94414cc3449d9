// SPDX-License-Identifier: MIT
//
// A program in which each allocation fails once: it ends with an error or it
// ends well, and nothing is lost either way. What a failure may not do is to
// hang, to crash or to leak.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "support/flavors.h"

#define CHILDREN 4
// More than the program ever allocates.
#define ALLOCATIONS_MAX 120

static int job(void *arg)
{
    (void)arg;
    return 0;
}

// async fn child(fails): sleeps, has a job done, and fails or panics or not.
struct child {
    ant_future base;
    enum { CHILD_START, CHILD_SLEEPING, CHILD_JOINING } state;
    unsigned number;
    struct ant_sleep nap;
    struct ant_join_handle job;
};

ANT_ASYNC_WITH_DROP(child)
{
    switch (self->state) {
    case CHILD_START:
        self->nap = ant_sleep(self->number);
        return ANT_NEXT(CHILD_SLEEPING);

    case CHILD_SLEEPING:
        ANT_AWAIT(self->nap);
        self->job = ant_spawn_blocking(job, NULL);
        return ANT_NEXT(CHILD_JOINING);

    case CHILD_JOINING:
        ANT_AWAIT(self->job);
        ant_task_detach(&self->job);
        if (self->number == 1) return ANT_FAIL(-EIO);
        if (self->number == 2) ant_panic("child 2");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void child_drop(struct child *self)
{
    ant_future_drop(&self->nap.base);
    ant_task_detach(&self->job);
}

static struct child child(unsigned number)
{
    return (struct child){ ANT_INIT(child), .number = number };
}

struct parent {
    ant_future base;
    enum { PARENT_START, PARENT_JOINING } state;
    struct ant_join_handle child[CHILDREN];
    struct ant_join all;
};

ANT_ASYNC(parent)
{
    switch (self->state) {
    case PARENT_START:
        for (unsigned i = 0; i < CHILDREN; i++)
            self->child[i] = ant_spawn(child(i));
        ant_task_abort(&self->child[3]);
        self->all = ant_join(&self->child[0].base, &self->child[1].base,
                             &self->child[2].base, &self->child[3].base);
        return ANT_NEXT(PARENT_JOINING);

    case PARENT_JOINING:
        ANT_AWAIT(self->all);
        for (unsigned i = 0; i < CHILDREN; i++)
            ant_task_detach(&self->child[i]);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct parent parent(void)
{
    return (struct parent){ ANT_INIT(parent) };
}

static void run_with_failure(void **state, uint64_t nth, int is_sticky)
{
    const uint64_t before = ant_mem_live_count();
    ant_runtime *rt = flavor_runtime(state, NULL);
    ant_mem_fail_nth(nth, is_sticky);
    const int result = ant_runtime_block_on(rt, parent());
    ant_mem_fail_nth(0, 0);
    ant_runtime_free(rt);
    if (result != 0 && result != -ENOMEM)
        fail_msg("allocation %u: the result is %d", (unsigned)nth, result);
    if (ant_mem_live_count() != before)
        fail_msg("allocation %u: blocks are lost", (unsigned)nth);
}

static void any_allocation_may_fail(void **state)
{
    for (uint64_t nth = 1; nth <= ALLOCATIONS_MAX; nth++)
        run_with_failure(state, nth, 0);
}

static void all_allocations_may_fail_from_one_on(void **state)
{
    for (uint64_t nth = 1; nth <= ALLOCATIONS_MAX; nth++)
        run_with_failure(state, nth, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(any_allocation_may_fail),
        EVERY_FLAVOR(all_allocations_may_fail_from_one_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
