// SPDX-License-Identifier: MIT

#include "text/tally.h"

#include <stddef.h>

#include "trace/schema.h"

static void count_task(tally *t, const ant_event *event);
static void count_lane(tally *t, const ant_event *event);
static void begin_poll(tally *t, tally_task *task, uint64_t now_ns);
static void end_poll(tally *t, tally_task *task, uint64_t now_ns);
static void make_ready(tally_task *task, uint64_t now_ns);
static uint64_t since(uint64_t *mark, uint64_t now_ns);
static tally_task *task_of(tally *t, uint64_t id);
static uint64_t mix(uint64_t digest, uint64_t value);
static uint64_t digest_event(uint64_t digest, const ant_event *event);

void text_tally_init(tally *t)
{
    *t = (tally){
        .digest = 0xCBF29CE484222325u,
        .tasks = ant_table_init(sizeof(tally_task)),
        .lanes = ant_table_init(sizeof(tally_lane)),
    };
}

void text_tally_deinit(tally *t)
{
    ant_table_deinit(&t->tasks);
    ant_table_deinit(&t->lanes);
}

void text_tally_event(tally *t, const ant_event *event)
{
    t->event_count++;
    t->last_ns = event->t_ns;
    t->kind_count[event->kind]++;
    t->digest = digest_event(t->digest, event);
    count_task(t, event);
    count_lane(t, event);
}

static void count_task(tally *t, const ant_event *event)
{
    // The row of every kind here begins with the task.
    bool is_about_task =
        event->kind == ANT_EV_task_spawn || event->kind == ANT_EV_poll_begin ||
        event->kind == ANT_EV_poll_end || event->kind == ANT_EV_task_end ||
        event->kind == ANT_EV_wake;
    if (!is_about_task) return;
    tally_task *task = task_of(t, event->field[0]);
    if (task == NULL) return;

    uint64_t now_ns = event->t_ns;
    if (event->kind == ANT_EV_task_spawn) {
        task->spawn_ns = now_ns;
        make_ready(task, now_ns);
    } else if (event->kind == ANT_EV_poll_begin) {
        begin_poll(t, task, now_ns);
    } else if (event->kind == ANT_EV_poll_end) {
        end_poll(t, task, now_ns);
    } else if (event->kind == ANT_EV_task_end) {
        task->is_over = true;
        task->end_ns = now_ns;
        task->outcome = (uint32_t)ANT_EVENT_AS(task_end, event)->outcome;
    } else {
        uint64_t result = ANT_EVENT_AS(wake, event)->result;
        if (result < ANT_WAKE_COUNT) t->wake_count[result]++;
        task->wake_count++;
        bool makes_ready =
            result == ANT_WAKE_QUEUED || result == ANT_WAKE_RUNNING;
        if (makes_ready) make_ready(task, now_ns);
    }
}

static void count_lane(tally *t, const ant_event *event)
{
    tally_lane *lane = ant_table_get(&t->lanes, event->lane);
    if (lane == NULL) {
        t->is_short = true;
        return;
    }
    lane->id = event->lane;
    if (event->kind == ANT_EV_park) {
        lane->park_count++;
        lane->park_since = event->t_ns + 1;
    } else if (event->kind == ANT_EV_unpark) {
        lane->park_ns += since(&lane->park_since, event->t_ns);
    } else if (event->kind == ANT_EV_steal) {
        lane->steal_count++;
        lane->stolen_count += ANT_EVENT_AS(steal, event)->count;
    } else if (event->kind == ANT_EV_poll_begin) {
        lane->poll_count++;
        lane->poll_since = event->t_ns + 1;
    } else if (event->kind == ANT_EV_poll_end) {
        lane->poll_ns += since(&lane->poll_since, event->t_ns);
    }
}

static void begin_poll(tally *t, tally_task *task, uint64_t now_ns)
{
    task->poll_count++;
    task->poll_since = now_ns + 1;
    if (task->ready_since == 0) return;
    uint64_t ns = since(&task->ready_since, now_ns);
    task->ready_ns += ns;
    text_histogram_add(&t->ready, ns);
}

static void end_poll(tally *t, tally_task *task, uint64_t now_ns)
{
    if (task->poll_since == 0) return;
    uint64_t ns = since(&task->poll_since, now_ns);
    task->poll_ns += ns;
    if (ns > task->poll_max_ns) task->poll_max_ns = ns;
    text_histogram_add(&t->polls, ns);
}

static void make_ready(tally_task *task, uint64_t now_ns)
{
    if (task->ready_since == 0) task->ready_since = now_ns + 1;
}

// The time since the mark, which is taken away; 0 when there was none.
static uint64_t since(uint64_t *mark, uint64_t now_ns)
{
    uint64_t ns = *mark != 0 ? now_ns - (*mark - 1) : 0;
    *mark = 0;
    return ns;
}

static tally_task *task_of(tally *t, uint64_t id)
{
    tally_task *task = ant_table_get(&t->tasks, id);
    if (task == NULL) {
        t->is_short = true;
        return NULL;
    }
    task->id = id;
    return task;
}

// FNV-1a, eight bytes at a time.
static uint64_t mix(uint64_t digest, uint64_t value)
{
    for (unsigned i = 0; i < 8; i++) {
        digest = (digest ^ (value & 0xFF)) * 0x100000001B3u;
        value >>= 8;
    }
    return digest;
}

// Everything that happened but the times. Numbers of names depend on the order
// in which threads first used them, so they are left out too.
static uint64_t digest_event(uint64_t digest, const ant_event *event)
{
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)event->kind);
    digest = mix(digest, event->kind);
    digest = mix(digest, event->lane);
    for (unsigned i = 0; i < row->field_count; i++) {
        ant_field_type type = row->field[i].type;
        bool is_name = type == ANT_FIELD_STR || type == ANT_FIELD_TYPE;
        if (is_name || type == ANT_FIELD_NS) continue;
        digest = mix(digest, event->field[i]);
    }
    return digest;
}
