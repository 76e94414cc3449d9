// SPDX-License-Identifier: MIT
//
// Opening and closing a model, and looking things up in it by event, time
// and id. How the tables come about is in the files that build.h names.

#include "model/model.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "model/build.h"

static model_build *new_build(const char *path);
static int finish_open(model_build *build, int err, ant_model **ret_model,
                       ant_reader_error *ret_error);
static int run_passes(model_build *build);

int model_open(const char *path, ant_model **ret_model,
               ant_reader_error *ret_error)
{
    return model_open_telling(path, NULL, ret_model, ret_error);
}

int model_open_telling(const char *path, const model_progress *progress,
                       ant_model **ret_model, ant_reader_error *ret_error)
{
    model_build *build = new_build(path);
    if (build == NULL) return finish_open(NULL, -ENOMEM, ret_model, ret_error);
    build->progress = progress;
    int err = ant_reader_open(path, &build->reader, ret_error);
    if (err != 0) {
        model_close(&build->model);
        return err;
    }
    return finish_open(build, run_passes(build), ret_model, ret_error);
}

int model_open_bytes(const void *bytes, size_t len, const char *path,
                     ant_model **ret_model, ant_reader_error *ret_error)
{
    model_build *build = new_build(path);
    if (build == NULL) return finish_open(NULL, -ENOMEM, ret_model, ret_error);
    int err = ant_reader_open_bytes(bytes, len, &build->reader, ret_error);
    if (err != 0) {
        model_close(&build->model);
        return err;
    }
    return finish_open(build, run_passes(build), ret_model, ret_error);
}

void model_close(ant_model *model)
{
    if (model == NULL) return;
    model_build *build = model->build;
    void **block = build->blocks.data;

    model__sources_free(build);
    model__keyframes_free(build);
    if (build->reader != NULL) ant_reader_close(build->reader);
    for (size_t i = 0; i < build->blocks.len; i++)
        ant_mem_free(block[i]);
    model__buf_free(&build->blocks);
    model__buf_free(&build->args);
    model__buf_free(&build->losses);
    model__buf_free(&build->far_ns);
    model__buf_free(&build->depths.notes);
    model__ids_free(&build->task_ids);
    model__ids_free(&build->lane_ids);
    model__ids_free(&build->res_ids);
    model__ids_free(&build->future_ids);
    model__ids_free(&build->timer_ids);
    ant_mem_free(build);
}

static model_build *new_build(const char *path)
{
    model_build *build = ant_mem_alloc(sizeof *build);
    if (build == NULL) return NULL;
    build->model.build = build;

    size_t bytes = strlen(path) + 1;
    char *copy = model__alloc(build, bytes, 1);
    if (copy == NULL) {
        model_close(&build->model);
        return NULL;
    }
    memcpy(copy, path, bytes);
    build->model.path = copy;
    return build;
}

static int finish_open(model_build *build, int err, ant_model **ret_model,
                       ant_reader_error *ret_error)
{
    if (err == 0) {
        *ret_model = &build->model;
        return 0;
    }
    if (build != NULL) model_close(&build->model);
    ret_error->offset = 0;
    snprintf(ret_error->text, sizeof ret_error->text,
             err == -E2BIG ? "too many events for this program; record less"
             : err == -ECANCELED ? "stopped"
                                 : "not enough memory to open this trace");
    return err;
}

// The shares of the time are those of a trace of ten million events.
static int run_passes(model_build *build)
{
    static const struct {
        int (*run)(model_build *build);
        unsigned percent; // when it has ended
    } pass[] = {
        { model__columns, 40 },   { model__things, 43 },  { model__claims, 48 },
        { model__halves, 49 },    { model__futures, 50 }, { model__lists, 56 },
        { model__edges, 60 },     { model__lates, 60 },   { model__steps, 61 },
        { model__axes, 64 },      { model__worlds, 92 },  { model__folds, 98 },
        { model__activity, 100 },
    };
    int err = 0;
    build->model.reader = build->reader;
    build->model.info = ant_reader_info(build->reader);
    for (size_t i = 0; i < ANT_ARRAY_LEN(pass) && err == 0; i++) {
        if (!model__tell(build, 0, 1)) err = -ECANCELED;
        build->percent_until = pass[i].percent;
        if (err == 0) err = pass[i].run(build);
        build->percent = pass[i].percent;
    }
    if (err == 0 && !model__tell(build, 0, 1)) err = -ECANCELED;
    build->progress = NULL; // its owner need not stay
    // What the passes had for themselves lies between what stays.
    ant_mem_trim();
    return err;
}

bool model__tell(const model_build *build, uint64_t done, uint64_t all)
{
    const model_progress *progress = build->progress;
    if (progress == NULL) return true;
    unsigned room = build->percent_until - build->percent;
    uint64_t part = all > 0 && done <= all ? done * room / all : 0;
    return progress->tell(progress->arg, build->reader,
                          build->percent + (unsigned)part);
}

void *model__alloc(model_build *build, size_t count, size_t elem_bytes)
{
    void **slot = model__buf_push(&build->blocks, sizeof *slot);
    if (slot == NULL) return NULL;
    *slot = count > SIZE_MAX / elem_bytes
                ? NULL
                : ant_mem_alloc(count == 0 ? 1 : count * elem_bytes);
    return *slot;
}

// --- Events ---

void model_event(const ant_model *model, uint32_t i, ant_event *ret_event)
{
    const model_build *build = model->build;
    *ret_event = (ant_event){
        .t_ns = model_t_ns(model, i),
        .lane = model->lanes == NULL ? 0 : model->lanes[model->lane[i]].id,
        .task = model->tasks == NULL ? 0 : model->tasks[model->task[i]].id,
        .kind = model->kind[i],
        .count = build->fields[model->kind[i]].count,
    };
    for (unsigned k = 0; k < ret_event->count; k++) {
        ret_event->field[k] = model__field(build, i, k);
    }
}

uint32_t model_task_row(const ant_model *model, uint64_t id)
{
    return model__ids_row(&model->build->task_ids, id);
}

uint32_t model_res_row(const ant_model *model, uint64_t id)
{
    return model__ids_row(&model->build->res_ids, id);
}

uint32_t model_future_row(const ant_model *model, uint64_t id)
{
    return model__ids_row(&model->build->future_ids, id);
}

uint32_t model_lane_row(const ant_model *model, uint64_t id)
{
    return model__ids_row(&model->build->lane_ids, id);
}

uint32_t model_subject(const ant_model *model, uint32_t i)
{
    const model_build *build = model->build;
    unsigned field = build->fields[model->kind[i]].task;
    if (field == BUILD_FIELD_NONE) return model->task[i];
    return model_task_row(model, model__field(build, i, field));
}

uint32_t model_event_res(const ant_model *model, uint32_t i)
{
    const model_build *build = model->build;
    unsigned field = build->fields[model->kind[i]].res;
    if (field == BUILD_FIELD_NONE) return 0;
    return model_res_row(model, model__field(build, i, field));
}

uint32_t model_event_future(const ant_model *model, uint32_t i)
{
    const model_build *build = model->build;
    unsigned field = build->fields[model->kind[i]].fut;
    if (field == BUILD_FIELD_NONE) return 0;
    return model_future_row(model, model__field(build, i, field));
}

uint32_t model_event_after(const ant_model *model, uint64_t t_ns)
{
    uint32_t low = 0;
    uint32_t high = model->event_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (model_t_ns(model, middle) < t_ns) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t model_event_before(const ant_model *model, uint64_t t_ns)
{
    if (t_ns == UINT64_MAX) t_ns--;
    uint32_t after = model_event_after(model, t_ns + 1);
    return after == 0 ? 0 : after - 1;
}

// How many of the range's events are before event `i`.
static uint32_t rank_in(const uint32_t *events, model_range range, uint32_t i)
{
    uint32_t low = 0;
    uint32_t high = range.count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (events[range.first + middle] < i) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

uint32_t model_next_in(const uint32_t *events, model_range range, uint32_t i)
{
    uint32_t rank =
        i == MODEL_NONE ? range.count : rank_in(events, range, i + 1);
    return rank == range.count ? MODEL_NONE : events[range.first + rank];
}

uint32_t model_prev_in(const uint32_t *events, model_range range, uint32_t i)
{
    uint32_t rank = rank_in(events, range, i);
    return rank == 0 ? MODEL_NONE : events[range.first + rank - 1];
}

// How many polls begin before entry `at` of a list of events.
static uint32_t polls_until(const ant_model *model, const uint32_t *events,
                            const uint32_t *polls, uint32_t at)
{
    uint32_t n = polls[at / BUILD_POLLS];
    for (uint32_t k = at - at % BUILD_POLLS; k < at; k++)
        n += model->kind[events[k]] == ANT_EV_poll_begin;
    return n;
}

static uint32_t polls_before(const ant_model *model, const uint32_t *events,
                             const uint32_t *polls, model_range range,
                             uint32_t i)
{
    uint32_t end = range.first + rank_in(events, range, i);
    return polls_until(model, events, polls, end) -
           polls_until(model, events, polls, range.first);
}

uint32_t model_polls_of_task(const ant_model *model, uint32_t task, uint32_t i)
{
    return polls_before(model, model->events_of_task,
                        model->build->polls_of_task, model->tasks[task].events,
                        i);
}

uint32_t model_polls_on_lane(const ant_model *model, uint32_t lane, uint32_t i)
{
    return polls_before(model, model->events_of_lane,
                        model->build->polls_of_lane, model->lanes[lane].events,
                        i);
}

// --- Spans ---

model_track model_track_of(const ant_model *model, model_track_kind kind,
                           uint32_t row)
{
    const build_fold *fold = &model->build->folds[kind];
    const model_span *spans = NULL;
    model_range range = { 0 };
    switch (kind) {
    case MODEL_TRACK_TASK:
        spans = model->task_spans;
        range = model->tasks[row].spans;
        break;
    case MODEL_TRACK_LANE:
        spans = model->lane_spans;
        range = model->lanes[row].spans;
        break;
    case MODEL_TRACK_RES:
        spans = model->res_spans;
        range = model->res[row].spans;
        break;
    case MODEL_TRACK_FUTURE:
        spans = model->future_spans;
        range = model->futures[row].spans;
        break;
    }
    return (model_track){ .spans = spans + range.first,
                          .count = range.count,
                          .folds = fold->bytes + fold->at[row] };
}

uint32_t model_span_after(const model_track *track, uint32_t i)
{
    uint32_t low = 0;
    uint32_t high = track->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (track->spans[middle].to <= i) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const model_span *model_span_at(const model_track *track, uint32_t event)
{
    uint32_t at = model_span_after(track, event);
    bool is_inside = at < track->count && track->spans[at].from <= event;
    return is_inside ? &track->spans[at] : NULL;
}

uint64_t model_span_t0(const ant_model *model, const model_span *span)
{
    return model_t_ns(model, span->from);
}

uint64_t model_span_t1(const ant_model *model, const model_span *span)
{
    return span->to < model->event_count ? model_t_ns(model, span->to)
                                         : model->t_end_ns;
}
