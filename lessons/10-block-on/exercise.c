// SPDX-License-Identifier: MIT
//
// Tea, toast, and a countdown. Whenever one of the three is woken, this
// executor looks at all of them. It should look only at those that were woken.

#include <antfarm.h>
#include <stdio.h>

// A job is a future with an executor that runs it.
struct job {
    ant_wakeable wakeable; // what its waker leads to
    ant_future *future;
};

static ant_waker sleeper; // calls the executor when it sleeps
static ant_atomic_u32 is_woken = 1;

// There is one executor, and it is never freed: nothing has to be counted.
static void on_count(ant_wakeable *self)
{
    (void)self;
}

static void on_wake(ant_wakeable *self, ant_why why)
{
    (void)why;
    (void)self;
    ant_waker caller = ant_waker_clone(&sleeper); // while it is there
    // release: pairs with the acquire in run
    ant_atomic_store(&is_woken, 1, ANT_RELEASE); //@ todo which job?
    ant_waker_wake(&caller);
}

static const ant_waker_ops ops = { on_count, on_wake, on_count, NULL };

// async fn countdown(): a future that wakes itself until nothing is left.
ANT_ASYNC_FN(countdown, int left)
{
    if (self->left == 0) return ANT_READY;
    self->left--;
    ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

// async fn run(): three jobs, each to its end.
struct run {
    ant_future base;
    struct job job[3];
    struct ant_sleep tea, toast;
    struct countdown countdown;
    int done;
};

// Polls a job with its own waker; a job that is over has no future.
static void look(struct run *self, struct job *job, const ant_cx *cx)
{
    ant_cx its = *cx;
    its.waker.target = &job->wakeable;
    if (ant_future_poll(job->future, &its) == ANT_PENDING) return;
    job->future = NULL;
    self->done++;
}

static void begin(struct run *self, const ant_cx *cx)
{
    ant_future *future[] = { &self->tea.base, &self->toast.base,
                             &self->countdown.base };
    sleeper = ant_waker_clone(&cx->waker);
    for (int i = 0; i < 3; i++)
        self->job[i] = (struct job){ { &ops }, future[i] };
}

ANT_ASYNC(run)
{
    if (!ant_waker_is_set(&sleeper)) begin(self, cx);
    // acquire: pairs with the release in on_wake
    while (ant_atomic_exchange(&is_woken, 0, ANT_ACQUIRE) != 0) {
        for (int i = 0; i < 3; i++) //@ todo only jobs that were woken
            if (self->job[i].future != NULL) look(self, &self->job[i], cx);
    }
    if (self->done < 3) return ANT_PENDING;
    puts("breakfast");
    ant_note("breakfast");
    ant_waker_drop(&sleeper);
    return ANT_READY;
}

ANT_MUST_USE static struct run run(void)
{
    return (struct run){ ANT_INIT(run), .tea = ant_sleep(50),
                         .toast = ant_sleep(20),
                         .countdown = { ANT_INIT(countdown), .left = 3 } };
}

ANT_MAIN(run)
