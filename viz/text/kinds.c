// SPDX-License-Identifier: MIT

#include "text/kinds.h"

#include "text/file.h"
#include "trace/schema.h"

static void write_fields(const ant_schema_event *row, const char *mark,
                         FILE *out);

void text_kinds(FILE *out)
{
    for (unsigned i = 1; i < ANT_EV_COUNT; i++) {
        const ant_schema_event *row = ant_schema_event_of((ant_event_kind)i);
        text_column(out, row->name, 14);
        fprintf(out, " %-6s %s\n%22s", ant_schema_level_name(row->level),
                row->meaning, "");
        write_fields(row, "", out);
        fputc('\n', out);
    }
}

void text_kinds_markdown(FILE *out)
{
    fputs("| no. | event | level | what happens | fields |\n"
          "|---:|---|---|---|---|\n",
          out);
    for (unsigned i = 1; i < ANT_EV_COUNT; i++) {
        const ant_schema_event *row = ant_schema_event_of((ant_event_kind)i);
        fprintf(out, "| %u | `%s` | %s | %s | ", i, row->name,
                ant_schema_level_name(row->level), row->meaning);
        write_fields(row, "`", out);
        fputs(" |\n", out);
    }
    fputs("\n| list | values, from 0 |\n|---|---|\n", out);
    for (unsigned i = 0; i < ANT_ENUM_COUNT; i++) {
        ant_trace_enum list = (ant_trace_enum)i;
        fprintf(out, "| %s |", ant_schema_enum_name(list));
        for (unsigned v = 0; v < ant_schema_enum_count(list); v++) {
            fprintf(out, " %s", ant_schema_value_name(list, v));
        }
        fputs(" |\n", out);
    }
}

// "`task` task, `result` RESULT".
static void write_fields(const ant_schema_event *row, const char *mark,
                         FILE *out)
{
    for (unsigned i = 0; i < row->field_count; i++) {
        const ant_schema_field *field = &row->field[i];
        const char *type =
            field->type == ANT_FIELD_ENUM
                ? ant_schema_enum_name((ant_trace_enum)field->list)
                : ant_schema_field_type_name(field->type);
        fprintf(out, "%s%s%s%s %s", i > 0 ? ", " : "", mark, field->name, mark,
                type);
    }
}
