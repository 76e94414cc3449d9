// SPDX-License-Identifier: MIT
//
// Tests of `antfarm run`: it passes the program's end on, sets its environment,
// and says so when nothing was recorded.

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "app/commands.h"
#include "base/macros.h"
#include "support/recording.h"

#define ARGS_MAX 16

// What stood on stderr during the last run.
static char told[1024];

// Runs `antfarm run ARGS… sh -c SCRIPT` with stderr kept.
static int run(const char *args, const char *script)
{
    char words[512];
    char text[512];
    char *argv[ARGS_MAX + 1];
    int argc = 0;
    snprintf(words, sizeof words, "run %s%s--trace %s sh -c", args,
             *args != 0 ? " " : "", recording_path());
    for (char *word = words; *word != 0;) {
        argv[argc++] = word;
        word += strcspn(word, " ");
        if (*word != 0) *word++ = 0;
    }
    snprintf(text, sizeof text, "%s", script);
    argv[argc++] = text;
    argv[argc] = NULL;

    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    int status = app_run(argc, argv);
    fflush(stderr);
    dup2(saved, STDERR_FILENO);
    close(saved);
    rewind(file);
    told[fread(told, 1, sizeof told - 1, file)] = 0;
    fclose(file);
    return status;
}

static void passes_the_exit_status_on(void **state)
{
    (void)state;
    assert_int_equal(run("", "exit 0"), 0);
    assert_int_equal(run("", "exit 7"), 7);
    assert_int_equal(run("", "kill -9 $$"), 128 + SIGKILL);
}

static void sets_the_environment(void **state)
{
    (void)state;
    assert_int_equal(run("--flavor sim --workers 3 --seed 0 --level sched",
                         "test $ANTFARM_FLAVOR = sim && "
                         "test $ANTFARM_WORKERS = 3 && "
                         "test $ANTFARM_SEED = 0 && "
                         "test $ANTFARM_TRACE_LEVEL = sched && "
                         "test -n \"$ANTFARM_TRACE\""),
                     0);
}

static void says_when_nothing_was_recorded(void **state)
{
    (void)state;
    run("", "exit 0");
    assert_string_equal(
        told, "antfarm: sh recorded nothing; is it an Antfarm program?\n");
}

static void says_what_to_type_next(void **state)
{
    (void)state;
    // A new file, as the recorder makes one.
    run("", "rm \"$ANTFARM_TRACE\"; echo > \"$ANTFARM_TRACE\"; exit 1");
    char wanted[200];
    snprintf(wanted, sizeof wanted,
             "antfarm: see what happened with: antfarm view %s\n",
             recording_path());
    assert_string_equal(told, wanted);
}

static void leaves_it_to_a_program_that_stalled_to_say_so(void **state)
{
    (void)state;
    run("", "rm \"$ANTFARM_TRACE\"; echo > \"$ANTFARM_TRACE\"; exit 3");
    assert_string_equal(told, "");
}

static void says_why_a_program_cannot_be_run(void **state)
{
    (void)state;
    char name[] = "run";
    char program[] = "/no/such/program";
    char *argv[] = { name, program, NULL };
    assert_int_equal(app_run(2, argv), 2);
    argv[1] = NULL;
    assert_int_equal(app_run(1, argv), 2);
}

#define TEST(name)                                                             \
    cmocka_unit_test_setup_teardown(name, recording_setup_path,                \
                                    recording_teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(passes_the_exit_status_on),
        TEST(sets_the_environment),
        TEST(says_when_nothing_was_recorded),
        TEST(says_what_to_type_next),
        TEST(says_why_a_program_cannot_be_run),
        TEST(leaves_it_to_a_program_that_stalled_to_say_so),
    };
    return cmocka_run_group_tests_name("app/run", tests, NULL, NULL);
}
