// SPDX-License-Identifier: MIT
//
// The recorder: what the runtime calls where something happens.
//
//   ANT_TRACE(wake, .task = id, .seq = n, .via = ANT_VIA_TIMER);
//
// records one row of trace/events.h on the calling thread's stream. Off, that
// costs one load and one branch. On, it costs the clock and a few stores into
// the thread's open chunk, which is mapped from the file: no lock, no call into
// the system, nothing to flush. A full chunk is sealed and the next one mapped.
//
// One process records into one file. The recorder is started when the first
// runtime starts and ANTFARM_TRACE is set, or by ant_trace_start().

#ifndef ANT_TRACE_TRACE_H
#define ANT_TRACE_TRACE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/atomic.h"
#include "base/macros.h"
#include "trace/events.h"

typedef struct ant_trace_desc {
    const char *path;
    ant_trace_level level;         // OFF means FULL
    uint64_t bytes_max;            // the file never grows beyond; 0 means 4 GiB
    uint64_t (*now_ns)(void *arg); // the clock; NULL means monotonic, or one
    void *arg;                     // that stands still if it is virtual
    bool is_virtual; // the clock is virtual: no pid, no date in the file
} ant_trace_desc;

// Starts to record into desc->path (replaced when it exists). One recording at
// a time: -EBUSY when one is under way. Other errors: what open(2) says.
ANT_MUST_USE int ant_trace_start(const ant_trace_desc *desc);

// Seals every open chunk and closes the file. No thread may be recording any
// more. Returns 0, also when nothing was being recorded.
int ant_trace_stop(void);

// Seals the calling thread's chunk: all that a crash or a stall has to do while
// other threads may still be recording. The rest is in the file already.
void ant_trace_flush(void);

// The path being recorded into, or NULL.
const char *ant_trace_path(void);

// The number of the recording under way: 1, 2, 3 …; 0 when there is none. Ids
// kept in static tables (of types, of texts) are only good within one.
uint32_t ant_trace_epoch(void);

// Replaces the clock of a running recording (a simulation takes over); time
// goes on from where it is. With NULL a virtual recording's time stands still
// and another one's follows the monotonic clock. No other thread records.
void ant_trace_clock_set(uint64_t (*now_ns)(void *arg), void *arg);

// The level of detail recorded now; ANT_LEVEL_OFF when nothing is.
extern ant_atomic_u8 ant__trace_level;

static inline bool ant_trace_is_on(ant_trace_level level)
{
    // relaxed: the level is set before threads that record are started.
    return ANT_UNLIKELY(ant_atomic_load(&ant__trace_level, ANT_RELAXED) >=
                        (uint8_t)level);
}

#define ANT_TRACE(kind, ...) ANT__TRACE(ant__trace_put, kind, __VA_ARGS__)

// The same for an event that always comes right behind another one of this
// thread, with nothing but the runtime's own few steps between: it has that
// one's time. Asking the clock takes longer than all the rest.
#define ANT_TRACE_TOO(kind, ...)                                               \
    ANT__TRACE(ant__trace_put_too, kind, __VA_ARGS__)

#define ANT__TRACE(put, kind, ...)                                             \
    do {                                                                       \
        if (ant_trace_is_on((ant_trace_level)ANT_EV_LEVEL_##kind)) {           \
            put(ANT_EV_##kind,                                                 \
                (const uint64_t *)&(ant_ev_##kind){ __VA_ARGS__ },             \
                sizeof(ant_ev_##kind) / sizeof(uint64_t));                     \
        }                                                                      \
    } while (0)

// Appends one event to the calling thread's stream; rows of level NAMES go to
// the stream of names.
void ant__trace_put(ant_event_kind kind, const uint64_t *field, unsigned n);

// As that, at the time of the event before; no rows of level NAMES.
void ant__trace_put_too(ant_event_kind kind, const uint64_t *field, unsigned n);

// The number of a text; the same text has the same number. 0 for NULL.
uint64_t ant_trace_string(const char *text);

// As ant_trace_string for the first `len` bytes of `text`.
uint64_t ant_trace_string_n(const char *text, unsigned len);

// A new lane: a worker, a blocking thread or a thread of the program. Lanes
// number from 1 in the order of this call. Also without a recording.
uint32_t ant_trace_lane_new(enum ant_trace_LANE kind, uint32_t index,
                            const char *name);

// Fresh ids, never reused while the process lives; they and the lanes start
// again at 1 with ant_trace_ids_reset(), so that a simulation gives the same
// ids each time. It does nothing while something is being recorded.
uint32_t ant_trace_id_task(void);
uint32_t ant_trace_id_res(void);
uint32_t ant_trace_id_timer(void);
uint32_t ant_trace_id_fut(void);
uint32_t ant_trace_id_half(void); // of channels
uint32_t ant_trace_id_type(void); // of ANT_EV_type rows; from 1 in each file
void ant_trace_ids_reset(void);
void ant__trace_id_type_reset(void);

// The calling thread now acts as this lane: records lane_enter when it changes.
// A thread that never said so gets a lane of its own at its first event.
void ant_trace_lane_enter(uint32_t lane);

// The lane that the calling thread acts as.
uint32_t ant_trace_lane_here(void);

// The calling thread ends: seals its stream.
void ant_trace_thread_end(void);

#endif
