// SPDX-License-Identifier: MIT
//
// The recordings that a lesson brings along, for who has no compiler: each one
// answers the lesson's queries as its program does today. Two files are not
// compared byte by byte, for the format may grow and still say the same.

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "lesson/check.h"
#include "lesson/queries.h"

#define ANSWER_BYTES 500

typedef struct shipped_checker {
    lesson_stage *stage;
    lesson_problems *problems;
    ant_model *shipped[LESSON_RUN_MAX];
} shipped_checker;

static ant_model *open_shipped(const shipped_checker *checker, uint32_t run);
static void compare(void *arg, const char *query, stage_place place);
static void say(const char *query, const ant_model *model, char *buf,
                size_t size);
static int copy(const char *from, const char *to);

void lesson_check_shipped(lesson_stage *stage, lesson_problems *problems)
{
    const ant_lesson *lesson = stage->lesson;
    shipped_checker checker = { .stage = stage, .problems = problems };
    bool are_there = true;
    for (uint32_t i = 0; i < lesson->run_count; i++) {
        checker.shipped[i] = open_shipped(&checker, i);
        if (checker.shipped[i] == NULL) are_there = false;
    }
    if (are_there) lesson_each_query(lesson, compare, &checker);
    for (uint32_t i = 0; i < lesson->run_count; i++) {
        if (checker.shipped[i] != NULL) model_close(checker.shipped[i]);
    }
}

int lesson_ship(lesson_stage *stage, lesson_problems *problems)
{
    ant_arena arena = { 0 };
    int err = 0;
    for (uint32_t i = 0; i < stage->lesson->run_count && err == 0; i++) {
        char *to = lesson_stage_shipped(stage, i, &arena);
        if (to == NULL) err = -ENOMEM;
        if (lesson_stage_model(stage, i, problems) == NULL) continue;
        if (err == 0 && !stage->is_shipped)
            err = copy(stage->take[i].trace, to);
    }
    ant_arena_deinit(&arena);
    return err;
}

// NULL after a complaint.
static ant_model *open_shipped(const shipped_checker *checker, uint32_t run)
{
    const ant_lesson *lesson = checker->stage->lesson;
    ant_arena arena = { 0 };
    ant_model *model = NULL;
    ant_reader_error error = { 0 };
    char *path = lesson_stage_shipped(checker->stage, run, &arena);
    if (path != NULL && model_open(path, &model, &error) < 0) {
        model = NULL;
        lesson_complain(checker->problems, path, 0,
                        "cannot be read: %s; antfarm course lock %s records it",
                        error.text, lesson->slug);
    }
    ant_arena_deinit(&arena);
    return model;
}

static void compare(void *arg, const char *query, stage_place place)
{
    shipped_checker *checker = arg;
    const ant_lesson *lesson = checker->stage->lesson;
    const ant_model *now =
        lesson_stage_model(checker->stage, place.run, checker->problems);
    if (now == NULL || place.run >= lesson->run_count) return;
    char today[ANSWER_BYTES];
    char then[ANSWER_BYTES];
    say(query, now, today, sizeof today);
    say(query, checker->shipped[place.run], then, sizeof then);
    if (strcmp(today, then) == 0) return;
    lesson_complain(checker->problems, lesson->path, place.line,
                    "%s.ant is old: %s is %s there, and %s today; antfarm "
                    "course lock %s records it again",
                    lesson->run[place.run].name, query, then, today,
                    lesson->slug);
}

static void say(const char *query, const ant_model *model, char *buf,
                size_t size)
{
    query_answer answer;
    query_error error;
    snprintf(buf, size, "nothing");
    if (query_run(query, model, &answer, &error) < 0) return;
    query_value_say(&answer.value, buf, size);
    query_answer_free(&answer);
}

static int copy(const char *from, const char *to)
{
    FILE *source = fopen(from, "rb");
    FILE *target = source != NULL ? fopen(to, "wb") : NULL;
    int err = target == NULL ? -errno : 0;
    char bytes[4096];
    size_t len = 0;
    while (err == 0 && (len = fread(bytes, 1, sizeof bytes, source)) > 0) {
        if (fwrite(bytes, 1, len, target) < len) err = -errno;
    }
    if (target != NULL && fclose(target) != 0 && err == 0) err = -errno;
    if (source != NULL) fclose(source);
    return err;
}
