// SPDX-License-Identifier: MIT
//
// One page over everything: every key (from the table that also binds them) and
// every state (from the table that also paints them).

#include "view/view.h"

static void draw_keys(ant_ui *ui, draw_rect rect, const view_key_help *keys,
                      unsigned key_count);
static void draw_states(ant_ui *ui, draw_rect rect);

void view_help(ant_view *view, draw_rect rect, const view_key_help *keys,
               unsigned key_count)
{
    ant_ui *ui = &view->ui;
    draw_fill(ui->draw, rect, ui->palette->background);
    rect = draw_inset(rect, 4 * ui->unit, 3 * ui->unit);
    draw_rect title = draw_cut_top(&rect, 2 * ui->line);
    ui_text_as(ui, title, DRAW_FONT_BOLD, ui->font * 3 / 2, ui->palette->text,
               DRAW_LEFT, "Keys and states");
    ui_text_dim(ui, title, DRAW_RIGHT, "? or Esc closes");
    draw_rect left = draw_cut_left(&rect, rect.w * 68 / 100);
    draw_cut_left(&rect, 2 * ui->unit);
    draw_keys(ui, left, keys, key_count);
    draw_states(ui, rect);
    if (ui_click(ui, ui_id_of("help page", 0), rect)) {
        view->shows_help = false;
    }
}

// In two columns, read from top to bottom.
static void draw_keys(ant_ui *ui, draw_rect rect, const view_key_help *keys,
                      unsigned key_count)
{
    unsigned lines = (key_count + 1) / 2;
    if (lines == 0) return;
    int line_h = rect.h / (int)lines;
    if (line_h > ui->line * 5 / 4) line_h = ui->line * 5 / 4;
    int column_w = rect.w / 2;
    for (unsigned i = 0; i < key_count; i++) {
        draw_rect line = { rect.x + (i < lines ? 0 : column_w),
                           rect.y + (int)(i % lines) * line_h,
                           column_w - 2 * ui->unit, line_h };
        draw_rect key = draw_cut_left(&line, 8 * ui->font);
        ui_text_as(ui, key, DRAW_FONT_BOLD, ui->small, ui->palette->accent,
                   DRAW_LEFT, keys[i].key);
        ui_text_as(ui, line, DRAW_FONT_UI, ui->small, ui->palette->text,
                   DRAW_LEFT, keys[i].text);
    }
}

static void draw_states(ant_ui *ui, draw_rect rect)
{
    int line_h = rect.h / DRAW_STATE_COUNT;
    if (line_h > ui->line * 3 / 2) line_h = ui->line * 3 / 2;
    for (unsigned i = 0; i < DRAW_STATE_COUNT; i++) {
        draw_rect line = draw_cut_top(&rect, line_h);
        draw_rect bar = draw_cut_left(&line, 5 * ui->font);
        ui_bar(ui, draw_inset(bar, 0, line_h / 8), (draw_state)i, NULL);
        draw_cut_left(&line, ui->unit * 3 / 2);
        ui_text_as(ui, line, DRAW_FONT_UI, ui->small, ui->palette->text,
                   DRAW_LEFT, ui->palette->state[i].meaning);
    }
}
