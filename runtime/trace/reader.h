// SPDX-License-Identifier: MIT
//
// Reads a trace file: the only parser of foreign bytes, and it trusts none of
// them. Opening maps the file, finds the chunks, checks each CRC and reads the
// names. Then events come in one order for all streams: by time, but never
// against a stream's own order nor against a task's steps (SEQ). The reader
// belongs to one thread; several readers may be open at once.

#ifndef ANT_TRACE_READER_H
#define ANT_TRACE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/macros.h"
#include "trace/events.h"

typedef struct ant_reader ant_reader;

// One event. The fields stand in the order of its row; ANT_EVENT_AS gives them
// their names. `task` is the task being polled on the lane when it happened
// (for poll_begin and poll_end the one they are about), 0 for none.
typedef struct ant_event {
    uint64_t t_ns; // since the recording began
    uint32_t lane; // 0 until the stream has said where it is
    uint32_t task;
    uint16_t stream;
    uint8_t kind;    // ant_event_kind of *this* program, see reader.c
    uint8_t count;   // of fields
    uint32_t lost;   // events lost just before this one; a damaged chunk is one
    uint64_t offset; // where it stands in the file, for messages
    uint64_t field[ANT_EVENT_FIELD_MAX];
} ant_event;

// The fields of `event` as the struct of its row:
//   const ant_ev_wake *wake = ANT_EVENT_AS(wake, event);
#define ANT_EVENT_AS(name, event)                                              \
    ((const ant_ev_##name *)(const void *)(event)->field)

// Where and how a file is damaged, or why it cannot be read at all.
typedef struct ant_reader_error {
    uint64_t offset;
    char text[160]; // one line for people: what is wrong and what to do
} ant_reader_error;

typedef struct ant_trace_info {
    ant_trace_level level;
    bool is_virtual; // virtual time
    bool is_closed;  // the recorder ended properly
    uint32_t stream_count;
    uint32_t chunk_count;
    uint32_t chunk_bad_count;  // skipped because damaged
    uint32_t chunk_open_count; // never sealed: the program was killed
    uint64_t lost_count;       // events that the recorder had to drop
    uint64_t unknown_count; // events of kinds that only a newer program knows
    uint64_t wall_ns;
    uint32_t pid;
    uint64_t file_bytes;
} ant_trace_info;

typedef struct ant_trace_type {
    const char *name;
    const char *file;
    uint32_t line;
    uint32_t bytes;
    uint32_t state_count;
    uint32_t needs; // ANT_NEEDS_…: which of the futures that it awaits
} ant_trace_type;

typedef struct ant_trace_lane_info {
    uint32_t kind; // ANT_LANE_…
    uint32_t index;
    const char *name;
} ant_trace_lane_info;

// What is known of a task, a resource or a future from the events read so far.
typedef struct ant_trace_thing {
    const char *name; // of the type when it has none of its own; never NULL
    uint32_t type;    // of the async function, 0 when unknown
    uint32_t kind;    // ANT_TASK_… or ANT_RES_…
    uint32_t parent;  // the task or future that made it, 0 for none
    bool is_known;
} ant_trace_thing;

// Opens `path`. 0, or -errno with *ret_error filled: -EINVAL not a trace,
// -ENOTSUP a newer version, or what open(2) says. A damaged chunk is no error
// here; it is counted and can be asked for.
ANT_MUST_USE int ant_reader_open(const char *path, ant_reader **ret_reader,
                                 ant_reader_error *ret_error);

// As ant_reader_open on bytes in memory, which must outlive the reader.
ANT_MUST_USE int ant_reader_open_bytes(const void *bytes, size_t len,
                                       ant_reader **ret_reader,
                                       ant_reader_error *ret_error);

// Unmaps the file; every text that the reader gave out goes with it.
void ant_reader_close(ant_reader *reader);

// About the whole file; it lives as long as the reader.
const ant_trace_info *ant_reader_info(const ant_reader *reader);

// The i-th damaged place found, or NULL. At most 64 are kept.
const ant_reader_error *ant_reader_damage(const ant_reader *reader, unsigned i);

// What the head of a chunk tells of its events, without a look at them: the
// heads together are an index of the file, also of one whose program was
// killed.
typedef struct ant_trace_chunk {
    uint64_t t0_ns; // its first event comes at or after this,
    uint64_t t1_ns; // and its last one at or before this
    uint32_t stream;
    uint32_t lane;  // where its first events happened, 0 when unknown
    uint32_t count; // of events
    uint32_t lost;  // events that the stream lost just before it
} ant_trace_chunk;

// The i-th chunk with events, by stream and place in it. False when there are
// not so many. Only the first and the last one of a stream are read
// for this.
bool ant_reader_chunk(const ant_reader *reader, uint32_t i,
                      ant_trace_chunk *ret_chunk);

// The next event in the common order. False at the end.
bool ant_reader_next(ant_reader *reader, ant_event *ret_event);

// Starts again at the first event.
void ant_reader_rewind(ant_reader *reader);

// The events have been read and will not be needed soon: the file's pages leave
// memory. What is asked for after this comes back by itself.
void ant_reader_rest(ant_reader *reader);

// Names. All return something printable for any id: "" for 0, "?" for an
// unknown one.
const char *ant_reader_string(const ant_reader *reader, uint64_t id);
const ant_trace_type *ant_reader_type(const ant_reader *reader, uint64_t id);
const char *ant_reader_state(const ant_reader *reader, uint64_t type,
                             uint64_t state);
// NULL when the file does not know the lane.
const ant_trace_lane_info *ant_reader_lane(const ant_reader *reader,
                                           uint64_t lane);
ant_trace_thing ant_reader_task(const ant_reader *reader, uint64_t task);
ant_trace_thing ant_reader_res(const ant_reader *reader, uint64_t res);
ant_trace_thing ant_reader_future(const ant_reader *reader, uint64_t fut);
uint32_t ant_reader_lane_max(const ant_reader *reader);
uint32_t ant_reader_type_max(const ant_reader *reader);

#endif
