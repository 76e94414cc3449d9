// SPDX-License-Identifier: MIT
//
// `antfarm view`: a trace in a window, and the loop that draws it.

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "app/app.h"
#include "app/frame.h"
#include "app/journal.h"
#include "app/layout.h"
#include "app/opening.h"
#include "app/options.h"
#include "base/err.h"
#include "base/os.h"
#include "plat/canvas.h"
#include "plat/window.h"
#include "text/file.h"

// While nothing moves, a frame is drawn only when the user does something.
#define IDLE_WAIT_MS 250

// The last name is written again and again.
#define SHOT_COUNT_MAX 999

#define BENCH_FRAMES 300

// What only this command can be told.
typedef struct view_options {
    app_options look;
    const char *log;
    bool lists_keys;
    bool is_bench;
    uint64_t frames;
} view_options;

static int open_window(void *arg, plat_window **ret_window);
static bool open_journal(ant_app *app, const char *path);
static void bench(ant_app *app, plat_window *window, uint32_t frames);

static int read_options(view_options *options, int argc, char **argv)
{
    const args_option table[] = {
        APP_LOOK_OPTIONS(&options->look),
        { "--log", ARGS_TEXT, "FILE", "write what happens, a line each",
          &options->log },
        { "--keys", ARGS_FLAG, NULL, "list all keys, and open nothing",
          &options->lists_keys },
        { "--bench", ARGS_FLAG, NULL, "draw without a display, say how fast",
          &options->is_bench },
        { "--frames", ARGS_NUMBER, "N", "with --bench: so many frames",
          &options->frames },
    };
    const args_command command = {
        .usage = "antfarm view [OPTIONS] TRACE [OTHER]",
        .meaning = "Opens a trace in a window, or two to compare. Press ? "
                   "there for all keys.",
        .option = table,
        .option_count = (int)ANT_ARRAY_LEN(table),
        .plain_min = 0,
        .plain_max = 2,
    };
    int plain = 0;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    if (options->lists_keys) {
        app_keys_print(stdout);
        return TEXT_FINE;
    }
    if (plain == 0) {
        fprintf(stderr, "antfarm: view: name a trace; usage: %s\n",
                command.usage);
        return TEXT_BAD_INPUT;
    }
    options->look.trace = argv[1];
    if (plain == 2) options->look.other = argv[2];
    return -1;
}

int app_view(int argc, char **argv)
{
    view_options options = { .look = APP_OPTIONS_INIT, .frames = BENCH_FRAMES };
    int status = read_options(&options, argc, argv);
    if (status >= 0) return status;
    ant_app app;
    app_opening opening = { .open_window = open_window,
                            .arg = &options,
                            .path = options.look.trace };
    if (options.look.theme != APP_NO_CHOICE)
        opening.theme = (draw_theme)options.look.theme;
    const model_progress progress = { app_opening_tell, &opening };
    int err = app_options_open(&options.look,
                               options.is_bench ? NULL : &progress, &app);
    plat_window *window = opening.window;
    app_opening_end(&opening);
    if (err < 0) {
        if (window != NULL) plat_window_close(window);
        bool is_stopped = err == -ECANCELED && !opening.has_failed;
        return is_stopped ? TEXT_FINE : TEXT_BAD_INPUT;
    }
    status = window == NULL ? open_window(&options, &window) : TEXT_FINE;
    if (status == TEXT_FINE) {
        draw_init(&app.list, plat_window_metrics(window));
        app.view->has_motion = true;
        app.view->may_lint_later = true;
        if (!options.is_bench) app_layout_load(&app);
        bool is_good = app_options_apply(&options.look, APP_BEGIN_FIRST, &app);
        status = is_good ? TEXT_FINE : TEXT_BAD_INPUT;
        if (is_good && options.log != NULL) {
            is_good = open_journal(&app, options.log);
            status = is_good ? TEXT_FINE : TEXT_BAD_INPUT;
        }
        if (is_good && options.is_bench) {
            bench(&app, window, (uint32_t)options.frames);
        } else if (is_good) {
            app_keys(&app, &opening.early);
            app_loop(&app, window);
            app_layout_save(&app);
        }
        plat_window_close(window);
    }
    app_journal_close(&app);
    app_close(&app);
    return status;
}

static bool open_journal(ant_app *app, const char *path)
{
    int err = app_journal_open(app, path);
    if (err < 0) {
        fprintf(stderr, "antfarm: %s: %s\n", path, ant_err_text(err));
    }
    return err == 0;
}

static int open_window(void *arg, plat_window **ret_window)
{
    const view_options *options = arg;
    char title[300];
    snprintf(title, sizeof(title), "%s - Antfarm", options->look.trace);
    plat_window_desc desc = { .title = title,
                              .width = options->look.size.w,
                              .height = options->look.size.h,
                              .is_hidden = options->is_bench };
    char error[256] = "not enough memory";
    if (plat_window_open(&desc, ret_window, error, sizeof(error)) == 0) {
        return 0;
    }
    fprintf(stderr,
            "antfarm: view: %s; for a picture instead: "
            "antfarm render %s -o FILE.png\n",
            error, options->look.trace);
    return 2;
}

// The frame just drawn, painted once more into a file of a new name.
static void save_shot(ant_app *app, const ui_input *input)
{
    char path[64] = "";
    for (unsigned n = 1; n <= SHOT_COUNT_MAX; n++) {
        snprintf(path, sizeof(path), "antfarm-%u.png", n);
        if (access(path, F_OK) != 0) break;
    }
    char error[256];
    plat_canvas *canvas = NULL;
    int err = plat_canvas_open(input->width, input->height, &canvas, error,
                               sizeof(error));
    if (err == 0) {
        plat_canvas_paint(canvas, &app->list);
        err = plat_canvas_save(canvas, path);
        plat_canvas_close(canvas);
    }
    if (err < 0) app_say(app, "Not saved: %s", ant_err_text(err));
    if (err == 0) app_say(app, "Saved %s", path);
}

void app_loop(ant_app *app, plat_window *window)
{
    int frames_due = 2; // after an input, let what it changed settle
    while (!app->wants_quit) {
        bool is_moving = app->replay.is_playing || app->view->is_moving ||
                         app->message_seconds > 0 || app->search.is_on;
        ui_input input;
        plat_window_input(
            window, is_moving || frames_due > 0 ? 0 : IDLE_WAIT_MS, &input);
        frames_due = frames_due > 0 ? frames_due - 1 : 1;
        app_frame(app, &input);
        app_journal_write(app);
        plat_window_paint(window, &app->list);
        if (app->wants_shot) save_shot(app, &input);
        if (app->wants_full_screen) plat_window_full_screen_toggle(window);
        app->wants_shot = false;
        app->wants_full_screen = false;
    }
}

// Plays the whole trace while zooming in and out, which no cache survives.
static void bench(ant_app *app, plat_window *window, uint32_t frames)
{
    uint64_t worst = 0;
    uint64_t start = ant_os_now_ns();
    uint64_t commands = 0;
    for (uint32_t i = 0; i < frames; i++) {
        uint64_t before = ant_os_now_ns();
        ui_input input;
        plat_window_input(window, 0, &input);
        replay_seek_x(&app->replay,
                      model_axis_end(app->model, app->replay.axis) * i /
                          frames);
        replay_zoom(&app->replay, i % 100 < 50 ? 1.1 : 1 / 1.1, app->replay.x);
        app_frame(app, &input);
        plat_window_paint(window, &app->list);
        uint64_t took = ant_os_now_ns() - before;
        if (took > worst) worst = took;
        commands += app->list.count;
    }
    uint64_t all = ant_os_now_ns() - start;
    printf("%u frames of %u events: %.2f ms a frame, %.2f ms the slowest, "
           "%u commands a frame\n",
           frames, app->model->event_count, (double)all / frames / 1e6,
           (double)worst / 1e6, (unsigned)(commands / frames));
}
