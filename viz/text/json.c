// SPDX-License-Identifier: MIT

#include "text/json.h"

#include <inttypes.h>

#include "trace/schema.h"

static void write_value(const ant_reader *reader, const ant_schema_field *field,
                        uint64_t value, FILE *out);

void text_json_event(const ant_reader *reader, uint64_t i,
                     const ant_event *event, FILE *out)
{
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)event->kind);
    fprintf(out,
            "{\"i\":%" PRIu64 ",\"t_ns\":%" PRIu64 ",\"event\":\"%s\""
            ",\"on_lane\":%" PRIu32 ",\"in_task\":%" PRIu32,
            i, event->t_ns, row->name, event->lane, event->task);
    if (event->lost > 0) fprintf(out, ",\"lost_before\":%" PRIu32, event->lost);
    for (unsigned f = 0; f < row->field_count; f++) {
        const ant_schema_field *field = &row->field[f];
        fprintf(out, ",\"%s\":", field->name);
        write_value(reader, field, event->field[f], out);
    }
    fputs("}\n", out);
}

void text_json_string(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text != 0; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", c);
        } else if (c < 0x20) {
            fprintf(out, "\\u%04x", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}

static void write_value(const ant_reader *reader, const ant_schema_field *field,
                        uint64_t value, FILE *out)
{
    if (field->type == ANT_FIELD_STR) {
        text_json_string(ant_reader_string(reader, value), out);
    } else if (field->type == ANT_FIELD_TYPE) {
        text_json_string(ant_reader_type(reader, value)->name, out);
    } else if (field->type == ANT_FIELD_ENUM) {
        text_json_string(
            ant_schema_value_name((ant_trace_enum)field->list, value), out);
    } else if (field->type == ANT_FIELD_INT) {
        fprintf(out, "%" PRId64, (int64_t)value);
    } else {
        fprintf(out, "%" PRIu64, value);
    }
}
