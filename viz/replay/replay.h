// SPDX-License-Identifier: MIT
//
// Replay: where we stand in a trace, how fast we move, what is selected and
// what part of the axis is on the screen. It has no clock of its own: whoever
// draws frames calls replay_tick. Every jump can be undone.
//
// Read the fields; change them through the functions. One thread.

#ifndef VIZ_REPLAY_REPLAY_H
#define VIZ_REPLAY_REPLAY_H

#include "model/axis.h"
#include "model/snapshot.h"
#include "model/waitfor.h"

typedef enum replay_kind {
    REPLAY_NOTHING,
    REPLAY_TASK,
    REPLAY_LANE,
    REPLAY_RES,
    REPLAY_FUTURE,
    REPLAY_EVENT,
} replay_kind;

typedef struct replay_selection {
    replay_kind kind;
    uint32_t row; // of the kind's table; for REPLAY_EVENT the event
} replay_selection;

// Where somebody looked: what undo brings back.
typedef struct replay_place {
    model_axis axis;
    uint32_t event;
    double x;  // the cursor
    double x0; // the visible part of the axis
    double x1;
    replay_selection selection;
    unsigned page;
} replay_place;

// More deadlocks than these in one run are one and the same mistake.
#define REPLAY_KNOT_MAX 32

#define REPLAY_HISTORY_MAX 128

// Speeds: one event per second, then multiples of the trace's own pace, in
// which it plays from start to end in 10 to 60 seconds, by its length.
#define REPLAY_SPEED_COUNT  9
#define REPLAY_SPEED_EVENTS 0 // one event per second
#define REPLAY_SPEED_NORMAL 4 // 1x

typedef struct ant_replay {
    const ant_model *model;
    ant_snapshot world; // the world at `event`
    uint32_t event;     // the last one that has happened
    model_axis axis;
    double x;  // the cursor on `axis`; event stands at or left of it
    double x0; // the visible part of the axis, [x0, x1)
    double x1;
    bool is_playing;
    bool is_following; // keep the cursor in sight while it moves
    bool is_centered;  // keep it in the middle
    unsigned speed;    // index, see replay_speed_name
    replay_selection selection;
    replay_selection hover;
    unsigned page; // what fills the main view: a number of whoever draws
    // Private: places before the current one, then those to redo.
    replay_place history[REPLAY_HISTORY_MAX];
    unsigned history_len;
    unsigned history_now;
    unsigned act;      // what was done last: the same again is no new place
    double event_debt; // seconds towards the next event at one a second
    waitfor_knot knot[REPLAY_KNOT_MAX]; // where deadlocks are closed
    unsigned knot_count;
    bool has_knots; // they have been looked for
} ant_replay;

// Starts at the first event with the whole axis visible. 0 or -ENOMEM. The
// model must outlive it.
ANT_MUST_USE int replay_init(ant_replay *replay, const ant_model *model);
void replay_deinit(ant_replay *replay);

// --- The clock ---

// `seconds` have passed for the person who looks. True when something moved.
bool replay_tick(ant_replay *replay, double seconds);
void replay_play(ant_replay *replay,
                 bool is_playing); // at the end: from the start
void replay_speed_change(ant_replay *replay, int by); // +1 faster, -1 slower
const char *replay_speed_name(unsigned speed);        // "1/s", "0.5x", "16x"

// --- Moving ---

void replay_seek_event(ant_replay *replay, uint32_t event);
// The same, and selects a task (0: leaves the selection): one move to undo.
void replay_jump(ant_replay *replay, uint32_t event, uint32_t task);
void replay_seek_time(ant_replay *replay, uint64_t t_ns);
void replay_seek_x(ant_replay *replay, double x); // on the current axis
void replay_seek_step(ant_replay *replay, uint32_t step);
void replay_seek_start(ant_replay *replay);
void replay_seek_end(ant_replay *replay);

// One step (column of the step axis) on or back; `by` may be more than 1.
// False when it stands at the edge.
bool replay_step(ant_replay *replay, int by);

// The next or previous event of the selected task, lane, resource or future;
// as replay_step when nothing is selected.
bool replay_step_selected(ant_replay *replay, int by);

// Along the wake chain: back (-1) to what woke the selected task's current
// poll, on (+1) to the poll that its next wake led to. Selects that task.
bool replay_step_cause(ant_replay *replay, int by);

// To where a deadlock was closed: the one in which the cursor stands, else the
// first; from there to the next. Selects the task. False when there is none.
bool replay_seek_knot(ant_replay *replay);

// To where the locks of that deadlock were taken, one after the other. False
// when there is none.
bool replay_seek_origin(ant_replay *replay);

// The step that is current, counting from 0.
uint32_t replay_step_now(const ant_replay *replay);

// --- What is visible ---

void replay_axis_set(ant_replay *replay, model_axis axis); // keeps the event
void replay_zoom(ant_replay *replay, double factor,
                 double x);                     // x stays in place
void replay_pan(ant_replay *replay, double by); // axis units
void replay_view(ant_replay *replay, double x0, double x1);
void replay_fit(ant_replay *replay); // everything
void replay_fit_selection(ant_replay *replay);
// Pans to the middle of the selection; false when it is there, or nothing is
// selected.
bool replay_center_selection(ant_replay *replay);
void replay_page_set(ant_replay *replay, unsigned page);

// --- Selecting ---

void replay_select(ant_replay *replay, replay_kind kind, uint32_t row);

// The task that the selection is about (a future's task, an event's subject),
// 0 for none.
uint32_t replay_selected_task(const ant_replay *replay);

// --- Undo ---

// Remembers the place before a jump. The functions above call it where a
// person would want to come back; steps in a row are one place.
void replay_mark(ant_replay *replay);
bool replay_undo(ant_replay *replay);
bool replay_redo(ant_replay *replay);

#endif
