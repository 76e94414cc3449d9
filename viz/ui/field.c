// SPDX-License-Identifier: MIT

#include "ui/field.h"

#include <string.h>

static bool take_back(ui_field *field);
static bool add(ui_field *field, uint32_t code);

bool ui_field_key(ui_field *field, ui_key_press press)
{
    if (press.mods == UI_CTRL && press.key == 'u') {
        bool had_text = field->text[0] != '\0';
        field->text[0] = '\0';
        return had_text;
    }
    if (press.key == UI_KEY_BACKSPACE) return take_back(field);
    bool is_character = press.key >= ' ' && press.key < UI_KEY_LEFT;
    return is_character && (press.mods & UI_CTRL) == 0 && add(field, press.key);
}

void ui_field_draw(ant_ui *ui, draw_rect rect, const ui_field *field,
                   const char *hint)
{
    draw_fill(ui->draw, rect, ui->palette->panel);
    draw_frame(ui->draw, rect, 2, ui->palette->accent);
    draw_rect inner = draw_inset(rect, ui->unit, 0);
    bool is_empty = field->text[0] == '\0';
    int w = is_empty ? 0 : ui_text(ui, inner, DRAW_LEFT, field->text);
    draw_rect cursor = { inner.x + w + 1, rect.y + ui->unit / 2, 2,
                         rect.h - ui->unit };
    draw_fill(ui->draw, cursor, ui->palette->text);
    draw_cut_left(&inner, ui->unit);
    if (is_empty) ui_text_dim(ui, inner, DRAW_LEFT, hint);
}

// The last character, of one to three bytes.
static bool take_back(ui_field *field)
{
    size_t len = strlen(field->text);
    if (len == 0) return false;
    len--;
    while (len > 0 && ((unsigned char)field->text[len] & 0xC0) == 0x80)
        len--;
    field->text[len] = '\0';
    return true;
}

static bool add(ui_field *field, uint32_t code)
{
    char bytes[4] = { 0 };
    if (code < 0x80) {
        bytes[0] = (char)code;
    } else if (code < 0x800) {
        bytes[0] = (char)(0xC0 | code >> 6);
        bytes[1] = (char)(0x80 | (code & 0x3F));
    } else {
        bytes[0] = (char)(0xE0 | code >> 12);
        bytes[1] = (char)(0x80 | (code >> 6 & 0x3F));
        bytes[2] = (char)(0x80 | (code & 0x3F));
    }
    size_t len = strlen(field->text);
    if (len + strlen(bytes) >= sizeof(field->text)) return false;
    memcpy(field->text + len, bytes, strlen(bytes) + 1);
    return true;
}
