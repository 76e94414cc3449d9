// SPDX-License-Identifier: MIT
//
// THE table of panels. A panel is one file and one function, which draws into
// whatever rectangle it gets; a row here is all it takes to give it its tabs,
// its key, its line on the help page and in the palette, and `--panel NAME`.
//
// Three places show panels, one in each at a time: the large main view, and
// beside it an upper and a lower one.

#ifndef ANT_VIEW_PANELS_H
#define ANT_VIEW_PANELS_H

#include "view/view.h"

// P(name, key or 0, where it has a tab, title, what it shows)
// The function is view_NAME. A key opens its panel in the first of the places
// main, top and side where it has a tab, and goes back to the tracks when it is
// open already.
#define VIEW_PANELS(P)                                                         \
    P(tracks, 'r', VIEW_AT_MAIN, "Tracks",                                     \
      "workers, tasks and locks over time")                                    \
    P(stage, 'h', VIEW_AT_MAIN, "Stage", "the execution flow: tasks as cards") \
    P(graph, 'v', VIEW_AT_MAIN, "Waits", "the wait-for graph")                 \
    P(machine, 'k', VIEW_AT_MAIN | VIEW_AT_TOP, "States",                      \
      "the future as a state machine")                                         \
    P(tree, 'K', VIEW_AT_MAIN | VIEW_AT_TOP, "Futures",                        \
      "what a task awaits, as a tree")                                         \
    P(now, 0, VIEW_AT_SIDE, "Now", "queues, locks and why on one page")        \
    P(why, 'y', VIEW_AT_SIDE, "Why", "why each task is where it is")           \
    P(lints, 'l', VIEW_AT_SIDE, "Lints", "what is most likely a mistake")      \
    P(waits, 'L', VIEW_AT_SIDE, "Locks", "who holds what, who waits for it")   \
    P(table, 'j', VIEW_AT_MAIN, "Tasks", "tasks in a table: sort, filter")     \
    P(queues, 'Q', VIEW_AT_MAIN | VIEW_AT_SIDE, "Queues",                      \
      "what each worker runs now and next")                                    \
    P(stats, '%', VIEW_AT_MAIN | VIEW_AT_SIDE, "Stats",                        \
      "how long polls and waits took")                                         \
    P(log, 'e', VIEW_AT_MAIN | VIEW_AT_SIDE, "Log", "events, a line each")     \
    P(compare, 'c', VIEW_AT_MAIN, "Compare", "two runs side by side")          \
    P(source, 'o', VIEW_AT_MAIN | VIEW_AT_TOP, "Source",                       \
      "the program, with the line of now")

enum { VIEW_AT_MAIN = 1, VIEW_AT_TOP = 2, VIEW_AT_SIDE = 4 };

typedef enum view_panel_id {
#define VIEW_PANEL_ID(name, ...) VIEW_PANEL_##name,
    VIEW_PANELS(VIEW_PANEL_ID)
#undef VIEW_PANEL_ID
        VIEW_PANEL_COUNT
} view_panel_id;

typedef struct view_panel {
    const char *name;
    const char *title;
    const char *meaning;
    uint16_t key;
    uint8_t where; // VIEW_AT_…
    void (*draw)(ant_view *view, draw_rect rect);
} view_panel;

extern const view_panel view_panels[VIEW_PANEL_COUNT];

// The panel of this name, VIEW_PANEL_COUNT when there is none.
view_panel_id view_panel_find(const char *name);

// What a place (one of VIEW_AT_…) shows.
view_panel_id view_panel_at(const ant_view *view, unsigned place);

// Makes a place show a panel, whether it has a tab there or not. For the main
// view this is a move that can be undone.
void view_panel_show(ant_view *view, unsigned place, view_panel_id panel);

// What the panel's key does.
void view_panel_toggle(ant_view *view, view_panel_id panel);

// Draws the tabs of a place and under them its panel. Where there is only one
// tab there is nothing to choose, and it is left out.
void view_panel_draw(ant_view *view, unsigned place, draw_rect rect);

#endif
