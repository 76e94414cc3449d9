// SPDX-License-Identifier: MIT
//
// What is wrong with a lesson, for its author: "lessons/20-…/lesson.md:31: an
// answer is missing: write answer: {end()} ms". Everything that reads or judges
// lessons adds to one list, so that an author sees all of it at once. It
// belongs to whoever embeds it; zero is an empty one.

#ifndef VIZ_LESSON_PROBLEMS_H
#define VIZ_LESSON_PROBLEMS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/buf.h"

typedef struct lesson_problem {
    const char *path;
    uint32_t line; // 0: the whole file
    const char *text;
} lesson_problem;

typedef struct lesson_problems {
    ant_arena arena;
    model_buf list; // of lesson_problem
    bool is_short;  // memory ran out: there are more
} lesson_problems;

// Adds one; `path` is copied.
ANT_PRINTF(4, 5)
void lesson_complain(lesson_problems *problems, const char *path, uint32_t line,
                     const char *format, ...);

// How many there are; one more when memory ran out.
uint32_t lesson_problem_count(const lesson_problems *problems);

// Number `i` of the list.
const lesson_problem *lesson_problem_at(const lesson_problems *problems,
                                        uint32_t i);
void lesson_problems_deinit(lesson_problems *problems);

#endif
