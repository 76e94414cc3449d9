// SPDX-License-Identifier: MIT
//
// Who can go on, and who is stuck: everybody is taken for stuck but those who
// need nobody; then, again and again, whoever needs only such as can go on can
// go on too. It ends, for each turn frees at least one.

#include <errno.h>

#include "base/mem.h"
#include "base/os.h"
#include "model/waitfor_build.h"

typedef struct waitfor_judge {
    model_waitfor *graph;
    const ant_snapshot *world;
    const ant_model *model;
    const waitfor_maps *maps;
    bool is_stalled; // the runtime has said that nothing can wake any more
} waitfor_judge;

static bool judge_node(waitfor_judge *judge, uint32_t node);
static int find_core(model_waitfor *graph);
static void sum_up(waitfor_judge *judge);

int model__waitfor_judge(model_waitfor *graph, const ant_snapshot *world)
{
    const ant_model *model = world->model;
    waitfor_judge judge = {
        .graph = graph,
        .world = world,
        .model = model,
        .maps = graph->private_maps,
        .is_stalled = model->stall_event != MODEL_NONE &&
                      model->stall_event <= world->event,
    };
    for (uint32_t i = 1; i < graph->node_count; i++)
        graph->nodes[i].is_stuck = true;
    for (uint32_t i = 0; i < graph->edge_count; i++)
        graph->edges[i].is_stuck = true;

    // Chains of tasks run either way through the rows: so do the turns.
    bool is_changed = true;
    for (bool is_back = false; is_changed; is_back = !is_back) {
        is_changed = false;
        for (uint32_t i = 1; i < graph->node_count; i++) {
            uint32_t node = is_back ? graph->node_count - i : i;
            if (judge_node(&judge, node)) is_changed = true;
        }
    }
    int err = find_core(graph);
    if (err == 0) sum_up(&judge);
    return err;
}

// The queue of a lock, next first: whoever stands behind somebody who will
// never take his turn and give the lock back is stuck as well. True when
// somebody in it can go on who could not before.
static bool judge_queue(waitfor_judge *judge, uint32_t node)
{
    model_waitfor *graph = judge->graph;
    const waitfor_node *here = &graph->nodes[node];
    const model_now_res *now = &judge->world->res[here->row];
    uint32_t all = judge->model->res[here->row].capacity;
    uint32_t stuck = 0;
    bool is_behind = false;
    bool is_changed = false;
    if (all < now->held) all = now->held;
    if (all == 0) all = 1;
    for (uint32_t i = 0; i < here->edges.count; i++) {
        waitfor_edge *edge = &graph->edges[here->edges.first + i];
        edge->is_stuck = graph->nodes[edge->to].is_stuck;
        if (edge->is_stuck) stuck += judge->model->holds[edge->hold].left;
    }
    for (uint32_t row = now->waits.first; row != 0;
         row = judge->world->waits[row].of_res.next) {
        const model_wait *wait = &judge->model->waits[row];
        uint32_t edge = judge->maps->of_wait[row];
        uint32_t owner = model__waitfor_owner(judge->model, judge->maps,
                                              wait->task, wait->future);
        uint32_t needed = wait->amount < all ? wait->amount : all;
        bool is_stuck = is_behind || stuck + needed > all;
        if (edge != 0 && graph->edges[edge - 1].is_stuck && !is_stuck) {
            graph->edges[edge - 1].is_stuck = false;
            is_changed = true;
        }
        if (owner != 0 && graph->nodes[owner].is_stuck) is_behind = true;
    }
    if (graph->nodes[node].is_stuck && stuck < all) {
        graph->nodes[node].is_stuck = false;
        is_changed = true;
    }
    return is_changed;
}

// What has no edges: can it go on?
static bool is_stuck_leaf(const waitfor_judge *judge, const waitfor_node *node)
{
    switch ((waitfor_kind)node->kind) {
    case WAITFOR_TASK:
        return judge->world->tasks[node->row].state >= MODEL_TASK_DONE;
    case WAITFOR_TIMER:
        return judge->is_stalled &&
               judge->model->waits[node->row].deadline_ns == ANT_NS_NEVER;
    case WAITFOR_NONE:
    case WAITFOR_GROUP:
    case WAITFOR_RES:
    case WAITFOR_WAKE:
    case WAITFOR_WORKERS:
        break;
    }
    return judge->is_stalled;
}

// What is waited for at the end of an edge. In a lock's queue places differ;
// judge_queue has said it.
static bool judge_edge(const waitfor_judge *judge, waitfor_edge *edge)
{
    const waitfor_node *to = &judge->graph->nodes[edge->to];
    bool is_queued = to->kind == WAITFOR_RES && edge->wait != 0 &&
                     judge->model->waits[edge->wait].kind == MODEL_WAIT_RES &&
                     model__waitfor_is_lock(judge->model, to->row);
    if (!is_queued) edge->is_stuck = to->is_stuck;
    return edge->is_stuck;
}

// True when something has changed.
static bool judge_node(waitfor_judge *judge, uint32_t node)
{
    waitfor_node *here = &judge->graph->nodes[node];
    if (here->kind == WAITFOR_RES &&
        model__waitfor_is_lock(judge->model, here->row))
        return judge_queue(judge, node);
    if (!here->is_stuck) return false;

    uint32_t free = 0;
    for (uint32_t i = 0; i < here->edges.count; i++) {
        waitfor_edge *edge = &judge->graph->edges[here->edges.first + i];
        if (!judge_edge(judge, edge)) free++;
    }
    if (here->edges.count == 0) {
        here->is_stuck = is_stuck_leaf(judge, here);
    } else {
        here->is_stuck = here->is_any ? free == 0 : free < here->edges.count;
    }
    return !here->is_stuck;
}

// --- Who is on a cycle ---

// Tarjan's strong components, with a stack of its own instead of recursion: a
// trace may have chains of any length.
typedef struct core_visit {
    uint32_t order; // 0: not seen yet
    uint32_t low;
    uint32_t next; // edge to look at
    uint32_t came_from;
    bool is_open; // on the stack of the component
} core_visit;

typedef struct core_walk {
    model_waitfor *graph;
    core_visit *visit; // by node
    uint32_t *open;
    uint32_t open_count;
    uint32_t order;
} core_walk;

static void open_node(core_walk *walk, uint32_t node, uint32_t came_from)
{
    core_visit *visit = &walk->visit[node];
    visit->order = ++walk->order;
    visit->low = visit->order;
    visit->came_from = came_from;
    visit->is_open = true;
    walk->open[walk->open_count++] = node;
}

// All above `node` on the stack are one component. One alone is no cycle.
static void close_component(core_walk *walk, uint32_t node)
{
    bool is_alone = walk->open[walk->open_count - 1] == node;
    uint32_t top = 0;
    do {
        top = walk->open[--walk->open_count];
        walk->visit[top].is_open = false;
        if (!is_alone) walk->graph->nodes[top].is_core = true;
    } while (top != node);
}

// The next node on a stuck way out of `node`, 0 when there is no more.
static uint32_t next_of(core_walk *walk, uint32_t node)
{
    const model_range range = walk->graph->nodes[node].edges;
    core_visit *visit = &walk->visit[node];
    while (visit->next < range.count) {
        const waitfor_edge *edge =
            &walk->graph->edges[range.first + visit->next++];
        if (edge->is_stuck && walk->graph->nodes[edge->to].is_stuck)
            return edge->to;
    }
    return 0;
}

static void lower(core_visit *visit, uint32_t low)
{
    if (low < visit->low) visit->low = low;
}

static void walk_from(core_walk *walk, uint32_t start)
{
    open_node(walk, start, 0);
    for (uint32_t node = start; node != 0;) {
        core_visit *visit = &walk->visit[node];
        uint32_t to = next_of(walk, node);
        if (to != 0 && walk->visit[to].order == 0) {
            open_node(walk, to, node);
            node = to;
        } else if (to != 0) {
            if (walk->visit[to].is_open) lower(visit, walk->visit[to].order);
        } else {
            if (visit->low == visit->order) close_component(walk, node);
            node = visit->came_from;
            if (node != 0) lower(&walk->visit[node], visit->low);
        }
    }
}

static int find_core(model_waitfor *graph)
{
    core_walk walk = {
        .graph = graph,
        .visit = ant_mem_alloc(graph->node_count * sizeof *walk.visit),
        .open = ant_mem_alloc(graph->node_count * sizeof *walk.open),
    };
    bool is_ok = walk.visit != NULL && walk.open != NULL;
    for (uint32_t i = 1; is_ok && i < graph->node_count; i++) {
        if (graph->nodes[i].is_stuck && walk.visit[i].order == 0)
            walk_from(&walk, i);
    }
    ant_mem_free(walk.visit);
    ant_mem_free(walk.open);
    return is_ok ? 0 : -ENOMEM;
}

static void sum_up(waitfor_judge *judge)
{
    model_waitfor *graph = judge->graph;
    for (uint32_t i = 1; i < graph->node_count; i++) {
        waitfor_node *node = &graph->nodes[i];
        if (node->kind != WAITFOR_TASK || !node->is_stuck) continue;
        // Who ended and keeps a lock is the end of many ways.
        if (is_stuck_leaf(judge, node)) {
            node->is_core = true;
            graph->closed_by = judge->model->tasks[node->row].end_event;
        }
        graph->stuck_count += node->edges.count > 0;
        graph->core_count += node->is_core;
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const waitfor_edge *edge = &graph->edges[i];
        bool is_core = edge->is_stuck && graph->nodes[edge->to].is_core &&
                       graph->nodes[edge->from].is_core;
        if (!is_core || edge->event == MODEL_NONE) continue;
        if (graph->closed_by == MODEL_NONE || edge->event > graph->closed_by)
            graph->closed_by = edge->event;
    }
}
