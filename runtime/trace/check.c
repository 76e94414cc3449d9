// SPDX-License-Identifier: MIT

#include "trace/check.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/mem.h"
#include "trace/check_parts.h"
#include "trace/schema.h"

#define NAMES_AT_ONCE 4

static void track_runtime(ant_check *check);
static void track_loss(ant_check *check);
static char *next_name(void);

ant_check *ant_check_new(const ant_reader *names, ant_finding_fn fn, void *arg)
{
    ant_check *check = ant_mem_alloc(sizeof *check);
    if (check == NULL) return NULL;
    *check = (ant_check){ .names = names, .fn = fn, .arg = arg };
    check->lanes = ant_table_init(sizeof(ant_check_lane));
    ant__check_task_init(check);
    ant__check_future_init(check);
    ant__check_timer_init(check);
    ant__check_res_init(check);
    ant__check_chan_init(check);
    const ant_trace_info *info = ant_reader_info(names);
    check->is_lossy = info->lost_count > 0;
    return check;
}

void ant_check_event(ant_check *check, const ant_event *event)
{
    check->event = event;
    if (event->t_ns < check->last_ns) {
        ant__check_report(check, "time", 0, "time goes backwards");
    }
    check->last_ns = event->t_ns;
    track_runtime(check);
    track_loss(check);
    // The lane comes last: the others see it as it was before the event.
    ant__check_task_event(check);
    ant__check_future_event(check);
    ant__check_timer_event(check);
    ant__check_res_event(check);
    ant__check_chan_event(check);
    ant__check_lane_event(check);
    check->index++;
}

uint64_t ant_check_finish(ant_check *check)
{
    static const ant_event none;
    check->event = &none;
    const ant_trace_info *info = ant_reader_info(check->names);
    // What should have happened by the end may be what was lost.
    if (info->is_closed && !check->is_lossy) ant__check_task_finish(check);
    return check->count;
}

void ant_check_free(ant_check *check)
{
    if (check == NULL) return;
    ant__check_res_deinit(check);
    ant_table_deinit(&check->lanes);
    ant_table_deinit(&check->tasks);
    ant_table_deinit(&check->futures);
    ant_table_deinit(&check->timers);
    ant_table_deinit(&check->res);
    ant_table_deinit(&check->chans);
    ant_table_deinit(&check->halves);
    ant_mem_free(check);
}

int64_t ant_check_file(const char *path, ant_finding_fn fn, void *arg,
                       ant_reader_error *ret_error)
{
    ant_reader *reader;
    int err = ant_reader_open(path, &reader, ret_error);
    if (err < 0) return err;
    int64_t count = -ENOMEM;
    ant_check *check = ant_check_new(reader, fn, arg);
    if (check != NULL) {
        ant_event event;
        while (ant_reader_next(reader, &event))
            ant_check_event(check, &event);
        count = (int64_t)ant_check_finish(check);
    }
    ant_check_free(check);
    ant_reader_close(reader);
    return count;
}

void ant__check_report(ant_check *check, const char *rule, uint64_t task,
                       const char *format, ...)
{
    check->count++;
    if (check->fn == NULL) return;
    ant_finding finding = {
        .rule = rule,
        .index = check->index,
        .t_ns = check->last_ns,
        .task = (uint32_t)task,
    };
    va_list args;
    va_start(args, format);
    vsnprintf(finding.text, sizeof finding.text, format, args);
    va_end(args);
    check->fn(&finding, check->arg);
}

const char *ant__check_task_name(const ant_check *check, uint64_t task)
{
    const char *name = ant_reader_task(check->names, task).name;
    char *text = next_name();
    snprintf(text, 64, "task %" PRIu64 "%s%s", task, *name != 0 ? " " : "",
             name);
    return text;
}

const char *ant__check_lane_name(const ant_check *check, uint64_t lane)
{
    const ant_trace_lane_info *info = ant_reader_lane(check->names, lane);
    if (info != NULL && *info->name != 0) return info->name;
    char *text = next_name();
    snprintf(text, 64, "lane %" PRIu64, lane);
    return text;
}

const char *ant__check_future_name(const ant_check *check, uint64_t fut)
{
    const char *name = ant_reader_future(check->names, fut).name;
    char *text = next_name();
    snprintf(text, 64, "future %" PRIu64 " `%s`", fut, name);
    return text;
}

const char *ant__check_res_name(const ant_check *check, uint64_t res)
{
    const ant_trace_thing thing = ant_reader_res(check->names, res);
    const bool is_channel =
        thing.kind == ANT_RES_ONESHOT || thing.kind == ANT_RES_MPSC ||
        thing.kind == ANT_RES_BROADCAST || thing.kind == ANT_RES_WATCH;
    const bool is_set = thing.kind == ANT_RES_JOIN_SET;
    const char *word = is_channel ? "channel" : is_set ? "join set" : "lock";
    char *text = next_name();
    snprintf(text, 64, "%s %" PRIu64 " `%s`", word, res, thing.name);
    return text;
}

ant_check_lane *ant__check_lane_of(ant_check *check, uint64_t lane)
{
    return ant_table_get(&check->lanes, lane);
}

static void track_runtime(ant_check *check)
{
    const ant_event *event = check->event;
    if (event->kind == ANT_EV_runtime_start) check->root_count++;
    if (event->kind == ANT_EV_stall) check->has_stalled = true;
    if (event->kind == ANT_EV_task_push) check->has_pushes = true;
    if (event->kind != ANT_EV_runtime_stop) return;
    check->is_stopping = true;
    if (ANT_EVENT_AS(runtime_stop, event)->phase != ANT_PHASE_DONE) return;
    check->has_stopped = true;
    if (check->root_count > 0) check->root_count--;
}

static void track_loss(ant_check *check)
{
    const ant_trace_info *info = ant_reader_info(check->names);
    bool is_lost = check->event->lost > 0;
    if (is_lost || info->chunk_bad_count > 0) check->is_lossy = true;
    if (!is_lost) return;
    // What the lane was doing is not known any more.
    ant_check_lane *lane = ant__check_lane_of(check, check->event->lane);
    if (lane != NULL) *lane = (ant_check_lane){ .is_unknown = true };
}

static char *next_name(void)
{
    static _Thread_local char text[NAMES_AT_ONCE][64];
    static _Thread_local unsigned next;
    return text[next++ % NAMES_AT_ONCE];
}
