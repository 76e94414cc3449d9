// SPDX-License-Identifier: MIT

#include "mock/mock_task.h"

#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>

#include "base/assert.h"
#include "base/os.h"
#include "core/here.h"

// Where the trap that is expected lands, and what it said.
static struct {
    jmp_buf target;
    char text[300];
} trap;

static void on_clone(ant_wakeable *self);
static void on_wake(ant_wakeable *self, ant_why why);
static void on_drop(ant_wakeable *self);
static void on_crash(const char *file, int line, const char *what);

void ant_mock_task_init(ant_mock_task *task, uint32_t id)
{
    static const ant_waker_ops ops = { on_clone, on_wake, on_drop, NULL };
    *task = (ant_mock_task){
        .wakeable = { &ops },
        .id = id,
        .budget = ANT_BUDGET,
        .evil_on = ANT_MOCK_ON_ALL,
    };
}

ant_poll ant_mock_task_poll(ant_mock_task *task, ant_future *future)
{
    ant_cx cx = {
        .waker = { &task->wakeable },
        .clock = task->clock != NULL ? &task->clock->timers.clock : NULL,
        .rng = task->rng,
        .task = task->id,
        .budget = task->budget,
        .again_left = ANT_AGAIN_MAX,
    };
    // relaxed, here and below: a test that has threads joins them, or looks at
    // what the future itself says, before it draws conclusions from counts.
    uint32_t woken = ant_atomic_load(&task->wake_count, ANT_RELAXED);
    ant_atomic_store(&task->wakes_polled, woken, ANT_RELAXED);
    ant_here *here = ant__here();
    ant_cx *outer = here->cx;
    here->cx = &cx;
    ant_poll poll = ant_future_poll(future, &cx);
    here->cx = outer;
    task->budget = ANT_BUDGET;
    task->budget_left = cx.budget;
    task->has_yielded = cx.has_yielded;
    return poll;
}

bool ant_mock_task_is_woken(const ant_mock_task *task)
{
    return ant_atomic_load(&task->wake_count, ANT_RELAXED) !=
           ant_atomic_load(&task->wakes_polled, ANT_RELAXED);
}

uint32_t ant_mock_task_take_wakes(ant_mock_task *task)
{
    uint32_t count = ant_atomic_load(&task->wake_count, ANT_RELAXED);
    uint32_t fresh = count - task->wakes_taken;
    task->wakes_taken = count;
    return fresh;
}

uint32_t ant_mock_task_waker_refs(const ant_mock_task *task)
{
    return ant_atomic_load(&task->clone_count, ANT_RELAXED) -
           ant_atomic_load(&task->drop_count, ANT_RELAXED);
}

void ant_mock_task_set_evil(ant_mock_task *task, unsigned on,
                            ant_mock_evil_fn evil, void *arg)
{
    task->evil = evil;
    task->evil_arg = arg;
    task->evil_on = (uint8_t)on;
}

bool ant_mock_traps(void (*body)(void *arg), void *arg)
{
    // volatile: read again after the jump.
    volatile bool has_trapped = true;
    const int locks_held = ant__os_locks_held();
    ant__crash_hook_set(on_crash);
    if (setjmp(trap.target) == 0) {
        body(arg);
        has_trapped = false;
    }
    ant__crash_hook_set(NULL);
    // Those of the poll that was jumped out of.
    ant_here *here = ant__here();
    here->cx = NULL;
    here->task = NULL;
    here->panic = NULL;
    here->guard = NULL;
    ant__os_locks_set_held(locks_held);
    return has_trapped;
}

const char *ant_mock_trap_text(void)
{
    return trap.text;
}

static ant_mock_task *task_of(ant_wakeable *wakeable)
{
    return ANT_CONTAINER_OF(wakeable, ant_mock_task, wakeable);
}

static void do_evil(ant_mock_task *task, unsigned on)
{
    ant_mock_evil_fn evil = task->evil;
    if (evil == NULL || (task->evil_on & on) == 0) return;
    task->evil = NULL; // evil does not wake evil
    evil(task->evil_arg);
    task->evil = evil;
}

static void on_clone(ant_wakeable *self)
{
    ant_atomic_add(&task_of(self)->clone_count, 1, ANT_RELAXED);
    do_evil(task_of(self), ANT_MOCK_ON_CLONE);
}

static void on_wake(ant_wakeable *self, ant_why why)
{
    ant_mock_task *task = task_of(self);
    ant_atomic_add(&task->wake_count, 1, ANT_RELAXED);
    ant_atomic_store(&task->via, why.via, ANT_RELAXED);
    ant_atomic_store(&task->res, why.res, ANT_RELAXED);
    do_evil(task, ANT_MOCK_ON_WAKE);
}

static void on_drop(ant_wakeable *self)
{
    ant_atomic_add(&task_of(self)->drop_count, 1, ANT_RELAXED);
    do_evil(task_of(self), ANT_MOCK_ON_DROP);
}

static void on_crash(const char *file, int line, const char *what)
{
    (void)snprintf(trap.text, sizeof trap.text, "%s:%d: %s", file, line, what);
    longjmp(trap.target, 1);
}
