// SPDX-License-Identifier: MIT
//
// What the files of the checker share: its state, and the rules by subject.
// Each subject has an _event function that is called for every event.

#ifndef ANT_TRACE_CHECK_PARTS_H
#define ANT_TRACE_CHECK_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/table.h"
#include "trace/check.h"

// Nested polls on one lane. Deeper ones are not followed.
#define ANT_CHECK_DEPTH_MAX 64u

typedef struct ant_check_lane {
    uint64_t task; // being polled, 0 for none
    bool is_parked;
    bool is_blocked;    // its whole thread waits
    bool is_unknown;    // after a loss
    uint32_t overflows; // of its queue
    uint32_t depth;     // of nested polls
    uint64_t future[ANT_CHECK_DEPTH_MAX];
} ant_check_lane;

struct ant_check {
    const ant_reader *names;
    ant_finding_fn fn;
    void *arg;
    uint64_t count;         // findings
    uint64_t index;         // of the event
    const ant_event *event; // being judged
    uint64_t last_ns;
    uint64_t root_count; // runtimes that have started and not ended
    bool is_stopping;    // some runtime shuts down
    bool has_stopped;    // some runtime has shut down to its end
    bool has_stalled;
    bool has_pushes; // the scheduler tells of its queues
    bool is_lossy;   // events are missing: only what a lane alone tells counts
    ant_table lanes; // ant_check_lane
    ant_table tasks; // private to check_task.c
    ant_table futures; // private to check_future.c
    ant_table timers;  // private to check_timer.c
    ant_table res;     // private to check_res.c
    ant_table chans;   // private to check_chan.c
    ant_table halves;  // the same
};

// Reports that `rule` is broken by the event, or at the end of the trace.
ANT_PRINTF(4, 5)
void ant__check_report(ant_check *check, const char *rule, uint64_t task,
                       const char *format, ...);

// "task 3 fetch_user", "worker 1", "`nap`", "lock 4 `db`" in a place of its own
// that holds until the fourth next call.
const char *ant__check_task_name(const ant_check *check, uint64_t task);
const char *ant__check_lane_name(const ant_check *check, uint64_t lane);
const char *ant__check_future_name(const ant_check *check, uint64_t fut);
const char *ant__check_res_name(const ant_check *check, uint64_t res);

// The lane of the event; NULL when memory has run out.
ant_check_lane *ant__check_lane_of(ant_check *check, uint64_t lane);

void ant__check_task_init(ant_check *check);
void ant__check_task_event(ant_check *check);
void ant__check_task_finish(ant_check *check);

void ant__check_lane_event(ant_check *check);

void ant__check_future_init(ant_check *check);
void ant__check_future_event(ant_check *check);

void ant__check_timer_init(ant_check *check);
void ant__check_timer_event(ant_check *check);

void ant__check_chan_init(ant_check *check);
void ant__check_chan_event(ant_check *check);

void ant__check_res_init(ant_check *check);
void ant__check_res_event(ant_check *check);
void ant__check_res_deinit(ant_check *check);

#endif
