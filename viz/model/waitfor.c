// SPDX-License-Identifier: MIT
//
// How the graph is made: first the tasks that do not run, then what each waits
// for, then who holds that. The edges are put in order at the end.

#include "model/waitfor.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "model/halves.h"
#include "model/waitfor_build.h"

static int alloc_maps(waitfor_build *build);
static void free_maps(waitfor_maps *maps);
static void add_tasks(waitfor_build *build);
static void add_holders(waitfor_build *build);
static void add_workers(waitfor_build *build);
static int order_edges(waitfor_build *build, model_waitfor *graph);

int model_waitfor_init(model_waitfor *graph, const ant_snapshot *world)
{
    waitfor_build build = { .model = world->model, .world = world };
    *graph = (model_waitfor){ .closed_by = MODEL_NONE };
    int err = alloc_maps(&build);
    if (err == 0) {
        model__waitfor_node(&build, (waitfor_node){ .kind = WAITFOR_NONE });
        add_tasks(&build);
        add_workers(&build);
        add_holders(&build);
        err = build.is_short ? -ENOMEM : order_edges(&build, graph);
    }
    model__buf_free(&build.edges);
    model__buf_free(&build.pending);
    model__buf_free(&build.todo);
    graph->nodes = build.nodes.data;
    graph->node_count = (uint32_t)build.nodes.len;
    graph->private_maps = build.maps;
    if (err == 0) err = model__waitfor_judge(graph, world);
    if (err != 0) model_waitfor_deinit(graph);
    return err;
}

void model_waitfor_deinit(model_waitfor *graph)
{
    free_maps(graph->private_maps);
    ant_mem_free(graph->nodes);
    ant_mem_free(graph->edges);
    *graph = (model_waitfor){ .closed_by = MODEL_NONE };
}

uint32_t model_waitfor_task(const model_waitfor *graph, uint32_t task)
{
    const waitfor_maps *maps = graph->private_maps;
    return maps == NULL ? 0 : maps->of_task[task];
}

uint32_t model_waitfor_res(const model_waitfor *graph, uint32_t res)
{
    const waitfor_maps *maps = graph->private_maps;
    if (maps == NULL) return 0;
    uint32_t end = maps->of_end[res];
    bool is_other = maps->of_res[res] == 0 || graph->nodes[end].is_core;
    return is_other ? end : maps->of_res[res];
}

bool model_waitfor_has(const model_waitfor *graph, uint32_t wait)
{
    const waitfor_maps *maps = graph->private_maps;
    return maps != NULL && maps->of_wait[wait] != 0;
}

uint32_t model_waitfor_next_stuck(const model_waitfor *graph, uint32_t node)
{
    const model_range range = graph->nodes[node].edges;
    uint32_t found = 0;
    for (uint32_t i = range.first; i < range.first + range.count; i++) {
        const waitfor_edge *edge = &graph->edges[i];
        if (!edge->is_stuck) continue;
        if (graph->nodes[edge->to].is_core) return edge->to;
        if (found == 0) found = edge->to;
    }
    return found;
}

// Rows that nobody asks for cost nothing: the system gives pages as they are
// touched.
static int alloc_maps(waitfor_build *build)
{
    const ant_model *model = build->model;
    const size_t word = sizeof(uint32_t);
    waitfor_maps *maps = ant_mem_alloc(sizeof *maps);
    build->maps = maps;
    if (maps == NULL) return -ENOMEM;
    maps->of_task = ant_mem_alloc(model->task_count * word);
    maps->of_res = ant_mem_alloc(model->res_count * word);
    maps->of_end = ant_mem_alloc(model->res_count * word);
    maps->of_future = ant_mem_alloc(model->future_count * word);
    maps->of_wait = ant_mem_alloc(model->wait_count * word);
    maps->place = ant_mem_alloc(model->future_count * word);
    bool is_ok = maps->of_task != NULL && maps->of_res != NULL &&
                 maps->of_end != NULL && maps->of_future != NULL &&
                 maps->of_wait != NULL && maps->place != NULL;
    return is_ok ? 0 : -ENOMEM;
}

static void free_maps(waitfor_maps *maps)
{
    if (maps == NULL) return;
    ant_mem_free(maps->of_task);
    ant_mem_free(maps->of_res);
    ant_mem_free(maps->of_end);
    ant_mem_free(maps->of_future);
    ant_mem_free(maps->of_wait);
    ant_mem_free(maps->place);
    ant_mem_free(maps);
}

// --- Nodes and edges ---

uint32_t model__waitfor_node(waitfor_build *build, waitfor_node node)
{
    waitfor_node *to = model__buf_push(&build->nodes, sizeof *to);
    if (to == NULL) {
        build->is_short = true;
        return 0;
    }
    *to = node;
    return (uint32_t)(build->nodes.len - 1);
}

void model__waitfor_edge(waitfor_build *build, waitfor_edge edge)
{
    waitfor_edge *to = model__buf_push(&build->edges, sizeof *to);
    if (to == NULL) {
        build->is_short = true;
        return;
    }
    *to = edge;
}

uint32_t model__waitfor_task(waitfor_build *build, uint32_t task)
{
    uint32_t *node = &build->maps->of_task[task];
    if (*node == 0 && task != 0) {
        *node = model__waitfor_node(
            build,
            (waitfor_node){ .kind = WAITFOR_TASK, .row = task, .task = task });
    }
    return *node;
}

static uint32_t res_node(waitfor_build *build, uint32_t res, bool is_end)
{
    waitfor_maps *maps = build->maps;
    uint32_t *node = is_end ? &maps->of_end[res] : &maps->of_res[res];
    if (*node == 0) {
        *node = model__waitfor_node(build, (waitfor_node){ .kind = WAITFOR_RES,
                                                           .row = res,
                                                           .is_end = is_end });
    }
    return *node;
}

void model__waitfor_wait(waitfor_build *build, uint32_t node, uint32_t wait)
{
    const model_wait *row = &build->model->waits[wait];
    uint32_t to = 0;
    if (row->kind == MODEL_WAIT_JOIN) {
        to = model__waitfor_task(build, row->on);
    } else if (row->kind == MODEL_WAIT_TIMER) {
        to = model__waitfor_node(
            build, (waitfor_node){ .kind = WAITFOR_TIMER, .row = wait });
    } else {
        to = res_node(build, row->res,
                      model_wait_is_for_end(build->model, wait));
    }
    model__waitfor_edge(build, (waitfor_edge){ .from = node,
                                               .to = to,
                                               .wait = wait,
                                               .event = row->begin_event });
}

void model__waitfor_wake(waitfor_build *build, uint32_t node, uint32_t task,
                         uint32_t future)
{
    uint32_t to = model__waitfor_node(
        build,
        (waitfor_node){ .kind = WAITFOR_WAKE, .row = future, .task = task });
    model__waitfor_edge(
        build, (waitfor_edge){ .from = node,
                               .to = to,
                               .event = build->world->tasks[task].since });
}

// --- Tasks ---

bool model__waitfor_is_pending(uint8_t state)
{
    return state >= MODEL_TASK_WAIT_LOCK && state <= MODEL_TASK_WAIT_OTHER;
}

// A task whose thread waits for a lock waits for nothing else. The lock's queue
// has it, too, when its mutex has one.
static void add_block(waitfor_build *build, uint32_t task)
{
    const ant_snapshot *world = build->world;
    uint32_t found = 0;
    uint32_t wait = world->tasks[task].waits.last;
    for (; wait != 0; wait = world->waits[wait].of_task.prev) {
        const model_wait *row = &build->model->waits[wait];
        if (row->kind != MODEL_WAIT_BLOCK || row->res == 0) continue;
        found = wait;
        break;
    }
    if (found == 0) return;
    wait = world->waits[found].of_task.prev;
    const model_wait *before = &build->model->waits[wait];
    bool is_queued = wait != 0 && before->kind == MODEL_WAIT_RES &&
                     before->res == build->model->waits[found].res;
    model__waitfor_wait(build, build->maps->of_task[task],
                        is_queued ? wait : found);
}

static void add_tasks(waitfor_build *build)
{
    const ant_snapshot *world = build->world;
    uint32_t count = build->model->task_count;
    for (uint32_t task = 1; task < count; task++) {
        uint8_t state = world->tasks[task].state;
        if (state == MODEL_TASK_BLOCKING || model__waitfor_is_pending(state))
            model__waitfor_task(build, task);
    }
    for (uint32_t task = 1; task < count; task++) {
        uint8_t state = world->tasks[task].state;
        if (state == MODEL_TASK_BLOCKING) add_block(build, task);
        if (model__waitfor_is_pending(state)) model__waitfor_tree(build, task);
    }
}

// --- Workers ---

// The task that keeps this worker in a lock of threads, 0 for none.
static uint32_t keeper_of(const waitfor_build *build, uint32_t lane)
{
    const model_now_lane *now = &build->world->lanes[lane];
    uint32_t wait = 0;
    if (now->state != MODEL_LANE_BLOCKED) return 0;
    model_snapshot_waits(build->world, now->task, &wait, 1);
    const model_wait *row = &build->model->waits[wait];
    return row->kind == MODEL_WAIT_BLOCK && row->res != 0 ? now->task : 0;
}

// When every worker waits for a lock of threads, whoever is to run waits for
// any of them: nobody is there to poll a task, and nobody looks at timers.
static void add_workers(waitfor_build *build)
{
    const ant_model *model = build->model;
    bool has_workers = false;
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        if (model->lanes[lane].kind != ANT_LANE_WORKER) continue;
        if (keeper_of(build, lane) == 0) return;
        has_workers = true;
    }
    if (!has_workers) return;

    uint32_t workers = model__waitfor_node(
        build, (waitfor_node){ .kind = WAITFOR_WORKERS, .is_any = true });
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        if (model->lanes[lane].kind != ANT_LANE_WORKER) continue;
        uint32_t to = model__waitfor_task(build, keeper_of(build, lane));
        model__waitfor_edge(
            build, (waitfor_edge){ .from = workers,
                                   .to = to,
                                   .event = build->world->lanes[lane].since });
    }
    for (uint32_t task = 1; task < model->task_count; task++) {
        const model_now_task *now = &build->world->tasks[task];
        bool is_queued =
            now->state == MODEL_TASK_NEW || now->state == MODEL_TASK_READY;
        if (!is_queued && !model__waitfor_is_pending(now->state)) continue;
        model__waitfor_edge(
            build, (waitfor_edge){ .from = model__waitfor_task(build, task),
                                   .to = workers,
                                   .event = now->since });
    }
}

// --- Holders ---

bool model__waitfor_is_lock(const ant_model *model, uint32_t res)
{
    switch (model->res[res].kind) {
    case ANT_RES_MUTEX:
    case ANT_RES_THREAD_MUTEX:
    case ANT_RES_RWLOCK:
    case ANT_RES_ONCE:
        return true;
    case ANT_RES_SEMAPHORE:
        return !model->res[res].is_refilled;
    default:
        return false;
    }
}

uint32_t model__waitfor_owner(const ant_model *model, const waitfor_maps *maps,
                              uint32_t task, uint32_t future)
{
    uint32_t row = future == 0 ? 0 : model->futures[future].parent;
    while (row != 0 && maps->of_future[row] == 0)
        row = model->futures[row].parent;
    return row != 0 ? maps->of_future[row] : maps->of_task[task];
}

static void add_holds(waitfor_build *build, uint32_t node, uint32_t res)
{
    const ant_model *model = build->model;
    uint32_t row = build->world->res[res].holds.first;
    for (; row != 0; row = build->world->holds[row].of_res.next) {
        const model_hold *hold = &model->holds[row];
        if (hold->task == 0) continue;
        model__waitfor_task(build, hold->task);
        uint32_t to =
            model__waitfor_owner(model, build->maps, hold->task, hold->future);
        model__waitfor_edge(build,
                            (waitfor_edge){ .from = node,
                                            .to = to,
                                            .hold = row,
                                            .event = hold->begin_event });
    }
}

static uint32_t find_wait(const ant_snapshot *world, uint32_t wait, bool is_end)
{
    while (wait != 0 && model_wait_is_for_end(world->model, wait) != is_end)
        wait = world->waits[wait].of_res.next;
    return wait;
}

uint32_t model__waitfor_first(const ant_snapshot *world, uint32_t res,
                              bool is_end)
{
    return find_wait(world, world->res[res].waits.first, is_end);
}

uint32_t model__waitfor_next(const ant_snapshot *world, uint32_t wait,
                             bool is_end)
{
    return find_wait(world, world->waits[wait].of_res.next, is_end);
}

// The first in the queue of a channel speaks for all who do not wait for its
// end: for a value and for room somebody waits at the same time only where
// places are reserved.
static void add_halves(waitfor_build *build, uint32_t node, uint32_t res,
                       bool is_end)
{
    const ant_snapshot *world = build->world;
    uint32_t wait = model__waitfor_first(world, res, is_end);
    model_other_side side = model_other_side_of(world, wait);
    uint32_t row = 0;
    uint32_t last = 0; // a task with several in a row has one edge
    if (side == MODEL_SIDE_UNKNOWN) return;
    ((waitfor_node *)build->nodes.data)[node].is_any = !is_end;
    while ((row = model_half_next(world, wait, side, row)) != 0) {
        waitfor_edge edge = { .from = node, .half = row };
        uint32_t task = model_half_task(world, row, &edge.event);
        edge.to = model__waitfor_task(build, task);
        if (task != last) model__waitfor_edge(build, edge);
        last = task;
    }
}

static void add_holders(waitfor_build *build)
{
    for (uint32_t node = 1; node < build->nodes.len; node++) {
        const waitfor_node *nodes = build->nodes.data;
        uint32_t res = nodes[node].row;
        if (nodes[node].kind != WAITFOR_RES) continue;
        if (model__waitfor_is_lock(build->model, res)) {
            add_holds(build, node, res);
        } else if (model_res_is_channel(build->model->res[res].kind)) {
            add_halves(build, node, res, nodes[node].is_end);
        }
    }
}

// --- The end ---

// Puts the edges of each node together, in the order in which they were made.
static int order_edges(waitfor_build *build, model_waitfor *graph)
{
    const waitfor_edge *from = build->edges.data;
    waitfor_node *nodes = build->nodes.data;
    size_t count = build->edges.len;
    graph->edges = ant_mem_alloc((count + 1) * sizeof *graph->edges);
    if (graph->edges == NULL) return -ENOMEM;
    graph->edge_count = (uint32_t)count;

    for (size_t i = 0; i < count; i++)
        nodes[from[i].from].edges.count++;
    uint32_t first = 0;
    for (size_t i = 0; i < build->nodes.len; i++) {
        nodes[i].edges.first = first;
        first += nodes[i].edges.count;
        nodes[i].edges.count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        model_range *range = &nodes[from[i].from].edges;
        uint32_t at = range->first + range->count++;
        graph->edges[at] = from[i];
        if (from[i].wait != 0) build->maps->of_wait[from[i].wait] = at + 1;
    }
    return 0;
}
