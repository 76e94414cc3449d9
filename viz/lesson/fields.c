// SPDX-License-Identifier: MIT
//
// "key: value" lines. A line that begins with a blank goes on with the value
// before it; lines that begin with # are the author's own.

#include <errno.h>
#include <string.h>

#include "lesson/page.h"

static bool is_skipped(const char *line, size_t len);
static int add_field(model_buf *fields, const char *line, size_t len,
                     uint32_t number, ant_arena *arena);
static int go_on(model_buf *fields, const char *line, size_t len,
                 ant_arena *arena);
static size_t key_len(const char *line, size_t len);

int lesson_fields_read(const char *text, uint32_t line, const char *path,
                       ant_arena *arena, lesson_fields *ret_fields,
                       lesson_problems *problems)
{
    model_buf fields = { 0 };
    int err = 0;
    for (const char *at = text; *at != 0 && err == 0; line++) {
        size_t len = strcspn(at, "\n");
        bool goes_on = *at == ' ' && fields.len > 0;
        if (is_skipped(at, len)) {
            err = 0;
        } else if (goes_on) {
            err = go_on(&fields, at, len, arena);
        } else if (key_len(at, len) > 0) {
            err = add_field(&fields, at, len, line, arena);
        } else {
            lesson_complain(problems, path, line,
                            "this is no \"key: value\": %.*s", (int)len, at);
        }
        at += len + (at[len] != 0 ? 1 : 0);
    }
    size_t bytes = fields.len * sizeof(lesson_field);
    lesson_field *copy = ant_arena_alloc(arena, bytes + 1);
    if (copy != NULL && bytes > 0) memcpy(copy, fields.data, bytes);
    if (copy == NULL) err = -ENOMEM;
    *ret_fields = (lesson_fields){ copy, (uint32_t)fields.len };
    model__buf_free(&fields);
    return err;
}

static bool is_skipped(const char *line, size_t len)
{
    return strspn(line, " \t") >= len || *line == '#';
}

static int add_field(model_buf *fields, const char *line, size_t len,
                     uint32_t number, ant_arena *arena)
{
    size_t key = key_len(line, len);
    size_t value = key + 1;
    while (value < len && line[value] == ' ')
        value++;
    lesson_field *added = model__buf_push(fields, sizeof *added);
    if (added == NULL) return -ENOMEM;
    *added = (lesson_field){
        .key = ant_arena_text(arena, line, key),
        .value = ant_arena_text(arena, line + value, len - value),
        .line = number,
    };
    return added->key != NULL && added->value != NULL ? 0 : -ENOMEM;
}

static int go_on(model_buf *fields, const char *line, size_t len,
                 ant_arena *arena)
{
    lesson_field *last = (lesson_field *)fields->data + fields->len - 1;
    size_t blanks = strspn(line, " ");
    last->value = ant_arena_print(arena, "%s%s%.*s", last->value,
                                  *last->value != 0 ? " " : "",
                                  (int)(len - blanks), line + blanks);
    return last->value != NULL ? 0 : -ENOMEM;
}

// Small letters and "-", then ":"; 0 when that is not what it is.
static size_t key_len(const char *line, size_t len)
{
    size_t n =
        strspn(line, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                     "0123456789-");
    return n < len && line[n] == ':' ? n : 0;
}
