// SPDX-License-Identifier: MIT
//
// The names of a file: texts, types with their states, lanes. Read once when
// the file is opened, from stream 0. Texts are copied and made printable, so
// that nobody further up has to think of control characters or broken UTF-8.

#ifndef ANT_TRACE_NAMES_H
#define ANT_TRACE_NAMES_H

#include "trace/chunks.h"
#include "trace/decode.h"
#include "trace/reader.h"

// A table by id that grows up to the number of ids that a file can hold.
typedef struct ant_names_table {
    void *row;
    uint64_t count;     // ids are 0 … count - 1
    uint64_t count_max; // allocated
} ant_names_table;

typedef struct ant_names {
    uint64_t id_max; // no file of this size can hold a greater one
    char *text;      // all texts one after the other
    size_t text_bytes;
    size_t text_bytes_max;
    ant_names_table strings; // uint64_t offset in text + 1, 0 is unknown
    ant_names_table types;   // type_row
    ant_names_table lanes;   // lane_row
    int err;
} ant_names;

// Reads the names from the first `n` chunks, which are those of stream 0.
ANT_MUST_USE int ant_names_read(ant_names *names, const ant_chunks *chunks,
                                uint32_t n, const ant_decode_schema *schema,
                                ant_damage *damage);

// Frees all names.
void ant_names_deinit(ant_names *names);

// As the functions of reader.h with these names.
const char *ant_names_string(const ant_names *names, uint64_t id);
const ant_trace_type *ant_names_type(const ant_names *names, uint64_t id);
const char *ant_names_state(const ant_names *names, uint64_t type,
                            uint64_t state);
const ant_trace_lane_info *ant_names_lane(const ant_names *names,
                                          uint64_t lane);

#endif
