// SPDX-License-Identifier: MIT

#include "plat/canvas.h"

#include <SDL.h>
#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "plat/png.h"
#include "plat/render.h"

// SDL's software renderer works on a surface without any part of SDL having
// been initialised, so no display is ever asked for.
struct plat_canvas {
    SDL_Surface *surface;
    SDL_Renderer *renderer;
    plat_painter painter;
    bool has_painter;
};

int plat_canvas_open(int width, int height, plat_canvas **ret_canvas,
                     char *error, size_t error_size)
{
    plat_canvas *canvas = ant_mem_alloc(sizeof(*canvas));
    if (canvas == NULL) return -ENOMEM;
    canvas->surface = SDL_CreateRGBSurfaceWithFormat(0, width, height, 32,
                                                     SDL_PIXELFORMAT_ARGB8888);
    if (canvas->surface != NULL) {
        canvas->renderer = SDL_CreateSoftwareRenderer(canvas->surface);
    }
    int err = -ENOMEM;
    if (canvas->renderer == NULL) {
        snprintf(error, error_size, "cannot make a picture of %d x %d: %s",
                 width, height, SDL_GetError());
    } else {
        err = plat_painter_open(&canvas->painter, canvas->renderer, error,
                                error_size);
        canvas->has_painter = true;
    }
    if (err < 0) {
        plat_canvas_close(canvas);
        return err;
    }
    *ret_canvas = canvas;
    return 0;
}

void plat_canvas_close(plat_canvas *canvas)
{
    if (canvas->has_painter) plat_painter_close(&canvas->painter);
    if (canvas->renderer != NULL) SDL_DestroyRenderer(canvas->renderer);
    SDL_FreeSurface(canvas->surface);
    ant_mem_free(canvas);
}

draw_metrics plat_canvas_metrics(plat_canvas *canvas)
{
    return (draw_metrics){ plat_fonts_text_width, &canvas->painter.fonts };
}

void plat_canvas_paint(plat_canvas *canvas, const draw_list *list)
{
    plat_painter_paint(&canvas->painter, list);
    SDL_RenderFlush(canvas->renderer);
}

plat_image plat_canvas_image(const plat_canvas *canvas)
{
    const SDL_Surface *surface = canvas->surface;
    return (plat_image){
        .pixels = surface->pixels,
        .width = surface->w,
        .height = surface->h,
        .stride = (size_t)surface->pitch,
    };
}

int plat_canvas_save(plat_canvas *canvas, const char *path)
{
    plat_image image = plat_canvas_image(canvas);
    return plat_png_write(path, &image);
}
