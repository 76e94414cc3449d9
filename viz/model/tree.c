// SPDX-License-Identifier: MIT

#include "model/tree.h"

#include "model/track.h"

// A future that lives is polled often enough to be found here.
#define LOOK_BACK_MAX 1024

model_phase model_future_phase(const ant_model *model, uint32_t future,
                               uint32_t event)
{
    const model_future *row = &model->futures[future];
    if (row->start_event == MODEL_NONE || row->start_event > event) {
        return MODEL_PHASE_NONE;
    }
    if (row->end_event <= event) {
        return row->drop == ANT_DROP_DONE ? MODEL_PHASE_READY
                                          : MODEL_PHASE_DROPPED;
    }
    model_track track = model_track_of(model, MODEL_TRACK_FUTURE, future);
    const model_span *span = model_span_at(&track, event);
    if (span == NULL) return MODEL_PHASE_RESTING;
    return span->state == MODEL_FUTURE_POLLING ? MODEL_PHASE_POLLING
                                               : MODEL_PHASE_PENDING;
}

uint32_t model_future_state_at(const ant_model *model, uint32_t future,
                               uint32_t event)
{
    model_track track = model_track_of(model, MODEL_TRACK_FUTURE, future);
    uint32_t low = 0;
    uint32_t high = track.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (track.spans[middle].from <= event) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == 0 ? 0 : track.spans[low - 1].step;
}

// Whether it belongs to the picture: it lives, or its parent does.
static bool is_near(const ant_model *model, uint32_t future, uint32_t event)
{
    model_phase phase = model_future_phase(model, future, event);
    if (phase == MODEL_PHASE_NONE) return false;
    if (model_phase_is_alive(phase)) return true;
    uint32_t parent = model->futures[future].parent;
    return parent != 0 &&
           model_phase_is_alive(model_future_phase(model, parent, event));
}

// Sorts it in by its start, unless it is there already.
static uint32_t add(const ant_model *model, uint32_t future, uint32_t *out,
                    uint32_t n, uint32_t max)
{
    for (uint32_t i = 0; i < n; i++) {
        if (out[i] == future) return n;
    }
    if (n == max) return n;
    uint32_t start = model->futures[future].start_event;
    uint32_t at = n;
    for (; at > 0 && model->futures[out[at - 1]].start_event > start; at--)
        out[at] = out[at - 1];
    out[at] = future;
    return n + 1;
}

uint32_t model_futures_near(const ant_model *model, uint32_t task,
                            uint32_t event, uint32_t *out, uint32_t max)
{
    model_range range = model->tasks[task].events;
    uint32_t n = 0;
    uint32_t i = event + 1;
    for (unsigned k = 0; k < LOOK_BACK_MAX && n < max; k++) {
        i = model_prev_in(model->events_of_task, range, i);
        if (i == MODEL_NONE) break;
        // Its parents, too: they have to be there before their children.
        uint32_t future = model_event_future(model, i);
        for (; future != 0; future = model->futures[future].parent) {
            bool is_own = model->futures[future].task == task;
            if (!is_own || !is_near(model, future, event)) break;
            n = add(model, future, out, n, max);
        }
    }
    return n;
}
