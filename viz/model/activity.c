// SPDX-License-Identifier: MIT
//
// How busy the workers are over the whole run: a fine histogram on each axis,
// made once, from which any coarser one is averaged.

#include <math.h>
#include <string.h>

#include "model/build.h"
#include "model/track.h"

// Adds the part of [x0, x1) that each column covers.
static void add_busy(float *out, uint32_t n, double x0, double x1)
{
    uint32_t first = x0 > 0 ? (uint32_t)x0 : 0;
    for (uint32_t i = first; i < n && i < x1; i++) {
        out[i] += (float)(fmin(x1, i + 1.0) - fmax(x0, i));
    }
}

// Workers count; in a program without any, all lanes do.
static bool is_counted(const ant_model *model, uint32_t lane)
{
    return model->worker_count == 0 ||
           model->lanes[lane].kind == ANT_LANE_WORKER;
}

static void fill(const ant_model *model, model_axis axis, float *out)
{
    uint32_t n = BUILD_ACTIVITY_COLUMNS;
    double scale = n / model_axis_end(model, axis);
    for (uint32_t row = 1; row < model->lane_count; row++) {
        model_track track = model_track_of(model, MODEL_TRACK_LANE, row);
        if (!is_counted(model, row)) continue;
        for (uint32_t i = 0; i < track.count; i++) {
            const model_span *span = &track.spans[i];
            if (span->task == 0) continue;
            add_busy(out, n, model_x(model, axis, span->from) * scale,
                     model_x(model, axis, span->to) * scale);
        }
    }
    float lanes = model->worker_count > 0 ? (float)model->worker_count : 1;
    for (uint32_t i = 0; i < n; i++)
        out[i] /= lanes;
}

int model__activity(model_build *build)
{
    fill(&build->model, MODEL_AXIS_STEP, build->activity[MODEL_AXIS_STEP]);
    fill(&build->model, MODEL_AXIS_TIME, build->activity[MODEL_AXIS_TIME]);
    return 0;
}

// The mean of `fine` over [x0, x1), which is not empty.
static double mean(const float *fine, double x0, double x1)
{
    double sum = 0;
    for (uint32_t i = (uint32_t)x0; i < BUILD_ACTIVITY_COLUMNS && i < x1; i++) {
        sum += (double)fine[i] * (fmin(x1, i + 1.0) - fmax(x0, i));
    }
    return sum / (x1 - x0);
}

void model_activity(const ant_model *model, model_axis axis, float *out,
                    uint32_t n)
{
    const float *fine = model->build->activity[axis];
    double width = (double)BUILD_ACTIVITY_COLUMNS / n;
    for (uint32_t i = 0; i < n; i++) {
        out[i] = (float)mean(fine, i * width, (i + 1) * width);
    }
}
