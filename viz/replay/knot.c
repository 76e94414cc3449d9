// SPDX-License-Identifier: MIT
//
// To the deadlocks of a run, and to what began them.

#include "replay/replay.h"

#define ORIGIN_MAX 64u

static int find_knots(ant_replay *replay);
static unsigned knot_before(const ant_replay *replay);
static uint32_t next_origin(const ant_replay *replay, const uint32_t *event,
                            unsigned count);
static unsigned find_origins(ant_snapshot *world, uint32_t *out);

bool replay_seek_knot(ant_replay *replay)
{
    if (find_knots(replay) <= 0) return false;
    unsigned at = knot_before(replay);
    // Standing on one, to the next one; behind the last, back to it.
    if (at == replay->knot_count) {
        at = 0;
    } else if (replay->knot[at].event == replay->event) {
        at = (at + 1) % replay->knot_count;
    }
    replay_jump(replay, replay->knot[at].event, replay->knot[at].task);
    return true;
}

bool replay_seek_origin(ant_replay *replay)
{
    uint32_t origin[ORIGIN_MAX];
    ant_snapshot world;
    if (find_knots(replay) <= 0) return false;
    if (model_snapshot_init(&world, replay->model) != 0) return false;
    unsigned at = knot_before(replay);
    if (at == replay->knot_count) at = 0;
    model_snapshot_at(&world, replay->knot[at].event);
    unsigned count = find_origins(&world, origin);
    model_snapshot_deinit(&world);
    if (count == 0) return false;
    uint32_t event = next_origin(replay, origin, count);
    replay_jump(replay, event, model_subject(replay->model, event));
    return true;
}

// Looks through the whole run, once. Returns how many there are.
static int find_knots(ant_replay *replay)
{
    ant_snapshot world;
    if (replay->has_knots) return (int)replay->knot_count;
    int err = model_snapshot_init(&world, replay->model);
    if (err != 0) return err;
    while (replay->knot_count < REPLAY_KNOT_MAX) {
        waitfor_knot *knot = &replay->knot[replay->knot_count];
        err = model_waitfor_find(&world, knot);
        if (err <= 0) break;
        replay->knot_count++;
    }
    model_snapshot_deinit(&world);
    replay->has_knots = err >= 0;
    return (int)replay->knot_count;
}

// The last one at or before the cursor; knot_count when there is none.
static unsigned knot_before(const ant_replay *replay)
{
    unsigned found = replay->knot_count;
    for (unsigned i = 0; i < replay->knot_count; i++) {
        if (replay->knot[i].event <= replay->event) found = i;
    }
    return found;
}

// When the locks of the knot were taken and the halves of its channels handed
// out, first to last.
static unsigned find_origins(ant_snapshot *world, uint32_t *out)
{
    model_waitfor graph;
    unsigned count = 0;
    if (model_waitfor_init(&graph, world) != 0) return 0;
    for (uint32_t i = 0; i < graph.edge_count && count < ORIGIN_MAX; i++) {
        const waitfor_edge *edge = &graph.edges[i];
        bool is_core =
            graph.nodes[edge->from].is_core || graph.nodes[edge->to].is_core;
        bool is_held = edge->hold != 0 || edge->half != 0;
        if (!is_held || !edge->is_stuck || !is_core) continue;
        unsigned at = count++;
        for (; at > 0 && out[at - 1] > edge->event; at--)
            out[at] = out[at - 1];
        out[at] = edge->event;
    }
    model_waitfor_deinit(&graph);
    return count;
}

// The one after the cursor, when it stands on one; else the first.
static uint32_t next_origin(const ant_replay *replay, const uint32_t *event,
                            unsigned count)
{
    for (unsigned i = 0; i + 1 < count; i++) {
        if (event[i] == replay->event) return event[i + 1];
    }
    return event[0];
}
