// SPDX-License-Identifier: MIT
//
// What can be seen without running anything.

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lesson/check.h"

#define WORDS_MAX      400u
#define TITLE_MAX      38u
#define STEPS_MAX      8u
#define PREDICTS_MIN   2u
#define PREDICTS_MAX   4u
#define HINTS          3u
#define WRONG_MIN      2u
#define DEMO_LINES_MAX 120u

static void check_counts(const ant_lesson *lesson, lesson_problems *problems);
static uint32_t count_of(const ant_lesson *lesson, lesson_kind kind);
static void check_tags(const ant_course *course, const ant_lesson *lesson,
                       lesson_problems *problems);
static void check_predict(const ant_course *course, const ant_lesson *lesson,
                          const lesson_item *item, lesson_problems *problems);
static bool breaks(const ant_lesson *lesson, const char *tag);
static void check_words(const ant_lesson *lesson, lesson_problems *problems);
static void check_one_text(const ant_lesson *lesson, const char *text,
                           uint32_t line, lesson_problems *problems);
static const char *named_color(const char *text);
static bool has_typed_number(const char *text);
static bool names_a_line(const char *text);
static void check_sources(const ant_lesson *lesson, lesson_problems *problems);
static void check_demo(const ant_lesson *lesson, const lesson_run *run,
                       lesson_problems *problems);
static void check_place(const ant_lesson *lesson, const lesson_item *item,
                        lesson_problems *problems);

void lesson_check_text(const ant_course *course, const ant_lesson *lesson,
                       lesson_problems *problems)
{
    check_counts(lesson, problems);
    check_tags(course, lesson, problems);
    check_words(lesson, problems);
    check_sources(lesson, problems);
}

static void check_counts(const ant_lesson *lesson, lesson_problems *problems)
{
    uint32_t steps = count_of(lesson, LESSON_STEP);
    uint32_t predicts = count_of(lesson, LESSON_PREDICT);
    uint32_t hints = count_of(lesson, LESSON_HINT);
    bool has_picture = false;
    bool has_rust = false;
    for (uint32_t i = 0; i < lesson->item_count; i++) {
        const lesson_item *item = &lesson->item[i];
        if (item->kind == LESSON_PROSE && strstr(item->text, "![") != NULL)
            has_picture = true;
        if (item->kind == LESSON_CODE && strcmp(item->name, "rust") == 0)
            has_rust = true;
    }
#define REFUSE_IF(wrong, ...)                                                  \
    if (wrong) lesson_complain(problems, lesson->path, 0, __VA_ARGS__)
    REFUSE_IF(lesson->word_count > WORDS_MAX,
              "the text has %u words: at most %u are read", lesson->word_count,
              WORDS_MAX);
    REFUSE_IF(strlen(lesson->title) > TITLE_MAX,
              "the title has %u letters: at most %u fit into the list",
              (uint32_t)strlen(lesson->title), TITLE_MAX);
    REFUSE_IF(steps > STEPS_MAX || steps == 0, "%u steps: write 1 to %u", steps,
              STEPS_MAX);
    REFUSE_IF(predicts < PREDICTS_MIN || predicts > PREDICTS_MAX,
              "%u predictions: write %u to %u", predicts, PREDICTS_MIN,
              PREDICTS_MAX);
    REFUSE_IF(hints != HINTS, "%u hints: write %u, each more helpful", hints,
              HINTS);
    REFUSE_IF(lesson->exercise == NULL, "no exercise: write a block exercise");
    REFUSE_IF(count_of(lesson, LESSON_BREAK_IT) == 0,
              "nothing to break: write a block break-it");
    REFUSE_IF(count_of(lesson, LESSON_TEACHER) == 0,
              "no notes for who teaches it: write a block teacher");
    REFUSE_IF(!has_picture, "no picture: write ![what one sees](NAME.png)");
    REFUSE_IF(!has_rust, "the same in Tokio is missing: write a listing rust");
#undef REFUSE_IF
}

static uint32_t count_of(const ant_lesson *lesson, lesson_kind kind)
{
    uint32_t count = 0;
    while (lesson_item_of(lesson, kind, count) != NULL)
        count++;
    return count;
}

static void check_tags(const ant_course *course, const ant_lesson *lesson,
                       lesson_problems *problems)
{
    const char *list = lesson_field_of(&lesson->head, "breaks");
    while (list != NULL && *(list += strspn(list, " ")) != 0) {
        char tag[16] = "";
        size_t len = strcspn(list, " ");
        memcpy(tag, list, len < sizeof tag ? len : sizeof tag - 1);
        if (lesson_course_belief_of(course, tag) == NULL) {
            lesson_complain(problems, lesson->path, 1,
                            "the course has no belief %s: write it into the "
                            "beliefs of course.md",
                            tag);
        }
        list += len;
    }
    for (uint32_t i = 0; i < lesson->item_count; i++) {
        const lesson_item *item = &lesson->item[i];
        if (item->kind == LESSON_PREDICT)
            check_predict(course, lesson, item, problems);
    }
}

static void check_predict(const ant_course *course, const ant_lesson *lesson,
                          const lesson_item *item, lesson_problems *problems)
{
    static const char *const kinds[] = { "choice", "number", "order", "point",
                                         "drawn" };
    ant_arena arena = { 0 };
    lesson_option option[LESSON_OPTION_MAX];
    uint32_t count = lesson_options(item, &arena, option);
    const char *kind = lesson_field_of(&item->fields, "kind");
    bool is_known = false;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(kinds) && kind != NULL; i++) {
        if (strcmp(kind, kinds[i]) == 0) is_known = true;
    }
    if (kind != NULL && !is_known) {
        lesson_complain(problems, lesson->path, item->line,
                        "there is no kind %s: write choice, number, order, "
                        "point or drawn",
                        kind);
    }
    if (*item->name == 0) {
        lesson_complain(problems, lesson->path, item->line - 1,
                        "a question without a name: write predict NAME");
    }
    bool has_options =
        is_known && strcmp(kind, "order") != 0 && strcmp(kind, "drawn") != 0;
    if (has_options && count < 1 + WRONG_MIN) {
        lesson_complain(problems, lesson->path, item->line,
                        "%u wrong options: write at least %u, wrong: TEXT -> "
                        "TAG",
                        count > 0 ? count - 1 : 0, WRONG_MIN);
    }
    if (count > 0 && has_typed_number(option[0].text)) {
        lesson_complain(problems, lesson->path, option[0].line,
                        "a number that was typed in goes stale: have it "
                        "computed, as in answer: {end()} ms");
    }
    for (uint32_t i = 1; i < count; i++) {
        const char *tag = option[i].belief;
        const char *what = *tag == 0 ? "a wrong option without a belief: end "
                                       "it with -> TAG"
                           : lesson_course_belief_of(course, tag) == NULL
                               ? "the course has no such belief: write it "
                                 "into the beliefs of course.md"
                           : !breaks(lesson, tag)
                               ? "breaks: in the head does not name it"
                               : NULL;
        if (what != NULL) {
            lesson_complain(problems, lesson->path, option[i].line, "%s%s%s",
                            tag, *tag != 0 ? ": " : "", what);
        }
    }
    ant_arena_deinit(&arena);
}

static bool breaks(const ant_lesson *lesson, const char *tag)
{
    const char *list = lesson_field_of(&lesson->head, "breaks");
    size_t len = strlen(tag);
    while (list != NULL && (list = strstr(list, tag)) != NULL) {
        if (list[len] == ' ' || list[len] == 0) return true;
        list += len;
    }
    return false;
}

// Line numbers in a text are wrong after the next change of the program, and
// a colour alone tells nothing on paper.
static void check_words(const ant_lesson *lesson, lesson_problems *problems)
{
    for (uint32_t i = 0; i < lesson->item_count; i++) {
        const lesson_item *item = &lesson->item[i];
        bool is_text = item->kind == LESSON_PROSE ||
                       item->kind == LESSON_HINT ||
                       item->kind == LESSON_TEACHER;
        if (is_text) check_one_text(lesson, item->text, item->line, problems);
        for (uint32_t k = 0; k < item->fields.count; k++) {
            const lesson_field *field = &item->fields.field[k];
            bool is_words =
                lesson_use_of(item->kind, field->key) == LESSON_FIELD_WORDS;
            if (is_words)
                check_one_text(lesson, field->value, field->line, problems);
        }
    }
}

static void check_one_text(const ant_lesson *lesson, const char *text,
                           uint32_t line, lesson_problems *problems)
{
    const char *color = named_color(text);
    if (names_a_line(text))
        lesson_complain(problems, lesson->path, line,
                        "a line number goes stale: name a state, or show the "
                        "lines by FILE.c#TAG");
    if (color != NULL)
        lesson_complain(problems, lesson->path, line,
                        "%s is only a colour, which paper and some eyes do not "
                        "have: name the state, its letter or its pattern",
                        color);
}

// The first colour that stands in it as a word, or NULL.
static const char *named_color(const char *text)
{
    static const char *const colors[] = { "red",    "green",  "blue",
                                          "yellow", "orange", "purple",
                                          "pink",   "grey",   "gray" };
    for (unsigned i = 0; i < sizeof colors / sizeof *colors; i++) {
        const size_t len = strlen(colors[i]);
        for (const char *at = text; (at = strstr(at, colors[i])) != NULL;
             at += len) {
            const bool begins = at == text || !isalpha((unsigned char)at[-1]);
            if (begins && !isalpha((unsigned char)at[len])) return colors[i];
        }
    }
    return NULL;
}

// A number that is not inside of a query or of code.
static bool has_typed_number(const char *text)
{
    char until = 0;
    for (; *text != 0; text++) {
        if (until == 0 && *text >= '0' && *text <= '9') return true;
        if (until != 0 && *text == until)
            until = 0;
        else if (until == 0 && (*text == '{' || *text == '`'))
            until = *text == '{' ? '}' : '`';
    }
    return false;
}

static bool names_a_line(const char *text)
{
    for (const char *at = text; (at = strstr(at, "ine")) != NULL; at += 3) {
        bool is_word = at > text && (at[-1] == 'l' || at[-1] == 'L') &&
                       (at - 1 == text || at[-2] == ' ' || at[-2] == '\n');
        const char *after = at + 3 + (at[3] == 's' ? 1 : 0);
        if (is_word && *after == ' ' && after[1] >= '0' && after[1] <= '9')
            return true;
    }
    return false;
}

static void check_sources(const ant_lesson *lesson, lesson_problems *problems)
{
    if (lesson->run_count == 0) {
        lesson_complain(problems, lesson->path, 0,
                        "it runs no program: write a block run");
    }
    for (uint32_t i = 0; i < lesson->run_count; i++)
        check_demo(lesson, &lesson->run[i], problems);
    for (uint32_t i = 0; i < lesson->item_count; i++)
        check_place(lesson, &lesson->item[i], problems);
}

static void check_demo(const ant_lesson *lesson, const lesson_run *run,
                       lesson_problems *problems)
{
    ant_arena arena = { 0 };
    int err = 0;
    uint32_t lines = 0;
    char *path = ant_arena_print(&arena, "%s/%s", lesson->folder, run->file);
    char *text = path != NULL ? lesson_file_read(path, &arena, &err) : NULL;
    for (const char *at = text; at != NULL && *at != 0; at++) {
        if (*at == '\n') lines++;
    }
    if (text == NULL) {
        lesson_complain(problems, lesson->path, run->line,
                        "there is no %s beside it", run->file);
    } else if (lines > DEMO_LINES_MAX) {
        lesson_complain(problems, path, DEMO_LINES_MAX,
                        "%u lines: a lesson's program has at most %u", lines,
                        DEMO_LINES_MAX);
    }
    ant_arena_deinit(&arena);
}

// show: FILE.c#TAG leads to //@ begin TAG.
static void check_place(const ant_lesson *lesson, const lesson_item *item,
                        lesson_problems *problems)
{
    const char *place = lesson_field_of(&item->fields, "show");
    if (place == NULL) return;
    ant_arena arena = { 0 };
    int err = 0;
    const char *mark = strchr(place, '#');
    size_t len = mark != NULL ? (size_t)(mark - place) : strlen(place);
    char *path =
        ant_arena_print(&arena, "%s/%.*s", lesson->folder, (int)len, place);
    char *text = path != NULL ? lesson_file_read(path, &arena, &err) : NULL;
    bool is_there = text != NULL && mark != NULL;
    const char *words[] = { "begin", "end" };
    for (int i = 0; i < 2 && is_there; i++) {
        char *tag = ant_arena_print(&arena, "//@ %s %s\n", words[i], mark + 1);
        is_there = tag != NULL && strstr(text, tag) != NULL;
    }
    if (!is_there) {
        lesson_complain(problems, lesson->path, item->line,
                        "%s shows nothing: write //@ begin %s and //@ end %s "
                        "around the lines",
                        place, mark != NULL ? mark + 1 : "TAG",
                        mark != NULL ? mark + 1 : "TAG");
    }
    ant_arena_deinit(&arena);
}
