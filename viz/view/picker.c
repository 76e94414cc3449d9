// SPDX-License-Identifier: MIT

#include "view/picker.h"

#include <stdio.h>

#include "ui/list.h"
#include "ui/widgets.h"

#define WIDTH_EM  44
#define LINES_MAX 14

static void move(view_picker *picker, int by);
static void draw_items(ant_ui *ui, draw_rect rect, view_picker *picker);
static int lines_shown(const ant_ui *ui, draw_rect window);

void view_picker_open(view_picker *picker, const char *title, const char *hint)
{
    *picker = (view_picker){
        .is_open = true, .title = title, .hint = hint, .is_stale = true
    };
}

void view_picker_key(view_picker *picker, ui_key_press press)
{
    if (press.key == UI_KEY_ESCAPE) {
        picker->is_open = false;
    } else if (press.key == UI_KEY_ENTER) {
        picker->is_taken = true;
    } else if (press.key == UI_KEY_UP) {
        move(picker, -1);
    } else if (press.key == UI_KEY_DOWN || press.key == UI_KEY_TAB) {
        move(picker, 1);
    } else if (press.key == UI_KEY_PAGE_UP) {
        move(picker, -LINES_MAX);
    } else if (press.key == UI_KEY_PAGE_DOWN) {
        move(picker, LINES_MAX);
    } else if (ui_field_key(&picker->field, press)) {
        picker->is_stale = true;
        picker->selected = 0;
        picker->first = 0;
    }
}

void view_picker_draw(ant_ui *ui, draw_rect window, view_picker *picker)
{
    int w = WIDTH_EM * ui->font;
    if (w > window.w - 4 * ui->unit) w = window.w - 4 * ui->unit;
    int lines = lines_shown(ui, window);
    int h = 3 * ui->line + lines * ui->line + 5 * ui->unit;
    draw_rect box = { window.x + (window.w - w) / 2, window.y + 2 * ui->line, w,
                      h };
    draw_fill(ui->draw, window, draw_alpha(ui->palette->background, 150));
    draw_fill(ui->draw, box, ui->palette->background);
    draw_frame(ui->draw, box, 2, ui->palette->text_dim);
    draw_rect inner = draw_inset(box, 2 * ui->unit, ui->unit);
    char count[32];
    snprintf(count, sizeof(count), "%u%s", picker->count,
             picker->count == VIEW_PICK_MAX ? " and more" : "");
    ui_heading(ui, &inner, picker->title, count);
    ui_field_draw(ui, draw_cut_top(&inner, ui->line + ui->unit), &picker->field,
                  picker->hint);
    draw_cut_top(&inner, ui->unit / 2);
    draw_rect foot = draw_cut_bottom(&inner, ui->line);
    ui_text_dim(ui, foot, DRAW_LEFT, "Enter takes it, Esc closes");
    draw_items(ui, inner, picker);
    bool is_outside =
        ui->input->was_released && ui_is_hovered(ui, window) &&
        !draw_contains(box, ui->input->mouse_x, ui->input->mouse_y);
    if (is_outside) picker->is_open = false;
}

static int lines_shown(const ant_ui *ui, draw_rect window)
{
    int lines = (window.h - 7 * ui->line - 6 * ui->unit) / ui->line;
    return lines < 1 ? 1 : lines < LINES_MAX ? lines : LINES_MAX;
}

static void move(view_picker *picker, int by)
{
    int64_t to = (int64_t)picker->selected + by;
    if (to >= picker->count) to = (int64_t)picker->count - 1;
    picker->selected = to < 0 ? 0 : (uint32_t)to;
    ui_list_reveal(&picker->first, picker->shown, picker->selected);
}

static void draw_items(ant_ui *ui, draw_rect rect, view_picker *picker)
{
    picker->shown = (uint32_t)(rect.h / ui->line);
    uint32_t shown = ui_list(ui, ui_id_of("picker list", 0), &rect, ui->line,
                             picker->count, &picker->first);
    for (uint32_t i = 0; i < shown; i++) {
        uint32_t nth = picker->first + i;
        if (nth >= picker->count) return;
        const view_pick *pick = &picker->pick[nth];
        draw_rect line = draw_cut_top(&rect, ui->line);
        if (ui_row(ui, ui_id_of("pick", nth), line, nth == picker->selected)) {
            picker->selected = nth;
            picker->is_taken = true;
        }
        line = draw_inset(line, ui->unit, 0);
        int w = ui_text_as(ui, line, DRAW_FONT_UI, ui->small,
                           ui->palette->text_dim, DRAW_RIGHT, pick->detail);
        draw_cut_right(&line, w + ui->unit);
        ui_text_as(ui, line, DRAW_FONT_UI, ui->small, ui->palette->text,
                   DRAW_LEFT, pick->text);
    }
}
