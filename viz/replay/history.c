// SPDX-License-Identifier: MIT
//
// Undo and redo of where somebody looked. history[0 … now) are the places
// before the current one, history(now … len) those that were undone; at `now`
// itself stands the current one as soon as something has been undone.

#include "replay/history.h"

#include <string.h>

static replay_place place_of(const ant_replay *replay)
{
    return (replay_place){ .axis = replay->axis,
                           .event = replay->event,
                           .x = replay->x,
                           .x0 = replay->x0,
                           .x1 = replay->x1,
                           .selection = replay->selection,
                           .page = replay->page };
}

static void go_to(ant_replay *replay, const replay_place *place)
{
    bool is_following = replay->is_following;
    replay->is_playing = false;
    replay->is_following = false;
    replay->axis = place->axis;
    replay->selection = place->selection;
    replay->page = place->page;
    replay->x0 = place->x0;
    replay->x1 = place->x1;
    replay__place_at(replay, place->x, place->event);
    replay->is_following = is_following;
    replay->act = REPLAY_ACT_JUMP;
}

void replay_mark(ant_replay *replay)
{
    if (replay->history_now == REPLAY_HISTORY_MAX - 1) {
        memmove(replay->history, replay->history + 1,
                (REPLAY_HISTORY_MAX - 1) * sizeof replay->history[0]);
        replay->history_now--;
    }
    replay->history[replay->history_now++] = place_of(replay);
    replay->history_len = replay->history_now;
    replay->act = REPLAY_ACT_JUMP;
}

void replay__mark_act(ant_replay *replay, unsigned act)
{
    if (replay->act != act) replay_mark(replay);
    replay->act = act;
}

bool replay_undo(ant_replay *replay)
{
    unsigned now = replay->history_now;
    if (now == 0) return false;
    replay->history[now] = place_of(replay);
    if (replay->history_len < now + 1) replay->history_len = now + 1;
    replay->history_now = now - 1;
    go_to(replay, &replay->history[now - 1]);
    return true;
}

bool replay_redo(ant_replay *replay)
{
    unsigned now = replay->history_now;
    if (now + 1 >= replay->history_len) return false;
    replay->history[now] = place_of(replay);
    replay->history_now = now + 1;
    go_to(replay, &replay->history[now + 1]);
    return true;
}
