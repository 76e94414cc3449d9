// SPDX-License-Identifier: MIT
//
// Events as JSON, one object a line: {"i":7,"t_ns":1000,"event":"wake",
// "on_lane":1,"in_task":3, …}, then the fields of the event's row under their
// names: ids as numbers, texts and enumerated values as strings.

#ifndef VIZ_TEXT_JSON_H
#define VIZ_TEXT_JSON_H

#include <stdint.h>
#include <stdio.h>

#include "trace/reader.h"

// Writes event number `i` and a line end.
void text_json_event(const ant_reader *reader, uint64_t i,
                     const ant_event *event, FILE *out);

// Writes the fields alone: "task":1,"seq":2
void text_json_fields(const ant_reader *reader, const ant_event *event,
                      FILE *out);

// Writes a string with its quotes.
void text_json_string(const char *text, FILE *out);

#endif
