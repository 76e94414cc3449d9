// SPDX-License-Identifier: MIT
//
// The two axes. On the step axis each step (model_step_of()) is one unit
// wide. On the time axis a unit is a nanosecond, but stretches without events
// (model->gaps) are squeezed, and steps may have a width of their own
// (model->instant). Both begin at 0, with the first
// event; x is a double.

#ifndef VIZ_MODEL_AXIS_H
#define VIZ_MODEL_AXIS_H

#include "model/model.h"

typedef enum model_axis {
    MODEL_AXIS_STEP,
    MODEL_AXIS_TIME,
} model_axis;

// The length of the axis: the trace is [0, model_axis_end). Never 0.
double model_axis_end(const ant_model *model, model_axis axis);

// Where event `i` stands; event_count stands at the end of the axis.
double model_x(const ant_model *model, model_axis axis, uint32_t i);

// The last event at or left of `x`; 0 when there is none.
uint32_t model_event_at(const ant_model *model, model_axis axis, double x);

// Between time and the time axis, and back.
double model_x_of_time(const ant_model *model, uint64_t t_ns);
uint64_t model_time_of_x(const ant_model *model, double x);

// The moment at `x` of either axis.
uint64_t model_time_at(const ant_model *model, model_axis axis, double x);

// The first gap that ends right of `x`, or gap_count.
uint32_t model_gap_after(const ant_model *model, double x);

#endif
