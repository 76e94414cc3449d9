// SPDX-License-Identifier: MIT
//
// The key frames are drawn as the window would, light and without its side, so
// that they are readable in grey. WeasyPrint, a program of its own, makes the
// PDF: it knows pages, which browsers print with heads of their own.

#include "app/handout.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "app/frame.h"
#include "base/err.h"
#include "lesson/child.h"
#include "lesson/handout.h"
#include "plat/canvas.h"
#include "text/file.h"

#define FRAME_WIDTH  960
#define FRAME_HEIGHT 440

#define PDF_SECONDS_MAX   120u
#define PICTURE_BYTES_MAX (1u << 20)

typedef struct frame_maker {
    const char *path; // of the picture
    ant_arena arena;
} frame_maker;

static const uint8_t *draw_moment(void *arg, ant_model *model, uint32_t event,
                                  size_t *ret_len);
static bool paint(ant_model *model, uint32_t event, const char *path);
static int write_page(const char *path, bool has_answers, app_classroom *room,
                      lesson_stage *stage);
static int make_pdf(const char *page, const char *path);

int app_handout_write(const app_handout *handout, app_classroom *room,
                      lesson_stage *stage)
{
    const char *end = handout->path != NULL ? strrchr(handout->path, '.') : "";
    const bool is_pdf = end != NULL && strcmp(end, ".pdf") == 0;
    const bool is_page = end != NULL && strcmp(end, ".html") == 0;
    if (!is_pdf && !is_page) {
        fputs("antfarm: course handout: say where to with -o FILE.html or -o "
              "FILE.pdf\n",
              stderr);
        return TEXT_BAD_INPUT;
    }
    if (is_page)
        return write_page(handout->path, handout->has_answers, room, stage);
    ant_arena arena = { 0 };
    char *page =
        ant_arena_print(&arena, "%s/handout.html", stage->studio->folder);
    int status = page != NULL
                     ? write_page(page, handout->has_answers, room, stage)
                     : TEXT_BAD_INPUT;
    if (status == TEXT_FINE) status = make_pdf(page, handout->path);
    ant_arena_deinit(&arena);
    return status;
}

static int write_page(const char *path, bool has_answers, app_classroom *room,
                      lesson_stage *stage)
{
    frame_maker maker = { 0 };
    const lesson_show show = { .course = room->course,
                               .stage = stage,
                               .problems = &room->problems };
    const handout_desc desc = { .has_answers = has_answers,
                                .draw = draw_moment,
                                .arg = &maker };
    maker.path =
        ant_arena_print(&maker.arena, "%s/frame.png", stage->studio->folder);
    FILE *file = fopen(path, "w");
    int err = file == NULL ? -errno : 0;
    if (file != NULL) lesson_handout_write(&show, &desc, file);
    if (file != NULL && ferror(file)) err = -EIO;
    if (file != NULL && fclose(file) != 0) err = -errno;
    ant_arena_deinit(&maker.arena);
    if (err < 0) {
        fprintf(stderr, "antfarm: %s: cannot be written: %s\n", path,
                ant_err_text(err));
        return TEXT_BAD_INPUT;
    }
    return app_classroom_complain(room);
}

static const uint8_t *draw_moment(void *arg, ant_model *model, uint32_t event,
                                  size_t *ret_len)
{
    frame_maker *maker = arg;
    if (maker->path == NULL || !paint(model, event, maker->path)) return NULL;
    FILE *file = fopen(maker->path, "rb");
    uint8_t *bytes = ant_arena_alloc(&maker->arena, PICTURE_BYTES_MAX);
    *ret_len = 0;
    if (file != NULL && bytes != NULL)
        *ret_len = fread(bytes, 1, PICTURE_BYTES_MAX, file);
    if (file != NULL) fclose(file);
    return *ret_len > 0 ? bytes : NULL;
}

static bool paint(ant_model *model, uint32_t event, const char *path)
{
    char error[256];
    plat_canvas *canvas;
    if (plat_canvas_open(FRAME_WIDTH, FRAME_HEIGHT, &canvas, error,
                         sizeof error) < 0)
        return false;
    ant_app app = { .theme = DRAW_THEME_LIGHT };
    draw_init(&app.list, plat_canvas_metrics(canvas));
    int err = app_show(&app, model);
    if (err == 0) {
        const ui_input input = { .width = FRAME_WIDTH,
                                 .height = FRAME_HEIGHT,
                                 .mouse_x = -1,
                                 .mouse_y = -1 };
        app.view->hides_side = true;
        replay_seek_event(&app.replay, event);
        app_frame(&app, &input);
        plat_canvas_paint(canvas, &app.list);
        err = plat_canvas_save(canvas, path);
        app_close(&app);
    }
    plat_canvas_close(canvas);
    return err == 0;
}

static int make_pdf(const char *page, const char *path)
{
    ant_arena arena = { 0 };
    char program[] = "weasyprint";
    char *from = ant_arena_text(&arena, page, strlen(page));
    char *to = ant_arena_text(&arena, path, strlen(path));
    char *argv[] = { program, from, to, NULL };
    const child_desc desc = { .argv = argv,
                              .seconds_max = PDF_SECONDS_MAX,
                              .output_max = UINT64_MAX };
    child_result result = { 0 };
    int err = from != NULL && to != NULL
                  ? lesson_child_run(&desc, &arena, &result)
                  : -ENOMEM;
    const bool is_made = err == 0 && result.status == 0;
    if (err == -ENOENT)
        fputs("antfarm: a PDF is made by weasyprint, which is not here: "
              "install it, or write FILE.html and print that in a browser\n",
              stderr);
    else if (!is_made)
        fprintf(stderr, "antfarm: %s: weasyprint could not make it: %.*s\n",
                path, err == 0 ? (int)strcspn(result.errors, "\n") : 100,
                err == 0 ? result.errors : ant_err_text(err));
    ant_arena_deinit(&arena);
    return is_made ? TEXT_FINE : TEXT_BAD_INPUT;
}
