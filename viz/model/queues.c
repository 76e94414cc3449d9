// SPDX-License-Identifier: MIT
//
// The run queues of the world: a list for each worker and its LIFO slot, one
// for injected tasks, one for those that yielded and one for the blocking pool.
// A task is in one of them at most; whatever puts it into one takes it out of
// the one before, so that a hole in the trace does no lasting harm.

#include "model/chain.h"
#include "model/world.h"

static model_chain chain_of_queue(ant_snapshot *world, uint32_t task)
{
    const model_now_task *row = &world->tasks[task];
    model_chain chain = { .node = &world->tasks[0].queued,
                          .stride = sizeof(model_now_task) };
    if (row->place == MODEL_PLACE_LOCAL)
        chain.queue = &world->lanes[row->lane].local;
    if (row->place == MODEL_PLACE_INJECT) chain.queue = &world->inject;
    if (row->place == MODEL_PLACE_BLOCKING) chain.queue = &world->blocking;
    if (row->place == MODEL_PLACE_DEFERRED) chain.queue = &world->deferred;
    return chain;
}

// Takes the task out of whatever queue it is in.
void model__queue_leave(ant_snapshot *world, uint32_t task)
{
    model_now_task *row = &world->tasks[task];
    model_chain chain = chain_of_queue(world, task);
    if (chain.queue != NULL) model__chain_remove(&chain, task);
    if (row->place == MODEL_PLACE_LIFO) world->lanes[row->lane].lifo = 0;
    if (row->place != MODEL_PLACE_NOWHERE) row->lane = 0;
    row->place = MODEL_PLACE_NOWHERE;
}

static void join_queue(ant_snapshot *world, uint32_t task, model_place place,
                       uint32_t lane)
{
    if (task == 0) return;
    model__queue_leave(world, task);
    world->tasks[task].place = (uint8_t)place;
    world->tasks[task].lane = (uint16_t)lane;
    if (place != MODEL_PLACE_LIFO) {
        model_chain chain = chain_of_queue(world, task);
        model__chain_push(&chain, task);
        return;
    }
    // The one that was in the slot goes to the back of the worker's queue.
    uint32_t before = world->lanes[lane].lifo;
    world->lanes[lane].lifo = task;
    if (before == 0) return;
    world->tasks[before].place = MODEL_PLACE_NOWHERE;
    join_queue(world, before, MODEL_PLACE_LOCAL, lane);
}

void model__queue_on_push(ant_snapshot *world, const world_now *now)
{
    const ant_ev_task_push *ev = ANT_EVENT_AS(task_push, &now->event);
    uint32_t owner = model_lane_row(world->model, ev->owner);
    if (owner == 0 || owner > UINT16_MAX) owner = now->lane;
    switch (ev->queue) {
    case ANT_QUEUE_LOCAL:
    case ANT_QUEUE_STOLEN:
    case ANT_QUEUE_PINNED:
        join_queue(world, now->task, MODEL_PLACE_LOCAL, owner);
        break;
    case ANT_QUEUE_LIFO:
        join_queue(world, now->task, MODEL_PLACE_LIFO, owner);
        break;
    case ANT_QUEUE_BLOCKING:
        join_queue(world, now->task, MODEL_PLACE_BLOCKING, 0);
        break;
    case ANT_QUEUE_DEFERRED:
        join_queue(world, now->task, MODEL_PLACE_DEFERRED, 0);
        break;
    default:
        join_queue(world, now->task, MODEL_PLACE_INJECT, 0);
        break;
    }
}

void model__queue_on_steal_task(ant_snapshot *world, const world_now *now)
{
    const ant_ev_steal_task *ev = ANT_EVENT_AS(steal_task, &now->event);
    const model_now_task *row = &world->tasks[now->task];
    uint32_t victim = model_lane_row(world->model, ev->victim);
    bool is_there =
        row->place == MODEL_PLACE_LOCAL || row->place == MODEL_PLACE_LIFO;
    if (is_there && row->lane == victim)
        join_queue(world, now->task, MODEL_PLACE_LOCAL, now->lane);
}

// The stolen tasks are named by the steal_task events that follow; they move
// at once, so that a step never shows half a steal.
void model__queue_on_steal(ant_snapshot *world, const world_now *now)
{
    const ant_ev_steal *ev = ANT_EVENT_AS(steal, &now->event);
    const ant_model *model = world->model;
    uint64_t left = ev->count;
    uint64_t look = 64 + 4 * (left < 256 ? left : 256);

    for (uint32_t at = now->i + 1; left > 0 && look-- > 0; at++) {
        if (at >= model->event_count) break;
        if (model->lane[at] != now->lane) continue;
        if (model->kind[at] != ANT_EV_steal_task) break;
        world_now moved = { at, model_subject(model, at), now->lane, { 0 } };
        model_event(model, at, &moved.event);
        model__queue_on_steal_task(world, &moved);
        left--;
    }
}

// The newest of the worker's queue go, in their order.
void model__queue_on_overflow(ant_snapshot *world, const world_now *now)
{
    uint64_t count = ANT_EVENT_AS(overflow, &now->event)->count;
    const model_queue *local = &world->lanes[now->lane].local;
    uint32_t first = local->last;
    if (count > local->len) count = local->len;
    if (count == 0) return;
    for (uint64_t n = 1; n < count; n++)
        first = world->tasks[first].queued.prev;
    while (first != 0) {
        uint32_t next = world->tasks[first].queued.next;
        join_queue(world, first, MODEL_PLACE_INJECT, 0);
        first = next;
    }
}

void model__queue_on_inject_pop(ant_snapshot *world, const world_now *now)
{
    uint64_t count = ANT_EVENT_AS(inject_pop, &now->event)->count;
    for (; count > 0 && world->inject.len > 0; count--) {
        join_queue(world, world->inject.first, MODEL_PLACE_LOCAL, now->lane);
    }
}
