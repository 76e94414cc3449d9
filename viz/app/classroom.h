// SPDX-License-Identifier: MIT
//
// What every command about lessons needs: the course, a studio for its
// programs, and the problems with them. It prints what is wrong.

#ifndef VIZ_APP_CLASSROOM_H
#define VIZ_APP_CLASSROOM_H

#include "lesson/course.h"
#include "lesson/studio.h"

typedef struct app_classroom {
    ant_course *course;
    lesson_studio studio;
    lesson_problems problems;
} app_classroom;

// Opens the course in `folder`; NULL: where it is looked for. Returns an exit
// status, and has said why when it is not TEXT_FINE.
int app_classroom_open(app_classroom *room, const char *folder);
void app_classroom_close(app_classroom *room);

// The lesson that a learner names, which is there; else NULL, and a line says
// so.
const course_lesson *app_classroom_find(const app_classroom *room,
                                        const char *name);

// A step opens a panel that there is: what only the window knows of a lesson.
void app_classroom_check_views(const ant_lesson *lesson,
                               lesson_problems *problems);

// Prints all problems, and forgets them. TEXT_FINE when there are none, else
// TEXT_FINDING.
int app_classroom_complain(app_classroom *room);

#endif
