// SPDX-License-Identifier: MIT

#include "lesson/session.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static bool is_station(const lesson_item *item);
static bool read_first_number(const char *text, double *ret_number);
static session_reply read_number(const session_question *question,
                                 const char *text);
static session_reply read_order(const session_question *question,
                                const char *text);
static const session_option *option_of(const session_question *question,
                                       char letter);
static const session_option *task_of(const session_question *question,
                                     const char *text, size_t len);

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
    return item != NULL && !session->is_answered &&
           (item->kind == LESSON_PREDICT || item->kind == LESSON_SCHEDULE);
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
    session->is_revealed = false;
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
    if (question->kind == SESSION_POINT)
        reply.chosen = task_of(question, text, len);
    else if (len == 1)
        reply.chosen = option_of(question, *text);
    reply.is_clear = reply.chosen != NULL;
    reply.is_right = reply.is_clear && reply.chosen->is_right;
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

void lesson_session_reveal(lesson_session *session)
{
    session->is_revealed = true;
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

// "3", "ben" and "3 ben" are all the same task; capital letters do not matter.
static const session_option *task_of(const session_question *question,
                                     const char *text, size_t len)
{
    for (uint32_t i = 0; i < question->option_count; i++) {
        const char *label = question->option[i].text;
        const char *name = strchr(label, ' ');
        const size_t id_len = name != NULL ? (size_t)(name - label) : 0;
        const bool is_id = id_len == len && memcmp(label, text, len) == 0;
        const bool is_name = name != NULL && strlen(name + 1) == len &&
                             strncasecmp(name + 1, text, len) == 0;
        const bool is_label =
            strlen(label) == len && strncasecmp(label, text, len) == 0;
        if (is_id || is_name || is_label) return &question->option[i];
    }
    return NULL;
}
