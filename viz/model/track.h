// SPDX-License-Identifier: MIT
//
// What to draw of a row of spans at some zoom: spans that are wide enough, and
// strips that stand for many narrow ones. The cost depends on the pixels, not
// on the spans.

#ifndef VIZ_MODEL_TRACK_H
#define VIZ_MODEL_TRACK_H

#include "model/axis.h"

// The part of an axis that is on the screen: [x0, x1) over `px` pixels.
typedef struct model_window {
    model_axis axis;
    double x0;
    double x1;
    double px;
    double fold_px; // spans narrower than this are folded; 0 means 3
} model_window;

// One thing to draw. When `count` is 1 it is the span `first` of the track,
// else a strip of spans first … first + count - 1 in which `state` lasts
// longest. px0 and px1 count from the window's left edge, are cut to just
// outside of the window and never overlap those of the mark before.
typedef struct model_mark {
    double px0;
    double px1;
    uint32_t first;
    uint32_t count;
    uint8_t state;
} model_mark;

// Fills `out` from left to right with the marks that are visible in `window`
// and returns how many; max of px + 2 is always enough.
uint32_t model_marks(const ant_model *model, const model_track *track,
                     const model_window *window, model_mark *out, uint32_t max);

// How busy the workers are over the whole axis: out[i] is the share (0 … 1) of
// polling in column i of `n`. Cheap enough for every frame.
void model_activity(const ant_model *model, model_axis axis, float *out,
                    uint32_t n);

#endif
