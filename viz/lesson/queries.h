// SPDX-License-Identifier: MIT
//
// Everything that a lesson asks of its own programs, one query after the other,
// in the order of the text. What a check looks at and answers.lock holds.

#ifndef VIZ_LESSON_QUERIES_H
#define VIZ_LESSON_QUERIES_H

#include "lesson/stage.h"

// One query of a lesson. A step's pattern is asked as t(PATTERN).
typedef void (*lesson_query_fn)(void *arg, const char *query,
                                stage_place place);

// Calls `on_query` for each. False when memory ran out.
bool lesson_each_query(const ant_lesson *lesson, lesson_query_fn on_query,
                       void *arg);

// --- answers.lock: what they all answer, for some seeds ---

// The seeds that are tried.
#define LESSON_SEED_COUNT 10u

// Asks every query for every seed and writes it all as JSON; the caller frees
// it with ant_mem_free. NULL when out of memory.
char *lesson_answers(lesson_stage *stage, lesson_problems *problems);

#endif
