// SPDX-License-Identifier: MIT

#include "view/order.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "view/rows.h"

static void make(ant_view *view);
static uint32_t futures_shown(const ant_view *view, uint32_t task);
static void task_at(const ant_view *view, uint32_t nth, replay_kind *ret_kind,
                    uint32_t *ret_row);

static view_section section_of(replay_kind kind)
{
    return kind == REPLAY_LANE  ? VIEW_LANES
           : kind == REPLAY_RES ? VIEW_RES
                                : VIEW_TASKS;
}

static uint32_t table_count(const ant_model *model, view_section which)
{
    return which == VIEW_LANES   ? model->lane_count
           : which == VIEW_TASKS ? model->task_count
                                 : model->res_count;
}

int view_order_init(ant_view *view)
{
    view_order *order = &view->order;
    bool is_good = true;
    for (unsigned i = VIEW_LANES; i < VIEW_SECTION_COUNT; i++) {
        uint32_t count = table_count(view->model, (view_section)i);
        order->rows[i] = ant_mem_alloc(count * sizeof(uint32_t));
        order->hidden[i] = ant_mem_alloc(count);
        if (order->rows[i] == NULL || order->hidden[i] == NULL) {
            is_good = false;
        }
    }
    order->place = ant_mem_alloc(view->model->task_count * sizeof(uint32_t));
    return is_good && order->place != NULL ? 0 : -ENOMEM;
}

void view_order_deinit(ant_view *view)
{
    for (unsigned i = VIEW_LANES; i < VIEW_SECTION_COUNT; i++) {
        ant_mem_free(view->order.rows[i]);
        ant_mem_free(view->order.hidden[i]);
    }
    ant_mem_free(view->order.place);
}

// The filter may ask for states, which change with every event.
void view_order_update(ant_view *view)
{
    view_order *order = &view->order;
    bool is_same = order->is_made && strcmp(order->filter, view->filter) == 0;
    bool is_late =
        view->filter[0] != '\0' && order->made_event != view->replay->event;
    if (is_same && !is_late) return;
    make(view);
    order->is_made = true;
    order->made_event = view->replay->event;
    memcpy(order->filter, view->filter, sizeof(order->filter));
}

uint32_t view_order_count(const ant_view *view, view_section which)
{
    const view_order *order = &view->order;
    if (which == VIEW_PINNED) return order->pin_count;
    uint32_t count = order->count[which];
    if (which != VIEW_TASKS) return count;
    if (view->opens_all) return count + order->futures;
    uint32_t selected = replay_selected_task(view->replay);
    return count + futures_shown(view, selected);
}

void view_order_at(const ant_view *view, view_section which, uint32_t nth,
                   replay_kind *ret_kind, uint32_t *ret_row)
{
    const view_order *order = &view->order;
    if (which == VIEW_TASKS) {
        task_at(view, nth, ret_kind, ret_row);
    } else if (which == VIEW_PINNED) {
        *ret_kind = order->pin[nth].kind;
        *ret_row = order->pin[nth].row;
    } else {
        *ret_kind = which == VIEW_LANES ? REPLAY_LANE : REPLAY_RES;
        *ret_row = order->rows[which][nth];
    }
}

// Where a task stands when at most one is open: there may be a million.
static bool find_task(const ant_view *view, uint32_t task, uint32_t *ret_nth)
{
    const view_order *order = &view->order;
    uint32_t place = order->place[task];
    uint32_t selected = replay_selected_task(view->replay);
    uint32_t open = order->place[selected];
    if (place == 0) return false;
    *ret_nth = place - 1;
    if (open != 0 && open < place) *ret_nth += futures_shown(view, selected);
    return true;
}

bool view_order_find(const ant_view *view, replay_selection wanted,
                     view_section *ret_section, uint32_t *ret_nth)
{
    if (wanted.kind == REPLAY_FUTURE) {
        wanted.row = view->fold.leader[wanted.row];
    }
    for (unsigned section = 0; section < VIEW_SECTION_COUNT; section++) {
        bool is_pinned = section == VIEW_PINNED;
        if (!is_pinned && section != section_of(wanted.kind)) continue;
        *ret_section = (view_section)section;
        bool is_task = wanted.kind == REPLAY_TASK && !view->opens_all;
        if (!is_pinned && is_task) return find_task(view, wanted.row, ret_nth);
        uint32_t count = view_order_count(view, (view_section)section);
        for (uint32_t i = 0; i < count; i++) {
            replay_kind kind = REPLAY_NOTHING;
            uint32_t row = 0;
            view_order_at(view, (view_section)section, i, &kind, &row);
            if (kind != wanted.kind || row != wanted.row) continue;
            *ret_nth = i;
            return true;
        }
    }
    return false;
}

// From row to row over all sections, and not beyond the ends.
void view_select_step(ant_view *view, int by)
{
    view_section section = VIEW_PINNED;
    uint32_t nth = 0;
    view_order_update(view);
    bool is_found =
        view_order_find(view, view->replay->selection, &section, &nth);
    if (!is_found) section = VIEW_TASKS;
    if (is_found && by > 0) {
        nth++;
    } else if (is_found) {
        while (nth == 0 && section > 0) {
            section--;
            nth = view_order_count(view, section);
        }
        if (nth == 0) return;
        nth--;
    }
    while (nth >= view_order_count(view, section)) {
        section++;
        nth = 0;
        if (section == VIEW_SECTION_COUNT) return;
    }
    replay_kind kind = REPLAY_NOTHING;
    uint32_t row = 0;
    view_order_at(view, section, nth, &kind, &row);
    replay_select(view->replay, kind, row);
}

// --- Pinning and hiding ----------------------------------------------------

static unsigned find_pin(const view_order *order, replay_selection what)
{
    unsigned i = 0;
    while (i < order->pin_count &&
           (order->pin[i].kind != what.kind || order->pin[i].row != what.row)) {
        i++;
    }
    return i;
}

// A future is pinned and hidden with its task.
static bool find_row(const ant_view *view, replay_selection *ret_what)
{
    replay_selection what = view->replay->selection;
    uint32_t task = replay_selected_task(view->replay);
    if (task != 0) what = (replay_selection){ REPLAY_TASK, task };
    *ret_what = what;
    return what.kind == REPLAY_TASK || what.kind == REPLAY_LANE ||
           what.kind == REPLAY_RES;
}

bool view_pin(ant_view *view)
{
    view_order *order = &view->order;
    replay_selection what;
    if (!find_row(view, &what)) return false;
    unsigned at = find_pin(order, what);
    if (at == VIEW_PIN_MAX) return false;
    if (at == order->pin_count) {
        order->pin[order->pin_count++] = what;
    } else {
        memmove(&order->pin[at], &order->pin[at + 1],
                (order->pin_count - at - 1) * sizeof(order->pin[0]));
        order->pin_count--;
    }
    order->is_made = false;
    return true;
}

bool view_hide(ant_view *view)
{
    view_order *order = &view->order;
    replay_selection what;
    if (!find_row(view, &what)) return false;
    uint8_t *hidden = &order->hidden[section_of(what.kind)][what.row];
    if (*hidden == 0) order->hidden_count++;
    *hidden = 1;
    order->is_made = false;
    view_select_step(view, 1);
    return true;
}

void view_show_all(ant_view *view)
{
    for (unsigned i = VIEW_LANES; i < VIEW_SECTION_COUNT; i++) {
        memset(view->order.hidden[i], 0,
               table_count(view->model, (view_section)i));
    }
    view->order.hidden_count = 0;
    view->order.pin_count = 0;
    view->order.is_made = false;
    view->filter[0] = '\0';
}

// --- Making the lists ------------------------------------------------------

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

static bool is_shown(const ant_view *view, view_section which, uint32_t row)
{
    const view_order *order = &view->order;
    replay_kind kind = which == VIEW_LANES   ? REPLAY_LANE
                       : which == VIEW_TASKS ? REPLAY_TASK
                                             : REPLAY_RES;
    if (order->hidden[which][row] != 0) return false;
    bool is_pinned =
        find_pin(order, (replay_selection){ kind, row }) < order->pin_count;
    if (is_pinned) return false;
    if (which == VIEW_LANES) return lane_is_shown(view->model, row);
    if (which == VIEW_RES) return res_is_shown(view->model, row);
    return view->filter[0] == '\0' || view_filter_passes(view, row);
}

static void make(ant_view *view)
{
    view_order *order = &view->order;
    order->futures = 0;
    memset(order->place, 0, view->model->task_count * sizeof(uint32_t));
    for (unsigned i = VIEW_LANES; i < VIEW_SECTION_COUNT; i++) {
        view_section which = (view_section)i;
        uint32_t n = 0;
        for (uint32_t row = 1; row < table_count(view->model, which); row++) {
            if (!is_shown(view, which, row)) continue;
            order->rows[which][n++] = row;
            if (which != VIEW_TASKS) continue;
            order->place[row] = n;
            order->futures += view_fold_count(&view->fold, row);
        }
        order->count[which] = n;
    }
}

static uint32_t futures_shown(const ant_view *view, uint32_t task)
{
    bool is_there = task != 0 && view->order.place[task] != 0;
    return is_there ? view_fold_count(&view->fold, task) : 0;
}

// The row `nth` among the tasks, of which those from place `first` to place
// `last` are open: their futures shift what follows.
static void task_at(const ant_view *view, uint32_t nth, replay_kind *ret_kind,
                    uint32_t *ret_row)
{
    const view_order *order = &view->order;
    const uint32_t *tasks = order->rows[VIEW_TASKS];
    uint32_t selected = replay_selected_task(view->replay);
    uint32_t first = view->opens_all ? 1 : order->place[selected];
    uint32_t last = view->opens_all ? order->count[VIEW_TASKS] : first;
    *ret_kind = REPLAY_TASK;
    for (uint32_t place = first; place > 0 && place <= last; place++) {
        uint32_t task = tasks[place - 1];
        uint32_t inside = futures_shown(view, task);
        if (nth < place) break;
        if (nth < place + inside) {
            *ret_kind = REPLAY_FUTURE;
            *ret_row = view->fold.rows[view->fold.first[task] + nth - place];
            return;
        }
        nth -= inside;
    }
    *ret_row = tasks[nth];
}
