// SPDX-License-Identifier: MIT
//
// The table of contents of a course, for lessons/README.md: the parts with
// their lessons, and the beliefs with the lessons that break them. It is made
// of the course's page and of the heads of its lessons, so that nobody has to
// keep it by hand.

#ifndef VIZ_LESSON_CONTENTS_H
#define VIZ_LESSON_CONTENTS_H

#include <stdio.h>

#include "lesson/course.h"

// Writes both tables in Markdown; what is wrong with a page is a problem. 0 or
// -errno.
ANT_MUST_USE int lesson_contents_write(const ant_course *course, FILE *out,
                                       lesson_problems *problems);

#endif
