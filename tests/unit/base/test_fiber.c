// SPDX-License-Identifier: MIT
//
// Tests of base/fiber.

#include "base/fiber.h"

#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/os.h"

static ant_fiber *fiber_new(ant_fiber_fn fn, void *arg)
{
    ant_fiber *fiber;
    assert_int_equal(ant_fiber_new(fn, arg, 0, &fiber), 0);
    return fiber;
}

// --- Two fibers that take turns ----------------------------------------------

typedef struct rally {
    ant_fiber *main;
    ant_fiber *players[2];
    char log[8];
    size_t length;
} rally;

static void play(rally *r, char sound, ant_fiber *other)
{
    for (int i = 0; i < 3; i++) {
        r->log[r->length++] = sound;
        ant_fiber_switch(other);
    }
}

static void play_ping(void *arg)
{
    rally *r = arg;
    play(r, 'i', r->players[1]);
}

static void play_pong(void *arg)
{
    rally *r = arg;
    play(r, 'o', r->players[0]);
}

static void two_fibers_take_turns(void **state)
{
    (void)state;
    rally r = { .main = ant_fiber_self() };
    r.players[0] = fiber_new(play_ping, &r);
    r.players[1] = fiber_new(play_pong, &r);

    // The fourth stroke finds that ping has finished, and main goes on.
    ant_fiber_switch(r.players[0]);
    assert_string_equal(r.log, "ioioio");
    assert_ptr_equal(ant_fiber_self(), r.main);
    ant_fiber_free(r.players[0]);
    ant_fiber_free(r.players[1]); // abandoned inside its last switch
}

// --- What a fiber keeps ------------------------------------------------------

static void note_yourself(void *arg)
{
    ant_fiber **seen = arg;
    *seen = ant_fiber_self();
}

static void self_is_the_running_fiber(void **state)
{
    (void)state;
    ant_fiber *main = ant_fiber_self();
    assert_non_null(main);
    ant_fiber *seen = NULL;
    ant_fiber *fiber = fiber_new(note_yourself, &seen);
    ant_fiber_switch(fiber);
    assert_ptr_equal(seen, fiber);
    assert_ptr_equal(ant_fiber_self(), main);
    ant_fiber_switch(main); // a switch to oneself does nothing
    ant_fiber_free(fiber);
}

typedef struct sums {
    ant_fiber *main;
    double sum;
} sums;

static void sum_up(void *arg)
{
    sums *s = arg;
    double sum = 0;
    for (int i = 1; i <= 100; i++) {
        sum += 1.0 / i;
        ant_fiber_switch(s->main);
    }
    s->sum = sum;
}

static void locals_survive_every_switch(void **state)
{
    (void)state;
    sums s = { .main = ant_fiber_self() };
    ant_fiber *fiber = fiber_new(sum_up, &s);
    double sum = 0;
    for (int i = 1; i <= 100; i++) {
        sum += 1.0 / i;
        ant_fiber_switch(fiber);
    }
    ant_fiber_switch(fiber);
    assert_true(s.sum == sum);
    ant_fiber_free(fiber);
}

// --- Deep stacks -------------------------------------------------------------

typedef struct dive {
    ant_fiber *main;
    int depth;
    unsigned sum;
} dive;

// Goes down 1 KiB a call and switches away at the bottom. What is known only
// at run time keeps the compiler from making a loop of it or saving the room.
static unsigned descend(dive *d, int depth)
{
    volatile unsigned char room[1024];
    int place = depth % 1024;
    room[place] = 1;
    if (depth == 0) {
        ant_fiber_switch(d->main);
        return 0;
    }
    unsigned sum = descend(d, depth - 1);
    return sum + room[place];
}

static void dive_in(void *arg)
{
    dive *d = arg;
    d->sum = descend(d, d->depth);
}

static void a_fiber_may_use_its_whole_stack(void **state)
{
    (void)state;
    // 200 KiB of 1 MiB: with a sanitizer a frame is several times as large.
    dive a = { .main = ant_fiber_self(), .depth = 200 };
    dive b = a;
    ant_fiber *first;
    ant_fiber *second;
    assert_int_equal(ant_fiber_new(dive_in, &a, 1 << 20, &first), 0);
    assert_int_equal(ant_fiber_new(dive_in, &b, 1 << 20, &second), 0);
    ant_fiber_switch(first);
    ant_fiber_switch(second);
    ant_fiber_switch(first);
    ant_fiber_switch(second);
    assert_int_equal(a.sum, 200);
    assert_int_equal(b.sum, a.sum);
    ant_fiber_free(first);
    ant_fiber_free(second);
}

static void overflow_a_stack(void)
{
    dive d = { .main = ant_fiber_self(), .depth = 1000 };
    ant_fiber *fiber;
    if (ant_fiber_new(dive_in, &d, 65536, &fiber) < 0) return;
    ant_fiber_switch(fiber);
}

static void an_overflow_hits_the_guard_page(void **state)
{
    (void)state;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        // Neither a core file nor a sanitizer's report is of interest.
        setrlimit(RLIMIT_CORE, &(struct rlimit){ 0 });
        close(STDERR_FILENO);
        signal(SIGSEGV, SIG_DFL);
        overflow_a_stack();
        _exit(0);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGSEGV);
}

// --- Jumps inside a fiber ----------------------------------------------------

typedef struct fall {
    ant_fiber *main;
    jmp_buf net;
    bool slips;
    int caught_count;
    int landed_count;
} fall;

static void climb_down(fall *f, int depth)
{
    volatile char room[100];
    room[0] = (char)depth;
    if (depth > 0) {
        climb_down(f, depth - 1);
        room[0]++; // keeps the call from being the last thing
        return;
    }
    ant_fiber_switch(f->main);
    if (f->slips) longjmp(f->net, 1);
}

static void slip_every_other_time(void *arg)
{
    fall *f = arg;
    for (volatile int i = 0; i < 10; i++) {
        f->slips = i % 2 == 0;
        if (setjmp(f->net) == 0) {
            climb_down(f, 10);
            f->landed_count++;
        } else {
            f->caught_count++;
        }
    }
}

static void a_jump_inside_a_fiber_leaves_others_alone(void **state)
{
    (void)state;
    fall a = { .main = ant_fiber_self() };
    fall b = a;
    ant_fiber *first = fiber_new(slip_every_other_time, &a);
    ant_fiber *second = fiber_new(slip_every_other_time, &b);
    for (int i = 0; i <= 10; i++) {
        ant_fiber_switch(first);
        ant_fiber_switch(second);
    }
    assert_int_equal(a.caught_count, 5);
    assert_int_equal(a.landed_count, 5);
    assert_int_equal(b.caught_count, 5);
    assert_int_equal(b.landed_count, 5);
    ant_fiber_free(first);
    ant_fiber_free(second);
}

// --- Many fibers -------------------------------------------------------------

#define CROWD_COUNT 1000

typedef struct crowd {
    ant_fiber *main;
    ant_fiber *fibers[CROWD_COUNT];
    int next;
    long steps;
} crowd;

static void walk_in_the_crowd(void *arg)
{
    crowd *c = arg;
    for (int i = 0; i < 10; i++) {
        c->steps++;
        // Every other walker passes on to a neighbour instead of main.
        ant_fiber *neighbour = c->fibers[(c->next + 1) % CROWD_COUNT];
        ant_fiber_switch(c->steps % 2 == 0 && i < 9 ? neighbour : c->main);
    }
}

static void a_thousand_fibers_run(void **state)
{
    (void)state;
    uint64_t before = ant_mem_live_count();
    crowd *c = ant_mem_alloc(sizeof(*c));
    assert_non_null(c);
    c->main = ant_fiber_self();
    for (int i = 0; i < CROWD_COUNT; i++) {
        assert_int_equal(
            ant_fiber_new(walk_in_the_crowd, c, 65536, &c->fibers[i]), 0);
    }
    for (int round = 0; round < 4; round++) {
        for (c->next = 0; c->next < CROWD_COUNT; c->next++) {
            ant_fiber_switch(c->fibers[c->next]);
        }
    }
    assert_true(c->steps >= 4 * CROWD_COUNT);
    for (int i = 0; i < CROWD_COUNT; i++) {
        ant_fiber_free(c->fibers[i]);
    }
    ant_mem_free(c);
    assert_int_equal(ant_mem_live_count(), before);
}

static void a_fiber_that_never_ran_is_freed(void **state)
{
    (void)state;
    ant_fiber_free(fiber_new(note_yourself, NULL));
    ant_fiber_free(NULL);
}

static void no_memory_is_an_error(void **state)
{
    (void)state;
    ant_fiber *fiber;
    ant_mem_fail_nth(1, 0);
    assert_int_equal(ant_fiber_new(note_yourself, NULL, 0, &fiber), -ENOMEM);
    uint64_t before = ant_mem_live_count();
    size_t huge = SIZE_MAX / 4;
    assert_int_equal(ant_fiber_new(note_yourself, NULL, huge, &fiber), -ENOMEM);
    assert_int_equal(ant_mem_live_count(), before);
}

// --- Threads -----------------------------------------------------------------

static void run_a_rally(void *arg)
{
    (void)arg;
    for (int i = 0; i < 100; i++) {
        two_fibers_take_turns(NULL);
    }
}

static void every_thread_has_its_own_main_fiber(void **state)
{
    (void)state;
    ant_os_thread threads[2];
    for (int i = 0; i < 2; i++) {
        assert_int_equal(
            ant_os_thread_start(&threads[i], "rally", run_a_rally, NULL), 0);
    }
    for (int i = 0; i < 2; i++) {
        ant_os_thread_join(&threads[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_fibers_take_turns),
        cmocka_unit_test(self_is_the_running_fiber),
        cmocka_unit_test(locals_survive_every_switch),
        cmocka_unit_test(a_fiber_may_use_its_whole_stack),
        cmocka_unit_test(an_overflow_hits_the_guard_page),
        cmocka_unit_test(a_jump_inside_a_fiber_leaves_others_alone),
        cmocka_unit_test(a_thousand_fibers_run),
        cmocka_unit_test(a_fiber_that_never_ran_is_freed),
        cmocka_unit_test(no_memory_is_an_error),
        cmocka_unit_test(every_thread_has_its_own_main_fiber),
    };
    return cmocka_run_group_tests_name("base/fiber", tests, NULL, NULL);
}
