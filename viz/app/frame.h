// SPDX-License-Identifier: MIT
//
// What window and picture share: a trace that is open, where we stand in it,
// and one frame of it as a draw list. Main thread.

#ifndef ANT_APP_FRAME_H
#define ANT_APP_FRAME_H

#include <stdio.h>

#include "app/search.h"
#include "view/picker.h"
#include "view/view.h"

typedef struct app_versus app_versus; // private to versus.c
struct plat_window;

// What stands beside the replay, and comes first: a lesson.
typedef struct app_beside {
    void *arg;
    void (*tick)(void *arg, double seconds); // before a frame
    // Cuts what it needs from *all, and draws into that.
    void (*draw)(void *arg, draw_rect *all);
    bool (*key)(void *arg, ui_key_press press); // true: it was for us
    // When nobody may see the replay yet: draws something else, returns true.
    bool (*cover)(void *arg, draw_rect rect);
    bool (*is_locked)(void *arg); // nobody may move it now
} app_beside;

typedef struct ant_app {
    ant_model *model;
    bool is_foreign; // the model belongs to somebody else
    app_beside beside;
    ant_replay replay;
    ant_view *view;
    draw_list list;
    draw_theme theme;
    draw_theme theme_before; // the projector's
    model_axis axis;         // at the beginning
    bool has_axis;           // it is the one that was used the last time
    view_picker picker;
    unsigned find; // app_find: what the picker is open for
    app_search search;
    replay_marks marks;
    app_versus *versus; // a second trace; NULL for none
    FILE *journal;      // NULL: nobody asked for one
    unsigned did;       // app_action of this frame
    char journal_last[1024];
    bool wants_quit;
    bool is_closed; // it wants to, because the window was closed
    bool wants_shot;
    bool wants_full_screen;
    char message[160]; // said instead of the event, for a while
    double message_seconds;
} ant_app;

// Opens the trace; `progress` may be NULL. 0, or -errno after one line on
// stderr; -ECANCELED, without a line, when progress stopped it.
ANT_MUST_USE int app_open(ant_app *app, const char *path);
ANT_MUST_USE int app_open_telling(ant_app *app, const char *path,
                                  const model_progress *progress);
void app_close(ant_app *app);

// Looks at another trace from now on, from its start: at a model that outlives
// the app, or at a file. What the window looks like stays. Not while a frame is
// being drawn. 0, or -errno, and everything is as it was.
ANT_MUST_USE int app_show(ant_app *app, ant_model *model);
ANT_MUST_USE int app_show_file(ant_app *app, const char *path);

// The frames of a window, until the user leaves.
void app_loop(ant_app *app, struct plat_window *window);

// One frame: takes the input, lets time pass, draws into app->list. Before the
// first one the list has to be made with draw_init.
void app_frame(ant_app *app, const ui_input *input);

// Does what the keys ask for.
void app_keys(ant_app *app, const ui_input *input);

// The lines of the help page. Returns how many.
unsigned app_key_help(const view_key_help **ret_lines);

// Goes to the moment that tells most: the stall, or else the longest pause.
void app_seek_telling(ant_app *app);

// Whether the panels at the right are shown: on a projector they leave their
// room to the stage, the graph and the states, unless the user insists.
bool app_has_side(const ant_app *app);
void app_side_toggle(ant_app *app);

// The side's share of the width, within bounds.
void app_side_set(ant_view *view, int percent);

// Says something to the user for a few seconds.
void app_say(ant_app *app, const char *format, ...) ANT_PRINTF(2, 3);

#endif
