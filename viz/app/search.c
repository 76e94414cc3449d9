// SPDX-License-Identifier: MIT

#include "app/search.h"

#include <string.h>

#include "text/sentence.h"

// What is looked at in one frame takes about ten milliseconds.
#define EVENTS_A_FRAME 20000u

void app_search_begin(app_search *search, uint32_t event, int by)
{
    search->by = by;
    search->at = by > 0 ? event + 1 : event - 1;
    search->is_on = by > 0 || event > 0;
}

uint32_t app_search_go_on(app_search *search, const ant_model *model)
{
    for (uint32_t i = 0; i < EVENTS_A_FRAME && search->is_on; i++) {
        uint32_t event = search->at;
        if (event >= model->event_count) search->is_on = false;
        if (!search->is_on) break;
        if (app_search_matches(model, event, search->text)) {
            search->is_on = false;
            return event;
        }
        if (search->by < 0 && event == 0) search->is_on = false;
        search->at = search->by > 0 ? event + 1 : event - 1;
    }
    return MODEL_NONE;
}

bool app_search_matches(const ant_model *model, uint32_t event,
                        const char *text)
{
    ant_event happened;
    char sentence[400];
    model_event(model, event, &happened);
    text_sentence_write(model->reader, &happened, sentence, sizeof(sentence));
    return strcasestr(sentence, text) != NULL;
}
