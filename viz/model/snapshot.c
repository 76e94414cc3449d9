// SPDX-License-Identifier: MIT
//
// Making snapshots and moving them. All arrays of a snapshot stand in one
// block, the large ones last: a keyframe copies only what comes before them.

#include "model/snapshot.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "model/build.h"
#include "model/world.h"

// Sizes in bytes: up to the links of waits and holds, and with them.
typedef struct layout {
    size_t small;
    size_t all;
} layout;

static layout lay_out(ant_snapshot *snapshot, const ant_model *model,
                      char *block);

int model_snapshot_init(ant_snapshot *snapshot, const ant_model *model)
{
    int err = model__snapshot_init_empty(snapshot, model);
    if (err == 0) model_snapshot_at(snapshot, 0);
    return err;
}

int model__snapshot_init_empty(ant_snapshot *snapshot, const ant_model *model)
{
    *snapshot = (ant_snapshot){ .model = model };
    char *block = ant_mem_alloc(lay_out(snapshot, model, NULL).all);
    if (block == NULL) return -ENOMEM;
    snapshot->block = block;
    lay_out(snapshot, model, block);
    for (uint32_t task = 0; task < model->task_count; task++) {
        snapshot->tasks[task].poll = MODEL_NONE;
    }
    return 0;
}

void model_snapshot_deinit(ant_snapshot *snapshot)
{
    ant_mem_free(snapshot->block);
    *snapshot = (ant_snapshot){ 0 };
}

size_t model__snapshot_small_bytes(const ant_model *model)
{
    ant_snapshot nowhere;
    return lay_out(&nowhere, model, NULL).small;
}

// Places the arrays one after the other in `block`, when there is one.
static layout lay_out(ant_snapshot *snapshot, const ant_model *model,
                      char *block)
{
    size_t timers = (model->timer_count / 64 + 1) * sizeof(uint64_t);
    size_t tasks = timers + model->task_count * sizeof(model_now_task);
    size_t lanes = tasks + model->lane_count * sizeof(model_now_lane);
    size_t res = lanes + model->res_count * sizeof(model_now_res);
    size_t waits = res + model->wait_count * sizeof(model_link);
    size_t holds = waits + model->hold_count * sizeof(model_link);
    if (block != NULL) {
        snapshot->timer_bits = (uint64_t *)(void *)block;
        snapshot->tasks = (model_now_task *)(void *)(block + timers);
        snapshot->lanes = (model_now_lane *)(void *)(block + tasks);
        snapshot->res = (model_now_res *)(void *)(block + lanes);
        snapshot->waits = (model_link *)(void *)(block + res);
        snapshot->holds = (model_link *)(void *)(block + waits);
    }
    return (layout){ .small = res, .all = holds };
}

void model_snapshot_at(ant_snapshot *snapshot, uint32_t event)
{
    const ant_model *model = snapshot->model;
    const model_build *build = model->build;
    if (model->event_count == 0) return;
    if (event >= model->event_count) event = model->event_count - 1;

    // The nearest keyframe, unless the way from here is shorter.
    uint32_t frame = event / build->keyframe_every;
    bool is_ahead = snapshot->is_begun && snapshot->event <= event;
    if (!is_ahead || event - snapshot->event > build->keyframe_every)
        model__keyframe_enter(snapshot, &build->keyframes[frame]);
    while (snapshot->event < event)
        model__world_apply(snapshot, snapshot->event + 1);
}

uint32_t model_snapshot_timer_next(const ant_snapshot *snapshot, uint32_t wait)
{
    const ant_model *model = snapshot->model;
    uint32_t rank = wait == 0 ? 0 : model->waits[wait].rank + 1;
    while (rank < model->timer_count) {
        uint64_t bits = snapshot->timer_bits[rank / 64] >> rank % 64;
        if (bits != 0) {
            rank += (uint32_t)__builtin_ctzll(bits);
            return model->timers_by_deadline[rank];
        }
        rank = (rank / 64 + 1) * 64;
    }
    return 0;
}

// Whether `a` says more about why a task does not run than `b` does.
static bool tells_more(const ant_model *model, uint32_t a, uint32_t b)
{
    const model_wait *x = &model->waits[a];
    const model_wait *y = &model->waits[b];
    if (x->state != y->state) return x->state < y->state;
    if (x->deadline_ns != y->deadline_ns)
        return x->deadline_ns < y->deadline_ns;
    return a < b;
}

uint32_t model__snapshot_wait(const ant_snapshot *snapshot, uint32_t task,
                              uint32_t look_max)
{
    uint32_t best = snapshot->tasks[task].waits.last;
    uint32_t row = best;
    for (; row != 0 && look_max > 0; look_max--) {
        if (tells_more(snapshot->model, row, best)) best = row;
        row = snapshot->waits[row].of_task.prev;
    }
    return best;
}

uint32_t model_snapshot_waits(const ant_snapshot *snapshot, uint32_t task,
                              uint32_t *out, uint32_t max)
{
    const model_queue *waits = &snapshot->tasks[task].waits;
    uint32_t n = 0;
    for (uint32_t row = waits->first; row != 0;
         row = snapshot->waits[row].of_task.next) {
        // Sorted in, so that the most telling ones are kept.
        uint32_t at = n < max ? n++ : max;
        for (; at > 0 && tells_more(snapshot->model, row, out[at - 1]); at--) {
            if (at < max) out[at] = out[at - 1];
        }
        if (at < max) out[at] = row;
    }
    return waits->len;
}
