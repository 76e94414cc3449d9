// SPDX-License-Identifier: MIT
//
// Two runs in a few numbers each, and in words how a step of the one differs
// from that of the other. What `antfarm compare` prints and what the window
// shows come from here, so that they say the same.

#ifndef VIZ_TEXT_VERDICT_H
#define VIZ_TEXT_VERDICT_H

#include <stddef.h>

#include "model/compare.h"
#include "text/measure.h"

// The lines of a verdict.
typedef enum verdict_line {
    VERDICT_MAKESPAN,
    VERDICT_READY, // the longest time from a wake to its poll
    VERDICT_POLL,  // the longest poll
    VERDICT_POLLS,
    VERDICT_DEADLOCK,
    VERDICT_LINE_COUNT
} verdict_line;

typedef struct text_verdict {
    const ant_model *model[2];
    text_measure measure[2];
} text_verdict;

// Measures both runs: takes a moment for long ones.
void text_verdict_make(text_verdict *verdict, const ant_model *a,
                       const ant_model *b);

// "makespan", "longest poll".
const char *text_verdict_label(verdict_line line);

// "120 ms", "deadlock at 10.000 ms", for run `side`.
void text_verdict_value(const text_verdict *verdict, verdict_line line,
                        unsigned side, char *buf, size_t size);

// Which run is better by this line: 0 or 1, or -1 when neither is.
int text_verdict_better(const text_verdict *verdict, verdict_line line);

// "only in A"; "another worker, returns READY, not PENDING".
void text_verdict_step(const model_compare *compare, uint32_t step, char *buf,
                       size_t size);

#endif
