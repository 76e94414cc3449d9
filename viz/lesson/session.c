// SPDX-License-Identifier: MIT

#include "lesson/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static bool is_station(const lesson_item *item);
static session_kind kind_of(const lesson_item *item);
static bool fill_options(lesson_stage *stage, const lesson_item *item,
                         ant_arena *arena, session_question *question,
                         lesson_problems *problems);
static bool fill_order(lesson_stage *stage, const lesson_item *item,
                       ant_arena *arena, session_question *question,
                       lesson_problems *problems);
static void shuffle(session_question *question, const char *salt);
static uint32_t hash(const char *salt, const char *text);
static bool read_first_number(const char *text, double *ret_number);
static session_reply read_number(const session_question *question,
                                 const char *text);
static session_reply read_order(const session_question *question,
                                const char *text);
static const session_option *option_of(const session_question *question,
                                       char letter);

void lesson_session_init(lesson_session *session, lesson_stage *stage,
                         lesson_problems *problems)
{
    *session = (lesson_session){ .stage = stage, .problems = problems };
    lesson_session_seek(session, 0);
}

void lesson_session_deinit(lesson_session *session)
{
    ant_arena_deinit(&session->arena);
}

const lesson_item *lesson_session_item(const lesson_session *session)
{
    const ant_lesson *lesson = session->stage->lesson;
    return session->at < lesson->item_count ? &lesson->item[session->at] : NULL;
}

bool lesson_session_is_locked(const lesson_session *session)
{
    const lesson_item *item = lesson_session_item(session);
    return item != NULL && item->kind == LESSON_PREDICT &&
           !session->is_answered;
}

bool lesson_session_next(lesson_session *session)
{
    if (lesson_session_item(session) == NULL ||
        lesson_session_is_locked(session))
        return false;
    lesson_session_seek(session, session->at + 1);
    return lesson_session_item(session) != NULL;
}

void lesson_session_seek(lesson_session *session, uint32_t at)
{
    const ant_lesson *lesson = session->stage->lesson;
    while (at < lesson->item_count && !is_station(&lesson->item[at]))
        at++;
    session->at = at < lesson->item_count ? at : lesson->item_count;
    session->is_answered = false;
}

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
        .id = item->name,
        .ask = lesson_stage_fill(stage, ask, place, arena, problems),
        .why = lesson_stage_fill(stage, why, place, arena, problems),
    };
    if (question.ask == NULL || question.why == NULL) return false;
    bool is_filled =
        question.kind == SESSION_ORDER
            ? fill_order(stage, item, arena, &question, problems)
            : fill_options(stage, item, arena, &question, problems);
    if (!is_filled || lesson_problem_count(problems) > count) return false;
    shuffle(&question, item->name);
    *ret_question = question;
    return true;
}

session_reply lesson_session_read(const session_question *question,
                                  const char *text)
{
    text += strspn(text, " ");
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] == ' ')
        len--;
    if (question->kind == SESSION_NUMBER) return read_number(question, text);
    if (question->kind == SESSION_ORDER) return read_order(question, text);
    session_reply reply = { 0 };
    if (question->kind == SESSION_DRAWN) {
        reply.is_clear = len == 1 && strchr("ynYN", *text) != NULL;
        reply.is_right = reply.is_clear && (*text == 'y' || *text == 'Y');
        return reply;
    }
    if (len == 1) reply.chosen = option_of(question, *text);
    reply.is_clear = reply.chosen != NULL;
    reply.is_right = reply.is_clear && reply.chosen->belief == NULL;
    return reply;
}

session_reply lesson_session_answer(lesson_session *session,
                                    const session_question *question,
                                    const char *text)
{
    session_reply reply = lesson_session_read(question, text);
    if (!reply.is_clear) return reply;
    session->is_answered = true;
    session->asked++;
    if (reply.is_right) session->right++;
    return reply;
}

void lesson_session_skip(lesson_session *session)
{
    session->is_answered = true;
}

const lesson_item *lesson_session_hint(lesson_session *session)
{
    const ant_lesson *lesson = session->stage->lesson;
    const lesson_item *hint =
        lesson_item_of(lesson, LESSON_HINT, session->hint);
    if (hint != NULL) {
        session->hint++;
    } else if (session->hint > 0) {
        hint = lesson_item_of(lesson, LESSON_HINT, session->hint - 1);
    }
    return hint;
}

static bool is_station(const lesson_item *item)
{
    return item->kind != LESSON_HINT && item->kind != LESSON_TEACHER &&
           item->kind != LESSON_EXERCISE;
}

static session_kind kind_of(const lesson_item *item)
{
    const char *kind = lesson_field_of(&item->fields, "kind");
    if (kind == NULL) return SESSION_CHOICE;
    if (strcmp(kind, "number") == 0) return SESSION_NUMBER;
    if (strcmp(kind, "order") == 0) return SESSION_ORDER;
    if (strcmp(kind, "drawn") == 0) return SESSION_DRAWN;
    return SESSION_CHOICE; // and point, in a terminal
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

static bool read_first_number(const char *text, double *ret_number)
{
    text += strcspn(text, "-0123456789");
    char *end;
    *ret_number = strtod(text, &end);
    return end != text;
}

static session_reply read_number(const session_question *question,
                                 const char *text)
{
    session_reply reply = { 0 };
    double given;
    double right;
    if (!read_first_number(text, &given)) return reply;
    if (!read_first_number(question->answer, &right)) return reply;
    reply.is_clear = true;
    reply.is_right = fabs(given - right) < 1e-9;
    for (uint32_t i = 0; i < question->option_count; i++) {
        double its;
        bool is_it = read_first_number(question->option[i].text, &its) &&
                     fabs(given - its) < 1e-9;
        if (is_it) reply.chosen = &question->option[i];
    }
    return reply;
}

// Letters in the order of the answer; equal texts are the same.
static session_reply read_order(const session_question *question,
                                const char *text)
{
    session_reply reply = { 0 };
    char order[500] = "";
    size_t len = 0;
    uint32_t count = 0;
    bool is_used[SESSION_OPTION_MAX] = { 0 };
    for (; *text != 0; text++) {
        const session_option *its = option_of(question, *text);
        if (its == NULL && strchr(" ,", *text) == NULL) return reply;
        if (its == NULL) continue;
        size_t i = (size_t)(its - question->option);
        size_t its_len = strlen(its->text);
        if (is_used[i] || len + its_len + 3 > sizeof order) return reply;
        is_used[i] = true;
        if (count++ > 0) {
            memcpy(order + len, ", ", 3);
            len += 2;
        }
        memcpy(order + len, its->text, its_len + 1);
        len += its_len;
    }
    reply.is_clear = count == question->option_count;
    reply.is_right = reply.is_clear && strcmp(order, question->answer) == 0;
    return reply;
}

static const session_option *option_of(const session_question *question,
                                       char letter)
{
    uint32_t i = SESSION_OPTION_MAX;
    if (letter >= 'a' && letter <= 'z') i = (uint32_t)(letter - 'a');
    if (letter >= 'A' && letter <= 'Z') i = (uint32_t)(letter - 'A');
    return i < question->option_count ? &question->option[i] : NULL;
}
