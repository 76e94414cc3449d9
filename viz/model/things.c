// SPDX-License-Identifier: MIT
//
// The pass that fills the tables of tasks, lanes, resources and types: what
// each event says about one of them. Waits and holds have a pass of their own.

#include "model/build.h"

#include <errno.h>

typedef void (*thing_fn)(model_build *build, uint32_t i,
                         const ant_event *event);

static int alloc_tables(model_build *build);
static void name_tasks(model_build *build);
static void name_lanes(model_build *build);
static void name_res(model_build *build);
static void name_types(model_build *build, model_type *types);

static thing_fn const on_event[ANT_EV_COUNT];

int model__things(model_build *build)
{
    int err = alloc_tables(build);
    if (err != 0) return err;

    for (uint32_t i = 0; i < build->model.event_count; i++) {
        thing_fn fn = on_event[build->kind[i]];
        if (fn == NULL) continue;
        ant_event event;
        model_event(&build->model, i, &event);
        fn(build, i, &event);
    }
    return 0;
}

const char *model__text(const model_build *build, uint64_t id)
{
    return id == 0 ? "" : ant_reader_string(build->reader, id);
}

static int alloc_tables(model_build *build)
{
    ant_model *model = &build->model;
    model->task_count = model__ids_count(&build->task_ids);
    model->lane_count = model__ids_count(&build->lane_ids);
    model->res_count = model__ids_count(&build->res_ids);
    model->type_count = ant_reader_type_max(build->reader) + 1;

    build->tasks = model__alloc(build, model->task_count, sizeof(model_task));
    build->lanes = model__alloc(build, model->lane_count, sizeof(model_lane));
    build->res = model__alloc(build, model->res_count, sizeof(model_res));
    model_type *types =
        model__alloc(build, model->type_count, sizeof(model_type));
    build->stops = model__alloc(build, build->kind_count[ANT_EV_runtime_stop],
                                sizeof *build->stops);
    if (build->tasks == NULL || build->lanes == NULL || build->res == NULL ||
        build->stops == NULL || types == NULL)
        return -ENOMEM;

    model->tasks = build->tasks;
    model->lanes = build->lanes;
    model->res = build->res;
    model->types = types;
    model->stops = build->stops;
    model->stall_event = MODEL_NONE;
    name_tasks(build);
    name_lanes(build);
    name_res(build);
    name_types(build, types);
    return 0;
}

static void name_tasks(model_build *build)
{
    for (uint32_t row = 0; row < build->model.task_count; row++) {
        build->tasks[row] = (model_task){
            .id = row == 0 ? 0 : (uint32_t)model__ids_id(&build->task_ids, row),
            .name = "task",
            .type = "",
            .file = "",
            .message = "",
            .end_file = "",
            .spawn_event = MODEL_NONE,
            .end_event = MODEL_NONE,
        };
    }
}

static void name_lanes(model_build *build)
{
    for (uint32_t row = 0; row < build->model.lane_count; row++) {
        model_lane *lane = &build->lanes[row];
        const ant_trace_lane_info *info = NULL;
        lane->id =
            row == 0 ? 0 : (uint32_t)model__ids_id(&build->lane_ids, row);
        lane->name = "thread";
        lane->kind = ANT_LANE_THREAD;
        if (row != 0) info = ant_reader_lane(build->reader, lane->id);
        if (info == NULL) continue;
        lane->kind = (uint8_t)info->kind;
        lane->index = info->index;
        if (info->name[0] != '\0') lane->name = info->name;
        if (info->kind == ANT_LANE_WORKER) build->model.worker_count++;
    }
}

static void name_res(model_build *build)
{
    for (uint32_t row = 0; row < build->model.res_count; row++) {
        build->res[row] = (model_res){
            .id = row == 0 ? 0 : (uint32_t)model__ids_id(&build->res_ids, row),
            .kind = ANT_RES_OTHER,
            .name = "",
            .file = "",
            .new_event = MODEL_NONE,
            .drop_event = MODEL_NONE,
        };
    }
}

static void name_types(model_build *build, model_type *types)
{
    types[0] = (model_type){ .name = "", .file = "" };
    for (uint32_t id = 1; id < build->model.type_count; id++) {
        const ant_trace_type *type = ant_reader_type(build->reader, id);
        types[id] = (model_type){ .name = type->name,
                                  .file = type->file,
                                  .line = type->line,
                                  .bytes = type->bytes,
                                  .state_count = type->state_count,
                                  .needs = (uint8_t)type->needs };
    }
}

static void on_task_spawn(model_build *build, uint32_t i,
                          const ant_event *event)
{
    const ant_ev_task_spawn *ev = ANT_EVENT_AS(task_spawn, event);
    uint32_t parent = model_task_row(&build->model, ev->parent);
    model_task *task = &build->tasks[model_task_row(&build->model, ev->task)];

    const char *name = model__text(build, ev->name);
    task->kind = (uint8_t)ev->kind;
    task->parent = parent;
    task->file = model__text(build, ev->file);
    task->line = (uint32_t)ev->line;
    if (task->spawn_event == MODEL_NONE) task->spawn_event = i;
    if (ev->type < build->model.type_count) {
        task->type_id = (uint32_t)ev->type;
        task->type = build->model.types[ev->type].name;
    }
    if (name[0] != '\0') {
        task->name = name;
    } else if (task->type[0] != '\0') {
        task->name = task->type;
    }
    build->tasks[parent].children++;
}

static void on_task_end(model_build *build, uint32_t i, const ant_event *event)
{
    const ant_ev_task_end *ev = ANT_EVENT_AS(task_end, event);
    model_task *task = &build->tasks[model_task_row(&build->model, ev->task)];

    task->outcome = (uint8_t)ev->outcome;
    task->err = (int32_t)ev->err;
    task->message = model__text(build, ev->message);
    task->end_file = model__text(build, ev->file);
    task->end_line = (uint32_t)ev->line;
    task->end_event = i;
}

static void on_task_drop(model_build *build, uint32_t i, const ant_event *event)
{
    const ant_ev_task_drop *ev = ANT_EVENT_AS(task_drop, event);
    model_task *task = &build->tasks[model_task_row(&build->model, ev->task)];

    if (task->end_event != MODEL_NONE) return;
    task->end_event = i;
    if (ev->why != ANT_DROP_DONE) task->outcome = ANT_RESULT_CANCELLED;
}

static void on_task_abort(model_build *build, uint32_t i,
                          const ant_event *event)
{
    const ant_ev_task_abort *ev = ANT_EVENT_AS(task_abort, event);
    (void)i;
    build->tasks[model_task_row(&build->model, ev->task)].is_aborted = true;
}

static void on_task_detach(model_build *build, uint32_t i,
                           const ant_event *event)
{
    const ant_ev_task_detach *ev = ANT_EVENT_AS(task_detach, event);
    (void)i;
    build->tasks[model_task_row(&build->model, ev->task)].is_detached = true;
}

static void on_poll_begin(model_build *build, uint32_t i,
                          const ant_event *event)
{
    const ant_ev_poll_begin *ev = ANT_EVENT_AS(poll_begin, event);
    build->tasks[model_task_row(&build->model, ev->task)].poll_count++;
    build->lanes[build->lane[i]].poll_count++;
}

static void on_wake(model_build *build, uint32_t i, const ant_event *event)
{
    const ant_ev_wake *ev = ANT_EVENT_AS(wake, event);
    (void)i;
    build->tasks[model_task_row(&build->model, ev->task)].wake_count++;
}

static void on_steal(model_build *build, uint32_t i, const ant_event *event)
{
    (void)event;
    build->lanes[build->lane[i]].steal_count++;
}

static void on_permits(model_build *build, uint32_t i, const ant_event *event)
{
    const ant_ev_permits *ev = ANT_EVENT_AS(permits, event);
    (void)i;
    build->res[model_res_row(&build->model, ev->res)].is_refilled = true;
}

static void on_res_new(model_build *build, uint32_t i, const ant_event *event)
{
    const ant_ev_res_new *ev = ANT_EVENT_AS(res_new, event);
    model_res *res = &build->res[model_res_row(&build->model, ev->res)];
    const char *name = model__text(build, ev->name);

    res->kind = (uint8_t)ev->kind;
    if (name[0] != '\0') res->name = name;
    res->file = model__text(build, ev->file);
    res->line = (uint32_t)ev->line;
    res->capacity = (uint32_t)ev->capacity;
    res->new_event = i;
}

static void on_res_drop(model_build *build, uint32_t i, const ant_event *event)
{
    const ant_ev_res_drop *ev = ANT_EVENT_AS(res_drop, event);
    build->res[model_res_row(&build->model, ev->res)].drop_event = i;
}

static void on_stall(model_build *build, uint32_t i, const ant_event *event)
{
    (void)event;
    if (build->model.stall_event == MODEL_NONE) build->model.stall_event = i;
}

static void on_runtime_stop(model_build *build, uint32_t i,
                            const ant_event *event)
{
    const ant_ev_runtime_stop *ev = ANT_EVENT_AS(runtime_stop, event);
    if (ev->phase == ANT_PHASE_CLOSE)
        build->stops[build->model.stop_count++] = i;
}

static thing_fn const on_event[ANT_EV_COUNT] = {
    [ANT_EV_runtime_stop] = on_runtime_stop,
    [ANT_EV_task_spawn] = on_task_spawn,
    [ANT_EV_task_end] = on_task_end,
    [ANT_EV_task_drop] = on_task_drop,
    [ANT_EV_task_abort] = on_task_abort,
    [ANT_EV_task_detach] = on_task_detach,
    [ANT_EV_poll_begin] = on_poll_begin,
    [ANT_EV_wake] = on_wake,
    [ANT_EV_steal] = on_steal,
    [ANT_EV_permits] = on_permits,
    [ANT_EV_res_new] = on_res_new,
    [ANT_EV_res_drop] = on_res_drop,
    [ANT_EV_stall] = on_stall,
};
