// SPDX-License-Identifier: MIT

#include "plat/window.h"

#include <SDL.h>
#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "plat/render.h"

struct plat_window {
    SDL_Window *window;
    SDL_Renderer *renderer;
    plat_painter painter;
    bool has_painter;
    ui_input input;      // what lasts from frame to frame
    Uint64 ticks_before; // of the performance counter
};

static int open_window(plat_window *window, const plat_window_desc *desc,
                       char *error, size_t error_size);
static void take_event(plat_window *window, const SDL_Event *event);
static void take_key(ui_input *input, const SDL_Keysym *key);
static void take_text(ui_input *input, const char *text);

int plat_window_open(const plat_window_desc *desc, plat_window **ret_window,
                     char *error, size_t error_size)
{
    plat_window *window = ant_mem_alloc(sizeof(*window));
    if (window == NULL) return -ENOMEM;
    int err = open_window(window, desc, error, error_size);
    if (err == 0) {
        err = plat_painter_open(&window->painter, window->renderer, error,
                                error_size);
        window->has_painter = true;
    }
    if (err < 0) {
        plat_window_close(window);
        return err;
    }
    window->ticks_before = SDL_GetPerformanceCounter();
    *ret_window = window;
    return 0;
}

void plat_window_close(plat_window *window)
{
    if (window->has_painter) plat_painter_close(&window->painter);
    if (window->renderer != NULL) SDL_DestroyRenderer(window->renderer);
    if (window->window != NULL) SDL_DestroyWindow(window->window);
    SDL_Quit();
    ant_mem_free(window);
}

draw_metrics plat_window_metrics(plat_window *window)
{
    return (draw_metrics){ plat_fonts_text_width, &window->painter.fonts };
}

void plat_window_input(plat_window *window, int wait_ms, ui_input *ret_input)
{
    ui_input *input = &window->input;
    input->key_count = 0;
    input->wheel_x = 0;
    input->wheel_y = 0;
    input->was_pressed = false;
    input->was_released = false;
    SDL_Event event;
    if (wait_ms > 0 && SDL_WaitEventTimeout(&event, wait_ms) != 0) {
        take_event(window, &event);
    }
    while (SDL_PollEvent(&event) != 0)
        take_event(window, &event);
    SDL_GetRendererOutputSize(window->renderer, &input->width, &input->height);
    SDL_Keymod mods = SDL_GetModState();
    input->mods = ((mods & KMOD_SHIFT) != 0 ? UI_SHIFT : 0u) |
                  ((mods & KMOD_CTRL) != 0 ? UI_CTRL : 0u);
    Uint64 now = SDL_GetPerformanceCounter();
    input->seconds = (double)(now - window->ticks_before) /
                     (double)SDL_GetPerformanceFrequency();
    window->ticks_before = now;
    *ret_input = *input;
}

void plat_window_paint(plat_window *window, const draw_list *list)
{
    plat_painter_paint(&window->painter, list);
    SDL_RenderPresent(window->renderer);
}

void plat_window_full_screen_toggle(plat_window *window)
{
    Uint32 is_full =
        SDL_GetWindowFlags(window->window) & SDL_WINDOW_FULLSCREEN_DESKTOP;
    SDL_SetWindowFullscreen(window->window,
                            is_full != 0 ? 0 : SDL_WINDOW_FULLSCREEN_DESKTOP);
}

// --- Helpers ---------------------------------------------------------------

// A window of 1600x900, or as much of that as the screen has.
static void choose_size(const plat_window_desc *desc, int *ret_w, int *ret_h)
{
    *ret_w = desc->width > 0 ? desc->width : 1600;
    *ret_h = desc->height > 0 ? desc->height : 900;
    SDL_Rect screen;
    if (desc->width > 0 || SDL_GetDisplayUsableBounds(0, &screen) != 0) return;
    if (*ret_w > screen.w) *ret_w = screen.w;
    if (*ret_h > screen.h) *ret_h = screen.h;
}

// Where a person would see the window, or NULL. Left alone SDL goes on to try
// drivers that draw into nowhere, and the program would never end. Who sets
// SDL_VIDEODRIVER knows better.
static const char *find_driver(void)
{
    const char *chosen = SDL_getenv("SDL_VIDEODRIVER");
    if (chosen != NULL) return chosen;
    bool has_x11 = SDL_getenv("DISPLAY") != NULL;
    bool has_wayland = SDL_getenv("WAYLAND_DISPLAY") != NULL;
    if (has_x11) return has_wayland ? "x11,wayland" : "x11";
    return has_wayland ? "wayland" : NULL;
}

static int open_window(plat_window *window, const plat_window_desc *desc,
                       char *error, size_t error_size)
{
    SDL_SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1");
    SDL_SetHint(SDL_HINT_VIDEO_ALLOW_SCREENSAVER, "1");
    const char *driver = desc->is_hidden ? "dummy" : find_driver();
    if (driver != NULL) SDL_SetHint(SDL_HINT_VIDEODRIVER, driver);
    if (driver == NULL || SDL_Init(SDL_INIT_VIDEO) != 0) {
        snprintf(error, error_size, "no display to open a window on");
        return -ENODEV;
    }
    int w = 0;
    int h = 0;
    choose_size(desc, &w, &h);
    window->window = SDL_CreateWindow(
        desc->title, SDL_WINDOWPOS_CENTERED, SDL_WINDOWPOS_CENTERED, w, h,
        SDL_WINDOW_RESIZABLE | SDL_WINDOW_ALLOW_HIGHDPI);
    if (window->window != NULL) {
        SDL_SetWindowMinimumSize(window->window, 800, 500);
        window->renderer = SDL_CreateRenderer(
            window->window, -1,
            desc->is_hidden ? SDL_RENDERER_SOFTWARE
                            : (Uint32)SDL_RENDERER_PRESENTVSYNC);
    }
    if (window->renderer == NULL) {
        snprintf(error, error_size, "cannot open a window: %s", SDL_GetError());
        return -ENODEV;
    }
    return 0;
}

// On a high-density screen the mouse counts points and the renderer pixels.
static int to_pixels(const plat_window *window, int points)
{
    int w = 0;
    int h = 0;
    SDL_GetWindowSize(window->window, &w, &h);
    return w > 0 ? points * window->input.width / w : points;
}

static void take_button(ui_input *input, const SDL_MouseButtonEvent *button)
{
    if (button->button != SDL_BUTTON_LEFT) return;
    input->is_down = button->state == SDL_PRESSED;
    if (input->is_down) {
        input->was_pressed = true;
    } else {
        input->was_released = true;
    }
}

static void take_event(plat_window *window, const SDL_Event *event)
{
    ui_input *input = &window->input;
    switch (event->type) {
    case SDL_QUIT:
        input->wants_quit = true;
        break;
    case SDL_MOUSEMOTION:
        input->mouse_x = to_pixels(window, event->motion.x);
        input->mouse_y = to_pixels(window, event->motion.y);
        break;
    case SDL_MOUSEBUTTONDOWN:
    case SDL_MOUSEBUTTONUP:
        input->mouse_x = to_pixels(window, event->button.x);
        input->mouse_y = to_pixels(window, event->button.y);
        take_button(input, &event->button);
        break;
    case SDL_MOUSEWHEEL:
        input->wheel_x += event->wheel.x;
        input->wheel_y += event->wheel.y;
        break;
    case SDL_KEYDOWN:
        take_key(input, &event->key.keysym);
        break;
    case SDL_TEXTINPUT:
        take_text(input, event->text.text);
        break;
    default:
        break;
    }
}

static void add_key(ui_input *input, int key, unsigned mods)
{
    if (input->key_count == UI_KEY_PRESS_MAX) return;
    input->key[input->key_count++] =
        (ui_key_press){ (uint16_t)key, (uint8_t)mods };
}

// Keys that type nothing. Characters come as text, which knows the layout,
// except with Ctrl, when no text comes.
static void take_key(ui_input *input, const SDL_Keysym *key)
{
    static const struct {
        SDL_Keycode code;
        int key;
    } special[] = {
        { SDLK_BACKSPACE, UI_KEY_BACKSPACE },
        { SDLK_RETURN, UI_KEY_ENTER },
        { SDLK_KP_ENTER, UI_KEY_ENTER },
        { SDLK_ESCAPE, UI_KEY_ESCAPE },
        { SDLK_LEFT, UI_KEY_LEFT },
        { SDLK_RIGHT, UI_KEY_RIGHT },
        { SDLK_UP, UI_KEY_UP },
        { SDLK_DOWN, UI_KEY_DOWN },
        { SDLK_HOME, UI_KEY_HOME },
        { SDLK_END, UI_KEY_END },
        { SDLK_PAGEUP, UI_KEY_PAGE_UP },
        { SDLK_PAGEDOWN, UI_KEY_PAGE_DOWN },
        { SDLK_TAB, UI_KEY_TAB },
        { SDLK_F11, UI_KEY_F11 },
        { SDLK_F12, UI_KEY_F12 },
    };
    unsigned mods = ((key->mod & KMOD_SHIFT) != 0 ? UI_SHIFT : 0u) |
                    ((key->mod & KMOD_CTRL) != 0 ? UI_CTRL : 0u);
    for (unsigned i = 0; i < SDL_arraysize(special); i++) {
        if (special[i].code == key->sym) add_key(input, special[i].key, mods);
    }
    bool is_letter = key->sym > ' ' && key->sym < 127;
    if (is_letter && (mods & UI_CTRL) != 0) add_key(input, key->sym, mods);
}

static void take_text(ui_input *input, const char *text)
{
    while (*text != '\0') {
        uint32_t code = 0;
        text += ui_utf8_read(text, &code);
        bool is_character = code >= ' ' && code != 127 && code < UI_KEY_LEFT;
        if (is_character) add_key(input, (int)code, 0);
    }
}
