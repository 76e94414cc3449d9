// SPDX-License-Identifier: MIT
//
// The model: a whole trace in memory, as columns of events and tables of what
// they are about. It is built once by model_open and does not change after
// that; only source files are read later, when first asked for. It knows time
// and tables, no pixels. One thread.
//
// Read the tables directly (model->tasks[3].name). Every index stored in a
// table is valid; row 0 is always there and means "none".

#ifndef VIZ_MODEL_MODEL_H
#define VIZ_MODEL_MODEL_H

#include <stddef.h>

#include "base/macros.h"
#include "model/tables.h"
#include "trace/reader.h"

typedef struct model_build model_build; // private: memory and keyframes

typedef struct ant_model {
    const char *path;           // of the trace
    const ant_trace_info *info; // level, virtual time, lost, damaged
    const ant_reader *reader;   // for names: ant_reader_string(…)

    // Events, one element each. The fields are behind model_event().
    uint32_t event_count;
    const uint8_t *kind;  // ant_event_kind
    const uint16_t *lane; // row of lanes
    const uint32_t *task; // the task being polled there (the actor), 0
    const uint32_t *link; // private, see model_link_of()
    uint64_t t_end_ns;    // time of the last event

    // Tables. `count` includes row 0, so rows are 1 … count - 1.
    const model_task *tasks;
    const model_lane *lanes;
    const model_res *res;
    const model_wait *waits; // timers, too
    const model_hold *holds;
    const model_future *futures;
    const model_half *halves; // see halves.h
    const model_half_move *half_moves;
    const model_type *types;
    uint32_t task_count;
    uint32_t lane_count;
    uint32_t res_count;
    uint32_t wait_count;
    uint32_t hold_count;
    uint32_t future_count;
    uint32_t half_count;
    uint32_t type_count;

    // What the ranges in the tables point into.
    const model_span *task_spans;
    const model_span *lane_spans;
    const model_span *res_spans;
    const model_span *future_spans;
    const uint32_t *futures_of_task; // a parent before its children
    const uint32_t *events_of_task;  // in order
    const uint32_t *events_of_lane;
    const uint32_t *events_of_res;
    const uint32_t *timers_by_deadline; // rows of waits; index is their rank
    uint32_t timer_count;

    uint32_t step_count; // columns of the step axis, see model_step_of()

    // The squeezed stretches of the time axis, in order.
    const model_gap *gaps;
    uint32_t gap_count;

    // In virtual time most events happen while time stands still. So that they
    // do not stand on one point, each step takes this many units of the time
    // axis; 0 when time goes on by itself.
    double instant;

    // Where events are missing; views show it as a gap.
    const model_loss *losses;
    uint32_t loss_count;

    uint32_t stall_event;  // the stall, or MODEL_NONE
    const uint32_t *stops; // events: a runtime begins to shut down
    uint32_t stop_count;
    uint32_t worker_count; // lanes that are workers

    model_build *build;
} ant_model;

// Opens and builds. 0, or -errno with *ret_error filled (one line for people).
ANT_MUST_USE int model_open(const char *path, ant_model **ret_model,
                            ant_reader_error *ret_error);

// Called now and then while a long trace is opened; the first time, before the
// first event is read. Threads' events lie apart in the file, so `percent` may
// also fall a little. False stops it: then model_open_telling returns
// -ECANCELED.
typedef struct model_progress {
    bool (*tell)(void *arg, const ant_reader *reader, unsigned percent);
    void *arg;
} model_progress;

// As model_open, and tells how far it is; `progress` may be NULL.
ANT_MUST_USE int model_open_telling(const char *path,
                                    const model_progress *progress,
                                    ant_model **ret_model,
                                    ant_reader_error *ret_error);

// As model_open on bytes in memory, which must outlive the model. `path` is
// for messages and for finding source files.
ANT_MUST_USE int model_open_bytes(const void *bytes, size_t len,
                                  const char *path, ant_model **ret_model,
                                  ant_reader_error *ret_error);
void model_close(ant_model *model);

// When event `i` happened: never decreasing, since the recording began.
uint64_t model_t_ns(const ant_model *model, uint32_t i);

// Event `i` as the reader gave it: use ANT_EVENT_AS on it. Its ids are those
// of the file (model_task_row() and others turn them into rows); `stream`,
// `offset` and `lost` are 0.
void model_event(const ant_model *model, uint32_t i, ant_event *ret_event);

// From an id in an event's field to a row; 0 for ids that are not known.
uint32_t model_task_row(const ant_model *model, uint64_t id);

// The task that people call `text`: its id, or the name of the first that has
// it. 0 when there is none.
uint32_t model_task_find(const ant_model *model, const char *text);
uint32_t model_res_row(const ant_model *model, uint64_t id);
uint32_t model_future_row(const ant_model *model, uint64_t id);
uint32_t model_lane_row(const ant_model *model, uint64_t id);

// What event `i` is about, as rows; 0 for none. The subject differs from the
// actor (model->task[i]) for a wake: the subject is woken, the actor wakes.
uint32_t model_subject(const ant_model *model, uint32_t i);
uint32_t model_event_res(const ant_model *model, uint32_t i);
uint32_t model_event_future(const ant_model *model, uint32_t i);

// The first event at or after `t_ns`, and the last at or before it (the first
// event when there is none before). event_count when there is none after.
uint32_t model_event_after(const ant_model *model, uint64_t t_ns);
uint32_t model_event_before(const ant_model *model, uint64_t t_ns);

// Steps: the events that are a column of the step axis. model_step_of() is the
// column of event `i`, model_step_event() the event of column `step`, which is
// below step_count. An event that is no column (a definition, a detail) shares
// the column of the next one before it.
uint32_t model_step_of(const ant_model *model, uint32_t i);
uint32_t model_step_event(const ant_model *model, uint32_t step);

// The moment that tells most: the stall, or what stands before the longest
// pause with tasks alive (*ret_is_pause), or else the middle of the events.
uint32_t model_telling_event(const ant_model *model, bool *ret_is_pause);

// In a range of events_of_…: the next entry after event `i`, or the last
// before it. MODEL_NONE when there is none.
uint32_t model_next_in(const uint32_t *events, model_range range, uint32_t i);
uint32_t model_prev_in(const uint32_t *events, model_range range, uint32_t i);

// How many polls began before event `i`: of a task, on a lane.
uint32_t model_polls_of_task(const ant_model *model, uint32_t task, uint32_t i);
uint32_t model_polls_on_lane(const ant_model *model, uint32_t lane, uint32_t i);

// --- Causes, one hop ---

// The wake that led to this poll_begin (or poll_end); for a first poll the
// task_spawn. MODEL_NONE when the file does not tell.
uint32_t model_wake_of_poll(const ant_model *model, uint32_t event);

// The poll_begin that followed this wake or task_spawn. Wakes that changed
// nothing lead to the poll that was coming anyway. MODEL_NONE: none came.
uint32_t model_poll_of_wake(const ant_model *model, uint32_t wake_event);

// The wake that will make `task` run again, seen from event `event`, or
// MODEL_NONE when it is polled again without or never.
uint32_t model_next_wake_of(const ant_model *model, uint32_t task,
                            uint32_t event);

// Where a wake came from.
typedef struct model_waker {
    uint32_t event; // the wake (or the task_spawn)
    uint32_t task;  // the task that was being polled there or that ended, or 0
    uint32_t lane;  // the lane it happened on, 0 for none
    uint32_t wait;  // the row of waits of the timer that fired, 0 for none
    uint32_t res;   // the resource it came through, 0 for none
    uint8_t via;    // ANT_VIA_…
} model_waker;

// Fills in what is known about a wake or a task_spawn.
void model_waker_of(const ant_model *model, uint32_t wake_event,
                    model_waker *ret_waker);

// The wakes that a poll (its poll_begin or poll_end) caused: the next one
// after event `after`, or MODEL_NONE. Begin with the poll_begin itself.
uint32_t model_next_wake_by_poll(const ant_model *model, uint32_t poll_begin,
                                 uint32_t after);

// The other half of an event: poll_begin -> poll_end and back, wait, block,
// acquire -> release and back, timer_arm -> fire or cancel and back, park ->
// unpark, join_wait -> the end of the other task. MODEL_NONE when there is
// none.
uint32_t model_link_of(const ant_model *model, uint32_t event);

// The row of waits or holds that this event begins or ends; 0 for none.
uint32_t model_wait_of(const ant_model *model, uint32_t event);
uint32_t model_hold_of(const ant_model *model, uint32_t event);

// The poll around event `i` on its lane (the poll_begin), or MODEL_NONE.
uint32_t model_poll_around(const ant_model *model, uint32_t i);

// --- Spans ---

typedef enum model_track_kind {
    MODEL_TRACK_TASK,
    MODEL_TRACK_LANE,
    MODEL_TRACK_RES,
    MODEL_TRACK_FUTURE,
} model_track_kind;

// The spans of one row of a table, and its folds for drawing (track.h).
typedef struct model_track {
    const model_span *spans;
    uint32_t count;
    const uint8_t *folds; // private, see track.c
} model_track;

// The spans of row `row` of the table that `kind` names.
model_track model_track_of(const ant_model *model, model_track_kind kind,
                           uint32_t row);

// The first span that ends after event `i`, or track->count.
uint32_t model_span_after(const model_track *track, uint32_t i);

// The span in which event `i` stands (the one that it begins, if it does), or
// NULL.
const model_span *model_span_at(const model_track *track, uint32_t event);

// When a span begins and ends.
uint64_t model_span_t0(const ant_model *model, const model_span *span);
uint64_t model_span_t1(const ant_model *model, const model_span *span);

// --- Words ---

// The name of a state of an async function ("NAPS_SLEEPING"), never NULL.
const char *model_state(const ant_model *model, uint32_t type, uint32_t state);

// "polling", "waits for a lock", …
const char *model_task_state_name(model_task_state state);
const char *model_lane_state_name(model_lane_state state);

// "mutex", "oneshot", … of ANT_RES_…
const char *model_res_kind_name(uint8_t kind);

// Whether ANT_RES_… is a channel, which holds values.
bool model_res_is_channel(uint8_t kind);

// "1 value", "9 values".
void model_values_label(uint32_t count, char *buf, size_t size);

// Short labels for people: "3 fetch_user", "mutex `b`", "worker 1",
// "sleep 100 ms", "lock `db`, held by 3 writer". Always terminated.
void model_task_label(const ant_model *model, uint32_t task, char *buf,
                      size_t size);
void model_res_label(const ant_model *model, uint32_t res, char *buf,
                     size_t size);
void model_lane_label(const ant_model *model, uint32_t lane, char *buf,
                      size_t size);
void model_wait_label(const ant_model *model, uint32_t wait, char *buf,
                      size_t size);

// A length of time in three digits and a unit: "12.4 ms", "380 ns", "1.5 s".
void model_duration(uint64_t ns, char *buf, size_t size);

// --- Source text ---

// A file of the program that was recorded.
typedef struct model_source {
    const char *file;         // as in the trace
    const char *path;         // where it was found; NULL when it was not
    const char *const *lines; // lines[0] is line 1; no line ends, tabs kept
    uint32_t line_count;
} model_source;

// Looks for `file` at the path in the trace, beside the trace, in the
// directories above the trace, and in the current directory. Never NULL for a
// file that is not "" (see path); NULL when out of memory. Kept until
// model_close.
const model_source *model_source_of(ant_model *model, const char *file);

// Looks for source files in this folder, too, which outlives the model. Before
// the first file is asked for.
void model_source_beside(ant_model *model, const char *folder);

typedef struct model_site {
    const char *file;
    uint32_t line;
    uint32_t event; // that says so
} model_site;

// The places in the source where `task` was at event `event` and before it,
// newest first, each different from the one before. Returns how many.
uint32_t model_sites(const ant_model *model, uint32_t task, uint32_t event,
                     model_site *out, uint32_t max);

#endif
