// SPDX-License-Identifier: MIT

#include "lesson/problems.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define TEXT_BYTES 500

void lesson_complain(lesson_problems *problems, const char *path, uint32_t line,
                     const char *format, ...)
{
    char text[TEXT_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    lesson_problem made = {
        .path = ant_arena_text(&problems->arena, path, strlen(path)),
        .line = line,
        .text = ant_arena_text(&problems->arena, text, strlen(text)),
    };
    lesson_problem *added = NULL;
    if (made.path != NULL && made.text != NULL) {
        added = model__buf_push(&problems->list, sizeof *added);
    }
    if (added != NULL)
        *added = made;
    else
        problems->is_short = true;
}

uint32_t lesson_problem_count(const lesson_problems *problems)
{
    return (uint32_t)problems->list.len + (problems->is_short ? 1 : 0);
}

const lesson_problem *lesson_problem_at(const lesson_problems *problems,
                                        uint32_t i)
{
    static const lesson_problem short_of = { .path = "antfarm",
                                             .text = "not enough memory" };
    const lesson_problem *list = problems->list.data;
    return i < problems->list.len ? &list[i] : &short_of;
}

void lesson_problems_deinit(lesson_problems *problems)
{
    model__buf_free(&problems->list);
    ant_arena_deinit(&problems->arena);
    problems->is_short = false;
}
