// SPDX-License-Identifier: MIT

#include "export/reasons.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "model/why.h"

// So many sentences are made for tasks to which nothing happens: a second.
#define QUESTIONS_MAX UINT64_C(50000)

// What was said last of a task.
typedef struct said {
    uint64_t sense; // the sentence but for its numbers
    uint32_t text;
    uint32_t step; // where it was said first
    bool ages;     // its numbers have changed since
    bool is_over;  // nothing more will be said
} said;

typedef struct reasons {
    const export_job *job;
    export_texts *texts;
    ant_snapshot world;
    said *said; // of tasks
    model_waitfor graph;
    bool has_graph; // of this step; it is made when somebody asks
    FILE *file;
    bool has_any;
} reasons;

static int ask(reasons *r, uint32_t step, bool is_all);
static uint64_t sense_of(const model_reason *reason);
static void write_said(reasons *r, uint32_t task);

uint32_t export__reasons_stride(const ant_model *model, uint32_t step_count)
{
    uint64_t all = (uint64_t)model->task_count * step_count;
    return (uint32_t)(all / QUESTIONS_MAX + 1);
}

int export__reasons(const export_job *job, uint32_t step_count,
                    export_texts *texts)
{
    const ant_model *model = job->model;
    reasons r = { .job = job, .texts = texts, .file = job->out->file };
    r.said = ant_mem_alloc(model->task_count * sizeof *r.said);
    if (r.said == NULL) return -ENOMEM;
    int err = model_snapshot_init(&r.world, model);
    if (err < 0) {
        ant_mem_free(r.said);
        return err;
    }
    uint32_t stride = export__reasons_stride(model, step_count);
    fputc('[', r.file);
    for (uint32_t step = 0; step < step_count && err == 0; step++) {
        if (export_out_is_over(job->out)) break;
        bool is_stall = model_step_event(model, step) == model->stall_event;
        err = ask(&r, step, is_stall || step % stride == 0);
    }
    for (uint32_t task = 1; task < model->task_count; task++) {
        if (r.said[task].text != 0) write_said(&r, task);
    }
    fputc(']', r.file);
    model_snapshot_deinit(&r.world);
    ant_mem_free(r.said);
    return err;
}

// Writes what was said of the task until now; it is known only now whether it
// was ageing.
static void write_said(reasons *r, uint32_t task)
{
    const said *last = &r->said[task];
    fprintf(r->file, "%s%" PRIu32 ",%" PRIu32 ",%" PRIu32 ",%d",
            r->has_any ? ",\n" : "", task, last->step, last->text, last->ages);
    r->has_any = true;
}

static bool is_over(uint8_t state)
{
    return state == MODEL_TASK_DONE || state == MODEL_TASK_CANCELLED;
}

static int ask_task(reasons *r, uint32_t task, uint32_t step)
{
    said *last = &r->said[task];
    uint8_t state = r->world.tasks[task].state;
    if (last->is_over || state == MODEL_TASK_NONE) return 0;
    if (!r->has_graph) {
        int err = model_waitfor_init(&r->graph, &r->world);
        if (err < 0) return err;
        r->has_graph = true;
    }
    model_reason reason;
    model_why(&r->world, &r->graph, task, &reason);
    uint64_t sense = sense_of(&reason);
    if (last->text != 0 && last->sense == sense) {
        const char *before = export__texts_get(r->texts, last->text);
        if (strcmp(before, reason.text) != 0) last->ages = true;
        return 0;
    }
    if (last->text != 0) write_said(r, task);
    *last = (said){ .sense = sense, .step = step, .is_over = is_over(state) };
    last->text = export__texts_add(r->texts, reason.text);
    return 0;
}

// Asks for all tasks, or for those to which something happens.
static int ask(reasons *r, uint32_t step, bool is_all)
{
    const ant_model *model = r->job->model;
    uint32_t event = model_step_event(model, step);
    uint32_t subject = model_subject(model, event);
    uint32_t actor = model->task[event];
    int err = 0;
    model_snapshot_at(&r->world, event);
    r->graph = (model_waitfor){ .closed_by = MODEL_NONE };
    r->has_graph = false;
    for (uint32_t task = 1; is_all && err == 0 && task < model->task_count;
         task++) {
        err = ask_task(r, task, step);
    }
    if (err == 0 && subject != 0) err = ask_task(r, subject, step);
    if (err == 0 && actor != 0) err = ask_task(r, actor, step);
    if (r->has_graph) model_waitfor_deinit(&r->graph);
    return err;
}

// True for the unit of a number that was just left out: "8.2 ms", "12 us".
static size_t unit_len(const char *text)
{
    static const char *const units[] = { " ns", " us", " ms", " s" };
    for (size_t i = 0; i < ANT_ARRAY_LEN(units); i++) {
        size_t len = strlen(units[i]);
        bool is_it = strncmp(text, units[i], len) == 0 &&
                     !isalpha((unsigned char)text[len]);
        if (is_it) return len;
    }
    return 0;
}

static uint64_t mix(uint64_t hash, uint64_t value)
{
    return (hash ^ value) * UINT64_C(0x100000001B3);
}

// A number for all of the sentence but its numbers, and for what it names.
static uint64_t sense_of(const model_reason *reason)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (const char *at = reason->text; *at != '\0';) {
        if (!isdigit((unsigned char)*at)) {
            hash = mix(hash, (uint8_t)*at++);
            continue;
        }
        at += strspn(at, "0123456789.,");
        at += unit_len(at);
    }
    for (uint32_t i = 0; i < reason->link_count; i++) {
        const why_link *link = &reason->link[i];
        hash = mix(mix(hash, link->kind), link->row);
    }
    return hash;
}
