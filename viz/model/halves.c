// SPDX-License-Identifier: MIT
//
// The pass that follows each half of a channel from hand to hand, and the
// questions to what it has found.

#include "model/halves.h"

#include <errno.h>

#include "base/table.h"
#include "model/build.h"

// A half in a channel whose receiver is in a channel, and so on: no further.
#define INSIDE_MAX 4

typedef struct half_pass {
    model_build *build;
    model_half *halves;
    model_half_move *moves;
    uint32_t move_count;
    ant_table rows;  // of halves, by their number in the file
    ant_table count; // of halves that a task has, see count_of()
    bool is_short;   // memory ran out
} half_pass;

typedef void (*half_fn)(half_pass *pass, uint32_t i, const ant_event *event);

static int alloc_halves(half_pass *pass);
static void settle(half_pass *pass);

static half_fn const on_event[ANT_EV_COUNT];

int model__halves(model_build *build)
{
    half_pass pass = { .build = build,
                       .rows = ant_table_init(sizeof(uint32_t)),
                       .count = ant_table_init(sizeof(uint32_t)) };
    int err = alloc_halves(&pass);
    const bool is_told = build->kind_count[ANT_EV_chan_open] > 0;
    for (uint32_t i = 0; err == 0 && is_told && i < build->model.event_count;
         i++) {
        half_fn fn = on_event[build->kind[i]];
        if (fn == NULL) continue;
        ant_event event;
        model_event(&build->model, i, &event);
        fn(&pass, i, &event);
    }
    if (err == 0) settle(&pass);
    ant_table_deinit(&pass.rows);
    ant_table_deinit(&pass.count);
    return pass.is_short ? -ENOMEM : err;
}

static int alloc_halves(half_pass *pass)
{
    model_build *build = pass->build;
    const uint32_t *count = build->kind_count;
    size_t moves = 1 + (size_t)count[ANT_EV_half_move];
    size_t halves =
        moves + 2 * (size_t)count[ANT_EV_chan_open] + count[ANT_EV_half_clone];
    pass->halves = model__alloc(build, halves, sizeof *pass->halves);
    pass->moves = model__alloc(build, moves, sizeof *pass->moves);
    if (pass->halves == NULL || pass->moves == NULL) return -ENOMEM;
    build->model.halves = pass->halves;
    build->model.half_moves = pass->moves;
    build->model.half_count = 1;
    pass->move_count = 1;
    return 0;
}

// ---- From hand to hand ----

// The row of the half with this number, made when it is new; 0 when out of
// memory.
static uint32_t row_of(half_pass *pass, uint64_t number)
{
    uint32_t *row = ant_table_get(&pass->rows, number);
    if (row == NULL) {
        pass->is_short = true;
        return 0;
    }
    if (*row == 0) {
        *row = pass->build->model.half_count++;
        pass->halves[*row] = (model_half){ .end_event = MODEL_NONE };
    }
    return *row;
}

static uint32_t holder_of(const half_pass *pass, const model_half *half)
{
    return half->move != 0 ? pass->moves[half->move].task : half->task;
}

// How many halves of one side of a channel a task has.
static uint32_t *count_of(half_pass *pass, uint32_t res, bool is_tx,
                          uint32_t task)
{
    uint64_t key = (uint64_t)res << 33 | (uint64_t)is_tx << 32 | task;
    uint32_t *count = ant_table_get(&pass->count, key);
    if (count == NULL) pass->is_short = true;
    return count;
}

static void change_count(half_pass *pass, const model_half *half, uint32_t by)
{
    if (half->res == 0) return;
    uint32_t *count =
        count_of(pass, half->res, half->is_tx, holder_of(pass, half));
    if (count != NULL) *count += by;
}

#define ONE_LESS UINT32_MAX

// Each value is for all of the receivers, and nobody waits for room.
static bool is_for_all(const model_res *res)
{
    return res->kind == ANT_RES_BROADCAST || res->kind == ANT_RES_WATCH;
}

// A half that goes as a value tells that this program does not share the
// channel by a pointer; but one of many receivers tells nothing of the senders.
static void note_move(half_pass *pass, const model_half *half)
{
    model_res *res = &pass->build->res[half->res];
    if (half->is_tx || !is_for_all(res)) res->hands_on = true;
}

// A half is in this channel, and the task made it.
static void adopt(half_pass *pass, model_half made, uint64_t number)
{
    uint32_t row = row_of(pass, number);
    model_half *half = &pass->halves[row];
    model_res *res = &pass->build->res[made.res];
    if (row == 0 || half->res != 0 || made.res == 0) return;
    made.end_event = MODEL_NONE;
    made.move = half->move; // it may have been given away before it was named
    uint32_t *newest = made.is_tx ? &res->senders : &res->receivers;
    made.next = *newest;
    *half = made;
    *newest = row;
    if (half->move != 0) note_move(pass, half);
    change_count(pass, half, 1);
}

static void on_open(half_pass *pass, uint32_t i, const ant_event *event)
{
    const ant_ev_chan_open *ev = ANT_EVENT_AS(chan_open, event);
    const ant_model *model = &pass->build->model;
    model_half made = { .res = model_res_row(model, ev->res),
                        .task = model_task_row(model, ev->task) };
    bool is_later = ev->tx == 0;
    if (is_later) made.begin_event = i;
    adopt(pass, made, ev->rx);
    if (is_later) return;
    made.is_tx = true;
    adopt(pass, made, ev->tx);
    pass->build->res[made.res].knows_halves = true;
}

static void on_clone(half_pass *pass, uint32_t i, const ant_event *event)
{
    const ant_ev_half_clone *ev = ANT_EVENT_AS(half_clone, event);
    const ant_model *model = &pass->build->model;
    adopt(pass,
          (model_half){ .res = model_res_row(model, ev->res),
                        .task = model_task_row(model, ev->task),
                        .is_tx = true,
                        .begin_event = i },
          ev->half);
}

static void on_move(half_pass *pass, uint32_t i, const ant_event *event)
{
    const ant_ev_half_move *ev = ANT_EVENT_AS(half_move, event);
    const ant_model *model = &pass->build->model;
    model_half *half = &pass->halves[row_of(pass, ev->half)];
    if (half->end_event != MODEL_NONE) return; // bytes that are left of it
    uint32_t row = pass->move_count++;
    pass->moves[row] = (model_half_move){
        .event = i,
        .task = model_task_row(model, ev->task),
        .into = model_res_row(model, ev->into),
        .before = half->move,
    };
    change_count(pass, half, ONE_LESS);
    half->move = row;
    change_count(pass, half, 1);
    note_move(pass, half);
}

// Who has no such half and uses one has got it unseen.
static bool check_has(half_pass *pass, uint32_t res, uint32_t task, bool is_tx)
{
    const uint32_t *count = count_of(pass, res, is_tx, task);
    bool has = count == NULL || *count > 0;
    if (!has) pass->build->res[res].knows_halves = false;
    return has;
}

static void on_drop(half_pass *pass, uint32_t i, const ant_event *event)
{
    const ant_ev_half_drop *ev = ANT_EVENT_AS(half_drop, event);
    model_half *half = &pass->halves[row_of(pass, ev->half)];
    if (half->res == 0 || half->end_event != MODEL_NONE) return;
    // What is still in a channel is thrown away by whoever ends that.
    bool is_inside = half->move != 0 && pass->moves[half->move].into != 0;
    uint32_t task = model_task_row(&pass->build->model, ev->task);
    if (!is_inside && holder_of(pass, half) != task)
        pass->build->res[half->res].knows_halves = false;
    change_count(pass, half, ONE_LESS);
    half->end_event = i;
}

static void on_send(half_pass *pass, uint32_t i, const ant_event *event)
{
    const ant_ev_chan_send *ev = ANT_EVENT_AS(chan_send, event);
    const ant_model *model = &pass->build->model;
    uint32_t res = model_res_row(model, ev->res);
    (void)i;
    if (!pass->build->res[res].knows_halves) return;
    if (check_has(pass, res, model_task_row(model, ev->task), true))
        pass->build->res[res].hands_on = true;
}

static void on_recv(half_pass *pass, uint32_t i, const ant_event *event)
{
    const ant_ev_chan_recv *ev = ANT_EVENT_AS(chan_recv, event);
    const ant_model *model = &pass->build->model;
    uint32_t res = model_res_row(model, ev->res);
    (void)i;
    if (!pass->build->res[res].knows_halves) return;
    (void)check_has(pass, res, model_task_row(model, ev->task), false);
}

// Whoever has no receiver waits with a sender: for room, or for the end.
static void on_wait(half_pass *pass, uint32_t i, const ant_event *event)
{
    const ant_ev_wait_begin *ev = ANT_EVENT_AS(wait_begin, event);
    const ant_model *model = &pass->build->model;
    uint32_t res = model_res_row(model, ev->res);
    uint32_t task = model_task_row(model, ev->task);
    (void)i;
    if (!pass->build->res[res].knows_halves) return;
    const uint32_t *count = count_of(pass, res, false, task);
    bool is_sender = ev->amount == 0;
    if (!is_for_all(&pass->build->res[res]))
        is_sender |= count != NULL && *count == 0;
    (void)check_has(pass, res, task, is_sender);
}

// Where events are missing, a half may have gone anywhere.
static void settle(half_pass *pass)
{
    model_build *build = pass->build;
    const ant_trace_info *info = build->model.info;
    bool is_whole = info->lost_count == 0 && info->chunk_bad_count == 0;
    if (is_whole) return;
    for (uint32_t i = 1; i < build->model.res_count; i++)
        build->res[i].knows_halves = false;
}

static half_fn const on_event[ANT_EV_COUNT] = {
    [ANT_EV_chan_open] = on_open,  [ANT_EV_half_clone] = on_clone,
    [ANT_EV_half_move] = on_move,  [ANT_EV_half_drop] = on_drop,
    [ANT_EV_chan_send] = on_send,  [ANT_EV_chan_recv] = on_recv,
    [ANT_EV_wait_begin] = on_wait,
};

// ---- Questions ----

bool model_wait_is_ended(const ant_model *model, uint32_t wait)
{
    const model_wait *row = &model->waits[wait];
    uint32_t stop = MODEL_NONE;
    for (uint32_t i = model->stop_count; i > 0; i--) {
        if (model->stops[i - 1] < row->begin_event) break;
        stop = model->stops[i - 1];
    }
    return row->end_event < stop;
}

bool model_side_is_sure(const ant_model *model, uint32_t res,
                        model_other_side side)
{
    return side == MODEL_SIDE_RECEIVERS || model->res[res].hands_on ||
           model->stall_event != MODEL_NONE;
}

// A half of this side of the channel after `half` that is there at the moment.
static uint32_t next_half(const ant_snapshot *world, uint32_t res, bool is_tx,
                          uint32_t half)
{
    const ant_model *model = world->model;
    const model_res *channel = &model->res[res];
    uint32_t newest = is_tx ? channel->senders : channel->receivers;
    half = half == 0 ? newest : model->halves[half].next;
    for (; half != 0; half = model->halves[half].next) {
        const model_half *row = &model->halves[half];
        if (row->begin_event <= world->event && row->end_event > world->event)
            return half;
    }
    return 0;
}

uint32_t model_half_next(const ant_snapshot *world, uint32_t wait,
                         model_other_side side, uint32_t half)
{
    return next_half(world, world->model->waits[wait].res,
                     side == MODEL_SIDE_SENDERS, half);
}

// The last time before the moment that a half changed hands, 0 for never.
static uint32_t last_move(const ant_snapshot *world, uint32_t half)
{
    uint32_t move = world->model->halves[half].move;
    while (move != 0 && world->model->half_moves[move].event > world->event)
        move = world->model->half_moves[move].before;
    return move;
}

// The first two halves are there as long as their channel.
static uint32_t begin_of(const ant_model *model, uint32_t half)
{
    const model_half *row = &model->halves[half];
    return row->begin_event != 0 ? row->begin_event
                                 : model->res[row->res].new_event;
}

uint32_t model_half_task(const ant_snapshot *world, uint32_t half,
                         uint32_t *ret_event)
{
    const ant_model *model = world->model;
    *ret_event = MODEL_NONE;
    for (unsigned i = 0; half != 0 && i < INSIDE_MAX; i++) {
        const uint32_t row = last_move(world, half);
        const model_half_move *move = &model->half_moves[row];
        if (*ret_event == MODEL_NONE)
            *ret_event = row != 0 ? move->event : begin_of(model, half);
        if (row == 0) return model->halves[half].task;
        if (move->into == 0) return move->task;
        if (!model->res[move->into].knows_halves) return 0;
        half = next_half(world, move->into, false, 0);
        // Of many that receive from there any may have it.
        if (half != 0 && next_half(world, move->into, false, half) != 0)
            return 0;
    }
    return 0;
}

bool model_wait_is_for_end(const ant_model *model, uint32_t wait)
{
    const model_wait *row = &model->waits[wait];
    return row->kind == MODEL_WAIT_RES && row->amount == 0 &&
           model_res_is_channel(model->res[row->res].kind);
}

// One task with both ends of a channel waits for room when it is full.
static bool is_for_value(const ant_snapshot *world, uint32_t wait)
{
    const model_wait *row = &world->model->waits[wait];
    uint32_t since = 0;
    if (model_wait_is_for_end(world->model, wait)) return false;
    if (is_for_all(&world->model->res[row->res])) return true;
    uint32_t rx = next_half(world, row->res, false, 0);
    return world->res[row->res].len == 0 &&
           model_half_task(world, rx, &since) == row->task;
}

model_other_side model_other_side_of(const ant_snapshot *world, uint32_t wait)
{
    const ant_model *model = world->model;
    const model_wait *row = &model->waits[wait];
    uint32_t since = 0;
    if (row->kind != MODEL_WAIT_RES || !model->res[row->res].knows_halves)
        return MODEL_SIDE_UNKNOWN;
    model_other_side side =
        is_for_value(world, wait) ? MODEL_SIDE_SENDERS : MODEL_SIDE_RECEIVERS;
    uint32_t half = model_half_next(world, wait, side, 0);
    if (half == 0) return MODEL_SIDE_UNKNOWN;
    for (; half != 0; half = model_half_next(world, wait, side, half)) {
        if (model_half_task(world, half, &since) == 0)
            return MODEL_SIDE_UNKNOWN;
    }
    return side;
}
