// SPDX-License-Identifier: MIT
//
// Events out of the bytes of a chunk. The bytes are foreign: nothing here
// trusts them. Which kinds there are and what fields they have is what the
// file's own schema says; kinds that this program does not know are skipped.

#ifndef ANT_TRACE_DECODE_H
#define ANT_TRACE_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "trace/events.h"
#include "trace/reader.h"

#define ANT_DECODE_FIELDS_MAX 16

// How a field stands in the file.
typedef enum ant_decode_form {
    ANT_FORM_NUMBER,
    ANT_FORM_SIGNED,
    ANT_FORM_TEXT,
} ant_decode_form;

// A kind of the file.
typedef struct ant_decode_row {
    uint8_t kind; // ant_event_kind of this program, none when unknown
    uint8_t field_count;
    uint8_t kept_count; // the first ones, which this program knows
    bool is_plain;      // only numbers
    uint8_t form[ANT_DECODE_FIELDS_MAX];
} ant_decode_row;

typedef struct ant_decode_schema {
    unsigned row_count; // kinds are 1 … row_count - 1
    ant_decode_row row[256];
} ant_decode_schema;

// Where one is in a chunk.
typedef struct ant_cursor {
    const uint8_t *file; // offset 0
    const uint8_t *at;
    const uint8_t *end;
    uint64_t t_ns;
    bool is_open;     // never sealed: ends at the first 0
    const char *text; // of the `string` just read
    uint64_t text_len;
} ant_cursor;

typedef enum ant_decode_result {
    ANT_DECODE_EVENT,
    ANT_DECODE_UNKNOWN, // an event of a kind that this program does not know
    ANT_DECODE_END,
    ANT_DECODE_BAD, // cursor->at is where
} ant_decode_result;

// Reads the schema text of a file. False when it makes no sense.
bool ant_decode_schema_parse(ant_decode_schema *schema, const char *text,
                             size_t len);

// Reads one event. Sets t_ns, kind, count, offset and the fields; those that
// the file does not have are 0.
ant_decode_result ant_decode_next(const ant_decode_schema *schema,
                                  ant_cursor *cursor, ant_event *ret_event);

#endif
