// SPDX-License-Identifier: MIT
//
// Two jobs of a second are given to a pool of one thread. After 100 ms both are
// aborted. What becomes of them?

#include <antfarm.h>
#include <errno.h>
#include <stdio.h>

// A library that knows nothing of aborts.
static int work(void *arg)
{
    (void)arg;
    ant_thread_sleep(1000);
    return 0;
}

static void tell(const char *which, const struct ant_join_handle *job)
{
    bool is_aborted = job->base.result == -ECANCELED;
    const char *how = is_aborted ? "never began" : "ran to its end";
    printf("the %s job %s\n", which, how);
    ant_note("the %s job %s", which, how);
}

// async fn office(): two jobs, and a change of mind.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_THINKING, OFFICE_FIRST, OFFICE_SECOND } state;
    struct ant_join_handle first, second;
    struct ant_sleep doubts;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    //@ begin abort
    case OFFICE_START:
        self->first = ant_spawn_blocking(work, NULL);
        self->second = ant_spawn_blocking(work, NULL);
        self->doubts = ant_sleep(100);
        return ANT_NEXT(OFFICE_THINKING);

    case OFFICE_THINKING:
        ANT_AWAIT(self->doubts);
        ant_task_abort(&self->first);
        ant_task_abort(&self->second);
        return ANT_NEXT(OFFICE_SECOND);
        //@ end abort

    case OFFICE_SECOND:
        ANT_AWAIT(self->second);
        tell("second", &self->second);
        return ANT_NEXT(OFFICE_FIRST);

    case OFFICE_FIRST:
        ANT_AWAIT(self->first);
        tell("first", &self->first);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(office)

int main(void)
{
    ant_runtime *runtime;
    const ant_runtime_desc desc = { .blocking_max = 1 };
    int err = ant_runtime_new(&desc, &runtime);
    if (err < 0) return 2;
    err = ant_runtime_block_on(runtime, office());
    ant_runtime_free(runtime);
    return err < 0 ? 1 : 0;
}
