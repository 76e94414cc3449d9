// SPDX-License-Identifier: MIT
//
// Tests of what all exporters share: the formats are found, a file is whole or
// not there. What each format looks like stands in tests/golden/export_*.

#include <errno.h>
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
#include "export/export.h"
#include "export/player.h"
#include "support/golden.h"
#include "support/trace_script.h"
#include "support/trace_story.h"
#include "trace/schema.h"

static char folder[] = "/tmp/antfarm-export-XXXXXX";
static char path[64];
static char error[256];
static volatile sig_atomic_t is_stopped;

static int set_up(void **state)
{
    (void)state;
    is_stopped = 0;
    memcpy(folder + strlen(folder) - 6, "XXXXXX", 6);
    if (mkdtemp(folder) == NULL) return -1;
    snprintf(path, sizeof path, "%s/out", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    int status = system(command);
    if (ant_mem_live_count() != 0) return -1;
    return status == 0 ? 0 : -1;
}

// Exports a story to `to` and returns what export_write returns.
static int export_to(const char *to, const char *format, const char *story)
{
    ant_model *model = story_open(story);
    model->path = "story.ant";
    bool is_pause;
    const export_desc desc = {
        .model = model,
        .format = export_format_named(format),
        .path = to,
        .event = model_telling_event(model, &is_pause),
        .stop = &is_stopped,
    };
    assert_non_null(desc.format);
    int err = export_write(&desc, error, sizeof error);
    story_close(model);
    return err;
}

static bool is_there(const char *name)
{
    struct stat status;
    return stat(name, &status) == 0;
}

static bool is_folder_empty(void)
{
    char part[80];
    snprintf(part, sizeof part, "%s.part", path);
    return !is_there(path) && !is_there(part);
}

static void formats_are_found_by_name_and_by_extension(void **state)
{
    (void)state;
    for (unsigned i = 0; export_format_at(i) != NULL; i++) {
        const export_format *format = export_format_at(i);
        char name[64];
        snprintf(name, sizeof name, "a/b%s", format->extension);
        assert_ptr_equal(export_format_named(format->name), format);
        assert_ptr_equal(export_format_of_path(name), format);
    }
    assert_null(export_format_named("tar"));
    assert_null(export_format_of_path("a/b.tar"));
    assert_null(export_format_of_path(".csv"));
}

static void every_format_writes_an_empty_trace(void **state)
{
    (void)state;
    for (unsigned i = 0; export_format_at(i) != NULL; i++) {
        script_begin(ANT_LEVEL_FULL);
        script_end();
        const char *format = export_format_at(i)->name;
        if (export_to(path, format, script_path()) < 0) fail_msg("%s", error);
        assert_true(is_there(path));
        assert_int_equal(tear_down(state), 0);
        assert_int_equal(set_up(state), 0);
    }
}

static void nothing_is_left_when_it_is_stopped(void **state)
{
    (void)state;
    for (unsigned i = 0; export_format_at(i) != NULL; i++) {
        is_stopped = 1;
        const char *format = export_format_at(i)->name;
        assert_int_equal(export_to(path, format, script_story_join()), -EINTR);
        assert_non_null(strstr(error, "stopped"));
        assert_true(is_folder_empty());
    }
}

static void a_full_disk_is_said_in_one_line(void **state)
{
    (void)state;
    assert_int_equal(export_to("/dev/full", "csv", script_story_busy(2000)),
                     -ENOSPC);
    assert_string_equal(error, "/dev/full: No space left on device");
}

static void a_folder_that_is_missing_is_said(void **state)
{
    (void)state;
    char missing[80];
    snprintf(missing, sizeof missing, "%s/no/out", folder);
    for (unsigned i = 0; export_format_at(i) != NULL; i++) {
        const char *format = export_format_at(i)->name;
        int err = export_to(missing, format, script_story_join());
        assert_int_equal(err, -ENOENT);
        assert_non_null(strstr(error, "/no/out: No such file or directory"));
    }
}

static void an_old_file_stays_until_the_new_one_is_whole(void **state)
{
    (void)state;
    FILE *file = fopen(path, "w");
    fputs("old", file);
    fclose(file);
    is_stopped = 1;
    assert_int_equal(export_to(path, "csv", script_story_join()), -EINTR);
    size_t len;
    char *text = golden_read(path, &len);
    assert_string_equal(text, "old");
    free(text);
    is_stopped = 0;
    assert_int_equal(export_to(path, "csv", script_story_join()), 0);
    text = golden_read(path, &len);
    assert_int_equal(strncmp(text, "i,t_ns,event", 12), 0);
    free(text);
}

// --- What each format looks like ---------------------------------------------

static void assert_same_as_golden(const char *name)
{
    size_t len;
    char *bytes = golden_read(path, &len);
    assert_non_null(bytes);
    golden_assert("tests/unit/export/test_export", name, bytes, len);
    free(bytes);
}

static void assert_golden(const char *format, const char *name,
                          const char *story)
{
    if (export_to(path, format, story) < 0) fail_msg("%s", error);
    assert_same_as_golden(name);
}

static void chrome_looks_as_before(void **state)
{
    (void)state;
    assert_golden("chrome", "export_mutex.json", script_story_mutex());
}

static void perfetto_looks_as_before(void **state)
{
    (void)state;
    assert_golden("perfetto", "export_join.perfetto-trace",
                  script_story_join());
}

static void eventlog_looks_as_before(void **state)
{
    (void)state;
    assert_golden("eventlog", "export_steal.eventlog", script_story_steal());
}

static void paje_looks_as_before(void **state)
{
    (void)state;
    assert_golden("paje", "export_steal.paje", script_story_steal());
}

// All but the descriptions of events, which follow the table of events, is
// known; of those each has to be there.
static void assert_metadata(void)
{
    snprintf(path, sizeof path, "%s/out/metadata", folder);
    size_t len;
    char *text = golden_read(path, &len);
    assert_non_null(text);
    for (unsigned kind = 1; kind < ANT_EV_COUNT; kind++) {
        const ant_schema_event *row = ant_schema_event_of((ant_event_kind)kind);
        if (row->level == ANT_LEVEL_NAMES) continue;
        char block[128];
        snprintf(block, sizeof block, "    name = \"%s\";\n    id = %u;\n",
                 row->name, kind);
        if (strstr(text, block) == NULL) fail_msg("no event has\n%s", block);
    }
    char *events = strstr(text, "event {\n    name");
    assert_non_null(events);
    golden_assert("tests/unit/export/test_export", "export_ctf_metadata.txt",
                  text, (size_t)(events - text));
    free(text);
}

static void ctf_looks_as_before(void **state)
{
    (void)state;
    if (export_to(path, "ctf", script_story_mutex()) < 0) fail_msg("%s", error);
    assert_metadata();
    snprintf(path, sizeof path, "%s/out/lane_1", folder);
    assert_same_as_golden("export_ctf_mutex.bin");
}

static void a_folder_that_is_full_is_not_replaced(void **state)
{
    (void)state;
    assert_int_equal(export_to(path, "ctf", script_story_join()), 0);
    assert_int_equal(export_to(path, "ctf", script_story_join()), -EEXIST);
    assert_non_null(strstr(error, "is there already"));
    char metadata[80];
    snprintf(metadata, sizeof metadata, "%s/metadata", path);
    assert_true(is_there(metadata));
}

// The data of the page; the player around it is tried in a browser.
static void the_page_holds_the_same_data_as_before(void **state)
{
    (void)state;
    if (export_to(path, "html", script_story_deadlock()) < 0)
        fail_msg("%s", error);
    size_t len;
    char *text = golden_read(path, &len);
    char *begin = strstr(text, "application/json\">");
    assert_non_null(begin);
    begin = strchr(begin, '{');
    char *end = strstr(begin, "</script>");
    assert_non_null(end);
    golden_assert("tests/unit/export/test_export", "export_deadlock_page.json",
                  begin, (size_t)(end - begin));
    free(text);
}

static void the_player_stays_small(void **state)
{
    (void)state;
    size_t all = strlen((const char *)export__player_page) +
                 strlen((const char *)export__player_style) +
                 strlen((const char *)export__player_script);
    assert_in_range(all, 10000, 40000);
}

static void csv_looks_as_before(void **state)
{
    (void)state;
    assert_golden("csv", "export_steal.csv", script_story_steal());
}

static void dot_shows_the_deadlock_as_before(void **state)
{
    (void)state;
    assert_golden("dot", "export_deadlock.dot", script_story_deadlock());
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(formats_are_found_by_name_and_by_extension),
        TEST(every_format_writes_an_empty_trace),
        TEST(nothing_is_left_when_it_is_stopped),
        TEST(a_full_disk_is_said_in_one_line),
        TEST(a_folder_that_is_missing_is_said),
        TEST(an_old_file_stays_until_the_new_one_is_whole),
        TEST(chrome_looks_as_before),
        TEST(perfetto_looks_as_before),
        TEST(eventlog_looks_as_before),
        TEST(paje_looks_as_before),
        TEST(ctf_looks_as_before),
        TEST(a_folder_that_is_full_is_not_replaced),
        TEST(the_page_holds_the_same_data_as_before),
        cmocka_unit_test(the_player_stays_small),
        TEST(csv_looks_as_before),
        TEST(dot_shows_the_deadlock_as_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
