// SPDX-License-Identifier: MIT
//
// Source files are found, cut into lines, and a task's place in them is known.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "support/trace_script.h"
#include "support/trace_story.h"

static char dir[64];

static int make_dir(void **state)
{
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/antfarm-source-XXXXXX");
    return mkdtemp(dir) == NULL ? -1 : 0;
}

static int remove_dir(void **state)
{
    (void)state;
    return ant_mem_live_count() == 0 ? rmdir(dir) : -1;
}

static void in_dir(char *path, size_t size, const char *name)
{
    snprintf(path, size, "%s/%s", dir, name);
}

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
}

static void lines_are_cut_as_editors_do(void **state)
{
    (void)state;
    char path[128];
    in_dir(path, sizeof path, "a.c");
    write_file(path, "one\r\n\n\tthree\nlast");
    ant_model *model = story_open(script_story_join());
    const model_source *source = model_source_of(model, path);
    assert_string_equal(source->path, path);
    assert_int_equal(source->line_count, 4);
    assert_string_equal(source->lines[0], "one");
    assert_string_equal(source->lines[1], "");
    assert_string_equal(source->lines[2], "\tthree");
    assert_string_equal(source->lines[3], "last");
    assert_ptr_equal(model_source_of(model, path), source);
    story_close(model);
    unlink(path);
}

static void a_file_beside_or_above_the_trace_is_found(void **state)
{
    (void)state;
    char trace[128], source[128], below[128];
    in_dir(below, sizeof below, "traces");
    in_dir(trace, sizeof trace, "traces/run.ant");
    in_dir(source, sizeof source, "demo.c");
    assert_int_equal(mkdir(below, 0700), 0);
    write_file(source, "main\n");
    assert_int_equal(rename(script_story_join(), trace), 0);

    ant_model *model = story_open(trace);
    const model_source *found = model_source_of(model, "demo.c");
    assert_non_null(found->path);
    assert_string_equal(found->lines[0], "main");
    const model_source *beside = model_source_of(model, "elsewhere/run.ant");
    assert_non_null(beside->path);
    story_close(model);
    unlink(trace);
    unlink(source);
    rmdir(below);
}

static void a_missing_file_has_no_path(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_join());
    const model_source *source = model_source_of(model, "no/such/file.c");
    assert_non_null(source);
    assert_null(source->path);
    assert_int_equal(source->line_count, 0);
    assert_null(model_source_of(model, ""));
    assert_null(model_source_of(model, NULL));
    // A directory is no file.
    assert_null(model_source_of(model, "/tmp")->path);
    story_close(model);
}

static void an_empty_file_has_no_lines(void **state)
{
    (void)state;
    char path[128];
    in_dir(path, sizeof path, "empty.c");
    write_file(path, "");
    ant_model *model = story_open(script_story_join());
    const model_source *source = model_source_of(model, path);
    assert_non_null(source->path);
    assert_int_equal(source->line_count, 0);
    story_close(model);
    unlink(path);
}

static void a_task_is_where_its_last_line_was(void **state)
{
    (void)state;
    ant_model *model = story_open(script_story_join());
    uint32_t end = story_event(model, ANT_EV_poll_end, 0);
    model_site sites[4];
    uint32_t count = model_sites(model, 1, end, sites, 4);
    assert_int_equal(count, 4);
    assert_int_equal(sites[0].line, 13);
    assert_int_equal(sites[1].line, 15);
    assert_int_equal(sites[2].line, 14);
    assert_string_equal(sites[0].file, "script.c");

    // Before its first poll it is where it was spawned.
    uint32_t spawn = story_event(model, ANT_EV_task_spawn, 0);
    assert_int_equal(model_sites(model, 1, spawn, sites, 4), 1);
    assert_int_equal(sites[0].line, 5);
    story_close(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_cut_as_editors_do),
        cmocka_unit_test(a_file_beside_or_above_the_trace_is_found),
        cmocka_unit_test(a_missing_file_has_no_path),
        cmocka_unit_test(an_empty_file_has_no_lines),
        cmocka_unit_test(a_task_is_where_its_last_line_was),
    };
    return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
