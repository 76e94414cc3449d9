// SPDX-License-Identifier: MIT

#include "app/lesson_list.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/words.h"
#include "ui/list.h"
#include "ui/widgets.h"

#define ROW_MAX      160u
#define LIST_PERCENT 60
#define IDLE_WAIT_MS 250
#define PAGE_ROWS    8

// A lesson, or the heading of a part.
typedef struct list_row {
    const course_lesson *lesson; // NULL: a heading
    uint32_t part;
    ant_lesson *page; // of the lesson
} list_row;

typedef struct lesson_list {
    const app_learner *learner;
    list_row row[ROW_MAX];
    uint32_t count;
    uint32_t at;    // the row that is selected, a lesson
    uint32_t first; // that is on the screen
    uint32_t typed; // a number, digit by digit
    bool has_moved; // so that the selected row has to be seen
    bool is_over;
    bool is_chosen;
    draw_theme theme;
    const course_lesson *next;
    draw_list list;
    ant_ui ui;
} lesson_list;

static void read_rows(lesson_list *self);
static void add_row(lesson_list *self, list_row row);
static bool is_passed(const app_learner *learner, const char *slug);
static bool has_needs(const app_learner *learner, const ant_lesson *lesson);
static void take_key(lesson_list *self, ui_key_press press);
static void move(lesson_list *self, int by);
static void type_digit(lesson_list *self, uint32_t digit);
static void draw(lesson_list *self, const ui_input *input);
static void draw_row(lesson_list *self, draw_rect rect, uint32_t i);
static void draw_heading(lesson_list *self, draw_rect rect, uint32_t part);
static void state_of(const lesson_list *self, const list_row *row, char *buf,
                     size_t size);
static void draw_detail(lesson_list *self, draw_rect rect);
static void draw_needs(lesson_list *self, draw_rect *rect, const char *needs);

const course_lesson *app_lesson_list_choose(const app_learner *learner,
                                            plat_window *window,
                                            const course_lesson *at)
{
    static lesson_list self; // too large for the stack
    self = (lesson_list){ .learner = learner,
                          .theme = DRAW_THEME_DARK,
                          .next = app_lesson_next(learner),
                          .has_moved = true };
    read_rows(&self);
    if (at == NULL) at = self.next;
    for (uint32_t i = 0; i < self.count; i++) {
        if (self.row[self.at].lesson == NULL) self.at = i;
        if (at != NULL && self.row[i].lesson == at) self.at = i;
    }
    draw_init(&self.list, plat_window_metrics(window));
    ui_input input;
    int wait_ms = 0;
    while (!self.is_over && !self.is_chosen) {
        plat_window_input(window, wait_ms, &input);
        for (unsigned i = 0; i < input.key_count; i++)
            take_key(&self, input.key[i]);
        if (input.wants_quit) self.is_over = true;
        draw(&self, &input);
        plat_window_paint(window, &self.list);
        wait_ms = wait_ms == 0 ? IDLE_WAIT_MS : 0;
    }
    draw_deinit(&self.list);
    const course_lesson *chosen = self.row[self.at].lesson;
    for (uint32_t i = 0; i < self.count; i++)
        lesson_close(self.row[i].page);
    return self.is_chosen ? chosen : NULL;
}

const course_lesson *app_lesson_next(const app_learner *learner)
{
    const ant_course *course = learner->room.course;
    const course_lesson *open = NULL;
    const course_lesson *next = NULL;
    for (uint32_t i = 0; i < course->lesson_count && next == NULL; i++) {
        const course_lesson *row = &course->lesson[i];
        ant_lesson *lesson;
        lesson_problems unheard = { 0 }; // the learner is not its author
        if (row->folder == NULL || is_passed(learner, row->slug)) continue;
        if (open == NULL) open = row;
        if (lesson_open(row->folder, &lesson, &unheard) == 0) {
            if (has_needs(learner, lesson)) next = row;
            lesson_close(lesson);
        }
        lesson_problems_deinit(&unheard);
    }
    return next != NULL ? next : open;
}

// ---- Rows ----

static void read_rows(lesson_list *self)
{
    const ant_course *course = self->learner->room.course;
    uint32_t part = UINT32_MAX;
    for (uint32_t i = 0; i < course->lesson_count; i++) {
        const course_lesson *lesson = &course->lesson[i];
        lesson_problems unheard = { 0 };
        list_row row = { .lesson = lesson, .part = lesson->part };
        if (lesson->folder == NULL) continue;
        if (lesson->part != part)
            add_row(self, (list_row){ .part = lesson->part });
        part = lesson->part;
        if (lesson_open(lesson->folder, &row.page, &unheard) == 0)
            add_row(self, row);
        lesson_problems_deinit(&unheard);
    }
}

static void add_row(lesson_list *self, list_row row)
{
    if (self->count < ROW_MAX)
        self->row[self->count++] = row;
    else
        lesson_close(row.page);
}

static bool is_passed(const app_learner *learner, const char *slug)
{
    const progress_row *known = lesson_progress_of(&learner->progress, slug);
    return known != NULL && known->is_passed;
}

// Are the lessons passed that it needs, as far as they are there?
static bool has_needs(const app_learner *learner, const ant_lesson *lesson)
{
    const char *needs = lesson_field_of(&lesson->head, "needs");
    while (needs != NULL && *(needs += strspn(needs, " ")) != '\0') {
        char slug[100];
        const size_t len = strcspn(needs, " ");
        snprintf(slug, sizeof slug, "%.*s", (int)len, needs);
        const course_lesson *row =
            lesson_course_find(learner->room.course, slug);
        const bool is_there = row != NULL && row->folder != NULL;
        if (is_there && !is_passed(learner, slug)) return false;
        needs += len;
    }
    return true;
}

// ---- Keys ----

static void take_key(lesson_list *self, ui_key_press press)
{
    const uint16_t key = press.key;
    if (key < '0' || key > '9') self->typed = 0;
    switch (key) {
    case UI_KEY_UP:
        move(self, -1);
        break;
    case UI_KEY_DOWN:
        move(self, 1);
        break;
    case UI_KEY_PAGE_UP:
        move(self, -PAGE_ROWS);
        break;
    case UI_KEY_PAGE_DOWN:
        move(self, PAGE_ROWS);
        break;
    case UI_KEY_HOME:
        move(self, -(int)self->count);
        break;
    case UI_KEY_END:
        move(self, (int)self->count);
        break;
    case UI_KEY_ENTER:
        self->is_chosen = self->count > 0;
        break;
    case 'b':
        self->theme =
            self->theme == DRAW_THEME_DARK ? DRAW_THEME_LIGHT : DRAW_THEME_DARK;
        break;
    case 'p':
        self->theme = self->theme == DRAW_THEME_PROJECTOR
                          ? DRAW_THEME_DARK
                          : DRAW_THEME_PROJECTOR;
        break;
    case 'q':
    case UI_KEY_ESCAPE:
        self->is_over = true;
        break;
    default:
        if (key >= '0' && key <= '9') type_digit(self, key - '0');
        break;
    }
}

// By so many lessons; headings do not count.
static void move(lesson_list *self, int by)
{
    const int step = by < 0 ? -1 : 1;
    for (; by != 0; by -= step) {
        uint32_t to = self->at;
        do
            to += (uint32_t)step;
        while (to < self->count && self->row[to].lesson == NULL);
        if (to >= self->count) break;
        self->at = to;
    }
    self->has_moved = true;
}

// To the lesson of this number; a digit that leads nowhere begins anew.
static void type_digit(lesson_list *self, uint32_t digit)
{
    const uint32_t tries[] = { self->typed * 10 + digit, digit };
    for (unsigned t = 0; t < 2; t++) {
        for (uint32_t i = 0; i < self->count; i++) {
            const course_lesson *lesson = self->row[i].lesson;
            if (lesson == NULL || lesson->number != tries[t]) continue;
            self->at = i;
            self->typed = tries[t] < 100 ? tries[t] : 0;
            self->has_moved = true;
            return;
        }
    }
    self->typed = digit;
}

// ---- Drawing ----

static void draw(lesson_list *self, const ui_input *input)
{
    ant_ui *ui = &self->ui;
    ui_begin(ui, &self->list, input, self->theme);
    draw_rect all = { 0, 0, input->width, input->height };
    draw_rect foot = draw_cut_bottom(&all, ui->line + 2 * ui->unit);
    all = draw_inset(all, 2 * ui->unit, ui->unit);
    ui_text_bold(ui, draw_cut_top(&all, ui->line + ui->unit), DRAW_LEFT,
                 self->learner->room.course->title);
    draw_cut_top(&all, ui->unit);
    draw_rect rows = draw_cut_left(&all, all.w * LIST_PERCENT / 100);
    draw_cut_left(&all, 2 * ui->unit);
    const int row_h = ui->line + ui->unit / 2;
    const uint32_t shown = row_h > 0 ? (uint32_t)(rows.h / row_h) : 0;
    if (self->has_moved) ui_list_reveal(&self->first, shown, self->at);
    self->has_moved = false;
    uint32_t n = ui_list(ui, ui_id_of("lessons", 0), &rows, row_h, self->count,
                         &self->first);
    for (uint32_t i = 0; i < n; i++)
        draw_row(self, draw_cut_top(&rows, row_h), self->first + i);
    draw_detail(self, all);
    ui_text_dim(ui, draw_inset(foot, 2 * ui->unit, 0), DRAW_LEFT,
                "Up and Down or a number choose, Enter begins, b dark or "
                "light, p projector, q leaves");
    ui_end(ui);
}

static void draw_row(lesson_list *self, draw_rect rect, uint32_t i)
{
    ant_ui *ui = &self->ui;
    const list_row *row = &self->row[i];
    if (row->lesson == NULL) {
        draw_heading(self, rect, row->part);
        return;
    }
    if (ui_row(ui, ui_id_of("lesson", i), rect, i == self->at)) {
        self->is_chosen = i == self->at; // the first click selects
        self->at = i;
    }
    const bool is_open = has_needs(self->learner, row->page);
    char text[100];
    rect = draw_inset(rect, ui->unit, 0);
    snprintf(text, sizeof text, "%u", (unsigned)row->lesson->number);
    ui_text_dim(ui, draw_cut_left(&rect, 2 * ui->font), DRAW_LEFT, text);
    state_of(self, row, text, sizeof text);
    ui_text(ui, draw_cut_right(&rect, 5 * ui->font), DRAW_LEFT, text);
    snprintf(text, sizeof text, "%u min", (unsigned)row->page->minutes);
    ui_text_dim(ui, draw_cut_right(&rect, 4 * ui->font), DRAW_LEFT, text);
    if (row->lesson == self->next)
        ui_text_bold(ui, rect, DRAW_LEFT, row->page->title);
    else if (is_open)
        ui_text(ui, rect, DRAW_LEFT, row->page->title);
    else
        ui_text_dim(ui, rect, DRAW_LEFT, row->page->title);
}

// "C  Composing futures", and how many of its lessons are passed.
static void draw_heading(lesson_list *self, draw_rect rect, uint32_t part)
{
    const course_part *its = &self->learner->room.course->part[part];
    unsigned passed = 0;
    unsigned of = 0;
    for (uint32_t i = 0; i < self->count; i++) {
        const list_row *row = &self->row[i];
        if (row->lesson == NULL || row->part != part) continue;
        of++;
        if (is_passed(self->learner, row->lesson->slug)) passed++;
    }
    char text[200];
    ant_ui *ui = &self->ui;
    draw_fill(ui->draw, rect, ui->palette->panel);
    rect = draw_inset(rect, ui->unit, 0);
    snprintf(text, sizeof text, "%u of %u passed", passed, of);
    ui_text_dim(ui, draw_cut_right(&rect, 9 * ui->font), DRAW_LEFT, text);
    snprintf(text, sizeof text, "%s  %s", its->letter, its->title);
    ui_text_bold(ui, rect, DRAW_LEFT, text);
}

static void state_of(const lesson_list *self, const list_row *row, char *buf,
                     size_t size)
{
    const progress_row *known =
        lesson_progress_of(&self->learner->progress, row->lesson->slug);
    const bool has_begun = known != NULL && known->at > 0;
    const uint32_t items = row->page->item_count;
    if (known != NULL && known->is_passed)
        snprintf(buf, size, "+ passed");
    else if (has_begun && items > 0)
        snprintf(buf, size, "~ %u %%", (unsigned)(known->at * 100 / items));
    else if (row->lesson == self->next)
        snprintf(buf, size, "> next");
    else
        buf[0] = '\0';
}

// What the selected lesson is about.
static void draw_detail(lesson_list *self, draw_rect rect)
{
    ant_ui *ui = &self->ui;
    const list_row *row = &self->row[self->at];
    draw_fill(ui->draw, rect, ui->palette->panel);
    rect = draw_inset(rect, 2 * ui->unit, ui->unit);
    if (row->page == NULL) return;
    const char *objectives = lesson_field_of(&row->page->head, "objectives");
    const char *needs = lesson_field_of(&row->page->head, "needs");
    lesson_script script = { .width = 100000 }; // the window wraps
    draw_rect button = draw_cut_bottom(&rect, ui->line + ui->unit);
    lesson_script_print(&script, "%s\n==\n\nAfterwards you can\n",
                        row->page->title);
    lesson_show_list(objectives != NULL ? objectives : "", &script);
    lesson_script_print(&script, "\n%u minutes\n\n",
                        (unsigned)row->page->minutes);
    app_words(ui, &rect, script.text);
    lesson_script_free(&script);
    if (needs != NULL) draw_needs(self, &rect, needs);
    if (app_words_button(ui, &button, "Begin (Enter)")) self->is_chosen = true;
}

// The lessons before it, by their numbers, and which of them are passed.
static void draw_needs(lesson_list *self, draw_rect *rect, const char *needs)
{
    const app_learner *learner = self->learner;
    char text[400] = "Before it:";
    size_t used = strlen(text);
    while (*(needs += strspn(needs, " ")) != '\0') {
        char slug[100];
        const size_t len = strcspn(needs, " ");
        snprintf(slug, sizeof slug, "%.*s", (int)len, needs);
        const int n =
            snprintf(text + used, sizeof text - used, " %s (%s)", slug,
                     is_passed(learner, slug) ? "passed" : "not yet");
        if (n > 0 && (size_t)n < sizeof text - used) used += (size_t)n;
        needs += len;
    }
    app_words(&self->ui, rect, text);
}
