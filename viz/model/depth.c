// SPDX-License-Identifier: MIT
//
// The lengths of the run queues are noted while the world happens, one entry
// for each change. So that a wide stretch costs little, every 64 entries are
// summed up by their greatest.

#include "model/depth.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "model/build.h"

#define BLOCK 64u

// A queue had this length from an event on.
typedef struct depth_change {
    uint32_t event;
    uint32_t len;
} depth_change;

// As noted: in the order of events, all queues together.
typedef struct depth_note {
    uint32_t lane;
    depth_change change;
} depth_note;

static uint32_t len_of(const ant_snapshot *world, uint32_t lane);
static bool note(build_depths *depths, const ant_snapshot *world, uint32_t lane,
                 uint32_t event);
static void fold(model_build *build);

int model__depths_init(model_build *build)
{
    uint32_t lanes = build->model.lane_count;
    build->depths.ranges = model__alloc(build, lanes, sizeof(model_range));
    build->depths.now = model__alloc(build, lanes, sizeof(uint32_t));
    build->depths.where =
        model__alloc(build, build->model.task_count, sizeof(uint16_t));
    bool is_good = build->depths.ranges != NULL && build->depths.now != NULL &&
                   build->depths.where != NULL;
    return is_good ? 0 : -ENOMEM;
}

// What can have changed: the queue of the lane where it happens, that of a lane
// that the event names, and the one in which its task was before.
bool model__depths_note(model_build *build, const ant_snapshot *world,
                        uint32_t event)
{
    const ant_model *model = &build->model;
    build_depths *depths = &build->depths;
    switch (model->kind[event]) {
    case ANT_EV_task_push:
    case ANT_EV_poll_begin:
    case ANT_EV_steal:
    case ANT_EV_steal_task:
    case ANT_EV_overflow:
    case ANT_EV_inject_pop:
        break;
    default:
        return true;
    }
    uint8_t other = build->fields[model->kind[event]].lane;
    uint32_t lane = 0;
    if (other != BUILD_FIELD_NONE) {
        lane = model_lane_row(model, model__field(build, event, other));
    }
    uint32_t task = model_subject(model, event);
    uint32_t before = depths->where[task];
    depths->where[task] = task == 0 ? 0 : world->tasks[task].lane;
    return note(depths, world, model->lane[event], event) &&
           note(depths, world, lane, event) &&
           note(depths, world, before, event) &&
           note(depths, world, MODEL_DEPTH_INJECT, event);
}

int model__depths_finish(model_build *build)
{
    build_depths *depths = &build->depths;
    const depth_note *notes = depths->notes.data;
    size_t count = depths->notes.len;
    depths->changes = model__alloc(build, count, sizeof(depth_change));
    depths->blocks = model__alloc(build, count / BLOCK + 1, sizeof(uint32_t));
    if (depths->changes == NULL || depths->blocks == NULL) return -ENOMEM;
    for (size_t i = 0; i < count; i++)
        depths->ranges[notes[i].lane].count++;
    build_ranges ranges = { depths->ranges, sizeof(model_range),
                            build->model.lane_count };
    model__ranges_place(&ranges);
    depth_change *changes = depths->changes;
    for (size_t i = 0; i < count; i++) {
        model_range *range = &depths->ranges[notes[i].lane];
        changes[range->first + range->count++] = notes[i].change;
    }
    model__buf_free(&depths->notes);
    fold(build);
    return 0;
}

// The last change of [first, end) at or before `event`, else `first`.
static uint32_t change_at(const depth_change *changes, uint32_t first,
                          uint32_t end, uint32_t event)
{
    while (end - first > 1) {
        uint32_t middle = first + (end - first) / 2;
        if (changes[middle].event <= event) {
            first = middle;
        } else {
            end = middle;
        }
    }
    return first;
}

uint32_t model_depth_max(const ant_model *model, uint32_t lane, uint32_t first,
                         uint32_t last)
{
    const build_depths *depths = &model->build->depths;
    const depth_change *changes = depths->changes;
    model_range range = depths->ranges[lane];
    uint32_t end = range.first + range.count;
    if (range.count == 0 || changes[range.first].event > last) return 0;
    uint32_t i = change_at(changes, range.first, end, first);
    uint32_t to = change_at(changes, range.first, end, last);
    uint32_t most = 0;
    while (i <= to) {
        // A block lies in the range when it begins here and ends before `to`.
        bool is_block = i % BLOCK == 0 && to - i >= BLOCK - 1;
        uint32_t len = is_block ? depths->blocks[i / BLOCK] : changes[i].len;
        if (len > most) most = len;
        i += is_block ? BLOCK : 1;
    }
    return most;
}

// --- Helpers ---------------------------------------------------------------

static uint32_t len_of(const ant_snapshot *world, uint32_t lane)
{
    if (lane == MODEL_DEPTH_INJECT) return world->inject.len;
    const model_now_lane *now = &world->lanes[lane];
    return now->local.len + (now->lifo != 0 ? 1 : 0);
}

static bool note(build_depths *depths, const ant_snapshot *world, uint32_t lane,
                 uint32_t event)
{
    uint32_t len = len_of(world, lane);
    if (len == depths->now[lane]) return true;
    depth_note *added = model__buf_push(&depths->notes, sizeof *added);
    if (added == NULL) return false;
    *added = (depth_note){ lane, { event, len } };
    depths->now[lane] = len;
    return true;
}

// Blocks count over all queues: one that holds two queues is never asked for
// as a whole.
static void fold(model_build *build)
{
    const depth_change *changes = build->depths.changes;
    for (uint32_t lane = 0; lane < build->model.lane_count; lane++) {
        model_range range = build->depths.ranges[lane];
        for (uint32_t i = range.first; i < range.first + range.count; i++) {
            uint32_t *block = &build->depths.blocks[i / BLOCK];
            if (changes[i].len > *block) *block = changes[i].len;
        }
    }
}
