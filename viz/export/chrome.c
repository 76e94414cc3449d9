// SPDX-License-Identifier: MIT
//
// Chrome's JSON: an array of events that speedscope, Perfetto and Tracy read.
// Lanes are threads of process 1 with complete slices ("X": speedscope takes
// no others that nest so well), wakes are flows between them, tasks are
// nestable async tracks ("b", "e") of process 2, queues are counters.

#include <inttypes.h>

#include "base/os.h"
#include "export/formats.h"
#include "export/walk.h"
#include "text/json.h"
#include "text/sentence.h"
#include "trace/schema.h"

enum { LANES = 1, TASKS };

typedef struct chrome {
    const export_job *job;
    FILE *file;
} chrome;

static void write_names(const chrome *c);
static void write_process(const chrome *c, int pid, const char *name);
static void on_begin(void *arg, const walk_slice *slice);
static void on_instant(void *arg, uint32_t event);
static void on_queue(void *arg, uint32_t lane, uint32_t event, uint32_t len);
static void on_task(void *arg, uint32_t task, uint32_t event);
static void on_state(void *arg, uint32_t task, const model_span *span);
static void on_state_end(void *arg, uint32_t task, const model_span *span);
static void on_task_end(void *arg, uint32_t task, uint32_t event);

int export__chrome(export_job *job)
{
    chrome c = { .job = job, .file = job->out->file };
    const walk_sink sink = {
        .begin = on_begin,
        .instant = on_instant,
        .queue = on_queue,
        .task = on_task,
        .state = on_state,
        .state_end = on_state_end,
        .task_end = on_task_end,
        .arg = &c,
    };
    fputs("{\"displayTimeUnit\":\"ns\",\"otherData\":{\"axis\":", c.file);
    text_json_string(job->is_by_step ? "a step of the run is 1 us" : "time",
                     c.file);
    fputs("},\n\"traceEvents\":[\n", c.file);
    write_names(&c);
    int err = export__walk(job, &sink);
    // Every event before this one ended with a comma.
    write_process(&c, TASKS, "tasks");
    fputs("\n]}\n", c.file);
    return err;
}

static void write_process(const chrome *c, int pid, const char *name)
{
    fprintf(c->file,
            "{\"ph\":\"M\",\"pid\":%d,\"tid\":0,\"name\":\"process_name\","
            "\"args\":{\"name\":",
            pid);
    text_json_string(name, c->file);
    fputs("}}", c->file);
}

static void write_names(const chrome *c)
{
    const ant_model *model = c->job->model;
    write_process(c, LANES, "workers");
    fputs(",\n", c->file);
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        fprintf(c->file,
                "{\"ph\":\"M\",\"pid\":%d,\"tid\":%" PRIu32
                ",\"name\":\"thread_name\",\"args\":{\"name\":",
                LANES, lane);
        text_json_string(model->lanes[lane].name, c->file);
        fputs("}},\n", c->file);
    }
}

// "ph", "ts", "pid" and "tid" of what happens at event `i`; more may follow.
static void write_head(const chrome *c, char ph, int pid, uint32_t tid,
                       uint32_t i)
{
    uint64_t ns = export__ns(c->job, i);
    fprintf(c->file,
            "{\"ph\":\"%c\",\"ts\":" EXPORT_US ",\"pid\":%d,\"tid\":%" PRIu32,
            ph, EXPORT_US_OF(ns), pid, tid);
}

static void write_name(const chrome *c, const char *category, const char *name)
{
    fprintf(c->file, ",\"cat\":\"%s\",\"name\":", category);
    text_json_string(name, c->file);
}

// The fields of the event, and the sentence.
static void write_args(const chrome *c, uint32_t i)
{
    char text[400];
    ant_event event;
    const ant_reader *reader = c->job->model->reader;
    model_event(c->job->model, i, &event);
    text_sentence_write(reader, &event, text, sizeof text);
    fputs(",\"args\":{\"sentence\":", c->file);
    text_json_string(text, c->file);
    fprintf(c->file, ",\"event\":%" PRIu32, i);
    if (event.count > 0) fputc(',', c->file);
    text_json_fields(reader, &event, c->file);
    fputs("}},\n", c->file);
}

// An arrow from the wake to the poll. Viewers bind it to the slices there.
static void write_flow(const chrome *c, uint32_t wake, uint32_t poll)
{
    const ant_model *model = c->job->model;
    write_head(c, 's', LANES, model->lane[wake], wake);
    write_name(c, "wake", "wake");
    fprintf(c->file, ",\"id\":%" PRIu32 "},\n", wake);
    write_head(c, 'f', LANES, model->lane[poll], poll);
    write_name(c, "wake", "wake");
    fprintf(c->file, ",\"id\":%" PRIu32 ",\"bp\":\"e\"},\n", wake);
}

static void on_begin(void *arg, const walk_slice *slice)
{
    const chrome *c = arg;
    uint64_t ns =
        export__ns(c->job, slice->to) - export__ns(c->job, slice->from);
    write_head(c, 'X', LANES, slice->lane, slice->from);
    fprintf(c->file, ",\"dur\":" EXPORT_US, EXPORT_US_OF(ns));
    // No "args": speedscope would take them for a part of the name and see no
    // two slices that are the same.
    write_name(c, export__walk_kind_name(slice->kind), slice->name);
    fputs("},\n", c->file);
    if (slice->flow_in != MODEL_NONE) {
        write_flow(c, slice->flow_in, slice->from);
    }
}

static void on_instant(void *arg, uint32_t event)
{
    const chrome *c = arg;
    const ant_model *model = c->job->model;
    ant_event_kind kind = (ant_event_kind)model->kind[event];
    write_head(c, 'i', LANES, model->lane[event], event);
    fputs(",\"s\":\"t\"", c->file);
    write_name(c, "event", ant_schema_event_of(kind)->name);
    write_args(c, event);
}

static void on_queue(void *arg, uint32_t lane, uint32_t event, uint32_t len)
{
    const chrome *c = arg;
    char name[WALK_NAME_MAX];
    export__queue_name(c->job->model, lane, name, sizeof name);
    write_head(c, 'C', LANES, lane, event);
    write_name(c, "queue", name);
    fprintf(c->file, ",\"args\":{\"tasks\":%" PRIu32 "}},\n", len);
}

// A half of a nestable slice on the track of a task.
static void write_async(const chrome *c, char ph, uint32_t task, uint32_t event,
                        const char *name)
{
    write_head(c, ph, TASKS, task, event);
    write_name(c, "task", name);
    fprintf(c->file, ",\"id\":%" PRIu32 "},\n", c->job->model->tasks[task].id);
}

// A half of the slice of a whole life.
static void write_life(const chrome *c, char ph, uint32_t task, uint32_t event)
{
    char name[WALK_NAME_MAX];
    model_task_label(c->job->model, task, name, sizeof name);
    write_async(c, ph, task, event, name);
}

static void on_task(void *arg, uint32_t task, uint32_t event)
{
    write_life(arg, 'b', task, event);
}

static void on_state(void *arg, uint32_t task, const model_span *span)
{
    const char *name = model_task_state_name((model_task_state)span->state);
    write_async(arg, 'b', task, span->from, name);
}

static void on_state_end(void *arg, uint32_t task, const model_span *span)
{
    const char *name = model_task_state_name((model_task_state)span->state);
    write_async(arg, 'e', task, span->to, name);
}

static void on_task_end(void *arg, uint32_t task, uint32_t event)
{
    write_life(arg, 'e', task, event);
}
