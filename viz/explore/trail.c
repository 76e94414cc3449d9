// SPDX-License-Identifier: MIT

#include "explore/trail.h"

#include <errno.h>
#include <stdio.h>

#include "base/mem.h"

// A ready task, and how often it has been passed over.
typedef struct passed {
    uint32_t task;
    uint32_t times;
} passed;

typedef struct trail_build {
    explore_trail trail;
    uint32_t choice_max;
    // Who was said to be ready since the last choice, and who was before it.
    passed *now;
    passed *before;
    uint32_t now_count;
    uint32_t before_count;
    uint32_t now_max;
    uint32_t before_max;
} trail_build;

static bool on_event(trail_build *build, const ant_event *event);
static bool on_runnable(trail_build *build, uint32_t task);
static void on_poll(trail_build *build, uint32_t task);
static bool on_pick(trail_build *build, const ant_ev_pick *pick);
static bool end_open(trail_build *build);
static void count_passed(trail_build *build, uint32_t chosen);
static void *grow(void *array, uint32_t count, uint32_t *max, size_t bytes);

int explore_trail_read(const char *path, explore_trail *ret_trail,
                       ant_reader_error *ret_error)
{
    ant_reader *reader;
    int err = ant_reader_open(path, &reader, ret_error);
    if (err < 0) return err;
    trail_build build = { 0 };
    ant_event event;
    while (err == 0 && ant_reader_next(reader, &event)) {
        if (!on_event(&build, &event)) err = -ENOMEM;
    }
    ant_reader_close(reader);
    ant_mem_free(build.now);
    ant_mem_free(build.before);
    if (err == 0) {
        *ret_trail = build.trail;
        return 0;
    }
    explore_trail_deinit(&build.trail);
    snprintf(ret_error->text, sizeof ret_error->text, "not enough memory");
    return err;
}

void explore_trail_deinit(explore_trail *trail)
{
    ant_mem_free(trail->choice);
    ant_mem_free(trail->ready);
    *trail = (explore_trail){ 0 };
}

static bool on_event(trail_build *build, const ant_event *event)
{
    switch (event->kind) {
    case ANT_EV_runnable:
        return on_runnable(build,
                           (uint32_t)ANT_EVENT_AS(runnable, event)->task);
    case ANT_EV_pick:
        return on_pick(build, ANT_EVENT_AS(pick, event));
    case ANT_EV_poll_begin:
        on_poll(build, (uint32_t)ANT_EVENT_AS(poll_begin, event)->task);
        return true;
    case ANT_EV_task_end: {
        const ant_ev_task_end *end = ANT_EVENT_AS(task_end, event);
        const bool is_first = build->trail.panicked == 0;
        if (end->outcome == ANT_RESULT_PANICKED && is_first)
            build->trail.panicked = (uint32_t)end->task;
        return true;
    }
    default:
        return true;
    }
}

static bool on_runnable(trail_build *build, uint32_t task)
{
    passed *now =
        grow(build->now, build->now_count, &build->now_max, sizeof *now);
    if (now == NULL) return false;
    build->now = now;
    now[build->now_count++] = (passed){ .task = task };
    return true;
}

// It has had its turn. And whoever was ready alone was no choice.
static void on_poll(trail_build *build, uint32_t task)
{
    build->now_count = 0;
    for (uint32_t i = 0; i < build->before_count; i++) {
        if (build->before[i].task == task) build->before[i].times = 0;
    }
}

static bool on_pick(trail_build *build, const ant_ev_pick *pick)
{
    explore_trail *trail = &build->trail;
    if (pick->task == 0) return end_open(build);
    explore_choice *choice =
        grow(trail->choice, trail->count, &build->choice_max, sizeof *choice);
    if (choice == NULL) return false;
    trail->choice = choice;
    choice[trail->count++] = (explore_choice){ .task = (uint32_t)pick->task,
                                               .place = (uint32_t)pick->place,
                                               .of = (uint32_t)pick->of };
    count_passed(build, (uint32_t)pick->task);
    return true;
}

static bool end_open(trail_build *build)
{
    explore_trail *trail = &build->trail;
    ant_mem_free(trail->ready);
    trail->ready = ant_mem_alloc(build->now_count * sizeof *trail->ready);
    if (trail->ready == NULL) return false;
    trail->ready_count = build->now_count;
    for (uint32_t i = 0; i < build->now_count; i++)
        trail->ready[i] = build->now[i].task;
    return true;
}

// A choice passes over all who were ready and were not chosen.
static void count_passed(trail_build *build, uint32_t chosen)
{
    explore_trail *trail = &build->trail;
    for (uint32_t i = 0; i < build->now_count; i++) {
        passed *now = &build->now[i];
        if (now->task == chosen) continue;
        now->times = 1;
        for (uint32_t k = 0; k < build->before_count; k++) {
            const passed *before = &build->before[k];
            if (before->task == now->task) now->times += before->times;
        }
        if (now->times <= trail->passed_max) continue;
        trail->passed_max = now->times;
        trail->passed_task = now->task;
    }
    passed *const old = build->before;
    const uint32_t old_max = build->before_max;
    build->before = build->now;
    build->before_count = build->now_count;
    build->before_max = build->now_max;
    build->now = old;
    build->now_count = 0;
    build->now_max = old_max;
}

// Room for one more element; NULL, and the array as it was, without memory.
static void *grow(void *array, uint32_t count, uint32_t *max, size_t bytes)
{
    if (count < *max) return array;
    const uint32_t grown_max = *max == 0 ? 64 : 2 * *max;
    void *grown = ant_mem_resize(array, grown_max * bytes);
    if (grown != NULL) *max = grown_max;
    return grown;
}
