// SPDX-License-Identifier: MIT

#include "text/value.h"

#include <inttypes.h>
#include <stdio.h>

const char *text_value(const ant_reader *reader, const ant_schema_field *field,
                       uint64_t value, char buf[TEXT_VALUE_MAX],
                       bool *ret_is_number)
{
    *ret_is_number = false;
    if (field->type == ANT_FIELD_STR) return ant_reader_string(reader, value);
    if (field->type == ANT_FIELD_TYPE) {
        return ant_reader_type(reader, value)->name;
    }
    if (field->type == ANT_FIELD_ENUM) {
        return ant_schema_value_name((ant_trace_enum)field->list, value);
    }
    *ret_is_number = true;
    bool is_signed = field->type == ANT_FIELD_INT;
    snprintf(buf, TEXT_VALUE_MAX, is_signed ? "%" PRId64 : "%" PRIu64, value);
    return buf;
}
