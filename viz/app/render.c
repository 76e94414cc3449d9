// SPDX-License-Identifier: MIT
//
// `antfarm render`: a trace as a picture, a film or a page. What it makes is
// told by the end of the file's name.

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/commands.h"
#include "app/film.h"
#include "app/frame.h"
#include "app/options.h"
#include "base/err.h"
#include "draw/dump.h"
#include "plat/canvas.h"
#include "text/file.h"

#define PICTURE_SIZE ((args_size){ 1600, 900 })
#define FILM_SIZE    ((args_size){ 1280, 720 })

typedef struct render_options {
    app_options look;
    const char *output;
    uint64_t moved_percent;
    app_film film;
} render_options;

static int read_options(render_options *options, int argc, char **argv);
static bool is_page(const char *path);
static int shoot(ant_app *app, const render_options *options);
static int paint(ant_app *app, const render_options *options);
static int save(ant_app *app, plat_canvas *canvas, const char *path);

int app_render(int argc, char **argv)
{
    render_options options = {
        .look = APP_OPTIONS_INIT,
        .film = { .from_ms = -1, .to_ms = -1 },
    };
    int status = read_options(&options, argc, argv);
    if (status >= 0) return status;
    if (options.output == NULL) {
        fprintf(stderr, "antfarm: render: say where to with -o FILE.png\n");
        return TEXT_BAD_INPUT;
    }
    if (is_page(options.output)) {
        return app_export_page(options.look.trace, options.output);
    }
    bool is_film = app_film_is_one(options.output);
    if (options.look.size.w == 0) {
        options.look.size = is_film ? FILM_SIZE : PICTURE_SIZE;
    }
    ant_app app;
    if (app_options_open(&options.look, NULL, &app) < 0) return TEXT_BAD_INPUT;
    status = is_film ? shoot(&app, &options) : paint(&app, &options);
    app_close(&app);
    return status;
}

static int read_options(render_options *options, int argc, char **argv)
{
    const args_option table[] = {
        { "-o", ARGS_TEXT, "FILE",
          "F.png, F.gif, F.mp4, F.html; F.txt: a picture's parts",
          &options->output },
        { "--moved", ARGS_NUMBER, "N",
          "the stage while its cards move: N percent of the way",
          &options->moved_percent },
        { "--from", ARGS_MS, "MS", "films: begin here",
          &options->film.from_ms },
        { "--to", ARGS_MS, "MS", "films: end here", &options->film.to_ms },
        { "--seconds", ARGS_NUMBER, "N", "films: how long, else 10",
          &options->film.seconds },
        { "--fps", ARGS_NUMBER, "N", "films: frames a second, else 20 or 30",
          &options->film.fps },
        APP_LOOK_OPTIONS(&options->look),
    };
    const args_command command = {
        .usage = "antfarm render [OPTIONS] TRACE [OTHER] -o FILE",
        .meaning = "Draws a trace, or two to compare; needs no display. "
                   "FILE.png is one moment:\nwithout --at, --step and --event "
                   "the one that tells most. FILE.gif and FILE.mp4\nare films, "
                   "made by ffmpeg. FILE.html is a page that plays the trace "
                   "in any\nbrowser.",
        .option = table,
        .option_count = (int)ANT_ARRAY_LEN(table),
        .plain_min = 1,
        .plain_max = 2,
    };
    int plain = 0;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    options->look.trace = argv[1];
    if (plain == 2) options->look.other = argv[2];
    return status;
}

static bool is_page(const char *path)
{
    size_t len = strlen(path);
    return len > 5 && strcmp(path + len - 5, ".html") == 0;
}

static int shoot(ant_app *app, const render_options *options)
{
    app_film film = options->film;
    film.path = options->output;
    bool is_good = app_options_apply(&options->look, APP_BEGIN_FIRST, app);
    return is_good ? app_film_make(app, options->look.size, &film)
                   : TEXT_BAD_INPUT;
}

static int paint(ant_app *app, const render_options *options)
{
    args_size size = options->look.size;
    plat_canvas *canvas = NULL;
    char error[256] = "not enough memory";
    int err = plat_canvas_open(size.w, size.h, &canvas, error, sizeof(error));
    if (err < 0) {
        fprintf(stderr, "antfarm: render: %s\n", error);
        return TEXT_BAD_INPUT;
    }
    draw_init(&app->list, plat_canvas_metrics(canvas));
    bool is_good = app_options_apply(&options->look, APP_BEGIN_TELLING, app);
    err = is_good ? 0 : -1;
    app->view->motion_share = (double)options->moved_percent / 100;
    if (err == 0) {
        ui_input input = {
            .width = size.w, .height = size.h, .mouse_x = -1, .mouse_y = -1
        };
        app_frame(app, &input);
        err = save(app, canvas, options->output);
        if (err < 0) {
            fprintf(stderr, "antfarm: %s: %s\n", options->output,
                    ant_err_text(err));
        }
    }
    plat_canvas_close(canvas);
    return err < 0 ? TEXT_BAD_INPUT : TEXT_FINE;
}

// A name that ends in .txt asks for the commands that make the picture.
static int save(ant_app *app, plat_canvas *canvas, const char *path)
{
    const char *end = strrchr(path, '.');
    if (end == NULL || strcmp(end, ".txt") != 0) {
        plat_canvas_paint(canvas, &app->list);
        return plat_canvas_save(canvas, path);
    }
    FILE *file = fopen(path, "w");
    if (file == NULL) return -errno;
    draw_dump(&app->list, file);
    return fclose(file) == 0 ? 0 : -errno;
}
