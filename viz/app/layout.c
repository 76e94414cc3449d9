// SPDX-License-Identifier: MIT

#include "app/layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "view/panels.h"

#define PATH_MAX_BYTES 1024
#define LINE_BYTES_MAX 128

static FILE *open_file(const char *mode);
static void take_line(ant_app *app, const char *key, const char *value);

void app_layout_load(ant_app *app)
{
    FILE *file = open_file("r");
    if (file == NULL) return;
    char line[LINE_BYTES_MAX];
    while (fgets(line, sizeof(line), file) != NULL) {
        char key[LINE_BYTES_MAX];
        char value[LINE_BYTES_MAX];
        if (sscanf(line, "%127s %127s", key, value) == 2) {
            take_line(app, key, value);
        }
    }
    fclose(file);
}

void app_layout_save(const ant_app *app)
{
    FILE *file = open_file("w");
    if (file == NULL) return;
    const ant_view *view = app->view;
    fprintf(file, "main %s\n",
            view_panels[view_panel_at(view, VIEW_AT_MAIN)].name);
    fprintf(file, "top %s\n",
            view_panels[view_panel_at(view, VIEW_AT_TOP)].name);
    fprintf(file, "side %s\n",
            view_panels[view_panel_at(view, VIEW_AT_SIDE)].name);
    fprintf(file, "side_percent %d\n", view->side_percent);
    fprintf(file, "side_hidden %d\n", view->hides_side);
    fprintf(file, "motion %d\n", view->has_motion);
    fprintf(file, "theme %s\n", draw_theme_name(app->theme));
    // The axis that suits a trace is chosen anew for each, unless the user
    // once knew better.
    if (app->has_axis || app->axis != app->replay.axis) {
        fprintf(file, "axis %s\n",
                app->replay.axis == MODEL_AXIS_TIME ? "time" : "step");
    }
    fclose(file);
}

void app_layout_path(char *buf, size_t size)
{
    const char *state = getenv("XDG_STATE_HOME");
    const char *home = getenv("HOME");
    buf[0] = '\0';
    // The standard says that a relative path is to be ignored.
    if (state != NULL && state[0] == '/') {
        snprintf(buf, size, "%s/antfarm/view", state);
    } else if (home != NULL && home[0] == '/') {
        snprintf(buf, size, "%s/.local/state/antfarm/view", home);
    }
}

// --- Helpers ---------------------------------------------------------------

static FILE *open_file(const char *mode)
{
    char path[PATH_MAX_BYTES];
    app_layout_path(path, sizeof(path));
    if (path[0] == '\0') return NULL;
    bool writes = mode[0] == 'w';
    for (char *slash = strchr(path + 1, '/'); writes && slash != NULL;
         slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0700); // it may be there; if it fails, so will fopen
        *slash = '/';
    }
    return fopen(path, mode);
}

static void take_panel(ant_app *app, unsigned place, const char *name)
{
    view_panel_id panel = view_panel_find(name);
    if (panel == VIEW_PANEL_COUNT) return;
    if ((view_panels[panel].where & place) == 0) return;
    if (place == VIEW_AT_MAIN) {
        app->replay.page = panel; // it is where one begins, no move
    } else {
        view_panel_show(app->view, place, panel);
    }
}

static void take_theme(ant_app *app, const char *name)
{
    for (unsigned i = 0; i < DRAW_THEME_COUNT; i++) {
        if (strcmp(draw_theme_name((draw_theme)i), name) == 0) {
            app->theme = (draw_theme)i;
        }
    }
}

static void take_line(ant_app *app, const char *key, const char *value)
{
    if (strcmp(key, "main") == 0) take_panel(app, VIEW_AT_MAIN, value);
    if (strcmp(key, "top") == 0) take_panel(app, VIEW_AT_TOP, value);
    if (strcmp(key, "side") == 0) take_panel(app, VIEW_AT_SIDE, value);
    if (strcmp(key, "theme") == 0) take_theme(app, value);
    if (strcmp(key, "axis") == 0) {
        app->has_axis = true;
        app->axis =
            strcmp(value, "time") == 0 ? MODEL_AXIS_TIME : MODEL_AXIS_STEP;
    }
    if (strcmp(key, "side_percent") == 0) {
        char *end = NULL;
        long percent = strtol(value, &end, 10);
        bool is_percent = *end == '\0' && percent >= 0 && percent <= 100;
        if (is_percent) app_side_set(app->view, (int)percent);
    }
    if (strcmp(key, "side_hidden") == 0) {
        app->view->hides_side = strcmp(value, "1") == 0;
    }
    if (strcmp(key, "motion") == 0) {
        app->view->has_motion = strcmp(value, "1") == 0;
    }
}
