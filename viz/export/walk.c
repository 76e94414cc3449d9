// SPDX-License-Identifier: MIT

#include "export/walk.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "model/snapshot.h"
#include "trace/schema.h"

// The walk over queues: the world so far, and the length said last.
typedef struct queue_walk {
    const export_job *job;
    const walk_sink *sink;
    ant_snapshot world;
    uint32_t *len; // of lanes; 0 is the shared queue
} queue_walk;

static void walk_event(const export_job *job, const walk_sink *sink,
                       uint32_t i);
static int walk_queues(const export_job *job, const walk_sink *sink);
static void walk_tasks(const export_job *job, const walk_sink *sink);

int export__walk(const export_job *job, const walk_sink *sink)
{
    for (uint32_t i = 0; i < job->model->event_count; i++) {
        if (export_out_is_over(job->out)) return 0;
        walk_event(job, sink, i);
    }
    if (sink->task != NULL) walk_tasks(job, sink);
    return sink->queue != NULL ? walk_queues(job, sink) : 0;
}

const char *export__walk_kind_name(walk_kind kind)
{
    static const char *const name[WALK_KIND_COUNT] = {
        [WALK_POLL] = "poll", [WALK_FUTURE] = "future", [WALK_BLOCK] = "block",
        [WALK_PARK] = "park", [WALK_SEARCH] = "search", [WALK_WAKE] = "wake",
    };
    return kind < WALK_KIND_COUNT ? name[kind] : "?";
}

// --- Lanes -------------------------------------------------------------------

static bool kind_of_begin(uint8_t kind, walk_kind *ret_kind)
{
    switch (kind) {
    case ANT_EV_poll_begin:
        *ret_kind = WALK_POLL;
        return true;
    case ANT_EV_future_poll:
        *ret_kind = WALK_FUTURE;
        return true;
    case ANT_EV_block_begin:
        *ret_kind = WALK_BLOCK;
        return true;
    case ANT_EV_park:
        *ret_kind = WALK_PARK;
        return true;
    case ANT_EV_search_begin:
        *ret_kind = WALK_SEARCH;
        return true;
    case ANT_EV_wake:
    case ANT_EV_task_spawn:
        *ret_kind = WALK_WAKE;
        return true;
    default:
        return false;
    }
}

static bool kind_of_end(uint8_t kind, walk_kind *ret_kind)
{
    switch (kind) {
    case ANT_EV_poll_end:
        *ret_kind = WALK_POLL;
        return true;
    case ANT_EV_future_result:
        *ret_kind = WALK_FUTURE;
        return true;
    case ANT_EV_block_end:
        *ret_kind = WALK_BLOCK;
        return true;
    case ANT_EV_unpark:
        *ret_kind = WALK_PARK;
        return true;
    case ANT_EV_search_end:
        *ret_kind = WALK_SEARCH;
        return true;
    default:
        return false;
    }
}

// The end of the stretch in `state` that event `i` stands in: a future that
// goes to another state during its poll has several spans there.
static uint32_t end_of_stretch(const ant_model *model, model_track track,
                               uint8_t state, uint32_t i)
{
    const model_span *span = model_span_at(&track, i);
    const model_span *end = track.spans + track.count;
    if (span == NULL) return model->event_count;
    uint32_t to = i;
    for (; span < end && span->state == state; span++) {
        to = span->to;
    }
    return to;
}

// The event that ends what `i` begins.
static uint32_t end_of(const ant_model *model, walk_kind kind, uint32_t i)
{
    uint32_t lane = model->lane[i];
    switch (kind) {
    case WALK_WAKE:
        return i;
    case WALK_FUTURE:
        return end_of_stretch(model,
                              model_track_of(model, MODEL_TRACK_FUTURE,
                                             model_event_future(model, i)),
                              MODEL_FUTURE_POLLING, i);
    case WALK_SEARCH:
        return end_of_stretch(model,
                              model_track_of(model, MODEL_TRACK_LANE, lane),
                              MODEL_LANE_SEARCHING, i);
    case WALK_POLL:
    case WALK_BLOCK:
    case WALK_PARK:
    case WALK_KIND_COUNT:
        break;
    }
    uint32_t to = model_link_of(model, i);
    return to == MODEL_NONE ? model->event_count : to;
}

static void name_future(const ant_model *model, uint32_t row, walk_slice *slice)
{
    const model_future *future = &model->futures[row];
    const char *type = model->types[future->type].name;
    snprintf(slice->name, sizeof slice->name, "%s (%s)", future->name,
             row != 0 ? type : "?");
}

static void name_slice(const ant_model *model, walk_slice *slice)
{
    uint32_t i = slice->from;
    size_t size = sizeof slice->name;
    char label[WALK_NAME_MAX - 8];
    switch (slice->kind) {
    case WALK_POLL:
        model_task_label(model, model_subject(model, i), slice->name, size);
        break;
    case WALK_FUTURE:
        name_future(model, model_event_future(model, i), slice);
        break;
    case WALK_BLOCK:
        model_wait_label(model, model_wait_of(model, i), slice->name, size);
        break;
    case WALK_PARK:
        snprintf(slice->name, size, "parked");
        break;
    case WALK_SEARCH:
        snprintf(slice->name, size, "searching");
        break;
    case WALK_WAKE:
        model_task_label(model, model_subject(model, i), label, sizeof label);
        snprintf(slice->name, size, "%s %s",
                 model->kind[i] == ANT_EV_wake ? "wake" : "spawn", label);
        break;
    case WALK_KIND_COUNT:
        break;
    }
}

static void walk_begin(const export_job *job, const walk_sink *sink,
                       walk_kind kind, uint32_t i)
{
    const ant_model *model = job->model;
    walk_slice slice = {
        .kind = kind,
        .lane = model->lane[i],
        .from = i,
        .to = end_of(model, kind, i),
        .flow_in = MODEL_NONE,
    };
    name_slice(model, &slice);
    if (kind == WALK_POLL) slice.flow_in = model_wake_of_poll(model, i);
    if (kind == WALK_WAKE) {
        uint32_t poll = model_poll_of_wake(model, i);
        slice.is_flow_source =
            poll != MODEL_NONE && model_wake_of_poll(model, poll) == i;
    }
    sink->begin(sink->arg, &slice);
    if (kind == WALK_WAKE && sink->end != NULL) {
        sink->end(sink->arg, kind, i);
    }
}

static void walk_event(const export_job *job, const walk_sink *sink, uint32_t i)
{
    uint8_t event = job->model->kind[i];
    walk_kind kind;
    if (kind_of_begin(event, &kind)) {
        walk_begin(job, sink, kind, i);
    } else if (kind_of_end(event, &kind)) {
        if (sink->end != NULL) sink->end(sink->arg, kind, i);
    } else if (sink->instant != NULL) {
        sink->instant(sink->arg, i);
    }
}

// --- Tasks -------------------------------------------------------------------

static void walk_tasks(const export_job *job, const walk_sink *sink)
{
    const ant_model *model = job->model;
    for (uint32_t task = 1; task < model->task_count; task++) {
        if (export_out_is_over(job->out)) return;
        model_track track = model_track_of(model, MODEL_TRACK_TASK, task);
        if (track.count == 0) continue;
        uint32_t to = track.spans[track.count - 1].to;
        sink->task(sink->arg, task, track.spans[0].from, to);
        for (uint32_t i = 0; i < track.count; i++) {
            sink->state(sink->arg, task, &track.spans[i]);
        }
        sink->task_end(sink->arg, task, to);
    }
}

// --- Queues ------------------------------------------------------------------

static bool moves_queues(uint8_t kind)
{
    switch (kind) {
    case ANT_EV_task_push:
    case ANT_EV_poll_begin:
    case ANT_EV_steal:
    case ANT_EV_steal_task:
    case ANT_EV_overflow:
    case ANT_EV_inject_pop:
    case ANT_EV_task_drop:
    case ANT_EV_task_end:
        return true;
    default:
        return false;
    }
}

static void say_queue(queue_walk *walk, uint32_t lane, uint32_t len)
{
    if (walk->len[lane] == len) return;
    walk->len[lane] = len;
    walk->sink->queue(walk->sink->arg, lane, walk->world.event, len);
}

static int walk_queues(const export_job *job, const walk_sink *sink)
{
    const ant_model *model = job->model;
    queue_walk walk = { .job = job, .sink = sink };
    walk.len = ant_mem_alloc(model->lane_count * sizeof *walk.len);
    int err =
        walk.len == NULL ? -ENOMEM : model_snapshot_init(&walk.world, model);
    for (uint32_t i = 0; err == 0 && i < model->event_count; i++) {
        if (export_out_is_over(job->out)) break;
        if (!moves_queues(model->kind[i])) continue;
        model_snapshot_at(&walk.world, i);
        say_queue(&walk, 0, walk.world.inject.len);
        for (uint32_t lane = 1; lane < model->lane_count; lane++) {
            const model_now_lane *now = &walk.world.lanes[lane];
            say_queue(&walk, lane, now->local.len + (now->lifo != 0));
        }
    }
    if (walk.len != NULL) model_snapshot_deinit(&walk.world);
    ant_mem_free(walk.len);
    return err;
}

void export__queue_name(const ant_model *model, uint32_t lane, char *buf,
                        size_t size)
{
    if (lane == 0) {
        snprintf(buf, size, "shared queue");
    } else {
        snprintf(buf, size, "queue of %s", model->lanes[lane].name);
    }
}
