// SPDX-License-Identifier: MIT
//
// Where in a run a knot is closed. A knot can be closed only by a task that
// begins to wait and waits, over any number of others, for itself, or for
// somebody who took a lock into his grave; or as the last one who could still
// send gives his sender up. That is seen at little cost; only then the whole
// graph is made.

#include "model/halves.h"
#include "model/waitfor.h"
#include "model/waitfor_build.h"

#define WALK_TASK_MAX 128u
#define WALK_WAIT_MAX 64u

// The tasks that one task waits for, directly or not.
typedef struct find_walk {
    const ant_snapshot *world;
    uint32_t start;
    uint32_t count;
    bool is_found;
    uint32_t task[WALK_TASK_MAX];
} find_walk;

static uint32_t suspect_at(const ant_snapshot *world);
static bool is_ending(const ant_snapshot *world);
static uint32_t left_alone(const ant_snapshot *world, uint32_t res);
static bool may_close(const ant_snapshot *world, uint32_t task);
static int look_closer(const ant_snapshot *world, uint32_t task);

int model_waitfor_find(ant_snapshot *world, waitfor_knot *ret_knot)
{
    while (world->event + 1 < world->model->event_count) {
        model_snapshot_at(world, world->event + 1);
        uint32_t task = suspect_at(world);
        if (task == 0 || !may_close(world, task) || is_ending(world)) continue;
        int found = look_closer(world, task);
        if (found == 0) continue;
        *ret_knot = (waitfor_knot){ world->event, task };
        return found;
    }
    return 0;
}

// The task that the last event made wait, or that ended with a lock; 0 for
// none.
static uint32_t suspect_at(const ant_snapshot *world)
{
    const ant_model *model = world->model;
    uint32_t task = model_subject(model, world->event);
    const model_now_task *now = &world->tasks[task];
    switch (model->kind[world->event]) {
    case ANT_EV_poll_end:
    case ANT_EV_block_begin:
        return now->waits.len > 0 ? task : 0;
    case ANT_EV_task_end:
    case ANT_EV_task_drop:
        return now->holds.len > 0 ? task : 0;
    case ANT_EV_half_drop:
        return left_alone(world, model_event_res(model, world->event));
    default:
        return 0;
    }
}

// What the program began with is over, and now all its senders go.
static bool is_ending(const ant_snapshot *world)
{
    const ant_model *model = world->model;
    bool has_root = false;
    if (model->kind[world->event] != ANT_EV_half_drop) return false;
    for (uint32_t task = 1; task < model->task_count; task++) {
        if (model->tasks[task].kind != ANT_TASK_ROOT) continue;
        uint8_t state = world->tasks[task].state;
        if (state != MODEL_TASK_NONE && state < MODEL_TASK_DONE) return false;
        has_root = true;
    }
    return has_root;
}

// The first who waits for a value, and for ever, as a sender is given up; 0 for
// none. A receiver that goes keeps nobody from anything.
static uint32_t left_alone(const ant_snapshot *world, uint32_t res)
{
    const ant_model *model = world->model;
    uint32_t wait = model__waitfor_first(world, res, false);
    while (wait != 0 && model_wait_is_ended(model, wait))
        wait = model__waitfor_next(world, wait, false);
    if (wait == 0) return 0;
    uint32_t half = model->res[res].senders;
    while (half != 0 && model->halves[half].end_event != world->event)
        half = model->halves[half].next;
    return half == 0 ? 0 : model->waits[wait].task;
}

static int look_closer(const ant_snapshot *world, uint32_t task)
{
    model_waitfor graph;
    int err = model_waitfor_init(&graph, world);
    if (err != 0) return err;
    bool is_core = graph.nodes[model_waitfor_task(&graph, task)].is_core;
    model_waitfor_deinit(&graph);
    return is_core ? 1 : 0;
}

static void visit(find_walk *walk, uint32_t task)
{
    if (task == walk->start) walk->is_found = true;
    if (walk->world->tasks[task].state >= MODEL_TASK_DONE)
        walk->is_found = true;
    for (uint32_t i = 0; i < walk->count; i++) {
        if (walk->task[i] == task) return;
    }
    if (walk->count == WALK_TASK_MAX) {
        walk->is_found = true; // perhaps: the graph will tell
        return;
    }
    walk->task[walk->count++] = task;
}

static void visit_holders(find_walk *walk, uint32_t res)
{
    uint32_t hold = walk->world->res[res].holds.first;
    if (!model__waitfor_is_lock(walk->world->model, res)) return;
    for (; hold != 0; hold = walk->world->holds[hold].of_res.next) {
        uint32_t task = walk->world->model->holds[hold].task;
        if (task != 0) visit(walk, task);
    }
}

// Those at the other end of a channel. Most waits end, and need no look.
static void visit_halves(find_walk *walk, uint32_t wait)
{
    const ant_snapshot *world = walk->world;
    uint32_t half = 0;
    uint32_t since;
    if (model_wait_is_ended(world->model, wait)) return;
    model_other_side side = model_other_side_of(world, wait);
    uint32_t res = world->model->waits[wait].res;
    if (side == MODEL_SIDE_UNKNOWN) return;
    if (!model_side_is_sure(world->model, res, side)) return;
    while ((half = model_half_next(world, wait, side, half)) != 0)
        visit(walk, model_half_task(world, half, &since));
}

// The task blocks a worker, and no other one is left.
static bool is_last_worker(const ant_snapshot *world, uint32_t task)
{
    const ant_model *model = world->model;
    if (world->tasks[task].state != MODEL_TASK_BLOCKING) return false;
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        if (model->lanes[lane].kind == ANT_LANE_WORKER &&
            world->lanes[lane].state != MODEL_LANE_BLOCKED)
            return false;
    }
    return true;
}

static bool may_close(const ant_snapshot *world, uint32_t task)
{
    const ant_model *model = world->model;
    find_walk walk = { .world = world, .start = task };
    walk.task[walk.count++] = task;
    bool is_over = world->tasks[task].state >= MODEL_TASK_DONE;
    if (is_over || is_last_worker(world, task)) return true;
    for (uint32_t i = 0; i < walk.count && !walk.is_found; i++) {
        const model_now_task *now = &world->tasks[walk.task[i]];
        bool is_blocked = now->state == MODEL_TASK_BLOCKING;
        if (!is_blocked && !model__waitfor_is_pending(now->state)) continue;
        uint32_t wait = now->waits.last;
        for (uint32_t n = 0; wait != 0 && n < WALK_WAIT_MAX; n++) {
            const model_wait *row = &model->waits[wait];
            if (row->kind == MODEL_WAIT_JOIN) visit(&walk, row->on);
            if (row->res != 0) visit_holders(&walk, row->res);
            visit_halves(&walk, wait);
            wait = world->waits[wait].of_task.prev;
        }
    }
    return walk.is_found;
}
