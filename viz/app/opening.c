// SPDX-License-Identifier: MIT

#include "app/opening.h"

#include "base/os.h"
#include "view/opening.h"

// A trace of more bytes takes longer than one would like to wait before an
// empty screen: there the window comes first. About half a million events.
#define FILE_BYTES_LONG (3u * 1024 * 1024)

#define DRAW_EVERY_NS (50 * ANT_NS_PER_MS)

// Keys that mean the opening itself are obeyed, the others kept. False: stop.
static bool take_keys(app_opening *opening, const ui_input *input)
{
    ui_input *early = &opening->early;
    for (unsigned i = 0; i < input->key_count; i++) {
        ui_key_press press = input->key[i];
        if (press.key == UI_KEY_ESCAPE || press.key == 'q') return false;
        if (early->key_count < UI_KEY_PRESS_MAX)
            early->key[early->key_count++] = press;
    }
    return !input->wants_quit;
}

static void draw(app_opening *opening, const ui_input *input)
{
    const view_opening what = {
        .path = opening->path,
        .outline = opening->outline.lane != NULL ? &opening->outline : NULL,
        .percent = opening->percent,
        .waiting = opening->early.key_count,
    };
    draw_init(&opening->list, plat_window_metrics(opening->window));
    ui_begin(&opening->ui, &opening->list, input, opening->theme);
    view_opening_draw(&opening->ui, &what);
    ui_end(&opening->ui);
    plat_window_paint(opening->window, &opening->list);
    draw_deinit(&opening->list);
}

bool app_opening_tell(void *arg, const ant_reader *reader, unsigned percent)
{
    app_opening *opening = arg;
    uint64_t now_ns = ant_os_now_ns();
    bool is_long = ant_reader_info(reader)->file_bytes > FILE_BYTES_LONG;
    if (percent > opening->percent) opening->percent = percent;
    if (!is_long || now_ns - opening->drawn_ns < DRAW_EVERY_NS) return true;
    if (!opening->has_outline) {
        // Without memory for it there is just the bar.
        (void)!model_outline_init(&opening->outline, reader);
        opening->has_outline = true;
    }
    if (opening->window == NULL) {
        int status = opening->open_window(opening->arg, &opening->window);
        opening->has_failed = status != 0;
        if (opening->has_failed) return false;
    }
    ui_input input;
    plat_window_input(opening->window, 0, &input);
    bool goes_on = take_keys(opening, &input);
    draw(opening, &input);
    opening->drawn_ns = now_ns;
    return goes_on;
}

void app_opening_end(app_opening *opening)
{
    model_outline_deinit(&opening->outline);
}
