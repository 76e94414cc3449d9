// SPDX-License-Identifier: MIT
//
// `antfarm course watch`: a lesson is checked again whenever one of its files
// is saved, until somebody stops it. It looks a few times a second, which works
// on every file system.

#ifndef ANT_APP_WATCH_H
#define ANT_APP_WATCH_H

#include "app/classroom.h"

// Watches the lesson in `row`. An exit status, when it is stopped: whether
// there was something to refuse the last time.
int app_watch(app_classroom *room, const course_lesson *row);

#endif
