// SPDX-License-Identifier: MIT
//
// For the tests of lessons: a course of one small lesson in a folder of its
// own, in which nothing is to be refused, until a test plants a defect. The
// lesson is number 1, `naps`: a program sleeps for 100 ms, and the exercise is
// to sleep twice.

#ifndef ANT_TESTS_SUPPORT_LESSON_RIG_H
#define ANT_TESTS_SUPPORT_LESSON_RIG_H

#include "lesson/course.h"
#include "lesson/stage.h"

typedef struct lesson_rig {
    char folder[256]; // of the course
    char lesson_folder[300];
    lesson_problems problems;
    lesson_studio studio;
    ant_course *course; // NULL until rig_open
    ant_lesson *lesson;
    lesson_stage stage;
} lesson_rig;

// Writes the course and opens a studio. Fails the test when it cannot.
void rig_init(lesson_rig *rig);
void rig_deinit(lesson_rig *rig);

// The same as fixtures of cmocka, for a test whose state is its rig:
// cmocka_unit_test_prestate_setup_teardown(…, rig_setup, rig_teardown, &rig).
int rig_setup(void **state);
int rig_teardown(void **state);

// Writes a file of the lesson; "../course.md" is the course's page.
void rig_write(const lesson_rig *rig, const char *file, const char *text);

// Replaces the first `from`, which must be there, by `to`.
void rig_plant(const lesson_rig *rig, const char *file, const char *from,
               const char *to);

// Reads course and lesson; what is wrong with them is in `problems`.
void rig_open(lesson_rig *rig);

// Fails the test unless some problem has `text` in it.
void rig_expect(const lesson_rig *rig, const char *text);

// Fails the test, and says why, when there is a problem.
void rig_expect_none(const lesson_rig *rig);

#endif
