// SPDX-License-Identifier: MIT
//
// The file being recorded into: its header, and slots of it handed out to
// streams as mapped memory. What is stored there is in the file at once, also
// when the process is killed. Any thread may ask for a slot; open and close
// belong to the recorder (trace/trace.c).
//
// The hard thing: writing through a mapping to a file that cannot grow ends in
// SIGBUS. So room is reserved before it is mapped, and "no room" is an answer.

#ifndef ANT_TRACE_SINK_H
#define ANT_TRACE_SINK_H

#include <stdbool.h>
#include <stdint.h>

#include "base/macros.h"
#include "base/os.h"
#include "trace/format.h"
#include "trace/trace.h"

typedef struct ant_sink {
    // Fixed while open.
    int fd;
    uint64_t bytes_max;
    ant_trace_header *header;
    // Under the lock.
    ant_os_mutex lock;
    uint64_t end;  // where the next slot begins
    uint64_t last; // where the last one began, 0 for none
} ant_sink;

// Creates desc->path with its header and schema. 0 or -errno.
ANT_MUST_USE int ant_sink_open(ant_sink *sink, const ant_trace_desc *desc,
                               uint64_t start_ns);

// `bytes` (a multiple of 4096) of zeroed file, mapped; NULL when the file can
// grow no more. Given back with ant_sink_slot_unmap().
void *ant_sink_slot(ant_sink *sink, uint32_t bytes);
void ant_sink_slot_unmap(void *slot, uint32_t bytes);

// Counts one event that found no room.
void ant_sink_lose(ant_sink *sink);

// Cuts off what was never used, marks the file as closed, and closes it. All
// slots are sealed and unmapped.
void ant_sink_close(ant_sink *sink);

// Lets go of the file without touching it: it belongs to the parent process.
void ant_sink_abandon(ant_sink *sink);

#endif
