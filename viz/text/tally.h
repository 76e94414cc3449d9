// SPDX-License-Identifier: MIT
//
// Counts over the events of a trace: per task, per lane, and histograms. It is
// fed with every event in order.

#ifndef VIZ_TEXT_TALLY_H
#define VIZ_TEXT_TALLY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"
#include "text/histogram.h"
#include "trace/reader.h"

typedef struct tally_task {
    uint64_t id;
    uint64_t poll_count;
    uint64_t wake_count;
    uint64_t poll_ns;
    uint64_t poll_max_ns;
    uint64_t ready_ns; // may run, and is not being polled
    uint64_t spawn_ns;
    uint64_t end_ns;
    uint64_t ready_since; // time + 1, 0 when it is not ready
    uint64_t poll_since;  // time + 1, 0 when it is not being polled
    uint32_t outcome;     // ANT_RESULT_…
    bool is_over;
} tally_task;

typedef struct tally_lane {
    uint64_t id;
    uint64_t poll_count;
    uint64_t poll_ns;
    uint64_t poll_since; // time + 1, 0 when it is not polling
    uint64_t park_count;
    uint64_t park_ns;
    uint64_t park_since; // time + 1, 0 when it is not parked
    uint64_t steal_count;
    uint64_t stolen_count; // tasks it took from others
} tally_lane;

typedef struct tally {
    uint64_t event_count;
    uint64_t last_ns;
    uint64_t kind_count[ANT_EV_COUNT];
    uint64_t wake_count[ANT_WAKE_COUNT];
    uint64_t digest; // of what happened, without times
    ant_table tasks;
    ant_table lanes;
    text_histogram polls;
    text_histogram ready; // from being woken to being polled
    bool is_short;        // memory ran out: the numbers are too small
} tally;

// Nothing counted yet; allocates when the first event comes.
void text_tally_init(tally *t);
void text_tally_deinit(tally *t);

// Counts the next event.
void text_tally_event(tally *t, const ant_event *event);

#endif
