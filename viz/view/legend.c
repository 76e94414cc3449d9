// SPDX-License-Identifier: MIT
//
// The key to the rows: pattern and word of each state, made from the palette's
// own table. Only states that this trace contains.

#include <string.h>

#include "view/view.h"

static int entry_width(const ant_ui *ui, draw_state state);
static void short_meaning(draw_state state, const ant_ui *ui, char *buf,
                          size_t size);

void view_legend(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    for (unsigned i = 0; i < DRAW_STATE_COUNT; i++) {
        if ((view->states_used & (1u << i)) == 0) continue;
        draw_state state = (draw_state)i;
        draw_rect entry = draw_cut_left(&rect, entry_width(ui, state));
        if (rect.w == 0) return; // no room for a whole entry
        const draw_state_look *look = &ui->palette->state[state];
        draw_rect swatch = draw_cut_left(&entry, 2 * ui->unit);
        swatch = draw_inset(swatch, 0, (swatch.h - ui->font) / 2);
        draw_patterned(ui->draw, swatch, look->pattern, look->color, look->ink);
        draw_cut_left(&entry, ui->unit / 2);
        char text[64];
        short_meaning(state, ui, text, sizeof(text));
        ui_text_dim(ui, entry, DRAW_LEFT, text);
        ui_tip(ui, entry, "%s", look->meaning);
    }
}

// What stands before the colon: "new: never polled" is "new" here.
static void short_meaning(draw_state state, const ant_ui *ui, char *buf,
                          size_t size)
{
    const char *meaning = ui->palette->state[state].meaning;
    size_t n = strcspn(meaning, ":");
    if (n >= size) n = size - 1;
    memcpy(buf, meaning, n);
    buf[n] = '\0';
}

static int entry_width(const ant_ui *ui, draw_state state)
{
    char text[64];
    short_meaning(state, ui, text, sizeof(text));
    return draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text) +
           5 * ui->unit;
}
