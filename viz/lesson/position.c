// SPDX-License-Identifier: MIT

#include "lesson/position.h"

#include <errno.h>
#include <string.h>

#include "model/why.h"
#include "text/sentence.h"

typedef struct position_reader {
    ant_snapshot world;
    model_waitfor graph;
    ant_arena *arena;
    lesson_position position;
} position_reader;

static int read_tasks(position_reader *r, const explore_trail *trail);
static int add(position_reader *r, uint32_t row, uint32_t place);
static bool is_ready(const explore_trail *trail, uint32_t id);
static bool is_told(uint8_t kind);

int lesson_position_at(const ant_model *model, uint32_t event,
                       const explore_trail *trail, ant_arena *arena,
                       lesson_position *ret_position)
{
    position_reader r = { .arena = arena };
    r.position.task = ant_arena_alloc(arena, (model->task_count + 1) *
                                                 sizeof *r.position.task);
    if (r.position.task == NULL) return -ENOMEM;
    int err = model_snapshot_init(&r.world, model);
    if (err < 0) return err;
    model_snapshot_at(&r.world, event);
    err = model_waitfor_init(&r.graph, &r.world);
    if (err == 0) {
        err = read_tasks(&r, trail);
        model_waitfor_deinit(&r.graph);
    }
    model_snapshot_deinit(&r.world);
    if (err == 0) *ret_position = r.position;
    return err;
}

uint32_t lesson_position_since(const ant_model *model, uint32_t choice)
{
    uint32_t event = 0;
    ant_event its;
    for (; choice > 0 && event < model->event_count; event++) {
        model_event(model, event, &its);
        if (its.kind == ANT_EV_pick) choice--;
    }
    return event;
}

bool lesson_position_told(const ant_model *model, uint32_t *event, char *buf,
                          size_t size)
{
    ant_event its;
    while (*event < model->event_count) {
        model_event(model, (*event)++, &its);
        if (!is_told(its.kind)) continue;
        text_sentence_write(model->reader, &its, buf, size);
        return true;
    }
    return false;
}

static int read_tasks(position_reader *r, const explore_trail *trail)
{
    const ant_model *model = r->world.model;
    int err = 0;
    for (uint32_t i = 0; trail != NULL && i < trail->ready_count; i++) {
        if (err == 0)
            err = add(r, model_task_row(model, trail->ready[i]), i + 1);
    }
    for (uint32_t row = 1; row < model->task_count && err == 0; row++) {
        const uint8_t state = r->world.tasks[row].state;
        const bool is_over = state == MODEL_TASK_NONE ||
                             state == MODEL_TASK_DONE ||
                             state == MODEL_TASK_CANCELLED;
        if (!is_over && !is_ready(trail, model->tasks[row].id))
            err = add(r, row, 0);
    }
    return err;
}

static int add(position_reader *r, uint32_t row, uint32_t place)
{
    const ant_model *model = r->world.model;
    char name[128];
    model_reason reason;
    model_task_label(model, row, name, sizeof name);
    model_why(&r->world, &r->graph, row, &reason);
    position_task *task = &r->position.task[r->position.count];
    *task = (position_task){
        .id = model->tasks[row].id,
        .place = place,
        .state = r->world.tasks[row].state,
        .name = ant_arena_text(r->arena, name, strlen(name)),
        .why = ant_arena_text(r->arena, reason.text, strlen(reason.text)),
    };
    if (task->name == NULL || task->why == NULL) return -ENOMEM;
    r->position.count++;
    return 0;
}

static bool is_ready(const explore_trail *trail, uint32_t id)
{
    for (uint32_t i = 0; trail != NULL && i < trail->ready_count; i++) {
        if (trail->ready[i] == id) return true;
    }
    return false;
}

// Worth a sentence: what tasks do to each other.
static bool is_told(uint8_t kind)
{
    switch (kind) {
    case ANT_EV_task_spawn:
    case ANT_EV_poll_begin:
    case ANT_EV_poll_end:
    case ANT_EV_wake:
    case ANT_EV_wait_begin:
    case ANT_EV_acquire:
    case ANT_EV_release:
    case ANT_EV_chan_send:
    case ANT_EV_chan_recv:
    case ANT_EV_timer_fire:
    case ANT_EV_task_end:
        return true;
    default:
        return false;
    }
}
