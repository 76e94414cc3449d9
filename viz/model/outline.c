// SPDX-License-Identifier: MIT
//
// The lane of a chunk is where it began; a thread that moved to another lane
// within a chunk is drawn on the first.

#include "model/outline.h"

#include <errno.h>
#include <math.h>

#include "base/mem.h"

static int find_lanes(model_outline *outline, const ant_reader *reader);
static void add_chunk(model_outline *outline, const ant_trace_chunk *chunk);
static void find_most(model_outline *outline);

int model_outline_init(model_outline *outline, const ant_reader *reader)
{
    *outline = (model_outline){ 0 };
    ant_trace_chunk chunk;
    for (uint32_t i = 0; ant_reader_chunk(reader, i, &chunk); i++) {
        if (chunk.t1_ns > outline->t_end_ns) outline->t_end_ns = chunk.t1_ns;
        outline->count += chunk.count;
        outline->lost += chunk.lost;
    }
    int err = find_lanes(outline, reader);
    for (uint32_t i = 0; err == 0 && ant_reader_chunk(reader, i, &chunk); i++)
        add_chunk(outline, &chunk);
    find_most(outline);
    return err;
}

void model_outline_deinit(model_outline *outline)
{
    ant_mem_free(outline->lane);
    *outline = (model_outline){ 0 };
}

// Those that have a name, and one for the others.
static int find_lanes(model_outline *outline, const ant_reader *reader)
{
    uint32_t max = ant_reader_lane_max(reader);
    size_t known = 0;
    for (uint32_t id = 1; id <= max; id++)
        known += ant_reader_lane(reader, id) != NULL;
    outline->lane = ant_mem_alloc((known + 1) * sizeof *outline->lane);
    if (outline->lane == NULL) return -ENOMEM;
    for (uint32_t id = 1; id <= max; id++) {
        const ant_trace_lane_info *info = ant_reader_lane(reader, id);
        if (info == NULL) continue;
        outline->lane[outline->lane_count++] = (outline_lane){
            .id = id,
            .name = info->name[0] != '\0' ? info->name : "thread",
        };
    }
    outline->lane[outline->lane_count++] =
        (outline_lane){ .name = "other threads" };
    return 0;
}

static outline_lane *lane_of(const model_outline *outline, uint32_t id)
{
    uint32_t i = 0;
    while (i + 1 < outline->lane_count && outline->lane[i].id != id)
        i++;
    return &outline->lane[i]; // the last one is for all others
}

// Its events are spread evenly between its first and its last.
static void add_chunk(model_outline *outline, const ant_trace_chunk *chunk)
{
    outline_lane *lane = lane_of(outline, chunk->lane);
    double end = outline->t_end_ns > 0 ? (double)outline->t_end_ns : 1;
    double x0 = (double)chunk->t0_ns / end * OUTLINE_COLUMNS;
    double x1 = (double)chunk->t1_ns / end * OUTLINE_COLUMNS;
    double last = OUTLINE_COLUMNS - 1;
    uint32_t first = (uint32_t)fmin(x0, last);
    lane->count += chunk->count;
    if (chunk->lost > 0) lane->has_loss[first] = true;
    if ((uint32_t)fmin(x1, last) == first) {
        lane->events[first] += (float)chunk->count;
        return;
    }
    for (uint32_t i = first; i < OUTLINE_COLUMNS && i < x1; i++) {
        double part = (fmin(x1, i + 1.0) - fmax(x0, i)) / (x1 - x0);
        lane->events[i] += (float)(part * chunk->count);
    }
}

static void find_most(model_outline *outline)
{
    for (uint32_t i = 0; i < outline->lane_count; i++) {
        for (uint32_t k = 0; k < OUTLINE_COLUMNS; k++)
            outline->most = fmaxf(outline->most, outline->lane[i].events[k]);
    }
}
