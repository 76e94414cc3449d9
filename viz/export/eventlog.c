// SPDX-License-Identifier: MIT
//
// The eventlog of the Glasgow Haskell Compiler, for ThreadScope: another
// work-stealing runtime with green threads, so that its viewer fits. Lane n
// is capability n - 1, a task is a thread, a poll is a run; steals, notes and
// stalls are messages. All numbers are big endian. The events of one lane in a
// row form a block, whose head says how long it is.

#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/os.h"
#include "export/bytes.h"
#include "export/formats.h"
#include "text/sentence.h"

#define BLOCK_BYTES ((size_t)64 * 1024)
#define VARIABLE    0xFFFFu // as a size: the event says its own
#define DATA_END    0xFFFFu
#define CAPSET      0u

// Numbers of GHC's events (rts/EventLogFormat.h).
typedef enum ghc_event {
    GHC_CREATE_THREAD = 0,
    GHC_RUN_THREAD = 1,
    GHC_STOP_THREAD = 2,
    GHC_MIGRATE_THREAD = 4,
    GHC_THREAD_WAKEUP = 8,
    GHC_BLOCK_MARKER = 18,
    GHC_USER_MSG = 19,
    GHC_CAPSET_CREATE = 25,
    GHC_CAPSET_ASSIGN_CAP = 27,
    GHC_RTS_IDENTIFIER = 29,
    GHC_PROGRAM_ARGS = 30,
    GHC_WALL_CLOCK_TIME = 43,
    GHC_THREAD_LABEL = 44,
    GHC_CAP_CREATE = 45,
} ghc_event;

typedef struct ghc_type {
    ghc_event id;
    unsigned size;
    const char *meaning;
} ghc_type;

static const ghc_type types[] = {
    { GHC_CREATE_THREAD, 4, "Create thread" },
    { GHC_RUN_THREAD, 4, "Run thread" },
    { GHC_STOP_THREAD, 10, "Stop thread" },
    { GHC_MIGRATE_THREAD, 6, "Migrate thread" },
    { GHC_THREAD_WAKEUP, 6, "Wakeup thread" },
    { GHC_BLOCK_MARKER, 14, "Block marker" },
    { GHC_USER_MSG, VARIABLE, "User message" },
    { GHC_CAPSET_CREATE, 6, "Create capability set" },
    { GHC_CAPSET_ASSIGN_CAP, 6, "Add capability to capability set" },
    { GHC_RTS_IDENTIFIER, VARIABLE, "RTS name and version" },
    { GHC_PROGRAM_ARGS, VARIABLE, "Program arguments" },
    { GHC_WALL_CLOCK_TIME, 16, "Wall clock time" },
    { GHC_THREAD_LABEL, VARIABLE, "Thread label" },
    { GHC_CAP_CREATE, 2, "Create capability" },
};

// Why a thread stopped.
enum {
    STOP_YIELDING = 3,
    STOP_BLOCKED = 4,
    STOP_FINISHED = 5,
    STOP_ON_LOCK = 7,  // GHC: on an MVar
    STOP_ON_IO = 10,   // on a read
    STOP_ON_TIMER = 12 // on a delay
};

typedef struct eventlog {
    const export_job *job;
    export_bytes block; // of `lane`
    uint32_t lane;
    uint64_t begin_ns;
    uint64_t end_ns;
} eventlog;

static void write_header(export_bytes *bytes);
static void write_start(const export_job *job, export_bytes *bytes);
static int add_event(eventlog *log, uint32_t i);
static int flush(eventlog *log);

int export__eventlog(export_job *job)
{
    eventlog log = { .job = job };
    export_bytes head = { 0 };
    write_header(&head);
    write_start(job, &head);
    int err = export__bytes_write(&head, job->out->file);
    for (uint32_t i = 0; err == 0 && i < job->model->event_count; i++) {
        if (export_out_is_over(job->out)) break;
        err = add_event(&log, i);
    }
    if (err == 0) err = flush(&log);
    export__bytes_be(&head, DATA_END, 2);
    if (err == 0) err = export__bytes_write(&head, job->out->file);
    export__bytes_free(&head);
    export__bytes_free(&log.block);
    return err;
}

static void add_tag(export_bytes *bytes, const char tag[4])
{
    export__bytes_add(bytes, tag, 4);
}

static void write_header(export_bytes *bytes)
{
    add_tag(bytes, "hdrb");
    add_tag(bytes, "hetb");
    for (unsigned i = 0; i < ANT_ARRAY_LEN(types); i++) {
        size_t len = strlen(types[i].meaning);
        add_tag(bytes, "etb\0");
        export__bytes_be(bytes, types[i].id, 2);
        export__bytes_be(bytes, types[i].size, 2);
        export__bytes_be(bytes, len, 4);
        export__bytes_add(bytes, types[i].meaning, len);
        export__bytes_be(bytes, 0, 4); // nothing more about it
        add_tag(bytes, "ete\0");
    }
    add_tag(bytes, "hete");
    add_tag(bytes, "hdre");
    add_tag(bytes, "datb");
}

// The number of the event and its time.
static void begin(export_bytes *bytes, ghc_event event, uint64_t now_ns)
{
    export__bytes_be(bytes, event, 2);
    export__bytes_be(bytes, now_ns, 8);
}

// An event whose fields are an id and a text.
static void add_text(export_bytes *bytes, ghc_event event, uint64_t now_ns,
                     uint32_t id, const char *text)
{
    size_t len = strlen(text);
    begin(bytes, event, now_ns);
    export__bytes_be(bytes, 4 + len, 2);
    export__bytes_be(bytes, id, 4);
    export__bytes_add(bytes, text, len);
}

static uint32_t cap_of(uint32_t lane)
{
    return lane > 0 ? lane - 1 : 0;
}

// What stands outside of blocks: the capabilities, and whose trace it is.
static void write_start(const export_job *job, export_bytes *bytes)
{
    const ant_model *model = job->model;
    begin(bytes, GHC_CAPSET_CREATE, 0);
    export__bytes_be(bytes, CAPSET, 4);
    export__bytes_be(bytes, 2, 2); // a process
    add_text(bytes, GHC_RTS_IDENTIFIER, 0, CAPSET, "antfarm");
    add_text(bytes, GHC_PROGRAM_ARGS, 0, CAPSET, model->path);
    begin(bytes, GHC_WALL_CLOCK_TIME, 0);
    export__bytes_be(bytes, CAPSET, 4);
    export__bytes_be(bytes, model->info->wall_ns / ANT_NS_PER_S, 8);
    export__bytes_be(bytes, model->info->wall_ns % ANT_NS_PER_S, 4);
    uint32_t lanes = model->lane_count > 1 ? model->lane_count : 2;
    for (uint32_t lane = 1; lane < lanes; lane++) {
        begin(bytes, GHC_CAP_CREATE, 0);
        export__bytes_be(bytes, cap_of(lane), 2);
        begin(bytes, GHC_CAPSET_ASSIGN_CAP, 0);
        export__bytes_be(bytes, CAPSET, 4);
        export__bytes_be(bytes, cap_of(lane), 2);
    }
}

// --- Events ------------------------------------------------------------------

static int flush(eventlog *log)
{
    enum { MARKER_BYTES = 2 + 8 + 14 };
    if (log->block.len == 0) return 0;
    export_bytes marker = { 0 };
    begin(&marker, GHC_BLOCK_MARKER, log->begin_ns);
    export__bytes_be(&marker, MARKER_BYTES + log->block.len, 4);
    export__bytes_be(&marker, log->end_ns, 8);
    export__bytes_be(&marker, cap_of(log->lane), 2);
    int err = export__bytes_write(&marker, log->job->out->file);
    if (err == 0) err = export__bytes_write(&log->block, log->job->out->file);
    export__bytes_free(&marker);
    return err;
}

static unsigned stop_status(const ant_model *model, uint32_t task, uint32_t i)
{
    model_track track = model_track_of(model, MODEL_TRACK_TASK, task);
    const model_span *span = model_span_at(&track, i);
    if (span == NULL) return STOP_FINISHED;
    switch ((model_task_state)span->state) {
    case MODEL_TASK_WAIT_LOCK:
        return STOP_ON_LOCK;
    case MODEL_TASK_WAIT_IO:
        return STOP_ON_IO;
    case MODEL_TASK_WAIT_TIMER:
        return STOP_ON_TIMER;
    case MODEL_TASK_NEW:
    case MODEL_TASK_READY:
        return STOP_YIELDING;
    case MODEL_TASK_WAIT_TASK:
    case MODEL_TASK_WAIT_CHANNEL:
    case MODEL_TASK_WAIT_OTHER:
        return STOP_BLOCKED;
    case MODEL_TASK_NONE:
    case MODEL_TASK_POLLING:
    case MODEL_TASK_BLOCKING:
    case MODEL_TASK_DONE:
    case MODEL_TASK_CANCELLED:
    case MODEL_TASK_STATE_COUNT:
        break;
    }
    return STOP_FINISHED;
}

static void add_stop(eventlog *log, uint32_t i, uint64_t now_ns, uint32_t task)
{
    ant_event event;
    model_event(log->job->model, i, &event);
    bool is_over = ANT_EVENT_AS(poll_end, &event)->result != ANT_RESULT_PENDING;
    unsigned status =
        is_over ? STOP_FINISHED : stop_status(log->job->model, task, i);
    begin(&log->block, GHC_STOP_THREAD, now_ns);
    export__bytes_be(&log->block, log->job->model->tasks[task].id, 4);
    export__bytes_be(&log->block, status, 2);
    export__bytes_be(&log->block, 0, 4); // blocked on no black hole
}

static void add_message(eventlog *log, uint32_t i, uint64_t now_ns)
{
    char text[400];
    ant_event event;
    model_event(log->job->model, i, &event);
    text_sentence_write(log->job->model->reader, &event, text, sizeof text);
    begin(&log->block, GHC_USER_MSG, now_ns);
    export__bytes_be(&log->block, strlen(text), 2);
    export__bytes_add(&log->block, text, strlen(text));
}

// An event about a thread, which may go to a capability.
static void add_thread(eventlog *log, ghc_event event, uint64_t now_ns,
                       uint32_t task)
{
    begin(&log->block, event, now_ns);
    export__bytes_be(&log->block, log->job->model->tasks[task].id, 4);
}

static void add_known(eventlog *log, uint32_t i, uint64_t now_ns)
{
    const ant_model *model = log->job->model;
    uint32_t task = model_subject(model, i);
    switch (model->kind[i]) {
    case ANT_EV_task_spawn:
        add_thread(log, GHC_CREATE_THREAD, now_ns, task);
        add_text(&log->block, GHC_THREAD_LABEL, now_ns, model->tasks[task].id,
                 model->tasks[task].name);
        break;
    case ANT_EV_poll_begin:
        add_thread(log, GHC_RUN_THREAD, now_ns, task);
        break;
    case ANT_EV_poll_end:
        add_stop(log, i, now_ns, task);
        break;
    case ANT_EV_wake:
        add_thread(log, GHC_THREAD_WAKEUP, now_ns, task);
        export__bytes_be(&log->block, cap_of(log->lane), 2);
        break;
    case ANT_EV_steal_task:
        add_thread(log, GHC_MIGRATE_THREAD, now_ns, task);
        export__bytes_be(&log->block, cap_of(log->lane), 2);
        break;
    case ANT_EV_steal:
    case ANT_EV_note:
    case ANT_EV_stall:
    case ANT_EV_stall_edge:
        add_message(log, i, now_ns);
        break;
    default:
        break;
    }
}

static int add_event(eventlog *log, uint32_t i)
{
    uint32_t lane = log->job->model->lane[i];
    uint64_t now_ns = export__ns(log->job, i);
    bool is_full = log->block.len >= BLOCK_BYTES;
    if (lane != log->lane || is_full) {
        int err = flush(log);
        if (err < 0) return err;
        log->lane = lane;
    }
    if (log->block.len == 0) log->begin_ns = now_ns;
    log->end_ns = now_ns;
    add_known(log, i, now_ns);
    return 0;
}
