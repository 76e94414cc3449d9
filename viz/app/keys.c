// SPDX-License-Identifier: MIT

#include "app/keys.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "app/finder.h"
#include "app/journal.h"
#include "app/versus.h"
#include "view/panels.h"

#define ZOOM_FACTOR 1.5
#define PAN_PART    8

typedef struct key_binding {
    uint16_t key;
    uint8_t mods;
    uint8_t action; // app_action
    const char *name;
} key_binding;

static const key_binding binding[] = {
#define BINDING(key, mods, action, name, text)                                 \
    { key, mods, APP_##action, #action },
    APP_KEYS(BINDING)
#undef BINDING
};

static app_action find_action(ui_key_press press);
static void act_on_time(ant_app *app, app_action action);
static void act_on_finding(ant_app *app, app_action action);
static void act_on_rows(ant_app *app, app_action action);
static void act_on_picture(ant_app *app, app_action action);

// While the picker is open, letters are letters.
void app_keys(ant_app *app, const ui_input *input)
{
    for (unsigned i = 0; i < input->key_count; i++) {
        const app_beside *beside = &app->beside;
        if (app->picker.is_open) {
            app_find_key(app, input->key[i]);
        } else if (beside->key != NULL &&
                   beside->key(beside->arg, input->key[i])) {
            continue;
        } else {
            app_act(app, find_action(input->key[i]));
        }
    }
}

unsigned app_key_help(const view_key_help **ret_lines)
{
    static char panel_key[VIEW_PANEL_COUNT][2];
    static view_key_help lines[ANT_ARRAY_LEN(binding) + VIEW_PANEL_COUNT];
    static const view_key_help all[] = {
#define HELP(key, mods, action, name, text) { name, text, APP_##action },
        APP_KEYS(HELP)
#undef HELP
    };
    unsigned n = 0;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(all); i++) {
        if (all[i].key != NULL) lines[n++] = all[i];
    }
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        if (view_panels[i].key == 0) continue;
        panel_key[i][0] = (char)view_panels[i].key;
        lines[n++] = (view_key_help){ panel_key[i], view_panels[i].meaning,
                                      APP_PANELS + i };
    }
    *ret_lines = lines;
    return n;
}

void app_keys_print(FILE *out)
{
    const view_key_help *lines = NULL;
    unsigned count = app_key_help(&lines);
    fputs("| Key | What it does | Name |\n|---|---|---|\n", out);
    for (unsigned i = 0; i < count; i++) {
        bool is_bar = strcmp(lines[i].key, "|") == 0;
        fprintf(out, "| `%s` | %s | %s |\n", is_bar ? "\\|" : lines[i].key,
                lines[i].text, app_action_name((app_action)lines[i].action));
    }
}

const char *app_action_name(app_action action)
{
    static char name[48];
    snprintf(name, sizeof(name), "-");
    if (action >= APP_PANELS) {
        snprintf(name, sizeof(name), "panel_%s",
                 view_panels[action - APP_PANELS].name);
    }
    for (unsigned i = 0; i < ANT_ARRAY_LEN(binding); i++) {
        if (binding[i].action != action) continue;
        snprintf(name, sizeof(name), "%s", binding[i].name);
    }
    for (char *c = name; *c != '\0'; c++)
        *c = (char)tolower((unsigned char)*c);
    return name;
}

static app_action find_action(ui_key_press press)
{
    for (unsigned i = 0; i < ANT_ARRAY_LEN(binding); i++) {
        if (binding[i].key == press.key && binding[i].mods == press.mods) {
            return (app_action)binding[i].action;
        }
    }
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        if (view_panels[i].key == press.key && press.mods == 0) {
            return (app_action)(APP_PANELS + i);
        }
    }
    return APP_NOTHING;
}

// With the help page open, keys close it, turn its pages or quit.
void app_act(ant_app *app, app_action action)
{
    app_journal_note(app, action);
    if (app->view->shows_help && action != APP_QUIT) {
        bool closes = action == APP_HELP || action == APP_CLEAR;
        if (closes) app->view->shows_help = false;
        if (action == APP_STEP) view_help_turn(app->view, 1);
        if (action == APP_STEP_BACK) view_help_turn(app->view, -1);
        if (action != APP_THEME && action != APP_PROJECTOR &&
            action != APP_SHOT) {
            return;
        }
    }
    if (action >= APP_PANELS) {
        view_panel_toggle(app->view, (view_panel_id)(action - APP_PANELS));
        return;
    }
    const app_beside *beside = &app->beside;
    const bool is_locked =
        beside->is_locked != NULL && beside->is_locked(beside->arg);
    if (!is_locked) act_on_time(app, action);
    if (!is_locked) act_on_finding(app, action);
    act_on_rows(app, action);
    act_on_picture(app, action);
}

static void seek_finding(ant_app *app)
{
    if (view_lint_next(app->view)) return;
    app_say(app, app->view->has_lints ? "Nothing looks like a mistake."
                                      : "Still looking through the whole run.");
}

static void seek_knot(ant_app *app, bool (*seek)(ant_replay *replay))
{
    if (seek(&app->replay)) return;
    if (app->model->stall_event == MODEL_NONE) {
        app_say(app, "This run has no deadlock.");
        return;
    }
    replay_seek_event(&app->replay, app->model->stall_event);
}

// Where in the run.
static void act_on_time(ant_app *app, app_action action)
{
    ant_replay *replay = &app->replay;
    // clang-format off
    switch ((int)action) {
    case APP_PLAY: replay_play(replay, !replay->is_playing); break;
    case APP_STEP: replay_step(replay, 1); break;
    case APP_STEP_BACK: replay_step(replay, -1); break;
    case APP_STEP_OWN: replay_step_selected(replay, 1); break;
    case APP_STEP_OWN_BACK: replay_step_selected(replay, -1); break;
    case APP_CAUSE: replay_step_cause(replay, -1); break;
    case APP_EFFECT: replay_step_cause(replay, 1); break;
    case APP_START: replay_seek_start(replay); break;
    case APP_END: replay_seek_end(replay); break;
    case APP_KNOT: seek_knot(app, replay_seek_knot); break;
    case APP_ORIGIN: seek_knot(app, replay_seek_origin); break;
    case APP_FINDING: seek_finding(app); break;
    case APP_SLOWER: replay_speed_change(replay, -1); break;
    case APP_FASTER: replay_speed_change(replay, 1); break;
    case APP_UNDO: replay_undo(replay); break;
    case APP_REDO: replay_redo(replay); break;
    default: break;
    }
    // clang-format on
}

static void find_next(ant_app *app, int by)
{
    if (app->search.text[0] == '\0') {
        app_find_open(app, APP_FIND_THING);
        return;
    }
    app_search_begin(&app->search, app->replay.event, by);
}

// Looking for things.
static void act_on_finding(ant_app *app, app_action action)
{
    // clang-format off
    switch ((int)action) {
    case APP_SEARCH: app_find_open(app, APP_FIND_THING); break;
    case APP_NEXT_MATCH: find_next(app, 1); break;
    case APP_PREVIOUS_MATCH: find_next(app, -1); break;
    case APP_GO: app_find_open(app, APP_FIND_PLACE); break;
    case APP_MARK: app_mark_toggle(app); break;
    case APP_NOTE: app_find_open(app, APP_FIND_NOTE); break;
    case APP_MARKS: app_find_open(app, APP_FIND_MARK); break;
    case APP_NEXT_MARK: app_mark_step(app, 1); break;
    case APP_PREVIOUS_MARK: app_mark_step(app, -1); break;
    case APP_PALETTE: app_find_open(app, APP_FIND_COMMAND); break;
    case APP_FILTER: app_find_open(app, APP_FIND_FILTER); break;
    default: break;
    }
    // clang-format on
}

// The tracks, on what is selected, and why it is there.
static void open_selected(ant_app *app)
{
    if (app->replay.selection.kind == REPLAY_NOTHING) return;
    view_panel_show(app->view, VIEW_AT_MAIN, VIEW_PANEL_tracks);
    if (replay_selected_task(&app->replay) != 0) {
        view_panel_show(app->view, VIEW_AT_SIDE, VIEW_PANEL_why);
    }
    replay_fit_selection(&app->replay);
}

static void follow(ant_app *app)
{
    ant_view *view = app->view;
    bool is_something = app->replay.selection.kind != REPLAY_NOTHING;
    view->follows = !view->follows && is_something;
    app->replay.is_centered = view->follows;
    if (!is_something) app_say(app, "Select something to follow first.");
}

static void clear(ant_app *app)
{
    app->search.is_on = false;
    app->view->follows = false;
    app->view->shows_chain = false;
    app->replay.is_centered = false;
    replay_select(&app->replay, REPLAY_NOTHING, 0);
}

static void need_row(ant_app *app, bool is_done)
{
    if (!is_done) app_say(app, "Select a task, a worker or a lock first.");
}

// Rows, of the tracks and of tables.
static void act_on_rows(ant_app *app, app_action action)
{
    ant_view *view = app->view;
    // clang-format off
    switch ((int)action) {
    case APP_SELECT_UP: view->step--; break;
    case APP_SELECT_DOWN: view->step++; break;
    case APP_OPEN: open_selected(app); break;
    case APP_PIN: need_row(app, view_pin(view)); break;
    case APP_HIDE: need_row(app, view_hide(view)); break;
    case APP_SHOW_ALL: view_show_all(view); break;
    case APP_FOLLOW: follow(app); break;
    case APP_CHAIN: view->shows_chain = !view->shows_chain; break;
    case APP_SORT: view_table_sort(view, view->table.column + 1); break;
    case APP_SORT_TURN: view_table_sort(view, view->table.column); break;
    case APP_LOG_LINES: view_log_turn(view); break;
    case APP_CLEAR: clear(app); break;
    default: break;
    }
    // clang-format on
}

static void toggle_theme(ant_app *app)
{
    app->theme =
        app->theme == DRAW_THEME_DARK ? DRAW_THEME_LIGHT : DRAW_THEME_DARK;
}

static void toggle_motion(ant_app *app)
{
    app->view->has_motion = !app->view->has_motion;
    app_say(app, app->view->has_motion ? "Cards on the stage move."
                                       : "Cards on the stage jump.");
}

static void toggle_projector(ant_app *app)
{
    if (app->theme == DRAW_THEME_PROJECTOR) {
        app->theme = app->theme_before;
        return;
    }
    app->theme_before = app->theme;
    app->theme = DRAW_THEME_PROJECTOR;
}

// How it is shown.
static void act_on_picture(ant_app *app, app_action action)
{
    ant_replay *replay = &app->replay;
    double part = (replay->x1 - replay->x0) / PAN_PART;
    model_axis other =
        replay->axis == MODEL_AXIS_TIME ? MODEL_AXIS_STEP : MODEL_AXIS_TIME;
    // clang-format off
    switch ((int)action) {
    case APP_ZOOM_IN: replay_zoom(replay, ZOOM_FACTOR, replay->x); break;
    case APP_ZOOM_OUT: replay_zoom(replay, 1 / ZOOM_FACTOR, replay->x); break;
    case APP_PAN_LEFT: replay_pan(replay, -part); break;
    case APP_PAN_RIGHT: replay_pan(replay, part); break;
    case APP_FIT: replay_fit(replay); break;
    case APP_FIT_SELECTION:
        if (!replay_center_selection(replay)) replay_fit_selection(replay);
        break;
    case APP_AXIS: replay_axis_set(replay, other); break;
    case APP_SIDE: app_side_toggle(app); break;
    case APP_SWAP: app_versus_swap(app); break;
    case APP_MOTION: toggle_motion(app); break;
    case APP_THEME: toggle_theme(app); break;
    case APP_PROJECTOR: toggle_projector(app); break;
    case APP_FULL_SCREEN: app->wants_full_screen = true; break;
    case APP_SHOT: app->wants_shot = true; break;
    case APP_HELP: app->view->shows_help = true; break;
    case APP_QUIT: app->wants_quit = true; break;
    default: break;
    }
    // clang-format on
}
