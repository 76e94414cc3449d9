// SPDX-License-Identifier: MIT

#include "app/journal.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "view/panels.h"

static void write_state(const ant_app *app, char *buf, size_t size);
static void write_selection(const ant_app *app, char *buf, size_t size);

int app_journal_open(ant_app *app, const char *path)
{
    app->journal = fopen(path, "w");
    return app->journal == NULL ? -errno : 0;
}

void app_journal_close(ant_app *app)
{
    if (app->journal != NULL) fclose(app->journal);
    app->journal = NULL;
}

void app_journal_note(ant_app *app, app_action action)
{
    if (action != APP_NOTHING) app->did = action;
}

void app_journal_write(ant_app *app)
{
    char state[sizeof(app->journal_last)];
    if (app->journal == NULL) return;
    write_state(app, state, sizeof(state));
    bool is_same = strcmp(state, app->journal_last) == 0;
    if (is_same && app->did == APP_NOTHING) return;
    const char *name = app_action_name((app_action)app->did);
    fprintf(app->journal, "did=%s %s\n", name, state);
    fflush(app->journal);
    memcpy(app->journal_last, state, sizeof(state));
    app->did = APP_NOTHING;
}

// "name=value" with a space between, texts last.
static void write_state(const ant_app *app, char *buf, size_t size)
{
    const ant_replay *replay = &app->replay;
    const ant_view *view = app->view;
    char selection[64];
    write_selection(app, selection, sizeof(selection));
    unsigned step =
        app->model->event_count > 0 ? replay_step_now(replay) + 1 : 0;
    snprintf(buf, size,
             "event=%" PRIu32 " step=%u ns=%" PRIu64 " axis=%s from=%.0f "
             "to=%.0f select=%s main=%s top=%s side=%s has_side=%d theme=%s "
             "speed=%s playing=%d follow=%d chain=%d help=%d pinned=%u "
             "hidden=%u marks=%u sort=%u%s log=%d picker=%d filter=\"%s\" "
             "text=\"%s\" message=\"%s\"",
             replay->event, step, view_now_ns(view),
             replay->axis == MODEL_AXIS_TIME ? "time" : "step", replay->x0,
             replay->x1, selection,
             view_panels[view_panel_at(view, VIEW_AT_MAIN)].name,
             view_panels[view_panel_at(view, VIEW_AT_TOP)].name,
             view_panels[view_panel_at(view, VIEW_AT_SIDE)].name,
             app_has_side(app), draw_theme_name(app->theme),
             replay_speed_name(replay->speed), replay->is_playing,
             view->follows, view->shows_chain, view->shows_help,
             view->order.pin_count, view->order.hidden_count, app->marks.count,
             view->table.column, view->table.is_falling ? "down" : "up",
             (int)view->log.scope, app->picker.is_open, view->filter,
             app->picker.is_open ? app->picker.field.text : "",
             app->message_seconds > 0 ? app->message : "");
}

static void write_selection(const ant_app *app, char *buf, size_t size)
{
    static const char *const kind[] = {
        [REPLAY_NOTHING] = "nothing", [REPLAY_TASK] = "task",
        [REPLAY_LANE] = "lane",       [REPLAY_RES] = "res",
        [REPLAY_FUTURE] = "future",   [REPLAY_EVENT] = "event",
    };
    replay_selection selection = app->replay.selection;
    snprintf(buf, size, "%s:%" PRIu32, kind[selection.kind], selection.row);
}
