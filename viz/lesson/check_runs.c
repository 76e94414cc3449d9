// SPDX-License-Identifier: MIT
//
// What can be seen only by running: queries without an answer, options that are
// the same, answers that have changed, an exercise that accepts what is wrong.

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "lesson/check.h"
#include "lesson/queries.h"
#include "lesson/session.h"
#include "lesson/verdict.h"
#include "lint/lint.h"

#define EVENTS_MAX  2000u
#define MUTANTS_MIN 2u
#define MUTANTS_MAX 20u

// As little as a recording can hold: a task that is ready at once.
static const char empty_main[] =
    "#include <antfarm.h>\n"
    "struct empty { ant_future base; };\n"
    "ANT_ASYNC(empty) { (void)self; (void)cx; return ANT_READY; }\n"
    "static struct empty empty(void)\n"
    "{ return (struct empty){ ANT_INIT(empty) }; }\n"
    "ANT_MAIN(empty)\n";

// A program in which no lint should speak, but those that are allowed.
typedef struct lint_check {
    const char *file;
    const char *allowed; // NULL for none
    uint32_t line;
} lint_check;

typedef struct query_checker {
    lesson_stage *stage;
    lesson_problems *problems;
} query_checker;

static void check_lints(const lesson_stage *stage, const ant_model *model,
                        const lint_check *check, lesson_problems *problems);
static void check_solution_lints(const lesson_stage *stage, const char *trace,
                                 lesson_problems *problems);
static void check_query(void *arg, const char *query, stage_place place);
static void check_same(lesson_stage *stage, const lesson_item *item,
                       lesson_problems *problems);
static bool judge(lesson_stage *stage, const char *folder, const char *file,
                  lesson_verdict *ret_verdict, lesson_problems *problems);
static void check_solution(lesson_stage *stage, lesson_problems *problems);
static void check_mutants(lesson_stage *stage, lesson_problems *problems);
static void check_empty(lesson_stage *stage, lesson_problems *problems);

void lesson_check_runs(lesson_stage *stage, lesson_problems *problems)
{
    const ant_lesson *lesson = stage->lesson;
    for (uint32_t i = 0; i < lesson->run_count; i++) {
        const ant_model *model = lesson_stage_model(stage, i, problems);
        if (model == NULL) return;
        if (model->event_count > EVENTS_MAX) {
            lesson_complain(problems, lesson->path, lesson->run[i].line,
                            "%s makes %u events: at most %u can be looked at",
                            lesson->run[i].file, model->event_count,
                            EVENTS_MAX);
        }
    }
    for (uint32_t i = 0; i < lesson->run_count; i++) {
        const lesson_run *run = &lesson->run[i];
        lint_check check = { run->file, run->lints, run->line };
        if (!run->is_bad) check_lints(stage, stage->model[i], &check, problems);
    }
    query_checker checker = { stage, problems };
    lesson_each_query(lesson, check_query, &checker);
}

void lesson_check_options(lesson_stage *stage, lesson_problems *problems)
{
    const ant_lesson *lesson = stage->lesson;
    for (uint32_t seed = 0; seed < LESSON_SEED_COUNT; seed++) {
        uint32_t before = lesson_problem_count(problems);
        lesson_stage_reseed(stage, seed);
        for (uint32_t i = 0; i < lesson->item_count; i++) {
            const lesson_item *item = &lesson->item[i];
            if (item->kind == LESSON_PREDICT) check_same(stage, item, problems);
        }
        if (lesson_problem_count(problems) > before) break;
    }
    lesson_stage_reseed(stage, LESSON_SEED_OWN);
}

void lesson_check_lock(lesson_stage *stage, lesson_problems *problems)
{
    ant_arena arena = { 0 };
    int err = 0;
    char *now = lesson_answers(stage, problems);
    char *path =
        ant_arena_print(&arena, "%s/answers.lock", stage->lesson->folder);
    char *then = path != NULL ? lesson_file_read(path, &arena, &err) : NULL;
    if (now != NULL && path != NULL &&
        (then == NULL || strcmp(now, then) != 0)) {
        lesson_complain(problems, path, 0,
                        "%s: look at the difference after antfarm course lock "
                        "%s",
                        then == NULL ? "is not there"
                                     : "the programs answer otherwise now",
                        stage->lesson->slug);
    }
    ant_mem_free(now);
    ant_arena_deinit(&arena);
}

void lesson_check_exercise(lesson_stage *stage, lesson_problems *problems)
{
    lesson_verdict verdict;
    const char *folder = stage->lesson->folder;
    const lesson_item *exercise = stage->lesson->exercise;
    if (judge(stage, folder, "exercise.c", &verdict, problems)) {
        lesson_complain(problems, stage->lesson->path, exercise->line,
                        "exercise.c passes already: a must is missing, or the "
                        "starter is the solution");
    }
    bool is_started =
        verdict.take.ending == TAKE_DONE || verdict.take.ending == TAKE_STALLED;
    if (!is_started) {
        lesson_complain(problems, stage->lesson->path, exercise->line,
                        "exercise.c: a starter compiles and runs: %s",
                        verdict.headline);
    }
    check_solution(stage, problems);
    check_empty(stage, problems);
    check_mutants(stage, problems);
}

// A lint that speaks in a good example cries wolf, or the example is not good.
static void check_lints(const lesson_stage *stage, const ant_model *model,
                        const lint_check *check, lesson_problems *problems)
{
    lint_report report;
    if (lint_run(model, NULL, &report) < 0) return;
    for (uint32_t i = 0; i < report.count; i++) {
        const char *name = lint_table[report.finding[i].lint].name;
        if (check->allowed != NULL && strstr(check->allowed, name) != NULL)
            continue;
        lesson_complain(problems, stage->lesson->path, check->line,
                        "%s: %s: %s. Mend it, or write shows: a mistake, or "
                        "lints: %s",
                        check->file, name, report.finding[i].text, name);
    }
    lint_report_free(&report);
}

static void check_solution_lints(const lesson_stage *stage, const char *trace,
                                 lesson_problems *problems)
{
    const lesson_item *exercise = stage->lesson->exercise;
    const lint_check check = { "solution.c",
                               lesson_field_of(&exercise->fields, "lints"),
                               exercise->line };
    ant_model *model;
    ant_reader_error error;
    if (model_open(trace, &model, &error) < 0) return;
    check_lints(stage, model, &check, problems);
    model_close(model);
}

static void check_query(void *arg, const char *query, stage_place place)
{
    query_checker *checker = arg;
    const char *path = checker->stage->lesson->path;
    query_answer answer;
    query_error error;
    ant_query *parsed;
    bool is_asked = lesson_stage_ask(checker->stage, query, place, &answer,
                                     checker->problems);
    if (!is_asked) return;
    query_answer_free(&answer);
    if (query_parse(query, &parsed, &error) < 0) return;
    const ant_model *model =
        lesson_stage_model(checker->stage, place.run, checker->problems);
    const char *name = query_unknown_name(parsed, model);
    if (name != NULL) {
        lesson_complain(checker->problems, path, place.line,
                        "in the query %s: nothing in %s is called %s", query,
                        checker->stage->lesson->run[place.run].file, name);
    }
    query_free(parsed);
}

static void check_same(lesson_stage *stage, const lesson_item *item,
                       lesson_problems *problems)
{
    ant_arena arena = { 0 };
    session_question question;
    bool is_asked =
        lesson_session_question_of(stage, item, &arena, &question, problems);
    bool has_options = is_asked && question.kind != SESSION_ORDER;
    for (uint32_t i = 0; has_options && i < question.option_count; i++) {
        for (uint32_t k = i + 1; k < question.option_count; k++) {
            const char *text = question.option[i].text;
            if (strcmp(text, question.option[k].text) != 0) continue;
            lesson_complain(problems, stage->lesson->path, item->line,
                            "two options are \"%s\" with seed %u", text,
                            stage->seed);
        }
    }
    ant_arena_deinit(&arena);
}

static bool judge(lesson_stage *stage, const char *folder, const char *file,
                  lesson_verdict *ret_verdict, lesson_problems *problems)
{
    lesson_judge(stage->lesson, stage->studio, folder, file, NULL, ret_verdict,
                 problems);
    return ret_verdict->is_passed;
}

static void check_solution(lesson_stage *stage, lesson_problems *problems)
{
    const ant_lesson *lesson = stage->lesson;
    lesson_verdict verdict;
    if (judge(stage, lesson->folder, "solution.c", &verdict, problems)) {
        check_solution_lints(stage, verdict.take.trace, problems);
        return;
    }
    lesson_complain(problems, lesson->path, lesson->exercise->line,
                    "solution.c does not pass: %s", verdict.headline);
    for (uint32_t i = 0; i < verdict.must_count; i++) {
        const verdict_must *must = &verdict.must[i];
        if (must->is_kept) continue;
        lesson_complain(problems, lesson->path, lesson->exercise->line,
                        "solution.c: not kept: %s; %.*s", must->query,
                        (int)strcspn(must->facts, "\n"), must->facts);
    }
}

static void check_mutants(lesson_stage *stage, lesson_problems *problems)
{
    const ant_lesson *lesson = stage->lesson;
    ant_arena arena = { 0 };
    uint32_t count = 0;
    char *path = ant_arena_print(&arena, "%s/mutants", lesson->folder);
    DIR *folder = path != NULL ? opendir(path) : NULL;
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        size_t len = strlen(entry->d_name);
        if (len < 3 || strcmp(entry->d_name + len - 2, ".c") != 0) continue;
        lesson_verdict verdict;
        count++;
        if (judge(stage, path, entry->d_name, &verdict, problems)) {
            lesson_complain(problems, lesson->path, lesson->exercise->line,
                            "mutants/%s passes, and it is wrong: write a must "
                            "that it does not keep",
                            entry->d_name);
        } else if (verdict.take.program == NULL) {
            lesson_complain(problems, lesson->path, lesson->exercise->line,
                            "mutants/%s does not compile, so it shows nothing",
                            entry->d_name);
        }
    }
    if (folder != NULL) closedir(folder);
    if (count < MUTANTS_MIN) {
        lesson_complain(problems, lesson->path, lesson->exercise->line,
                        "%u mutants: write at least %u wrong solutions into "
                        "mutants/",
                        count, MUTANTS_MIN);
    }
    ant_arena_deinit(&arena);
}

static void check_empty(lesson_stage *stage, lesson_problems *problems)
{
    ant_arena arena = { 0 };
    const char *folder = stage->studio->folder;
    char *path = ant_arena_print(&arena, "%s/empty.c", folder);
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file != NULL) {
        fputs(empty_main, file);
        fclose(file);
        lesson_verdict verdict;
        if (judge(stage, folder, "empty.c", &verdict, problems)) {
            lesson_complain(problems, stage->lesson->path,
                            stage->lesson->exercise->line,
                            "an empty main passes: write a must about what "
                            "has to happen");
        }
    }
    ant_arena_deinit(&arena);
}
