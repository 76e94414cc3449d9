// SPDX-License-Identifier: MIT
//
// The list of lessons in a window: parts, what each lesson is about, how far
// one is, and which comes next. Main thread.

#ifndef ANT_APP_LESSON_LIST_H
#define ANT_APP_LESSON_LIST_H

#include "app/learn.h"
#include "plat/window.h"

// Shows it until a lesson is chosen, by key or click. `at` is the one to stand
// at, or NULL for the one that comes next. NULL when the learner leaves.
const course_lesson *app_lesson_list_choose(const app_learner *learner,
                                            plat_window *window,
                                            const course_lesson *at);

// The first lesson that is not passed, and whose needs are; else the first that
// is not passed. NULL when all are.
const course_lesson *app_lesson_next(const app_learner *learner);

#endif
