// SPDX-License-Identifier: MIT
//
// Who waits for whom at one moment, for Graphviz: tasks are boxes with their
// state, resources are ellipses, an arrow leads from who waits to what it waits
// for, and from there to who holds it. A task with several arrows goes on when
// any of them gives way; those are dashed. A deadlock is red and bold.

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "base/mem.h"
#include "export/formats.h"
#include "model/why.h"

#define WAITS_MAX 32 // of one task are drawn

typedef struct dot {
    const ant_model *model;
    FILE *file;
    ant_snapshot world;
    model_waitfor graph;
    bool *is_shown; // tasks that have a part in it
} dot;

static void find_tasks(dot *d);
static void write_task(const dot *d, uint32_t task);
static void write_waits(const dot *d, uint32_t task);
static void write_holds(const dot *d, uint32_t res);
static void write_text(const char *text, FILE *file);

int export__dot(export_job *job)
{
    const ant_model *model = job->model;
    dot d = { .model = model, .file = job->out->file };
    d.is_shown = ant_mem_alloc(model->task_count * sizeof *d.is_shown);
    if (d.is_shown == NULL) return -ENOMEM;
    int err = model_snapshot_init(&d.world, model);
    if (err < 0) {
        ant_mem_free(d.is_shown);
        return err;
    }
    model_snapshot_at(&d.world, job->event);
    err = model_waitfor_init(&d.graph, &d.world);
    if (err < 0) {
        model_snapshot_deinit(&d.world);
        ant_mem_free(d.is_shown);
        return err;
    }
    find_tasks(&d);
    fprintf(d.file,
            "digraph waits {\n"
            "    label=\"event %" PRIu32 ", %.3f ms\";\n"
            "    node [fontname=\"sans-serif\"];\n"
            "    edge [fontname=\"sans-serif\"];\n",
            d.world.event, (double)d.world.t_ns / 1e6);
    for (uint32_t task = 1; task < model->task_count; task++) {
        if (!d.is_shown[task]) continue;
        write_task(&d, task);
        write_waits(&d, task);
    }
    for (uint32_t res = 1; res < model->res_count; res++) {
        if (d.world.res[res].waits.len > 0) write_holds(&d, res);
    }
    fputs("}\n", d.file);
    model_waitfor_deinit(&d.graph);
    model_snapshot_deinit(&d.world);
    ant_mem_free(d.is_shown);
    return 0;
}

// Those who wait, and those whom they wait for.
static void find_tasks(dot *d)
{
    uint32_t waits[WAITS_MAX];
    for (uint32_t task = 1; task < d->model->task_count; task++) {
        uint32_t n = model_snapshot_waits(&d->world, task, waits, WAITS_MAX);
        if (n > WAITS_MAX) n = WAITS_MAX;
        if (n > 0) d->is_shown[task] = true;
        for (uint32_t i = 0; i < n; i++) {
            d->is_shown[model_wait_holder(&d->world, waits[i])] = true;
        }
    }
}

// True when `task` is part of a deadlock, and by `wait` (0: by anything).
static bool is_deadlocked(const dot *d, uint32_t task, uint32_t wait)
{
    const waitfor_node *nodes = d->graph.nodes;
    bool is_core = nodes[model_waitfor_task(&d->graph, task)].is_core;
    if (!is_core || wait == 0) return is_core;
    for (uint32_t i = 0; i < d->graph.edge_count; i++) {
        const waitfor_edge *edge = &d->graph.edges[i];
        if (edge->wait == wait)
            return edge->is_stuck && nodes[edge->to].is_core;
    }
    return false;
}

static const char *look(bool is_deadlocked)
{
    return is_deadlocked ? ", color=\"#c03000\", penwidth=3" : "";
}

static void write_task(const dot *d, uint32_t task)
{
    char label[128];
    model_task_label(d->model, task, label, sizeof label);
    fprintf(d->file, "    task%" PRIu32 " [shape=box, label=\"", task);
    write_text(label, d->file);
    fprintf(d->file, "\\n%s\"%s];\n",
            model_task_state_name((model_task_state)d->world.tasks[task].state),
            look(is_deadlocked(d, task, 0)));
}

// The name of the node that a wait leads to.
static void name_target(const model_wait *row, uint32_t wait, char *buf,
                        size_t size)
{
    if (row->kind == MODEL_WAIT_JOIN) {
        snprintf(buf, size, "task%" PRIu32, row->on);
    } else if (row->res != 0) {
        snprintf(buf, size, "res%" PRIu32, row->res);
    } else {
        snprintf(buf, size, "wait%" PRIu32, wait);
    }
}

static void write_waits(const dot *d, uint32_t task)
{
    uint32_t waits[WAITS_MAX];
    uint32_t n = model_snapshot_waits(&d->world, task, waits, WAITS_MAX);
    if (n > WAITS_MAX) n = WAITS_MAX;
    for (uint32_t i = 0; i < n; i++) {
        const model_wait *row = &d->model->waits[waits[i]];
        char target[32];
        name_target(row, waits[i], target, sizeof target);
        if (row->kind != MODEL_WAIT_JOIN && row->res == 0) {
            char label[128];
            model_wait_label(d->model, waits[i], label, sizeof label);
            fprintf(d->file, "    %s [shape=plaintext, label=\"", target);
            write_text(label, d->file);
            fputs("\"];\n", d->file);
        }
        fprintf(d->file, "    task%" PRIu32 " -> %s [label=\"%s\"%s%s];\n",
                task, target,
                row->kind == MODEL_WAIT_JOIN ? "joins" : "waits for",
                n > 1 ? ", style=dashed" : "",
                look(is_deadlocked(d, task, waits[i])));
    }
}

static void write_holds(const dot *d, uint32_t res)
{
    char label[128];
    model_res_label(d->model, res, label, sizeof label);
    fprintf(d->file, "    res%" PRIu32 " [shape=ellipse, label=\"", res);
    write_text(label, d->file);
    fputs("\"];\n", d->file);
    const model_now_res *now = &d->world.res[res];
    for (uint32_t row = now->holds.first; row != 0;
         row = d->world.holds[row].of_res.next) {
        uint32_t task = d->model->holds[row].task;
        if (task == 0) continue;
        bool is_stuck = is_deadlocked(d, task, 0);
        fprintf(d->file,
                "    res%" PRIu32 " -> task%" PRIu32
                " [label=\"held by\"%s];\n",
                res, task, look(is_stuck));
    }
}

// The inside of a quoted string.
static void write_text(const char *text, FILE *file)
{
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') fputc('\\', file);
        fputc(*text, file);
    }
}
