// SPDX-License-Identifier: MIT
//
// Many are woken at once, one gets what all want, and the others go back to
// wait.

#include "lint/pass.h"

// The wakes through one resource in one poll.
typedef struct herd {
    uint32_t first; // event
    uint32_t task;  // that woke them
    uint32_t lane;
    uint32_t res;
    uint32_t count;
    uint32_t back; // who wait for it again after their next poll
} herd;

static bool goes_back(const ant_model *model, uint32_t wake, uint32_t res);
static void tell_herd(lint_pass *pass, const herd *it);

void lint__herds(lint_pass *pass)
{
    const ant_model *model = pass->model;
    herd now = { 0 };
    for (uint32_t i = 0; i < model->event_count && !lint__is_stopped(pass, i);
         i++) {
        if (model->kind[i] == ANT_EV_poll_end && model->lane[i] == now.lane) {
            tell_herd(pass, &now);
            now = (herd){ 0 };
        }
        if (model->kind[i] != ANT_EV_wake) continue;
        model_waker waker;
        model_waker_of(model, i, &waker);
        if (waker.res == 0) continue;
        bool is_same = now.count > 0 && waker.res == now.res &&
                       model->task[i] == now.task && waker.lane == now.lane;
        if (!is_same) {
            tell_herd(pass, &now);
            now = (herd){ .first = i,
                          .task = model->task[i],
                          .lane = waker.lane,
                          .res = waker.res };
        }
        now.count++;
        if (goes_back(model, i, waker.res)) now.back++;
    }
    tell_herd(pass, &now);
}

// The task that is woken here waits for the same thing again when it was
// polled.
static bool goes_back(const ant_model *model, uint32_t wake, uint32_t res)
{
    uint32_t task = model_subject(model, wake);
    uint32_t poll = model_poll_of_wake(model, wake);
    if (poll == MODEL_NONE) return false;
    uint32_t end = model_link_of(model, poll);
    model_range range = model->tasks[task].events;
    uint32_t i = model_next_in(model->events_of_task, range, poll);
    for (; i != MODEL_NONE && i < end;
         i = model_next_in(model->events_of_task, range, i)) {
        bool is_wait = model->kind[i] == ANT_EV_wait_begin &&
                       model_subject(model, i) == task;
        if (is_wait && model_event_res(model, i) == res) return true;
    }
    return false;
}

static void tell_herd(lint_pass *pass, const herd *it)
{
    if (it->count < 2 || it->back + 1 < it->count) return;
    char res[96];
    model_res_label(pass->model, it->res, res, sizeof res);
    const lint_finding found = { .event = it->first,
                                 .res = it->res,
                                 .task = it->task,
                                 .amount = it->count };
    lint__tell(pass, LINT_HERD, &found,
               "%u tasks were woken at once through %s, and %u of them went "
               "back to wait",
               it->count, res, it->back);
}
