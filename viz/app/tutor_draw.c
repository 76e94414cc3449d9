// SPDX-License-Identifier: MIT
//
// What the tutor looks like: the words of a page, the question with its
// options, what was said to an answer, and what can be done next.

#include <stdio.h>
#include <string.h>

#include "app/tutor.h"
#include "app/words.h"

#define LINE_MAX    4000
#define WHEEL_LINES 3

// A row of a point is not wider than so many letters.
#define POINT_EM 30

// Question and reply never have more of the column.
#define REPLY_PERCENT_MAX 70

// Higher than any page; the clip cuts it.
#define PAGE_HEIGHT_MAX 100000

static bool is_blank(const app_tutor *tutor);
static void draw_point(app_tutor *tutor, draw_rect rect);
static void draw_head(app_tutor *tutor, draw_rect *rect);
static void draw_foot(app_tutor *tutor, draw_rect *rect);
static void draw_question(app_tutor *tutor, draw_rect *rect);
static void draw_page(app_tutor *tutor, draw_rect rect);
static void draw_reply(app_tutor *tutor, draw_rect rect);
static void draw_verdict(app_tutor *tutor, draw_rect *rect);
static void scroll(app_tutor *tutor, draw_rect rect);

void app_tutor_draw(app_tutor *tutor, draw_rect rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    draw_fill(ui->draw, rect, ui->palette->panel);
    if (is_blank(tutor)) return;
    rect = draw_inset(rect, 2 * ui->unit, ui->unit);
    draw_head(tutor, &rect);
    draw_foot(tutor, &rect);
    // Question and reply stay in sight; the words have the rest.
    const bool has_reply = tutor->has_question || tutor->has_game ||
                           tutor->has_verdict || tutor->reply.text != NULL;
    const int reply_max = rect.h * REPLY_PERCENT_MAX / 100;
    int reply_h = !has_reply                        ? 0
                  : tutor->reply_height < reply_max ? tutor->reply_height
                                                    : reply_max;
    int words_h = rect.h - reply_h;
    if (has_reply && tutor->words_height < words_h)
        words_h = tutor->words_height;
    draw_page(tutor, draw_cut_top(&rect, words_h));
    if (has_reply) draw_reply(tutor, rect);
}

static void draw_page(app_tutor *tutor, draw_rect rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    draw_clip(ui->draw, rect);
    draw_rect page = rect;
    page.y -= tutor->scroll;
    page.h = PAGE_HEIGHT_MAX;
    const int top = page.y;
    app_words(ui, &page, tutor->page.text);
    tutor->words_height = page.y - top;
    draw_unclip(ui->draw);
    scroll(tutor, rect);
}

static void draw_reply(app_tutor *tutor, draw_rect rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    draw_clip(ui->draw, rect);
    draw_rect page = rect;
    page.h = PAGE_HEIGHT_MAX;
    draw_cut_top(&page, ui->unit);
    if (tutor->has_question) draw_question(tutor, &page);
    if (tutor->has_game) app__tutor_game_draw(tutor, &page);
    if (tutor->has_verdict) draw_verdict(tutor, &page);
    if (tutor->reply.text != NULL) draw_cut_top(&page, ui->unit);
    app_words(ui, &page, tutor->reply.text);
    tutor->reply_height = page.y - rect.y;
    draw_unclip(ui->draw);
}

static bool is_blank(const app_tutor *tutor)
{
    return tutor->teach != NULL && tutor->teach->is_blank;
}

bool app_tutor_cover(app_tutor *tutor, draw_rect rect)
{
    if (is_blank(tutor)) {
        ant_ui *ui = &tutor->app->view->ui;
        draw_fill(ui->draw, rect, ui->palette->panel);
        return true;
    }
    const bool is_point = tutor->has_question && app_tutor_is_locked(tutor) &&
                          tutor->question.kind == SESSION_POINT;
    if (tutor->is_known && !is_point) return false;
    ant_ui *ui = &tutor->app->view->ui;
    rect = draw_inset(rect, 6 * ui->unit, 4 * ui->unit);
    if (is_point) {
        draw_point(tutor, rect);
        return true;
    }
    const char *text = tutor->is_at_title
                           ? "Enter begins."
                           : "Predict first. The recording is shown when you "
                             "have answered, or skipped the question.";
    draw_cut_top(&rect, ui_paragraph(ui, rect, ui->palette->text_dim, text));
    draw_cut_top(&rect, 2 * ui->unit);
    app_words(ui, &rect, tutor->program.text);
    return true;
}

// The tasks of the moment, to be pointed at. What comes after it is not shown.
static void draw_point(app_tutor *tutor, draw_rect rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    const session_question *question = &tutor->question;
    rect.w = rect.w < POINT_EM * ui->font ? rect.w : POINT_EM * ui->font;
    app_words(ui, &rect, "Click a task, or type its number and Enter.");
    draw_cut_top(&rect, 2 * ui->unit);
    for (unsigned i = 0; i < question->option_count; i++) {
        const session_option *option = &question->option[i];
        const model_task_state state = (model_task_state)option->state;
        char text[200];
        snprintf(text, sizeof text, "%s: %s", option->text,
                 model_task_state_name(state));
        draw_rect card = draw_cut_top(&rect, ui->line + ui->unit);
        draw_cut_top(&rect, ui->unit);
        if (ui_card(ui, ui_id_of("point", i), card, view_task_look(state),
                    text))
            app__tutor_answer(tutor, option->text);
    }
}

static void draw_head(app_tutor *tutor, draw_rect *rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    const ant_lesson *lesson = tutor->learner->stage.lesson;
    char text[300];
    snprintf(text, sizeof text, "%u  %s", lesson->number, lesson->title);
    draw_rect line = draw_cut_top(rect, ui->line + ui->unit);
    uint32_t at = tutor->learner->session.at;
    uint32_t done = tutor->is_over ? lesson->item_count : at;
    uint32_t of = lesson->item_count > 0 ? lesson->item_count : 1;
    draw_rect bar = draw_cut_bottom(&line, ui->unit / 2);
    draw_fill(ui->draw, bar, ui->palette->background);
    bar.w = bar.w * (int)done / (int)of;
    draw_fill(ui->draw, bar, ui->palette->accent);
    // The first page begins with it.
    if (!tutor->is_at_title) ui_text_bold(ui, line, DRAW_LEFT, text);
    draw_cut_top(rect, ui->unit);
}

// ---- What can be done ----

static void draw_foot_of_exercise(app_tutor *tutor, ant_ui *ui, draw_rect line)
{
    const ui_key_press hint = { 'h', UI_CTRL };
    const ui_key_press again = { 'n', UI_CTRL };
    const ui_key_press solution = { 's', UI_CTRL };
    if (tutor->wants_judge) {
        ui_text_bold(ui, line, DRAW_LEFT, "Your program is built and run ...");
        return;
    }
    draw_rect left = draw_cut_left(&line, line.w / 2);
    draw_rect low = draw_cut_bottom(&left, left.h / 2);
    if (app_words_button(ui, &left, "Judge now (Enter)"))
        tutor->wants_judge = true;
    if (app_words_button(ui, &low, "Hint (Ctrl+H)")) app_tutor_key(tutor, hint);
    low = draw_cut_bottom(&line, line.h / 2);
    if (app_words_button(ui, &line, "Begin again (Ctrl+N)"))
        app_tutor_key(tutor, again);
    if (app_words_button(ui, &low, "Solution (Ctrl+S)"))
        app_tutor_key(tutor, solution);
}

static void draw_foot(app_tutor *tutor, draw_rect *rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    const int rows = tutor->is_practising ? 2 : 1;
    draw_rect line = draw_cut_bottom(rect, rows * (ui->line + ui->unit));
    draw_cut_bottom(rect, ui->unit);
    draw_cut_top(&line, ui->unit / 2);
    if (tutor->teach != NULL && !tutor->is_practising) {
        ui_text_dim(ui, line, DRAW_LEFT, app_teach_help(tutor->teach));
    } else if (tutor->is_practising) {
        draw_foot_of_exercise(tutor, ui, line);
    } else if (tutor->is_over) {
        ui_text_bold(ui, line, DRAW_LEFT, "The lesson is over. q leaves.");
    } else if (!lesson_session_is_locked(&tutor->learner->session)) {
        if (app_words_button(ui, &line, "Go on (Enter)"))
            tutor->wants_next = true;
    } else {
        static const char *const how[] = {
            [SESSION_CHOICE] = "Press a letter; s skips.",
            [SESSION_NUMBER] = "Type a number, then Enter; s skips.",
            [SESSION_ORDER] = "Press all letters in their order; s skips.",
            [SESSION_POINT] = "Click a task, or its number and Enter; s skips.",
            [SESSION_DRAWN] = "y when it was so, n when not; s skips.",
        };
        const bool is_to_draw = tutor->question.kind == SESSION_DRAWN &&
                                !tutor->learner->session.is_revealed;
        ui_text_dim(ui, line, DRAW_LEFT,
                    tutor->has_game
                        ? "A number chooses, u takes one back, r all; s skips."
                    : is_to_draw ? "Draw it on paper, then Enter; s skips."
                                 : how[tutor->question.kind]);
    }
}

static void scroll(app_tutor *tutor, draw_rect rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    int max = tutor->words_height > rect.h ? tutor->words_height - rect.h : 0;
    if (ui_is_hovered(ui, rect))
        tutor->scroll -= ui->input->wheel_y * WHEEL_LINES * ui->line;
    if (tutor->scroll > max) tutor->scroll = max;
    if (tutor->scroll < 0) tutor->scroll = 0;
    if (max == 0) return;
    draw_rect bar = { rect.x + rect.w + ui->unit / 2, rect.y, ui->unit / 2,
                      rect.h };
    bar.y += rect.h * tutor->scroll / tutor->words_height;
    bar.h = rect.h * rect.h / tutor->words_height;
    draw_fill(ui->draw, bar, ui->palette->text_dim);
}

// ---- The question ----

// True when it was clicked.
static bool draw_option(app_tutor *tutor, draw_rect *rect, unsigned i)
{
    const session_option *option = &tutor->question.option[i];
    char mark[3] = { (char)('a' + i), ')', '\0' };
    app_choice choice = { .id = ui_id_of("option", i),
                          .mark = mark,
                          .text = option->text,
                          .is_taken = strchr(tutor->typed, mark[0]) != NULL };
    char text[500];
    if (tutor->teach != NULL) {
        char votes[40];
        app_teach_votes(tutor->teach, i, votes, sizeof votes);
        snprintf(text, sizeof text, "%s%s%s%s", option->text,
                 votes[0] != '\0' ? "   [" : "", votes,
                 votes[0] != '\0' ? "]" : "");
        choice.text = text;
        choice.is_taken = option->is_right && !app_tutor_is_locked(tutor);
    }
    return app_words_choice(&tutor->app->view->ui, rect, &choice) &&
           app_tutor_is_locked(tutor);
}

static void draw_question(app_tutor *tutor, draw_rect *rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    const session_question *question = &tutor->question;
    char text[LINE_MAX];
    snprintf(text, sizeof text, "Predict: %s", question->ask);
    app_words(ui, rect, text);
    draw_cut_top(rect, ui->unit);
    const bool is_for_class =
        tutor->teach != NULL && question->kind != SESSION_DRAWN;
    const bool has_options = is_for_class || question->kind == SESSION_CHOICE ||
                             question->kind == SESSION_ORDER;
    for (unsigned i = 0; has_options && i < question->option_count; i++) {
        const ui_key_press letter = { (uint16_t)('a' + i), 0 };
        if (draw_option(tutor, rect, i)) app_tutor_key(tutor, letter);
    }
    const bool is_typed = question->kind == SESSION_NUMBER ||
                          question->kind == SESSION_POINT ||
                          question->kind == SESSION_ORDER;
    if (!is_typed || is_for_class) return;
    draw_rect row = draw_cut_top(rect, ui->line + ui->unit / 2);
    draw_fill(ui->draw, row, ui->palette->background);
    snprintf(text, sizeof text, "%s%s", tutor->typed,
             app_tutor_is_locked(tutor) ? "_" : "");
    ui_text_bold(ui, draw_inset(row, ui->unit, 0), DRAW_LEFT, text);
}

// ---- The verdict ----

// One demand: kept or not, what it means, and a click to where it shows.
static void draw_must(app_tutor *tutor, draw_rect *rect, unsigned i)
{
    ant_ui *ui = &tutor->app->view->ui;
    const verdict_must *must = &tutor->practice.verdict.must[i];
    const bool has_event = must->event < tutor->app->model->event_count;
    const char *text =
        must->is_kept || must->message[0] == '\0' ? must->query : must->message;
    const int mark_w = 2 * ui->font;
    draw_rect row = *rect;
    row.h = app_words_height(ui, text, row.w - mark_w - ui->unit) + ui->unit;
    if (!must->is_kept) row.h += ui->small + ui->unit / 2;
    draw_cut_top(rect, row.h + ui->unit / 2);
    draw_fill(ui->draw, row, ui->palette->background);
    if (ui_row(ui, ui_id_of("must", i), row, false) && has_event)
        replay_seek_event(&tutor->app->replay, must->event);
    if (has_event) ui_tip(ui, row, "click: to where it shows");
    draw_rect inside = draw_inset(row, ui->unit, ui->unit / 2);
    draw_rect mark = draw_cut_left(&inside, mark_w);
    ui_text_bold(ui, draw_cut_top(&mark, ui->line), DRAW_LEFT,
                 must->is_kept ? "+" : "x");
    if (!must->is_kept) {
        draw_rect query = draw_cut_bottom(&inside, ui->small + ui->unit / 2);
        ui_text_as(ui, query, DRAW_FONT_MONO, ui->small, ui->palette->text_dim,
                   DRAW_LEFT, must->query);
    }
    ui_paragraph(ui, inside,
                 must->is_kept ? ui->palette->text_dim : ui->palette->text,
                 text);
}

static void draw_verdict(app_tutor *tutor, draw_rect *rect)
{
    ant_ui *ui = &tutor->app->view->ui;
    const lesson_verdict *verdict = &tutor->practice.verdict;
    ui_text_bold(ui, draw_cut_top(rect, ui->line), DRAW_LEFT,
                 verdict->headline);
    draw_cut_top(rect, ui->unit / 2);
    app_words(ui, rect, verdict->details);
    for (unsigned i = 0; i < verdict->must_count; i++)
        draw_must(tutor, rect, i);
}
