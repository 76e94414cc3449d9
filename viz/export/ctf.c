// SPDX-License-Identifier: MIT
//
// The Common Trace Format 1.8: a folder with a description (`metadata`, in
// TSDL, made from the table of events) and a file of packets for each lane.
// Babeltrace and Trace Compass read it. Every packet is whole and says how long
// it is, what was lost before it, and from when to when it goes.

#include <inttypes.h>

#include "base/os.h"
#include "export/bytes.h"
#include "export/formats.h"
#include "trace/schema.h"

#define MAGIC        0xC1FC1FC1u
#define PACKET_BYTES ((size_t)64 * 1024) // about; an event is never split

// The head of a packet, which is written when the packet is full.
typedef struct ctf_packet {
    uint64_t begin_ns;
    uint64_t end_ns;
    uint64_t lost; // on this lane, since the beginning
    uint32_t lane;
    uint32_t event_count;
    export_bytes body;
} ctf_packet;

static void write_metadata(const export_job *job, FILE *file);
static void write_event_type(ant_event_kind kind, FILE *file);
static int write_lane(const export_job *job, uint32_t lane);
static void add_event(const export_job *job, ctf_packet *packet, uint32_t i);
static int write_packet(ctf_packet *packet, FILE *file);

int export__ctf(export_job *job)
{
    int err = export_out_next(job->out, "metadata");
    if (err < 0) return err;
    write_metadata(job, job->out->file);
    for (uint32_t lane = 0; err == 0 && lane < job->model->lane_count; lane++) {
        if (export_out_is_over(job->out)) break;
        err = write_lane(job, lane);
    }
    return err;
}

// --- The description ---------------------------------------------------------

static const char metadata_head[] =
    "/* CTF 1.8 */\n"
    "typealias integer { size = 8; align = 8; signed = false; } := uint8_t;\n"
    "typealias integer { size = 32; align = 8; signed = false; } := uint32_t;\n"
    "typealias integer { size = 64; align = 8; signed = false; } := uint64_t;\n"
    "typealias integer { size = 64; align = 8; signed = true; } := int64_t;\n"
    "trace {\n"
    "    major = 1;\n"
    "    minor = 8;\n"
    "    byte_order = le;\n"
    "    packet.header := struct { uint32_t magic; uint32_t stream_id; };\n"
    "};\n"
    "env { domain = \"antfarm\"; tracer_name = \"antfarm\"; };\n";

static const char metadata_stream[] =
    "typealias integer { size = 64; align = 8; signed = false;\n"
    "    map = clock.antfarm.value; } := moment_t;\n"
    "stream {\n"
    "    id = 0;\n"
    "    packet.context := struct {\n"
    "        moment_t timestamp_begin;\n"
    "        moment_t timestamp_end;\n"
    "        uint64_t content_size;\n"
    "        uint64_t packet_size;\n"
    "        uint64_t events_discarded;\n"
    "        uint32_t lane;\n"
    "    };\n"
    "    event.header := struct { uint8_t id; moment_t timestamp; };\n"
    "    event.context := struct { uint32_t i; uint32_t in_task; };\n"
    "};\n";

static void write_metadata(const export_job *job, FILE *file)
{
    const ant_trace_info *info = job->model->info;
    fputs(metadata_head, file);
    fprintf(file,
            "clock {\n"
            "    name = antfarm;\n"
            "    freq = 1000000000;\n"
            "    offset_s = %" PRIu64 ";\n"
            "    offset = %" PRIu64 ";\n"
            "};\n",
            info->wall_ns / ANT_NS_PER_S, info->wall_ns % ANT_NS_PER_S);
    fputs(metadata_stream, file);
    for (unsigned kind = 1; kind < ANT_EV_COUNT; kind++) {
        write_event_type((ant_event_kind)kind, file);
    }
}

static void write_enum(ant_trace_enum list, FILE *file)
{
    fputs("enum : uint8_t {", file);
    for (unsigned i = 0; i < ant_schema_enum_count(list); i++) {
        fprintf(file, "%s \"%s\" = %u", i > 0 ? "," : "",
                ant_schema_value_name(list, i), i);
    }
    fputs(" }", file);
}

// Names get an underscore, which readers take away again: so none can be a
// word of the language.
static void write_event_type(ant_event_kind kind, FILE *file)
{
    const ant_schema_event *row = ant_schema_event_of(kind);
    if (row->level == ANT_LEVEL_NAMES) return;
    fprintf(file,
            "event {\n"
            "    name = \"%s\";\n"
            "    id = %u;\n"
            "    stream_id = 0;\n"
            "    fields := struct {\n",
            row->name, (unsigned)kind);
    for (unsigned f = 0; f < row->field_count; f++) {
        const ant_schema_field *field = &row->field[f];
        fputs("        ", file);
        if (field->type == ANT_FIELD_ENUM) {
            write_enum((ant_trace_enum)field->list, file);
        } else if (field->type == ANT_FIELD_STR ||
                   field->type == ANT_FIELD_TYPE) {
            fputs("string", file);
        } else {
            fputs(field->type == ANT_FIELD_INT ? "int64_t" : "uint64_t", file);
        }
        fprintf(file, " _%s;\n", field->name);
    }
    fputs("    };\n};\n", file);
}

// --- The events --------------------------------------------------------------

// Events on lane 0 are those of which the trace does not say where they
// happened; no list of them is kept.
static uint32_t next_on_lane(const ant_model *model, uint32_t lane,
                             uint32_t *at)
{
    if (lane != 0) {
        model_range range = model->lanes[lane].events;
        return *at < range.count ? model->events_of_lane[range.first + (*at)++]
                                 : MODEL_NONE;
    }
    while (*at < model->event_count && model->lane[*at] != 0)
        ++*at;
    return *at < model->event_count ? (*at)++ : MODEL_NONE;
}

static int write_lane(const export_job *job, uint32_t lane)
{
    const ant_model *model = job->model;
    ctf_packet packet = { .lane = lane };
    uint32_t at = 0;
    int err = 0;
    uint32_t i = next_on_lane(model, lane, &at);
    if (i == MODEL_NONE) return 0;
    char name[32];
    snprintf(name, sizeof name, "lane_%" PRIu32, lane);
    err = export_out_next(job->out, name);
    for (; err == 0 && i != MODEL_NONE; i = next_on_lane(model, lane, &at)) {
        if (packet.body.len >= PACKET_BYTES) {
            err = write_packet(&packet, job->out->file);
        }
        add_event(job, &packet, i);
        if (export_out_is_over(job->out)) break;
    }
    if (err == 0) err = write_packet(&packet, job->out->file);
    export__bytes_free(&packet.body);
    return err;
}

static uint64_t lost_before(const ant_model *model, uint32_t i)
{
    for (uint32_t k = 0; k < model->loss_count; k++) {
        if (model->losses[k].event == i) return model->losses[k].count;
    }
    return 0;
}

static void add_field(const export_job *job, export_bytes *body,
                      const ant_schema_field *field, uint64_t value)
{
    const ant_reader *reader = job->model->reader;
    if (field->type == ANT_FIELD_ENUM) {
        export__bytes_le(body, value, 1);
    } else if (field->type == ANT_FIELD_STR) {
        export__bytes_text(body, ant_reader_string(reader, value));
    } else if (field->type == ANT_FIELD_TYPE) {
        export__bytes_text(body, ant_reader_type(reader, value)->name);
    } else {
        export__bytes_le(body, value, 8);
    }
}

static void add_event(const export_job *job, ctf_packet *packet, uint32_t i)
{
    ant_event event;
    model_event(job->model, i, &event);
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)event.kind);
    uint64_t now_ns = export__ns(job, i);
    if (packet->event_count++ == 0) packet->begin_ns = now_ns;
    packet->end_ns = now_ns;
    packet->lost += lost_before(job->model, i);
    export__bytes_le(&packet->body, event.kind, 1);
    export__bytes_le(&packet->body, now_ns, 8);
    export__bytes_le(&packet->body, i, 4);
    export__bytes_le(&packet->body, event.task, 4);
    for (unsigned f = 0; f < row->field_count; f++) {
        add_field(job, &packet->body, &row->field[f], event.field[f]);
    }
}

static int write_packet(ctf_packet *packet, FILE *file)
{
    enum { HEAD_BYTES = 4 + 4 + 5 * 8 + 4 };
    export_bytes head = { 0 };
    uint64_t bits = (HEAD_BYTES + packet->body.len) * 8;
    export__bytes_le(&head, MAGIC, 4);
    export__bytes_le(&head, 0, 4);
    export__bytes_le(&head, packet->begin_ns, 8);
    export__bytes_le(&head, packet->end_ns, 8);
    export__bytes_le(&head, bits, 8);
    export__bytes_le(&head, bits, 8);
    export__bytes_le(&head, packet->lost, 8);
    export__bytes_le(&head, packet->lane, 4);
    int err = export__bytes_write(&head, file);
    if (err == 0) err = export__bytes_write(&packet->body, file);
    export__bytes_free(&head);
    packet->event_count = 0;
    return err;
}
