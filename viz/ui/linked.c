// SPDX-License-Identifier: MIT

#include "ui/linked.h"

#include <string.h>

// One line of the text: bytes [begin, end) in `rect`.
typedef struct linked_line {
    uint32_t begin;
    uint32_t end;
    draw_rect rect;
} linked_line;

static uint32_t draw_linked_line(ant_ui *ui, const ui_linked *linked,
                                 const linked_line *line);

int ui_linked_text(ant_ui *ui, draw_rect rect, const ui_linked *linked,
                   uint32_t *ret_clicked)
{
    int line_h = ui_paragraph_line_height(ui);
    uint32_t len = (uint32_t)strlen(linked->text);
    int used = 0;
    *ret_clicked = UI_NO_LINK;
    for (uint32_t at = 0; at < len && used + line_h <= rect.h;) {
        const char *text = linked->text + at;
        bool is_last = used + 2 * line_h > rect.h;
        uint32_t n = (uint32_t)ui_line_end(ui, text, rect.w);
        const linked_line line = { at,
                                   is_last ? len : at + n,
                                   { rect.x, rect.y + used, rect.w, line_h } };
        uint32_t clicked = draw_linked_line(ui, linked, &line);
        if (clicked != UI_NO_LINK) *ret_clicked = clicked;
        used += line_h;
        at = line.end + (uint32_t)strspn(linked->text + line.end, " \n");
    }
    return used;
}

// Draws bytes [begin, end) at the left of *rect and cuts them off. Returns
// where they stand.
static draw_rect draw_piece(ant_ui *ui, draw_rect *rect, const char *text,
                            uint32_t len, bool is_link)
{
    draw_color color = is_link ? ui->palette->accent : ui->palette->text;
    draw_text_style style = { DRAW_FONT_UI, ui->font, color, DRAW_LEFT };
    if (len == 0) return (draw_rect){ rect->x, rect->y, 0, rect->h };
    int w = draw_text_n(ui->draw, *rect, &style, text, len);
    return draw_cut_left(rect, w);
}

static bool act_as_link(ant_ui *ui, const ui_linked *linked, uint32_t i,
                        draw_rect rect)
{
    draw_rect under = { rect.x, rect.y + rect.h - 2, rect.w, 1 };
    ui_id id = linked->id ^ ui_id_of("link", i);
    bool is_hovered = ui_is_hovered(ui, rect);
    if (is_hovered) under.h = 2;
    draw_fill(ui->draw, under, ui->palette->accent);
    return ui_click(ui, id, rect);
}

// The line in pieces: plain, link, plain, … Returns the link that was clicked.
static uint32_t draw_linked_line(ant_ui *ui, const ui_linked *linked,
                                 const linked_line *line)
{
    draw_rect rest = line->rect;
    uint32_t clicked = UI_NO_LINK;
    uint32_t at = line->begin;
    for (uint32_t i = 0; i < linked->link_count; i++) {
        ui_link link = linked->link[i];
        if (link.end <= at || link.begin >= line->end) continue;
        if (link.begin < at) link.begin = at;
        if (link.end > line->end) link.end = line->end;
        draw_piece(ui, &rest, linked->text + at, link.begin - at, false);
        draw_rect where = draw_piece(ui, &rest, linked->text + link.begin,
                                     link.end - link.begin, true);
        if (where.w > 0 && act_as_link(ui, linked, i, where)) clicked = i;
        at = link.end;
    }
    draw_piece(ui, &rest, linked->text + at, line->end - at, false);
    return clicked;
}
