// SPDX-License-Identifier: MIT
//
// In words: why the selected task is not running; with nothing selected, a
// sentence for each task that waits, as far as there is room.

#include "model/why.h"

#include <stdio.h>
#include <string.h>

#include "ui/linked.h"
#include "view/view.h"

static void draw_all(ant_view *view, draw_rect *rect, bool wants_stuck);
static void draw_facts(ant_view *view, draw_rect rect, uint32_t task);

void view_why(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    uint32_t selected = replay_selected_task(view->replay);
    if (selected != 0) {
        char name[128];
        model_task_label(view->model, selected, name, sizeof(name));
        ui_heading(ui, &rect, "WHY", name);
        draw_cut_top(&rect, view_sentence(view, rect, selected));
        draw_facts(view, rect, selected);
        return;
    }
    ui_heading(ui, &rect, "WHY", "is each task where it is");
    draw_all(view, &rect, true);
    draw_all(view, &rect, false);
}

// A sentence for each task that does not run; those that are stuck come first.
static void draw_all(ant_view *view, draw_rect *rect, bool wants_stuck)
{
    const model_now_task *tasks = view->replay->world.tasks;
    for (uint32_t i = 1; i < view->model->task_count; i++) {
        uint8_t state = tasks[i].state;
        bool is_stuck =
            state == MODEL_TASK_BLOCKING || state == MODEL_TASK_WAIT_LOCK;
        bool is_told =
            state == MODEL_TASK_READY ||
            (state >= MODEL_TASK_BLOCKING && state <= MODEL_TASK_WAIT_OTHER);
        if (!is_told || is_stuck != wants_stuck) continue;
        if (rect->h < view->ui.line) return;
        int h = view_sentence(view, *rect, i);
        draw_cut_top(rect, h + view->ui.unit / 2);
    }
}

// Goes to what a link names.
static void follow(ant_view *view, const why_link *link)
{
    ant_replay *replay = view->replay;
    switch ((why_link_kind)link->kind) {
    case WHY_TASK:
        replay_select(replay, REPLAY_TASK, link->row);
        break;
    case WHY_RES:
        replay_select(replay, REPLAY_RES, link->row);
        break;
    case WHY_LANE:
        replay_select(replay, REPLAY_LANE, link->row);
        break;
    case WHY_EVENT:
    case WHY_LINE:
        if (link->row != MODEL_NONE) replay_seek_event(replay, link->row);
        break;
    }
}

int view_sentence(ant_view *view, draw_rect rect, uint32_t task)
{
    model_reason reason;
    char text[WHY_TEXT_MAX + 128];
    char name[128];
    ui_link link[WHY_LINK_MAX + 1];
    const model_waitfor *graph = view_waitfor(view);
    if (graph->nodes == NULL) return 0;
    // The same world, as late as the cursor stands.
    ant_snapshot world = view->replay->world;
    world.t_ns = view_now_ns(view);
    model_why(&world, graph, task, &reason);
    model_task_label(view->model, task, name, sizeof(name));
    uint32_t len = (uint32_t)strlen(name);
    snprintf(text, sizeof(text), "%s %s", name, reason.text);
    link[0] = (ui_link){ 0, len };
    for (uint32_t i = 0; i < reason.link_count; i++) {
        link[i + 1] = (ui_link){ len + 1 + reason.link[i].begin,
                                 len + 1 + reason.link[i].end };
    }
    const ui_linked linked = { text, link, reason.link_count + 1,
                               ui_id_of("why", task) };
    uint32_t clicked = UI_NO_LINK;
    int h = ui_linked_text(&view->ui, rect, &linked, &clicked);
    if (clicked == 0) replay_select(view->replay, REPLAY_TASK, task);
    if (clicked != 0 && clicked != UI_NO_LINK)
        follow(view, &reason.link[clicked - 1]);
    return h;
}

static void draw_facts(ant_view *view, draw_rect rect, uint32_t task)
{
    const model_task *row = &view->model->tasks[task];
    char polling[32];
    char longest[32];
    char ready[32];
    char text[256];
    int n = snprintf(text, sizeof(text), "In the whole run: %u poll%s",
                     row->poll_count, row->poll_count == 1 ? "" : "s");
    size_t used = n > 0 ? (size_t)n : 0;
    model_duration(row->poll_ns, polling, sizeof(polling));
    model_duration(row->poll_max_ns, longest, sizeof(longest));
    model_duration(row->ready_ns, ready, sizeof(ready));
    // In virtual time polls take no time, and there is nothing to say about it.
    if (row->poll_ns > 0) {
        snprintf(text + used, sizeof(text) - used,
                 " in %s (longest %s), %u wake%s, %s ready in a queue.",
                 polling, longest, row->wake_count,
                 row->wake_count == 1 ? "" : "s", ready);
    } else {
        snprintf(text + used, sizeof(text) - used, ", %u wake%s.",
                 row->wake_count, row->wake_count == 1 ? "" : "s");
    }
    ui_paragraph(&view->ui, rect, view->ui.palette->text_dim, text);
}
