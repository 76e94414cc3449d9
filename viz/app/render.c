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

static const char usage[] =
    "usage: antfarm render TRACE -o FILE.png [OPTION...]\n"
    "\n"
    "Draws one moment of a trace into a PNG file. Needs no display.\n"
    "Without --at, --step and --event it chooses the moment that tells most.\n"
    "\n"
    "  -o FILE           the picture; FILE.txt: what it is made of, as text\n"
    "  --at MS           the moment, in milliseconds from the start\n"
    "  --step N          the moment, as a step of the run, from 1\n"
    "  --event N         the moment, as the number of an event, from 0\n"
    "  --select TASK     select the task with this number or name\n"
    "  --size WxH        1600x900 unless said\n"
    "  --theme NAME      dark, light or projector\n"
    "  --axis NAME       time or step\n";

#define WIDTH  1600
#define HEIGHT 900

static int paint(ant_app *app, const app_options *options);
static int save(ant_app *app, plat_canvas *canvas, const char *path);

int app_render(int argc, char **argv)
{
    app_options options;
    int status = app_options_read(&options, argc, argv, usage);
    if (status >= 0) return status;
    if (options.output == NULL) {
        fprintf(stderr, "antfarm: render: say where to with -o FILE.png\n");
        return 2;
    }
    if (options.width == 0) {
        options.width = WIDTH;
        options.height = HEIGHT;
    }
    ant_app app;
    if (app_open(&app, options.trace) < 0) return 2;
    status = paint(&app, &options);
    app_close(&app);
    return status;
}

static int paint(ant_app *app, const app_options *options)
{
    plat_canvas *canvas = NULL;
    char error[256] = "not enough memory";
    int err = plat_canvas_open(options->width, options->height, &canvas, error,
                               sizeof(error));
    if (err < 0) {
        fprintf(stderr, "antfarm: render: %s\n", error);
        return 2;
    }
    draw_init(&app->list, plat_canvas_metrics(canvas));
    err = app_options_apply(options, app) ? 0 : -1;
    if (err == 0) {
        ui_input input = { .width = options->width,
                           .height = options->height,
                           .mouse_x = -1,
                           .mouse_y = -1 };
        app_frame(app, &input);
        err = save(app, canvas, options->output);
        if (err < 0) {
            fprintf(stderr, "antfarm: %s: %s\n", options->output,
                    ant_err_text(err));
        }
    }
    plat_canvas_close(canvas);
    return err < 0 ? 2 : 0;
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
