// SPDX-License-Identifier: MIT

#include "support/lesson_rig.h"

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

// clang-format off
static const char all_page[] =
    "---\n"
    "title: A course\n"
    "---\n"
    "\n"
    "```part A\n"
    "title: All\n"
    "minutes: 12\n"
    "lessons: naps later\n"
    "```\n"
    "\n"
    "```beliefs\n"
    "MC01: Sleep is work.\n"
    "```\n";

static const char naps_page[] =
    "---\n"
    "title: One nap\n"
    "part: A\n"
    "minutes: 10\n"
    "level: core\n"
    "objectives: sleep\n"
    "breaks: MC01\n"
    "---\n"
    "\n"
    "A nap of {nap: end()} ms, and `{code}`.\n"
    "\n"
    "```run\n"
    "program: nap.c\n"
    "show: nap.c#nap\n"
    "```\n"
    "\n"
    "```predict end\n"
    "kind: choice\n"
    "ask: When is it over?\n"
    "answer: After {end()} ms\n"
    "wrong: After {end() + 1} ms -> MC01, Why it is not.\n"
    "wrong: After {end() + 2} ms -> MC01\n"
    "why: It sleeps.\n"
    "```\n"
    "\n"
    "```step\n"
    "at: timer_fire\n"
    "say: It is {t(timer_fire)} ms.\n"
    "```\n"
    "\n"
    "```predict polls\n"
    "kind: number\n"
    "ask: How often is it polled?\n"
    "answer: {count(poll_begin, task=nap)}\n"
    "wrong: {end()} -> MC01\n"
    "wrong: {count(timer_fire)} -> MC01\n"
    "why: Once to begin, once to end.\n"
    "```\n"
    "\n"
    "```rust\n"
    "sleep(Duration::from_millis(100)).await;\n"
    "```\n"
    "\n"
    "![A nap](nap.png)\n"
    "\n"
    "```break-it\n"
    "do: Sleep less.\n"
    "see: It ends earlier.\n"
    "```\n"
    "\n"
    "```exercise\n"
    "task: Sleep twice.\n"
    "must: end() == 200 # It has to sleep twice.\n"
    "must: count(timer_fire) == 2\n"
    "done: Two naps.\n"
    "```\n"
    "\n"
    "```hint\nLook.\n```\n"
    "\n"
    "```hint\nThink.\n```\n"
    "\n"
    "```hint\nDo.\n```\n"
    "\n"
    "```teacher\nAsk.\n```\n";

// %s: how often, and how long each time.
static const char program[] =
    "#include <antfarm.h>\n"
    "struct nap {\n"
    "    ant_future base;\n"
    "    enum { NAP_START, NAP_SLEEPING } state;\n"
    "    int count;\n"
    "    struct ant_sleep sleep;\n"
    "};\n"
    "ANT_ASYNC(nap)\n"
    "{\n"
    "    switch (self->state) {\n"
    "    case NAP_START:\n"
    "        //@ begin nap\n"
    "        self->sleep = ant_sleep(%d);\n"
    "        //@ end nap\n"
    "        return ANT_NEXT(NAP_SLEEPING);\n"
    "    case NAP_SLEEPING:\n"
    "        ANT_AWAIT(self->sleep);\n"
    "        return ++self->count < %d ? ANT_NEXT(NAP_START) : ANT_READY;\n"
    "    }\n"
    "    ANT_UNREACHABLE();\n"
    "}\n"
    "static struct nap nap(void)\n"
    "{\n"
    "    return (struct nap){ ANT_INIT(nap) };\n"
    "}\n"
    "ANT_MAIN(nap)\n";

static const char *const files[] = {
    "lesson.md", "nap.c", "exercise.c", "solution.c", "mutants/long.c",
    "mutants/none.c", "answers.lock", "mutants", "../course.md", "nap.ant",
    "pair.c", "pair.ant",  "po/de.po",     "po",
};
// clang-format on

static void write_program(const lesson_rig *rig, const char *file, int ms,
                          int count);

void rig_init(lesson_rig *rig)
{
    *rig = (lesson_rig){ 0 };
    (void)snprintf(rig->folder, sizeof rig->folder, "/tmp/antfarm-rig-XXXXXX");
    assert_non_null(mkdtemp(rig->folder));
    (void)snprintf(rig->lesson_folder, sizeof rig->lesson_folder, "%s/01-naps",
                   rig->folder);
    char mutants[320];
    (void)snprintf(mutants, sizeof mutants, "%s/mutants", rig->lesson_folder);
    assert_int_equal(mkdir(rig->lesson_folder, 0777), 0);
    assert_int_equal(mkdir(mutants, 0777), 0);
    rig_write(rig, "../course.md", all_page);
    rig_write(rig, "lesson.md", naps_page);
    write_program(rig, "nap.c", 100, 1);
    write_program(rig, "exercise.c", 100, 1);
    write_program(rig, "solution.c", 100, 2);
    write_program(rig, "mutants/long.c", 200, 1);
    write_program(rig, "mutants/none.c", 0, 2);
    assert_int_equal(lesson_studio_open(NULL, &rig->studio), 0);
    rig->studio.seconds_max = 60; // the machine may be busy
}

int rig_setup(void **state)
{
    rig_init(*state);
    return 0;
}

int rig_teardown(void **state)
{
    rig_deinit(*state);
    return 0;
}

void rig_deinit(lesson_rig *rig)
{
    if (rig->lesson != NULL) lesson_stage_deinit(&rig->stage);
    lesson_close(rig->lesson);
    lesson_course_close(rig->course);
    lesson_studio_close(&rig->studio);
    lesson_problems_deinit(&rig->problems);
    for (size_t i = 0; i < ANT_ARRAY_LEN(files); i++) {
        char path[400];
        (void)snprintf(path, sizeof path, "%s/%s", rig->lesson_folder,
                       files[i]);
        (void)remove(path);
    }
    assert_int_equal(rmdir(rig->lesson_folder), 0);
    assert_int_equal(rmdir(rig->folder), 0);
    assert_int_equal(ant_mem_live_count(), 0);
}

void rig_write(const lesson_rig *rig, const char *file, const char *text)
{
    char path[400];
    (void)snprintf(path, sizeof path, "%s/%s", rig->lesson_folder, file);
    FILE *to = fopen(path, "w");
    assert_non_null(to);
    assert_true(fputs(text, to) >= 0);
    assert_int_equal(fclose(to), 0);
}

void rig_plant(const lesson_rig *rig, const char *file, const char *from,
               const char *to)
{
    ant_arena arena = { 0 };
    char path[400];
    int err = 0;
    (void)snprintf(path, sizeof path, "%s/%s", rig->lesson_folder, file);
    char *text = lesson_file_read(path, &arena, &err);
    assert_non_null(text);
    char *at = strstr(text, from);
    assert_non_null(at);
    char *changed = ant_arena_print(&arena, "%.*s%s%s", (int)(at - text), text,
                                    to, at + strlen(from));
    assert_non_null(changed);
    rig_write(rig, file, changed);
    ant_arena_deinit(&arena);
}

void rig_open(lesson_rig *rig)
{
    assert_int_equal(
        lesson_course_open(rig->folder, &rig->course, &rig->problems), 0);
    assert_int_equal(
        lesson_open(rig->lesson_folder, &rig->lesson, &rig->problems), 0);
    lesson_stage_init(&rig->stage, rig->lesson, &rig->studio);
}

void rig_expect(const lesson_rig *rig, const char *text)
{
    uint32_t count = lesson_problem_count(&rig->problems);
    for (uint32_t i = 0; i < count; i++) {
        const lesson_problem *its = lesson_problem_at(&rig->problems, i);
        if (strstr(its->text, text) != NULL) return;
        print_message("%s:%u: %s\n", its->path, its->line, its->text);
    }
    fail_msg("nobody says \"%s\"", text);
}

void rig_expect_none(const lesson_rig *rig)
{
    uint32_t count = lesson_problem_count(&rig->problems);
    for (uint32_t i = 0; i < count; i++) {
        const lesson_problem *its = lesson_problem_at(&rig->problems, i);
        print_message("%s:%u: %s\n", its->path, its->line, its->text);
    }
    assert_int_equal(count, 0);
}

static void write_program(const lesson_rig *rig, const char *file, int ms,
                          int count)
{
    char text[2000];
    (void)snprintf(text, sizeof text, program, ms, count);
    rig_write(rig, file, text);
}
