// SPDX-License-Identifier: MIT

#include "app/teach.h"

#include <string.h>

static teach_tally *tally_of(app_teach *teach, const lesson_item *item);
static void write_notes(const app_teach *teach);
static void write_where(const app_teach *teach, uint32_t at);
static void write_question(const app_teach *teach);
static void write_votes(const app_teach *teach);
static bool has_votes(const session_question *question);
static uint32_t count_votes(const teach_tally *tally, teach_round round);
static void write_script(const app_teach *teach, lesson_script *script);

void app_teach_begin(app_teach *teach, app_learner *learner, FILE *notes)
{
    *teach = (app_teach){ .learner = learner, .notes = notes };
    write_notes(teach);
}

void app_teach_page(app_teach *teach, uint32_t at,
                    const session_question *question)
{
    if (teach->page_count < TEACH_PAGE_MAX)
        teach->page[teach->page_count++] = at;
    teach->question = question;
    teach->now = question != NULL ? tally_of(teach, question->item) : NULL;
    teach->round = TEACH_BEFORE;
    teach->typed = 0;
    write_where(teach, at);
    if (question != NULL) write_question(teach);
}

uint32_t app_teach_back(app_teach *teach)
{
    if (teach->page_count < 2) return UINT32_MAX;
    teach->page_count -= 2; // app_teach_page adds it again
    return teach->page[teach->page_count];
}

bool app_teach_key(app_teach *teach, ui_key_press press)
{
    const uint16_t key = press.key;
    if (press.mods == UI_CTRL) return false;
    const bool is_voting =
        app_teach_is_open(teach) && has_votes(teach->question);
    if (key == '.' || key == 'B' || (key == 'b' && !is_voting)) {
        teach->is_blank = !teach->is_blank;
        return true;
    }
    if (!is_voting) return false;
    const unsigned option = (unsigned)key - 'a';
    uint32_t *votes = teach->now->votes[teach->round];
    if (key >= '0' && key <= '9') {
        teach->typed = (teach->typed * 10 + key - '0') % 1000;
    } else if (key >= 'a' && option < teach->question->option_count) {
        votes[option] += teach->typed > 0 ? teach->typed : 1;
        teach->typed = 0;
    } else if (key == UI_KEY_TAB) {
        write_votes(teach);
        teach->round =
            teach->round == TEACH_BEFORE ? TEACH_AFTER : TEACH_BEFORE;
    } else if (key == UI_KEY_BACKSPACE) {
        memset(votes, 0, sizeof teach->now->votes[0]);
        teach->typed = 0;
    } else {
        return false;
    }
    return true;
}

bool app_teach_is_open(const app_teach *teach)
{
    return teach->now != NULL && !teach->now->is_shown;
}

void app_teach_show(app_teach *teach)
{
    static const char *const rounds[] = { "before", "after" };
    teach->now->is_shown = true;
    if (!has_votes(teach->question)) return;
    write_votes(teach);
    for (int round = 0; round < TEACH_ROUND_COUNT; round++) {
        for (uint32_t i = 0; i < teach->question->option_count; i++) {
            const uint32_t votes = teach->now->votes[round][i];
            const session_option *option = &teach->question->option[i];
            const char *tag = option->belief != NULL ? option->belief : "";
            char result[40];
            if (votes == 0) continue;
            snprintf(result, sizeof result, "%s: %u", rounds[round],
                     (unsigned)votes);
            if (lesson_progress_log(&teach->learner->progress,
                                    teach->learner->stage.lesson->slug,
                                    teach->question->id, option->text, result,
                                    tag) < 0)
                fputs("(The votes could not be written down.)\n", teach->notes);
        }
    }
}

void app_teach_votes(const app_teach *teach, uint32_t i, char *buf, size_t size)
{
    buf[0] = '\0';
    if (teach->now == NULL || !has_votes(teach->question)) return;
    const uint32_t before = teach->now->votes[TEACH_BEFORE][i];
    const uint32_t after = teach->now->votes[TEACH_AFTER][i];
    const bool has_before = count_votes(teach->now, TEACH_BEFORE) > 0;
    const bool has_after = count_votes(teach->now, TEACH_AFTER) > 0;
    if (has_before && has_after)
        snprintf(buf, size, "%u, then %u", (unsigned)before, (unsigned)after);
    else if (has_before || has_after)
        snprintf(buf, size, "%u", (unsigned)(has_after ? after : before));
}

const char *app_teach_help(const app_teach *teach)
{
    if (!app_teach_is_open(teach)) return "PgDn goes on, PgUp back, . blank";
    if (!has_votes(teach->question)) return "PgDn shows the answer, . blank";
    return teach->round == TEACH_BEFORE
               ? "Votes: 12 a. Tab: after the talk. PgDn: answer"
               : "Votes after the talk: 12 a. PgDn: answer";
}

static teach_tally *tally_of(app_teach *teach, const lesson_item *item)
{
    for (uint32_t i = 0; i < teach->tally_count; i++) {
        if (teach->tally[i].item == item) return &teach->tally[i];
    }
    if (teach->tally_count == TEACH_QUESTION_MAX) teach->tally_count--;
    teach_tally *added = &teach->tally[teach->tally_count++];
    *added = (teach_tally){ .item = item };
    return added;
}

// ---- What only the teacher sees ----

static void write_notes(const app_teach *teach)
{
    const ant_lesson *lesson = teach->learner->stage.lesson;
    lesson_script script = { 0 };
    lesson_show_title(&teach->learner->show, &script);
    lesson_script_print(&script, "For you, not for the class:\n\n");
    const lesson_item *note;
    for (uint32_t i = 0;
         (note = lesson_item_of(lesson, LESSON_TEACHER, i)) != NULL; i++)
        lesson_show_item(&teach->learner->show, note, &script);
    lesson_script_paragraph(
        &script, "Keys: ",
        "PgDn or Enter goes on, and shows an answer first; PgUp goes back. . "
        "or B makes the screen blank. In a question: a number and a letter, "
        "12 a, are twelve hands for a; a letter alone is one; Tab counts the "
        "votes after the discussion; Backspace clears the round.");
    lesson_script_print(&script, "\n");
    write_script(teach, &script);
}

static void write_where(const app_teach *teach, uint32_t at)
{
    const ant_lesson *lesson = teach->learner->stage.lesson;
    fprintf(teach->notes, "---- part %u of %u, minute %u of %u\n",
            (unsigned)at + 1, (unsigned)lesson->item_count,
            (unsigned)(teach->seconds / 60), (unsigned)lesson->minutes);
    fflush(teach->notes);
}

// The right answer, and what those believe who choose another one.
static void write_question(const app_teach *teach)
{
    const session_question *question = teach->question;
    const ant_course *course = teach->learner->room.course;
    lesson_script script = { 0 };
    lesson_script_paragraph(&script, "Question: ", question->ask);
    for (uint32_t i = 0; i < question->option_count; i++) {
        const session_option *option = &question->option[i];
        const course_belief *belief =
            option->belief != NULL
                ? lesson_course_belief_of(course, option->belief)
                : NULL;
        char line[600];
        snprintf(line, sizeof line, "%s%s%s", option->text,
                 option->is_right ? " (right)"
                 : belief         ? ": "
                                  : "",
                 belief != NULL ? belief->text : "");
        const char mark[] = { ' ', ' ', (char)('a' + i), ')', ' ', '\0' };
        lesson_script_paragraph(&script, mark, line);
    }
    lesson_script_paragraph(&script, "Answer: ", question->answer);
    lesson_script_paragraph(&script, "Why: ", question->why);
    lesson_script_print(&script, "\n");
    write_script(teach, &script);
}

static void write_votes(const app_teach *teach)
{
    fprintf(teach->notes, "Votes %s the discussion:",
            teach->round == TEACH_BEFORE ? "before" : "after");
    for (uint32_t i = 0; i < teach->question->option_count; i++)
        fprintf(teach->notes, " %c %u", (char)('a' + i),
                (unsigned)teach->now->votes[teach->round][i]);
    fputs("\n", teach->notes);
    fflush(teach->notes);
}

// Hands are raised for an option. An order and a drawing have none.
static bool has_votes(const session_question *question)
{
    return question->kind == SESSION_CHOICE ||
           question->kind == SESSION_NUMBER || question->kind == SESSION_POINT;
}

static uint32_t count_votes(const teach_tally *tally, teach_round round)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < SESSION_OPTION_MAX; i++)
        count += tally->votes[round][i];
    return count;
}

static void write_script(const app_teach *teach, lesson_script *script)
{
    if (script->text != NULL) fputs(script->text, teach->notes);
    lesson_script_free(script);
    fflush(teach->notes);
}
