// SPDX-License-Identifier: MIT
//
// Who can go on, and who is stuck: everybody is taken for stuck but those who
// need nobody; then whoever needs only such as can go on can go on too. A node
// is freed once, and only those who may depend on it are looked at again: with
// ten thousand tasks in one line, turns over all of them would never end.

#include <errno.h>

#include "base/mem.h"
#include "base/os.h"
#include "model/halves.h"
#include "model/waitfor_build.h"

// How far the queue of a lock was judged.
typedef struct judge_line {
    uint32_t next;  // row of waits to look at, 0: all can go on
    uint32_t stuck; // how much of the lock is never given back
    bool is_begun;
} judge_line;

typedef struct waitfor_judge {
    model_waitfor *graph;
    const ant_snapshot *world;
    const ant_model *model;
    const waitfor_maps *maps;
    bool is_stalled; // the runtime has said that nothing can wake any more
    uint32_t *after; // who may be freed by a node: a range for each node, see
    uint32_t *after_first; // list_dependents
    uint32_t *todo;        // nodes to look at, each at most once
    uint32_t todo_count;
    bool *is_todo;
    judge_line *lines; // by resource
    uint32_t *owners;  // by wait; see owner_of
} waitfor_judge;

static bool begin(waitfor_judge *judge);
static void end(waitfor_judge *judge);
static void look_again(waitfor_judge *judge, uint32_t node);
static void judge_node(waitfor_judge *judge, uint32_t node);
static void judge_ways(waitfor_judge *judge);
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
    if (!begin(&judge)) {
        end(&judge);
        return -ENOMEM;
    }
    for (uint32_t i = 0; i < graph->edge_count; i++)
        graph->edges[i].is_stuck = true;
    // What is waited for has mostly a higher number: it is looked at first.
    for (uint32_t i = 1; i < graph->node_count; i++) {
        graph->nodes[i].is_stuck = true;
        look_again(&judge, i);
    }
    while (judge.todo_count > 0) {
        uint32_t node = judge.todo[--judge.todo_count];
        judge.is_todo[node] = false;
        judge_node(&judge, node);
    }
    judge_ways(&judge);
    int err = find_core(graph);
    if (err == 0) sum_up(&judge);
    end(&judge);
    return err;
}

// --- Whom to look at ---

// Who waits in the queue of a lock, as the node that has to go on; 0 when
// nobody does. It is asked for several times, and far to look for.
static uint32_t owner_of(const waitfor_judge *judge, uint32_t wait)
{
    const model_wait *row = &judge->model->waits[wait];
    uint32_t *owner = &judge->owners[wait];
    if (*owner == 0) {
        *owner = model__waitfor_owner(judge->model, judge->maps, row->task,
                                      row->future);
    }
    return *owner;
}

static bool is_lock(const waitfor_judge *judge, uint32_t node)
{
    const waitfor_node *here = &judge->graph->nodes[node];
    return here->kind == WAITFOR_RES &&
           model__waitfor_is_lock(judge->model, here->row);
}

// Node `node` may be freed when `by` is. Counts while there is no list yet.
static void depend(waitfor_judge *judge, uint32_t node, uint32_t by)
{
    if (judge->after == NULL) {
        judge->after_first[by + 1]++;
    } else {
        judge->after[judge->after_first[by]++] = node;
    }
}

// Whoever has an edge to a node depends on it; and those in the queue of a lock
// on whoever stands before them.
static void list_dependents(waitfor_judge *judge)
{
    const model_waitfor *graph = judge->graph;
    for (uint32_t i = 0; i < graph->edge_count; i++)
        depend(judge, graph->edges[i].from, graph->edges[i].to);
    for (uint32_t node = 1; node < graph->node_count; node++) {
        if (!is_lock(judge, node)) continue;
        uint32_t wait = judge->world->res[graph->nodes[node].row].waits.first;
        for (; wait != 0; wait = judge->world->waits[wait].of_res.next)
            depend(judge, node, owner_of(judge, wait));
    }
}

static bool begin(waitfor_judge *judge)
{
    size_t count = judge->graph->node_count;
    judge->after_first = ant_mem_alloc((count + 2) * sizeof(uint32_t));
    judge->todo = ant_mem_alloc(count * sizeof *judge->todo);
    judge->is_todo = ant_mem_alloc(count);
    judge->lines = ant_mem_alloc(judge->model->res_count * sizeof(judge_line));
    judge->owners = ant_mem_alloc(judge->model->wait_count * sizeof(uint32_t));
    if (judge->after_first == NULL || judge->todo == NULL ||
        judge->is_todo == NULL || judge->lines == NULL || judge->owners == NULL)
        return false;
    list_dependents(judge);
    for (size_t i = 0; i < count; i++)
        judge->after_first[i + 1] += judge->after_first[i];
    uint32_t total = judge->after_first[count];
    judge->after = ant_mem_alloc((total + 1) * sizeof *judge->after);
    if (judge->after == NULL) return false;
    list_dependents(judge);
    // Filling has moved each range's beginning to its end.
    for (size_t i = count; i > 0; i--)
        judge->after_first[i] = judge->after_first[i - 1];
    judge->after_first[0] = 0;
    return true;
}

static void end(waitfor_judge *judge)
{
    ant_mem_free(judge->after);
    ant_mem_free(judge->after_first);
    ant_mem_free(judge->todo);
    ant_mem_free(judge->is_todo);
    ant_mem_free(judge->lines);
    ant_mem_free(judge->owners);
}

static void look_again(waitfor_judge *judge, uint32_t node)
{
    if (judge->is_todo[node]) return;
    judge->is_todo[node] = true;
    judge->todo[judge->todo_count++] = node;
}

// The node can go on: whoever depends on it may be able to, too.
static void free_node(waitfor_judge *judge, uint32_t node)
{
    judge->graph->nodes[node].is_stuck = false;
    uint32_t last = judge->after_first[node + 1];
    for (uint32_t i = judge->after_first[node]; i < last; i++)
        look_again(judge, judge->after[i]);
}

// --- One node ---

// How much of a lock is held by such as can never give it back.
static uint32_t stuck_part(waitfor_judge *judge, const waitfor_node *here)
{
    uint32_t stuck = 0;
    for (uint32_t i = 0; i < here->edges.count; i++) {
        waitfor_edge *edge = &judge->graph->edges[here->edges.first + i];
        edge->is_stuck = judge->graph->nodes[edge->to].is_stuck;
        if (edge->is_stuck) stuck += judge->model->holds[edge->hold].left;
    }
    return stuck;
}

// The queue of a lock, next first: whoever stands behind somebody who will
// never take his turn and give the lock back is stuck as well. It is gone on
// with where it stopped, unless more can be had than then.
static void judge_queue(waitfor_judge *judge, uint32_t node)
{
    model_waitfor *graph = judge->graph;
    const waitfor_node *here = &graph->nodes[node];
    const model_now_res *now = &judge->world->res[here->row];
    judge_line *line = &judge->lines[here->row];
    uint32_t all = judge->model->res[here->row].capacity;
    uint32_t stuck = stuck_part(judge, here);
    if (all < now->held) all = now->held;
    if (all == 0) all = 1;
    if (!line->is_begun || stuck < line->stuck)
        *line = (judge_line){ now->waits.first, stuck, true };
    while (line->next != 0) {
        uint32_t row = line->next;
        const model_wait *wait = &judge->model->waits[row];
        uint32_t edge = judge->maps->of_wait[row];
        uint32_t owner = owner_of(judge, row);
        uint32_t needed = wait->amount < all ? wait->amount : all;
        bool is_stuck = stuck + needed > all;
        if (edge != 0 && graph->edges[edge - 1].is_stuck && !is_stuck) {
            graph->edges[edge - 1].is_stuck = false;
            look_again(judge, graph->edges[edge - 1].from);
        }
        if (owner != 0 && graph->nodes[owner].is_stuck) break;
        line->next = judge->world->waits[row].of_res.next;
    }
    if (graph->nodes[node].is_stuck && stuck < all) free_node(judge, node);
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

// Whether what is waited for at this node of a channel comes later. Who leaves
// the queue without it says nothing of the others.
static bool comes_later(const waitfor_judge *judge, const waitfor_node *node)
{
    uint32_t wait = model__waitfor_first(judge->world, node->row, node->is_end);
    for (; wait != 0;
         wait = model__waitfor_next(judge->world, wait, node->is_end)) {
        if (!model_wait_is_ended(judge->model, wait)) return false;
        if (judge->model->waits[wait].why != ANT_WAIT_CANCELLED) return true;
    }
    return true;
}

// A channel where the waits have some end, as far as can be told.
static bool may_end(const waitfor_judge *judge, const waitfor_node *node)
{
    if (node->kind != WAITFOR_RES || node->edges.count == 0) return false;
    uint32_t half = judge->graph->edges[node->edges.first].half;
    if (half == 0) return false;
    model_other_side side = judge->model->halves[half].is_tx
                                ? MODEL_SIDE_SENDERS
                                : MODEL_SIDE_RECEIVERS;
    return comes_later(judge, node) ||
           !model_side_is_sure(judge->model, node->row, side);
}

static void judge_node(waitfor_judge *judge, uint32_t node)
{
    const waitfor_node *here = &judge->graph->nodes[node];
    if (is_lock(judge, node)) {
        judge_queue(judge, node);
        return;
    }
    if (!here->is_stuck) return;

    uint32_t free = 0;
    for (uint32_t i = 0; i < here->edges.count; i++) {
        waitfor_edge *edge = &judge->graph->edges[here->edges.first + i];
        if (!judge_edge(judge, edge)) free++;
    }
    bool is_stuck = here->is_any ? free == 0 : free < here->edges.count;
    if (here->edges.count == 0) is_stuck = is_stuck_leaf(judge, here);
    if (may_end(judge, here)) is_stuck = false;
    if (!is_stuck) free_node(judge, node);
}

// Who can go on was not looked at again: which of its ways are closed?
static void judge_ways(waitfor_judge *judge)
{
    for (uint32_t i = 0; i < judge->graph->edge_count; i++)
        (void)judge_edge(judge, &judge->graph->edges[i]);
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

// The next node on a stuck way out of `node`, 0 when there is no more. The way
// into a lock may be stuck for one who wants much of it, and not for all.
static uint32_t next_of(core_walk *walk, uint32_t node)
{
    const model_range range = walk->graph->nodes[node].edges;
    core_visit *visit = &walk->visit[node];
    while (visit->next < range.count) {
        const waitfor_edge *edge =
            &walk->graph->edges[range.first + visit->next++];
        if (edge->is_stuck) return edge->to;
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

static bool has_stuck(const model_waitfor *graph)
{
    for (uint32_t i = 1; i < graph->node_count; i++) {
        if (graph->nodes[i].is_stuck) return true;
    }
    return false;
}

static int find_core(model_waitfor *graph)
{
    if (!has_stuck(graph)) return 0;
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
