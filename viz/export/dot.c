// SPDX-License-Identifier: MIT
//
// The wait-for graph of one moment (model/waitfor.h) for Graphviz: tasks are
// boxes with their state, resources are ellipses, joins and selects are
// diamonds that say whether they need all or any of what follows. Where any is
// enough the arrows are dashed. What can never go on is red, and bold where it
// is the cause.

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "export/formats.h"
#include "model/waitfor.h"

typedef struct dot {
    const ant_model *model;
    FILE *file;
    ant_snapshot world;
    model_waitfor graph;
} dot;

static void write_graph(const dot *d);
static void write_node(const dot *d, uint32_t i);
static void write_edges(const dot *d, const waitfor_node *node);
static void write_text(const char *text, FILE *file);

int export__dot(export_job *job)
{
    dot d = { .model = job->model, .file = job->out->file };
    int err = model_snapshot_init(&d.world, job->model);
    if (err < 0) return err;
    model_snapshot_at(&d.world, job->event);
    err = model_waitfor_init(&d.graph, &d.world);
    if (err == 0) {
        write_graph(&d);
        model_waitfor_deinit(&d.graph);
    }
    model_snapshot_deinit(&d.world);
    return err;
}

static void write_graph(const dot *d)
{
    fprintf(d->file,
            "digraph waits {\n"
            "    label=\"event %" PRIu32 ", %.3f ms\";\n"
            "    node [fontname=\"sans-serif\"];\n"
            "    edge [fontname=\"sans-serif\"];\n",
            d->world.event, (double)d->world.t_ns / 1e6);
    for (uint32_t i = 1; i < d->graph.node_count; i++) {
        write_node(d, i);
        write_edges(d, &d->graph.nodes[i]);
    }
    fputs("}\n", d->file);
}

static const char *shape_of(const waitfor_node *node)
{
    switch ((waitfor_kind)node->kind) {
    case WAITFOR_TASK:
        return "box";
    case WAITFOR_GROUP:
        return "diamond";
    case WAITFOR_RES:
        return "ellipse";
    case WAITFOR_NONE:
    case WAITFOR_TIMER:
    case WAITFOR_WAKE:
    case WAITFOR_WORKERS:
        break;
    }
    return "plaintext";
}

static void label_group(const dot *d, const waitfor_node *node, char *buf,
                        size_t size)
{
    const char *name = d->model->futures[node->row].name;
    bool is_named = node->row != 0 && name[0] != '\0';
    snprintf(buf, size, "%s of%s%s", node->is_any ? "any" : "all",
             is_named ? " " : "", is_named ? name : "");
}

static void label_node(const dot *d, const waitfor_node *node, char *buf,
                       size_t size)
{
    switch ((waitfor_kind)node->kind) {
    case WAITFOR_TASK:
        model_task_label(d->model, node->row, buf, size);
        break;
    case WAITFOR_GROUP:
        label_group(d, node, buf, size);
        break;
    case WAITFOR_RES:
        model_res_label(d->model, node->row, buf, size);
        break;
    case WAITFOR_TIMER:
        model_wait_label(d->model, node->row, buf, size);
        break;
    case WAITFOR_WORKERS:
        snprintf(buf, size, "every worker");
        break;
    case WAITFOR_NONE:
    case WAITFOR_WAKE:
        snprintf(buf, size, "a wake: nothing says from whom");
        break;
    }
}

static const char *look(bool is_stuck, bool is_core)
{
    if (!is_stuck) return "";
    return is_core ? ", color=\"#c03000\", penwidth=3" : ", color=\"#c03000\"";
}

static void write_node(const dot *d, uint32_t i)
{
    const waitfor_node *node = &d->graph.nodes[i];
    char label[160];
    label_node(d, node, label, sizeof label);
    fprintf(d->file, "    n%" PRIu32 " [shape=%s, label=\"", i, shape_of(node));
    write_text(label, d->file);
    if (node->kind == WAITFOR_TASK) {
        uint8_t state = d->world.tasks[node->row].state;
        fprintf(d->file, "\\n%s",
                model_task_state_name((model_task_state)state));
    }
    fprintf(d->file, "\"%s];\n", look(node->is_stuck, node->is_core));
}

static const char *label_of(const dot *d, const waitfor_edge *edge)
{
    if (edge->half != 0 && d->graph.nodes[edge->from].is_end) return "ended by";
    if (edge->half != 0)
        return d->model->halves[edge->half].is_tx ? "filled by" : "emptied by";
    if (edge->hold != 0) return "held by";
    return edge->wait != 0 ? "waits for" : "";
}

static void write_edges(const dot *d, const waitfor_node *node)
{
    bool is_choice = node->is_any && node->edges.count > 1;
    for (uint32_t i = 0; i < node->edges.count; i++) {
        const waitfor_edge *edge = &d->graph.edges[node->edges.first + i];
        const waitfor_node *to = &d->graph.nodes[edge->to];
        bool is_core = node->is_core && to->is_core;
        fprintf(
            d->file, "    n%" PRIu32 " -> n%" PRIu32 " [label=\"%s\"%s%s];\n",
            edge->from, edge->to, label_of(d, edge),
            is_choice ? ", style=dashed" : "", look(edge->is_stuck, is_core));
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
