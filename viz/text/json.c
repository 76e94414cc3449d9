// SPDX-License-Identifier: MIT

#include "text/json.h"

#include <inttypes.h>

#include "text/value.h"

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
    if (row->field_count > 0) fputc(',', out);
    text_json_fields(reader, event, out);
    fputs("}\n", out);
}

void text_json_fields(const ant_reader *reader, const ant_event *event,
                      FILE *out)
{
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)event->kind);
    for (unsigned f = 0; f < row->field_count; f++) {
        const ant_schema_field *field = &row->field[f];
        char buf[TEXT_VALUE_MAX];
        bool is_number;
        const char *text =
            text_value(reader, field, event->field[f], buf, &is_number);
        fprintf(out, "%s\"%s\":", f > 0 ? "," : "", field->name);
        if (is_number) {
            fputs(text, out);
        } else {
            text_json_string(text, out);
        }
    }
}

void text_json_string(const char *text, FILE *out)
{
    fputc('"', out);
    for (; *text != 0; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            fprintf(out, "\\%c", c);
        } else if (c < 0x20 || c == '<') {
            // A page may hold the text: no tag ends or begins inside it.
            fprintf(out, "\\u%04x", c);
        } else {
            fputc(c, out);
        }
    }
    fputc('"', out);
}
