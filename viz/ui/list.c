// SPDX-License-Identifier: MIT

#include "ui/list.h"

#define WHEEL_ROWS 3

static void take_wheel(const ant_ui *ui, draw_rect rect, uint32_t max,
                       uint32_t *first);
static void draw_bar(ant_ui *ui, ui_id id, draw_rect rect, uint32_t shown,
                     uint32_t count, uint32_t *first);

uint32_t ui_list(ant_ui *ui, ui_id id, draw_rect *rect, int row_h,
                 uint32_t count, uint32_t *first)
{
    uint32_t shown = rect->h >= row_h ? (uint32_t)(rect->h / row_h) : 0;
    uint32_t max = count > shown ? count - shown : 0;
    if (*first > max) *first = max;
    if (max == 0) return count;
    take_wheel(ui, *rect, max, first);
    draw_rect bar = draw_cut_right(rect, ui->unit);
    draw_cut_right(rect, ui->unit / 2);
    draw_bar(ui, id, bar, shown, count, first);
    return shown;
}

void ui_list_reveal(uint32_t *first, uint32_t shown, uint32_t row)
{
    bool is_inside = row >= *first && row - *first < shown;
    if (is_inside) return;
    uint32_t above = shown / 3;
    *first = row > above ? row - above : 0;
}

static void take_wheel(const ant_ui *ui, draw_rect rect, uint32_t max,
                       uint32_t *first)
{
    int64_t to = (int64_t)*first - WHEEL_ROWS * ui->input->wheel_y;
    if (!ui_is_hovered(ui, rect)) return;
    *first = to < 0 ? 0 : to > max ? max : (uint32_t)to;
}

// The knob covers the part that is shown; a press beside it jumps there.
static void draw_bar(ant_ui *ui, ui_id id, draw_rect rect, uint32_t shown,
                     uint32_t count, uint32_t *first)
{
    int knob_h = (int)((double)shown / count * rect.h);
    if (knob_h < 2 * ui->unit) knob_h = 2 * ui->unit;
    int room = rect.h - knob_h;
    uint32_t max = count - shown;
    if (ui_hold(ui, id, rect) && room > 0) {
        int at = ui->input->mouse_y - rect.y - knob_h / 2;
        at = at < 0 ? 0 : at > room ? room : at;
        *first = (uint32_t)((double)at / room * max + 0.5);
    }
    int y = max > 0 ? (int)((double)*first / max * room) : 0;
    draw_fill(ui->draw, rect, ui->palette->panel);
    draw_fill(ui->draw, (draw_rect){ rect.x, rect.y + y, rect.w, knob_h },
              ui->hot == id || ui->active == id ? ui->palette->text_dim
                                                : ui->palette->rule);
}
