// SPDX-License-Identifier: MIT
//
// Making a question of a session: its words filled, its options in an order
// that tells nothing. The options of a point are the tasks of its moment.

#include <stdio.h>
#include <string.h>

#include "lesson/position.h"
#include "lesson/session.h"

static session_kind kind_of(const lesson_item *item);
static bool find_event(lesson_stage *stage, session_question *question,
                       lesson_problems *problems);
static bool fill(lesson_stage *stage, ant_arena *arena,
                 session_question *question, lesson_problems *problems);
static bool fill_options(lesson_stage *stage, const lesson_item *item,
                         ant_arena *arena, session_question *question,
                         lesson_problems *problems);
static bool fill_order(lesson_stage *stage, const lesson_item *item,
                       ant_arena *arena, session_question *question,
                       lesson_problems *problems);
static bool fill_point(lesson_stage *stage, ant_arena *arena,
                       session_question *question, lesson_problems *problems);
static void shuffle(session_question *question, const char *salt);
static uint32_t hash(const char *salt, const char *text);

bool lesson_session_question_of(lesson_stage *stage, const lesson_item *item,
                                ant_arena *arena,
                                session_question *ret_question,
                                lesson_problems *problems)
{
    const lesson_fields *fields = &item->fields;
    const char *ask = lesson_field_of(fields, "ask");
    const char *why = lesson_field_of(fields, "why");
    if (ask == NULL || why == NULL) return false;
    stage_place place = { item->run, item->line };
    uint32_t count = lesson_problem_count(problems);
    session_question question = {
        .kind = kind_of(item),
        .item = item,
        .event = MODEL_NONE,
        .id = item->name,
        .ask = lesson_stage_fill(stage, ask, place, arena, problems),
        .why = lesson_stage_fill(stage, why, place, arena, problems),
    };
    if (question.ask == NULL || question.why == NULL) return false;
    bool is_filled = find_event(stage, &question, problems) &&
                     fill(stage, arena, &question, problems);
    if (!is_filled || lesson_problem_count(problems) > count) return false;
    if (question.kind != SESSION_POINT) shuffle(&question, item->name);
    *ret_question = question;
    return true;
}

static session_kind kind_of(const lesson_item *item)
{
    const char *kind = lesson_field_of(&item->fields, "kind");
    if (kind == NULL) return SESSION_CHOICE;
    if (strcmp(kind, "number") == 0) return SESSION_NUMBER;
    if (strcmp(kind, "order") == 0) return SESSION_ORDER;
    if (strcmp(kind, "drawn") == 0) return SESSION_DRAWN;
    if (strcmp(kind, "point") == 0) return SESSION_POINT;
    return SESSION_CHOICE;
}

static bool find_event(lesson_stage *stage, session_question *question,
                       lesson_problems *problems)
{
    const lesson_item *item = question->item;
    const char *at = lesson_field_of(&item->fields, "at");
    if (at != NULL) {
        const stage_place place = { item->run, item->line };
        question->event = lesson_stage_event(stage, at, place, problems);
        return question->event != MODEL_NONE;
    }
    if (question->kind != SESSION_POINT) return true;
    lesson_complain(problems, stage->lesson->path, item->line,
                    "which moment? Write at: and a pattern, as in at: "
                    "poll_end, task=page");
    return false;
}

static bool fill(lesson_stage *stage, ant_arena *arena,
                 session_question *question, lesson_problems *problems)
{
    const lesson_item *item = question->item;
    if (question->kind == SESSION_ORDER)
        return fill_order(stage, item, arena, question, problems);
    if (!fill_options(stage, item, arena, question, problems)) return false;
    return question->kind != SESSION_POINT ||
           fill_point(stage, arena, question, problems);
}

static bool fill_options(lesson_stage *stage, const lesson_item *item,
                         ant_arena *arena, session_question *question,
                         lesson_problems *problems)
{
    lesson_option option[LESSON_OPTION_MAX];
    uint32_t count = lesson_options(item, arena, option);
    for (uint32_t i = 0; i < count; i++) {
        stage_place place = { item->run, option[i].line };
        session_option *its = &question->option[question->option_count++];
        its->text =
            lesson_stage_fill(stage, option[i].text, place, arena, problems);
        its->because =
            lesson_stage_fill(stage, option[i].because, place, arena, problems);
        its->belief = option[i].belief;
        its->is_right = i == 0;
        if (its->text == NULL || its->because == NULL) return false;
    }
    if (count > 0) question->answer = question->option[0].text;
    return count > 0;
}

// The answer's query gives a list: its items are the options.
static bool fill_order(lesson_stage *stage, const lesson_item *item,
                       ant_arena *arena, session_question *question,
                       lesson_problems *problems)
{
    const char *text = lesson_field_of(&item->fields, "answer");
    stage_place place = { item->run, item->line };
    stage_part part;
    query_answer answer;
    bool is_query =
        text != NULL &&
        lesson_stage_next_part(stage->lesson, &text, item->run, &part) &&
        part.is_query;
    char *query = is_query ? ant_arena_text(arena, part.text, part.len) : NULL;
    if (query == NULL) {
        lesson_complain(problems, stage->lesson->path, item->line,
                        "the answer to an order is one query: write "
                        "answer: {order(text of note)}");
        return false;
    }
    place.run = part.run;
    if (!lesson_stage_ask(stage, query, place, &answer, problems)) return false;
    char said[400];
    query_value_say(&answer.value, said, sizeof said);
    question->answer = ant_arena_text(arena, said, strlen(said));
    for (uint32_t i = 0; i < answer.value.count && i < SESSION_OPTION_MAX;
         i++) {
        query_value_say(&answer.value.item[i], said, sizeof said);
        question->option[i] =
            (session_option){ .text = ant_arena_text(arena, said, strlen(said)),
                              .because = "" };
        question->option_count = i + 1;
    }
    query_answer_free(&answer);
    return question->answer != NULL;
}

// Neither the author nor the learner should know where the right one stands;
// the same question is always asked in the same way.
static void shuffle(session_question *question, const char *salt)
{
    for (uint32_t i = 1; i < question->option_count; i++) {
        session_option moved = question->option[i];
        uint32_t k = i;
        for (; k > 0; k--) {
            const session_option *before = &question->option[k - 1];
            if (hash(salt, before->text) <= hash(salt, moved.text)) break;
            question->option[k] = *before;
        }
        question->option[k] = moved;
    }
}

// FNV-1a.
static uint32_t hash(const char *salt, const char *text)
{
    uint32_t h = 2166136261u;
    for (const char *at = salt; *at != 0; at++)
        h = (h ^ (unsigned char)*at) * 16777619u;
    for (const char *at = text; *at != 0; at++)
        h = (h ^ (unsigned char)*at) * 16777619u;
    return h ^ (h >> 15);
}

// The option with this task's number, and NULL when it is not there then.
static session_option *option_of_task(session_question *question, uint32_t task)
{
    for (uint32_t i = 0; i < question->option_count; i++) {
        if (question->option[i].task == task) return &question->option[i];
    }
    return NULL;
}

// The tasks of the moment take the place of what was written, which says who is
// right, and whose belief the others are.
static bool fill_point(lesson_stage *stage, ant_arena *arena,
                       session_question *question, lesson_problems *problems)
{
    const lesson_item *item = question->item;
    const ant_model *model = lesson_stage_model(stage, item->run, problems);
    lesson_position now;
    if (model == NULL ||
        lesson_position_at(model, question->event, NULL, arena, &now) < 0)
        return false;
    session_question written = *question;
    question->option_count = 0;
    for (uint32_t i = 0; i < now.count && i < SESSION_OPTION_MAX; i++) {
        question->option[question->option_count++] = (session_option){
            .text = now.task[i].name,
            .because = "",
            .task = now.task[i].id,
            .state = now.task[i].state,
        };
    }
    for (uint32_t i = 0; i < written.option_count; i++) {
        const session_option *said = &written.option[i];
        const uint32_t row = model_task_find(model, said->text);
        session_option *its =
            row != 0 ? option_of_task(question, model->tasks[row].id) : NULL;
        if (its == NULL) {
            lesson_complain(problems, stage->lesson->path, item->line,
                            "%s is none of the %u tasks that are there at "
                            "that moment",
                            said->text, now.count);
            return false;
        }
        its->belief = said->belief;
        its->because = said->because;
        its->is_right = said->is_right;
        if (said->is_right) question->answer = its->text;
    }
    return true;
}
