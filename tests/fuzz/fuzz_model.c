// SPDX-License-Identifier: MIT
//
// The model, its worlds and the replay on any bytes, as they are and with
// their checksums repaired. A damaged trace may say anything; the model still
// keeps its promises.

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/repair.h"
#include "lint/lint.h"
#include "model/track.h"
#include "model/why.h"
#include "replay/replay.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define MOMENTS   24
#define TASKS_MAX 32
#define PX        64

static void must(bool promise)
{
    if (!promise) abort();
}

// What a span names is a row of the table that its own table goes with.
static bool is_true_span(const ant_model *model, model_track_kind kind,
                         const model_span *span)
{
    switch (kind) {
    case MODEL_TRACK_TASK:
        return span->wait < model->wait_count && span->lane < model->lane_count;
    case MODEL_TRACK_LANE:
    case MODEL_TRACK_RES:
        return span->task < model->task_count;
    case MODEL_TRACK_FUTURE:
        return span->poller < model->future_count;
    }
    return false;
}

static void check_track(const ant_model *model, model_track_kind kind,
                        uint32_t row)
{
    const model_track whole = model_track_of(model, kind, row);
    const model_track *track = &whole;
    for (uint32_t i = 0; i < track->count; i++) {
        const model_span *span = &track->spans[i];
        must(span->from < span->to && span->to <= model->event_count);
        must(i == 0 || track->spans[i - 1].to <= span->from);
        must(is_true_span(model, kind, span));
    }
    for (unsigned axis = 0; axis < 2; axis++) {
        model_mark marks[PX + 2];
        model_window window = { .axis = (model_axis)axis, .px = PX };
        window.x1 = model_axis_end(model, window.axis);
        uint32_t count = model_marks(model, track, &window, marks, PX + 2);
        must(count <= PX + 2);
        // Time may stand still at the end, but every step has a width.
        bool is_wide = window.axis == MODEL_AXIS_STEP;
        if (is_wide) must((count == 0) == (track->count == 0));
    }
}

static void check_tables(const ant_model *model)
{
    for (uint32_t row = 1; row < model->task_count; row++) {
        check_track(model, MODEL_TRACK_TASK, row);
        must(model->tasks[row].parent < model->task_count);
        must(model->tasks[row].type_id < model->type_count);
    }
    for (uint32_t row = 1; row < model->lane_count; row++) {
        check_track(model, MODEL_TRACK_LANE, row);
    }
    for (uint32_t row = 1; row < model->res_count; row++) {
        check_track(model, MODEL_TRACK_RES, row);
    }
    for (uint32_t row = 1; row < model->future_count; row++) {
        check_track(model, MODEL_TRACK_FUTURE, row);
        must(model->futures[row].parent < model->future_count);
    }
}

static void check_axes(const ant_model *model)
{
    for (uint32_t i = 1; i < model->event_count; i++) {
        must(model_t_ns(model, i - 1) <= model_t_ns(model, i));
        must(model_x(model, MODEL_AXIS_STEP, i - 1) <=
             model_x(model, MODEL_AXIS_STEP, i));
        must(model_x(model, MODEL_AXIS_TIME, i - 1) <=
             model_x(model, MODEL_AXIS_TIME, i));
    }
    double end = model_axis_end(model, MODEL_AXIS_TIME);
    for (unsigned i = 0; i <= MOMENTS; i++) {
        must(model_time_of_x(model, end * i / MOMENTS) <= model->t_end_ns);
    }
}

static void check_causes(const ant_model *model)
{
    for (uint32_t i = 0; i < model->event_count; i++) {
        uint32_t link = model_link_of(model, i);
        must(link == MODEL_NONE || link < model->event_count);
        uint32_t wake = model_wake_of_poll(model, i);
        if (wake == MODEL_NONE) continue;
        model_waker waker;
        model_waker_of(model, wake, &waker);
        must(waker.task < model->task_count);
        must(waker.wait < model->wait_count);
    }
}

static void check_moment(const ant_model *model, ant_replay *replay)
{
    model_reason reason;
    model_waitfor graph;
    model_site sites[3];
    const ant_snapshot *world = &replay->world;
    uint32_t rows =
        model->task_count < TASKS_MAX ? model->task_count : TASKS_MAX;
    if (model_waitfor_init(&graph, world) != 0) return;
    for (uint32_t row = 1; row < rows; row++) {
        model_why(world, &graph, row, &reason);
        must(reason.len == strlen(reason.text));
        for (uint32_t i = 0; i < reason.link_count; i++)
            must(reason.link[i].end <= reason.len);
        model_sites(model, row, world->event, sites, 3);
    }
    model_waitfor_deinit(&graph);
    uint32_t timers = 0;
    uint32_t wait = 0;
    while ((wait = model_snapshot_timer_next(world, wait)) != 0)
        timers++;
    must(timers == world->timer_count);
}

static void check_replay(const ant_model *model)
{
    ant_replay replay;
    if (replay_init(&replay, model) != 0) return;
    for (uint32_t i = 0; i < MOMENTS && model->event_count > 0; i++) {
        uint32_t event = (uint32_t)((uint64_t)i * 7 % MOMENTS *
                                    model->event_count / MOMENTS);
        replay_seek_event(&replay, event);
        check_moment(model, &replay);
        uint32_t row =
            model->task_count > 1 ? 1 + i % (model->task_count - 1) : 0;
        if (row != 0) replay_select(&replay, REPLAY_TASK, row);
        replay_step_cause(&replay, i % 2 == 0 ? 1 : -1);
        replay_step_selected(&replay, i % 3 == 0 ? 1 : -1);
        replay_axis_set(&replay, (model_axis)(i % 2));
        replay_fit_selection(&replay);
    }
    while (replay_undo(&replay))
        continue;
    replay_deinit(&replay);
}

static void check_lints(const ant_model *model)
{
    lint_report report;
    if (lint_run(model, NULL, &report) != 0) return;
    for (uint32_t i = 0; i < report.count; i++) {
        const lint_finding *found = &report.finding[i];
        must(found->lint < LINT_COUNT);
        must(found->event < model->event_count);
        must(found->task < model->task_count);
        must(found->res < model->res_count);
        must(found->lane < model->lane_count);
    }
    lint_report_free(&report);
}

static void try_bytes(const uint8_t *bytes, size_t size)
{
    ant_model *model;
    ant_reader_error error;
    if (model_open_bytes(bytes, size, "bytes", &model, &error) != 0) return;
    check_tables(model);
    check_axes(model);
    check_causes(model);
    check_replay(model);
    check_lints(model);
    model_close(model);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    try_bytes(data, size);
    uint8_t *copy = repaired(data, size);
    if (copy == NULL) return 0;
    try_bytes(copy, size);
    free(copy);
    return 0;
}
