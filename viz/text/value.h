// SPDX-License-Identifier: MIT
//
// One field of an event as text for programs: what JSON, CSV and others write.

#ifndef VIZ_TEXT_VALUE_H
#define VIZ_TEXT_VALUE_H

#include "trace/reader.h"
#include "trace/schema.h"

#define TEXT_VALUE_MAX 24

// The value as text: names for strings, types and enumerations, else a number,
// which is written into `buf`. *ret_is_number tells which.
const char *text_value(const ant_reader *reader, const ant_schema_field *field,
                       uint64_t value, char buf[TEXT_VALUE_MAX],
                       bool *ret_is_number);

#endif
