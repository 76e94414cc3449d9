// SPDX-License-Identifier: MIT
//
// Every order of workers that fall asleep and work that comes: none stays lying
// while a worker sleeps. The workers here search and sleep as those of
// sched/worker.c do, on one queue that is only a number.

#include "sched/idle.h"

#include "model/explore.h"

#define WORKERS 2

static ant_idle idle;
static ant_atomic_u32 work; // in the queue
static unsigned taken;
static unsigned goal; // how much there will be
static bool has_permit[WORKERS];

static void set_up_with(unsigned how_much)
{
    ant_idle_deinit(&idle);
    if (ant_idle_init(&idle, WORKERS) < 0) explore_fail("no memory");
    work = 0;
    taken = 0;
    goal = how_much;
    for (int i = 0; i < WORKERS; i++)
        has_permit[i] = false;
}

static void set_up_one(void)
{
    set_up_with(1);
}

static void set_up_two(void)
{
    set_up_with(2);
}

static void notify(void)
{
    const int worker = ant_idle_notify(&idle);
    if (worker >= 0) has_permit[worker] = true;
}

static void push(void)
{
    ant_atomic_add(&work, 1, ANT_SEQ_CST);
    notify();
}

static void push_two(void)
{
    push();
    push();
}

// ---- A worker ----

static bool take(void)
{
    uint32_t found = ant_atomic_load(&work, ANT_ACQUIRE);
    while (found > 0) {
        if (!ant_atomic_cas(&work, &found, found - 1, ANT_ACQ_REL, ANT_ACQUIRE))
            continue;
        taken++;
        return true;
    }
    return false;
}

static bool may_go(const void *arg)
{
    return *(const bool *)arg || taken == goal;
}

static bool is_all_taken(const void *arg)
{
    (void)arg;
    return taken == goal;
}

// As fall_asleep() of sched/worker.c.
static void fall_asleep(uint32_t self, bool is_searching)
{
    const bool was_last = ant_idle_sleep(&idle, self, is_searching);
    const bool must_look = was_last || !is_searching;
    if (must_look && ant_atomic_load(&work, ANT_ACQUIRE) > 0) notify();
}

// Looks for work until it has some, and then is busy until all of the work is
// taken: so that one worker's luck is no excuse for the other.
static void work_as(uint32_t self)
{
    bool is_searching = false;
    while (taken < goal) {
        if (!is_searching) is_searching = ant_idle_search_begin(&idle);
        if (is_searching && take()) {
            if (ant_idle_search_end(&idle)) notify();
            explore_wait(is_all_taken, NULL);
            return;
        }
        fall_asleep(self, is_searching);
        explore_wait(may_go, &has_permit[self]);
        has_permit[self] = false;
        is_searching = !ant_idle_wake_self(&idle, self);
    }
}

static void worker_0(void)
{
    work_as(0);
}

static void worker_1(void)
{
    work_as(1);
}

// ---- A worker that wakes by itself while the other one is busy ----

// Worker 1 is awake all the time and never looks. Worker 0 wakes for a timer,
// finds that it wakes nobody here, and sleeps again.
static void worker_with_timer(void)
{
    bool is_searching = false;
    bool is_due = true;
    while (taken < goal) {
        fall_asleep(0, is_searching);
        if (!is_due) explore_wait(may_go, &has_permit[0]);
        is_due = false;
        has_permit[0] = false;
        is_searching = !ant_idle_wake_self(&idle, 0);
        if (is_searching && take()) return;
    }
}

static void check(void)
{
    EXPLORE_EXPECT(taken == goal);
    EXPLORE_EXPECT(work == 0);
}

int main(int argc, char **argv)
{
    const explore_scenario scenarios[] = {
        { .name = "idle: work comes while one falls asleep",
          .set_up = set_up_one,
          .check = check,
          .threads = { worker_0, push },
          .preemptions_max = 6 },
        { .name = "idle: work for two",
          .set_up = set_up_two,
          .check = check,
          .threads = { worker_0, worker_1, push_two },
          .preemptions_max = 3 },
        { .name = "idle: two bring work for two",
          .set_up = set_up_two,
          .check = check,
          .threads = { worker_0, worker_1, push, push },
          .preemptions_max = 2 },
        { .name = "idle: a timer, and work that comes",
          .set_up = set_up_one,
          .check = check,
          .threads = { worker_with_timer, push },
          .preemptions_max = 6 },
    };
    return explore_main(scenarios, ANT_ARRAY_LEN(scenarios), argc, argv);
}
