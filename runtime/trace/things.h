// SPDX-License-Identifier: MIT
//
// The names of tasks, resources and futures, as the events read so far have
// told them: whoever turns an event into words asks for the names of what it is
// about. They are kept when the reader starts again at the first event.

#ifndef ANT_TRACE_THINGS_H
#define ANT_TRACE_THINGS_H

#include "base/table.h"
#include "trace/names.h"
#include "trace/reader.h"

typedef struct ant_things {
    const ant_names *names;
    ant_table tasks; // rows are private
    ant_table res;
    ant_table futures;
} ant_things;

// Knows nothing yet. `names` has the texts.
void ant_things_init(ant_things *things, const ant_names *names);
void ant_things_deinit(ant_things *things);

// Learns from an event.
void ant_things_event(ant_things *things, const ant_event *event);

// What is known of a thing; nothing but an empty name for others.
ant_trace_thing ant_things_task(const ant_things *things, uint64_t task);
ant_trace_thing ant_things_res(const ant_things *things, uint64_t res);
ant_trace_thing ant_things_future(const ant_things *things, uint64_t fut);

#endif
