// SPDX-License-Identifier: MIT
//
// Every event as a line: of comma-separated values (RFC 4180) with a column for
// each name of a field, or as an object of JSON. Times are always true.

#include <inttypes.h>
#include <string.h>

#include "base/assert.h"
#include "export/formats.h"
#include "text/json.h"
#include "text/sentence.h"
#include "text/value.h"

#define COLUMN_MAX 96

// The columns for fields: their names, each once, in the order of the table of
// events.
typedef struct csv_columns {
    const char *name[COLUMN_MAX];
    unsigned count;
} csv_columns;

static void find_columns(csv_columns *columns);
static unsigned column_of(const csv_columns *columns, const char *name);
static void write_event(const export_job *job, const csv_columns *columns,
                        uint32_t i);
static void write_text(const char *text, FILE *file);

int export__csv(export_job *job)
{
    csv_columns all = { 0 };
    find_columns(&all);
    FILE *file = job->out->file;
    fputs("i,t_ns,event,on_lane,in_task,sentence", file);
    for (unsigned i = 0; i < all.count; i++) {
        fprintf(file, ",%s", all.name[i]);
    }
    fputs("\r\n", file);
    for (uint32_t i = 0; i < job->model->event_count; i++) {
        if (export_out_is_over(job->out)) break;
        write_event(job, &all, i);
    }
    return 0;
}

int export__ndjson(export_job *job)
{
    for (uint32_t i = 0; i < job->model->event_count; i++) {
        if (export_out_is_over(job->out)) break;
        ant_event event;
        model_event(job->model, i, &event);
        text_json_event(job->model->reader, i, &event, job->out->file);
    }
    return 0;
}

static void find_columns(csv_columns *columns)
{
    for (unsigned kind = 1; kind < ANT_EV_COUNT; kind++) {
        const ant_schema_event *row = ant_schema_event_of((ant_event_kind)kind);
        if (row->level == ANT_LEVEL_NAMES) continue;
        for (unsigned f = 0; f < row->field_count; f++) {
            const char *name = row->field[f].name;
            bool is_new = column_of(columns, name) == columns->count;
            ANT_ASSERT(columns->count < COLUMN_MAX);
            if (is_new) columns->name[columns->count++] = name;
        }
    }
}

// The column of this name, columns->count when there is none.
static unsigned column_of(const csv_columns *columns, const char *name)
{
    unsigned i = 0;
    while (i < columns->count && strcmp(columns->name[i], name) != 0)
        i++;
    return i;
}

static void write_event(const export_job *job, const csv_columns *columns,
                        uint32_t i)
{
    FILE *file = job->out->file;
    const ant_reader *reader = job->model->reader;
    ant_event event;
    model_event(job->model, i, &event);
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)event.kind);

    char text[400];
    text_sentence_write(reader, &event, text, sizeof text);
    fprintf(file, "%" PRIu32 ",%" PRIu64 ",%s,%" PRIu32 ",%" PRIu32 ",", i,
            event.t_ns, row->name, event.lane, event.task);
    write_text(text, file);

    int8_t field_in[COLUMN_MAX] = { 0 }; // its number + 1
    for (unsigned f = 0; f < row->field_count; f++) {
        field_in[column_of(columns, row->field[f].name)] = (int8_t)(f + 1);
    }
    for (unsigned c = 0; c < columns->count; c++) {
        fputc(',', file);
        if (field_in[c] == 0) continue;
        int f = field_in[c] - 1;
        char buf[TEXT_VALUE_MAX];
        bool is_number;
        write_text(
            text_value(reader, &row->field[f], event.field[f], buf, &is_number),
            file);
    }
    fputs("\r\n", file);
}

static void write_text(const char *text, FILE *file)
{
    if (text[strcspn(text, ",\"\r\n")] == '\0') {
        fputs(text, file);
        return;
    }
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"') fputc('"', file);
        fputc(*text, file);
    }
    fputc('"', file);
}
