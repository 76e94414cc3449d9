// SPDX-License-Identifier: MIT
//
// The way into the knot that a task is stuck in, task by task, as the wait-for
// graph knows it.

#include "model/why_text.h"

#define STEPS_MAX 16 // of the way are said

static const waitfor_node *node_at(const why_text *text, uint32_t node)
{
    return &text->graph->nodes[node];
}

static void say_workers(why_text *text, uint32_t task)
{
    const waitfor_node *node =
        node_at(text, model_waitfor_task(text->graph, task));
    for (uint32_t i = 0; i < node->edges.count; i++) {
        const waitfor_edge *edge = &text->graph->edges[node->edges.first + i];
        const waitfor_node *to = node_at(text, edge->to);
        if (to->kind != WAITFOR_WORKERS || to->edges.count == 0) continue;
        edge = &text->graph->edges[to->edges.first + to->edges.count - 1];
        const model_now_task *keeper =
            &text->world->tasks[node_at(text, edge->to)->row];
        uint32_t wait = 0;
        model_snapshot_waits(text->world, node_at(text, edge->to)->row, &wait,
                             1);
        model__say(text, "; but no worker is left to poll it: ");
        model__say_lane(text, keeper->lane);
        model__say(text, " blocks in ");
        model__say_res(text, text->model->waits[wait].res);
    }
}

// From one task to the next on the stuck way.
typedef struct knot_step {
    uint32_t next;   // node of the task, 0 at the end
    uint32_t res;    // node of the resource between them, 0 for none
    bool is_workers; // the next one keeps the last worker
} knot_step;

static knot_step step_of(const why_text *text, uint32_t node)
{
    knot_step step = { .next = 0 };
    uint32_t through = node;
    for (unsigned i = 0; i < STEPS_MAX; i++) {
        through = model_waitfor_next_stuck(text->graph, through);
        const waitfor_node *at = node_at(text, through);
        if (through == 0) break;
        if (at->kind == WAITFOR_WORKERS) step.is_workers = true;
        if (at->kind == WAITFOR_RES) step.res = through;
        if (at->kind == WAITFOR_WAKE) break;
        if (at->task == 0) continue;
        // A group of the task itself, on the way out of it, is no step yet.
        bool is_inside = at->kind == WAITFOR_GROUP && step.res == 0 &&
                         at->task == node_at(text, node)->task;
        if (is_inside) continue;
        step.next = model_waitfor_task(text->graph, at->task);
        break;
    }
    return step;
}

// "; 2 right waits for mutex `a`, held by 1 left"
static void say_step(why_text *text, uint32_t node, const knot_step *step)
{
    model__say(text, "; ");
    model__say_task(text, node_at(text, node)->row);
    if (step->is_workers) {
        model__say(text, " needs a worker");
        return;
    }
    uint32_t res = node_at(text, step->res)->row;
    bool is_channel = model_res_is_channel(text->model->res[res].kind);
    if (is_channel) {
        model__say(text, " waits for ");
        model__say_channel(text, node_at(text, step->res));
        model__say_half(text, node_at(text, step->res), 1);
    } else if (step->res != 0) {
        model__say(text, " waits for ");
        model__say_res(text, res);
        model__say(text, ", held by ");
    } else {
        model__say(text, " waits for the end of ");
    }
    model__say_task(text, node_at(text, step->next)->row);
    if (is_channel) model__say(text, " has");
}

uint32_t model__say_knot(why_text *text, uint32_t task)
{
    uint32_t node = model_waitfor_task(text->graph, task);
    uint32_t seen[STEPS_MAX];
    if (!node_at(text, node)->is_stuck || node == 0) return MODEL_NONE;
    for (unsigned i = 0; i < STEPS_MAX; i++) {
        knot_step step = step_of(text, node);
        seen[i] = node;
        if (step.next == 0) break;
        if (i > 0) say_step(text, node, &step);
        if (i == 0 && step.is_workers) say_workers(text, task);
        for (unsigned k = 0; k <= i; k++) {
            if (seen[k] != step.next) continue;
            model__say(text, ": deadlock");
            return text->graph->closed_by;
        }
        node = step.next;
    }
    const waitfor_node *end = node_at(text, node);
    bool is_over = text->world->tasks[end->row].state >= MODEL_TASK_DONE;
    if (is_over) {
        model__say(text, ": deadlock");
        return text->graph->closed_by;
    }
    model__say(text, "; nobody is left to wake ");
    if (end->row == task) {
        model__say(text, "it");
    } else {
        model__say_task(text, end->row);
    }
    return MODEL_NONE;
}
