// SPDX-License-Identifier: MIT

#include "lesson/show.h"

#include <stdio.h>
#include <string.h>

#include "lesson/picture.h"
#include "text/sentence.h"

static void show_prose(const lesson_show *show, const lesson_item *item,
                       lesson_script *script);
static void show_run(const lesson_show *show, const lesson_item *item,
                     lesson_script *script);
static void show_step(const lesson_show *show, const lesson_item *item,
                      lesson_script *script);
static void show_event(const ant_model *model, uint32_t event,
                       lesson_script *script);
static void show_source(const lesson_show *show, const char *place,
                        lesson_script *script);
static void show_dedented(const char *text, lesson_script *script);
static void show_answer(const lesson_show *show, const lesson_item *item,
                        lesson_script *script);
static void show_why(const session_question *question, lesson_script *script);
static void show_task(const session_option *option, lesson_script *script);
static void show_win(const lesson_show *show, const lesson_item *item,
                     lesson_script *script);

void lesson_show_title(const lesson_show *show, lesson_script *script)
{
    const ant_lesson *lesson = show->stage->lesson;
    const char *objectives = lesson_field_of(&lesson->head, "objectives");
    const char *needs = lesson_field_of(&lesson->head, "needs");
    char title[200];
    (void)snprintf(title, sizeof title, "%u  %s", lesson->number,
                   lesson->title);
    lesson_script_print(script, "%s\n", title);
    for (size_t i = 0; i < strlen(title); i++)
        lesson_script_print(script, "=");
    lesson_script_print(script, "\n\n%s, %u minutes\n\n", lesson->slug,
                        lesson->minutes);
    if (objectives != NULL) {
        lesson_script_print(script, "Afterwards you can\n");
        lesson_show_list(objectives, script);
        lesson_script_print(script, "\n");
    }
    if (needs != NULL) lesson_script_paragraph(script, "Before it: ", needs);
    if (needs != NULL) lesson_script_print(script, "\n");
}

void lesson_show_item(const lesson_show *show, const lesson_item *item,
                      lesson_script *script)
{
    switch (item->kind) {
    case LESSON_PROSE:
        show_prose(show, item, script);
        break;
    case LESSON_CODE:
        lesson_script_lines(script, "    ", item->text);
        break;
    case LESSON_RUN:
        show_run(show, item, script);
        break;
    case LESSON_STEP:
        show_step(show, item, script);
        break;
    case LESSON_BREAK_IT:
        lesson_show_filled(show, item, "do", "Break it. ", script);
        lesson_show_filled(show, item, "see", "You will see: ", script);
        break;
    case LESSON_EXERCISE:
        lesson_show_exercise(show, script);
        break;
    case LESSON_HINT:
    case LESSON_TEACHER:
        lesson_script_paragraph(script, "", item->text);
        break;
    case LESSON_SCHEDULE:
        lesson_show_schedule(show, item, script);
        break;
    case LESSON_PREDICT:
    case LESSON_KIND_COUNT:
        return;
    }
    lesson_script_print(script, "\n");
}

void lesson_show_question(const lesson_show *show,
                          const session_question *question,
                          lesson_script *script)
{
    lesson_show_moment(show, question, script);
    lesson_script_paragraph(script, "Predict: ", question->ask);
    for (uint32_t i = 0;
         i < question->option_count && question->kind == SESSION_POINT; i++)
        show_task(&question->option[i], script);
    bool has_letters =
        question->kind == SESSION_CHOICE || question->kind == SESSION_ORDER;
    for (uint32_t i = 0; i < question->option_count && has_letters; i++) {
        char letter[] = "  a) ";
        letter[2] = (char)('a' + i);
        lesson_script_paragraph(script, letter, question->option[i].text);
    }
}

void lesson_show_moment(const lesson_show *show,
                        const session_question *question, lesson_script *script)
{
    if (question->event == MODEL_NONE) return;
    const ant_model *model =
        lesson_stage_model(show->stage, question->item->run, show->problems);
    if (model != NULL) show_event(model, question->event, script);
}

void lesson_show_drawn(const lesson_show *show,
                       const session_question *question, lesson_script *script)
{
    const lesson_item *item = question->item;
    const ant_model *model =
        lesson_stage_model(show->stage, item->run, show->problems);
    const char *rows = lesson_field_of(&item->fields, "rows");
    if (model != NULL && show->has_pictures)
        lesson_picture(model, rows, question->event, script);
    lesson_script_paragraph(script, "Answer: ", question->answer);
}

void lesson_show_reply(const lesson_show *show,
                       const session_question *question,
                       const session_reply *reply, lesson_script *script)
{
    const session_option *chosen = reply != NULL ? reply->chosen : NULL;
    if (reply == NULL) {
        lesson_script_print(script, "Skipped.\n");
    } else if (reply->is_right) {
        lesson_script_print(script, "Yes.\n");
    } else if (chosen == NULL) {
        lesson_script_print(script, "No.\n");
    } else {
        const course_belief *belief =
            chosen->belief != NULL
                ? lesson_course_belief_of(show->course, chosen->belief)
                : NULL;
        lesson_script_print(script, "No, that is not what happens.\n");
        if (belief != NULL)
            lesson_script_paragraph(script,
                                    "Behind it may be a belief that is "
                                    "wrong: ",
                                    belief->text);
        if (*chosen->because != 0)
            lesson_script_paragraph(script, "", chosen->because);
    }
    // Who has judged a drawing has seen the answer.
    if (question->kind != SESSION_DRAWN || reply == NULL)
        lesson_show_solution(show, question, script);
    else
        show_why(question, script);
}

void lesson_show_solution(const lesson_show *show,
                          const session_question *question,
                          lesson_script *script)
{
    if (question->kind == SESSION_DRAWN)
        lesson_show_drawn(show, question, script);
    else
        lesson_script_paragraph(script, "Answer: ", question->answer);
    show_why(question, script);
}

static void show_why(const session_question *question, lesson_script *script)
{
    lesson_script_paragraph(script, "Why: ", question->why);
    lesson_script_print(script, "\n");
}

void lesson_show_exercise(const lesson_show *show, lesson_script *script)
{
    const lesson_item *exercise = show->stage->lesson->exercise;
    if (exercise == NULL) return;
    lesson_show_filled(show, exercise, "task", "Exercise. ", script);
    lesson_script_print(script, "It is right when\n");
    ant_arena arena = { 0 };
    for (uint32_t i = 0; i < exercise->fields.count; i++) {
        const lesson_field *field = &exercise->fields.field[i];
        if (strcmp(field->key, "must") != 0) continue;
        lesson_must must = lesson_must_of(field->value, &arena);
        lesson_script_print(script, "  - %s\n", must.query);
    }
    ant_arena_deinit(&arena);
}

void lesson_show_verdict(const lesson_verdict *verdict, lesson_script *script)
{
    lesson_script_paragraph(script, "", verdict->headline);
    lesson_script_lines(script, "    ", verdict->details);
    for (uint32_t i = 0; i < verdict->must_count; i++) {
        const verdict_must *must = &verdict->must[i];
        lesson_script_print(
            script, "  %s %s\n",
            must->is_kept ? "kept:    " : "not kept:", must->query);
        if (must->is_kept) continue;
        lesson_script_lines(script, "              ", must->facts);
        if (*must->message != 0)
            lesson_script_paragraph(script, "            ", must->message);
    }
}

void lesson_show_transcript(const lesson_show *show, lesson_script *script)
{
    static const struct {
        lesson_kind kind;
        const char *title;
    } ends[] = { { LESSON_HINT, "Hints" },
                 { LESSON_TEACHER, "For the teacher" } };
    const ant_lesson *lesson = show->stage->lesson;
    lesson_show_title(show, script);
    for (uint32_t i = 0; i < lesson->item_count; i++) {
        const lesson_item *item = &lesson->item[i];
        bool is_end = item->kind == LESSON_HINT || item->kind == LESSON_TEACHER;
        if (is_end) continue;
        if (item->kind == LESSON_PREDICT)
            show_answer(show, item, script);
        else
            lesson_show_item(show, item, script);
        if (item->kind == LESSON_SCHEDULE) show_win(show, item, script);
    }
    for (unsigned k = 0; k < ANT_ARRAY_LEN(ends); k++) {
        const lesson_item *item = lesson_item_of(lesson, ends[k].kind, 0);
        if (item == NULL) continue;
        lesson_script_print(script, "%s\n\n", ends[k].title);
        for (uint32_t i = 1; item != NULL; i++) {
            lesson_show_item(show, item, script);
            item = lesson_item_of(lesson, ends[k].kind, i);
        }
    }
}

static void show_prose(const lesson_show *show, const lesson_item *item,
                       lesson_script *script)
{
    ant_arena arena = { 0 };
    stage_place place = { item->run, item->line };
    char *filled = lesson_stage_fill(show->stage, item->text, place, &arena,
                                     show->problems);
    char *plain = filled != NULL
                      ? lesson_prose_plain(
                            filled, (int)lesson_script_width(script), &arena)
                      : NULL;
    if (plain == NULL)
        script->is_short = true;
    else
        lesson_script_print(script, "%s", plain);
    ant_arena_deinit(&arena);
}

static void show_run(const lesson_show *show, const lesson_item *item,
                     lesson_script *script)
{
    const ant_lesson *lesson = show->stage->lesson;
    if (item->run >= lesson->run_count) return;
    const lesson_run *run = &lesson->run[item->run];
    ant_arena arena = { 0 };
    const char *how =
        run->workers > 1
            ? ant_arena_print(&arena, ", with %u workers", run->workers)
            : "";
    lesson_script_print(script, "The program: %s/%s%s\n", lesson->folder,
                        run->file, how != NULL ? how : "");
    char *place = ant_arena_print(&arena, "%s#%s", run->file, run->name);
    const char *show_of = lesson_field_of(&item->fields, "show");
    if (show_of != NULL)
        show_source(show, show_of, script);
    else if (place != NULL)
        show_source(show, place, script);
    ant_arena_deinit(&arena);
}

// The sentence of the moment, the picture, and what the lesson says to it.
static void show_step(const lesson_show *show, const lesson_item *item,
                      lesson_script *script)
{
    const char *at = lesson_field_of(&item->fields, "at");
    const char *source = lesson_field_of(&item->fields, "show");
    ant_model *model =
        lesson_stage_model(show->stage, item->run, show->problems);
    if (at == NULL || model == NULL) return;
    stage_place place = { item->run, item->line };
    uint32_t event = lesson_stage_event(show->stage, at, place, show->problems);
    if (event == MODEL_NONE) return;
    show_event(model, event, script);
    const char *rows = lesson_field_of(&item->fields, "rows");
    if (show->has_pictures) lesson_picture(model, rows, event, script);
    if (source != NULL) show_source(show, source, script);
    lesson_show_filled(show, item, "say", "", script);
}

static void show_event(const ant_model *model, uint32_t event,
                       lesson_script *script)
{
    char sentence[400];
    char whole[500];
    ant_event found;
    model_event(model, event, &found);
    text_sentence_write(model->reader, &found, sentence, sizeof sentence);
    char when[40];
    lesson_moment(model, event, when, sizeof when);
    (void)snprintf(whole, sizeof whole, "event #%u at %s: %s.", event, when,
                   sentence);
    lesson_script_paragraph(script, "Look: ", whole);
}

// "join.c#join": the lines between //@ begin join and //@ end join.
static void show_source(const lesson_show *show, const char *place,
                        lesson_script *script)
{
    ant_arena arena = { 0 };
    const char *mark = strchr(place, '#');
    int err = 0;
    if (mark == NULL) return;
    char *path = ant_arena_print(&arena, "%s/%.*s", show->stage->lesson->folder,
                                 (int)(mark - place), place);
    char *begin = ant_arena_print(&arena, "//@ begin %s\n", mark + 1);
    char *end = ant_arena_print(&arena, "//@ end %s\n", mark + 1);
    char *text = path != NULL ? lesson_file_read(path, &arena, &err) : NULL;
    char *from = text && begin ? strstr(text, begin) : NULL;
    char *to = from != NULL && end != NULL ? strstr(from, end) : NULL;
    if (to != NULL) {
        from = strchr(from, '\n') + 1;
        while (to > from && to[-1] != '\n')
            to--;
        *to = 0;
        show_dedented(from, script);
    }
    ant_arena_deinit(&arena);
}

// What all lines are indented by is taken away, and four blanks come instead.
static void show_dedented(const char *text, lesson_script *script)
{
    size_t common = strlen(text);
    for (const char *at = text; *at != 0;) {
        size_t blanks = strspn(at, " ");
        size_t len = strcspn(at, "\n");
        if (blanks < len && blanks < common) common = blanks;
        at += len + (at[len] != 0 ? 1 : 0);
    }
    for (const char *at = text; *at != 0;) {
        size_t len = strcspn(at, "\n");
        if (len > common) {
            lesson_script_print(script, "    %.*s", (int)(len - common),
                                at + common);
        }
        lesson_script_print(script, "\n");
        at += len + (at[len] != 0 ? 1 : 0);
    }
}

void lesson_show_filled(const lesson_show *show, const lesson_item *item,
                        const char *key, const char *first,
                        lesson_script *script)
{
    ant_arena arena = { 0 };
    stage_place place = { item->run, item->line };
    const char *text = lesson_field_of(&item->fields, key);
    char *filled = text != NULL ? lesson_stage_fill(show->stage, text, place,
                                                    &arena, show->problems)
                                : NULL;
    char *whole =
        filled != NULL ? ant_arena_print(&arena, "%s%s", first, filled) : NULL;
    if (whole != NULL) lesson_script_paragraph(script, "", whole);
    ant_arena_deinit(&arena);
}

// "one | two"
void lesson_show_list(const char *list, lesson_script *script)
{
    ant_arena arena = { 0 };
    while (*(list += strspn(list, " |")) != 0) {
        size_t len = strcspn(list, "|");
        char *one = ant_arena_text(&arena, list, len);
        if (one != NULL) lesson_script_paragraph(script, "  - ", one);
        list += len;
    }
    ant_arena_deinit(&arena);
}

static void show_answer(const lesson_show *show, const lesson_item *item,
                        lesson_script *script)
{
    ant_arena arena = { 0 };
    session_question question;
    bool is_asked = lesson_session_question_of(show->stage, item, &arena,
                                               &question, show->problems);
    if (is_asked) {
        lesson_show_question(show, &question, script);
        if (question.kind == SESSION_DRAWN)
            lesson_show_drawn(show, &question, script);
        else
            lesson_script_paragraph(script, "Answer: ", question.answer);
        for (uint32_t i = 0; i < question.option_count; i++) {
            const session_option *its = &question.option[i];
            const course_belief *belief =
                its->belief != NULL
                    ? lesson_course_belief_of(show->course, its->belief)
                    : NULL;
            if (belief == NULL) continue;
            char *line =
                ant_arena_print(&arena, "%s: %s%s%s", its->text, belief->text,
                                *its->because != 0 ? " " : "", its->because);
            if (line != NULL) lesson_script_paragraph(script, "Not ", line);
        }
        lesson_script_paragraph(script, "Why: ", question.why);
        lesson_script_print(script, "\n");
    }
    ant_arena_deinit(&arena);
}

// A task of a point, without a word about who is next.
static void show_task(const session_option *option, lesson_script *script)
{
    ant_arena arena = { 0 };
    char *line = ant_arena_print(&arena, "%s: %s", option->text,
                                 model_task_state_name(option->state));
    if (line != NULL) lesson_script_paragraph(script, "  ", line);
    ant_arena_deinit(&arena);
}

// One way to win a game, and what it shows.
static void show_win(const lesson_show *show, const lesson_item *item,
                     lesson_script *script)
{
    const char *win = lesson_field_of(&item->fields, "win");
    if (win != NULL)
        lesson_script_paragraph(script, "One way, by places: ", win);
    lesson_show_filled(show, item, "done", "", script);
    lesson_script_print(script, "\n");
}
