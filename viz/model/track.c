// SPDX-License-Identifier: MIT
//
// Folds: a tree over each row's spans. A node of level 1 stands for 16 spans,
// one of level 2 for 16 nodes of level 1, and so on; all that is kept of a node
// is the state that lasts longest in it. Drawing walks down from the top and
// stops at nodes that are narrower than a pixel.

#include "model/track.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "model/build.h"

#define FOLD_BITS       4
#define FOLD_LEVEL_MAX  8
#define FOLD_STATE_MAX  16
#define FOLD_PX_DEFAULT 3.0

_Static_assert(MODEL_TASK_STATE_COUNT <= FOLD_STATE_MAX, "states fit");

// --- Making them ---

// Nodes of `level` over `count` spans.
static uint32_t node_count(uint32_t count, unsigned level)
{
    uint64_t size = UINT64_C(1) << (FOLD_BITS * level);
    return (uint32_t)((count + size - 1) / size);
}

// The highest level that folds anything; 0 when there are few spans.
static unsigned top_level(uint32_t count)
{
    unsigned level = 0;
    while (level < FOLD_LEVEL_MAX && node_count(count, level) > 1)
        level++;
    return level;
}

static size_t fold_bytes(uint32_t count)
{
    size_t bytes = 0;
    unsigned top = top_level(count);
    for (unsigned level = 1; level <= top; level++) {
        bytes += node_count(count, level);
    }
    return bytes;
}

static uint8_t longest_state(const double *weight)
{
    unsigned longest = 0;
    for (unsigned state = 1; state < FOLD_STATE_MAX; state++) {
        if (weight[state] > weight[longest]) longest = state;
    }
    return (uint8_t)longest;
}

// How long the spans [first, end) last: in time or, where time stands still, in
// steps.
static double weight_of(const ant_model *model, const model_span *spans,
                        uint32_t first, uint32_t end)
{
    uint64_t t0_ns = model_span_t0(model, &spans[first]);
    uint64_t t1_ns = model_span_t1(model, &spans[end - 1]);
    return (double)(t1_ns - t0_ns) + (spans[end - 1].to - spans[first].from);
}

// Makes the nodes of one level from those of the level below (or the spans).
static void fold_level(const ant_model *model, const model_span *spans,
                       uint32_t count, unsigned level, const uint8_t *below,
                       uint8_t *nodes)
{
    uint32_t size = 1u << (FOLD_BITS * (level - 1)); // spans of a child
    uint32_t child_count = node_count(count, level - 1);
    double weight[FOLD_STATE_MAX] = { 0 };
    for (uint32_t i = 0; i < child_count; i++) {
        uint32_t first = i * size;
        uint32_t end = count - first > size ? first + size : count;
        uint8_t state = below != NULL ? below[i] : spans[i].state;
        weight[state] += weight_of(model, spans, first, end);
        bool is_last = (i + 1) % (1u << FOLD_BITS) == 0 || i + 1 == child_count;
        if (!is_last) continue;
        *nodes++ = longest_state(weight);
        memset(weight, 0, sizeof weight);
    }
}

static void fold_row(const ant_model *model, const model_span *spans,
                     uint32_t count, uint8_t *nodes)
{
    const uint8_t *below = NULL;
    unsigned top = top_level(count);
    for (unsigned level = 1; level <= top; level++) {
        fold_level(model, spans, count, level, below, nodes);
        below = nodes;
        nodes += node_count(count, level);
    }
}

static int fold_table(model_build *build, model_track_kind kind,
                      const build_ranges *ranges, const model_span *spans)
{
    build_fold *fold = &build->folds[kind];
    size_t total = 0;
    fold->at = model__alloc(build, ranges->count, sizeof *fold->at);
    if (fold->at == NULL) return -ENOMEM;
    for (uint32_t row = 0; row < ranges->count; row++) {
        fold->at[row] = total;
        total += fold_bytes(model__range(ranges, row)->count);
    }
    fold->bytes = model__alloc(build, total, 1);
    if (fold->bytes == NULL) return -ENOMEM;
    for (uint32_t row = 0; row < ranges->count; row++) {
        const model_range *range = model__range(ranges, row);
        fold_row(&build->model, &spans[range->first], range->count,
                 fold->bytes + fold->at[row]);
    }
    return 0;
}

int model__folds(model_build *build)
{
    const ant_model *model = &build->model;
    build_ranges tasks = { &build->tasks[0].spans, sizeof(model_task),
                           model->task_count };
    build_ranges lanes = { &build->lanes[0].spans, sizeof(model_lane),
                           model->lane_count };
    build_ranges res = { &build->res[0].spans, sizeof(model_res),
                         model->res_count };
    build_ranges futures = { &build->futures[0].spans, sizeof(model_future),
                             model->future_count };
    int err = fold_table(build, MODEL_TRACK_TASK, &tasks, model->task_spans);
    if (err == 0)
        err = fold_table(build, MODEL_TRACK_LANE, &lanes, model->lane_spans);
    if (err == 0)
        err = fold_table(build, MODEL_TRACK_RES, &res, model->res_spans);
    if (err == 0)
        err = fold_table(build, MODEL_TRACK_FUTURE, &futures,
                         model->future_spans);
    return err;
}

// --- Drawing ---

typedef struct fold_walk {
    const ant_model *model;
    const model_track *track;
    const model_window *window;
    double fold_px;
    const uint8_t *levels[FOLD_LEVEL_MAX + 1];
    model_mark *out;
    uint32_t max;
    uint32_t len;
    model_mark strip; // being collected; count 0 when there is none
    double weight[FOLD_STATE_MAX]; // pixels of each state in the strip
    uint32_t last_event;           // the last one that was placed
    double last_px;
} fold_walk;

// One span mostly begins where the one before ends.
static double px_of(fold_walk *walk, uint32_t event)
{
    const model_window *window = walk->window;
    if (event == walk->last_event) return walk->last_px;
    double x = model_x(walk->model, window->axis, event);
    double px = (x - window->x0) / (window->x1 - window->x0) * window->px;
    walk->last_event = event;
    walk->last_px = fmin(fmax(px, -1), window->px + 1);
    return walk->last_px;
}

static void emit(fold_walk *walk, const model_mark *mark)
{
    if (walk->len < walk->max) walk->out[walk->len++] = *mark;
}

static void flush_strip(fold_walk *walk)
{
    if (walk->strip.count == 0) return;
    if (walk->strip.count > 1) walk->strip.state = longest_state(walk->weight);
    emit(walk, &walk->strip);
    walk->strip.count = 0;
    memset(walk->weight, 0, sizeof walk->weight);
}

// Adds something narrow to the strip, which ends when it is wide enough.
static void fold_in(fold_walk *walk, const model_mark *mark)
{
    model_mark *strip = &walk->strip;
    bool is_apart = mark->px0 > strip->px1 + 1;
    if (strip->count > 0 && is_apart) flush_strip(walk);
    if (strip->count == 0) {
        *strip = *mark;
    } else {
        strip->px1 = mark->px1;
        strip->count = mark->first + mark->count - strip->first;
    }
    walk->weight[mark->state] += mark->px1 - mark->px0 + 1e-9 * mark->count;
    if (strip->px1 - strip->px0 >= walk->fold_px) flush_strip(walk);
}

// Visits node `index` of `level`: the spans from index << bits on. False when
// it begins right of the window, so that nothing after it is visible.
static bool visit(fold_walk *walk, unsigned level, uint32_t index)
{
    const model_track *track = walk->track;
    uint64_t size = UINT64_C(1) << (FOLD_BITS * level);
    uint64_t end = ((uint64_t)index + 1) * size;
    if (end > track->count) end = track->count;
    model_mark mark = { .first = (uint32_t)(index * size) };
    mark.count = (uint32_t)(end - mark.first);
    mark.px0 = px_of(walk, track->spans[mark.first].from);
    mark.px1 = px_of(walk, track->spans[end - 1].to);
    if (mark.px0 >= walk->window->px) return false;
    if (mark.px1 < 0) return true;

    double width = mark.px1 - mark.px0;
    if (level == 0) {
        mark.state = track->spans[index].state;
        if (width < walk->fold_px) {
            fold_in(walk, &mark);
        } else {
            flush_strip(walk);
            emit(walk, &mark);
        }
        return true;
    }
    if (width <= 1) {
        mark.state = walk->levels[level][index];
        fold_in(walk, &mark);
        return true;
    }
    uint32_t child = index << FOLD_BITS;
    uint32_t child_count = node_count(track->count, level - 1);
    for (unsigned n = 0; n < 1u << FOLD_BITS && child < child_count; n++) {
        if (!visit(walk, level - 1, child++)) return false;
    }
    return true;
}

uint32_t model_marks(const ant_model *model, const model_track *track,
                     const model_window *window, model_mark *out, uint32_t max)
{
    fold_walk walk = { .model = model,
                       .track = track,
                       .window = window,
                       .fold_px = window->fold_px,
                       .out = out,
                       .max = max,
                       .last_event = MODEL_NONE };
    if (track->count == 0 || !(window->x1 > window->x0)) return 0;
    if (!(walk.fold_px > 0)) walk.fold_px = FOLD_PX_DEFAULT;

    const uint8_t *level_at = track->folds;
    unsigned top = top_level(track->count);
    for (unsigned level = 1; level <= top; level++) {
        walk.levels[level] = level_at;
        level_at += node_count(track->count, level);
    }
    visit(&walk, top, 0);
    flush_strip(&walk);
    return walk.len;
}
