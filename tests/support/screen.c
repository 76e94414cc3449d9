// SPDX-License-Identifier: MIT

#include "support/screen.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "draw/dump.h"
#include "support/golden.h"
#include "support/trace_script.h"

ant_app screen_app;
ui_input screen_input;

int screen_set_up(void **state)
{
    (void)state;
    screen_size(1280, 720);
    return 0;
}

void screen_size(int width, int height)
{
    screen_input = (ui_input){
        .width = width, .height = height, .mouse_x = -1, .mouse_y = -1
    };
}

void screen_show(const char *path)
{
    assert_int_equal(app_open(&screen_app, path), 0);
    screen_app.model->path = "story.ant";
    draw_init(&screen_app.list, draw_dump_metrics());
    screen_frame();
}

void screen_done(void)
{
    app_close(&screen_app);
    script_remove();
    assert_int_equal(ant_mem_live_count(), 0);
}

void screen_frame(void)
{
    app_frame(&screen_app, &screen_input);
}

void screen_press(int key)
{
    screen_press_with(key, 0);
}

void screen_press_with(int key, unsigned mods)
{
    screen_input.key[0] = (ui_key_press){ (uint16_t)key, (uint8_t)mods };
    screen_input.key_count = 1;
    screen_frame();
    screen_input.key_count = 0;
    screen_frame();
}

void screen_type(const char *text)
{
    for (; *text != '\0'; text++)
        screen_press((unsigned char)*text);
}

void screen_click(int x, int y)
{
    screen_input.mouse_x = x;
    screen_input.mouse_y = y;
    screen_input.was_pressed = screen_input.was_released = true;
    screen_frame();
    screen_input.was_pressed = screen_input.was_released = false;
    screen_frame();
}

const draw_cmd *screen_find(const char *text)
{
    const draw_list *list = &screen_app.list;
    for (uint32_t i = 0; i < list->count; i++) {
        const draw_cmd *cmd = &list->cmd[i];
        if (cmd->op != DRAW_OP_TEXT || cmd->text_len < strlen(text)) continue;
        if (memcmp(list->text + cmd->text, text, strlen(text)) == 0) {
            return cmd;
        }
    }
    return NULL;
}

void screen_click_on(const char *text)
{
    const draw_cmd *cmd = screen_find(text);
    if (cmd == NULL) fail_msg("there is no \"%s\" to click on", text);
    screen_click(cmd->rect.x + 2, cmd->rect.y + cmd->rect.h / 2);
}

// --- That it fits ----------------------------------------------------------

// The part of a text's rectangle that has letters in it.
static draw_rect ink_of(const draw_cmd *cmd)
{
    int margin = (cmd->rect.h - cmd->size) / 2;
    return draw_inset(cmd->rect, 0, margin > 0 ? margin : 0);
}

void screen_assert_texts_apart(const char *what)
{
    const draw_list *list = &screen_app.list;
    for (uint32_t i = 0; i < list->count; i++) {
        if (list->cmd[i].op != DRAW_OP_TEXT) continue;
        draw_rect a = ink_of(&list->cmd[i]);
        bool is_inside = a.x >= 0 && a.y >= 0 &&
                         a.x + a.w <= screen_input.width &&
                         a.y + a.h <= screen_input.height;
        for (uint32_t k = 0; k < i && is_inside; k++) {
            if (list->cmd[k].op != DRAW_OP_TEXT) continue;
            draw_rect both = draw_intersect(a, ink_of(&list->cmd[k]));
            is_inside = both.w == 0 || both.h == 0;
        }
        if (is_inside) continue;
        fail_msg("%s, %dx%d: \"%.*s\" is not where it should be", what,
                 screen_input.width, screen_input.height,
                 (int)list->cmd[i].text_len, list->text + list->cmd[i].text);
    }
}

// --- How it looks ----------------------------------------------------------

void screen_assert_golden(const char *test, const char *name)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    draw_dump(&screen_app.list, out);
    fclose(out);
    golden_assert(test, name, text, size);
    free(text);
}
