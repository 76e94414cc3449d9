// SPDX-License-Identifier: MIT
//
// The search for words in events: which event says so next, in its sentence.
// Making sentences takes time, so a long trace is looked through in pieces, one
// each frame, while the window goes on.

#ifndef ANT_APP_SEARCH_H
#define ANT_APP_SEARCH_H

#include "model/model.h"
#include "ui/field.h"

typedef struct app_search {
    char text[UI_FIELD_MAX]; // what was looked for last
    bool is_on;              // still looking
    int by;                  // 1 on, -1 back
    uint32_t at;             // the next event to look at
} app_search;

// Begins to look, after (or before) the event.
void app_search_begin(app_search *search, uint32_t event, int by);

// Looks at the next few thousand events. The event, when one was found, or
// MODEL_NONE; `is_on` says whether there is more to look at.
uint32_t app_search_go_on(app_search *search, const ant_model *model);

// The sentence of an event contains the text; capitals do not count.
bool app_search_matches(const ant_model *model, uint32_t event,
                        const char *text);

#endif
