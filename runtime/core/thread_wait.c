// SPDX-License-Identifier: MIT

#include "core/thread_wait.h"

#include <errno.h>
#include <stddef.h>

#include "core/here.h"
#include "core/parker.h"
#include "trace/trace.h"

typedef enum thread_state { AWAKE, ASLEEP, WOKEN } thread_state;

// The thread that waits, on its own stack.
typedef struct waiting_thread {
    ant_wakeable wakeable; // first
    // fixed
    ant_driver *driver; // NULL outside of a runtime
    // any thread
    ant_atomic_u32 refs; // wakers, and one of the thread's own
    ant_atomic_u32 state;
    ant_parker parker;
} waiting_thread;

static void on_clone(ant_wakeable *self);
static void on_wake(ant_wakeable *self, ant_why why);
static void on_drop(ant_wakeable *self);
static void say_waits(const ant_future *future, const char *file,
                      uint32_t line);
static void poll_to_end(waiting_thread *thread, ant_future *future);
static void sleep_till_woken(waiting_thread *thread);
static void sleep_till_unused(waiting_thread *thread);
static void say_blocked(const waiting_thread *thread, int change);
static void init(waiting_thread *thread);

int ant__thread_wait(ant_future *future, const char *file, uint32_t line)
{
    if (ant__here()->worker != NULL) return -EDEADLK;
    const uint32_t task = ant_task_id_here(); // of a blocking job
    ANT_TRACE(block_begin, .task = task, .what = ANT_BLOCK_CALL,
              .file = ant_trace_string(file), .line = line);
    waiting_thread thread;
    init(&thread);
    say_waits(future, file, line);
    poll_to_end(&thread, future);
    say_waits(NULL, NULL, 0);
    sleep_till_unused(&thread);
    ant__thread_parker_deinit(thread.driver, &thread.parker);
    ANT_TRACE(block_end, .task = task, .what = ANT_BLOCK_CALL);
    return future->result;
}

// For the stall report, which reads it while the thread sleeps.
static void say_waits(const ant_future *future, const char *file, uint32_t line)
{
    ant_here *here = ant__here();
    ant_atomic_store(&here->blocked_file, (uintptr_t)file, ANT_RELAXED);
    ant_atomic_store(&here->blocked_line, line, ANT_RELAXED);
    // release: pairs with the acquire in whoever reports a stall.
    ant_atomic_store(&here->blocked_in, (uintptr_t)future, ANT_RELEASE);
}

static void poll_to_end(waiting_thread *thread, ant_future *future)
{
    for (;;) {
        ant_cx cx = {
            .waker = { &thread->wakeable },
            .task = ant_task_id_here(),
            .budget = ANT_BUDGET,
            .again_left = ANT_AGAIN_MAX,
        };
        if (ant_future_poll(future, &cx) == ANT_READY) return;
        sleep_till_woken(thread);
    }
}

static void sleep_till_woken(waiting_thread *thread)
{
    uint32_t state = AWAKE;
    if (ant_atomic_cas(&thread->state, &state, ASLEEP, ANT_ACQ_REL,
                       ANT_ACQUIRE)) {
        say_blocked(thread, +1);
        ant__thread_park(thread->driver, &thread->parker);
    }
    // acq_rel: pairs with on_wake(); the next poll sees what came before it.
    ant_atomic_exchange(&thread->state, AWAKE, ANT_ACQ_REL);
}

// Whoever drops the last waker gives the permit that is waited for here.
static void sleep_till_unused(waiting_thread *thread)
{
    // acq_rel: what others did with their wakers is over.
    if (ant_atomic_sub(&thread->refs, 1, ANT_ACQ_REL) != 1)
        ant__thread_park(thread->driver, &thread->parker);
}

static void on_clone(ant_wakeable *self)
{
    waiting_thread *thread = (waiting_thread *)(void *)self;
    ant_atomic_add(&thread->refs, 1, ANT_RELAXED);
}

// The runtime hears that the thread goes on before it does, so that it never
// looks as if nobody could move.
static void on_wake(ant_wakeable *self, ant_why why)
{
    (void)why;
    waiting_thread *thread = (waiting_thread *)(void *)self;
    // acq_rel: pairs with sleep_till_woken().
    if (ant_atomic_exchange(&thread->state, WOKEN, ANT_ACQ_REL) != ASLEEP)
        return;
    say_blocked(thread, -1);
    ant__thread_unpark(thread->driver, &thread->parker);
}

static void on_drop(ant_wakeable *self)
{
    waiting_thread *thread = (waiting_thread *)(void *)self;
    // acq_rel: pairs with sleep_till_unused().
    if (ant_atomic_sub(&thread->refs, 1, ANT_ACQ_REL) == 1)
        ant__thread_unpark(thread->driver, &thread->parker);
}

static void say_blocked(const waiting_thread *thread, int change)
{
    ant_driver *driver = thread->driver;
    if (driver != NULL && driver->on_block != NULL)
        driver->on_block(driver->arg, change);
}

static void init(waiting_thread *thread)
{
    static const ant_waker_ops ops = { on_clone, on_wake, on_drop, NULL };
    *thread =
        (waiting_thread){ .wakeable = { &ops }, .driver = ant__driver_here() };
    ant_atomic_store(&thread->refs, 1, ANT_RELAXED);
    ant__thread_parker_init(thread->driver, &thread->parker);
}
