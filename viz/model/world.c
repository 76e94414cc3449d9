// SPDX-License-Identifier: MIT
//
// The rules of the world: what each event changes in a snapshot. The same
// code runs once when the model is built, which makes the spans, and again
// whenever a snapshot is moved. It never fails and takes any order of events,
// for a file may be damaged.

#include "model/world.h"

#include <stddef.h>

#include "model/build.h"
#include "model/chain.h"

typedef void (*world_fn)(ant_snapshot *world, const world_now *now);

static world_fn const on_event[ANT_EV_COUNT];

void model__world_apply(ant_snapshot *world, uint32_t i)
{
    const ant_model *model = world->model;
    uint32_t lane = model->lane[i];
    world_fn fn = on_event[model->kind[i]];

    world->event = i;
    world->t_ns = model_t_ns(model, i);
    if (world->lanes[lane].state == MODEL_LANE_NONE && lane != 0) {
        world->lanes[lane].state = MODEL_LANE_RUNNING;
        world->lanes[lane].since = i;
    }
    if (fn == NULL) return;

    world_now now = { i, model_subject(model, i), lane, { 0 } };
    model_event(model, i, &now.event);
    fn(world, &now);
}

static void set_task(ant_snapshot *world, uint32_t task, uint32_t i,
                     uint8_t state)
{
    if (task == 0) return;
    world->tasks[task].state = state;
    world->tasks[task].since = i;
}

static void set_lane(ant_snapshot *world, uint32_t lane, uint32_t i,
                     uint8_t state)
{
    bool is_same = world->lanes[lane].state == state;
    if (lane == 0 || (is_same && state != MODEL_LANE_POLLING)) return;
    world->lanes[lane].state = state;
    world->lanes[lane].since = i;
}

static bool is_over(uint8_t state)
{
    return state == MODEL_TASK_DONE || state == MODEL_TASK_CANCELLED;
}

static bool is_polled(uint8_t state)
{
    return state == MODEL_TASK_POLLING || state == MODEL_TASK_BLOCKING;
}

static bool is_waiting(uint8_t state)
{
    return state >= MODEL_TASK_WAIT_LOCK && state <= MODEL_TASK_WAIT_OTHER;
}

// --- Run queues ---

static void on_task_push(ant_snapshot *world, const world_now *now)
{
    model__queue_on_push(world, now);
    if (is_waiting(world->tasks[now->task].state))
        set_task(world, now->task, now->i, MODEL_TASK_READY);
}

// --- What tasks wait for and hold ---

static void link_rows(model_link *links, uint32_t row, model_queue *task,
                      model_queue *res, bool is_begin)
{
    model_chain chains[] = {
        { task, &links[0].of_task, sizeof(model_link) },
        { res, &links[0].of_res, sizeof(model_link) },
    };
    for (unsigned k = 0; k < 2; k++) {
        if (chains[k].queue == NULL) continue;
        if (is_begin) {
            model__chain_push(&chains[k], row);
        } else {
            model__chain_remove(&chains[k], row);
        }
    }
}

static void link_wait(ant_snapshot *world, uint32_t row, bool is_begin)
{
    const model_wait *wait = &world->model->waits[row];
    bool is_queued = wait->res != 0 && wait->kind == MODEL_WAIT_RES;
    link_rows(world->waits, row,
              wait->task != 0 ? &world->tasks[wait->task].waits : NULL,
              is_queued ? &world->res[wait->res].waits : NULL, is_begin);
    if (wait->kind != MODEL_WAIT_TIMER) return;

    uint64_t bit = UINT64_C(1) << wait->rank % 64;
    if (is_begin) {
        world->timer_bits[wait->rank / 64] |= bit;
        world->timer_count++;
    } else {
        world->timer_bits[wait->rank / 64] &= ~bit;
        world->timer_count--;
    }
}

static void link_hold(ant_snapshot *world, uint32_t row, bool is_begin)
{
    const model_hold *hold = &world->model->holds[row];
    model_now_res *res = &world->res[hold->res];
    link_rows(world->holds, row,
              hold->task != 0 ? &world->tasks[hold->task].holds : NULL,
              hold->res != 0 ? &res->holds : NULL, is_begin);
    if (is_begin) res->held += hold->amount; // less again as they are released
}

// For what a task waits whose poll ended at event `i` without a wait on
// record: the wake that will end it tells.
static uint8_t foreseen_state(const ant_model *model, uint32_t task, uint32_t i)
{
    uint32_t wake = model_next_wake_of(model, task, i);
    if (wake == MODEL_NONE) return MODEL_TASK_WAIT_OTHER;
    model_waker waker;
    model_waker_of(model, wake, &waker);
    switch (waker.via) {
    case ANT_VIA_TIMER:
        return MODEL_TASK_WAIT_TIMER;
    case ANT_VIA_LOCK:
        return MODEL_TASK_WAIT_LOCK;
    case ANT_VIA_CHANNEL:
        return MODEL_TASK_WAIT_CHANNEL;
    case ANT_VIA_JOIN:
    case ANT_VIA_NOTIFY:
        return MODEL_TASK_WAIT_TASK;
    case ANT_VIA_IO:
        return MODEL_TASK_WAIT_IO;
    default:
        return MODEL_TASK_WAIT_OTHER;
    }
}

// The state that a task's waits give it: the first in the order of the enum.
static uint8_t waiting_state(const ant_snapshot *world, uint32_t task)
{
    if (world->tasks[task].waits.len == 0)
        return foreseen_state(world->model, task, world->event);
    uint32_t wait = model__snapshot_wait(world, task, BUILD_LOOK_MAX);
    uint8_t state = world->model->waits[wait].state;
    // A call that blocks the thread ends before the poll does.
    if (state == MODEL_TASK_BLOCKING) state = MODEL_TASK_WAIT_OTHER;
    return state;
}

static void on_wait_begin(ant_snapshot *world, const world_now *now)
{
    uint32_t row = model_wait_of(world->model, now->i);
    if (row == 0) return;
    uint32_t moved_from = world->model->waits[row].moved_from;
    if (moved_from != 0) link_wait(world, moved_from, false);
    link_wait(world, row, true);

    uint8_t before = world->tasks[now->task].state;
    if (!is_waiting(before)) return;
    uint8_t state = waiting_state(world, now->task);
    if (state != before) set_task(world, now->task, now->i, state);
}

// The task stays in its waiting state: a wake is on its way.
static void on_wait_end(ant_snapshot *world, const world_now *now)
{
    uint32_t row = model_wait_of(world->model, now->i);
    if (row != 0) link_wait(world, row, false);
}

static void on_block_begin(ant_snapshot *world, const world_now *now)
{
    on_wait_begin(world, now);
    if (world->tasks[now->task].state == MODEL_TASK_POLLING)
        set_task(world, now->task, now->i, MODEL_TASK_BLOCKING);
    set_lane(world, now->lane, now->i, MODEL_LANE_BLOCKED);
}

static void on_block_end(ant_snapshot *world, const world_now *now)
{
    on_wait_end(world, now);
    if (world->tasks[now->task].state == MODEL_TASK_BLOCKING)
        set_task(world, now->task, now->i, MODEL_TASK_POLLING);
    bool is_polling = now->lane != 0 && world->lanes[now->lane].task != 0;
    set_lane(world, now->lane, now->i,
             is_polling ? MODEL_LANE_POLLING : MODEL_LANE_RUNNING);
}

static void on_acquire(ant_snapshot *world, const world_now *now)
{
    uint32_t row = model_hold_of(world->model, now->i);
    if (row != 0) link_hold(world, row, true);
}

static void on_release(ant_snapshot *world, const world_now *now)
{
    const uint32_t amount =
        (uint32_t)ANT_EVENT_AS(release, &now->event)->amount;
    model_now_res *res = &world->res[model_event_res(world->model, now->i)];
    res->held -= amount < res->held ? amount : res->held;
    uint32_t row = model_hold_of(world->model, now->i);
    for (; row != 0; row = world->model->holds[row].end_next)
        link_hold(world, row, false);
}

static void on_res_new(ant_snapshot *world, const world_now *now)
{
    world->res[model_event_res(world->model, now->i)].is_alive = true;
}

static void on_res_drop(ant_snapshot *world, const world_now *now)
{
    world->res[model_event_res(world->model, now->i)].is_alive = false;
}

static void on_chan_send(ant_snapshot *world, const world_now *now)
{
    world->res[model_event_res(world->model, now->i)].len =
        (uint32_t)ANT_EVENT_AS(chan_send, &now->event)->len;
}

static void on_chan_recv(ant_snapshot *world, const world_now *now)
{
    world->res[model_event_res(world->model, now->i)].len =
        (uint32_t)ANT_EVENT_AS(chan_recv, &now->event)->len;
}

static void on_chan_close(ant_snapshot *world, const world_now *now)
{
    world->res[model_event_res(world->model, now->i)].is_closed = true;
}

// --- The life of a task ---

static void on_task_spawn(ant_snapshot *world, const world_now *now)
{
    world->tasks[now->task].poll = MODEL_NONE;
    set_task(world, now->task, now->i, MODEL_TASK_NEW);
}

static void on_wake(ant_snapshot *world, const world_now *now)
{
    const ant_ev_wake *ev = ANT_EVENT_AS(wake, &now->event);
    if (ev->result == ANT_WAKE_RUNNING)
        world->tasks[now->task].is_notified = true;
    if (ev->result == ANT_WAKE_QUEUED &&
        is_waiting(world->tasks[now->task].state))
        set_task(world, now->task, now->i, MODEL_TASK_READY);
}

static void on_poll_begin(ant_snapshot *world, const world_now *now)
{
    model_now_task *row = &world->tasks[now->task];
    if (now->task == 0) return;
    model__queue_leave(world, now->task);
    row->lane = (uint16_t)now->lane;
    row->poll = now->i;
    row->is_notified = false;
    row->outer = now->lane != 0 && world->lanes[now->lane].task != now->task
                     ? world->lanes[now->lane].task
                     : 0;
    set_task(world, now->task, now->i, MODEL_TASK_POLLING);
    set_lane(world, now->lane, now->i, MODEL_LANE_POLLING);
    if (now->lane != 0) world->lanes[now->lane].task = now->task;
}

static void on_poll_end(ant_snapshot *world, const world_now *now)
{
    model_now_task *row = &world->tasks[now->task];
    uint64_t result = ANT_EVENT_AS(poll_end, &now->event)->result;
    if (now->task == 0) return;

    uint8_t state = MODEL_TASK_DONE;
    if (result == ANT_RESULT_PENDING) {
        state = row->is_notified ? MODEL_TASK_READY
                                 : waiting_state(world, now->task);
    } else if (result == ANT_RESULT_CANCELLED) {
        state = MODEL_TASK_CANCELLED;
    }
    set_task(world, now->task, now->i, state);
    row->is_notified = false;
    if (row->place == MODEL_PLACE_NOWHERE) row->lane = 0;
    if (now->lane == 0) return;
    // A poll inside a poll (a thread of the pool that blocks on a future).
    world->lanes[now->lane].task = row->outer;
    set_lane(world, now->lane, now->i,
             row->outer != 0 ? MODEL_LANE_POLLING : MODEL_LANE_RUNNING);
    row->outer = 0;
}

static void on_task_end(ant_snapshot *world, const world_now *now)
{
    const ant_ev_task_end *ev = ANT_EVENT_AS(task_end, &now->event);
    uint8_t state = world->tasks[now->task].state;
    on_wait_end(world, now); // of the task that joins it
    // Inside its last poll it is still being polled.
    if (is_polled(state) || is_over(state)) return;
    model__queue_leave(world, now->task);
    set_task(world, now->task, now->i,
             ev->outcome == ANT_RESULT_CANCELLED ? MODEL_TASK_CANCELLED
                                                 : MODEL_TASK_DONE);
}

static void on_task_drop(ant_snapshot *world, const world_now *now)
{
    const ant_ev_task_drop *ev = ANT_EVENT_AS(task_drop, &now->event);
    uint8_t state = world->tasks[now->task].state;
    if (is_polled(state) || is_over(state)) return;
    model__queue_leave(world, now->task);
    set_task(world, now->task, now->i,
             ev->why == ANT_DROP_DONE ? MODEL_TASK_DONE : MODEL_TASK_CANCELLED);
}

// --- The life of a lane ---

static void on_park(ant_snapshot *world, const world_now *now)
{
    set_lane(world, now->lane, now->i, MODEL_LANE_PARKED);
}

static void on_unpark(ant_snapshot *world, const world_now *now)
{
    set_lane(world, now->lane, now->i, MODEL_LANE_RUNNING);
}

static void on_search_begin(ant_snapshot *world, const world_now *now)
{
    set_lane(world, now->lane, now->i, MODEL_LANE_SEARCHING);
}

static void on_lane_leave(ant_snapshot *world, const world_now *now)
{
    uint64_t id = ANT_EVENT_AS(lane_leave, &now->event)->lane;
    uint32_t row = model_lane_row(world->model, id);
    set_lane(world, row, now->i, MODEL_LANE_NONE);
}

static world_fn const on_event[ANT_EV_COUNT] = {
    [ANT_EV_lane_leave] = on_lane_leave,
    [ANT_EV_park] = on_park,
    [ANT_EV_unpark] = on_unpark,
    [ANT_EV_search_begin] = on_search_begin,
    [ANT_EV_search_end] = on_unpark,
    [ANT_EV_steal] = model__queue_on_steal,
    [ANT_EV_steal_task] = model__queue_on_steal_task,
    [ANT_EV_overflow] = model__queue_on_overflow,
    [ANT_EV_inject_pop] = model__queue_on_inject_pop,
    [ANT_EV_task_spawn] = on_task_spawn,
    [ANT_EV_task_push] = on_task_push,
    [ANT_EV_poll_begin] = on_poll_begin,
    [ANT_EV_poll_end] = on_poll_end,
    [ANT_EV_task_end] = on_task_end,
    [ANT_EV_task_drop] = on_task_drop,
    [ANT_EV_task_detach] = on_wait_end,
    [ANT_EV_join_wait] = on_wait_begin,
    [ANT_EV_wake] = on_wake,
    [ANT_EV_timer_arm] = on_wait_begin,
    [ANT_EV_timer_fire] = on_wait_end,
    [ANT_EV_timer_cancel] = on_wait_end,
    [ANT_EV_res_new] = on_res_new,
    [ANT_EV_res_drop] = on_res_drop,
    [ANT_EV_wait_begin] = on_wait_begin,
    [ANT_EV_wait_end] = on_wait_end,
    [ANT_EV_acquire] = on_acquire,
    [ANT_EV_release] = on_release,
    [ANT_EV_chan_send] = on_chan_send,
    [ANT_EV_chan_recv] = on_chan_recv,
    [ANT_EV_chan_close] = on_chan_close,
    [ANT_EV_block_begin] = on_block_begin,
    [ANT_EV_block_end] = on_block_end,
};
