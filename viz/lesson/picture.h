// SPDX-License-Identifier: MIT
//
// A recording as a small picture of letters: one line for each worker, task or
// future, time from left to right, and a mark at one moment. Beside the
// sentence of that moment it is for those who see; it says nothing that the
// sentences do not say.

#ifndef VIZ_LESSON_PICTURE_H
#define VIZ_LESSON_PICTURE_H

#include "lesson/script.h"
#include "model/model.h"

// Adds the picture. `rows` are words: lanes, tasks, or the name of a task, a
// future or a lock, which may have a "*"; NULL means "lanes tasks". `event` is
// marked; MODEL_NONE for no mark.
void lesson_picture(const ant_model *model, const char *rows, uint32_t event,
                    lesson_script *script);

// When an event was, as a lesson says it: "100 ms", "0.25 ms".
void lesson_moment(const ant_model *model, uint32_t event, char *buf,
                   size_t size);

#endif
