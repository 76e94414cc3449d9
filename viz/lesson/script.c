// SPDX-License-Identifier: MIT

#include "lesson/script.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"

static bool grow(lesson_script *script, size_t more);
static void add(lesson_script *script, const char *text, size_t len);
static size_t columns(const char *text, size_t len);

void lesson_script_paragraph(lesson_script *script, const char *first,
                             const char *text)
{
    size_t indent = columns(first, strlen(first));
    const size_t width = lesson_script_width(script);
    size_t column = indent;
    bool is_fresh = true; // nothing stands in the line yet
    add(script, first, strlen(first));
    while (*(text += strspn(text, " \n")) != 0) {
        size_t len = strcspn(text, " \n");
        size_t wide = columns(text, len);
        if (!is_fresh && column + 1 + wide > width) {
            lesson_script_print(script, "\n%*s", (int)indent, "");
            column = indent;
            is_fresh = true;
        }
        if (!is_fresh) add(script, " ", 1);
        add(script, text, len);
        column += wide + (is_fresh ? 0 : 1);
        is_fresh = false;
        text += len;
    }
    add(script, "\n", 1);
}

void lesson_script_lines(lesson_script *script, const char *indent,
                         const char *text)
{
    while (*text != 0) {
        size_t len = strcspn(text, "\n");
        if (len > 0) add(script, indent, strlen(indent));
        add(script, text, len);
        add(script, "\n", 1);
        text += len + (text[len] != 0 ? 1 : 0);
    }
}

void lesson_script_print(lesson_script *script, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (len < 0 || !grow(script, (size_t)len)) return;
    va_start(args, format);
    vsnprintf(script->text + script->len, (size_t)len + 1, format, args);
    va_end(args);
    script->len += (size_t)len;
}

size_t lesson_script_width(const lesson_script *script)
{
    return script->width != 0 ? script->width : SCRIPT_WIDTH;
}

void lesson_script_free(lesson_script *script)
{
    ant_mem_free(script->text);
    *script = (lesson_script){ .width = script->width };
}

static bool grow(lesson_script *script, size_t more)
{
    size_t wanted = script->len + more + 1;
    if (wanted <= script->size) return true;
    size_t size = wanted * 2;
    char *text = ant_mem_resize(script->text, size);
    if (text == NULL) {
        script->is_short = true;
        return false;
    }
    script->text = text;
    script->size = size;
    return true;
}

static void add(lesson_script *script, const char *text, size_t len)
{
    if (!grow(script, len)) return;
    memcpy(script->text + script->len, text, len);
    script->len += len;
    script->text[script->len] = 0;
}

// UTF-8: bytes that go on with a character take no column.
static size_t columns(const char *text, size_t len)
{
    size_t count = 0;
    for (size_t i = 0; i < len; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80) count++;
    }
    return count;
}
