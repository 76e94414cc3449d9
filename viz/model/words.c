// SPDX-License-Identifier: MIT
//
// Names and short labels for people.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/os.h"
#include "model/model.h"
#include "trace/schema.h"

const char *model_state(const ant_model *model, uint32_t type, uint32_t state)
{
    return ant_reader_state(model->reader, type, state);
}

const char *model_task_state_name(model_task_state state)
{
    static const char *const name[MODEL_TASK_STATE_COUNT] = {
        [MODEL_TASK_NONE] = "not yet there",
        [MODEL_TASK_NEW] = "new",
        [MODEL_TASK_READY] = "ready",
        [MODEL_TASK_POLLING] = "polling",
        [MODEL_TASK_BLOCKING] = "blocking its thread",
        [MODEL_TASK_WAIT_LOCK] = "waits for a lock",
        [MODEL_TASK_WAIT_TASK] = "waits for a task",
        [MODEL_TASK_WAIT_CHANNEL] = "waits for a channel",
        [MODEL_TASK_WAIT_IO] = "waits for I/O",
        [MODEL_TASK_WAIT_TIMER] = "waits for a timer",
        [MODEL_TASK_WAIT_OTHER] = "waits",
        [MODEL_TASK_DONE] = "done",
        [MODEL_TASK_CANCELLED] = "cancelled",
    };
    return state < MODEL_TASK_STATE_COUNT ? name[state] : "?";
}

const char *model_lane_state_name(model_lane_state state)
{
    static const char *const name[MODEL_LANE_STATE_COUNT] = {
        [MODEL_LANE_NONE] = "not there",
        [MODEL_LANE_RUNNING] = "between polls",
        [MODEL_LANE_POLLING] = "polling",
        [MODEL_LANE_BLOCKED] = "blocked",
        [MODEL_LANE_SEARCHING] = "searching",
        [MODEL_LANE_PARKED] = "parked",
    };
    return state < MODEL_LANE_STATE_COUNT ? name[state] : "?";
}

const char *model_res_kind_name(uint8_t kind)
{
    static const char *const name[ANT_RES_COUNT] = {
        [ANT_RES_MUTEX] = "mutex",
        [ANT_RES_THREAD_MUTEX] = "thread mutex",
        [ANT_RES_ONESHOT] = "oneshot",
        [ANT_RES_SEMAPHORE] = "semaphore",
        [ANT_RES_RWLOCK] = "rwlock",
        [ANT_RES_NOTIFY] = "notify",
        [ANT_RES_BARRIER] = "barrier",
        [ANT_RES_ONCE] = "once",
        [ANT_RES_MPSC] = "channel",
        [ANT_RES_BROADCAST] = "broadcast channel",
        [ANT_RES_WATCH] = "watch",
        [ANT_RES_SOCKET] = "socket",
        [ANT_RES_TIMER] = "timer",
        [ANT_RES_TASK] = "task",
        [ANT_RES_OTHER] = "resource",
        [ANT_RES_JOIN_SET] = "join set",
        [ANT_RES_TOKEN] = "cancellation token",
        [ANT_RES_TRACKER] = "task tracker",
        [ANT_RES_LISTENER] = "listener",
        [ANT_RES_PIPE] = "pipe",
        [ANT_RES_SIGNAL] = "signal",
        [ANT_RES_PROCESS] = "process",
    };
    return kind < ANT_RES_COUNT ? name[kind] : "resource";
}

uint32_t model_task_find(const ant_model *model, const char *text)
{
    char *end = NULL;
    unsigned long long id = strtoull(text, &end, 10);
    bool is_number = end != text && *end == '\0' && text[0] != '-';
    if (is_number) return model_task_row(model, id);
    for (uint32_t task = 1; task < model->task_count; task++) {
        if (strcmp(model->tasks[task].name, text) == 0) return task;
    }
    return 0;
}

void model_task_label(const ant_model *model, uint32_t task, char *buf,
                      size_t size)
{
    if (task == 0) {
        snprintf(buf, size, "no task");
        return;
    }
    const model_task *row = &model->tasks[task];
    snprintf(buf, size, "%" PRIu32 " %s", row->id, row->name);
}

void model_res_label(const ant_model *model, uint32_t res, char *buf,
                     size_t size)
{
    const model_res *row = &model->res[res];
    const char *kind = model_res_kind_name(row->kind);
    if (res == 0) {
        snprintf(buf, size, "nothing");
    } else if (row->name[0] != '\0') {
        snprintf(buf, size, "%s `%s`", kind, row->name);
    } else {
        snprintf(buf, size, "%s %" PRIu32, kind, row->id);
    }
}

bool model_res_is_channel(uint8_t kind)
{
    return kind == ANT_RES_MPSC || kind == ANT_RES_ONESHOT ||
           kind == ANT_RES_BROADCAST || kind == ANT_RES_WATCH;
}

void model_values_label(uint32_t count, char *buf, size_t size)
{
    snprintf(buf, size, "%" PRIu32 " value%s", count, count == 1 ? "" : "s");
}

void model_lane_label(const ant_model *model, uint32_t lane, char *buf,
                      size_t size)
{
    snprintf(buf, size, "%s", lane == 0 ? "no lane" : model->lanes[lane].name);
}

// A channel's holder is nobody to name.
static bool is_held(uint8_t kind)
{
    return kind == ANT_RES_MUTEX || kind == ANT_RES_THREAD_MUTEX ||
           kind == ANT_RES_RWLOCK || kind == ANT_RES_ONCE;
}

// Who holds the wait's resource as it begins.
static uint32_t holder_at(const ant_model *model, const model_wait *wait)
{
    model_track track = model_track_of(model, MODEL_TRACK_RES, wait->res);
    const model_span *span = model_span_at(&track, wait->begin_event);
    return span == NULL ? 0 : span->task;
}

static void res_wait_label(const ant_model *model, const model_wait *wait,
                           char *buf, size_t size)
{
    char res[96];
    char holder[96];
    uint32_t task = 0;
    model_res_label(model, wait->res, res, sizeof res);
    if (wait->res != 0 && is_held(model->res[wait->res].kind))
        task = holder_at(model, wait);
    if (task == 0) {
        snprintf(buf, size, "%s", res);
        return;
    }
    model_task_label(model, task, holder, sizeof holder);
    snprintf(buf, size, "%s, held by %s", res, holder);
}

static void block_label(const ant_model *model, const model_wait *wait,
                        char *buf, size_t size)
{
    char res[96];
    switch (wait->why) {
    case ANT_BLOCK_MUTEX:
        model_res_label(model, wait->res, res, sizeof res);
        snprintf(buf, size, "blocks in %s", res);
        break;
    case ANT_BLOCK_SLEEP:
        snprintf(buf, size, "blocks in a sleep");
        break;
    default:
        snprintf(buf, size, "blocks in a call");
        break;
    }
}

static void timer_label(const ant_model *model, const model_wait *wait,
                        char *buf, size_t size)
{
    uint64_t now_ns = model_t_ns(model, wait->begin_event);
    char duration[32];
    if (wait->deadline_ns == ANT_NS_NEVER) {
        snprintf(buf, size, "sleep for ever");
        return;
    }
    model_duration(wait->deadline_ns > now_ns ? wait->deadline_ns - now_ns : 0,
                   duration, sizeof duration);
    snprintf(buf, size, "sleep %s", duration);
}

void model_wait_label(const ant_model *model, uint32_t wait, char *buf,
                      size_t size)
{
    const model_wait *row = &model->waits[wait];
    char task[96];
    if (wait == 0) {
        snprintf(buf, size, "nothing known");
        return;
    }
    switch ((model_wait_kind)row->kind) {
    case MODEL_WAIT_TIMER:
        timer_label(model, row, buf, size);
        break;
    case MODEL_WAIT_BLOCK:
        block_label(model, row, buf, size);
        break;
    case MODEL_WAIT_JOIN:
        model_task_label(model, row->on, task, sizeof task);
        snprintf(buf, size, "end of %s", task);
        break;
    case MODEL_WAIT_RES:
        res_wait_label(model, row, buf, size);
        break;
    }
}

void model_duration(uint64_t ns, char *buf, size_t size)
{
    static const struct {
        uint64_t ns;
        const char *name;
    } unit[] = { { ANT_NS_PER_S, "s" },
                 { ANT_NS_PER_MS, "ms" },
                 { ANT_NS_PER_US, "us" } };

    for (size_t i = 0; i < ANT_ARRAY_LEN(unit); i++) {
        // What rounds up to the next unit belongs to it.
        if (ns + unit[i].ns / 2000 < unit[i].ns) continue;
        double value = (double)ns / (double)unit[i].ns;
        int digits = value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
        int len = snprintf(buf, size, "%.*f", digits, value);
        // 100.0 is 100, and 1.50 is 1.5.
        if (digits > 0 && len > 0 && (size_t)len < size) {
            while (buf[len - 1] == '0')
                buf[--len] = '\0';
            if (buf[len - 1] == '.') buf[--len] = '\0';
        }
        if (len >= 0 && (size_t)len < size)
            snprintf(buf + len, size - (size_t)len, " %s", unit[i].name);
        return;
    }
    snprintf(buf, size, "%" PRIu64 " ns", ns);
}
