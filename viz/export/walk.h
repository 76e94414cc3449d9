// SPDX-License-Identifier: MIT
//
// A walk over a trace for formats that know tracks and slices (Chrome,
// Perfetto): it says what begins and ends where, and the format writes it down.
// Worker tracks hold what a lane does: polls, the polls of futures inside
// them, blocking calls, parking, searching, wakes, and instants for every other
// event. Task tracks hold the life of a task and its states. Counters hold the
// lengths of run queues. Slices on one track nest.

#ifndef VIZ_EXPORT_WALK_H
#define VIZ_EXPORT_WALK_H

#include "export/export.h"

#define WALK_NAME_MAX 128

typedef enum walk_kind {
    WALK_POLL,
    WALK_FUTURE,
    WALK_BLOCK,
    WALK_PARK,
    WALK_SEARCH,
    WALK_WAKE, // or a spawn, which makes a task run, too: takes no time
    WALK_KIND_COUNT
} walk_kind;

typedef struct walk_slice {
    walk_kind kind;
    uint32_t lane;
    uint32_t from;       // event
    uint32_t to;         // event; event_count when it never ends
    uint32_t flow_in;    // polls: the wake that led here, or MODEL_NONE
    bool is_flow_source; // wakes: a poll has this wake as its flow_in
    char name[WALK_NAME_MAX];
} walk_slice;

// What a format does with each, in the order of events. Any may be NULL.
typedef struct walk_sink {
    void (*begin)(void *arg, const walk_slice *slice);
    void (*end)(void *arg, walk_kind kind, uint32_t event); // on its lane
    void (*instant)(void *arg, uint32_t event);
    // A task's life begins, then its states, one after the other, then it ends.
    void (*task)(void *arg, uint32_t task, uint32_t event);
    void (*state)(void *arg, uint32_t task, const model_span *span);
    void (*state_end)(void *arg, uint32_t task, const model_span *span);
    void (*task_end)(void *arg, uint32_t task, uint32_t event);
    // The queue of `lane` (0: the shared one) has `len` tasks from here on.
    void (*queue)(void *arg, uint32_t lane, uint32_t event, uint32_t len);
    void *arg;
} walk_sink;

// 0 or -errno.
ANT_MUST_USE int export__walk(const export_job *job, const walk_sink *sink);

// "poll", "future", … as a category.
const char *export__walk_kind_name(walk_kind kind);

// "queue of worker 0"; lane 0 is "shared queue".
void export__queue_name(const ant_model *model, uint32_t lane, char *buf,
                        size_t size);

#endif
