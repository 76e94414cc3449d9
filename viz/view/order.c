// SPDX-License-Identifier: MIT
//
// Which rows the track column has, and in which order: workers, tasks (with the
// futures of the selected one right under it), locks. Only counting; where they
// stand on the screen is in tracks.c.

#include "view/rows.h"

static bool lane_is_shown(const ant_model *model, uint32_t lane);
static bool res_is_shown(const ant_model *model, uint32_t res);
static uint32_t futures_shown(const ant_view *view, uint32_t task);
static void task_at(const ant_view *view, uint32_t nth, replay_kind *ret_kind,
                    uint32_t *ret_row);

uint32_t view_order_count(const ant_view *view, view_section which)
{
    const ant_model *model = view->model;
    uint32_t count = 0;
    switch (which) {
    case VIEW_LANES:
        for (uint32_t i = 1; i < model->lane_count; i++) {
            if (lane_is_shown(model, i)) count++;
        }
        return count;
    case VIEW_TASKS:
        count = model->task_count - 1;
        if (view->opens_all) return count + view->fold.row_count;
        return count + futures_shown(view, replay_selected_task(view->replay));
    case VIEW_RES:
        for (uint32_t i = 1; i < model->res_count; i++) {
            if (res_is_shown(model, i)) count++;
        }
        return count;
    case VIEW_SECTION_COUNT:
        break;
    }
    return 0;
}

void view_order_at(const ant_view *view, view_section which, uint32_t nth,
                   replay_kind *ret_kind, uint32_t *ret_row)
{
    const ant_model *model = view->model;
    *ret_row = 0;
    if (which == VIEW_TASKS) {
        task_at(view, nth, ret_kind, ret_row);
        return;
    }
    *ret_kind = which == VIEW_LANES ? REPLAY_LANE : REPLAY_RES;
    uint32_t count = which == VIEW_LANES ? model->lane_count : model->res_count;
    for (uint32_t i = 1; i < count; i++) {
        bool is_shown = which == VIEW_LANES ? lane_is_shown(model, i)
                                            : res_is_shown(model, i);
        if (is_shown && nth-- == 0) {
            *ret_row = i;
            return;
        }
    }
}

void view_select_step(ant_view *view, int by)
{
    view_section section = VIEW_TASKS;
    uint32_t nth = 0;
    bool is_found =
        view_order_find(view, view->replay->selection, &section, &nth);
    if (is_found && by > 0) {
        nth++;
        while (section < VIEW_SECTION_COUNT &&
               nth >= view_order_count(view, section)) {
            section++;
            nth = 0;
        }
    } else if (is_found) {
        while (nth == 0 && section > 0) {
            section--;
            nth = view_order_count(view, section);
        }
        if (nth == 0) return;
        nth--;
    }
    if (section == VIEW_SECTION_COUNT) return;
    if (nth >= view_order_count(view, section)) return;
    replay_kind kind = REPLAY_NOTHING;
    uint32_t row = 0;
    view_order_at(view, section, nth, &kind, &row);
    replay_select(view->replay, kind, row);
}

// --- Helpers ---------------------------------------------------------------

static bool lane_is_shown(const ant_model *model, uint32_t lane)
{
    const model_lane *l = &model->lanes[lane];
    return l->kind == ANT_LANE_WORKER || l->poll_count > 0;
}

// Locks and channels; timers and joins have no row of their own, and what was
// only ever mentioned has nothing to show.
static bool res_is_shown(const ant_model *model, uint32_t res)
{
    const model_res *r = &model->res[res];
    bool is_known =
        r->new_event != MODEL_NONE || r->spans.count > 0 || r->waiter_max > 0;
    return is_known && r->kind != ANT_RES_TIMER && r->kind != ANT_RES_TASK;
}

static uint32_t futures_shown(const ant_view *view, uint32_t task)
{
    bool is_open =
        view->opens_all || task == replay_selected_task(view->replay);
    return task != 0 && is_open ? view_fold_count(&view->fold, task) : 0;
}

// Without open tasks the nth row is the nth task; the futures of one open task
// shift what follows; when all are open there are few, and they are counted.
static void task_at(const ant_view *view, uint32_t nth, replay_kind *ret_kind,
                    uint32_t *ret_row)
{
    uint32_t open = view->opens_all ? 1 : replay_selected_task(view->replay);
    uint32_t last = view->opens_all ? view->model->task_count - 1 : open;
    *ret_kind = REPLAY_TASK;
    *ret_row = nth + 1;
    for (uint32_t task = open; task > 0 && task <= last; task++) {
        uint32_t inside = futures_shown(view, task);
        if (nth < task) return;
        if (nth < task + inside) {
            *ret_kind = REPLAY_FUTURE;
            *ret_row = view->fold.rows[view->fold.first[task] + nth - task];
            return;
        }
        nth -= inside;
        *ret_row = nth + 1;
    }
}

bool view_order_find(const ant_view *view, replay_selection wanted,
                     view_section *ret_section, uint32_t *ret_nth)
{
    view_section section = wanted.kind == REPLAY_LANE  ? VIEW_LANES
                           : wanted.kind == REPLAY_RES ? VIEW_RES
                                                       : VIEW_TASKS;
    if (wanted.kind == REPLAY_FUTURE) {
        wanted.row = view->fold.leader[wanted.row];
    }
    uint32_t count = view_order_count(view, section);
    for (uint32_t i = 0; i < count; i++) {
        replay_kind kind = REPLAY_NOTHING;
        uint32_t row = 0;
        view_order_at(view, section, i, &kind, &row);
        if (kind != wanted.kind || row != wanted.row) continue;
        *ret_section = section;
        *ret_nth = i;
        return true;
    }
    return false;
}
