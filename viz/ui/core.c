// SPDX-License-Identifier: MIT

#include "ui/core.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

// A frame of 1280x720 has text of 16 pixels; it grows and shrinks with the
// window, down to what can still be read.
#define FONT_PX           16
#define FRAME_W           1280
#define FRAME_H           720
#define FONT_PX_MIN       14
#define PROJECTOR_PX_MIN  22
#define PROJECTOR_PERCENT 160

static int font_size(const ui_input *input, draw_theme theme);
static void draw_tip(ant_ui *ui);

void ui_begin(ant_ui *ui, draw_list *draw, const ui_input *input,
              draw_theme theme)
{
    ui->draw = draw;
    ui->input = input;
    ui->theme = theme;
    ui->palette = draw_palette_of(theme);
    ui->font = font_size(input, theme);
    ui->small = ui->font * 7 / 8;
    int min = theme == DRAW_THEME_PROJECTOR ? PROJECTOR_PX_MIN : FONT_PX_MIN;
    if (ui->small < min) ui->small = min;
    ui->unit = (ui->font + 1) / 2;
    ui->line = ui->font + ui->unit;
    ui->hot = ui->hot_next;
    ui->hot_next = 0;
    ui->is_covered = false;
    ui->tip[0] = '\0';
    draw_begin(draw);
    draw->pattern_px = ui->unit;
    draw_fill(draw, (draw_rect){ 0, 0, input->width, input->height },
              ui->palette->background);
}

void ui_end(ant_ui *ui)
{
    if (ui->tip[0] != '\0') draw_tip(ui);
    if (!ui->input->is_down) ui->active = 0;
}

ui_id ui_id_of(const char *name, uint32_t index)
{
    uint32_t hash = 2166136261u; // FNV-1a
    for (; *name != '\0'; name++) {
        hash = (hash ^ (unsigned char)*name) * 16777619u;
    }
    hash = (hash ^ index) * 16777619u;
    return hash != 0 ? hash : 1;
}

bool ui_is_hovered(const ant_ui *ui, draw_rect rect)
{
    return !ui->is_covered &&
           draw_contains(rect, ui->input->mouse_x, ui->input->mouse_y);
}

bool ui_click(ant_ui *ui, ui_id id, draw_rect rect)
{
    bool is_over = ui_is_hovered(ui, rect);
    if (is_over) ui->hot_next = id;
    if (is_over && ui->input->was_pressed) ui->active = id;
    return is_over && ui->input->was_released && ui->active == id;
}

bool ui_hold(ant_ui *ui, ui_id id, draw_rect rect)
{
    bool is_over = ui_is_hovered(ui, rect);
    if (is_over) ui->hot_next = id;
    if (is_over && ui->input->was_pressed) ui->active = id;
    return ui->active == id;
}

void ui_tip(ant_ui *ui, draw_rect rect, const char *format, ...)
{
    if (!ui_is_hovered(ui, rect)) return;
    va_list args;
    va_start(args, format);
    vsnprintf(ui->tip, sizeof(ui->tip), format, args);
    va_end(args);
    ui->tip_at = rect;
}

int ui_text_as(ant_ui *ui, draw_rect rect, draw_font font, int size,
               draw_color color, draw_align align, const char *text)
{
    draw_text_style style = { font, size, color, align };
    return draw_text(ui->draw, rect, &style, text);
}

int ui_text(ant_ui *ui, draw_rect rect, draw_align align, const char *text)
{
    return ui_text_as(ui, rect, DRAW_FONT_UI, ui->font, ui->palette->text,
                      align, text);
}

int ui_text_dim(ant_ui *ui, draw_rect rect, draw_align align, const char *text)
{
    return ui_text_as(ui, rect, DRAW_FONT_UI, ui->small, ui->palette->text_dim,
                      align, text);
}

int ui_text_bold(ant_ui *ui, draw_rect rect, draw_align align, const char *text)
{
    return ui_text_as(ui, rect, DRAW_FONT_BOLD, ui->font, ui->palette->text,
                      align, text);
}

int ui_paragraph(ant_ui *ui, draw_rect rect, draw_color color, const char *text)
{
    draw_text_style style = { DRAW_FONT_UI, ui->font, color, DRAW_LEFT };
    int line_h = ui_paragraph_line_height(ui);
    int used = 0;
    while (*text != '\0' && used + line_h <= rect.h) {
        bool is_last = used + 2 * line_h > rect.h;
        // The last line takes all that is left and is cut with an ellipsis.
        size_t n = is_last ? strlen(text) : ui_line_end(ui, text, rect.w);
        draw_text_n(ui->draw,
                    (draw_rect){ rect.x, rect.y + used, rect.w, line_h },
                    &style, text, n);
        used += line_h;
        text += n;
        while (*text == ' ' || *text == '\n')
            text++;
    }
    return used;
}

// --- Helpers ---------------------------------------------------------------

static int font_size(const ui_input *input, draw_theme theme)
{
    int by_h = input->height * FONT_PX / FRAME_H;
    int by_w = input->width * FONT_PX / FRAME_W;
    int size = by_h < by_w ? by_h : by_w;
    int min = FONT_PX_MIN;
    if (theme == DRAW_THEME_PROJECTOR) {
        size = size * PROJECTOR_PERCENT / 100;
        min = PROJECTOR_PX_MIN;
    }
    return size < min ? min : size;
}

// How many bytes of `text` go on one line of `width`: up to a space or a line
// end, at least one word.
int ui_paragraph_line_height(const ant_ui *ui)
{
    return ui->font * 11 / 8;
}

size_t ui_line_end(const ant_ui *ui, const char *text, int width)
{
    const draw_metrics *m = &ui->draw->metrics;
    size_t end = 0;
    for (;;) {
        size_t next = end;
        while (text[next] == ' ')
            next++;
        next += strcspn(text + next, " \n");
        bool fits =
            m->text_width(m->arg, DRAW_FONT_UI, ui->font, text, next) <= width;
        if (!fits && end > 0) return end;
        end = next;
        if (text[end] != ' ') return end;
    }
}

// Beside the thing it is about, inside the window.
static void draw_tip(ant_ui *ui)
{
    int pad = ui->unit;
    int w =
        draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, ui->tip) + 2 * pad;
    int h = ui->small + 2 * pad;
    if (w > ui->input->width) w = ui->input->width;
    int x = ui->input->mouse_x + pad;
    int y = ui->tip_at.y + ui->tip_at.h + pad / 2;
    if (x + w > ui->input->width) x = ui->input->width - w;
    if (y + h > ui->input->height) y = ui->tip_at.y - h - pad / 2;
    draw_rect rect = { x, y, w, h };
    draw_fill(ui->draw, rect, ui->palette->hover);
    draw_frame(ui->draw, rect, 1, ui->palette->text_dim);
    ui_text_as(ui, draw_inset(rect, pad, 0), DRAW_FONT_UI, ui->small,
               ui->palette->text, DRAW_LEFT, ui->tip);
}
