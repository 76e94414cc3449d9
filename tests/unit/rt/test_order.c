// SPDX-License-Identifier: MIT
//
// In which order tasks run: the promises that a program may rely on with one
// worker (S1 to S12), letter by letter.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

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

// S4.
static void the_last_spawned_runs_first_with_a_lifo_slot(void **state)
{
    run(state, ANT_LIFO_ON, 1);
    assert_string_equal(events, "DABC");
}

static void tasks_run_as_they_were_spawned_without_one(void **state)
{
    run(state, ANT_LIFO_OFF, 1);
    assert_string_equal(events, "ABCD");
}

static void only_multi_has_a_lifo_slot_by_default(void **state)
{
    const ant_flavor flavor = *(const ant_flavor *)*state;
    run(state, ANT_LIFO_DEFAULT, 1);
    assert_string_equal(events, flavor == ANT_RUNTIME_MULTI ? "DABC" : "ABCD");
}

static void those_that_yield_take_turns(void **state)
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

static void a_yield_waits_until_the_worker_ran_dry(void **state)
{
    event_count = 0;
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 1, .lifo = ANT_LIFO_OFF });
    assert_int_equal(ant_runtime_block_on(rt, yielders()), 0);
    ant_runtime_free(rt);
    assert_string_equal(events, "ywvwvwvwy");
}

// ---- The oracle trace of S5 ----

// A letterbox: counts letters and wakes who waits for one. With one worker it
// needs no lock.
typedef struct letterbox {
    unsigned count;
    ant_waker waker;
} letterbox;

static void letterbox_put(letterbox *box)
{
    box->count++;
    ant_waker_wake(&box->waker);
}

struct letterbox_take {
    ant_future base;
    letterbox *box;
};

ANT_ASYNC(letterbox_take)
{
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    if (self->box->count == 0) {
        self->box->waker = ant_waker_clone(&cx->waker);
        return ANT_PENDING;
    }
    self->box->count--;
    return ANT_READY;
}

static struct letterbox_take letterbox_take(letterbox *box)
{
    return (struct letterbox_take){ ANT_INIT(letterbox_take), .box = box };
}

static letterbox to_a;
static letterbox to_b;

// 8 times: notes 'a', writes to b, waits for the answer.
struct pinger {
    ant_future base;
    enum { PINGER_START, PINGER_WRITING, PINGER_WAITING } state;
    int rounds;
    struct letterbox_take answer;
};

ANT_ASYNC(pinger)
{
    switch (self->state) {
    case PINGER_START:
        return ANT_NEXT(PINGER_WRITING);

    case PINGER_WRITING:
        if (self->rounds++ == 8) return ANT_READY;
        note('a');
        letterbox_put(&to_b);
        self->answer = letterbox_take(&to_a);
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
    struct letterbox_take letter;
};

ANT_ASYNC(ponger)
{
    switch (self->state) {
    case PONGER_START:
        self->letter = letterbox_take(&to_b);
        return ANT_NEXT(PONGER_WAITING);

    case PONGER_WAITING:
        ANT_AWAIT(self->letter);
        note('b');
        letterbox_put(&to_a);
        self->letter = letterbox_take(&to_b);
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
a_ping_pong_in_the_lifo_slot_lets_others_run_as_tokio_does(void **state)
{
    event_count = 0;
    to_a = to_b = (letterbox){ 0 };
    ant_runtime *rt = flavor_runtime(
        state, &(ant_runtime_desc){ .worker_count = 1, .lifo = ANT_LIFO_ON });
    assert_int_equal(ant_runtime_block_on(rt, oracle()), 0);
    ant_runtime_free(rt);
    ant_waker_drop(&to_a.waker);
    ant_waker_drop(&to_b.waker);
    assert_string_equal(events, "DababaCDbabaDbabaDbabDDCCC");
}

// ---- Budget ----

// Takes letters that are all there already: after 128 it has to yield.
struct glutton {
    ant_future base;
    letterbox *box;
    unsigned poll_count;
    unsigned taken;
};

ANT_ASYNC(glutton)
{
    self->poll_count++;
    while (ant_coop_consume(cx)) {
        if (self->box->count-- == 1) return ANT_READY;
    }
    return ANT_PENDING;
}

static struct glutton glutton(letterbox *box)
{
    return (struct glutton){ ANT_INIT(glutton), .box = box };
}

// S12.
static void a_task_yields_when_its_budget_is_used_up(void **state)
{
    letterbox box = { .count = 3 * ANT_BUDGET };
    struct glutton done;
    ant_runtime *rt = flavor_runtime(state, NULL);
    assert_int_equal(ant_runtime_block_on_into(rt, &done, glutton(&box)), 0);
    ant_runtime_free(rt);
    assert_int_equal(done.poll_count, 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(the_last_spawned_runs_first_with_a_lifo_slot),
        EVERY_FLAVOR(tasks_run_as_they_were_spawned_without_one),
        EVERY_FLAVOR(only_multi_has_a_lifo_slot_by_default),
        EVERY_FLAVOR(those_that_yield_take_turns),
        EVERY_FLAVOR(a_yield_waits_until_the_worker_ran_dry),
        EVERY_FLAVOR(
            a_ping_pong_in_the_lifo_slot_lets_others_run_as_tokio_does),
        EVERY_FLAVOR(a_task_yields_when_its_budget_is_used_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
