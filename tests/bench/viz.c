// SPDX-License-Identifier: MIT
//
// What looking at a trace costs, in processor time: opening it, a frame, a jump
// anywhere, a PNG; and memory. 1920x1080, on the software renderer, no display.
// Without arguments at 1 and 10 million events of 16 busy tasks; else the
// traces that are named.

#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "app/frame.h"
#include "app/options.h"
#include "base/mem.h"
#include "plat/canvas.h"
#include "support/trace_script.h"
#include "view/panels.h"

#define WIDTH       1920
#define HEIGHT      1080
#define FRAME_COUNT 120
#define JUMP_COUNT  100

// Events of script_story_busy for each poll.
#define EVENTS_PER_POLL 4

static ant_app app;
static plat_canvas *canvas;

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
    printf("  %-8s frame %7.2f ms, the slowest %7.2f ms\n",
           view_panels[panel].name, sum / FRAME_COUNT, worst);
}

static void measure_jumps(void)
{
    double worst = 0;
    double sum = 0;
    uint32_t event = 12345;
    for (unsigned i = 0; i < JUMP_COUNT; i++) {
        event = event * 1664525u + 1013904223u;
        double begin_ms = now_ms();
        replay_seek_event(&app.replay, event % app.model->event_count);
        double took = ms_since(begin_ms);
        sum += took;
        if (took > worst) worst = took;
    }
    printf("  a jump anywhere %7.2f ms, the slowest %7.2f ms\n",
           sum / JUMP_COUNT, worst);
}

static void measure_png(void)
{
    char path[] = "/tmp/antfarm-bench-viz.png";
    double begin_ms = now_ms();
    frame();
    int err = plat_canvas_save(canvas, path);
    printf("  a PNG %.0f ms%s\n", ms_since(begin_ms),
           err == 0 ? "" : ", which could not be written");
    unlink(path);
}

static int measure(const char *path)
{
    double before = memory_now();
    double begin_ms = now_ms();
    if (app_open(&app, path) < 0) return 1;
    double open_ms = ms_since(begin_ms);
    double bytes = memory_now() - before;
    app.view->may_lint_later = true;
    draw_init(&app.list, plat_canvas_metrics(canvas));
    double first_ms = frame();
    uint32_t count = app.model->event_count > 0 ? app.model->event_count : 1;
    printf("%u events, %u tasks, %u workers\n", app.model->event_count,
           app.model->task_count - 1, app.model->worker_count);
    printf("  open %.0f ms, the first frame %.0f ms, %.0f bytes an event\n",
           open_ms, first_ms, bytes / count);
    for (unsigned i = 0; i < VIEW_PANEL_COUNT; i++) {
        if ((view_panels[i].where & VIEW_AT_MAIN) == 0) continue;
        measure_frames((view_panel_id)i);
    }
    measure_jumps();
    measure_png();
    app_close(&app);
    return 0;
}

static int measure_busy(uint32_t events)
{
    int status = measure(script_story_busy(events / EVENTS_PER_POLL));
    script_remove();
    return status;
}

int main(int argc, char **argv)
{
    char error[256] = "";
    if (plat_canvas_open(WIDTH, HEIGHT, &canvas, error, sizeof(error)) < 0) {
        fprintf(stderr, "bench: %s\n", error);
        return 1;
    }
    int status = 0;
    for (int i = 1; i < argc && status == 0; i++)
        status = measure(argv[i]);
    if (argc == 1) status = measure_busy(1000000);
    if (argc == 1 && status == 0) status = measure_busy(10000000);
    plat_canvas_close(canvas);
    return status;
}
