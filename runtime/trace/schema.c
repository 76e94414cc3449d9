// SPDX-License-Identifier: MIT

#include "trace/schema.h"

#include <stdio.h>
#include <string.h>

#include "base/assert.h"

// Every row of the table as data.
#define NUM(x)        { #x, ANT_FIELD_NUM, 0 },
#define INT(x)        { #x, ANT_FIELD_INT, 0 },
#define TASK(x)       { #x, ANT_FIELD_TASK, 0 },
#define FUT(x)        { #x, ANT_FIELD_FUT, 0 },
#define LANE(x)       { #x, ANT_FIELD_LANE, 0 },
#define RES(x)        { #x, ANT_FIELD_RES, 0 },
#define TIMER(x)      { #x, ANT_FIELD_TIMER, 0 },
#define TYPE(x)       { #x, ANT_FIELD_TYPE, 0 },
#define STR(x)        { #x, ANT_FIELD_STR, 0 },
#define TEXT(x)       { #x, ANT_FIELD_TEXT, 0 },
#define NS(x)         { #x, ANT_FIELD_NS, 0 },
#define SEQ(x)        { #x, ANT_FIELD_SEQ, 0 },
#define LINE(x)       { #x, ANT_FIELD_LINE, 0 },
#define ENUM(x, list) { #x, ANT_FIELD_ENUM, ANT_ENUM_##list },
#define ROW(row, level_, meaning_, fields)                                     \
    [ANT_EV_##row] = { .name = #row,                                           \
                       .meaning = meaning_,                                    \
                       .level = ANT_LEVEL_##level_,                            \
                       .field_count = sizeof(ant_ev_##row) / sizeof(uint64_t), \
                       .field = { fields } },
static const ant_schema_event events[ANT_EV_COUNT] = { ANT_TRACE_EVENTS(ROW) };
#undef ROW
#include "trace/fields_undef.h"

// The same rows once more, for the recorder, which is in a hurry.
#define NUM(x)
#define INT(x) | ANT_ROW_HAS_SIGNED
#define TASK(x)
#define FUT(x)
#define LANE(x)
#define RES(x)
#define TIMER(x)
#define TYPE(x)
#define STR(x)
#define TEXT(x)
#define NS(x) | ANT_ROW_HAS_MOMENT
#define SEQ(x)
#define LINE(x)
#define ENUM(x, list)
#define ROW(row, level_, meaning_, fields)                                     \
    [ANT_EV_##row] =                                                           \
        (ANT_LEVEL_##level_ == ANT_LEVEL_NAMES ? ANT_ROW_IS_NAME : 0) fields,
const unsigned char ant__schema_row_is[ANT_EV_COUNT] = { ANT_TRACE_EVENTS(
    ROW) };
#undef ROW
#include "trace/fields_undef.h"

// The names of all values, list after list.
#define VALUE(value)       #value,
#define LIST(list, values) values
static const char *const values[] = { ANT_TRACE_ENUMS(LIST, VALUE) };
#undef LIST
#undef VALUE

#define LIST(list, values) #list,
static const char *const lists[] = { ANT_TRACE_ENUMS(LIST, ) };
#undef LIST

#define LIST(list, values) ANT_##list##_COUNT,
static const unsigned counts[] = { ANT_TRACE_ENUMS(LIST, ) };
#undef LIST

static const char *const type_names[] = {
    [ANT_FIELD_NUM] = "num",     [ANT_FIELD_INT] = "int",
    [ANT_FIELD_TASK] = "task",   [ANT_FIELD_FUT] = "future",
    [ANT_FIELD_LANE] = "lane",   [ANT_FIELD_RES] = "resource",
    [ANT_FIELD_TIMER] = "timer", [ANT_FIELD_TYPE] = "type",
    [ANT_FIELD_STR] = "string",  [ANT_FIELD_TEXT] = "text",
    [ANT_FIELD_NS] = "time",     [ANT_FIELD_SEQ] = "step",
    [ANT_FIELD_LINE] = "line",   [ANT_FIELD_ENUM] = "enum",
};

const ant_schema_event *ant_schema_event_of(ant_event_kind kind)
{
    ANT_ASSERT(kind > ANT_EV_none && kind < ANT_EV_COUNT);
    return &events[kind];
}

const char *ant_schema_value_name(ant_trace_enum list, uint64_t value)
{
    ANT_ASSERT(list < ANT_ENUM_COUNT);
    if (value >= counts[list]) return "?";
    unsigned first = 0;
    for (unsigned i = 0; i < list; i++)
        first += counts[i];
    // "RESULT_READY" without "RESULT_".
    return values[first + value] + strlen(lists[list]) + 1;
}

const char *ant_schema_enum_name(ant_trace_enum list)
{
    ANT_ASSERT(list < ANT_ENUM_COUNT);
    return lists[list];
}

unsigned ant_schema_enum_count(ant_trace_enum list)
{
    ANT_ASSERT(list < ANT_ENUM_COUNT);
    return counts[list];
}

const char *ant_schema_field_type_name(ant_field_type type)
{
    ANT_ASSERT(type < ANT_ARRAY_LEN(type_names));
    return type_names[type];
}

const char *ant_schema_level_name(ant_trace_level level)
{
    static const char *const names[] = { "off", "names", "sched", "full" };
    ANT_ASSERT(level < ANT_ARRAY_LEN(names));
    return names[level];
}

size_t ant_schema_write(char *ret_text, size_t size)
{
    FILE *out = fmemopen(ret_text, size, "w");
    if (out == NULL) return 0;
    for (unsigned list = 0; list < ANT_ENUM_COUNT; list++) {
        fprintf(out, "= %s", lists[list]);
        for (unsigned i = 0; i < counts[list]; i++) {
            const char *name = ant_schema_value_name((ant_trace_enum)list, i);
            fprintf(out, " %s", name);
        }
        fputc('\n', out);
    }
    for (unsigned kind = 1; kind < ANT_EV_COUNT; kind++) {
        const ant_schema_event *row = &events[kind];
        fprintf(out, "%s %s", row->name, ant_schema_level_name(row->level));
        for (unsigned i = 0; i < row->field_count; i++) {
            const ant_schema_field *field = &row->field[i];
            bool is_enum = field->type == ANT_FIELD_ENUM;
            fprintf(out, " %s:%s", field->name,
                    is_enum ? lists[field->list] : type_names[field->type]);
        }
        fputc('\n', out);
    }
    long len = ftell(out);
    bool is_whole = fclose(out) == 0 && len > 0 && (size_t)len < size;
    return is_whole ? (size_t)len : 0;
}
