// SPDX-License-Identifier: MIT
//
// A place in a run, as people type it: "12.4ms", "1.5 s", "s118" or "step 118",
// "e500" or "event 500", "task:7".

#ifndef VIZ_TEXT_PLACE_H
#define VIZ_TEXT_PLACE_H

#include <stdint.h>

typedef enum text_place_kind {
    TEXT_PLACE_NONE, // not understood
    TEXT_PLACE_TIME, // nanoseconds since the start
    TEXT_PLACE_STEP, // from 1, as people count
    TEXT_PLACE_EVENT,
    TEXT_PLACE_TASK, // its number in the file
} text_place_kind;

typedef struct text_place {
    text_place_kind kind;
    uint64_t value;
} text_place;

// A number without anything is a time in milliseconds.
text_place text_place_read(const char *text);

#endif
