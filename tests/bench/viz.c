// SPDX-License-Identifier: MIT
//
// What looking at a trace costs, in processor time: the first picture, opening
// it, a frame of each panel, a jump anywhere, a PNG, a film; and memory. Each
// beside its limit. 1920x1080, on the software renderer, no display. Without
// arguments the traces of `usual`, else those that are named: a file, or one
// that is written for this, "busy:EVENTS" by 16 busy tasks or
// "crowd:TASKS:WORKERS:ROUNDS" (see support/crowd.h). The status is 1 when
// something is beyond its limit.

#include <malloc.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "app/film.h"
#include "app/frame.h"
#include "app/options.h"
#include "base/mem.h"
#include "base/os.h"
#include "plat/canvas.h"
#include "support/crowd.h"
#include "support/trace_script.h"
#include "view/opening.h"
#include "view/panels.h"

#define WIDTH       1920
#define HEIGHT      1080
#define FRAME_COUNT 120
#define JUMP_COUNT  100

// Events of script_story_busy for each poll.
#define EVENTS_PER_POLL 4

// From here on a trace is a large one, whose frames may take longer.
#define EVENTS_LARGE 5000000u

#define FIRST_MS_MAX   300.0
#define OPEN_MS_MAX    (1e-3) // for each event: 1 s for a million
#define OPEN_LARGE_MS  (0.8e-3)
#define OPEN_MS_LEAST  50.0
#define FRAME_MS_MAX   16.0
#define FRAME_LARGE_MS 33.0
#define JUMP_MS_MAX    50.0
#define PNG_MS_MAX     500.0
#define FILM_MS_MAX    20000.0
#define BYTES_MAX      60.0

// With fewer futures than one for so many events a trace is events alone.
#define EVENTS_PER_FUTURE 100u

static ant_app app;
static plat_canvas *canvas;
static unsigned over; // limits

// A line: what was measured, and what it may be.
static void tell(const char *what, double value, const char *unit, double max)
{
    bool is_over = value > max;
    over += is_over;
    printf("  %-30s %9.1f %-5s at most %6.0f%s\n", what, value, unit, max,
           is_over ? "   OVER" : "");
}

// Processor time: what else the machine does is of no interest.
static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static double ms_since(double begin_ms)
{
    return now_ms() - begin_ms;
}

// What of this process is in memory, in bytes.
static double memory_now(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    unsigned long all = 0;
    unsigned long here = 0;
    if (file == NULL) return 0;
    int n = fscanf(file, "%lu %lu", &all, &here);
    fclose(file);
    return n == 2 ? (double)here * (double)sysconf(_SC_PAGESIZE) : 0;
}

static double frame(void)
{
    double begin_ms = now_ms();
    ui_input input = {
        .width = WIDTH, .height = HEIGHT, .mouse_x = -1, .mouse_y = -1
    };
    app_frame(&app, &input);
    plat_canvas_paint(canvas, &app.list);
    return ms_since(begin_ms);
}

// Plays through the run while it zooms in and out: no cache survives that.
static void measure_frames(view_panel_id panel)
{
    double sum = 0;
    double worst = 0;
    view_panel_show(app.view, VIEW_AT_MAIN, panel);
    frame();
    replay_fit(&app.replay);
    for (unsigned i = 0; i < FRAME_COUNT; i++) {
        double end = model_axis_end(app.model, app.replay.axis);
        replay_seek_x(&app.replay, end * i / FRAME_COUNT);
        replay_zoom(&app.replay, i % 60 < 30 ? 1.4 : 1 / 1.4, app.replay.x);
        double took = frame();
        sum += took;
        if (took > worst) worst = took;
    }
    char what[64];
    double max =
        app.model->event_count > EVENTS_LARGE ? FRAME_LARGE_MS : FRAME_MS_MAX;
    snprintf(what, sizeof(what), "%s, mean frame %.1f, slowest",
             view_panels[panel].name, sum / FRAME_COUNT);
    tell(what, worst, "ms", max);
}

static void measure_jumps(void)
{
    double worst = 0;
    uint32_t event = 12345;
    for (unsigned i = 0; i < JUMP_COUNT; i++) {
        event = event * 1664525u + 1013904223u;
        double begin_ms = now_ms();
        replay_seek_event(&app.replay, event % app.model->event_count);
        double took = ms_since(begin_ms);
        if (took > worst) worst = took;
    }
    tell("a jump anywhere, the slowest", worst, "ms", JUMP_MS_MAX);
}

static void measure_png(void)
{
    char path[] = "/tmp/antfarm-bench-viz.png";
    double begin_ms = now_ms();
    frame();
    int err = plat_canvas_save(canvas, path);
    tell(err == 0 ? "a PNG" : "a PNG that could not be written",
         ms_since(begin_ms), "ms", PNG_MS_MAX);
    unlink(path);
}

// Ten seconds; ffmpeg works beside this program, so it is a time of the clock.
static void measure_film(void)
{
    char path[] = "/tmp/antfarm-bench-viz.gif";
    const app_film film = { .path = path, .from_ms = -1, .to_ms = -1 };
    uint64_t begin_ns = ant_os_now_ns();
    int status = app_film_make(&app, (args_size){ 1280, 720 }, &film);
    tell(status == 0 ? "a film of ten seconds" : "a film that was not made",
         (double)(ant_os_now_ns() - begin_ns) / 1e6, "ms", FILM_MS_MAX);
    unlink(path);
}

// What the window shows while a long trace is opened.
static bool measure_opening(const char *path)
{
    double begin_ms = now_ms();
    ant_reader *reader;
    ant_reader_error error;
    if (ant_reader_open(path, &reader, &error) < 0) return false;
    model_outline outline;
    bool is_good = model_outline_init(&outline, reader) == 0;
    if (is_good) {
        ui_input input = { .width = WIDTH, .height = HEIGHT };
        view_opening opening = { .path = path, .outline = &outline };
        draw_list list;
        ant_ui ui = { 0 };
        draw_init(&list, plat_canvas_metrics(canvas));
        ui_begin(&ui, &list, &input, DRAW_THEME_DARK);
        view_opening_draw(&ui, &opening);
        ui_end(&ui);
        plat_canvas_paint(canvas, &list);
        draw_deinit(&list);
    }
    tell("the first picture", ms_since(begin_ms), "ms", FIRST_MS_MAX);
    model_outline_deinit(&outline);
    ant_reader_close(reader);
    return is_good;
}

static int measure(const char *path)
{
    if (path == NULL) return 1;
    printf("%s\n", path);
    if (!measure_opening(path)) return 1;
    malloc_trim(0); // what the last trace had is not used again unseen
    double before = memory_now();
    double begin_ms = now_ms();
    if (app_open(&app, path) < 0) return 1;
    double open_ms = ms_since(begin_ms);
    double bytes = memory_now() - before;
    app.view->may_lint_later = true;
    draw_init(&app.list, plat_canvas_metrics(canvas));
    double first_ms = frame();
    uint32_t count = app.model->event_count > 0 ? app.model->event_count : 1;
    double events = count;
    bool is_large = count > EVENTS_LARGE;
    double open_max = events * (is_large ? OPEN_LARGE_MS : OPEN_MS_MAX);
    printf("  %u events, %u tasks, %u workers\n", app.model->event_count,
           app.model->task_count - 1, app.model->worker_count);
    tell("opening it", open_ms, "ms",
         open_max > OPEN_MS_LEAST ? open_max : OPEN_MS_LEAST);
    // Each task, future and wait has a row, too: the limit is for events alone.
    if (app.model->future_count < count / EVENTS_PER_FUTURE) {
        tell("memory for an event", bytes / events, "bytes", BYTES_MAX);
    } else {
        printf("  %.0f bytes for an event\n", bytes / events);
    }
    printf("  the first frame took %.0f ms\n", first_ms);
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        if ((view_panels[i].where & VIEW_AT_MAIN) == 0) continue;
        measure_frames((view_panel_id)i);
    }
    measure_jumps();
    measure_png();
    measure_film();
    app_close(&app);
    return 0;
}

static int measure_busy(uint32_t events)
{
    int status = measure(script_story_busy(events / EVENTS_PER_POLL));
    script_remove();
    return status;
}

static int measure_crowd(uint32_t tasks, uint32_t workers, uint32_t rounds)
{
    int status = measure(crowd_record(tasks, workers, rounds));
    crowd_remove();
    return status;
}

static int measure_named(const char *name)
{
    uint32_t count;
    uint32_t workers;
    uint32_t rounds;
    if (sscanf(name, "busy:%u", &count) == 1) return measure_busy(count);
    if (sscanf(name, "crowd:%u:%u:%u", &count, &workers, &rounds) == 3)
        return measure_crowd(count, workers, rounds);
    return measure(name);
}

int main(int argc, char **argv)
{
    static const char *const usual[] = {
        "busy:1000000",    "busy:10000000",    "busy:20000000",
        "crowd:10000:4:1", "crowd:2000:200:1", "crowd:16:4:2000"
    };
    char error[256] = "";
    if (plat_canvas_open(WIDTH, HEIGHT, &canvas, error, sizeof(error)) < 0) {
        fprintf(stderr, "bench: %s\n", error);
        return 1;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    bool is_usual = argc == 1;
    unsigned count = is_usual ? ANT_ARRAY_LEN(usual) : (unsigned)argc - 1;
    int status = 0;
    for (unsigned i = 0; i < count && status == 0; i++)
        status = measure_named(is_usual ? usual[i] : argv[1 + i]);
    plat_canvas_close(canvas);
    if (over > 0) printf("%u of these are beyond their limit\n", over);
    return over > 0 ? 1 : status;
}
