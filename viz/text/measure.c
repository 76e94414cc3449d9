// SPDX-License-Identifier: MIT

#include "text/measure.h"

static void add_poll(text_measure *measure, const ant_model *model,
                     uint32_t begin);

void text_measure_init(text_measure *measure)
{
    *measure = (text_measure){ .longest_poll = MODEL_NONE,
                               .longest_ready = MODEL_NONE };
}

void text_measure_task(text_measure *measure, const ant_model *model,
                       uint32_t task)
{
    model_range events = model->tasks[task].events;
    for (uint32_t i = 0; i < events.count; i++) {
        uint32_t event = model->events_of_task[events.first + i];
        // A task may also appear in the events of another one's poll.
        bool is_its_poll = model->kind[event] == ANT_EV_poll_begin &&
                           model_subject(model, event) == task;
        if (is_its_poll) add_poll(measure, model, event);
    }
}

void text_measure_run(text_measure *measure, const ant_model *model)
{
    for (uint32_t i = 0; i < model->event_count; i++) {
        if (model->kind[i] == ANT_EV_poll_begin) add_poll(measure, model, i);
    }
}

static void add_poll(text_measure *measure, const ant_model *model,
                     uint32_t begin)
{
    uint32_t end = model_link_of(model, begin);
    if (end != MODEL_NONE) {
        uint64_t ns = model_t_ns(model, end) - model_t_ns(model, begin);
        bool is_longest =
            measure->polls.count == 0 || ns > measure->polls.max_ns;
        if (is_longest) measure->longest_poll = begin;
        text_histogram_add(&measure->polls, ns);
    }
    uint32_t wake = model_wake_of_poll(model, begin);
    if (wake == MODEL_NONE) return;
    uint64_t ns = model_t_ns(model, begin) - model_t_ns(model, wake);
    bool is_longest = measure->ready.count == 0 || ns > measure->ready.max_ns;
    if (is_longest) measure->longest_ready = begin;
    text_histogram_add(&measure->ready, ns);
}
