// SPDX-License-Identifier: MIT
//
// `antfarm render`: one moment of a trace as a PNG file.

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/frame.h"
#include "app/options.h"
#include "base/err.h"
#include "draw/dump.h"
#include "plat/canvas.h"
#include "text/file.h"

#define WIDTH  1600
#define HEIGHT 900

typedef struct render_options {
    app_options look;
    const char *output;
    uint64_t moved_percent;
} render_options;

static int read_options(render_options *options, int argc, char **argv);
static int paint(ant_app *app, const render_options *options);
static int save(ant_app *app, plat_canvas *canvas, const char *path);

int app_render(int argc, char **argv)
{
    render_options options = { .look = APP_OPTIONS_INIT };
    options.look.size = (args_size){ WIDTH, HEIGHT };
    int status = read_options(&options, argc, argv);
    if (status >= 0) return status;
    if (options.output == NULL) {
        fprintf(stderr, "antfarm: render: say where to with -o FILE.png\n");
        return TEXT_BAD_INPUT;
    }
    ant_app app;
    if (app_open(&app, options.look.trace) < 0) return TEXT_BAD_INPUT;
    status = paint(&app, &options);
    app_close(&app);
    return status;
}

static int read_options(render_options *options, int argc, char **argv)
{
    const args_option table[] = {
        { "-o", ARGS_TEXT, "FILE",
          "the picture; FILE.txt: what it is made of, as text",
          &options->output },
        { "--moved", ARGS_NUMBER, "N",
          "the stage while its cards move: N percent of the way",
          &options->moved_percent },
        APP_LOOK_OPTIONS(&options->look),
    };
    const args_command command = {
        .usage = "antfarm render [OPTIONS] TRACE -o FILE.png",
        .meaning = "Draws one moment of a trace into a PNG file. Needs no "
                   "display.\nWithout --at, --step and --event it chooses the "
                   "moment that tells most.",
        .option = table,
        .option_count = (int)ANT_ARRAY_LEN(table),
        .plain_min = 1,
        .plain_max = 1,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    options->look.trace = argv[1];
    return status;
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
