// SPDX-License-Identifier: MIT
//
// In which order tasks run: the promises of the scheduler that a program may
// rely on with one worker, letter by letter. The others: test_sched.c.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"

// ---- What happened, a letter for each thing ----

static char events[256];
static unsigned event_count;

static void note(char letter)
{
    if (event_count + 1 < sizeof events) events[event_count++] = letter;
    events[event_count] = '\0';
}

// ---- Tasks ----

// Notes its letter as many times, and yields in between.
struct speaker {
    ant_future base;
    enum { SPEAKER_START, SPEAKER_SPEAKING, SPEAKER_YIELDING } state;
    char letter;
    int rounds;
    struct ant_yield_now turn;
};

ANT_ASYNC(speaker)
{
    switch (self->state) {
    case SPEAKER_START:
        return ANT_NEXT(SPEAKER_SPEAKING);

    case SPEAKER_SPEAKING:
        if (self->rounds-- == 0) return ANT_READY;
        note(self->letter);
        self->turn = ant_yield_now();
        return ANT_NEXT(SPEAKER_YIELDING);

    case SPEAKER_YIELDING:
        ANT_AWAIT(self->turn);
        return ANT_NEXT(SPEAKER_SPEAKING);
    }
    ANT_UNREACHABLE();
}

static struct speaker speaker(char letter, int rounds)
{
    return (struct speaker){ ANT_INIT(speaker), .letter = letter,
                             .rounds = rounds };
}

// Notes its letter as many times, and wakes itself in between.
struct restless {
    ant_future base;
    char letter;
    int rounds;
};

ANT_ASYNC(restless)
{
    if (self->rounds-- == 0) return ANT_READY;
    note(self->letter);
    ant_waker_wake_ref(&cx->waker);
    return ANT_PENDING;
}

static struct restless restless(char letter, int rounds)
{
    return (struct restless){ ANT_INIT(restless), .letter = letter,
                              .rounds = rounds };
}

// A parent that spawns four and joins them.
struct family {
    ant_future base;
    enum { FAMILY_START, FAMILY_JOINING } state;
    int rounds;
    struct ant_join_handle child[4];
    struct ant_join all;
};

ANT_ASYNC(family)
{
    switch (self->state) {
    case FAMILY_START:
        for (int i = 0; i < 4; i++)
            self->child[i] = ant_spawn(speaker("ABCD"[i], self -> rounds));
        self->all = ant_join(&self->child[0].base, &self->child[1].base,
                             &self->child[2].base, &self->child[3].base);
        return ANT_NEXT(FAMILY_JOINING);

    case FAMILY_JOINING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct family family(int rounds)
{
    return (struct family){ ANT_INIT(family), .rounds = rounds };
}

static void run(void **state, ant_lifo lifo, int rounds)
{
    event_count = 0;
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 1, .lifo = lifo });
    assert_int_equal(ant_runtime_block_on(rt, family(rounds)), 0);
    ant_runtime_free(rt);
}

static void s4_the_last_spawned_runs_first_with_a_lifo_slot(void **state)
{
    run(state, ANT_LIFO_ON, 1);
    assert_string_equal(events, "DABC");
}

static void s4_tasks_run_as_they_were_spawned_without_one(void **state)
{
    run(state, ANT_LIFO_OFF, 1);
    assert_string_equal(events, "ABCD");
}

static void s3_only_multi_has_a_lifo_slot_by_default(void **state)
{
    const ant_flavor flavor = *(const ant_flavor *)*state;
    run(state, ANT_LIFO_DEFAULT, 1);
    assert_string_equal(events, flavor == ANT_RUNTIME_MULTI ? "DABC" : "ABCD");
}

static void s11_those_that_yield_take_turns(void **state)
{
    run(state, ANT_LIFO_OFF, 3);
    assert_string_equal(events, "ABCDABCDABCD");
}

// S11: a task that yields waits until the worker ran dry; one that wakes itself
// only goes behind those that are queued (W2).
struct yielders {
    ant_future base;
    enum { YIELDERS_START, YIELDERS_JOINING } state;
    struct ant_join_handle child[3];
    struct ant_join all;
};

ANT_ASYNC(yielders)
{
    switch (self->state) {
    case YIELDERS_START:
        self->child[0] = ant_spawn(speaker('y', 2));
        self->child[1] = ant_spawn(restless('w', 4));
        self->child[2] = ant_spawn(restless('v', 3));
        self->all = ant_join(&self->child[0].base, &self->child[1].base,
                             &self->child[2].base);
        return ANT_NEXT(YIELDERS_JOINING);

    case YIELDERS_JOINING:
        ANT_AWAIT(self->all);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct yielders yielders(void)
{
    return (struct yielders){ ANT_INIT(yielders) };
}

static void s11_a_yield_waits_until_the_worker_ran_dry(void **state)
{
    event_count = 0;
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 1, .lifo = ANT_LIFO_OFF });
    assert_int_equal(ant_runtime_block_on(rt, yielders()), 0);
    ant_runtime_free(rt);
    assert_string_equal(events, "ywvwvwvwy");
}

// ---- The oracle trace of S5 ----

static ant_mpsc_tx to_a, to_b;
static ant_mpsc_rx of_a, of_b;

static void open_boxes(void)
{
    assert_int_equal(ant_mpsc_unbounded_new(1, &to_a, &of_a), 0);
    assert_int_equal(ant_mpsc_unbounded_new(1, &to_b, &of_b), 0);
}

static void close_boxes(void)
{
    ant_mpsc_tx_drop(&to_a);
    ant_mpsc_tx_drop(&to_b);
    ant_mpsc_rx_drop(&of_a);
    ant_mpsc_rx_drop(&of_b);
}

// 8 times: notes 'a', writes to b, waits for the answer.
struct pinger {
    ant_future base;
    enum { PINGER_START, PINGER_WRITING, PINGER_WAITING } state;
    int rounds;
    unsigned char value;
    struct ant_mpsc_recv answer;
};

ANT_ASYNC(pinger)
{
    switch (self->state) {
    case PINGER_START:
        return ANT_NEXT(PINGER_WRITING);

    case PINGER_WRITING:
        if (self->rounds++ == 8) return ANT_READY;
        note('a');
        assert_int_equal(ant_mpsc_unbounded_send(&to_b, &self->value), 0);
        self->answer = ant_mpsc_recv(&of_a, &self->value);
        return ANT_NEXT(PINGER_WAITING);

    case PINGER_WAITING:
        ANT_AWAIT(self->answer);
        return ANT_NEXT(PINGER_WRITING);
    }
    ANT_UNREACHABLE();
}

// Answers each letter; notes 'b'.
struct ponger {
    ant_future base;
    enum { PONGER_START, PONGER_WAITING } state;
    unsigned char value;
    struct ant_mpsc_recv letter;
};

ANT_ASYNC(ponger)
{
    switch (self->state) {
    case PONGER_START:
        self->letter = ant_mpsc_recv(&of_b, &self->value);
        return ANT_NEXT(PONGER_WAITING);

    case PONGER_WAITING:
        ANT_AWAIT(self->letter);
        note('b');
        assert_int_equal(ant_mpsc_unbounded_send(&to_a, &self->value), 0);
        self->letter = ant_mpsc_recv(&of_b, &self->value);
        return ANT_NEXT(PONGER_WAITING);
    }
    ANT_UNREACHABLE();
}

static struct pinger pinger(void)
{
    return (struct pinger){ ANT_INIT(pinger) };
}

static struct ponger ponger(void)
{
    return (struct ponger){ ANT_INIT(ponger) };
}

struct oracle {
    ant_future base;
    enum { ORACLE_START, ORACLE_JOINING } state;
    struct ant_join_handle child[4];
    struct ant_join three;
};

ANT_ASYNC(oracle)
{
    switch (self->state) {
    case ORACLE_START:
        self->child[0] = ant_spawn(pinger());
        self->child[1] = ant_spawn(ponger());
        self->child[2] = ant_spawn(speaker('C', 4));
        self->child[3] = ant_spawn(restless('D', 6));
        self->three = ant_join(&self->child[0].base, &self->child[2].base,
                               &self->child[3].base);
        return ANT_NEXT(ORACLE_JOINING);

    case ORACLE_JOINING:
        ANT_AWAIT(self->three);
        ant_task_abort(&self->child[1]);
        ant_task_detach(&self->child[1]);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct oracle oracle(void)
{
    return (struct oracle){ ANT_INIT(oracle) };
}

// S5: Tokio's log of the same program, from 60 runs that were all alike.
static void
s5_a_ping_pong_in_the_lifo_slot_lets_others_run_as_tokio_does(void **state)
{
    event_count = 0;
    open_boxes();
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 1, .lifo = ANT_LIFO_ON });
    assert_int_equal(ant_runtime_block_on(rt, oracle()), 0);
    ant_runtime_free(rt);
    close_boxes();
    assert_string_equal(events, "DababaCDbabaDbabaDbabDDCCC");
}

// ---- Fairness ----

struct crowd {
    ant_future base;
    enum { CROWD_START, CROWD_JOINING } state;
    struct ant_join_handle child[6];
    struct ant_join all;
};

ANT_ASYNC(crowd)
{
    switch (self->state) {
    case CROWD_START:
        self->child[0] = ant_spawn(pinger());
        self->child[1] = ant_spawn(ponger());
        for (int i = 2; i < 6; i++)
            self->child[i] = ant_spawn(restless("..CDEF"[i], 20));
        self->all = ant_join(&self->child[0].base, &self->child[2].base,
                             &self->child[3].base, &self->child[4].base,
                             &self->child[5].base);
        return ANT_NEXT(CROWD_JOINING);

    case CROWD_JOINING:
        ANT_AWAIT(self->all);
        ant_task_abort(&self->child[1]);
        ant_task_detach(&self->child[1]);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void expect_turns(char letter)
{
    const char *last = strchr(events, letter);
    const char *next;
    while ((next = strchr(last + 1, letter)) != NULL) {
        // The other three, the root, and at most a slot's worth each.
        assert_in_range(next - last, 1, 5 * 4);
        last = next;
    }
}

// A pair that keeps the LIFO slot busy holds nobody up for long.
static void s1_each_task_has_its_turn(void **state)
{
    event_count = 0;
    open_boxes();
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 1, .lifo = ANT_LIFO_ON });
    const struct crowd all = { ANT_INIT(crowd) };
    assert_int_equal(ant_runtime_block_on(rt, all), 0);
    ant_runtime_free(rt);
    close_boxes();
    expect_turns('C');
    expect_turns('D');
    expect_turns('E');
    expect_turns('F');
}

// ---- Budget ----

// Does one operation after the other: after 128 it has to yield.
struct glutton {
    ant_future base;
    unsigned left;
    unsigned poll_count;
};

ANT_ASYNC(glutton)
{
    self->poll_count++;
    while (ant_coop_consume(cx)) {
        if (self->left-- == 1) return ANT_READY;
    }
    return ANT_PENDING;
}

static struct glutton glutton(unsigned left)
{
    return (struct glutton){ ANT_INIT(glutton), .left = left };
}

// S12.
static void s12_a_task_yields_when_its_budget_is_used_up(void **state)
{
    struct glutton done;
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(
        ant_runtime_block_on_into(rt, &done, glutton(3 * ANT_BUDGET)), 0);
    ant_runtime_free(rt);
    assert_int_equal(done.poll_count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(s4_the_last_spawned_runs_first_with_a_lifo_slot),
        EVERY_FLAVOR(s4_tasks_run_as_they_were_spawned_without_one),
        EVERY_FLAVOR(s3_only_multi_has_a_lifo_slot_by_default),
        EVERY_FLAVOR(s11_those_that_yield_take_turns),
        EVERY_FLAVOR(s11_a_yield_waits_until_the_worker_ran_dry),
        EVERY_FLAVOR(
            s5_a_ping_pong_in_the_lifo_slot_lets_others_run_as_tokio_does),
        EVERY_FLAVOR(s1_each_task_has_its_turn),
        EVERY_FLAVOR(s12_a_task_yields_when_its_budget_is_used_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
