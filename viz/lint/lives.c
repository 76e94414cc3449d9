// SPDX-License-Identifier: MIT
//
// Tasks that end as nobody meant them to, and channels that only grow.

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "lint/pass.h"

static uint8_t *read_drops(const ant_model *model);
static void tell_unpolled(lint_pass *pass, const uint8_t *drop_of);
static void tell_leaks(lint_pass *pass, const uint8_t *drop_of);
static void tell_growth(lint_pass *pass);

void lint__lives(lint_pass *pass)
{
    uint8_t *drop_of = read_drops(pass->model);
    if (drop_of == NULL) {
        pass->err = -ENOMEM;
        return;
    }
    tell_unpolled(pass, drop_of);
    tell_leaks(pass, drop_of);
    tell_growth(pass);
    ant_mem_free(drop_of);
}

// Why each task was dropped; ANT_DROP_DONE when it was not.
static uint8_t *read_drops(const ant_model *model)
{
    uint8_t *drop_of = ant_mem_alloc(model->task_count);
    for (uint32_t i = 0; drop_of != NULL && i < model->event_count; i++) {
        if (model->kind[i] != ANT_EV_task_drop) continue;
        ant_event event;
        model_event(model, i, &event);
        drop_of[model_subject(model, i)] =
            (uint8_t)ANT_EVENT_AS(task_drop, &event)->why;
    }
    return drop_of;
}

static bool is_spawned(const model_task *task)
{
    return task->spawn_event != MODEL_NONE &&
           (task->kind == ANT_TASK_ASYNC || task->kind == ANT_TASK_LOCAL);
}

static void tell_unpolled(lint_pass *pass, const uint8_t *drop_of)
{
    const ant_model *model = pass->model;
    for (uint32_t task = 1; task < model->task_count; task++) {
        const model_task *row = &model->tasks[task];
        bool is_dropped = drop_of[task] == ANT_DROP_SHUTDOWN ||
                          drop_of[task] == ANT_DROP_UNPOLLED;
        if (!is_spawned(row) || row->poll_count > 0 || row->is_aborted)
            continue;
        if (!is_dropped) continue;
        const lint_finding found = { .event = row->spawn_event,
                                     .task = task,
                                     .amount = 1 };
        lint__tell(pass, LINT_UNPOLLED, &found,
                   "%s was spawned%s and dropped before its first poll",
                   lint__task(pass, task),
                   lint__site(pass, row->parent, row->spawn_event));
    }
}

// --- Leaks -------------------------------------------------------------------

// It has run, nobody holds its handle, nobody asked it to stop, and it was
// still there when the runtime went.
static bool is_leaked(const model_task *task, uint8_t drop)
{
    return is_spawned(task) && task->poll_count > 0 && task->is_detached &&
           !task->is_aborted && drop == ANT_DROP_SHUTDOWN;
}

static bool is_same_site(const model_task *a, const model_task *b)
{
    return a->line == b->line && strcmp(a->file, b->file) == 0;
}

// One finding for each place that spawns such tasks: its first one.
static void tell_leaks(lint_pass *pass, const uint8_t *drop_of)
{
    const ant_model *model = pass->model;
    uint32_t first[LINT_FINDING_MAX];
    uint32_t count[LINT_FINDING_MAX];
    uint32_t sites = 0;
    for (uint32_t task = 1; task < model->task_count; task++) {
        const model_task *row = &model->tasks[task];
        if (!is_leaked(row, drop_of[task])) continue;
        uint32_t i = 0;
        while (i < sites && !is_same_site(&model->tasks[first[i]], row))
            i++;
        if (i == LINT_FINDING_MAX) continue;
        if (i == sites) {
            first[i] = task;
            count[i] = 0;
            sites++;
        }
        count[i]++;
    }
    for (uint32_t i = 0; i < sites; i++) {
        const model_task *row = &model->tasks[first[i]];
        const lint_finding found = { .event = row->spawn_event,
                                     .task = first[i],
                                     .amount = count[i] };
        const char *slash = strrchr(row->file, '/');
        lint__tell(pass, LINT_TASK_LEAK, &found,
                   "%u task%s spawned at %s:%u, such as %s, ran on until the "
                   "runtime ended: detached, and nobody could stop %s",
                   count[i], count[i] == 1 ? "" : "s",
                   slash != NULL ? slash + 1 : row->file, row->line,
                   lint__task(pass, first[i]), count[i] == 1 ? "it" : "them");
    }
}

// --- Channels ----------------------------------------------------------------

static void tell_growth(lint_pass *pass)
{
    const ant_model *model = pass->model;
    for (uint32_t i = 0; i < model->event_count && !lint__is_stopped(pass, i);
         i++) {
        if (model->kind[i] != ANT_EV_chan_send) continue;
        uint32_t res = model_event_res(model, i);
        const model_res *row = &model->res[res];
        if (row->kind != ANT_RES_MPSC || row->capacity != 0) continue;
        ant_event event;
        model_event(model, i, &event);
        uint64_t len = ANT_EVENT_AS(chan_send, &event)->len;
        if (!lint__is_over(pass, LINT_QUEUE_GROWTH, (double)len)) continue;
        char label[96];
        model_res_label(model, res, label, sizeof label);
        const lint_finding found = { .event = i,
                                     .res = res,
                                     .amount = (double)len };
        lint__tell(pass, LINT_QUEUE_GROWTH, &found,
                   "%llu values stand in %s, which has no bound; %s sent last",
                   (unsigned long long)len, label,
                   lint__task(pass, model->task[i]));
    }
}
