// SPDX-License-Identifier: MIT
//
// Whatever a learner's program does, it gets a verdict that helps, nothing of
// theirs is lost, and nothing is left running.

#include "lesson/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "lesson/attempt.h"
#include "lesson/child.h"
#include "lesson/show.h"
#include "support/lesson_rig.h"

static lesson_rig rig;
static lesson_verdict verdict;

static int setup(void **state)
{
    (void)state;
    rig_init(&rig);
    rig_open(&rig);
    return 0;
}

// Judges the exercise, with `code` put into its first state.
static void judge(const char *code)
{
    if (*code != 0)
        rig_plant(&rig, "exercise.c", "    case NAP_START:\n", code);
    lesson_judge(rig.lesson, &rig.studio, rig.lesson_folder, "exercise.c", NULL,
                 &verdict, &rig.problems);
    rig_expect_none(&rig);
}

static void expect(take_ending ending, const char *headline)
{
    assert_int_equal(verdict.take.ending, ending);
    assert_non_null(strstr(verdict.headline, headline));
    assert_false(verdict.is_passed);
}

static void the_starter_is_told_what_it_does_not_keep(void **state)
{
    (void)state;
    judge("");
    expect(TAKE_DONE, "not as it should");
    assert_int_equal(verdict.must_count, 2);
    assert_false(verdict.must[0].is_kept);
    assert_string_equal(verdict.must[0].message, "It has to sleep twice.");
    assert_non_null(strstr(verdict.must[0].facts, "end() is 100: #"));
    assert_true(verdict.must[0].event != MODEL_NONE);
    lesson_script script = { 0 };
    lesson_show_verdict(&verdict, &script);
    assert_non_null(strstr(script.text, "  not kept: end() == 200\n"));
    lesson_script_free(&script);
}

static void a_right_attempt_passes(void **state)
{
    (void)state;
    rig_plant(&rig, "exercise.c", "< 1", "< 2");
    judge("");
    assert_true(verdict.is_passed);
}

static void an_endless_loop_is_stopped(void **state)
{
    (void)state;
    rig.studio.seconds_max = 1;
    judge("    case NAP_START:\n    for (volatile int i = 0; i == 0;) {}\n");
    expect(TAKE_LATE, "did not end within 1 seconds");
}

static void an_endless_run_of_naps_is_stopped(void **state)
{
    (void)state;
    rig.studio.seconds_max = 1;
    rig_plant(&rig, "exercise.c", "++self->count < 1", "true");
    judge("");
    expect(TAKE_LATE, "did not end within");
}

static void a_crash_is_named(void **state)
{
    (void)state;
    judge("    case NAP_START:\n    *(volatile int *)0 = 1;\n");
#ifndef ANT_CHECK_LOCKS // a sanitizer makes it a status
    expect(TAKE_CRASHED, "It crashed: Segmentation fault");
#endif
    assert_false(verdict.is_passed);
}

static void a_trap_shows_what_the_runtime_says(void **state)
{
    (void)state;
    judge("    case NAP_START:\n    return ANT_PENDING;\n");
    assert_false(verdict.is_passed);
    assert_non_null(strstr(verdict.details, "nap"));
}

static void a_deadlock_shows_the_report(void **state)
{
    (void)state;
    rig_plant(&rig, "exercise.c", "struct nap {",
              "static ant_mutex door = ANT_MUTEX(\"door\");\nstruct nap {");
    rig_plant(&rig, "exercise.c", "struct ant_sleep", "struct ant_mutex_lock");
    rig_plant(&rig, "exercise.c", "ant_sleep(100)", "ant_mutex_lock(&door)");
    judge("    case NAP_START:\n    (void)ant_mutex_try_lock(&door);\n");
    expect(TAKE_STALLED, "nothing can ever wake");
    assert_non_null(strstr(verdict.details, "door"));
}

static void a_megabyte_of_output_is_cut(void **state)
{
    (void)state;
    rig_plant(&rig, "exercise.c", "#include <antfarm.h>",
              "#include <antfarm.h>\n#include <stdio.h>");
    judge("    case NAP_START:\n    for (;;) puts(\"again and again\");\n");
    expect(TAKE_LOUD, "more than a megabyte");
    assert_non_null(strstr(verdict.details, "again and again\n"));
    assert_true(strlen(verdict.details) < 400);
}

static void the_compiler_is_quoted(void **state)
{
    (void)state;
    judge("    case NAP_START:\n    self->cuont = 1;\n");
    expect(TAKE_NO_BUILD, "does not compile");
    assert_non_null(strstr(verdict.details, "cuont"));
}

static void a_deleted_file_is_missed(void **state)
{
    (void)state;
    char path[400];
    (void)snprintf(path, sizeof path, "%s/exercise.c", rig.lesson_folder);
    char code[600];
    (void)snprintf(code, sizeof code,
                   "    case NAP_START:\n    (void)remove(\"%s\");\n", path);
    rig_plant(&rig, "exercise.c", "#include <antfarm.h>",
              "#include <antfarm.h>\n#include <stdio.h>");
    judge(code);
    expect(TAKE_DONE, "not as it should");
    judge("");
    expect(TAKE_NO_FILE, "Reset puts the beginning there again");
}

static void a_program_without_tasks_is_told_so(void **state)
{
    (void)state;
    rig_write(&rig, "exercise.c", "int main(void) { return 0; }\n");
    judge("");
    expect(TAKE_UNRECORDED, "Is there an ANT_MAIN?");
    rig_write(&rig, "exercise.c", "int main(void) { return 7; }\n");
    judge("");
    expect(TAKE_FAILED, "ended with status 7");
}

static void children_that_a_program_leaves_are_ended(void **state)
{
    (void)state;
    char pid_file[300];
    (void)snprintf(pid_file, sizeof pid_file, "%s/pid", rig.folder);
    char script[400];
    (void)snprintf(script, sizeof script, "sleep 600 & echo $! >%s", pid_file);
    char sh[] = "sh";
    char c[] = "-c";
    char *argv[] = { sh, c, script, NULL };
    ant_arena arena = { 0 };
    child_result result;
    child_desc desc = { .argv = argv, .seconds_max = 10, .output_max = 1000 };
    assert_int_equal(lesson_child_run(&desc, &arena, &result), 0);
    assert_int_equal(result.status, 0);
    int err = 0;
    char *pid = lesson_file_read(pid_file, &arena, &err);
    assert_non_null(pid);
    char path[64];
    (void)snprintf(path, sizeof path, "/proc/%d/cmdline",
                   (int)strtol(pid, NULL, 10));
    // It is gone, or a zombie that nobody has collected yet.
    char *left = lesson_file_read(path, &arena, &err);
    assert_true(left == NULL || *left == 0);
    assert_int_equal(remove(pid_file), 0);
    ant_arena_deinit(&arena);
}

static void a_reset_keeps_what_was_there(void **state)
{
    (void)state;
    char data[300];
    (void)snprintf(data, sizeof data, "%s/data", rig.folder);
    assert_int_equal(mkdir(data, 0777), 0);
    ant_arena arena = { 0 };
    lesson_attempt attempt;
    assert_int_equal(lesson_attempt_open(rig.lesson, data, &arena, &attempt),
                     0);
    FILE *file = fopen(attempt.file, "w");
    assert_non_null(file);
    assert_true(fputs("mine\n", file) >= 0);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(lesson_attempt_open(rig.lesson, data, &arena, &attempt),
                     0);
    int err = 0;
    assert_string_equal(lesson_file_read(attempt.file, &arena, &err), "mine\n");

    const char *kept[3];
    for (int i = 0; i < 2; i++)
        assert_int_equal(
            lesson_attempt_reset(rig.lesson, &attempt, &arena, &kept[i]), 0);
    assert_string_equal(lesson_file_read(kept[0], &arena, &err), "mine\n");
    assert_non_null(
        strstr(lesson_file_read(attempt.file, &arena, &err), "ANT_MAIN"));
    assert_int_equal(remove(attempt.file), 0);
    assert_int_equal(
        lesson_attempt_reset(rig.lesson, &attempt, &arena, &kept[2]), 0);
    assert_null(kept[2]);
    const char *solution = lesson_attempt_reveal(rig.lesson, &attempt, &arena);
    assert_non_null(solution);
    const char *const files[] = { attempt.file, kept[0], kept[1], solution };
    for (size_t i = 0; i < ANT_ARRAY_LEN(files); i++)
        assert_int_equal(remove(files[i]), 0);
    assert_int_equal(rmdir(attempt.folder), 0);
    (void)snprintf(data, sizeof data, "%s/data/lessons", rig.folder);
    assert_int_equal(rmdir(data), 0);
    (void)snprintf(data, sizeof data, "%s/data", rig.folder);
    assert_int_equal(rmdir(data), 0);
    ant_arena_deinit(&arena);
}

int main(void)
{
#define TEST(test)                                                             \
    cmocka_unit_test_prestate_setup_teardown(test, setup, rig_teardown, &rig)
    const struct CMUnitTest tests[] = {
        TEST(the_starter_is_told_what_it_does_not_keep),
        TEST(a_right_attempt_passes),
        TEST(an_endless_loop_is_stopped),
        TEST(an_endless_run_of_naps_is_stopped),
        TEST(a_crash_is_named),
        TEST(a_trap_shows_what_the_runtime_says),
        TEST(a_deadlock_shows_the_report),
        TEST(a_megabyte_of_output_is_cut),
        TEST(the_compiler_is_quoted),
        TEST(a_deleted_file_is_missed),
        TEST(a_program_without_tasks_is_told_so),
        TEST(children_that_a_program_leaves_are_ended),
        TEST(a_reset_keeps_what_was_there),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
