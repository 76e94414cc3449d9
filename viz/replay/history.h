// SPDX-License-Identifier: MIT
//
// Private to replay: moving without a mark, and marks that a series of equal
// acts makes only once.

#ifndef VIZ_REPLAY_HISTORY_H
#define VIZ_REPLAY_HISTORY_H

#include "replay/replay.h"

enum {
    REPLAY_ACT_JUMP,
    REPLAY_ACT_STEP,
    REPLAY_ACT_SEEK_X,
    REPLAY_ACT_VIEW,
};

// Remembers the place unless the last act was the same.
void replay__mark_act(ant_replay *replay, unsigned act);

// Moves the cursor and the world, and what is visible, without a mark.
void replay__place_at(ant_replay *replay, double x, uint32_t event);
void replay__place_at_step(ant_replay *replay, uint32_t step);
void replay__view_set(ant_replay *replay, double x0, double x1);

#endif
