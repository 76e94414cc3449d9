// SPDX-License-Identifier: MIT
//
// Perfetto's own format: a stream of TracePackets (protobuf) with TrackEvents.
// Each lane is a thread, each task a track of its own, each queue a counter,
// and a wake is the source of a flow that ends in the poll. The fields that we
// use are those of perfetto.proto beside this file.

#include <inttypes.h>
#include <string.h>

#include "export/formats.h"
#include "export/proto.h"
#include "export/walk.h"
#include "text/sentence.h"
#include "trace/schema.h"

// Fields, by message.
enum {
    TRACE_PACKET = 1,
    PACKET_TIMESTAMP = 8,
    PACKET_SEQUENCE = 10,
    PACKET_TRACK_EVENT = 11,
    PACKET_TRACK_DESCRIPTOR = 60,
    TRACK_UUID = 1,
    TRACK_NAME = 2,
    TRACK_PROCESS = 3,
    TRACK_THREAD = 4,
    TRACK_PARENT = 5,
    TRACK_COUNTER = 8,
    PROCESS_PID = 1,
    PROCESS_NAME = 6,
    THREAD_PID = 1,
    THREAD_TID = 2,
    THREAD_NAME = 5,
    EVENT_ANNOTATION = 4,
    EVENT_TYPE = 9,
    EVENT_TRACK = 11,
    EVENT_CATEGORY = 22,
    EVENT_NAME = 23,
    EVENT_COUNTER = 30,
    EVENT_FLOW = 47,
    EVENT_FLOW_END = 48,
    ANNOTATION_UINT = 3,
    ANNOTATION_STRING = 6,
    ANNOTATION_NAME = 10,
};

typedef enum event_type {
    TYPE_BEGIN = 1,
    TYPE_END,
    TYPE_INSTANT,
    TYPE_COUNTER
} event_type;

// Tracks get numbers by what they stand for: the kind, then the row.
typedef enum track_kind {
    TRACK_OF_PROCESS,
    TRACK_OF_LANE,
    TRACK_OF_TASKS,
    TRACK_OF_TASK,
    TRACK_OF_QUEUE,
} track_kind;

#define SEQUENCE 1
#define PID      1

typedef struct perfetto {
    const export_job *job;
    export_bytes bytes; // of the packet
    size_t packet;      // where its messages were opened
    size_t event;
    int err;
} perfetto;

static void write_tracks(perfetto *p);
static void on_begin(void *arg, const walk_slice *slice);
static void on_end(void *arg, walk_kind kind, uint32_t event);
static void on_instant(void *arg, uint32_t event);
static void on_task(void *arg, uint32_t task, uint32_t event);
static void on_state(void *arg, uint32_t task, const model_span *span);
static void on_state_end(void *arg, uint32_t task, const model_span *span);
static void on_task_end(void *arg, uint32_t task, uint32_t event);
static void on_queue(void *arg, uint32_t lane, uint32_t event, uint32_t len);

int export__perfetto(export_job *job)
{
    perfetto p = { .job = job };
    const walk_sink sink = {
        .begin = on_begin,
        .end = on_end,
        .instant = on_instant,
        .task = on_task,
        .state = on_state,
        .state_end = on_state_end,
        .task_end = on_task_end,
        .queue = on_queue,
        .arg = &p,
    };
    write_tracks(&p);
    int err = export__walk(job, &sink);
    export__bytes_free(&p.bytes);
    return err < 0 ? err : p.err;
}

static uint64_t uuid(track_kind kind, uint32_t row)
{
    return ((uint64_t)(kind + 1) << 32) | row;
}

// --- Packets -----------------------------------------------------------------

static void open_packet(perfetto *p)
{
    p->packet = export__proto_open(&p->bytes, TRACE_PACKET);
    export__proto_number(&p->bytes, PACKET_SEQUENCE, SEQUENCE);
}

static void close_packet(perfetto *p)
{
    export__proto_close(&p->bytes, p->packet);
    int err = export__bytes_write(&p->bytes, p->job->out->file);
    if (p->err == 0) p->err = err;
}

static void open_event(perfetto *p, event_type type, uint64_t track,
                       uint32_t event)
{
    open_packet(p);
    export__proto_number(&p->bytes, PACKET_TIMESTAMP,
                         export__ns(p->job, event));
    p->event = export__proto_open(&p->bytes, PACKET_TRACK_EVENT);
    export__proto_number(&p->bytes, EVENT_TYPE, type);
    export__proto_number(&p->bytes, EVENT_TRACK, track);
}

static void add_name(perfetto *p, const char *category, const char *name)
{
    export__proto_text(&p->bytes, EVENT_CATEGORY, category);
    export__proto_text(&p->bytes, EVENT_NAME, name);
}

// The sentence, and the number of the event for other commands.
static void add_notes(perfetto *p, uint32_t i)
{
    char text[400];
    ant_event event;
    model_event(p->job->model, i, &event);
    text_sentence_write(p->job->model->reader, &event, text, sizeof text);
    size_t note = export__proto_open(&p->bytes, EVENT_ANNOTATION);
    export__proto_text(&p->bytes, ANNOTATION_NAME, "sentence");
    export__proto_text(&p->bytes, ANNOTATION_STRING, text);
    export__proto_close(&p->bytes, note);
    note = export__proto_open(&p->bytes, EVENT_ANNOTATION);
    export__proto_text(&p->bytes, ANNOTATION_NAME, "event");
    export__proto_number(&p->bytes, ANNOTATION_UINT, i);
    export__proto_close(&p->bytes, note);
}

static void close_event(perfetto *p)
{
    export__proto_close(&p->bytes, p->event);
    close_packet(p);
}

// --- Tracks ------------------------------------------------------------------

static size_t open_track(perfetto *p, uint64_t id, const char *name)
{
    open_packet(p);
    size_t track = export__proto_open(&p->bytes, PACKET_TRACK_DESCRIPTOR);
    export__proto_number(&p->bytes, TRACK_UUID, id);
    export__proto_text(&p->bytes, TRACK_NAME, name);
    return track;
}

static void close_track(perfetto *p, size_t track)
{
    export__proto_close(&p->bytes, track);
    close_packet(p);
}

static void write_process(perfetto *p)
{
    size_t track = open_track(p, uuid(TRACK_OF_PROCESS, 0), "workers");
    size_t process = export__proto_open(&p->bytes, TRACK_PROCESS);
    export__proto_number(&p->bytes, PROCESS_PID, PID);
    export__proto_text(&p->bytes, PROCESS_NAME, p->job->model->path);
    export__proto_close(&p->bytes, process);
    close_track(p, track);
}

static void write_lane(perfetto *p, uint32_t lane)
{
    const char *name =
        lane == 0 ? "elsewhere" : p->job->model->lanes[lane].name;
    size_t track = open_track(p, uuid(TRACK_OF_LANE, lane), name);
    size_t thread = export__proto_open(&p->bytes, TRACK_THREAD);
    export__proto_number(&p->bytes, THREAD_PID, PID);
    export__proto_number(&p->bytes, THREAD_TID, lane + 1);
    export__proto_text(&p->bytes, THREAD_NAME, name);
    export__proto_close(&p->bytes, thread);
    close_track(p, track);
}

static void write_queue(perfetto *p, uint32_t lane)
{
    char name[WALK_NAME_MAX];
    export__queue_name(p->job->model, lane, name, sizeof name);
    size_t track = open_track(p, uuid(TRACK_OF_QUEUE, lane), name);
    export__proto_number(&p->bytes, TRACK_PARENT, uuid(TRACK_OF_PROCESS, 0));
    size_t counter = export__proto_open(&p->bytes, TRACK_COUNTER);
    export__proto_close(&p->bytes, counter);
    close_track(p, track);
}

static void write_tracks(perfetto *p)
{
    write_process(p);
    for (uint32_t lane = 0; lane < p->job->model->lane_count; lane++) {
        write_lane(p, lane);
        write_queue(p, lane);
    }
    close_track(p, open_track(p, uuid(TRACK_OF_TASKS, 0), "tasks"));
}

// --- Events ------------------------------------------------------------------

static void on_begin(void *arg, const walk_slice *slice)
{
    perfetto *p = arg;
    open_event(p, TYPE_BEGIN, uuid(TRACK_OF_LANE, slice->lane), slice->from);
    add_name(p, export__walk_kind_name(slice->kind), slice->name);
    add_notes(p, slice->from);
    // A flow has the number of the wake's event, plus one: 0 is none.
    if (slice->is_flow_source) {
        export__proto_fixed64(&p->bytes, EVENT_FLOW, slice->from + UINT64_C(1));
    }
    if (slice->flow_in != MODEL_NONE) {
        export__proto_fixed64(&p->bytes, EVENT_FLOW_END,
                              slice->flow_in + UINT64_C(1));
    }
    close_event(p);
}

static void on_end(void *arg, walk_kind kind, uint32_t event)
{
    perfetto *p = arg;
    (void)kind;
    uint32_t lane = p->job->model->lane[event];
    open_event(p, TYPE_END, uuid(TRACK_OF_LANE, lane), event);
    close_event(p);
}

static void on_instant(void *arg, uint32_t event)
{
    perfetto *p = arg;
    const ant_model *model = p->job->model;
    ant_event_kind kind = (ant_event_kind)model->kind[event];
    open_event(p, TYPE_INSTANT, uuid(TRACK_OF_LANE, model->lane[event]), event);
    add_name(p, "event", ant_schema_event_of(kind)->name);
    add_notes(p, event);
    close_event(p);
}

static void on_task(void *arg, uint32_t task, uint32_t event)
{
    perfetto *p = arg;
    char name[WALK_NAME_MAX];
    model_task_label(p->job->model, task, name, sizeof name);
    size_t track = open_track(p, uuid(TRACK_OF_TASK, task), name);
    export__proto_number(&p->bytes, TRACK_PARENT, uuid(TRACK_OF_TASKS, 0));
    close_track(p, track);
    open_event(p, TYPE_BEGIN, uuid(TRACK_OF_TASK, task), event);
    add_name(p, "task", name);
    close_event(p);
}

static void on_state(void *arg, uint32_t task, const model_span *span)
{
    perfetto *p = arg;
    open_event(p, TYPE_BEGIN, uuid(TRACK_OF_TASK, task), span->from);
    add_name(p, "state", model_task_state_name((model_task_state)span->state));
    close_event(p);
}

static void on_state_end(void *arg, uint32_t task, const model_span *span)
{
    on_task_end(arg, task, span->to);
}

static void on_task_end(void *arg, uint32_t task, uint32_t event)
{
    perfetto *p = arg;
    open_event(p, TYPE_END, uuid(TRACK_OF_TASK, task), event);
    close_event(p);
}

static void on_queue(void *arg, uint32_t lane, uint32_t event, uint32_t len)
{
    perfetto *p = arg;
    open_event(p, TYPE_COUNTER, uuid(TRACK_OF_QUEUE, lane), event);
    export__proto_number(&p->bytes, EVENT_COUNTER, len);
    close_event(p);
}
