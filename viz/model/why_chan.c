// SPDX-License-Identifier: MIT
//
// What of a channel a task waits for, and who has the other end, as the
// wait-for graph knows it.

#include <inttypes.h>

#include "model/why_text.h"

// The ways out of a channel's node: an edge for each task that has a half.
static model_range ways_of(const why_text *text, uint32_t res)
{
    return text->graph->nodes[model_waitfor_res(text->graph, res)].edges;
}

static bool is_for_value(const why_text *text, uint32_t res)
{
    const model_res *row = &text->model->res[res];
    const model_range ways = ways_of(text, res);
    if (ways.count > 0) {
        uint32_t half = text->graph->edges[ways.first].half;
        return text->model->halves[half].is_tx;
    }
    return row->kind != ANT_RES_MPSC || row->capacity == 0 ||
           text->world->res[res].len < row->capacity;
}

void model__say_channel(why_text *text, uint32_t res)
{
    model__say(text, is_for_value(text, res) ? "a value in " : "room in ");
    model__say_res(text, res);
}

void model__say_end(why_text *text, uint32_t res, uint32_t count)
{
    const char *many = count > 1 ? "s" : "";
    model__say(text, ", whose %s%s ",
               is_for_value(text, res) ? "sender" : "receiver", many);
}

void model__say_ends(why_text *text, uint32_t res, uint32_t waiter)
{
    const model_range ways = ways_of(text, res);
    uint32_t other = 0;
    if (ways.count == 0) return;
    for (uint32_t i = ways.first; i < ways.first + ways.count; i++) {
        uint32_t task = text->graph->nodes[text->graph->edges[i].to].task;
        if (task != waiter && other == 0) other = task;
    }
    model__say_end(text, res, other == 0 ? 1 : ways.count);
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
