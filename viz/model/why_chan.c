// SPDX-License-Identifier: MIT
//
// What of a channel a task waits for, and who has the other end, as the
// wait-for graph knows it.

#include <inttypes.h>

#include "model/why_text.h"

static bool is_for_value(const why_text *text, const waitfor_node *node)
{
    const model_res *row = &text->model->res[node->row];
    if (node->is_end) return false;
    if (node->edges.count > 0) {
        uint32_t half = text->graph->edges[node->edges.first].half;
        return text->model->halves[half].is_tx;
    }
    return row->kind != ANT_RES_MPSC || row->capacity == 0 ||
           text->world->res[node->row].len < row->capacity;
}

void model__say_channel(why_text *text, const waitfor_node *node)
{
    const char *what = is_for_value(text, node) ? "a value in " : "room in ";
    model__say(text, "%s", node->is_end ? "the end of " : what);
    model__say_res(text, node->row);
}

void model__say_half(why_text *text, const waitfor_node *node, uint32_t count)
{
    const char *many = count > 1 ? "s" : "";
    model__say(text, ", whose %s%s ",
               is_for_value(text, node) ? "sender" : "receiver", many);
}

// There is an edge for each task that has a half.
void model__say_halves(why_text *text, const waitfor_node *node,
                       uint32_t waiter)
{
    const model_range ways = node->edges;
    uint32_t other = 0;
    if (ways.count == 0) return;
    for (uint32_t i = ways.first; i < ways.first + ways.count; i++) {
        uint32_t task = text->graph->nodes[text->graph->edges[i].to].task;
        if (task != waiter && other == 0) other = task;
    }
    model__say_half(text, node, other == 0 ? 1 : ways.count);
    if (other == 0) {
        model__say(text, "it has itself");
        return;
    }
    model__say_task(text, other);
    uint32_t more = ways.count - 1;
    if (more > 0)
        model__say(text, " and %" PRIu32 " other%s", more,
                   more == 1 ? "" : "s");
    model__say(text, more > 0 ? " have" : " has");
    if (text->world->tasks[other].state >= MODEL_TASK_DONE)
        model__say(text, ", which ended without giving it up");
}
