// SPDX-License-Identifier: MIT
//
// Every order of wakers, a scheduler, an abort and a join handle at the state
// word of one task: no wake is lost, the task is in one queue at most, poll and
// destruction never meet, and the last to leave is one.

#include "core/task_state.h"

#include "model/explore.h"

static ant_task_state state;
static unsigned queued;   // how often the task is in the run queue
static unsigned written;  // what the wakers say, before they wake
static unsigned seen;     // what the last poll saw of it
static unsigned active;   // wakers, aborters, handles that are still there
static unsigned inside;   // who polls or destroys the future
static unsigned frees;    // how often the block was freed
static bool is_destroyed; // the future
static bool is_joined;    // the handle's waker was used
static unsigned yields;   // polls in which the future wakes itself
static bool has_kept;     // the future keeps a waker until it is destroyed
static int joiner;        // 1 while the slot in the task holds a waker
static bool is_recorded;  // the polls are

static void set_up(void)
{
    ant_task_state_init(&state); // references: scheduler, handle
    queued = 1;
    written = seen = active = inside = frees = 0;
    is_destroyed = is_joined = has_kept = false;
    yields = 0;
    joiner = 0;
    is_recorded = false;
}

static void unref(void)
{
    if (ant_task_state_unref(&state)) frees++;
}

// The handle goes. True when the stored waker is its again.
static bool leave(void)
{
    const ant_leave left = ant_task_state_leave(&state);
    if (left.is_last) frees++;
    return left.has_joiner;
}

static void schedule(ant_step step)
{
    if (step.todo != ANT_DO_SCHEDULE) return;
    EXPLORE_EXPECT(queued == 0);
    queued++;
}

// ---- The scheduler ----

static bool may_run(const void *arg)
{
    (void)arg;
    return queued > 0 || active == 0;
}

static void use_joiner(void)
{
    EXPLORE_EXPECT(joiner == 1);
    joiner = 0;
    is_joined = true;
}

static void finish(void)
{
    EXPLORE_EXPECT(!is_destroyed);
    is_destroyed = true;
    if (has_kept) unref();
    inside--;
    const ant_step step = ant_task_state_complete(&state);
    if (step.todo == ANT_DO_WAKE_JOINER) {
        use_joiner();
        unref();
    }
    if (step.todo == ANT_DO_FREE) frees++;
}

// Polls once; the future is READY when it has seen `goal` writes. True when the
// task is over.
static bool run(unsigned goal)
{
    queued--;
    ant_step step = ant_task_state_begin(&state, is_recorded);
    EXPLORE_EXPECT(inside == 0);
    inside++;
    if (step.todo == ANT_DO_CANCEL) {
        finish();
        return true;
    }
    const uint32_t begun = step.seq;
    seen = written;
    if (seen == goal) {
        if (is_recorded) (void)ant_task_state_end_ready(&state).seq;
        finish();
        return true;
    }
    inside--; // before the transition: from then on others may enter
    const bool is_woken = yields > 0;
    if (is_woken) yields--;
    step = ant_task_state_end_pending(&state, begun, is_woken);
    if (step.todo == ANT_DO_CANCEL) {
        inside++;
        finish();
        return true;
    }
    EXPLORE_EXPECT(step.todo != ANT_DO_TRAP);
    schedule(step);
    return false;
}

static void run_until(unsigned goal)
{
    for (;;) { // ends with the task, or in a deadlock
        explore_wait(may_run, NULL);
        if (queued == 0) break;
        if (run(goal)) return;
    }
    explore_fail("a wake was lost: the task sleeps for ever");
}

// ---- Wakers ----

static void wake_last(void);

static void wake(void)
{
    written++;
    schedule(ant_task_state_wake(&state));
    wake_last();
}

// Wakes and gives the waker up in one step.
static void wake_last(void)
{
    const ant_step step = ant_task_state_wake_last(&state);
    active--;
    schedule(step);
    if (step.todo == ANT_DO_FREE) frees++;
}

static void wake_last_once(void)
{
    written++;
    wake_last();
}

static void set_up_wakers(void)
{
    set_up();
    active = 2;
    ant_task_state_ref(&state);
    ant_task_state_ref(&state);
}

static void set_up_recorded(void)
{
    set_up_wakers();
    is_recorded = true;
}

static void run_until_two(void)
{
    run_until(2);
}

static void check_over(void)
{
    EXPLORE_EXPECT(ant_task_state_is(&state, ANT_STATE_COMPLETE));
    EXPLORE_EXPECT(is_destroyed);
    EXPLORE_EXPECT(queued == 0);
}

static void check_wakers(void)
{
    check_over();
    EXPLORE_EXPECT(seen == 2);
    EXPLORE_EXPECT(frees == 0); // the handle is still there
}

// ---- An abort meets a wake ----

static void abort_it(void)
{
    bool is_late;
    schedule(ant_task_state_abort(&state, &is_late));
    active--;
    if (leave()) explore_fail("no joiner was set");
}

static void set_up_abort(void)
{
    set_up();
    active = 2;
    has_kept = true;
    ant_task_state_ref(&state);
    ant_task_state_ref(&state);
}

static void run_until_never(void)
{
    run_until(99);
}

static void check_freed(void)
{
    check_over();
    EXPLORE_EXPECT(frees == 1);
}

static void set_up_yields(void)
{
    set_up_wakers();
    yields = 2;
}

// ---- A handle meets the end ----

static bool is_over(const void *arg)
{
    (void)arg;
    return is_joined;
}

// As core/join_handle.c does it: registers, takes back, registers again, waits.
static void join(void)
{
    joiner = 1;
    if (!ant_task_state_set_joiner(&state)) joiner = 0;
    if (joiner == 1 && ant_task_state_unset_joiner(&state)) {
        joiner = 1; // another waker
        if (!ant_task_state_set_joiner(&state)) joiner = 0;
    }
    if (!ant_task_state_is(&state, ANT_STATE_COMPLETE))
        explore_wait(is_over, NULL);
    EXPLORE_EXPECT(ant_task_state_is(&state, ANT_STATE_COMPLETE));
    active--;
    if (leave()) explore_fail("it was used up");
}

// Registers and gives up.
static void give_up(void)
{
    joiner = 1;
    if (!ant_task_state_set_joiner(&state)) joiner = 0;
    if (leave()) {
        EXPLORE_EXPECT(joiner == 1);
        joiner = 0;
    }
    active--;
}

static void set_up_join(void)
{
    set_up();
    active = 2;
    ant_task_state_ref(&state);
}

static void wake_once(void)
{
    written++;
    schedule(ant_task_state_wake(&state));
    active--;
    unref();
}

static void run_until_one(void)
{
    run_until(1);
}

static void check_joined(void)
{
    check_freed();
    EXPLORE_EXPECT(joiner == 0);
}

int main(int argc, char **argv)
{
    const explore_scenario scenarios[] = {
        { .name = "task: two wakers and a scheduler",
          .set_up = set_up_wakers,
          .check = check_wakers,
          .threads = { run_until_two, wake, wake },
          .preemptions_max = 4 },
        { .name = "task: two wakers and a scheduler, recorded",
          .set_up = set_up_recorded,
          .check = check_wakers,
          .threads = { run_until_two, wake, wake },
          .preemptions_max = 3 },
        { .name = "task: two wakers and a task that yields",
          .set_up = set_up_yields,
          .check = check_wakers,
          .threads = { run_until_two, wake, wake },
          .preemptions_max = 3 },
        { .name = "task: an abort meets a wake",
          .set_up = set_up_abort,
          .check = check_freed,
          .threads = { run_until_never, abort_it, wake_once },
          .preemptions_max = 4 },
        { .name = "task: an abort meets the last wake",
          .set_up = set_up_abort,
          .check = check_freed,
          .threads = { run_until_never, abort_it, wake_last_once },
          .preemptions_max = 4 },
        { .name = "task: a join handle gives up, and the waker too",
          .set_up = set_up_join,
          .check = check_joined,
          .threads = { run_until_one, give_up, wake_last_once },
          .preemptions_max = 4 },
        { .name = "task: a join handle meets the end",
          .set_up = set_up_join,
          .check = check_joined,
          .threads = { run_until_one, join, wake_once },
          .preemptions_max = 4 },
        { .name = "task: a join handle gives up",
          .set_up = set_up_join,
          .check = check_joined,
          .threads = { run_until_one, give_up, wake_once },
          .preemptions_max = 4 },
    };
    return explore_main(scenarios, ANT_ARRAY_LEN(scenarios), argc, argv);
}
