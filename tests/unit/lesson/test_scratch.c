// SPDX-License-Identifier: MIT
//
// Nothing is left behind in the folder for temporary files, whatever happens to
// who made it.

#include "lesson/scratch.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"

static char parent[64];

static int setup(void **state)
{
    (void)state;
    (void)snprintf(parent, sizeof parent, "/tmp/antfarm-rig-XXXXXX");
    assert_non_null(mkdtemp(parent));
    return setenv("TMPDIR", parent, 1);
}

static int teardown(void **state)
{
    (void)state;
    unsetenv("TMPDIR");
    assert_int_equal(rmdir(parent), 0); // it is empty
    assert_int_equal(ant_mem_live_count(), 0);
    return 0;
}

static bool is_there(const char *path)
{
    struct stat info;
    return stat(path, &info) == 0;
}

static void put_file(const char *folder)
{
    char path[400];
    (void)snprintf(path, sizeof path, "%s/program0", folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
}

static void it_goes_away_with_its_files(void **state)
{
    (void)state;
    ant_arena arena = { 0 };
    lesson_scratch scratch;
    assert_int_equal(lesson_scratch_open(&arena, &scratch), 0);
    put_file(scratch.path);
    assert_true(is_there(scratch.path));
    lesson_scratch_close(&scratch);
    assert_null(scratch.path);
    ant_arena_deinit(&arena);
}

static void one_that_is_in_use_is_left_alone(void **state)
{
    (void)state;
    ant_arena arena = { 0 };
    lesson_scratch first;
    lesson_scratch second;
    assert_int_equal(lesson_scratch_open(&arena, &first), 0);
    assert_int_equal(lesson_scratch_open(&arena, &second), 0);
    assert_true(is_there(first.path));
    lesson_scratch_close(&second);
    lesson_scratch_close(&first);
    ant_arena_deinit(&arena);
}

// The child opens one and is killed; what it left is found by its name, which
// it says through a pipe.
static void that_of_a_killed_program_is_taken_away(void **state)
{
    (void)state;
    ant_arena arena = { 0 };
    int ends[2];
    char left[200] = "";
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    if (child == 0) {
        lesson_scratch its;
        if (lesson_scratch_open(&arena, &its) < 0) _exit(1);
        put_file(its.path);
        if (write(ends[1], its.path, strlen(its.path)) < 0) _exit(1);
        raise(SIGKILL);
    }
    assert_true(read(ends[0], left, sizeof left - 1) > 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(is_there(left));
    lesson_scratch scratch;
    assert_int_equal(lesson_scratch_open(&arena, &scratch), 0);
    assert_false(is_there(left));
    lesson_scratch_close(&scratch);
    close(ends[0]);
    close(ends[1]);
    ant_arena_deinit(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_goes_away_with_its_files, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(one_that_is_in_use_is_left_alone, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(that_of_a_killed_program_is_taken_away,
                                        setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
