// SPDX-License-Identifier: MIT
//
// What panels share: the look of a state, the task in focus, places on the
// axis.

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "view/rows.h"

// A few hundred spans of a task tell all that it ever does.
#define SPAN_COUNT_MAX 256u

// How far back to look for the task that things are about.
#define FOCUS_EVENTS_MAX 64

static unsigned find_states(const ant_model *model);
static bool uses_queue(const ant_model *model, enum ant_trace_QUEUE queue);
static bool is_socket(uint8_t kind);
static bool uses_kind(const ant_model *model, bool (*is_kind)(uint8_t kind));

int view_init(ant_view *view, ant_model *model, ant_replay *replay)
{
    *view = (ant_view){ .model = model, .replay = replay };
    view->states_used = find_states(model);
    view->uses_inject = uses_queue(model, ANT_QUEUE_INJECT);
    view->uses_lifo = uses_queue(model, ANT_QUEUE_LIFO);
    view->uses_blocking = uses_queue(model, ANT_QUEUE_BLOCKING);
    view->uses_deferred = uses_queue(model, ANT_QUEUE_DEFERRED);
    view->uses_sockets = uses_kind(model, is_socket);
    view->uses_channels = uses_kind(model, model_res_is_channel);
    // Scratch is not zeroed: what no picture needs is not in memory.
    view->row = ant_mem_resize(NULL, VIEW_ROW_MAX * sizeof *view->row);
    view->mark = ant_mem_resize(NULL, VIEW_MARK_MAX * sizeof *view->mark);
    if (view->row == NULL || view->mark == NULL) return -ENOMEM;
    if (view_table_init(view) != 0) return -ENOMEM;
    if (view_order_init(view) != 0) return -ENOMEM;
    return view_fold_init(&view->fold, model);
}

void view_deinit(ant_view *view)
{
    model_waitfor_deinit(&view->waitfor);
    lint_job_stop(&view->lint_job);
    lint_report_free(&view->lint);
    view_fold_deinit(&view->fold);
    view_table_deinit(view);
    view_order_deinit(view);
    view_stage_free(view->stage);
    view_machine_free(view);
    ant_mem_free(view->row);
    ant_mem_free(view->mark);
}

const model_waitfor *view_waitfor(ant_view *view)
{
    const ant_snapshot *world = &view->replay->world;
    bool is_made = view->waitfor.nodes != NULL;
    if (is_made && view->waitfor_event == world->event) return &view->waitfor;
    model_waitfor_deinit(&view->waitfor);
    view->waitfor_event = world->event;
    // What has failed has no nodes and is tried again in the next frame.
    (void)!model_waitfor_init(&view->waitfor, world);
    return &view->waitfor;
}

static unsigned find_states(const ant_model *model)
{
    unsigned used = 0;
    unsigned all = (1u << DRAW_STATE_COUNT) - 1;
    for (uint32_t t = 1; t < model->task_count && used != all; t++) {
        model_range spans = model->tasks[t].spans;
        uint32_t count =
            spans.count < SPAN_COUNT_MAX ? spans.count : SPAN_COUNT_MAX;
        for (uint32_t i = 0; i < count; i++) {
            uint8_t state = model->task_spans[spans.first + i].state;
            used |= 1u << view_task_look((model_task_state)state);
        }
    }
    return used;
}

static bool is_socket(uint8_t kind)
{
    return kind == ANT_RES_SOCKET || kind == ANT_RES_LISTENER ||
           kind == ANT_RES_PIPE;
}

static bool uses_kind(const ant_model *model, bool (*is_kind)(uint8_t kind))
{
    for (uint32_t i = 1; i < model->res_count; i++) {
        if (is_kind(model->res[i].kind)) return true;
    }
    return false;
}

static bool uses_queue(const ant_model *model, enum ant_trace_QUEUE queue)
{
    for (uint32_t i = 0; i < model->event_count; i++) {
        if (model->kind[i] != ANT_EV_task_push) continue;
        ant_event event;
        model_event(model, i, &event);
        if (ANT_EVENT_AS(task_push, &event)->queue == queue) return true;
    }
    return false;
}

draw_state view_task_look(model_task_state state)
{
    static const draw_state look[MODEL_TASK_STATE_COUNT] = {
        [MODEL_TASK_NONE] = DRAW_STATE_NEW,
        [MODEL_TASK_NEW] = DRAW_STATE_NEW,
        [MODEL_TASK_READY] = DRAW_STATE_READY,
        [MODEL_TASK_POLLING] = DRAW_STATE_POLLING,
        [MODEL_TASK_BLOCKING] = DRAW_STATE_BLOCKING,
        [MODEL_TASK_WAIT_LOCK] = DRAW_STATE_WAIT_LOCK,
        [MODEL_TASK_WAIT_TASK] = DRAW_STATE_WAIT_TASK,
        [MODEL_TASK_WAIT_CHANNEL] = DRAW_STATE_WAIT_CHANNEL,
        [MODEL_TASK_WAIT_IO] = DRAW_STATE_WAIT_IO,
        [MODEL_TASK_WAIT_TIMER] = DRAW_STATE_WAIT_TIMER,
        [MODEL_TASK_WAIT_OTHER] = DRAW_STATE_WAIT_OTHER,
        [MODEL_TASK_DONE] = DRAW_STATE_DONE,
        [MODEL_TASK_CANCELLED] = DRAW_STATE_CANCELLED,
    };
    return state < MODEL_TASK_STATE_COUNT ? look[state] : DRAW_STATE_NEW;
}

uint32_t view_focus(const ant_view *view)
{
    const ant_model *model = view->model;
    uint32_t task = replay_selected_task(view->replay);
    if (task != 0 || model->event_count == 0) return task;
    // An event that is about no task leaves the one before in focus.
    uint32_t event = view->replay->event;
    for (uint32_t i = 0; i <= event && i < FOCUS_EVENTS_MAX; i++) {
        task = model->task[event - i];
        if (task == 0) task = model_subject(model, event - i);
        if (task != 0) return task;
    }
    return 0;
}

int view_take_step(ant_view *view)
{
    int step = view->step;
    view->step = 0;
    return step;
}

model_window view_window(const ant_view *view, int px)
{
    const ant_replay *replay = view->replay;
    return (model_window){
        .axis = replay->axis,
        .x0 = replay->x0,
        .x1 = replay->x1,
        .px = px > 0 ? px : 1,
    };
}

int view_px(const ant_view *view, draw_rect track, double x)
{
    const ant_replay *replay = view->replay;
    double share = (x - replay->x0) / (replay->x1 - replay->x0);
    // Far outside of the window is just outside of the window.
    if (share < -1) share = -1;
    if (share > 2) share = 2;
    return track.x + (int)(share * track.w + 0.5);
}

int view_px_of_event(const ant_view *view, draw_rect track, uint32_t i)
{
    return view_px(view, track, model_x(view->model, view->replay->axis, i));
}

uint64_t view_now_ns(const ant_view *view)
{
    const ant_replay *replay = view->replay;
    if (replay->axis == MODEL_AXIS_STEP) return replay->world.t_ns;
    uint64_t now = model_time_at(view->model, replay->axis, replay->x);
    return now > replay->world.t_ns ? now : replay->world.t_ns;
}

void view_moment(uint64_t t_ns, char *buf, size_t size)
{
    uint64_t us = t_ns / 1000;
    snprintf(buf, size, "%" PRIu64 ".%03" PRIu64 " ms", us / 1000, us % 1000);
}

void view_res_short(const ant_view *view, uint32_t res, draw_font font, int w,
                    char *buf, size_t size)
{
    const ant_ui *ui = &view->ui;
    const model_res *row = &view->model->res[res];
    bool is_named = row->name[0] != '\0';
    const char *name = is_named ? row->name : model_res_kind_name(row->kind);
    const char *port = strrchr(name, ':');
    bool fits = draw_text_width(ui->draw, font, ui->small, name) <= w;
    bool is_cut = port != NULL && !fits;
    snprintf(buf, size, "%s%s", is_cut ? "\xE2\x80\xA6" : "",
             is_cut ? port : name);
}

void view_res_name(ant_view *view, draw_rect rect, uint32_t res)
{
    ant_ui *ui = &view->ui;
    const model_res *row = &view->model->res[res];
    char name[128];
    view_res_short(view, res, DRAW_FONT_UI, rect.w, name, sizeof(name));
    int w = ui_text_as(ui, rect, DRAW_FONT_UI, ui->small, ui->palette->text,
                       DRAW_LEFT, name);
    draw_cut_left(&rect, w + ui->unit);
    const char *kind = model_res_kind_name(row->kind);
    int kind_w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, kind);
    bool has_room = row->name[0] != '\0' && rect.w >= kind_w;
    if (has_room) ui_text_dim(ui, rect, DRAW_LEFT, kind);
}

bool view_res_is_held(const ant_view *view, uint32_t res)
{
    switch (view->model->res[res].kind) {
    case ANT_RES_MUTEX:
    case ANT_RES_THREAD_MUTEX:
    case ANT_RES_RWLOCK:
    case ANT_RES_SEMAPHORE:
    case ANT_RES_ONCE:
        return true;
    default:
        return false;
    }
}

const char *view_res_idle(const ant_view *view, uint32_t res)
{
    if (is_socket(view->model->res[res].kind)) return "open";
    return view_res_is_held(view, res) ? "free" : "";
}
