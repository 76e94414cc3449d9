// SPDX-License-Identifier: MIT
//
// Tests of core/task_state: every transition from every state that it may
// start in, as one table, and traps for those that it may not.

#include "core/task_state.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/macros.h"
#include "support/hand.h"

enum {
    S = ANT_STATE_SCHEDULED,
    R = ANT_STATE_RUNNING,
    DONE = ANT_STATE_COMPLETE,
    C = ANT_STATE_CANCEL,
    J = ANT_STATE_JOINABLE,
    JW = ANT_STATE_JOIN_WAKER,
};

enum { FIRST_STEP = 7 };

// A state with these flags and references, at step 7.
static ant_task_state state_of(unsigned flags, unsigned refs)
{
    ant_task_state state;
    ant_atomic_store(&state.word,
                     (uint64_t)FIRST_STEP << 32 | (uint64_t)refs << 8 | flags,
                     ANT_RELAXED);
    return state;
}

static unsigned flags_of(const ant_task_state *state)
{
    return (unsigned)(ant_atomic_load(&state->word, ANT_RELAXED) & 0xFF);
}

static unsigned refs_of(const ant_task_state *state)
{
    return (unsigned)(ant_atomic_load(&state->word, ANT_RELAXED) >> 8 &
                      0xFFFFFF);
}

static unsigned step_of(const ant_task_state *state)
{
    return (unsigned)(ant_atomic_load(&state->word, ANT_RELAXED) >> 32);
}

// ---- The transitions that are steps of the task's life ----

typedef ant_step (*transition_fn)(ant_task_state *state);

static ant_step abort_it(ant_task_state *state)
{
    bool is_late;
    ant_step step = ant_task_state_abort(state, &is_late);
    assert_int_equal(is_late, step.seq == 0);
    return step;
}

static ant_step begin_recorded(ant_task_state *state)
{
    return ant_task_state_begin(state, true);
}

static ant_step begin_unrecorded(ant_task_state *state)
{
    return ant_task_state_begin(state, false);
}

static ant_step pending(ant_task_state *state)
{
    return ant_task_state_end_pending(state, FIRST_STEP, false);
}

// The poll began a step earlier.
static ant_step woken(ant_task_state *state)
{
    return ant_task_state_end_pending(state, FIRST_STEP - 1, false);
}

static ant_step yielded(ant_task_state *state)
{
    return ant_task_state_end_pending(state, FIRST_STEP, true);
}

typedef struct row {
    transition_fn apply;
    unsigned before; // flags
    unsigned refs;
    unsigned after;
    unsigned todo;
    unsigned is_step; // it counts as a step
    unsigned detail;  // of a wake: what it found; of a poll's end: wakers
} row;

#define WAKE     ant_task_state_wake
#define BEGIN    begin_recorded
#define TAKE     begin_unrecorded
#define PENDING  pending
#define WOKEN    woken
#define YIELDED  yielded
#define READY    ant_task_state_end_ready
#define COMPLETE ant_task_state_complete
#define ABORT    abort_it

// clang-format off
static const row rows[] = {
    // A wake, of each kind of sleeper (W1, W2, W4, W6).
    { WAKE, 0,         3, S,         ANT_DO_SCHEDULE, 1, ANT_WAKE_QUEUED },
    { WAKE, J,         3, J | S,     ANT_DO_SCHEDULE, 1, ANT_WAKE_QUEUED },
    { WAKE, S,         3, S,         ANT_DO_NOTHING,  1, ANT_WAKE_COALESCED },
    { WAKE, R,         3, R | S,     ANT_DO_NOTHING,  1, ANT_WAKE_RUNNING },
    { WAKE, R | S,     3, R | S,     ANT_DO_NOTHING,  1, ANT_WAKE_COALESCED },
    { WAKE, DONE,      1, DONE,      ANT_DO_NOTHING,  1, ANT_WAKE_LATE },
    { WAKE, S | C,     3, S | C,     ANT_DO_NOTHING,  1, ANT_WAKE_COALESCED },
    { WAKE, R | C,     3, R | C | S, ANT_DO_NOTHING,  1, ANT_WAKE_RUNNING },
    // The scheduler takes it from a queue. Cancelled, it is never polled (J5).
    { BEGIN, S,        2, R,         ANT_DO_NOTHING,  1, 0 },
    { BEGIN, S | J,    2, R | J,     ANT_DO_NOTHING,  1, 0 },
    { BEGIN, S | C,    2, R | C,     ANT_DO_CANCEL,   0, 0 },
    // Unrecorded, it stays as it is while it is polled.
    { TAKE, S,         2, S,         ANT_DO_NOTHING,  0, 0 },
    { TAKE, S | J,     2, S | J,     ANT_DO_NOTHING,  0, 0 },
    { TAKE, S | C,     2, R | C,     ANT_DO_CANCEL,   0, 0 },
    // The poll was PENDING: idle, or queued again (W3), or at its end.
    { PENDING, R,         2, 0,         ANT_DO_NOTHING,  1, 1 },
    { PENDING, R | J,     4, J,         ANT_DO_NOTHING,  1, 2 },
    { PENDING, R | C,     2, R | C,     ANT_DO_CANCEL,   1, 1 },
    { PENDING, R | C | S, 2, R | C | S, ANT_DO_CANCEL,   1, 1 },
    { PENDING, R,         1, R,         ANT_DO_TRAP,     1, 0 },
    { PENDING, R | J,     2, R | J,     ANT_DO_TRAP,     1, 0 },
    { PENDING, S,         2, 0,         ANT_DO_NOTHING,  1, 1 },
    { PENDING, S | J,     4, J,         ANT_DO_NOTHING,  1, 2 },
    { PENDING, S,         1, R | S,     ANT_DO_TRAP,     1, 0 },
    { WOKEN, R | S,       2, S,         ANT_DO_SCHEDULE, 1, 1 },
    { WOKEN, R | S,       1, S,         ANT_DO_SCHEDULE, 1, 0 },
    { WOKEN, S,           2, S,         ANT_DO_SCHEDULE, 0, 1 },
    { WOKEN, S,           1, S,         ANT_DO_SCHEDULE, 0, 0 },
    { WOKEN, S | C,       2, R | S | C, ANT_DO_CANCEL,   1, 1 },
    // It woke itself: queued again, unless it shall end.
    { YIELDED, R,         1, S,         ANT_DO_SCHEDULE, 1, 0 },
    { YIELDED, R | S,     2, S,         ANT_DO_SCHEDULE, 1, 1 },
    { YIELDED, R | C,     1, R | C,     ANT_DO_CANCEL,   1, 0 },
    { YIELDED, S,         1, S,         ANT_DO_SCHEDULE, 0, 0 },
    { YIELDED, S | C,     1, R | S | C, ANT_DO_CANCEL,   1, 0 },
    // The poll was READY: it stays RUNNING until the future is destroyed.
    { READY, R,           1, R,         ANT_DO_NOTHING,  1, 0 },
    { READY, R | S | C,   1, R | S | C, ANT_DO_NOTHING,  1, 0 },
    { READY, S,           1, S,         ANT_DO_NOTHING,  1, 0 },
    // The end. The scheduler's reference goes, but for the joiner's sake.
    { COMPLETE, R,        1, DONE,      ANT_DO_FREE,     1, 0 },
    { COMPLETE, R | S,    2, DONE,      ANT_DO_NOTHING,  1, 0 },
    { COMPLETE, S,        1, DONE,      ANT_DO_FREE,     1, 0 },
    { COMPLETE, R | C,    1, DONE | C,  ANT_DO_FREE,     1, 0 },
    { COMPLETE, R | J,    2, DONE | J,  ANT_DO_NOTHING,  1, 0 },
    { COMPLETE, R | J | JW, 2, DONE | J | JW, ANT_DO_WAKE_JOINER, 1, 0 },
    // An abort only schedules, and only once (J5).
    { ABORT, 0,        2, C | S,     ANT_DO_SCHEDULE, 1, 0 },
    { ABORT, S,        2, C | S,     ANT_DO_NOTHING,  1, 0 },
    { ABORT, R,        2, C | R,     ANT_DO_NOTHING,  1, 0 },
    { ABORT, R | S,    2, C | R | S, ANT_DO_NOTHING,  1, 0 },
    { ABORT, C | S,    2, C | S,     ANT_DO_NOTHING,  0, 0 },
    { ABORT, DONE,     2, DONE,      ANT_DO_NOTHING,  0, 0 },
};
// clang-format on

static void check_row(const row *r, size_t number)
{
    ant_task_state state = state_of(r->before, r->refs);
    ant_step step = r->apply(&state);
    const unsigned detail = r->apply == WAKE ? step.wake : step.wakers;
    // What is no step has no number, or says which the last one was.
    const unsigned seq = FIRST_STEP + r->is_step;
    const bool may_have_none = !r->is_step && step.seq == 0;
    const unsigned freed =
        r->apply == COMPLETE && r->todo != ANT_DO_WAKE_JOINER ? 1 : 0;
    const bool is_right = flags_of(&state) == r->after &&
                          step.todo == r->todo && detail == r->detail &&
                          refs_of(&state) == r->refs - freed &&
                          step_of(&state) == FIRST_STEP + r->is_step &&
                          (step.seq == seq || may_have_none);
    if (is_right) return;
    fail_msg("row %zu: flags %#x, todo %u, detail %u, step %u", number,
             flags_of(&state), (unsigned)step.todo, detail, step.seq);
}

static void every_transition_does_what_the_table_says(void **unused)
{
    (void)unused;
    for (size_t i = 0; i < ANT_ARRAY_LEN(rows); i++)
        check_row(&rows[i], i);
}

static void a_new_task_is_scheduled_and_has_two_references(void **unused)
{
    (void)unused;
    ant_task_state state;
    ant_task_state_init(&state);
    assert_int_equal(flags_of(&state), S | J);
    assert_int_equal(refs_of(&state), 2);
    assert_int_equal(step_of(&state), 1);
}

static void the_step_of_an_old_task_turns_over(void **unused)
{
    (void)unused;
    ant_task_state state;
    ant_atomic_store(&state.word, UINT64_C(0xFFFFFFFF) << 32 | 2 << 8,
                     ANT_RELAXED);
    assert_int_equal(ant_task_state_wake(&state).seq, 0);
    assert_int_equal(flags_of(&state), S);
    assert_int_equal(refs_of(&state), 2);
}

// ---- Shutdown, the handle's side, references ----

static void seize_takes_what_nobody_runs(void **unused)
{
    (void)unused;
    static const struct {
        unsigned before, after;
        bool is_taken;
    } cases[] = {
        { 0, R, true },  { S, R, true },          { S | C, R | C, true },
        { R, R, false }, { R | S, R | S, false }, { DONE, DONE, false },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(cases); i++) {
        ant_task_state state = state_of(cases[i].before, 2);
        assert_int_equal(ant_task_state_seize(&state), cases[i].is_taken);
        assert_int_equal(flags_of(&state), cases[i].after);
        assert_int_equal(step_of(&state), FIRST_STEP);
    }
}

static void the_joiner_belongs_to_the_handle_until_the_end(void **unused)
{
    (void)unused;
    ant_task_state state = state_of(R | J, 2);
    assert_true(ant_task_state_set_joiner(&state));
    assert_int_equal(flags_of(&state), R | J | JW);
    assert_true(ant_task_state_unset_joiner(&state));
    assert_int_equal(flags_of(&state), R | J);

    assert_true(ant_task_state_set_joiner(&state));
    assert_true(ant_task_state_leave(&state).has_joiner);
    assert_int_equal(flags_of(&state), R);
    assert_int_equal(refs_of(&state), 1);

    state = state_of(R | J, 2);
    assert_false(ant_task_state_leave(&state).has_joiner);
    assert_int_equal(flags_of(&state), R);
}

static void after_the_end_the_joiner_is_the_tasks(void **unused)
{
    (void)unused;
    ant_task_state state = state_of(DONE | J, 2);
    assert_false(ant_task_state_set_joiner(&state));
    assert_int_equal(flags_of(&state), DONE | J);

    state = state_of(DONE | J | JW, 2);
    assert_false(ant_task_state_unset_joiner(&state));
    assert_false(ant_task_state_leave(&state).has_joiner);
    assert_int_equal(flags_of(&state), DONE | JW);
}

static void the_last_reference_says_so(void **unused)
{
    (void)unused;
    ant_task_state state = state_of(DONE, 1);
    ant_task_state_ref(&state);
    assert_false(ant_task_state_unref(&state));
    assert_true(ant_task_state_unref(&state));

    state = state_of(DONE | J, 2);
    assert_false(ant_task_state_leave(&state).is_last);
    state = state_of(DONE | J, 1);
    assert_true(ant_task_state_leave(&state).is_last);
}

static void tells_one_flag(void **unused)
{
    (void)unused;
    const ant_task_state state = state_of(S | J, 2);
    assert_true(ant_task_state_is(&state, S));
    assert_false(ant_task_state_is(&state, R));
}

// ---- What nobody may do ----

static ant_task_state victim;

static void begin(void *arg)
{
    (void)arg;
    (void)!ant_task_state_begin(&victim, false).seq;
}

static void end_pending(void *arg)
{
    (void)arg;
    (void)!ant_task_state_end_pending(&victim, FIRST_STEP, false).seq;
}

static void end_ready(void *arg)
{
    (void)arg;
    (void)!ant_task_state_end_ready(&victim).seq;
}

static void complete(void *arg)
{
    (void)arg;
    (void)!ant_task_state_complete(&victim).seq;
}

static void ref(void *arg)
{
    (void)arg;
    ant_task_state_ref(&victim);
}

static void unref(void *arg)
{
    (void)arg;
    (void)!ant_task_state_unref(&victim);
}

static void set_joiner(void *arg)
{
    (void)arg;
    (void)!ant_task_state_set_joiner(&victim);
}

static void traps_on_what_nobody_may_do(void **unused)
{
    (void)unused;
    static const struct {
        void (*body)(void *arg);
        unsigned flags, refs;
    } cases[] = {
        { begin, 0, 2 },           { begin, S | R, 2 },  { begin, S | DONE, 2 },
        { end_pending, 0, 2 },     { end_ready, 0, 2 },  { complete, 0, 2 },
        { complete, R | DONE, 2 }, { unref, DONE, 0 },   { ref, S, 0xFFFFFF },
        { set_joiner, J | JW, 2 }, { set_joiner, R, 2 },
    };
    for (size_t i = 0; i < ANT_ARRAY_LEN(cases); i++) {
        victim = state_of(cases[i].flags, cases[i].refs);
        if (!hand_traps(cases[i].body, NULL)) fail_msg("case %zu", i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_transition_does_what_the_table_says),
        cmocka_unit_test(a_new_task_is_scheduled_and_has_two_references),
        cmocka_unit_test(the_step_of_an_old_task_turns_over),
        cmocka_unit_test(seize_takes_what_nobody_runs),
        cmocka_unit_test(the_joiner_belongs_to_the_handle_until_the_end),
        cmocka_unit_test(after_the_end_the_joiner_is_the_tasks),
        cmocka_unit_test(the_last_reference_says_so),
        cmocka_unit_test(tells_one_flag),
        cmocka_unit_test(traps_on_what_nobody_may_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
