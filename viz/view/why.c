// SPDX-License-Identifier: MIT
//
// In words: why the selected task is not running; with nothing selected, a
// sentence for each task that waits, as far as there is room.

#include "model/why.h"

#include <stdio.h>

#include "view/view.h"

static void draw_all(ant_view *view, draw_rect *rect, bool wants_stuck);
static int draw_sentence(ant_view *view, draw_rect rect, uint32_t task);
static void draw_facts(ant_view *view, draw_rect rect, uint32_t task);

void view_why(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    uint32_t selected = replay_selected_task(view->replay);
    if (selected != 0) {
        char name[128];
        model_task_label(view->model, selected, name, sizeof(name));
        ui_heading(ui, &rect, "WHY", name);
        draw_cut_top(&rect, draw_sentence(view, rect, selected));
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
        int h = draw_sentence(view, *rect, i);
        draw_cut_top(rect, h + view->ui.unit / 2);
    }
}

static int draw_sentence(ant_view *view, draw_rect rect, uint32_t task)
{
    char why[400];
    char text[600];
    char name[128];
    // The same world, as late as the cursor stands.
    ant_snapshot world = view->replay->world;
    world.t_ns = view_now_ns(view);
    model_why(view->model, &world, task, why, sizeof(why));
    model_task_label(view->model, task, name, sizeof(name));
    snprintf(text, sizeof(text), "%s %s", name, why);
    return ui_paragraph(&view->ui, rect, view->ui.palette->text, text);
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
