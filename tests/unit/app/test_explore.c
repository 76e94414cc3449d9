// SPDX-License-Identifier: MIT
//
// Tests of `antfarm explore` and `antfarm play`. The program they run is this
// one, with a word that says what to be.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "app/commands.h"
#include "explore/trail.h"
#include "support/recording.h"
#include "text/file.h"

// ---- Programs ----

static ant_notify bell = ANT_NOTIFY("bell");

// Rings the bell for those who wait. Whoever comes later waits for ever.
struct ringer {
    ant_future base;
};

ANT_ASYNC(ringer)
{
    (void)self, (void)cx;
    ant_notify_waiters(&bell);
    return ANT_READY;
}

struct listener {
    ant_future base;
    enum { LISTENER_START, LISTENER_WAITING } state;
    struct ant_notified ring;
};

ANT_ASYNC(listener)
{
    switch (self->state) {
    case LISTENER_START:
        self->ring = ant_notified(&bell);
        return ANT_NEXT(LISTENER_WAITING);

    case LISTENER_WAITING:
        ANT_AWAIT(self->ring);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

struct house {
    ant_future base;
    enum { HOUSE_START, HOUSE_WAITING } state;
    bool is_quiet; // nobody rings
    struct ant_join_handle first;
    struct ant_join_handle second;
    struct ant_join both;
};

ANT_ASYNC(house)
{
    const struct listener listens = { ANT_INIT(listener) };
    const struct ringer rings = { ANT_INIT(ringer) };
    switch (self->state) {
    case HOUSE_START:
        if (self->is_quiet)
            self->first = ant_spawn(rings);
        else
            self->first = ant_spawn(listens);
        self->second = ant_spawn(rings);
        self->both = ant_join(&self->first.base, &self->second.base);
        return ANT_NEXT(HOUSE_WAITING);

    case HOUSE_WAITING:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// As a program: its exit status.
static int be(const char *what)
{
    if (strcmp(what, "nothing") == 0) return 0;
    ant_runtime *rt;
    if (ant_runtime_new(NULL, &rt) < 0) return 2;
    while (strcmp(what, "endless") == 0)
        pause();
    const struct house one = { ANT_INIT(house),
                               .is_quiet = strcmp(what, "quiet") == 0 };
    int err = ant_runtime_block_on(rt, one);
    ant_runtime_free(rt);
    return err < 0;
}

// ---- The command ----

static char told[16384];

// Runs a command with the words of argv, up to NULL, which reads `input`, and
// keeps what it says.
static int command(int (*run)(int argc, char **argv), const char *const *words,
                   const char *input)
{
    static char copy[8][256];
    char *argv[9];
    int argc = 0;
    for (; words[argc] != NULL; argc++) {
        snprintf(copy[argc], sizeof copy[argc], "%s", words[argc]);
        argv[argc] = copy[argc];
    }
    argv[argc] = NULL;

    FILE *in = tmpfile();
    FILE *out = tmpfile();
    assert_non_null(in);
    assert_non_null(out);
    fputs(input, in);
    rewind(in);
    fflush(NULL);
    const int fds[] = { fileno(in), fileno(out), fileno(out) };
    int saved[3];
    for (int i = 0; i < 3; i++) {
        saved[i] = dup(i);
        dup2(fds[i], i);
    }
    clearerr(stdin);
    int status = run(argc, argv);
    fflush(NULL);
    for (int i = 0; i < 3; i++) {
        dup2(saved[i], i);
        close(saved[i]);
    }
    rewind(out);
    size_t len = fread(told, 1, sizeof told - 1, out);
    told[len] = '\0';
    fclose(in);
    fclose(out);
    return status;
}

// antfarm explore OPTION VALUE … WHAT
static int explore(const char *option, const char *value, const char *what)
{
    const char *plain[] = { "explore",        "--trace", recording_path(),
                            "/proc/self/exe", what,      NULL };
    const char *more[] = { "explore", "--trace", recording_path(),
                           option,    value,     "/proc/self/exe",
                           what,      NULL };
    return command(app_explore, option == NULL ? plain : more, "");
}

// antfarm play --goal GOAL … house, with these keys
static int play(const char *goal, const char *option, const char *value,
                const char *keys)
{
    const char *words[] = { "play", "--goal",         goal,    option,
                            value,  "/proc/self/exe", "house", NULL };
    return command(app_play, words, keys);
}

static void expect_told(const char *text)
{
    if (strstr(told, text) == NULL) fail_msg("not said: %s\n%s", text, told);
}

static void the_one_order_that_stalls_is_found_and_recorded(void **state)
{
    (void)state;
    assert_int_equal(explore(NULL, NULL, "house"), TEXT_FINDING);
    expect_told("Run 2 stalled, with 1 choice unlike the usual order.");
    expect_told("Schedule: 2\n");
    expect_told("waits for notification `bell`");
    expect_told("--schedule '2' /proc/self/exe house\n");
    explore_trail trail;
    ant_reader_error error;
    assert_int_equal(explore_trail_read(recording_path(), &trail, &error), 0);
    assert_true(trail.count > 0);
    assert_int_equal(trail.choice[0].place, 2);
    assert_int_equal(trail.choice[0].of, 2);
    explore_trail_deinit(&trail);
}

static void that_no_order_fails_is_said_when_all_were_run(void **state)
{
    (void)state;
    assert_int_equal(explore(NULL, NULL, "quiet"), TEXT_FINE);
    expect_told("and there are no others: none of them fails.");
}

static void what_is_left_is_said_when_not_all_were_run(void **state)
{
    (void)state;
    assert_int_equal(explore("--runs", "1", "quiet"), TEXT_FINE);
    expect_told("1 schedule run, and nothing was found;");
}

static void another_kind_of_failure_is_passed_by(void **state)
{
    (void)state;
    assert_int_equal(explore("--until", "panic", "house"), TEXT_FINE);
    expect_told("none of them panics.");
}

static void a_run_can_be_looked_for_with_a_question(void **state)
{
    (void)state;
    assert_int_equal(
        explore("--until", "count(poll_begin, task=one) >= 3", "house"),
        TEXT_FINDING);
    expect_told("ended well");
    assert_int_equal(explore("--until", "count(stall) > 9", "house"),
                     TEXT_FINE);
    expect_told("none of them is like that.");
    assert_int_equal(explore("--until", "count(", "house"), TEXT_BAD_INPUT);
    expect_told("--until is failure, stall, panic or a question");
}

static void a_run_that_does_not_end_is_a_failure(void **state)
{
    (void)state;
    assert_int_equal(explore("--seconds", "1", "endless"), TEXT_FINDING);
    expect_told("Run 1 did not end within 1 s, with 0 choices");
}

static void what_cannot_be_explored_is_said(void **state)
{
    (void)state;
    assert_int_equal(explore(NULL, NULL, "nothing"), TEXT_BAD_INPUT);
    expect_told("is it an Antfarm program?");
}

// ---- Being the scheduler ----

static void a_person_can_make_it_stall(void **state)
{
    (void)state;
    const char *trace = recording_path();
    assert_int_equal(play("stall", "--trace", trace, "2\n1\nq\n"), TEXT_FINE);
    expect_told("Choice 1: which task is polled next?");
    expect_told("    1  2 listens");
    expect_told("    2  3 rings");
    expect_told("The program stalled, after 2 choices.");
    expect_told("You have reached the goal.");
}

static void a_choice_can_be_taken_back(void **state)
{
    (void)state;
    const char *trace = recording_path();
    assert_int_equal(play("finish", "--trace", trace, "2\n1\nu\nu\n1\n1\nq\n"),
                     TEXT_FINE);
    expect_told("That is not the goal yet");
    expect_told("The program ended well, after 2 choices.");
    expect_told("--schedule '1.1'");
}

static void a_goal_that_is_not_reached_is_a_finding(void **state)
{
    (void)state;
    const char *trace = recording_path();
    assert_int_equal(play("finish", "--trace", trace, "2\n"), TEXT_FINDING);
    assert_int_equal(play("stall", "--trace", trace, "x\n9\n"), TEXT_FINDING);
    assert_int_equal(play("glory", "--trace", trace, ""), TEXT_BAD_INPUT);
    expect_told("--goal cannot be glory");
}

int main(int argc, char **argv)
{
    if (argc > 1) return be(argv[1]);
#define TEST(test)                                                             \
    cmocka_unit_test_setup_teardown(test, recording_setup_path,                \
                                    recording_teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_one_order_that_stalls_is_found_and_recorded),
        TEST(that_no_order_fails_is_said_when_all_were_run),
        TEST(what_is_left_is_said_when_not_all_were_run),
        TEST(another_kind_of_failure_is_passed_by),
        TEST(a_run_can_be_looked_for_with_a_question),
        TEST(a_run_that_does_not_end_is_a_failure),
        TEST(what_cannot_be_explored_is_said),
        TEST(a_person_can_make_it_stall),
        TEST(a_choice_can_be_taken_back),
        TEST(a_goal_that_is_not_reached_is_a_finding),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
