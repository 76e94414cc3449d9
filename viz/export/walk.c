// SPDX-License-Identifier: MIT

#include "export/walk.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"
#include "model/snapshot.h"
#include "trace/schema.h"

// A task whose state changes at some event.
typedef struct walk_change {
    uint32_t task;
    uint32_t next; // change of the same event, index + 1; 0 for none
} walk_change;

typedef struct walk {
    const export_job *job;
    const walk_sink *sink;
    ant_snapshot world;   // for the queues
    uint32_t *queue_len;  // of lanes, as said last; 0 is the shared queue
    walk_change *changes; // one for each span of a task
    uint32_t *change_at;  // of events: their first change, index + 1
    uint32_t *span_of;    // of tasks: how many of its spans have begun
} walk;

static int start(walk *w);
static void finish(walk *w);
static void list_changes(walk *w);
static void walk_lanes(walk *w, uint32_t i);
static void walk_changes(walk *w, uint32_t i);
static void walk_last_states(walk *w);
static void walk_queues(walk *w, uint32_t i);
static bool moves_queues(uint8_t kind);

int export__walk(const export_job *job, const walk_sink *sink)
{
    walk w = { .job = job, .sink = sink };
    int err = start(&w);
    if (err < 0) return err;
    for (uint32_t i = 0; i < job->model->event_count; i++) {
        if (export_out_is_over(job->out)) break;
        walk_lanes(&w, i);
        if (sink->state != NULL) walk_changes(&w, i);
        bool has_moved = moves_queues(job->model->kind[i]);
        if (has_moved && sink->queue != NULL) walk_queues(&w, i);
    }
    if (sink->state != NULL) walk_last_states(&w);
    finish(&w);
    return 0;
}

static int start(walk *w)
{
    const ant_model *model = w->job->model;
    uint32_t span_count = 1;
    for (uint32_t task = 1; task < model->task_count; task++) {
        span_count += model->tasks[task].spans.count;
    }
    w->queue_len = ant_mem_alloc(model->lane_count * sizeof *w->queue_len);
    w->changes = ant_mem_alloc(span_count * sizeof *w->changes);
    w->change_at =
        ant_mem_alloc((model->event_count + 1) * sizeof *w->change_at);
    w->span_of = ant_mem_alloc(model->task_count * sizeof *w->span_of);
    bool has_all = w->queue_len != NULL && w->changes != NULL &&
                   w->change_at != NULL && w->span_of != NULL;
    if (!has_all || model_snapshot_init(&w->world, model) < 0) {
        finish(w);
        return -ENOMEM;
    }
    list_changes(w);
    return 0;
}

static void finish(walk *w)
{
    model_snapshot_deinit(&w->world);
    ant_mem_free(w->queue_len);
    ant_mem_free(w->changes);
    ant_mem_free(w->change_at);
    ant_mem_free(w->span_of);
}

// Spans stand by task; this puts them in the order in which they begin.
static void list_changes(walk *w)
{
    const ant_model *model = w->job->model;
    uint32_t count = 0;
    for (uint32_t task = model->task_count; task-- > 1;) {
        model_track track = model_track_of(model, MODEL_TRACK_TASK, task);
        for (uint32_t i = 0; i < track.count; i++) {
            uint32_t *first = &w->change_at[track.spans[i].from];
            w->changes[count] = (walk_change){ task, *first };
            *first = ++count;
        }
    }
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

static void walk_begin(const walk *w, walk_kind kind, uint32_t i)
{
    const ant_model *model = w->job->model;
    const walk_sink *sink = w->sink;
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

static void walk_lanes(walk *w, uint32_t i)
{
    const walk_sink *sink = w->sink;
    uint8_t event = w->job->model->kind[i];
    walk_kind kind;
    if (kind_of_begin(event, &kind)) {
        walk_begin(w, kind, i);
    } else if (kind_of_end(event, &kind)) {
        if (sink->end != NULL) sink->end(sink->arg, kind, i);
    } else if (sink->instant != NULL) {
        sink->instant(sink->arg, i);
    }
}

// --- Tasks -------------------------------------------------------------------

static bool is_end(uint8_t state)
{
    return state == MODEL_TASK_DONE || state == MODEL_TASK_CANCELLED;
}

// The task's next state begins at event `i`.
static void change(walk *w, uint32_t task, uint32_t i)
{
    const walk_sink *sink = w->sink;
    model_track track = model_track_of(w->job->model, MODEL_TRACK_TASK, task);
    uint32_t n = w->span_of[task]++;
    const model_span *span = &track.spans[n];
    if (n == 0) {
        sink->task(sink->arg, task, i);
    } else if (!is_end(span[-1].state)) {
        sink->state_end(sink->arg, task, span - 1);
    }
    if (!is_end(span->state)) {
        sink->state(sink->arg, task, span);
    } else if (n == 0 || !is_end(span[-1].state)) {
        sink->task_end(sink->arg, task, i);
    }
}

static void walk_changes(walk *w, uint32_t i)
{
    uint32_t next = w->change_at[i];
    while (next != 0) {
        const walk_change *row = &w->changes[next - 1];
        change(w, row->task, i);
        next = row->next;
    }
}

// What has not ended ends with the recording.
static void walk_last_states(walk *w)
{
    const ant_model *model = w->job->model;
    const walk_sink *sink = w->sink;
    for (uint32_t task = 1; task < model->task_count; task++) {
        model_track track = model_track_of(model, MODEL_TRACK_TASK, task);
        uint32_t n = w->span_of[task];
        if (n == 0 || is_end(track.spans[n - 1].state)) continue;
        sink->state_end(sink->arg, task, &track.spans[n - 1]);
        sink->task_end(sink->arg, task, track.spans[n - 1].to);
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

static void say_queue(walk *w, uint32_t lane, uint32_t len)
{
    if (w->queue_len[lane] == len) return;
    w->queue_len[lane] = len;
    w->sink->queue(w->sink->arg, lane, w->world.event, len);
}

static void walk_queues(walk *w, uint32_t i)
{
    model_snapshot_at(&w->world, i);
    say_queue(w, 0, w->world.inject.len);
    for (uint32_t lane = 1; lane < w->job->model->lane_count; lane++) {
        const model_now_lane *now = &w->world.lanes[lane];
        say_queue(w, lane, now->local.len + (now->lifo != 0));
    }
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
