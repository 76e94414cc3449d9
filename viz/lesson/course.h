// SPDX-License-Identifier: MIT
//
// The course: which lessons there are, in which order, and the wrong beliefs
// that they break. It is read from lessons/course.md, whose `part` blocks list
// lessons by their slugs; the folder of a lesson gives it its number.

#ifndef VIZ_LESSON_COURSE_H
#define VIZ_LESSON_COURSE_H

#include "lesson/lesson.h"

typedef struct course_part {
    const char *letter; // "C"
    const char *title;
    uint32_t minutes; // that its lessons may take together
    uint32_t line;
} course_part;

typedef struct course_lesson {
    const char *slug;
    const char *folder; // NULL when there is none: it is planned
    uint32_t number;    // of the folder
    uint32_t part;      // row of parts
    uint32_t line;
} course_lesson;

typedef struct course_belief {
    const char *tag;  // "MC06"
    const char *text; // "Two awaits in a row run concurrently"
    uint32_t line;
} course_belief;

typedef struct ant_course {
    ant_arena arena;
    const char *folder; // lessons/
    const char *path;   // of course.md
    const char *title;
    const course_part *part;
    const course_lesson *lesson; // in the order of the course
    const course_belief *belief;
    uint32_t part_count;
    uint32_t lesson_count;
    uint32_t belief_count;
} ant_course;

// Reads the course in `folder`. As lesson_open.
ANT_MUST_USE int lesson_course_open(const char *folder, ant_course **ret_course,
                                    lesson_problems *problems);
void lesson_course_close(ant_course *course);

// The lesson with this slug, number ("20") or folder name; NULL for none.
const course_lesson *lesson_course_find(const ant_course *course,
                                        const char *name);

// The belief with this tag, or NULL.
const course_belief *lesson_course_belief_of(const ant_course *course,
                                             const char *tag);

#endif
