// SPDX-License-Identifier: MIT

#include "support/hand.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

#include "base/assert.h"
#include "core/here.h"

static struct {
    jmp_buf target;
    char text[300];
} trap;

static void on_clone(ant_wakeable *self);
static void on_wake(ant_wakeable *self, ant_why why);
static void on_drop(ant_wakeable *self);
static uint64_t read_hands(void *arg);
static void on_earlier(void *arg);
static void on_crash(const char *file, int line, const char *what);

// ---- The task ----

void hand_task_init(hand_task *task, uint32_t id)
{
    static const ant_waker_ops ops = { on_clone, on_wake, on_drop };
    *task = (hand_task){
        .wakeable = { &ops },
        .id = id,
        .budget = ANT_BUDGET,
    };
}

ant_poll hand_poll(hand_task *task, ant_future *future)
{
    ant_cx cx = {
        .waker = { &task->wakeable },
        .clock = task->clock != NULL ? &task->clock->timers.clock : NULL,
        .rng = task->rng,
        .task = task->id,
        .budget = task->budget,
        .again_left = ANT_AGAIN_MAX,
    };
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

uint32_t hand_take_wakes(hand_task *task)
{
    // relaxed: a test that has threads joins them before it asks.
    uint32_t count = ant_atomic_load(&task->wake_count, ANT_RELAXED);
    uint32_t fresh = count - task->wakes_taken;
    task->wakes_taken = count;
    return fresh;
}

uint32_t hand_refs(hand_task *task)
{
    return ant_atomic_load(&task->clone_count, ANT_RELAXED) -
           ant_atomic_load(&task->drop_count, ANT_RELAXED);
}

static hand_task *task_of(ant_wakeable *wakeable)
{
    return ANT_CONTAINER_OF(wakeable, hand_task, wakeable);
}

static void do_evil(hand_task *task)
{
    hand_evil_fn evil = task->evil;
    if (evil == NULL) return;
    task->evil = NULL; // evil does not wake evil
    evil(task->evil_arg);
    task->evil = evil;
}

static void on_clone(ant_wakeable *self)
{
    ant_atomic_add(&task_of(self)->clone_count, 1, ANT_RELAXED);
    do_evil(task_of(self));
}

static void on_wake(ant_wakeable *self, ant_why why)
{
    hand_task *task = task_of(self);
    ant_atomic_add(&task->wake_count, 1, ANT_RELAXED);
    ant_atomic_store(&task->via, why.via, ANT_RELAXED);
    ant_atomic_store(&task->res, why.res, ANT_RELAXED);
    do_evil(task);
}

static void on_drop(ant_wakeable *self)
{
    ant_atomic_add(&task_of(self)->drop_count, 1, ANT_RELAXED);
    do_evil(task_of(self));
}

// ---- The clock ----

void hand_clock_init(hand_clock *clock)
{
    ant_atomic_store(&clock->now_ns, 0, ANT_RELAXED);
    ant_atomic_store(&clock->earlier_count, 0, ANT_RELAXED);
    ant_timers_init(&clock->timers, &(ant_timers_desc){
                                        .now_ns = read_hands,
                                        .on_earlier = on_earlier,
                                        .arg = clock,
                                        .is_virtual = true,
                                    });
}

void hand_clock_deinit(hand_clock *clock)
{
    ant_timers_deinit(&clock->timers);
}

void hand_clock_advance_ms(hand_clock *clock, uint64_t ms)
{
    const uint64_t now_ns = ant_atomic_load(&clock->now_ns, ANT_RELAXED);
    const uint64_t end_ns = ant_clock_add(now_ns, ms * ANT_NS_PER_MS);
    for (;;) {
        uint64_t next_ns = ant_timers_next_ns(&clock->timers);
        if (next_ns > end_ns) break;
        if (next_ns > now_ns)
            ant_atomic_store(&clock->now_ns, next_ns, ANT_RELAXED);
        ant_timers_fire(&clock->timers);
    }
    ant_atomic_store(&clock->now_ns, end_ns, ANT_RELAXED);
}

uint64_t hand_clock_ms(hand_clock *clock)
{
    return ant_atomic_load(&clock->now_ns, ANT_RELAXED) / ANT_NS_PER_MS;
}

static uint64_t read_hands(void *arg)
{
    hand_clock *clock = arg;
    return ant_atomic_load(&clock->now_ns, ANT_RELAXED);
}

static void on_earlier(void *arg)
{
    hand_clock *clock = arg;
    ant_atomic_add(&clock->earlier_count, 1, ANT_RELAXED);
}

// ---- Traps ----

bool hand_traps(void (*body)(void *arg), void *arg)
{
    // volatile: read again after the jump.
    volatile bool has_trapped = true;
    ant__crash_hook_set(on_crash);
    if (setjmp(trap.target) == 0) {
        body(arg);
        has_trapped = false;
    }
    ant__crash_hook_set(NULL);
    ant__here()->cx = NULL; // of the poll that was jumped out of
    return has_trapped;
}

const char *hand_trap_text(void)
{
    return trap.text;
}

static void on_crash(const char *file, int line, const char *what)
{
    (void)snprintf(trap.text, sizeof trap.text, "%s:%d: %s", file, line, what);
    longjmp(trap.target, 1);
}
