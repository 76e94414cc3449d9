// SPDX-License-Identifier: MIT
//
// How long the polls of a task took, and how long it stood ready before each:
// from a model, for one task or for the whole run.

#ifndef VIZ_TEXT_MEASURE_H
#define VIZ_TEXT_MEASURE_H

#include "model/model.h"
#include "text/histogram.h"

typedef struct text_measure {
    text_histogram polls;
    text_histogram ready;   // from being woken (or spawned) to being polled
    uint32_t longest_poll;  // its poll_begin, MODEL_NONE when there was none
    uint32_t longest_ready; // the poll_begin that ended it
} text_measure;

// Begins with nothing.
void text_measure_init(text_measure *measure);

// Adds all polls of a task.
void text_measure_task(text_measure *measure, const ant_model *model,
                       uint32_t task);

// All tasks: takes a moment for a long trace.
void text_measure_run(text_measure *measure, const ant_model *model);

#endif
