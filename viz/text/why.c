// SPDX-License-Identifier: MIT

#include "text/why.h"

#include <inttypes.h>

#include "base/os.h"
#include "model/why.h"
#include "text/file.h"
#include "text/json.h"

typedef struct why_page {
    const text_why_desc *desc;
    ant_model *model;
    ant_snapshot world;
    model_waitfor graph;
    FILE *out;
    uint64_t count; // tasks told about
} why_page;

static int open_page(why_page *page, FILE *err);
static void close_page(why_page *page);
static uint32_t find_event(const why_page *page);
static uint64_t now_of(const why_page *page);
static int write_tasks(why_page *page, FILE *err);
static void write_task(why_page *page, uint32_t task);

int text_why(const text_why_desc *desc, FILE *out, FILE *err)
{
    why_page page = { .desc = desc, .out = out };
    int status = open_page(&page, err);
    if (status == TEXT_FINE) status = write_tasks(&page, err);
    close_page(&page);
    return status;
}

static int open_page(why_page *page, FILE *err)
{
    ant_reader_error error = { 0 };
    if (model_open(page->desc->path, &page->model, &error) < 0) {
        text_problem(page->desc->path, &error, err);
        return TEXT_BAD_INPUT;
    }
    int failed = model_snapshot_init(&page->world, page->model);
    if (failed == 0) {
        model_snapshot_at(&page->world, find_event(page));
        page->world.t_ns = now_of(page);
        failed = model_waitfor_init(&page->graph, &page->world);
    }
    if (failed == 0) return TEXT_FINE;
    fputs("antfarm: out of memory\n", err);
    return TEXT_BAD_INPUT;
}

static void close_page(why_page *page)
{
    model_waitfor_deinit(&page->graph);
    model_snapshot_deinit(&page->world);
    model_close(page->model);
}

static uint32_t find_event(const why_page *page)
{
    const ant_model *model = page->model;
    uint64_t step = page->desc->step;
    if (page->desc->at_ms >= 0) {
        double ns = page->desc->at_ms * (double)ANT_NS_PER_MS;
        return model_event_before(model, (uint64_t)ns);
    }
    if (step == 0 || model->step_count == 0) return model->stall_event;
    if (step > model->step_count) step = model->step_count;
    return model_step_event(model, (uint32_t)step - 1);
}

// The moment that was asked for, which may lie behind the event.
static uint64_t now_of(const why_page *page)
{
    uint64_t t_ns = page->world.t_ns;
    if (!(page->desc->at_ms >= 0)) return t_ns;
    uint64_t at_ns = (uint64_t)(page->desc->at_ms * (double)ANT_NS_PER_MS);
    if (at_ns > page->model->t_end_ns) at_ns = page->model->t_end_ns;
    return at_ns > t_ns ? at_ns : t_ns;
}

static int write_tasks(why_page *page, FILE *err)
{
    const ant_model *model = page->model;
    const text_why_desc *desc = page->desc;
    uint32_t only = desc->task == NULL ? 0 : model_task_find(model, desc->task);
    if (desc->task != NULL && only == 0) {
        fprintf(err, "antfarm: %s: no task `%s` in this trace\n", desc->path,
                desc->task);
        return TEXT_BAD_INPUT;
    }
    if (!desc->is_json) {
        fprintf(page->out, "%s at %.3f ms, step %" PRIu32 " of %" PRIu32 "\n",
                desc->path, (double)page->world.t_ns / (double)ANT_NS_PER_MS,
                model->event_count > 0
                    ? model_step_of(model, page->world.event) + 1
                    : 0,
                model->step_count);
    }
    for (uint32_t task = 1; task < model->task_count; task++) {
        uint8_t state = page->world.tasks[task].state;
        bool is_alive = state != MODEL_TASK_NONE && state < MODEL_TASK_DONE;
        bool is_told = only == 0 ? desc->is_all || is_alive : task == only;
        if (is_told) write_task(page, task);
    }
    if (page->count == 0 && !desc->is_json)
        fputs("  no task is alive; see --all\n", page->out);
    return TEXT_FINE;
}

static void write_links(const why_page *page, const model_reason *reason)
{
    static const char *const kind[] = {
        [WHY_TASK] = "task",   [WHY_RES] = "resource", [WHY_LANE] = "lane",
        [WHY_EVENT] = "event", [WHY_LINE] = "line",
    };
    fputs(",\"links\":[", page->out);
    for (uint32_t i = 0; i < reason->link_count; i++) {
        const why_link *link = &reason->link[i];
        fprintf(page->out,
                "%s{\"kind\":\"%s\",\"row\":%" PRIu32
                ",\"begin\":%u,\"end\":%u",
                i > 0 ? "," : "", kind[link->kind], link->row, link->begin,
                link->end);
        if (link->kind == WHY_LINE) {
            fputs(",\"file\":", page->out);
            text_json_string(link->file, page->out);
            fprintf(page->out, ",\"line\":%" PRIu32, link->line);
        }
        fputc('}', page->out);
    }
    fputc(']', page->out);
}

static void write_task(why_page *page, uint32_t task)
{
    model_reason reason;
    char label[128];
    const ant_model *model = page->model;
    model_why(&page->world, &page->graph, task, &reason);
    page->count++;
    if (!page->desc->is_json) {
        model_task_label(model, task, label, sizeof label);
        fprintf(page->out, "  %s %s\n", label, reason.text);
        return;
    }
    fprintf(page->out,
            "{\"task\":%" PRIu32 ",\"name\":", model->tasks[task].id);
    text_json_string(model->tasks[task].name, page->out);
    fputs(",\"text\":", page->out);
    text_json_string(reason.text, page->out);
    if (reason.event != MODEL_NONE)
        fprintf(page->out, ",\"event\":%" PRIu32, reason.event);
    write_links(page, &reason);
    fputs("}\n", page->out);
}
