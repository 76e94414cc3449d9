// SPDX-License-Identifier: MIT

#include "lesson/stage.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ANSWER_BYTES 500

static void record(lesson_stage *stage, uint32_t run,
                   lesson_problems *problems);
static void build(lesson_stage *stage, uint32_t run);
static void take_shipped(lesson_stage *stage, uint32_t run);
static bool is_wanted(const lesson_run *run, take_ending ending);
static char *join(ant_arena *arena, const char *before, const char *text,
                  size_t len);

void lesson_stage_init(lesson_stage *stage, const ant_lesson *lesson,
                       lesson_studio *studio)
{
    *stage = (lesson_stage){ .lesson = lesson,
                             .studio = studio,
                             .seed = LESSON_SEED_OWN };
}

void lesson_stage_deinit(lesson_stage *stage)
{
    lesson_stage_reseed(stage, LESSON_SEED_OWN);
}

void lesson_stage_reseed(lesson_stage *stage, uint32_t seed)
{
    for (uint32_t i = 0; i < LESSON_RUN_MAX; i++) {
        if (stage->model[i] != NULL) model_close(stage->model[i]);
        stage->model[i] = NULL;
    }
    stage->seed = seed;
}

ant_model *lesson_stage_model(lesson_stage *stage, uint32_t run,
                              lesson_problems *problems)
{
    const ant_lesson *lesson = stage->lesson;
    if (run >= lesson->run_count) {
        lesson_complain(problems, lesson->path, 0,
                        "a query stands before any program: write a run block "
                        "above it");
        return NULL;
    }
    if (stage->model[run] == NULL) record(stage, run, problems);
    return stage->model[run];
}

bool lesson_stage_next_part(const ant_lesson *lesson, const char **text,
                            uint32_t run, stage_part *ret_part)
{
    const char *from = *text;
    if (*from == 0) return false;
    const char *end = NULL;
    if (*from == '{') end = strchr(from, '}');
    if (end == NULL) {
        const char *at = from + (*from == '{' ? 1 : 0);
        bool is_code = false;
        for (; *at != 0 && (*at != '{' || is_code); at++) {
            if (*at == '`') is_code = !is_code;
        }
        *ret_part = (stage_part){ .text = from, .len = (size_t)(at - from) };
        *text = at;
        return true;
    }
    const char *query = from + 1;
    size_t name = strcspn(query, ":}\"'(");
    uint32_t named = LESSON_RUN_MAX;
    if (query[name] == ':') named = lesson_run_of(lesson, query, name);
    if (named != LESSON_RUN_MAX) query += name + 1;
    *ret_part = (stage_part){ .is_query = true,
                              .text = query,
                              .len = (size_t)(end - query),
                              .run = named != LESSON_RUN_MAX ? named : run };
    *text = end + 1;
    return true;
}

char *lesson_stage_fill(lesson_stage *stage, const char *text,
                        stage_place place, ant_arena *arena,
                        lesson_problems *problems)
{
    char *filled = ant_arena_text(arena, "", 0);
    stage_part part;
    while (filled != NULL &&
           lesson_stage_next_part(stage->lesson, &text, place.run, &part)) {
        const char *added = part.text;
        size_t len = part.len;
        char said[ANSWER_BYTES];
        if (part.is_query) {
            char *query = ant_arena_text(arena, part.text, part.len);
            query_answer answer;
            stage_place its = { part.run, place.line };
            if (query == NULL) return NULL;
            if (lesson_stage_ask(stage, query, its, &answer, problems)) {
                query_value_say(&answer.value, said, sizeof said);
                query_answer_free(&answer);
                added = said;
                len = strlen(said);
            }
        }
        filled = join(arena, filled, added, len);
    }
    return filled;
}

bool lesson_stage_ask(lesson_stage *stage, const char *query, stage_place place,
                      query_answer *ret_answer, lesson_problems *problems)
{
    ant_model *model = lesson_stage_model(stage, place.run, problems);
    if (model == NULL) return false;
    query_error error;
    int err = query_run(query, model, ret_answer, &error);
    if (err == 0) return true;
    lesson_complain(problems, stage->lesson->path, place.line,
                    "in the query %s, at %u: %s", query, error.at + 1,
                    err == -ENOMEM ? "not enough memory" : error.text);
    return false;
}

uint32_t lesson_stage_event(lesson_stage *stage, const char *pattern,
                            stage_place place, lesson_problems *problems)
{
    ant_arena arena = { 0 };
    char *query = ant_arena_print(&arena, "exists(%s)", pattern);
    query_answer answer;
    uint32_t event = MODEL_NONE;
    if (query != NULL &&
        lesson_stage_ask(stage, query, place, &answer, problems)) {
        if (answer.fact[0].event_count > 0) event = answer.fact[0].event[0];
        if (event == MODEL_NONE) {
            lesson_complain(problems, stage->lesson->path, place.line,
                            "no event of %s matches %s",
                            stage->lesson->run[place.run].file, pattern);
        }
        query_answer_free(&answer);
    }
    ant_arena_deinit(&arena);
    return event;
}

static void record(lesson_stage *stage, uint32_t run, lesson_problems *problems)
{
    const ant_lesson *lesson = stage->lesson;
    const lesson_run *its = &lesson->run[run];
    studio_take *take = &stage->take[run];
    if (take->program == NULL) build(stage, run);
    studio_run how = { .seed = stage->seed, .workers = its->workers };
    if (stage->seed == LESSON_SEED_OWN) how.seed = its->seed;
    lesson_studio_record(stage->studio, &how, take);
    if (take->ending == TAKE_IMPOSSIBLE) take_shipped(stage, run);
    if (take->trace == NULL || !is_wanted(its, take->ending)) {
        lesson_complain(problems, lesson->path, its->line, "%s %s; %.*s",
                        its->file,
                        take->ending == TAKE_NO_FILE ? "is not there"
                        : take->program == NULL      ? "cannot be built"
                        : its->has_stalled           ? "does not stall"
                                                     : "does not end well",
                        (int)strcspn(take->errors, "\n"), take->errors);
        return;
    }
    ant_reader_error error;
    int err = model_open(take->trace, &stage->model[run], &error);
    if (err < 0) {
        stage->model[run] = NULL;
        lesson_complain(problems, lesson->path, its->line,
                        "the recording of %s cannot be read: %s", its->file,
                        error.text);
    }
}

// Once, also for a file that runs in several ways.
static void build(lesson_stage *stage, uint32_t run)
{
    const ant_lesson *lesson = stage->lesson;
    const char *file = lesson->run[run].file;
    for (uint32_t i = 0; i < lesson->run_count; i++) {
        if (strcmp(lesson->run[i].file, file) != 0) continue;
        stage->take[run].program = stage->take[i].program;
        if (stage->take[run].program != NULL) return;
    }
    lesson_studio_build(stage->studio, lesson->folder, file, &stage->take[run]);
}

char *lesson_stage_shipped(const lesson_stage *stage, uint32_t run,
                           ant_arena *arena)
{
    return ant_arena_print(arena, "%s/%s.ant", stage->lesson->folder,
                           stage->lesson->run[run].name);
}

// Without a compiler a lesson can still be looked at, as its author saw it.
static void take_shipped(lesson_stage *stage, uint32_t run)
{
    studio_take *take = &stage->take[run];
    if (stage->seed != LESSON_SEED_OWN) return;
    char *trace = lesson_stage_shipped(stage, run, &stage->studio->arena);
    if (trace == NULL || access(trace, R_OK) < 0) return;
    stage->is_shipped = true;
    take->trace = trace;
    take->ending =
        stage->lesson->run[run].has_stalled ? TAKE_STALLED : TAKE_DONE;
}

static bool is_wanted(const lesson_run *run, take_ending ending)
{
    return ending == (run->has_stalled ? TAKE_STALLED : TAKE_DONE);
}

static char *join(ant_arena *arena, const char *before, const char *text,
                  size_t len)
{
    return ant_arena_print(arena, "%s%.*s", before, (int)len, text);
}
