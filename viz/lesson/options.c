// SPDX-License-Identifier: MIT
//
// What stands inside of a value: "300 ms -> MC06, that is the sum", and
// "end() == 200 # still too slow".

#include <stddef.h>
#include <string.h>

#include "lesson/lesson.h"

static bool read_wrong(const lesson_field *field, ant_arena *arena,
                       lesson_option *ret_option);
static size_t trimmed(const char *text, size_t len);

uint32_t lesson_options(const lesson_item *predict, ant_arena *arena,
                        lesson_option *ret_option)
{
    const lesson_fields *fields = &predict->fields;
    const char *answer = lesson_field_of(fields, "answer");
    if (answer == NULL) return 0;
    uint32_t count = 1;
    ret_option[0] = (lesson_option){ .text = answer, .because = "" };
    for (uint32_t i = 0; i < fields->count; i++) {
        const lesson_field *field = &fields->field[i];
        if (field->value == answer) ret_option[0].line = field->line;
        if (strcmp(field->key, "wrong") != 0) continue;
        if (count == LESSON_OPTION_MAX) break;
        if (read_wrong(field, arena, &ret_option[count])) count++;
    }
    return count;
}

lesson_must lesson_must_of(const char *value, ant_arena *arena)
{
    const char *mark = strstr(value, " # ");
    size_t len = mark != NULL ? (size_t)(mark - value) : strlen(value);
    lesson_must must = { .message = mark != NULL ? mark + 3 : "" };
    must.query = ant_arena_text(arena, value, trimmed(value, len));
    if (must.query == NULL) must.query = "";
    return must;
}

// TEXT -> TAG, BECAUSE
static bool read_wrong(const lesson_field *field, ant_arena *arena,
                       lesson_option *ret_option)
{
    const char *arrow = strstr(field->value, "->");
    size_t len =
        arrow != NULL ? (size_t)(arrow - field->value) : strlen(field->value);
    const char *tag = arrow != NULL ? arrow + 2 + strspn(arrow + 2, " ") : "";
    size_t tag_len = strcspn(tag, " ,");
    const char *because = tag + tag_len;
    because += strspn(because, " ,");
    *ret_option = (lesson_option){
        .text = ant_arena_text(arena, field->value, trimmed(field->value, len)),
        .belief = ant_arena_text(arena, tag, tag_len),
        .because = because,
        .line = field->line,
    };
    return ret_option->text != NULL && ret_option->belief != NULL;
}

static size_t trimmed(const char *text, size_t len)
{
    while (len > 0 && text[len - 1] == ' ')
        len--;
    return len;
}
