// SPDX-License-Identifier: MIT

#include "lesson/queries.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

#define ANSWER_BYTES 500

typedef struct visitor {
    const ant_lesson *lesson;
    lesson_query_fn on_query;
    void *arg;
    ant_arena arena;
    bool is_short;
} visitor;

typedef struct asked {
    json_t *answers; // array of objects
    lesson_stage *stage;
    lesson_problems *problems;
    char *said;
} asked;

static void visit_item(visitor *v, const lesson_item *item);
static void visit_words(visitor *v, const char *text, stage_place place);
static void visit_pattern(visitor *v, const char *pattern, stage_place place);
static const char *program_of(const asked *all, stage_place place);
static void note_query(void *arg, const char *query, stage_place place);
static void ask_query(void *arg, const char *query, stage_place place);
static json_t *find_entry(json_t *answers, const char *program,
                          const char *query);
static void fold_equal(json_t *answers);

bool lesson_each_query(const ant_lesson *lesson, lesson_query_fn on_query,
                       void *arg)
{
    visitor v = { .lesson = lesson, .on_query = on_query, .arg = arg };
    for (uint32_t i = 0; i < lesson->item_count; i++)
        visit_item(&v, &lesson->item[i]);
    ant_arena_deinit(&v.arena);
    return !v.is_short;
}

char *lesson_answers(lesson_stage *stage, lesson_problems *problems)
{
    json_t *answers = json_array();
    asked all = { .answers = answers, .stage = stage, .problems = problems };
    if (!lesson_each_query(stage->lesson, note_query, &all)) answers = NULL;
    uint32_t before = lesson_problem_count(problems);
    for (uint32_t seed = 0; seed < LESSON_SEED_COUNT && answers; seed++) {
        lesson_stage_reseed(stage, seed);
        lesson_each_query(stage->lesson, ask_query, &all);
        if (lesson_problem_count(problems) > before) break;
    }
    lesson_stage_reseed(stage, LESSON_SEED_OWN);
    fold_equal(all.answers);
    json_t *file =
        json_pack("{s:s,s:i,s:o}", "lesson", stage->lesson->slug, "seeds",
                  (int)LESSON_SEED_COUNT, "answers", all.answers);
    char *text = NULL;
    char *dumped = file != NULL ? json_dumps(file, JSON_INDENT(1)) : NULL;
    if (dumped != NULL) {
        size_t len = strlen(dumped);
        text = ant_mem_alloc(len + 2);
        if (text != NULL) {
            memcpy(text, dumped, len);
            text[len] = '\n';
        }
    }
    json_free_t free_json = NULL;
    json_get_alloc_funcs(NULL, &free_json);
    free_json(dumped);
    json_decref(file);
    return answers != NULL ? text : NULL;
}

static void visit_item(visitor *v, const lesson_item *item)
{
    stage_place place = { item->run, item->line };
    if (item->kind == LESSON_PROSE) visit_words(v, item->text, place);
    for (uint32_t i = 0; i < item->fields.count; i++) {
        const lesson_field *field = &item->fields.field[i];
        lesson_field_use use = lesson_use_of(item->kind, field->key);
        place.line = field->line;
        if (use == LESSON_FIELD_WORDS) visit_words(v, field->value, place);
        if (use == LESSON_FIELD_PATTERN) visit_pattern(v, field->value, place);
    }
}

static void visit_words(visitor *v, const char *text, stage_place place)
{
    stage_part part;
    while (lesson_stage_next_part(v->lesson, &text, place.run, &part)) {
        if (!part.is_query) continue;
        char *query = ant_arena_text(&v->arena, part.text, part.len);
        if (query == NULL) {
            v->is_short = true;
            return;
        }
        query += strspn(query, " ");
        v->on_query(v->arg, query, (stage_place){ part.run, place.line });
    }
}

static void visit_pattern(visitor *v, const char *pattern, stage_place place)
{
    char *query = ant_arena_print(&v->arena, "t(%s)", pattern);
    if (query != NULL)
        v->on_query(v->arg, query, place);
    else
        v->is_short = true;
}

static const char *program_of(const asked *all, stage_place place)
{
    const ant_lesson *lesson = all->stage->lesson;
    return place.run < lesson->run_count ? lesson->run[place.run].name : "";
}

// Makes room for a query's answers, in the order of the text.
static void note_query(void *arg, const char *query, stage_place place)
{
    asked *all = arg;
    const char *program = program_of(all, place);
    if (find_entry(all->answers, program, query) != NULL) return;
    json_array_append_new(all->answers,
                          json_pack("{s:s,s:s,s:[]}", "program", program,
                                    "query", query, "answer"));
}

// One answer for each seed.
static void ask_query(void *arg, const char *query, stage_place place)
{
    asked *all = arg;
    json_t *entry = find_entry(all->answers, program_of(all, place), query);
    json_t *list = json_object_get(entry, "answer");
    query_answer answer;
    char said[ANSWER_BYTES];
    if (json_array_size(list) > all->stage->seed) return; // asked above
    if (!lesson_stage_ask(all->stage, query, place, &answer, all->problems))
        return;
    query_value_write(&answer.value, said, sizeof said);
    query_answer_free(&answer);
    json_array_append_new(list, json_string(said));
}

static json_t *find_entry(json_t *answers, const char *program,
                          const char *query)
{
    for (size_t i = 0; i < json_array_size(answers); i++) {
        json_t *entry = json_array_get(answers, i);
        const char *its_program =
            json_string_value(json_object_get(entry, "program"));
        const char *its_query =
            json_string_value(json_object_get(entry, "query"));
        bool is_it =
            strcmp(its_program, program) == 0 && strcmp(its_query, query) == 0;
        if (is_it) return entry;
    }
    return NULL;
}

// The same for all seeds is said once.
static void fold_equal(json_t *answers)
{
    for (size_t i = 0; i < json_array_size(answers); i++) {
        json_t *entry = json_array_get(answers, i);
        json_t *list = json_object_get(entry, "answer");
        json_t *first = json_array_get(list, 0);
        bool is_same = json_array_size(list) == LESSON_SEED_COUNT;
        for (size_t k = 1; k < json_array_size(list); k++) {
            if (!json_equal(first, json_array_get(list, k))) is_same = false;
        }
        if (is_same) json_object_set(entry, "answer", first);
    }
}
