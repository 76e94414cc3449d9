// SPDX-License-Identifier: MIT
//
// The table of trace/events.h as data: for the schema in the file, for the
// decoder, the dump, the legend and the page in the docs.

#ifndef ANT_TRACE_SCHEMA_H
#define ANT_TRACE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>

#include "trace/events.h"

typedef struct ant_schema_field {
    const char *name;
    ant_field_type type;
    int list; // ant_trace_enum when type is ANT_FIELD_ENUM
} ant_schema_field;

typedef struct ant_schema_event {
    const char *name;
    const char *meaning;
    ant_trace_level level;
    unsigned field_count;
    ant_schema_field field[ANT_EVENT_FIELD_MAX];
} ant_schema_event;

// The row of `kind`, which is one of ant_event_kind except none and COUNT.
const ant_schema_event *ant_schema_event_of(ant_event_kind kind);

// What is to be done to the fields of a row when it is written.
enum {
    ANT_ROW_IS_NAME = 1,    // it goes to the stream of names
    ANT_ROW_HAS_SIGNED = 2, // some INT
    ANT_ROW_HAS_MOMENT = 4, // some NS
};
extern const unsigned char ant__schema_row_is[ANT_EV_COUNT];

// The name of value `value` of an enumeration ("READY"), "?" when unknown.
const char *ant_schema_value_name(ant_trace_enum list, uint64_t value);

// The name of the enumeration itself ("RESULT"), and how many values it has.
const char *ant_schema_enum_name(ant_trace_enum list);
unsigned ant_schema_enum_count(ant_trace_enum list);

// The word for a field type ("task", "time", …).
const char *ant_schema_field_type_name(ant_field_type type);

// The word for a level of detail ("sched").
const char *ant_schema_level_name(ant_trace_level level);

// Writes the schema as the file holds it (see trace/format.h); returns its
// length, 0 when `size` is too small. ANT_SCHEMA_BYTES_MAX is enough.
#define ANT_SCHEMA_BYTES_MAX 16384u
size_t ant_schema_write(char *ret_text, size_t size);

#endif
