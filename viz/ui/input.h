// SPDX-License-Identifier: MIT
//
// What the user did since the frame before, in nobody's dialect: a window fills
// it from its events, a test by hand. Widgets and the key table read it.

#ifndef ANT_UI_INPUT_H
#define ANT_UI_INPUT_H

#include <stdbool.h>
#include <stdint.h>

// A key is the character it types (so that '?' and '[' work on every layout) or
// one of these. Characters beyond the first 65,536 are not seen.
typedef enum ui_key {
    UI_KEY_NONE = 0,
    UI_KEY_BACKSPACE = 8,
    UI_KEY_ENTER = 13,
    UI_KEY_ESCAPE = 27,
    UI_KEY_SPACE = ' ',
    UI_KEY_LEFT = 0xE000, // where Unicode has no characters

    UI_KEY_RIGHT,
    UI_KEY_UP,
    UI_KEY_DOWN,
    UI_KEY_HOME,
    UI_KEY_END,
    UI_KEY_PAGE_UP,
    UI_KEY_PAGE_DOWN,
    UI_KEY_TAB,
    UI_KEY_F11,
    UI_KEY_F12,
} ui_key;

// Held down with a key. A typed character already contains its shift.
enum { UI_SHIFT = 1, UI_CTRL = 2 };

typedef struct ui_key_press {
    uint16_t key; // ui_key or the character
    uint8_t mods;
} ui_key_press;

#define UI_KEY_PRESS_MAX 32

typedef struct ui_input {
    int width; // of the drawing area, in pixels
    int height;
    int mouse_x;
    int mouse_y;
    int wheel_x; // notches since the frame before
    int wheel_y; // up is positive
    unsigned mods;
    bool is_down;     // the left button is held
    bool was_pressed; // it went down in this frame
    bool was_released;
    bool wants_quit;
    double seconds; // since the frame before
    unsigned key_count;
    ui_key_press key[UI_KEY_PRESS_MAX];
} ui_input;

// The character at the beginning of a text in UTF-8. Returns its length in
// bytes, at least 1; what is no UTF-8 is taken byte by byte, as code 0.
static inline unsigned ui_utf8_read(const char *text, uint32_t *ret_code)
{
    const unsigned char *c = (const unsigned char *)text;
    unsigned more = c[0] >= 0xF0 ? 3 : c[0] >= 0xE0 ? 2 : c[0] >= 0xC0 ? 1 : 0;
    uint32_t code = more == 0 ? c[0] : c[0] & (0x3Fu >> more);
    bool is_good = c[0] < 0x80 || more > 0;
    for (unsigned i = 1; i <= more; i++) {
        if ((c[i] & 0xC0) != 0x80) {
            is_good = false;
            more = 0;
            break;
        }
        code = code << 6 | (c[i] & 0x3Fu);
    }
    *ret_code = is_good ? code : 0;
    return more + 1;
}

#endif
