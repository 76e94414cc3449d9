// SPDX-License-Identifier: MIT

#include "ui/widgets.h"

#include <string.h>

static draw_color face_color(const ant_ui *ui, ui_id id);
static void draw_icon(ant_ui *ui, draw_rect rect, ui_icon icon);

bool ui_button(ant_ui *ui, ui_id id, draw_rect rect, const char *text)
{
    bool is_clicked = ui_click(ui, id, rect);
    draw_fill(ui->draw, rect, face_color(ui, id));
    ui_text(ui, rect, DRAW_CENTER, text);
    return is_clicked;
}

int ui_button_width(const ant_ui *ui, const char *text)
{
    return draw_text_width(ui->draw, DRAW_FONT_UI, ui->font, text) +
           3 * ui->unit;
}

bool ui_icon_button(ant_ui *ui, ui_id id, draw_rect rect, ui_icon icon)
{
    bool is_clicked = ui_click(ui, id, rect);
    draw_fill(ui->draw, rect, face_color(ui, id));
    int side = ui->font & ~1;
    draw_icon(ui,
              (draw_rect){ rect.x + (rect.w - side) / 2,
                           rect.y + (rect.h - side) / 2, side, side },
              icon);
    return is_clicked;
}

bool ui_tab(ant_ui *ui, ui_id id, draw_rect rect, const char *text, bool is_on)
{
    bool is_clicked = ui_click(ui, id, rect);
    if (is_on || ui->hot == id) {
        draw_fill(ui->draw, rect, face_color(ui, id));
    }
    ui_text_as(ui, rect, is_on ? DRAW_FONT_BOLD : DRAW_FONT_UI, ui->small,
               is_on ? ui->palette->text : ui->palette->text_dim, DRAW_CENTER,
               text);
    if (is_on) {
        draw_fill(ui->draw, draw_cut_bottom(&rect, ui->unit / 4),
                  ui->palette->accent);
    }
    return is_clicked;
}

bool ui_slider(ant_ui *ui, ui_id id, draw_rect rect, uint64_t max,
               uint64_t *ret_value)
{
    int knob = ui->unit * 3 / 2;
    int room = rect.w - knob;
    bool is_held = ui_hold(ui, id, rect);
    bool has_moved = false;
    if (is_held && room > 0) {
        int at = ui->input->mouse_x - rect.x - knob / 2;
        if (at < 0) at = 0;
        if (at > room) at = room;
        uint64_t value =
            (uint64_t)((double)at / (double)room * (double)max + 0.5);
        has_moved = value != *ret_value;
        *ret_value = value;
    }
    double share = max > 0 ? (double)*ret_value / (double)max : 0;
    int x = rect.x + (int)(share * room);
    int groove = ui->unit / 2;
    int y = rect.y + (rect.h - groove) / 2;
    draw_fill(ui->draw, (draw_rect){ rect.x, y, rect.w, groove },
              ui->palette->rule);
    draw_fill(ui->draw, (draw_rect){ rect.x, y, x - rect.x, groove },
              ui->palette->accent);
    draw_fill(
        ui->draw,
        (draw_rect){ x, rect.y + (rect.h - 2 * knob) / 2, knob, 2 * knob },
        ui->palette->text);
    return has_moved;
}

void ui_heading(ant_ui *ui, draw_rect *rect, const char *text,
                const char *detail)
{
    draw_rect line = draw_cut_top(rect, ui->line);
    int w = ui_text_as(ui, line, DRAW_FONT_BOLD, ui->small,
                       ui->palette->text_dim, DRAW_LEFT, text);
    draw_cut_left(&line, w + 2 * ui->unit);
    if (detail == NULL) return;
    int needed = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, detail);
    if (needed <= line.w) ui_text_dim(ui, line, DRAW_LEFT, detail);
}

bool ui_row(ant_ui *ui, ui_id id, draw_rect rect, bool is_selected)
{
    bool is_clicked = ui_click(ui, id, rect);
    if (is_selected || ui->hot == id) {
        draw_fill(ui->draw, rect, ui->palette->hover);
    }
    return is_clicked;
}

void ui_selection(ant_ui *ui, draw_rect rect)
{
    draw_frame(ui->draw, draw_inset(rect, -4, -4), 2, ui->palette->outside);
    draw_frame(ui->draw, draw_inset(rect, -2, -2), 2, ui->palette->inside);
}

// Text on a pattern stands on plain ground of the bar's colour.
static void draw_ground(ant_ui *ui, draw_rect rect, const draw_state_look *look)
{
    bool is_plain =
        look->pattern == DRAW_SOLID || look->pattern == DRAW_OUTLINE;
    if (!is_plain) draw_fill(ui->draw, rect, look->color);
}

static draw_color text_color(const ant_ui *ui, const draw_state_look *look)
{
    return look->pattern == DRAW_OUTLINE ? ui->palette->text : look->text;
}

static void bar_text(ant_ui *ui, draw_rect rect, const draw_state_look *look,
                     const char *text)
{
    int pad = ui->unit;
    int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
    draw_rect ground = rect;
    if (w + 2 * pad < rect.w) ground.w = w + 2 * pad;
    draw_ground(ui, ground, look);
    draw_cut_left(&ground, pad);
    draw_cut_right(&ground, pad / 2);
    ui_text_as(ui, ground, DRAW_FONT_UI, ui->small, text_color(ui, look),
               DRAW_LEFT, text);
}

int ui_bar_room(const ant_ui *ui, draw_rect bar)
{
    return bar.w - ui->unit - ui->unit / 2;
}

static void bar_letter(ant_ui *ui, draw_rect rect, const draw_state_look *look)
{
    int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->small, look->letter);
    if (w == 0 || w + 2 > rect.w) return;
    draw_rect ground = { rect.x + (rect.w - w) / 2 - 2, rect.y, w + 4, rect.h };
    draw_ground(ui, draw_intersect(ground, rect), look);
    ui_text_as(ui, rect, DRAW_FONT_BOLD, ui->small, text_color(ui, look),
               DRAW_CENTER, look->letter);
}

void ui_bar(ant_ui *ui, draw_rect rect, draw_state state, const char *text)
{
    const draw_state_look *look = &ui->palette->state[state];
    draw_patterned(ui->draw, rect, look->pattern, look->color, look->ink);
    bool is_pale = state == DRAW_STATE_READY || state == DRAW_STATE_NEW;
    if (ui->palette->has_borders && is_pale && rect.w > 3) {
        draw_frame(ui->draw, rect, 1, ui->palette->border);
    }
    // Three letters and the ellipsis: less is better said by the one letter.
    bool has_room = rect.w >= 3 * ui->font;
    if (text != NULL && has_room) {
        bar_text(ui, rect, look, text);
    } else {
        bar_letter(ui, rect, look);
    }
}

int ui_card_width(const ant_ui *ui, const char *text)
{
    return draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text) +
           5 * ui->unit / 2;
}

bool ui_card(ant_ui *ui, ui_id id, draw_rect rect, draw_state state,
             const char *text)
{
    bool is_clicked = ui_click(ui, id, rect);
    const draw_state_look *look = &ui->palette->state[state];
    draw_fill(ui->draw, rect, face_color(ui, id));
    draw_rect tag = draw_cut_left(&rect, ui->unit);
    draw_patterned(ui->draw, tag, look->pattern, look->color, look->ink);
    draw_cut_left(&rect, ui->unit * 3 / 4);
    draw_cut_right(&rect, ui->unit / 2);
    ui_text_as(ui, rect, DRAW_FONT_UI, ui->small, ui->palette->text, DRAW_LEFT,
               text);
    return is_clicked;
}

// --- Helpers ---------------------------------------------------------------

static draw_color face_color(const ant_ui *ui, ui_id id)
{
    if (ui->active == id) return ui->palette->rule;
    return ui->hot == id ? ui->palette->rule : ui->palette->hover;
}

// `rect` is a square of even side.
static void draw_icon(ant_ui *ui, draw_rect rect, ui_icon icon)
{
    draw_color color = ui->palette->text;
    int bar = rect.w / 4;
    draw_rect left = { rect.x, rect.y, bar, rect.h };
    draw_rect right = { rect.x + rect.w - bar, rect.y, bar, rect.h };
    draw_rect after = { rect.x + bar, rect.y, rect.w - bar, rect.h };
    draw_rect before = { rect.x, rect.y, rect.w - bar, rect.h };
    switch (icon) {
    case UI_ICON_PLAY:
        draw_triangle(ui->draw, rect, DRAW_TO_RIGHT, color);
        break;
    case UI_ICON_PAUSE:
        left.w = right.w = rect.w / 3;
        right.x = rect.x + rect.w - right.w;
        draw_fill(ui->draw, left, color);
        draw_fill(ui->draw, right, color);
        break;
    case UI_ICON_NEXT:
        draw_triangle(ui->draw, draw_inset(rect, rect.w / 8, rect.w / 8),
                      DRAW_TO_RIGHT, color);
        break;
    case UI_ICON_PREVIOUS:
        draw_triangle(ui->draw, draw_inset(rect, rect.w / 8, rect.w / 8),
                      DRAW_TO_LEFT, color);
        break;
    case UI_ICON_FIRST:
        draw_fill(ui->draw, left, color);
        draw_triangle(ui->draw, after, DRAW_TO_LEFT, color);
        break;
    case UI_ICON_LAST:
        draw_triangle(ui->draw, before, DRAW_TO_RIGHT, color);
        draw_fill(ui->draw, right, color);
        break;
    case UI_ICON_NONE:
        break;
    }
}
