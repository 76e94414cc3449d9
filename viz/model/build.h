// SPDX-License-Identifier: MIT
//
// Private to the model: how it is put together. model_open runs the passes
// below in this order; each fills the columns and tables that the later ones
// read. After the last pass nothing changes any more.

#ifndef VIZ_MODEL_BUILD_H
#define VIZ_MODEL_BUILD_H

#include "model/ids.h"
#include "model/model.h"
#include "model/snapshot.h"

// Columns of the histogram of activity.
#define BUILD_ACTIVITY_COLUMNS 4096u

// Which fields of a kind of event name something; FIELD_NONE for no field.
#define BUILD_FIELD_NONE 0xFF

typedef struct build_fields {
    uint8_t count;
    uint8_t task;
    uint8_t lane;
    uint8_t res;
    uint8_t fut;
} build_fields;

// A list of events is counted through in pieces of so many.
#define BUILD_POLLS 32u

// What 64 events share, so that each of them needs little.
typedef struct build_group {
    uint64_t t_ns;         // of the first
    uint64_t steps;        // a bit for each: is it a step?
    uint32_t steps_before; // in the groups before
    uint32_t args;         // where those of the first begin
    uint32_t far;          // 0: their times are near; else see times.c
} build_group;

#define BUILD_GROUP 64u

_Static_assert(BUILD_GROUP *ANT_EVENT_FIELD_MAX * 10 <= UINT16_MAX,
               "the fields of a group are within reach");

// The spans of every row, folded for drawing: see track.c.
typedef struct build_fold {
    uint8_t *bytes;
    size_t *at; // by row: where its folds begin
} build_fold;

// The lengths of run queues: see depth.c.
typedef struct build_depths {
    uint32_t *now;   // by lane, while the world happens
    uint16_t *where; // by task: the lane whose queue it may be in
    model_buf notes;
    model_range *ranges; // by lane: into changes
    void *changes;
    uint32_t *blocks;
} build_depths;

// A world that is kept: its small arrays as a block, and the nodes of waits and
// holds that are going on. See keyframe.c.
typedef struct build_keyframe {
    ant_snapshot world; // its pointers to arrays mean nothing but `block`
    struct build_kept *kept;
    uint32_t kept_count;
} build_keyframe;

struct model_build {
    ant_model model; // what everybody else sees; model.build points back
    ant_reader *reader;
    model_buf blocks; // everything that model_close frees

    const model_progress *progress; // while it is opened; NULL: nobody asks
    unsigned percent;               // when the pass began, and
    unsigned percent_until;         // when it will have ended

    // Columns, written by columns.c.
    uint32_t *near_ns; // since the group's t_ns
    model_buf far_ns;  // of uint64_t, see times.c
    uint8_t *kind;
    uint16_t *lane;
    uint32_t *task;
    uint16_t *arg_at; // into args, from its group's on
    uint32_t *link;
    build_group *groups; // one for every BUILD_GROUP events
    model_buf args;      // of bytes, see columns.c
    model_buf losses;
    model_ids task_ids;
    model_ids lane_ids;
    model_ids res_ids;
    model_ids future_ids;
    model_ids timer_ids;
    build_fields fields[ANT_EV_COUNT];
    uint32_t kind_count[ANT_EV_COUNT];

    // Tables, the same as in model but not const.
    model_task *tasks;
    model_lane *lanes;
    model_res *res;
    model_wait *waits;
    model_hold *holds;
    model_future *futures;
    model_gap *gaps;
    uint32_t *stops;

    // How many polls begin before every BUILD_POLLS-th entry of
    // events_of_task and of events_of_lane.
    uint32_t *polls_of_task;
    uint32_t *polls_of_lane;

    build_fold folds[MODEL_TRACK_FUTURE + 1];
    float activity[2][BUILD_ACTIVITY_COLUMNS]; // by axis

    // The world every `keyframe_every` events, for model_snapshot_at.
    build_keyframe *keyframes;
    uint32_t keyframe_count;
    uint32_t keyframe_every;

    build_depths depths;

    model_range *late_of_lane; // into lates: see late.c
    struct build_late *lates;  // NULL: there are none

    const char *source_folder; // one more place to look for them, or NULL
    model_buf sources;         // of model_source *, see source.c
};

// Zeroed memory that lives as long as the model; NULL when out of memory.
void *model__alloc(model_build *build, size_t count, size_t elem_bytes);

// How far a long pass is: `done` of `all`. False: stop with -ECANCELED. Cheap
// enough for every 65,536 events.
bool model__tell(const model_build *build, uint64_t done, uint64_t all);
#define BUILD_TELL_EVERY 65536u

// The passes. 0 or -ENOMEM (-E2BIG: more events than can be numbered).
int model__columns(model_build *build);  // columns.c
int model__things(model_build *build);   // things.c
int model__claims(model_build *build);   // claims.c
int model__halves(model_build *build);   // halves.c
int model__futures(model_build *build);  // futures.c
int model__worlds(model_build *build);   // spans.c
int model__lists(model_build *build);    // lists.c
int model__edges(model_build *build);    // edges.c
int model__lates(model_build *build);    // late.c
int model__steps(model_build *build);    // steps.c
int model__axes(model_build *build);     // axis.c
int model__folds(model_build *build);    // track.c
int model__activity(model_build *build); // activity.c

// Writes down the time of the next event, `i`, into columns that are still
// being made. False when out of memory.
bool model__time_put(model_build *build, build_group *group, uint32_t *near_ns,
                     uint32_t i, uint64_t t_ns);

// How many steps come before event `i`, which may be one itself.
uint32_t model__steps_before(const ant_model *model, uint32_t i);

// The lengths of run queues, noted by model__worlds after each event.
int model__depths_init(model_build *build);
bool model__depths_note(model_build *build, const ant_snapshot *world,
                        uint32_t event);
int model__depths_finish(model_build *build);

// The text with number `id`, "" for 0.
const char *model__text(const model_build *build, uint64_t id);

// Forgets the source files that were read (source.c).
void model__sources_free(model_build *build);

// Field `i` of event `event`.
uint64_t model__field(const model_build *build, uint32_t event, unsigned i);

// The spans of many rows while they are being made: one open span a row, and
// the closed ones in the order of their ends.
typedef struct build_spans {
    model_span *open; // by row; state 0 when there is none
    model_buf closed; // of build_span
} build_spans;

typedef struct build_span {
    uint32_t row;
    model_span span;
} build_span;

// Room for an open span in each row. 0 or -ENOMEM.
int model__spans_init(build_spans *spans, uint32_t row_count);
void model__spans_free(build_spans *spans);

// Ends the open span of `row` at event `at`. One that begins there, too, is
// forgotten. False when out of memory.
bool model__spans_close(build_spans *spans, uint32_t row, uint32_t at);

// A range that stands in each row of some table.
typedef struct build_ranges {
    void *first;    // row 0's
    size_t stride;  // bytes of a row
    uint32_t count; // rows
} build_ranges;

// The range of row `row`.
model_range *model__range(const build_ranges *ranges, uint32_t row);

// Turns counts into places: each range begins where the one before ends, and
// its count is 0 again. Returns the sum of the counts.
size_t model__ranges_place(const build_ranges *ranges);

// Closes what is still open and lays out the spans row by row.
int model__spans_finish(model_build *build, build_spans *spans,
                        const build_ranges *ranges,
                        const model_span **ret_spans);

// A world in which nothing has happened yet.
int model__snapshot_init_empty(ant_snapshot *snapshot, const ant_model *model);

// How much of a world's block comes before the links of waits and holds.
size_t model__snapshot_small_bytes(const ant_model *model);

// Keyframes: how often; keeps the next one; lets `world` be like one; frees.
int model__keyframes_plan(model_build *build);
int model__keyframe_keep(model_build *build, ant_snapshot *world);
void model__keyframe_enter(ant_snapshot *world, const build_keyframe *frame);
void model__keyframes_free(model_build *build);

// What the task waits for that tells most, 0 for nothing. Only the newest
// `look_max` are looked at: a task may have a million timers.
uint32_t model__snapshot_wait(const ant_snapshot *snapshot, uint32_t task,
                              uint32_t look_max);

// How many of a task's waits are looked at in each of its polls.
#define BUILD_LOOK_MAX 64

#endif
