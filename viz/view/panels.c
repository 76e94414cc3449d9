// SPDX-License-Identifier: MIT

#include "view/panels.h"

#include <stdio.h>
#include <string.h>

const view_panel view_panels[VIEW_PANEL_COUNT] = {
#define ROW(name, key, where, title, meaning)                                  \
    { #name, title, meaning, key, where, view_##name },
    VIEW_PANELS(ROW)
#undef ROW
};

static unsigned first_place(view_panel_id panel);
static draw_rect draw_tabs(ant_view *view, unsigned place, draw_rect rect);
static int tab_width(const ant_view *view, const char *title);

view_panel_id view_panel_find(const char *name)
{
    unsigned i = 0;
    while (i < VIEW_PANEL_COUNT && strcmp(view_panels[i].name, name) != 0)
        i++;
    return (view_panel_id)i;
}

view_panel_id view_panel_at(const ant_view *view, unsigned place)
{
    unsigned panel = place == VIEW_AT_MAIN  ? view->replay->page
                     : place == VIEW_AT_TOP ? view->top
                                            : view->side;
    return (view_panel_id)panel;
}

void view_panel_show(ant_view *view, unsigned place, view_panel_id panel)
{
    if (place == VIEW_AT_MAIN) replay_page_set(view->replay, panel);
    if (place == VIEW_AT_TOP) view->top = (uint8_t)panel;
    if (place == VIEW_AT_SIDE) view->side = (uint8_t)panel;
}

void view_panel_toggle(ant_view *view, view_panel_id panel)
{
    unsigned place = first_place(panel);
    bool is_open = view_panel_at(view, place) == panel;
    if (place == VIEW_AT_MAIN && is_open) panel = VIEW_PANEL_tracks;
    if (place == VIEW_AT_SIDE && is_open) panel = VIEW_PANEL_now;
    view_panel_show(view, place, panel);
}

void view_panel_draw(ant_view *view, unsigned place, draw_rect rect)
{
    rect = draw_tabs(view, place, rect);
    draw_clip(view->ui.draw, rect);
    view_panels[view_panel_at(view, place)].draw(view, rect);
    draw_unclip(view->ui.draw);
}

static unsigned first_place(view_panel_id panel)
{
    unsigned where = view_panels[panel].where;
    return where & (~where + 1u); // its lowest bit
}

static unsigned count_tabs(unsigned place)
{
    unsigned count = 0;
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        if ((view_panels[i].where & place) != 0) count++;
    }
    return count;
}

// One tab, cut from the left of *rect. False when there is no room for it.
static bool draw_tab(ant_view *view, unsigned place, view_panel_id panel,
                     draw_rect *rect)
{
    ant_ui *ui = &view->ui;
    const view_panel *row = &view_panels[panel];
    int w = tab_width(view, row->title);
    if (w > rect->w) return false;
    draw_rect tab = draw_cut_left(rect, w);
    bool is_open = view_panel_at(view, place) == panel;
    if (ui_tab(ui, ui_id_of(row->name, place), tab, row->title, is_open)) {
        view_panel_show(view, place, panel);
    }
    if (row->key != 0) {
        ui_tip(ui, tab, "%s (%c)", row->meaning, row->key);
    } else {
        ui_tip(ui, tab, "%s", row->meaning);
    }
    return true;
}

static int tab_width(const ant_view *view, const char *title)
{
    const ant_ui *ui = &view->ui;
    return draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, title) +
           2 * ui->unit;
}

// Says how many tabs there is no room for; a click lists everything by name.
static void draw_more(ant_view *view, unsigned place, draw_rect line,
                      unsigned hidden)
{
    ant_ui *ui = &view->ui;
    char text[16];
    snprintf(text, sizeof(text), "+%u", hidden);
    draw_rect tab = draw_cut_left(&line, tab_width(view, text));
    if (ui_tab(ui, ui_id_of("more tabs", place), tab, text, false))
        view->wants_menu = true;
    ui_tip(ui, tab, "%u more; all commands by name (Ctrl+P)", hidden);
}

// Returns what is left of `rect`. The open tab is always among those shown: if
// need be the last one makes room for it.
static draw_rect draw_tabs(ant_view *view, unsigned place, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    if (count_tabs(place) < 2) return rect;
    draw_rect line = draw_cut_top(&rect, ui->small + ui->unit);
    draw_cut_top(&rect, ui->unit / 2);
    view_panel_id open = view_panel_at(view, place);
    int open_w = tab_width(view, view_panels[open].title);
    bool is_shown = false;
    int all_w = 0;
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        if ((view_panels[i].where & place) != 0)
            all_w += tab_width(view, view_panels[i].title);
    }
    draw_rect more = line;
    if (all_w > line.w) more = draw_cut_right(&line, tab_width(view, "+99"));
    // A picture may show a panel that has no tab here: then it gets one.
    bool has_tab = (view_panels[open].where & place) != 0;
    unsigned hidden = count_tabs(place) + (has_tab ? 0 : 1);
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        view_panel_id panel = (view_panel_id)i;
        if ((view_panels[i].where & place) == 0) continue;
        draw_rect room = line;
        if (!is_shown && panel != open) draw_cut_right(&room, open_w);
        int before = room.w;
        if (!draw_tab(view, place, panel, &room)) continue;
        hidden--;
        draw_cut_left(&line, before - room.w);
        if (panel == open) is_shown = true;
    }
    if (!is_shown && draw_tab(view, place, open, &line)) hidden--;
    more.x = line.x; // right after the last tab
    if (hidden > 0) draw_more(view, place, more, hidden);
    return rect;
}
