// SPDX-License-Identifier: MIT
//
// Which events concern which task, lane and resource, in order: one array for
// each, in which every row has its own range. Counted first, then filled.

#include "model/build.h"

#include <errno.h>

// Calls for each (row, event) pair of one list.
typedef uint32_t (*row_fn)(const ant_model *model, uint32_t event);

static uint32_t subject(const ant_model *model, uint32_t i)
{
    return model_subject(model, i);
}

// The actor, when it is not the subject.
static uint32_t actor(const ant_model *model, uint32_t i)
{
    uint32_t task = model->task[i];
    return task == model_subject(model, i) ? 0 : task;
}

static uint32_t lane(const ant_model *model, uint32_t i)
{
    return model->lane[i];
}

static uint32_t res(const ant_model *model, uint32_t i)
{
    return model_event_res(model, i);
}

static uint32_t nobody(const ant_model *model, uint32_t i)
{
    (void)model;
    (void)i;
    return 0;
}

model_range *model__range(const build_ranges *ranges, uint32_t row)
{
    char *first = ranges->first;
    return (model_range *)(void *)(first + row * ranges->stride);
}

size_t model__ranges_place(const build_ranges *ranges)
{
    size_t total = 0;
    for (uint32_t row = 0; row < ranges->count; row++) {
        model_range *range = model__range(ranges, row);
        range->first = (uint32_t)total;
        total += range->count;
        range->count = 0;
    }
    return total;
}

// Counts the polls in a list, so that nobody has to walk through it.
static int count_polls(model_build *build, const uint32_t *list, size_t total,
                       uint32_t **ret_polls)
{
    uint32_t n = 0;
    uint32_t *polls =
        model__alloc(build, total / BUILD_POLLS + 1, sizeof *polls);
    if (polls == NULL) return -ENOMEM;
    for (size_t at = 0; at < total; at++) {
        if (at % BUILD_POLLS == 0) polls[at / BUILD_POLLS] = n;
        n += build->kind[list[at]] == ANT_EV_poll_begin;
    }
    if (total % BUILD_POLLS == 0) polls[total / BUILD_POLLS] = n;
    *ret_polls = polls;
    return 0;
}

// `ret_polls` may be NULL: nobody asks for them.
static int make_list(model_build *build, const build_ranges *ranges,
                     row_fn first, row_fn second, const uint32_t **ret_list,
                     uint32_t **ret_polls)
{
    const ant_model *model = &build->model;
    for (uint32_t i = 0; i < model->event_count; i++) {
        model__range(ranges, first(model, i))->count++;
        model__range(ranges, second(model, i))->count++;
    }
    model__range(ranges, 0)->count = 0; // "none" needs no list
    size_t total = model__ranges_place(ranges);

    uint32_t *list = model__alloc(build, total, sizeof *list);
    if (list == NULL) return -ENOMEM;
    for (uint32_t i = 0; i < model->event_count; i++) {
        uint32_t rows[2] = { first(model, i), second(model, i) };
        for (unsigned k = 0; k < 2; k++) {
            model_range *range = model__range(ranges, rows[k]);
            if (rows[k] != 0) list[range->first + range->count++] = i;
        }
    }
    *ret_list = list;
    if (ret_polls == NULL) return 0;
    return count_polls(build, list, total, ret_polls);
}

int model__lists(model_build *build)
{
    ant_model *model = &build->model;
    build_ranges tasks = { &build->tasks[0].events, sizeof(model_task),
                           model->task_count };
    build_ranges lanes = { &build->lanes[0].events, sizeof(model_lane),
                           model->lane_count };
    build_ranges all_res = { &build->res[0].events, sizeof(model_res),
                             model->res_count };

    int err = make_list(build, &tasks, subject, actor, &model->events_of_task,
                        &build->polls_of_task);
    if (err == 0)
        err = make_list(build, &lanes, lane, nobody, &model->events_of_lane,
                        &build->polls_of_lane);
    if (err == 0)
        err = make_list(build, &all_res, res, nobody, &model->events_of_res,
                        NULL);
    return err;
}
