// SPDX-License-Identifier: MIT
//
// The moment of a trace that tells most, for whoever shows one and was not
// told which.

#include "model/model.h"

// A pause is long from this part of the run on.
#define PAUSE_PART_MIN 20

// The event before the longest time in which nothing happens while tasks live:
// there everybody waits, or somebody blocks.
static uint32_t before_longest_pause(const ant_model *model)
{
    uint32_t alive = 0;
    uint32_t found = 0;
    uint64_t longest = 0;
    for (uint32_t i = 0; i + 1 < model->event_count; i++) {
        if (model->kind[i] == ANT_EV_task_spawn) alive++;
        if (model->kind[i] == ANT_EV_task_end && alive > 0) alive--;
        uint64_t pause = model_t_ns(model, i + 1) - model_t_ns(model, i);
        if (alive == 0 || pause <= longest) continue;
        longest = pause;
        found = i;
    }
    bool is_long = longest > model->t_end_ns / PAUSE_PART_MIN;
    return is_long ? found : MODEL_NONE;
}

uint32_t model_telling_event(const ant_model *model, bool *ret_is_pause)
{
    *ret_is_pause = false;
    if (model->stall_event != MODEL_NONE) return model->stall_event;
    uint32_t event = before_longest_pause(model);
    *ret_is_pause = event != MODEL_NONE;
    return *ret_is_pause ? event : model->event_count / 2;
}
