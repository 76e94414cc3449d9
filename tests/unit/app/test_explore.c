// SPDX-License-Identifier: MIT
//
// Tests of `antfarm explore`. The program it runs is this one, with a word that
// says what to be.

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

static char told[4096];

// Runs `antfarm explore OPTION VALUE … SELF WHAT` and keeps what it says.
static int explore(const char *option, const char *value, const char *what)
{
    static char words[8][256];
    const char *all[] = { "explore", "--trace", recording_path(),
                          option,    value,     "/proc/self/exe",
                          what };
    char *argv[9];
    int argc = 0;
    for (size_t i = 0; i < ANT_ARRAY_LEN(all); i++) {
        if (all[i] == NULL) continue;
        snprintf(words[i], sizeof words[i], "%s", all[i]);
        argv[argc++] = words[i];
    }
    argv[argc] = NULL;

    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(NULL);
    int saved[2] = { dup(STDOUT_FILENO), dup(STDERR_FILENO) };
    dup2(fileno(file), STDOUT_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    int status = app_explore(argc, argv);
    fflush(NULL);
    dup2(saved[0], STDOUT_FILENO);
    dup2(saved[1], STDERR_FILENO);
    close(saved[0]);
    close(saved[1]);
    rewind(file);
    size_t len = fread(told, 1, sizeof told - 1, file);
    told[len] = '\0';
    fclose(file);
    return status;
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
    assert_int_equal(explore("--until", "doomsday", "house"), TEXT_BAD_INPUT);
    expect_told("--until cannot be doomsday");
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
        TEST(a_run_that_does_not_end_is_a_failure),
        TEST(what_cannot_be_explored_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
