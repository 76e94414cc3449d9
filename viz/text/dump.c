// SPDX-License-Identifier: MIT

#include "text/dump.h"

#include <inttypes.h>
#include <string.h>

#include "base/os.h"
#include "base/table.h"
#include "text/file.h"
#include "text/json.h"
#include "text/sentence.h"
#include "trace/schema.h"

#define LANE_COLUMNS 12
#define TASK_COLUMNS 20
#define INDENT_MAX   16u

static bool is_kind(const char *name);
static bool is_wanted(const text_dump_desc *desc, const ant_event *event);
static bool concerns(const ant_event *event, uint64_t task);
static void write_head(const text_dump_desc *desc, const ant_reader *reader,
                       FILE *out);
static void write_line(const ant_reader *reader, const ant_event *event,
                       unsigned depth, FILE *out);
static unsigned follow_depth(ant_table *depths, const ant_event *event);
static void write_lost(const ant_event *event, FILE *out);

int text_dump(const text_dump_desc *desc, FILE *out, FILE *err)
{
    if (desc->kind != NULL && !is_kind(desc->kind)) {
        fprintf(err,
                "antfarm: there is no kind of event called %s; "
                "antfarm events lists them\n",
                desc->kind);
        return TEXT_BAD_INPUT;
    }
    ant_reader *reader = text_open(desc->path, err);
    if (reader == NULL) return TEXT_BAD_INPUT;

    if (!desc->is_json) write_head(desc, reader, out);
    ant_table depths = ant_table_init(sizeof(unsigned));
    ant_event event;
    for (uint64_t i = 0; ant_reader_next(reader, &event); i++) {
        if (!desc->is_json && event.lost > 0) write_lost(&event, out);
        unsigned depth = follow_depth(&depths, &event);
        if (!is_wanted(desc, &event)) continue;
        if (desc->is_json) {
            text_json_event(reader, i, &event, out);
        } else {
            write_line(reader, &event, depth, out);
        }
    }
    ant_table_deinit(&depths);
    int status = text_damage(desc->path, reader, err);
    ant_reader_close(reader);
    return status;
}

static bool is_kind(const char *name)
{
    for (unsigned i = 1; i < ANT_EV_COUNT; i++) {
        ant_event_kind kind = (ant_event_kind)i;
        if (strcmp(ant_schema_event_of(kind)->name, name) == 0) return true;
    }
    return false;
}

static bool is_wanted(const text_dump_desc *desc, const ant_event *event)
{
    double ms = (double)event->t_ns / (double)ANT_NS_PER_MS;
    if (ms < desc->from_ms) return false;
    if (desc->to_ms > 0 && ms > desc->to_ms) return false;
    if (desc->task != 0 && !concerns(event, desc->task)) return false;
    if (desc->kind == NULL) return true;
    ant_event_kind kind = (ant_event_kind)event->kind;
    return strcmp(ant_schema_event_of(kind)->name, desc->kind) == 0;
}

// An event concerns a task when it happened in it or names it.
static bool concerns(const ant_event *event, uint64_t task)
{
    if (event->task == task) return true;
    ant_event_kind kind = (ant_event_kind)event->kind;
    const ant_schema_event *row = ant_schema_event_of(kind);
    for (unsigned i = 0; i < row->field_count; i++) {
        bool is_task = row->field[i].type == ANT_FIELD_TASK;
        if (is_task && event->field[i] == task) return true;
    }
    return false;
}

static void write_head(const text_dump_desc *desc, const ant_reader *reader,
                       FILE *out)
{
    const ant_trace_info *info = ant_reader_info(reader);
    fprintf(out, "# %s: level %s, %s time%s\n", desc->path,
            ant_schema_level_name(info->level),
            info->is_virtual ? "virtual" : "real",
            info->is_closed ? "" : ", the program did not end properly");
    fprintf(out, "#   time ms  ");
    text_column(out, "lane", LANE_COLUMNS);
    fputs("  ", out);
    text_column(out, "in task", TASK_COLUMNS);
    fputs("  what happens\n", out);
}

static void write_line(const ant_reader *reader, const ant_event *event,
                       unsigned depth, FILE *out)
{
    char text[400];
    fprintf(out, "%11.3f  ", (double)event->t_ns / (double)ANT_NS_PER_MS);
    text_sentence_lane(reader, event->lane, text, sizeof text);
    text_column(out, text, LANE_COLUMNS);
    fputs("  ", out);
    // "task 3 fetch_user" without "task ".
    text_sentence_task(reader, event->task, text, sizeof text);
    text_column(out, event->task != 0 ? text + 5 : "", TASK_COLUMNS);
    text_sentence_write(reader, event, text, sizeof text);
    fprintf(out, "  %*s%s\n", (int)depth * 2, "", text);
}

// How deep inside polls the event is: what happens in a poll stands under it.
static unsigned follow_depth(ant_table *depths, const ant_event *event)
{
    unsigned *depth = ant_table_get(depths, event->lane);
    if (depth == NULL) return 0;
    bool is_begin =
        event->kind == ANT_EV_poll_begin || event->kind == ANT_EV_future_poll;
    if (event->kind == ANT_EV_poll_begin) *depth = 0;
    if (event->kind == ANT_EV_poll_end) *depth = 0;
    if (event->kind == ANT_EV_future_result && *depth > 0) --*depth;
    unsigned shown = *depth < INDENT_MAX ? *depth : INDENT_MAX;
    if (is_begin) ++*depth;
    return shown;
}

static void write_lost(const ant_event *event, FILE *out)
{
    fprintf(out, "%11.3f  # events are missing here: at least %" PRIu32 "\n",
            (double)event->t_ns / (double)ANT_NS_PER_MS, event->lost);
}
