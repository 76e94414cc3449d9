// SPDX-License-Identifier: MIT
//
// One page over everything: every key (from the table that also binds them) and
// every state (from the table that also paints them).

#include <stdio.h>

#include "view/view.h"

// Columns of a page by the size of the text, and where texts begin in them.
#define COLUMN_EM 26
#define KEY_EM    8

static void draw_keys(ant_view *view, draw_rect rect, const view_key_help *keys,
                      unsigned key_count);
static int states_height(const ant_ui *ui, int w);
static void draw_states(ant_ui *ui, draw_rect rect);

void view_help(ant_view *view, draw_rect rect, const view_key_help *keys,
               unsigned key_count)
{
    ant_ui *ui = &view->ui;
    draw_fill(ui->draw, rect, ui->palette->background);
    draw_rect all = rect;
    rect = draw_inset(rect, 4 * ui->unit, 2 * ui->unit);
    draw_rect title = draw_cut_top(&rect, 2 * ui->line);
    draw_states(ui, draw_cut_bottom(&rect, states_height(ui, rect.w)));
    draw_cut_bottom(&rect, ui->unit);
    draw_keys(view, rect, keys, key_count);
    ui_text_as(ui, title, DRAW_FONT_BOLD, ui->font * 3 / 2, ui->palette->text,
               DRAW_LEFT, "Keys and states");
    char text[80] = "? or Esc closes";
    if (view->help_page_count > 1) {
        snprintf(text, sizeof(text), "page %u of %u: PgUp, PgDn   %s",
                 view->help_page + 1, view->help_page_count, "? or Esc closes");
    }
    ui_text_dim(ui, title, DRAW_RIGHT, text);
    if (ui_click(ui, ui_id_of("help page", 0), all)) {
        view->shows_help = false;
    }
}

void view_help_turn(ant_view *view, int by)
{
    int page = (int)view->help_page + by;
    bool is_page = page >= 0 && page < (int)view->help_page_count;
    if (is_page) view->help_page = (unsigned)page;
}

static int column_count(const ant_ui *ui, int w)
{
    int columns = w / (COLUMN_EM * ui->small);
    return columns < 1 ? 1 : columns;
}

// In columns that are read from top to bottom; what does not fit is on the next
// page.
static void draw_keys(ant_view *view, draw_rect rect, const view_key_help *keys,
                      unsigned key_count)
{
    ant_ui *ui = &view->ui;
    int line_h = ui->small * 3 / 2;
    unsigned lines = rect.h > line_h ? (unsigned)(rect.h / line_h) : 1;
    unsigned columns = (unsigned)column_count(ui, rect.w);
    unsigned per_page = lines * columns;
    view->help_page_count = (key_count + per_page - 1) / per_page;
    if (view->help_page >= view->help_page_count) view->help_page = 0;
    if (view->help_page_count == 1) lines = (key_count + columns - 1) / columns;
    int column_w = rect.w / (int)columns;
    unsigned first = view->help_page * per_page;
    for (unsigned i = first; i < key_count && i < first + per_page; i++) {
        unsigned column = (i - first) / lines;
        unsigned row = (i - first) % lines;
        draw_rect line = { rect.x + (int)column * column_w,
                           rect.y + (int)row * line_h, column_w - ui->unit,
                           line_h };
        draw_rect key = draw_cut_left(&line, KEY_EM * ui->small);
        ui_text_as(ui, key, DRAW_FONT_BOLD, ui->small, ui->palette->accent,
                   DRAW_LEFT, keys[i].key);
        ui_text_as(ui, line, DRAW_FONT_UI, ui->small, ui->palette->text,
                   DRAW_LEFT, keys[i].text);
    }
}

static int states_height(const ant_ui *ui, int w)
{
    int columns = column_count(ui, w);
    int lines = (DRAW_STATE_COUNT + columns - 1) / columns;
    return lines * ui->line;
}

static void draw_states(ant_ui *ui, draw_rect rect)
{
    int columns = column_count(ui, rect.w);
    int column_w = rect.w / columns;
    for (int i = 0; i < DRAW_STATE_COUNT; i++) {
        draw_rect line = { rect.x + i % columns * column_w,
                           rect.y + i / columns * ui->line, column_w - ui->unit,
                           ui->line };
        draw_rect bar = draw_cut_left(&line, 3 * ui->font);
        ui_bar(ui, draw_inset(bar, 0, ui->line / 8), (draw_state)i, NULL);
        draw_cut_left(&line, ui->unit);
        ui_text_as(ui, line, DRAW_FONT_UI, ui->small, ui->palette->text,
                   DRAW_LEFT, ui->palette->state[i].meaning);
    }
}
