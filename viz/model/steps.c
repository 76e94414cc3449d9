// SPDX-License-Identifier: MIT
//
// Steps: the events that are a column of the step axis. A bit for each event
// says whether it is one, and each group of 64 how many come before it, so that
// both ways of asking need no table of numbers: an event's step is a count of
// bits, a step's event a search among the groups.

#include "model/build.h"

// Definitions and details of the event beside them are no columns.
static bool is_step(uint8_t kind)
{
    switch (kind) {
    case ANT_EV_lane_enter:
    case ANT_EV_lane_leave:
    case ANT_EV_steal_task:
    case ANT_EV_runnable:
    case ANT_EV_choice:
    case ANT_EV_pick:
    case ANT_EV_random:
    case ANT_EV_stall_edge:
    case ANT_EV_lane_late:
    case ANT_EV_chan_open:
    case ANT_EV_half_clone:
    case ANT_EV_half_move:
    case ANT_EV_half_drop:
        return false;
    default:
        return true;
    }
}

int model__steps(model_build *build)
{
    ant_model *model = &build->model;
    uint32_t n = 0;
    for (uint32_t i = 0; i < model->event_count; i++) {
        build_group *group = &build->groups[i / BUILD_GROUP];
        if (i % BUILD_GROUP == 0) group->steps_before = n;
        if (!is_step(model->kind[i])) continue;
        group->steps |= UINT64_C(1) << i % BUILD_GROUP;
        n++;
    }
    model->step_count = n;
    return 0;
}

uint32_t model__steps_before(const ant_model *model, uint32_t i)
{
    if (i >= model->event_count) return model->step_count;
    const build_group *group = &model->build->groups[i / BUILD_GROUP];
    uint64_t before = group->steps & ((UINT64_C(1) << i % BUILD_GROUP) - 1);
    return group->steps_before + (uint32_t)__builtin_popcountll(before);
}

uint32_t model_step_of(const ant_model *model, uint32_t i)
{
    uint32_t n = model__steps_before(model, i + 1);
    return n == 0 ? 0 : n - 1;
}

uint32_t model_step_event(const ant_model *model, uint32_t step)
{
    const build_group *groups = model->build->groups;
    uint32_t low = 0;
    uint32_t high = (model->event_count + BUILD_GROUP - 1) / BUILD_GROUP;
    while (high - low > 1) { // the last group with at most `step` before it
        uint32_t middle = low + (high - low) / 2;
        if (groups[middle].steps_before <= step) {
            low = middle;
        } else {
            high = middle;
        }
    }
    uint64_t bits = groups[low].steps;
    for (uint32_t n = step - groups[low].steps_before; n > 0; n--)
        bits &= bits - 1; // one step less
    return low * BUILD_GROUP + (uint32_t)__builtin_ctzll(bits);
}
