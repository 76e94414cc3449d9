// SPDX-License-Identifier: MIT
//
// Keyframes: the world every so many events, for whoever jumps. Most of a world
// is small; but it has a link for each wait and each hold of the whole trace,
// of which only those that are going on say anything. A keyframe keeps these
// alone, found through the queues that they stand in.

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "model/build.h"

// This often, and less often when they would not fit.
#define EVERY_MIN 4096u
#define BYTES_MAX ((size_t)64 << 20)

// A place in a queue of waits or of holds, of a task or of a resource.
typedef struct place {
    uint32_t row;
    bool is_hold;
    bool is_of_task;
} place;

// A place that is taken, and its neighbours.
typedef struct build_kept {
    place at;
    model_node node;
} build_kept;

typedef void (*place_fn)(ant_snapshot *world, place at, void *arg);

static void each_place(ant_snapshot *world, place_fn look, void *arg);

static model_node *node_at(const ant_snapshot *world, place at)
{
    model_link *link =
        at.is_hold ? &world->holds[at.row] : &world->waits[at.row];
    return at.is_of_task ? &link->of_task : &link->of_res;
}

int model__keyframes_plan(model_build *build)
{
    const size_t bytes = model__snapshot_small_bytes(&build->model);
    const uint32_t count = build->model.event_count;
    uint32_t every = EVERY_MIN;
    while (every < count && count / every * bytes > BYTES_MAX)
        every *= 2;
    build->keyframe_every = every;
    build->keyframes =
        model__alloc(build, count / every + 1, sizeof *build->keyframes);
    return build->keyframes == NULL ? -ENOMEM : 0;
}

static void count_place(ant_snapshot *world, place at, void *arg)
{
    (void)world, (void)at;
    (*(uint32_t *)arg)++;
}

static void keep_place(ant_snapshot *world, place at, void *arg)
{
    build_keyframe *frame = arg;
    frame->kept[frame->kept_count++] =
        (build_kept){ .at = at, .node = *node_at(world, at) };
}

int model__keyframe_keep(model_build *build, ant_snapshot *world)
{
    const size_t bytes = model__snapshot_small_bytes(&build->model);
    uint32_t count = 0;
    each_place(world, count_place, &count);
    build_keyframe *frame = &build->keyframes[build->keyframe_count++];
    *frame = (build_keyframe){ .world = *world };
    frame->world.block = ant_mem_alloc(bytes);
    frame->kept = ant_mem_alloc(count * sizeof *frame->kept);
    if (frame->world.block == NULL || frame->kept == NULL) return -ENOMEM;
    memcpy(frame->world.block, world->block, bytes);
    each_place(world, keep_place, frame);
    return 0;
}

void model__keyframes_free(model_build *build)
{
    for (uint32_t i = 0; i < build->keyframe_count; i++) {
        ant_mem_free(build->keyframes[i].world.block);
        ant_mem_free(build->keyframes[i].kept);
    }
}

static void forget_place(ant_snapshot *world, place at, void *arg)
{
    (void)arg;
    *node_at(world, at) = (model_node){ 0 };
}

void model__keyframe_enter(ant_snapshot *world, const build_keyframe *frame)
{
    each_place(world, forget_place, NULL);
    const ant_snapshot parts = *world;
    *world = frame->world;
    world->tasks = parts.tasks;
    world->lanes = parts.lanes;
    world->res = parts.res;
    world->waits = parts.waits;
    world->holds = parts.holds;
    world->timer_bits = parts.timer_bits;
    world->block = parts.block;
    memcpy(world->block, frame->world.block,
           model__snapshot_small_bytes(world->model));
    for (uint32_t i = 0; i < frame->kept_count; i++)
        *node_at(world, frame->kept[i].at) = frame->kept[i].node;
}

// ---- The places that are taken ----

static void each_in(ant_snapshot *world, const model_queue *queue, place at,
                    place_fn look, void *arg)
{
    at.row = queue->first;
    while (at.row != 0) {
        // It may be forgotten now.
        const uint32_t next = node_at(world, at)->next;
        look(world, at, arg);
        at.row = next;
    }
}

static void each_place(ant_snapshot *world, place_fn look, void *arg)
{
    const ant_model *model = world->model;
    const place wait_of_task = { .is_of_task = true };
    const place hold_of_task = { .is_hold = true, .is_of_task = true };
    for (uint32_t i = 0; i < model->task_count; i++) {
        each_in(world, &world->tasks[i].waits, wait_of_task, look, arg);
        each_in(world, &world->tasks[i].holds, hold_of_task, look, arg);
    }
    const place wait_of_res = { 0 };
    const place hold_of_res = { .is_hold = true };
    for (uint32_t i = 0; i < model->res_count; i++) {
        each_in(world, &world->res[i].waits, wait_of_res, look, arg);
        each_in(world, &world->res[i].holds, hold_of_res, look, arg);
    }
}
