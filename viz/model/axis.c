// SPDX-License-Identifier: MIT
//
// The step axis is in steps.c. The time axis is a piecewise linear map:
// a stretch without events that is much longer than most is squeezed. Its
// width grows with the logarithm of its length, so that a longer silence still
// looks longer. In virtual time steps have a width, too:
//
//   x = squeezed time + steps before it * instant

#include "model/axis.h"

#include <errno.h>
#include <math.h>

#include "model/build.h"

// Squeeze what is longer than this many times the usual gap, if that is most
// of the run.
#define GAP_FACTOR      20.0
#define GAP_USUAL_SHARE 0.75

// The same while somebody polls, when it is also this much of the whole run.
#define GAP_BUSY_SHARE 0.02

static double squeezed(const ant_model *model, uint64_t t_ns);
static int make_gaps(model_build *build);
static void widen_instants(model_build *build);

int model__axes(model_build *build)
{
    int err = make_gaps(build);
    if (err == 0) widen_instants(build);
    return err;
}

// --- Gaps ---

// How gaps between events spread: four classes for each power of two.
#define GAP_CLASSES 256

typedef struct gap_plan {
    double usual_ns;      // three of four gaps are at most this long
    double idle_limit_ns; // longer ones are squeezed, when nobody polls
    double busy_limit_ns; // and when somebody does
    double width;         // of a squeezed one of the length of the idle limit
    uint32_t count;       // of squeezed ones
} gap_plan;

static unsigned class_of(uint64_t ns)
{
    double class = 4.0 * log2((double)ns);
    return class < GAP_CLASSES ? (unsigned)class : GAP_CLASSES - 1;
}

// The axis begins with the first event, not with the recording.
static uint64_t begin_ns(const ant_model *model)
{
    return model->event_count == 0 ? 0 : model_t_ns(model, 0);
}

static uint64_t gap_before(const ant_model *model, uint32_t i)
{
    return model_t_ns(model, i) - model_t_ns(model, i - 1);
}

static double usual_gap(const ant_model *model)
{
    uint32_t in_class[GAP_CLASSES] = { 0 };
    uint32_t total = 0;
    for (uint32_t i = 1; i < model->event_count; i++) {
        uint64_t ns = gap_before(model, i);
        if (ns == 0) continue;
        in_class[class_of(ns)]++;
        total++;
    }
    double wanted = GAP_USUAL_SHARE * total;
    double seen = 0;
    for (unsigned class = 0; class < GAP_CLASSES; class ++) {
        seen += in_class[class];
        if (seen >= wanted) return exp2((class + 1) / 4.0);
    }
    return 1.0;
}

// Takes in event `i`: how many lanes are polling after it.
static void count_polls(const ant_model *model, uint32_t i, uint32_t *polls)
{
    if (model->kind[i] == ANT_EV_poll_begin) ++*polls;
    if (model->kind[i] == ANT_EV_poll_end && *polls > 0) --*polls;
}

static bool is_long(const gap_plan *plan, uint64_t ns, uint32_t polls)
{
    double limit_ns = polls == 0 ? plan->idle_limit_ns : plan->busy_limit_ns;
    return (double)ns > limit_ns;
}

// Silence is squeezed when most of the run is silent. Silence in which
// somebody computes belongs to what happens, unless it is a large part of it.
static gap_plan plan_gaps(const ant_model *model)
{
    double all_ns = (double)(model->t_end_ns - begin_ns(model));
    gap_plan plan = { .usual_ns = usual_gap(model) };
    plan.idle_limit_ns = GAP_FACTOR * plan.usual_ns;
    plan.busy_limit_ns = fmax(plan.idle_limit_ns, GAP_BUSY_SHARE * all_ns);

    double long_ns = 0;
    uint32_t polls = 0;
    for (uint32_t i = 1; i < model->event_count; i++) {
        uint64_t ns = gap_before(model, i);
        count_polls(model, i - 1, &polls);
        if (!is_long(&plan, ns, polls)) continue;
        long_ns += (double)ns;
        plan.count++;
    }
    if (long_ns < all_ns / 2) plan.count = 0;
    if (plan.count == 0) return plan;

    // Silence together takes about as much room as what happens.
    plan.width = (all_ns - long_ns) / plan.count;
    plan.width = fmin(fmax(plan.width, plan.usual_ns), plan.idle_limit_ns);
    return plan;
}

static int make_gaps(model_build *build)
{
    ant_model *model = &build->model;
    gap_plan plan = plan_gaps(model);
    model_gap *gaps = model__alloc(build, plan.count, sizeof *gaps);
    if (gaps == NULL) return -ENOMEM;

    uint32_t n = 0;
    uint32_t polls = 0;
    double saved = (double)begin_ns(model);
    for (uint32_t i = 1; i < model->event_count && n < plan.count; i++) {
        uint64_t ns = gap_before(model, i);
        count_polls(model, i - 1, &polls);
        if (!is_long(&plan, ns, polls)) continue;
        double longer = log2((double)ns / plan.idle_limit_ns);
        double width = plan.width * (1 + longer / 4);
        double x0 = (double)model_t_ns(model, i - 1) - saved;
        gaps[n++] = (model_gap){ .t0_ns = model_t_ns(model, i - 1),
                                 .t1_ns = model_t_ns(model, i),
                                 .x0 = x0,
                                 .x1 = x0 + width,
                                 .steps = model__steps_before(model, i),
                                 .is_idle = polls == 0 };
        saved += (double)ns - width;
    }
    build->gaps = gaps;
    model->gaps = gaps;
    model->gap_count = n;
    return 0;
}

// Where most steps take no time, they take as much room together as time.
static void widen_instants(model_build *build)
{
    ant_model *model = &build->model;
    uint32_t moved = 0;
    for (uint32_t i = 1; i < model->event_count; i++) {
        if (gap_before(model, i) > 0) moved++;
    }
    if (!model->info->is_virtual || moved >= model->step_count / 2) return;

    double width = squeezed(model, model->t_end_ns) / model->step_count;
    for (uint32_t i = 0; i < model->gap_count; i++) {
        build->gaps[i].x0 += width * build->gaps[i].steps;
        build->gaps[i].x1 += width * build->gaps[i].steps;
    }
    model->instant = width;
}

// --- Asking ---

// The first gap that ends after `t_ns`, or gap_count.
static uint32_t gap_after_time(const ant_model *model, uint64_t t_ns)
{
    uint32_t low = 0;
    uint32_t high = model->gap_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (model->gaps[middle].t1_ns <= t_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t model_gap_after(const ant_model *model, double x)
{
    uint32_t low = 0;
    uint32_t high = model->gap_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (model->gaps[middle].x1 <= x) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

// The time axis without the widths of steps.
static double squeezed(const ant_model *model, uint64_t t_ns)
{
    uint32_t next = gap_after_time(model, t_ns);
    const model_gap *gap = &model->gaps[next];
    if (next < model->gap_count && t_ns > gap->t0_ns) {
        double share =
            (double)(t_ns - gap->t0_ns) / (double)(gap->t1_ns - gap->t0_ns);
        return gap->x0 - gap->steps * model->instant +
               share * (gap->x1 - gap->x0);
    }
    if (next == 0) {
        uint64_t t0_ns = begin_ns(model);
        return t_ns > t0_ns ? (double)(t_ns - t0_ns) : 0;
    }
    gap--;
    return gap->x1 - gap->steps * model->instant + (double)(t_ns - gap->t1_ns);
}

double model_axis_end(const ant_model *model, model_axis axis)
{
    double end = model->step_count;
    if (axis == MODEL_AXIS_TIME)
        end = squeezed(model, model->t_end_ns) + end * model->instant;
    return end > 0 ? end : 1;
}

double model_x(const ant_model *model, model_axis axis, uint32_t i)
{
    if (i >= model->event_count) return model_axis_end(model, axis);
    if (axis == MODEL_AXIS_STEP) return model_step_of(model, i);
    return squeezed(model, model_t_ns(model, i)) +
           model__steps_before(model, i) * model->instant;
}

uint32_t model_event_at(const ant_model *model, model_axis axis, double x)
{
    // As a search for the last event at or left of x, on either axis.
    uint32_t low = 0;
    uint32_t high = model->event_count;
    if (axis == MODEL_AXIS_STEP) {
        if (model->step_count == 0 || x < 0) return 0;
        uint32_t last = model->step_count - 1;
        return model_step_event(model, x < last ? (uint32_t)x : last);
    }
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        if (model_x(model, axis, middle) <= x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

double model_x_of_time(const ant_model *model, uint64_t t_ns)
{
    uint32_t next = model_event_after(model, t_ns);
    return squeezed(model, t_ns) +
           model__steps_before(model, next) * model->instant;
}

uint64_t model_time_of_x(const ant_model *model, double x)
{
    if (x <= 0 || model->event_count == 0) return begin_ns(model);
    uint32_t event = model_event_at(model, MODEL_AXIS_TIME, x);
    uint32_t after = event + 1;
    if (after == model->event_count) return model->t_end_ns;

    // Time goes on from the end of the event before to the one after.
    uint64_t t0_ns = model_t_ns(model, event);
    uint64_t t1_ns = model_t_ns(model, after);
    double x0 = squeezed(model, t0_ns) +
                model__steps_before(model, after) * model->instant;
    double wide = squeezed(model, t1_ns) - squeezed(model, t0_ns);
    if (x <= x0) return t0_ns;
    if (x - x0 >= wide) return t1_ns;
    return t0_ns + (uint64_t)((x - x0) / wide * (double)(t1_ns - t0_ns) + 0.5);
}

uint64_t model_time_at(const ant_model *model, model_axis axis, double x)
{
    if (axis == MODEL_AXIS_TIME) return model_time_of_x(model, x);
    if (model->event_count == 0) return 0;
    return model_t_ns(model, model_event_at(model, axis, x));
}
