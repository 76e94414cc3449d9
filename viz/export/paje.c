// SPDX-License-Identifier: MIT
//
// Paje, the text format of ViTE and pajeng: containers (lanes and tasks) with
// states, and links between them. A link is a wake and the poll that it led to;
// a wake that led to none has no link, for a link has to end. Lines stand in
// the order of time.

#include <errno.h>
#include <inttypes.h>

#include "base/mem.h"
#include "export/formats.h"
#include "export/walk.h"
#include "view/view.h"

// Numbers of the lines that may follow; the head defines them.
enum {
    DEFINE_CONTAINER,
    DEFINE_STATE,
    DEFINE_LINK,
    DEFINE_VALUE,
    CREATE,
    DESTROY,
    SET_STATE,
    PUSH_STATE,
    POP_STATE,
    START_LINK,
    END_LINK,
};

static const char head[] =
    "%EventDef PajeDefineContainerType 0\n"
    "% Alias string\n% Type string\n% Name string\n"
    "%EndEventDef\n"
    "%EventDef PajeDefineStateType 1\n"
    "% Alias string\n% Type string\n% Name string\n"
    "%EndEventDef\n"
    "%EventDef PajeDefineLinkType 2\n"
    "% Alias string\n% Type string\n% StartContainerType string\n"
    "% EndContainerType string\n% Name string\n"
    "%EndEventDef\n"
    "%EventDef PajeDefineEntityValue 3\n"
    "% Alias string\n% Type string\n% Name string\n% Color color\n"
    "%EndEventDef\n"
    "%EventDef PajeCreateContainer 4\n"
    "% Time date\n% Alias string\n% Type string\n% Container string\n"
    "% Name string\n"
    "%EndEventDef\n"
    "%EventDef PajeDestroyContainer 5\n"
    "% Time date\n% Type string\n% Name string\n"
    "%EndEventDef\n"
    "%EventDef PajeSetState 6\n"
    "% Time date\n% Type string\n% Container string\n% Value string\n"
    "%EndEventDef\n"
    "%EventDef PajePushState 7\n"
    "% Time date\n% Type string\n% Container string\n% Value string\n"
    "%EndEventDef\n"
    "%EventDef PajePopState 8\n"
    "% Time date\n% Type string\n% Container string\n"
    "%EndEventDef\n"
    "%EventDef PajeStartLink 9\n"
    "% Time date\n% Type string\n% Container string\n% Value string\n"
    "% StartContainer string\n% Key string\n"
    "%EndEventDef\n"
    "%EventDef PajeEndLink 10\n"
    "% Time date\n% Type string\n% Container string\n% Value string\n"
    "% EndContainer string\n% Key string\n"
    "%EndEventDef\n"
    "0 P 0 Program\n"
    "0 L P Lane\n"
    "0 T P Task\n"
    "1 SL L \"Lane state\"\n"
    "1 ST T \"Task state\"\n"
    "2 W P L T Wake\n";

typedef struct paje {
    const export_job *job;
    FILE *file;
    uint32_t *depth; // of lanes: states pushed and not popped
} paje;

static void write_values(const paje *p);
static void write_lanes(const paje *p);
static void write_end(const paje *p);
static void on_begin(void *arg, const walk_slice *slice);
static void on_end(void *arg, walk_kind kind, uint32_t event);
static void on_task(void *arg, uint32_t task, uint32_t event);
static void on_state(void *arg, uint32_t task, const model_span *span);
static void on_state_end(void *arg, uint32_t task, const model_span *span);
static void on_task_end(void *arg, uint32_t task, uint32_t event);

int export__paje(export_job *job)
{
    paje p = { .job = job, .file = job->out->file };
    p.depth = ant_mem_alloc(job->model->lane_count * sizeof *p.depth);
    if (p.depth == NULL) return -ENOMEM;
    const walk_sink sink = {
        .begin = on_begin,
        .end = on_end,
        .task = on_task,
        .state = on_state,
        .state_end = on_state_end,
        .task_end = on_task_end,
        .arg = &p,
    };
    fputs(head, p.file);
    write_values(&p);
    write_lanes(&p);
    int err = export__walk(job, &sink);
    write_end(&p);
    ant_mem_free(p.depth);
    return err;
}

// Quoted; a quote cannot stand in a string of this format.
static void write_string(const char *text, FILE *file)
{
    fputc('"', file);
    for (; *text != '\0'; text++) {
        fputc(*text == '"' ? '\'' : *text, file);
    }
    fputc('"', file);
}

static void write_value(const paje *p, const char *prefix, unsigned id,
                        const char *type, const char *name, draw_color color)
{
    fprintf(p->file, "%d %s%u %s ", DEFINE_VALUE, prefix, id, type);
    write_string(name, p->file);
    fprintf(p->file, " \"%.3f %.3f %.3f\"\n", ((color >> 16) & 255) / 255.0,
            ((color >> 8) & 255) / 255.0, (color & 255) / 255.0);
}

static void write_values(const paje *p)
{
    const draw_palette *look = draw_palette_of(DRAW_THEME_LIGHT);
    static const draw_color lane_color[WALK_KIND_COUNT] = {
        [WALK_BLOCK] = 0xFFE69F00,
        [WALK_PARK] = 0xFFD9DDE1,
        [WALK_SEARCH] = 0xFF7FC8F8,
    };
    for (unsigned i = 0; i < WALK_KIND_COUNT; i++) {
        if (i == WALK_FUTURE || i == WALK_WAKE) continue;
        write_value(p, "l", i, "SL", export__walk_kind_name((walk_kind)i),
                    i == WALK_POLL ? look->state[DRAW_STATE_POLLING].color
                                   : lane_color[i]);
    }
    for (unsigned i = 1; i < MODEL_TASK_STATE_COUNT; i++) {
        model_task_state state = (model_task_state)i;
        write_value(p, "t", i, "ST", model_task_state_name(state),
                    look->state[view_task_look(state)].color);
    }
}

// Seconds of the axis with nine decimals, after the number of the line.
static void write_line(const paje *p, int number, uint32_t event)
{
    uint64_t ns = export__ns(p->job, event);
    fprintf(p->file, "%d %" PRIu64 ".%09" PRIu64 " ", number,
            ns / UINT64_C(1000000000), ns % UINT64_C(1000000000));
}

static void write_lanes(const paje *p)
{
    const ant_model *model = p->job->model;
    write_line(p, CREATE, 0);
    fputs("p P 0 program\n", p->file);
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        write_line(p, CREATE, 0);
        fprintf(p->file, "lane%" PRIu32 " L p ", lane);
        write_string(model->lanes[lane].name, p->file);
        fputc('\n', p->file);
    }
}

static void write_end(const paje *p)
{
    const ant_model *model = p->job->model;
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        for (; p->depth[lane] > 0; p->depth[lane]--) {
            write_line(p, POP_STATE, model->event_count);
            fprintf(p->file, "SL lane%" PRIu32 "\n", lane);
        }
        write_line(p, DESTROY, model->event_count);
        fprintf(p->file, "L lane%" PRIu32 "\n", lane);
    }
    write_line(p, DESTROY, model->event_count);
    fputs("P p\n", p->file);
}

static bool is_shown(walk_kind kind, uint32_t lane)
{
    return lane != 0 && kind != WALK_FUTURE && kind != WALK_WAKE;
}

static void write_link(const paje *p, int number, uint32_t event, uint32_t wake,
                       const char *container, uint32_t row)
{
    write_line(p, number, event);
    fprintf(p->file, "W p wake %s%" PRIu32 " wake%" PRIu32 "\n", container, row,
            wake);
}

static void on_begin(void *arg, const walk_slice *slice)
{
    paje *p = arg;
    const ant_model *model = p->job->model;
    if (slice->is_flow_source && slice->lane != 0) {
        write_link(p, START_LINK, slice->from, slice->from, "lane",
                   slice->lane);
    }
    if (!is_shown(slice->kind, slice->lane)) return;
    p->depth[slice->lane]++;
    write_line(p, PUSH_STATE, slice->from);
    fprintf(p->file, "SL lane%" PRIu32 " l%u\n", slice->lane, slice->kind);
    uint32_t wake = slice->flow_in;
    if (wake != MODEL_NONE && model->lane[wake] != 0) {
        write_link(p, END_LINK, slice->from, wake, "task",
                   model_subject(model, slice->from));
    }
}

// A damaged trace may end what never began.
static void on_end(void *arg, walk_kind kind, uint32_t event)
{
    paje *p = arg;
    uint32_t lane = p->job->model->lane[event];
    if (!is_shown(kind, lane) || p->depth[lane] == 0) return;
    p->depth[lane]--;
    write_line(p, POP_STATE, event);
    fprintf(p->file, "SL lane%" PRIu32 "\n", lane);
}

static void on_task(void *arg, uint32_t task, uint32_t event)
{
    const paje *p = arg;
    char name[WALK_NAME_MAX];
    model_task_label(p->job->model, task, name, sizeof name);
    write_line(p, CREATE, event);
    fprintf(p->file, "task%" PRIu32 " T p ", task);
    write_string(name, p->file);
    fputc('\n', p->file);
}

static void on_state(void *arg, uint32_t task, const model_span *span)
{
    const paje *p = arg;
    write_line(p, SET_STATE, span->from);
    fprintf(p->file, "ST task%" PRIu32 " t%u\n", task, span->state);
}

// A state ends when the next one is set.
static void on_state_end(void *arg, uint32_t task, const model_span *span)
{
    (void)arg;
    (void)task;
    (void)span;
}

static void on_task_end(void *arg, uint32_t task, uint32_t event)
{
    const paje *p = arg;
    write_line(p, DESTROY, event);
    fprintf(p->file, "T task%" PRIu32 "\n", task);
}
