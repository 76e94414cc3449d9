// SPDX-License-Identifier: MIT
//
// The pass that lets the world happen once, from the first event to the last,
// and notes each change of a task, a lane or a resource as a span. It also has
// the keyframes kept.

#include "model/build.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "model/world.h"

typedef struct model_worlds {
    ant_snapshot world;
    build_spans tasks;
    build_spans lanes;
    build_spans res;
} model_worlds;

static int init_worlds(const model_build *build, model_worlds *worlds);
static void deinit_worlds(model_worlds *worlds);
static bool note_changes(model_build *build, model_worlds *worlds, uint32_t i);
static int finish_worlds(model_build *build, model_worlds *worlds);
static void add_up(model_build *build);

int model__worlds(model_build *build)
{
    model_worlds worlds;
    int err = init_worlds(build, &worlds);
    if (err == 0) err = model__keyframes_plan(build);
    if (err == 0) err = model__depths_init(build);
    for (uint32_t i = 0; err == 0 && i < build->model.event_count; i++) {
        model__world_apply(&worlds.world, i);
        worlds.world.is_begun = true;
        bool is_noted = note_changes(build, &worlds, i) &&
                        model__depths_note(build, &worlds.world, i);
        if (!is_noted) err = -ENOMEM;
        bool is_told = i % BUILD_TELL_EVERY != 0 ||
                       model__tell(build, i, build->model.event_count);
        if (err == 0 && !is_told) err = -ECANCELED;
        if (err == 0 && i % build->keyframe_every == 0)
            err = model__keyframe_keep(build, &worlds.world);
    }
    if (err == 0) err = finish_worlds(build, &worlds);
    deinit_worlds(&worlds);
    if (err == 0) err = model__depths_finish(build);
    if (err == 0) add_up(build);
    return err;
}

static int init_worlds(const model_build *build, model_worlds *worlds)
{
    const ant_model *model = &build->model;
    memset(worlds, 0, sizeof *worlds);
    int err = model__snapshot_init_empty(&worlds->world, model);
    if (err == 0) err = model__spans_init(&worlds->tasks, model->task_count);
    if (err == 0) err = model__spans_init(&worlds->lanes, model->lane_count);
    if (err == 0) err = model__spans_init(&worlds->res, model->res_count);
    return err;
}

static void deinit_worlds(model_worlds *worlds)
{
    model_snapshot_deinit(&worlds->world);
    model__spans_free(&worlds->tasks);
    model__spans_free(&worlds->lanes);
    model__spans_free(&worlds->res);
}

// --- Changes ---

// Begins a span at event `i`, after the one before has been closed.
static void begin_span(build_spans *spans, uint32_t row, uint32_t i,
                       model_span span)
{
    span.from = i;
    spans->open[row] = span;
}

static bool note_task(model_worlds *worlds, uint32_t row, uint32_t i)
{
    const model_now_task *task = &worlds->world.tasks[row];
    if (row == 0 || task->since != i) return true;
    if (!model__spans_close(&worlds->tasks, row, i)) return false;
    if (task->state == MODEL_TASK_NONE || task->state >= MODEL_TASK_DONE)
        return true;

    uint32_t wait = 0;
    if (task->state >= MODEL_TASK_BLOCKING)
        wait = model__snapshot_wait(&worlds->world, row, BUILD_LOOK_MAX);
    begin_span(
        &worlds->tasks, row, i,
        (model_span){ .state = task->state, .lane = task->lane, .wait = wait });
    return true;
}

static bool note_lane(model_worlds *worlds, uint32_t row, uint32_t i)
{
    const model_now_lane *lane = &worlds->world.lanes[row];
    if (row == 0 || lane->since != i) return true;
    if (!model__spans_close(&worlds->lanes, row, i)) return false;
    if (lane->state == MODEL_LANE_NONE) return true;

    begin_span(&worlds->lanes, row, i,
               (model_span){ .state = lane->state, .task = lane->task });
    return true;
}

static bool note_res(model_worlds *worlds, uint32_t row, uint32_t i)
{
    const model_now_res *res = &worlds->world.res[row];
    const ant_model *model = worlds->world.model;
    if (row == 0 || model_hold_of(model, i) == 0) return true;
    if (!model__spans_close(&worlds->res, row, i)) return false;
    if (res->holds.len == 0) return true;

    uint32_t count = res->holds.len;
    begin_span(
        &worlds->res, row, i,
        (model_span){
            .state = 1,
            .task = model->holds[res->holds.first].task,
            .count = (uint16_t)(count < UINT16_MAX ? count : UINT16_MAX) });
    return true;
}

static bool note_changes(model_build *build, model_worlds *worlds, uint32_t i)
{
    const ant_model *model = &build->model;
    uint32_t lane = model->lane[i];
    if (model->kind[i] == ANT_EV_lane_leave)
        lane = model_lane_row(model, model__field(build, i, 0));
    return note_task(worlds, model_subject(model, i), i) &&
           note_lane(worlds, lane, i) &&
           note_res(worlds, model_event_res(model, i), i);
}

static int finish_worlds(model_build *build, model_worlds *worlds)
{
    ant_model *model = &build->model;
    build_ranges tasks = { &build->tasks[0].spans, sizeof(model_task),
                           model->task_count };
    build_ranges lanes = { &build->lanes[0].spans, sizeof(model_lane),
                           model->lane_count };
    build_ranges res = { &build->res[0].spans, sizeof(model_res),
                         model->res_count };
    int err =
        model__spans_finish(build, &worlds->tasks, &tasks, &model->task_spans);
    if (err == 0)
        err = model__spans_finish(build, &worlds->lanes, &lanes,
                                  &model->lane_spans);
    if (err == 0)
        err = model__spans_finish(build, &worlds->res, &res, &model->res_spans);
    return err;
}

// --- Sums ---

static uint64_t span_ns(const ant_model *model, const model_span *span)
{
    return model_span_t1(model, span) - model_span_t0(model, span);
}

// A poll may be several spans when the thread waits inside of it.
static void add_up_task(const ant_model *model, model_task *task)
{
    uint64_t poll_ns = 0;
    for (uint32_t i = 0; i < task->spans.count; i++) {
        const model_span *span = &model->task_spans[task->spans.first + i];
        uint64_t ns = span_ns(model, span);
        bool is_poll = span->state == MODEL_TASK_POLLING ||
                       span->state == MODEL_TASK_BLOCKING;
        bool is_new =
            i == 0 ? is_poll : model->kind[span->from] == ANT_EV_poll_begin;
        if (is_new) poll_ns = 0;
        if (is_poll) {
            task->poll_ns += ns;
            poll_ns += ns;
        }
        if (poll_ns > task->poll_max_ns) task->poll_max_ns = poll_ns;
        if (span->state == MODEL_TASK_READY || span->state == MODEL_TASK_NEW)
            task->ready_ns += ns;
    }
}

static void add_up_lane(const ant_model *model, model_lane *lane)
{
    for (uint32_t i = 0; i < lane->spans.count; i++) {
        const model_span *span = &model->lane_spans[lane->spans.first + i];
        uint64_t ns = span_ns(model, span);
        if (span->state == MODEL_LANE_PARKED) lane->park_ns += ns;
        if (span->task != 0) lane->poll_ns += ns;
    }
}

static void add_up(model_build *build)
{
    const ant_model *model = &build->model;
    for (uint32_t row = 1; row < model->task_count; row++) {
        add_up_task(model, &build->tasks[row]);
    }
    for (uint32_t row = 1; row < model->lane_count; row++) {
        add_up_lane(model, &build->lanes[row]);
    }
    for (uint32_t row = 1; row < model->res_count; row++) {
        model_res *res = &build->res[row];
        for (uint32_t i = 0; i < res->spans.count; i++) {
            res->held_ns +=
                span_ns(model, &model->res_spans[res->spans.first + i]);
        }
    }
}

// --- Spans of many rows ---

int model__spans_init(build_spans *spans, uint32_t row_count)
{
    spans->open = ant_mem_alloc(row_count * sizeof *spans->open);
    return spans->open == NULL ? -ENOMEM : 0;
}

void model__spans_free(build_spans *spans)
{
    ant_mem_free(spans->open);
    model__buf_free(&spans->closed);
}

bool model__spans_close(build_spans *spans, uint32_t row, uint32_t at)
{
    model_span *open = &spans->open[row];
    bool is_empty = open->state == 0 || open->from == at;
    if (!is_empty) {
        build_span *closed = model__buf_push(&spans->closed, sizeof *closed);
        if (closed == NULL) return false;
        *closed = (build_span){ .row = row, .span = *open };
        closed->span.to = at;
    }
    open->state = 0;
    return true;
}

int model__spans_finish(model_build *build, build_spans *spans,
                        const build_ranges *ranges,
                        const model_span **ret_spans)
{
    for (uint32_t row = 1; row < ranges->count; row++) {
        if (!model__spans_close(spans, row, build->model.event_count))
            return -ENOMEM;
    }
    const build_span *closed = spans->closed.data;
    for (size_t i = 0; i < spans->closed.len; i++) {
        model__range(ranges, closed[i].row)->count++;
    }
    size_t total = model__ranges_place(ranges);
    model_span *sorted = model__alloc(build, total, sizeof *sorted);
    if (sorted == NULL) return -ENOMEM;
    for (size_t i = 0; i < spans->closed.len; i++) {
        model_range *range = model__range(ranges, closed[i].row);
        sorted[range->first + range->count++] = closed[i].span;
    }
    model__buf_free(&spans->closed);
    *ret_spans = sorted;
    return 0;
}
