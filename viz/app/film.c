// SPDX-License-Identifier: MIT
//
// A frame that shows the same as the one before is not painted again; most are
// such frames when little happens. A GIF needs its 256 colours first, so some
// frames of the whole film go to ffmpeg twice: once to choose colours by, once
// as film.

#include "app/film.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/encoder.h"
#include "app/stop.h"
#include "base/err.h"
#include "export/out.h"
#include "plat/canvas.h"
#include "text/file.h"

// A GIF counts hundredths of seconds, and many viewers stop at 50 a second.
#define FPS_GIF 20

#define SECONDS        10
#define FPS_MP4        30
#define FPS_MAX        60
#define FRAMES_MAX     36000 // twenty minutes
#define PALETTE_FRAMES 12

// A film in the making.
typedef struct studio {
    ant_app *app;
    args_size size;
    plat_canvas *canvas;
    draw_list before; // what the canvas shows
    bool has_before;
    double x0; // of the axis, where the film begins and ends
    double x1;
    unsigned fps;
    uint32_t frame_count;
    uint32_t painted;
    const volatile sig_atomic_t *stop;
} studio;

static bool ends_with(const char *path, const char *extension);
static int open_studio(studio *s, const app_film *film);
static void close_studio(studio *s);
static int make_gif(studio *s, const char *path);
static int make_mp4(studio *s, const char *path);
static int complain(const app_film *film, int err);

bool app_film_is_one(const char *path)
{
    return ends_with(path, ".gif") || ends_with(path, ".mp4");
}

int app_film_make(ant_app *app, args_size size, const app_film *film)
{
    studio s = { .app = app, .size = size, .stop = app_stop() };
    int err = open_studio(&s, film);
    export_out out;
    if (err == 0) err = export_out_open(&out, film->path, s.stop);
    if (err == 0) {
        err = ends_with(film->path, ".gif") ? make_gif(&s, out.part)
                                            : make_mp4(&s, out.part);
        err = export_out_close(&out, err);
    }
    close_studio(&s);
    return err < 0 ? complain(film, err) : TEXT_FINE;
}

static bool ends_with(const char *path, const char *extension)
{
    size_t len = strlen(path);
    size_t its = strlen(extension);
    return len > its && strcmp(path + len - its, extension) == 0;
}

static int complain(const app_film *film, int err)
{
    const char *text = ant_err_text(err);
    if (err == -ENOPKG) {
        text = "films are made by ffmpeg, which was not found; install it";
    }
    if (err == -EINTR) text = "stopped, nothing is left behind";
    if (err == -ERANGE) text = "--from is not before --to, or too many frames";
    if (err == -EIO) text = "ffmpeg failed";
    fprintf(stderr, "antfarm: %s: %s\n", film->path, text);
    return TEXT_BAD_INPUT;
}

// --- The studio --------------------------------------------------------------

// Where a moment stands on the axis that is shown.
static double x_of_ms(const ant_app *app, double ms)
{
    uint64_t t_ns = (uint64_t)(ms * 1e6 + 0.5);
    if (app->replay.axis == MODEL_AXIS_TIME) {
        return model_x_of_time(app->model, t_ns);
    }
    return model_x(app->model, MODEL_AXIS_STEP,
                   model_event_after(app->model, t_ns));
}

static int open_studio(studio *s, const app_film *film)
{
    ant_app *app = s->app;
    bool is_gif = ends_with(film->path, ".gif");
    uint64_t seconds = film->seconds > 0 ? film->seconds : SECONDS;
    s->fps = film->fps > 0 ? (unsigned)film->fps : is_gif ? FPS_GIF : FPS_MP4;
    s->x0 = film->from_ms < 0 ? 0 : x_of_ms(app, film->from_ms);
    s->x1 = film->to_ms < 0 ? model_axis_end(app->model, app->replay.axis)
                            : x_of_ms(app, film->to_ms);
    double frames = (double)seconds * s->fps;
    bool is_good = s->fps <= FPS_MAX && frames >= 1 && frames <= FRAMES_MAX &&
                   s->x0 < s->x1;
    if (!is_good) return -ERANGE;
    s->frame_count = (uint32_t)(frames + 0.5);
    if (film->from_ms >= 0 || film->to_ms >= 0) {
        replay_view(&app->replay, s->x0, s->x1);
    }
    app->view->has_motion = true;

    char error[256];
    int err =
        plat_canvas_open(s->size.w, s->size.h, &s->canvas, error, sizeof error);
    if (err < 0) return err;
    draw_init(&app->list, plat_canvas_metrics(s->canvas));
    draw_init(&s->before, plat_canvas_metrics(s->canvas));
    return 0;
}

static void close_studio(studio *s)
{
    if (s->canvas == NULL) return;
    draw_deinit(&s->before);
    plat_canvas_close(s->canvas);
}

// Draws frame `i` of the film; the canvas shows it then.
static void draw_frame_of(studio *s, uint32_t i)
{
    ant_app *app = s->app;
    uint32_t last = s->frame_count > 1 ? s->frame_count - 1 : 1;
    ui_input input = {
        .width = s->size.w,
        .height = s->size.h,
        .mouse_x = -1,
        .mouse_y = -1,
        .seconds = 1.0 / s->fps,
    };
    replay_seek_x(&app->replay, s->x0 + (s->x1 - s->x0) * i / last);
    app_frame(app, &input);
    if (s->has_before && draw_is_same(&app->list, &s->before)) return;
    plat_canvas_paint(s->canvas, &app->list);
    s->painted++;
    s->has_before = true;
    draw_list spare = s->before;
    s->before = app->list;
    app->list = spare;
}

static void say_progress(const studio *s, uint32_t i)
{
    if (!isatty(STDERR_FILENO) || i % 10 != 0) return;
    fprintf(stderr, "\rframe %" PRIu32 " of %" PRIu32, i, s->frame_count);
    if (i == s->frame_count) fputs("\r                        \r", stderr);
}

// Sends every `stride`th frame to ffmpeg.
static int shoot(studio *s, const char *const *args, uint32_t stride)
{
    app_encoder encoder;
    int err = app_encoder_open(&encoder, s->size, s->fps, args);
    if (err < 0) return err;
    for (uint32_t i = 0; i < s->frame_count && err == 0; i += stride) {
        draw_frame_of(s, i);
        plat_image image = plat_canvas_image(s->canvas);
        err = app_encoder_put(&encoder, &image, s->stop);
        if (stride == 1) say_progress(s, i + 1);
    }
    return app_encoder_close(&encoder, err);
}

// Players want an even number of lines and columns.
static int make_mp4(studio *s, const char *path)
{
    const char *const args[] = {
        "-vf",       "pad=ceil(iw/2)*2:ceil(ih/2)*2",
        "-pix_fmt",  "yuv420p",
        "-preset",   "veryfast",
        "-crf",      "20",
        "-movflags", "+faststart",
        "-f",        "mp4",
        path,        NULL,
    };
    return shoot(s, args, 1);
}

static int make_gif(studio *s, const char *path)
{
    char palette[EXPORT_PATH_MAX + 16];
    snprintf(palette, sizeof palette, "%s.png", path);
    const char *const choose[] = {
        "-vf",       "palettegen=reserve_transparent=0",
        "-frames:v", "1",
        "-f",        "image2",
        palette,     NULL
    };
    const char *const paint[] = {
        "-i", palette, "-lavfi", "paletteuse=dither=none:diff_mode=rectangle",
        "-f", "gif",   path,     NULL
    };
    uint32_t stride = s->frame_count / PALETTE_FRAMES + 1;
    int err = shoot(s, choose, stride);
    if (err == 0) err = shoot(s, paint, 1);
    unlink(palette);
    return err;
}
