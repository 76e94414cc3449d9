// SPDX-License-Identifier: MIT
//
// Futures that were treated as they must not be. The runtime stops a program
// that polls a future after its end; of a copy it cannot know, but the copy has
// the number of the first one and lives where that one does not.

#include <string.h>

#include "lint/pass.h"

static void tell_crash(lint_pass *pass, uint32_t i);
static void tell_copy(lint_pass *pass, uint32_t i);

void lint__futures(lint_pass *pass)
{
    for (uint32_t i = 0;
         i < pass->model->event_count && !lint__is_stopped(pass, i); i++) {
        if (pass->model->kind[i] == ANT_EV_crash) tell_crash(pass, i);
        if (pass->model->kind[i] == ANT_EV_future_poll) tell_copy(pass, i);
    }
}

static void tell_crash(lint_pass *pass, uint32_t i)
{
    ant_event event;
    model_event(pass->model, i, &event);
    const ant_ev_crash *ev = ANT_EVENT_AS(crash, &event);
    const char *text = ant_reader_string(pass->model->reader, ev->text);
    bool is_known = strstr(text, "polled after it was ready") != NULL ||
                    strstr(text, "was ready or dropped before") != NULL;
    if (!is_known) return;
    const lint_finding found = { .event = i,
                                 .task = model_subject(pass->model, i),
                                 .amount = 1 };
    lint__tell(pass, LINT_POLL_AFTER_READY, &found, "%s: %s",
               lint__task(pass, found.task), text);
}

static void tell_copy(lint_pass *pass, uint32_t i)
{
    const ant_model *model = pass->model;
    uint32_t row = model_event_future(model, i);
    const model_future *future = &model->futures[row];
    bool is_elsewhere =
        future->start_event < i && model->task[i] != future->task;
    bool is_over = future->end_event != MODEL_NONE && future->end_event < i;
    if (row == 0 || future->task == 0 || (!is_elsewhere && !is_over)) return;
    // With events missing nobody can be blamed.
    if (model->loss_count > 0) return;
    const lint_finding found = { .event = i,
                                 .task = model->task[i],
                                 .amount = 1 };
    lint__tell(pass, LINT_MOVED, &found,
               "`%s` began in %s; what %s polls%s is a copy of it",
               future->name, lint__task(pass, future->task),
               lint__task(pass, model->task[i]),
               lint__site(pass, model->task[i], i));
}
