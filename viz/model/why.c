// SPDX-License-Identifier: MIT
//
// The sentence is made from the snapshot alone: the task's state, what it
// waits for, who holds that, and so on along the chain.

#include "model/why.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/os.h"

#define WHY_WAIT_MAX 8 // of a task's waits are looked at
#define WHY_LIST_MAX 3 // of them are said

// The sentence as it grows.
typedef struct why_text {
    const ant_model *model;
    const ant_snapshot *world;
    char *buf;
    size_t size;
    size_t len;
} why_text;

static uint32_t say_waits(why_text *text, uint32_t task);
static uint32_t say_ready(why_text *text, uint32_t task);
static uint32_t say_polling(why_text *text, uint32_t task);
static uint32_t say_end(why_text *text, uint32_t task);

uint32_t model_why(const ant_model *model, const ant_snapshot *snapshot,
                   uint32_t task, char *buf, size_t size)
{
    why_text text = { model, snapshot, buf, size, 0 };
    if (size > 0) buf[0] = '\0';
    switch ((model_task_state)snapshot->tasks[task].state) {
    case MODEL_TASK_NONE:
        snprintf(buf, size, "has not been spawned yet");
        return model->tasks[task].spawn_event;
    case MODEL_TASK_NEW:
    case MODEL_TASK_READY:
        return say_ready(&text, task);
    case MODEL_TASK_POLLING:
    case MODEL_TASK_BLOCKING:
        return say_polling(&text, task);
    case MODEL_TASK_WAIT_LOCK:
    case MODEL_TASK_WAIT_TASK:
    case MODEL_TASK_WAIT_IO:
    case MODEL_TASK_WAIT_TIMER:
    case MODEL_TASK_WAIT_OTHER:
        return say_waits(&text, task);
    case MODEL_TASK_DONE:
    case MODEL_TASK_CANCELLED:
        return say_end(&text, task);
    case MODEL_TASK_STATE_COUNT:
        break;
    }
    return MODEL_NONE;
}

uint32_t model_wait_holder(const ant_snapshot *snapshot, uint32_t wait)
{
    const ant_model *model = snapshot->model;
    const model_wait *row = &model->waits[wait];
    if (row->kind == MODEL_WAIT_JOIN) return row->on;
    return row->res == 0
               ? 0
               : model->holds[snapshot->res[row->res].holds.first].task;
}

// Who has to move before `task` can: whoever keeps the only thing that it
// waits for (*ret_wait). 0 for nobody: a task with a timer or a second way out
// is in no deadlock.
static uint32_t blocker_of(const ant_snapshot *world, uint32_t task,
                           uint32_t *ret_wait)
{
    uint8_t state = world->tasks[task].state;
    bool is_stuck =
        state == MODEL_TASK_BLOCKING ||
        (state >= MODEL_TASK_WAIT_LOCK && state <= MODEL_TASK_WAIT_OTHER);
    *ret_wait = 0;
    if (!is_stuck || world->tasks[task].waits.len != 1) return 0;
    *ret_wait = world->tasks[task].waits.first;
    return model_wait_holder(world, *ret_wait);
}

// Cuts off what leads into the cycle.
static void drop_first(model_cycle *cycle, uint32_t n)
{
    cycle->count -= n;
    memmove(cycle->task, cycle->task + n, cycle->count * sizeof(uint32_t));
    memmove(cycle->wait, cycle->wait + n, cycle->count * sizeof(uint32_t));
}

void model_cycle_of(const ant_model *model, const ant_snapshot *snapshot,
                    uint32_t task, model_cycle *ret_cycle)
{
    (void)model;
    *ret_cycle = (model_cycle){ 0 };
    while (task != 0 && ret_cycle->count < MODEL_CYCLE_MAX) {
        for (uint32_t i = 0; i < ret_cycle->count; i++) {
            if (ret_cycle->task[i] != task) continue;
            drop_first(ret_cycle, i);
            return;
        }
        uint32_t next =
            blocker_of(snapshot, task, &ret_cycle->wait[ret_cycle->count]);
        ret_cycle->task[ret_cycle->count++] = task;
        task = next;
    }
    ret_cycle->count = 0;
}

// --- Saying it ---

static void say(why_text *text, const char *format, ...) ANT_PRINTF(2, 3);

static void say(why_text *text, const char *format, ...)
{
    if (text->len >= text->size) return;
    va_list args;
    va_start(args, format);
    int n =
        vsnprintf(text->buf + text->len, text->size - text->len, format, args);
    va_end(args);
    if (n > 0) text->len += (size_t)n;
}

static void say_task(why_text *text, uint32_t task)
{
    char label[96];
    model_task_label(text->model, task, label, sizeof label);
    say(text, "%s", label);
}

static void say_res(why_text *text, uint32_t res)
{
    char label[96];
    model_res_label(text->model, res, label, sizeof label);
    say(text, "%s", label);
}

static void say_duration(why_text *text, uint64_t ns)
{
    char label[32];
    model_duration(ns, label, sizeof label);
    say(text, "%s", label);
}

// A moment of the run, as the clock of the visualizer shows it.
static void say_moment(why_text *text, uint64_t t_ns)
{
    say(text, "%.3f ms", (double)t_ns / (double)ANT_NS_PER_MS);
}

static void say_since(why_text *text, uint32_t event)
{
    say(text, " since ");
    say_moment(text, text->model->t_ns[event]);
}

static void say_line(why_text *text, const char *file, uint32_t line)
{
    if (line == 0) return;
    const char *slash = strrchr(file, '/');
    if (slash != NULL) file = slash + 1;
    if (file[0] != '\0') {
        say(text, " (%s:%" PRIu32 ")", file, line);
    } else {
        say(text, " (line %" PRIu32 ")", line);
    }
}

// The earliest of the task's timers; `waits` has them in order, at the end.
static void say_timers(why_text *text, const uint32_t *waits, uint32_t count)
{
    const model_wait *wait = &text->model->waits[waits[0]];
    uint64_t now_ns = text->world->t_ns;
    if (count == 1) {
        say(text, "a timer at ");
    } else {
        say(text, "%" PRIu32 " timers, the first at ", count);
    }
    if (wait->deadline_ns == ANT_NS_NEVER) {
        say(text, "the end of time");
        return;
    }
    say_moment(text, wait->deadline_ns);
    if (wait->deadline_ns <= now_ns) return;
    say(text, ", in ");
    say_duration(text, wait->deadline_ns - now_ns);
}

// ", held by 4 writer since 12.400 ms (line 31)"
static void say_holder(why_text *text, uint32_t row)
{
    const model_wait *wait = &text->model->waits[row];
    uint32_t hold = text->world->res[wait->res].holds.first;
    uint32_t holder = model_wait_holder(text->world, row);
    if (holder == 0) return;
    say(text, ", held by ");
    if (holder == wait->task) {
        say(text, "itself");
    } else {
        say_task(text, holder);
    }
    say_since(text, text->model->holds[hold].begin_event);
    say_line(text, text->model->types[text->model->tasks[holder].type_id].file,
             text->model->holds[hold].line);
    if (text->world->tasks[holder].state >= MODEL_TASK_DONE)
        say(text, ", which ended without giving it back");
}

// What is waited for: "mutex `a`", "the end of 4 writer".
static void say_target(why_text *text, uint32_t row)
{
    const model_wait *wait = &text->model->waits[row];
    if (wait->kind == MODEL_WAIT_JOIN) {
        say(text, "the end of ");
        say_task(text, wait->on);
    } else {
        say_res(text, wait->res);
    }
}

// The others of the cycle, one after the other, each with what it waits for.
static void say_cycle(why_text *text, const model_cycle *cycle, uint32_t task)
{
    for (uint32_t i = 0; i < cycle->count; i++) {
        const model_wait *wait = &text->model->waits[cycle->wait[i]];
        if (cycle->task[i] == task) continue;
        say(text, "; ");
        say_task(text, cycle->task[i]);
        say(text, " waits for ");
        say_target(text, cycle->wait[i]);
        if (wait->kind == MODEL_WAIT_JOIN) continue;
        say(text, ", held by ");
        say_task(text, cycle->task[(i + 1) % cycle->count]);
    }
    say(text, ": deadlock");
}

// The event that began the latest wait of the cycle: it closed it.
static uint32_t closed_by(const ant_model *model, const model_cycle *cycle)
{
    uint32_t latest = 0;
    for (uint32_t i = 0; i < cycle->count; i++) {
        uint32_t begin = model->waits[cycle->wait[i]].begin_event;
        if (begin > latest) latest = begin;
    }
    return latest;
}

// The lock for which the task that a worker polls blocks it, 0 for none.
static uint32_t blocking_lock(const ant_snapshot *world, uint32_t lane)
{
    uint32_t wait = 0;
    if (world->lanes[lane].state != MODEL_LANE_BLOCKED) return 0;
    model_snapshot_waits(world, world->lanes[lane].task, &wait, 1);
    bool is_block = world->model->waits[wait].kind == MODEL_WAIT_BLOCK;
    return is_block ? world->model->waits[wait].res : 0;
}

// A worker, when every one of them waits for a lock of threads; else 0.
// Whatever wakes a task then, nobody is there to poll it.
static uint32_t stuck_worker(const ant_snapshot *world)
{
    const ant_model *model = world->model;
    uint32_t stuck = 0;
    for (uint32_t row = 1; row < model->lane_count; row++) {
        if (model->lanes[row].kind != ANT_LANE_WORKER) continue;
        if (blocking_lock(world, row) == 0) return 0;
        stuck = row;
    }
    return stuck;
}

static bool needs_worker(const ant_snapshot *world, uint32_t task)
{
    uint8_t state = world->tasks[task].state;
    bool is_over = state >= MODEL_TASK_DONE;
    return task != 0 && !is_over && state != MODEL_TASK_POLLING &&
           state != MODEL_TASK_BLOCKING && stuck_worker(world) != 0;
}

static void say_stuck_worker(why_text *text)
{
    uint32_t stuck = stuck_worker(text->world);
    if (stuck == 0) return;
    say(text, "; but no worker is left to poll it: %s blocks in ",
        text->model->lanes[stuck].name);
    say_res(text, blocking_lock(text->world, stuck));
}

// Everything the task waits for, in the order of `waits`, of which there are
// `count`.
static void say_list(why_text *text, const uint32_t *waits, uint32_t count)
{
    say(text, "waits for ");
    for (uint32_t i = 0; i < count; i++) {
        const model_wait *wait = &text->model->waits[waits[i]];
        bool is_last = i + 1 == count;
        if (wait->kind == MODEL_WAIT_TIMER) {
            // Beside something else a timer is the way out.
            if (i > 0) say(text, " or ");
            say_timers(text, waits + i, count - i);
            return;
        }
        if (i == WHY_LIST_MAX && !is_last) {
            say(text, " and %" PRIu32 " more", count - i);
            return;
        }
        if (i > 0) say(text, is_last ? " and " : ", ");
        say_target(text, waits[i]);
        if (wait->kind != MODEL_WAIT_JOIN) say_holder(text, waits[i]);
    }
}

static uint32_t say_waits(why_text *text, uint32_t task)
{
    const ant_model *model = text->model;
    uint32_t waits[WHY_WAIT_MAX];
    uint32_t count =
        model_snapshot_waits(text->world, task, waits, WHY_WAIT_MAX);
    uint32_t found = text->world->tasks[task].since;
    if (count == 0) {
        say(text, "waits for a wake");
        say_since(text, found);
        say(text, "; nothing in the trace says from whom");
    } else {
        say_list(text, waits, count);
        found = model->waits[waits[0]].begin_event;
    }

    model_cycle cycle;
    model_cycle_of(model, text->world, task, &cycle);
    if (cycle.count == 0) {
        say_stuck_worker(text);
        return found;
    }
    say_cycle(text, &cycle, task);
    return closed_by(model, &cycle);
}

// Who is in the way of a task in a run queue: what its worker polls now.
static uint32_t say_worker(why_text *text, uint32_t lane)
{
    const model_now_lane *worker = &text->world->lanes[lane];
    if (lane == 0 || worker->task == 0) return MODEL_NONE;
    char label[64];
    model_site site;
    uint32_t poll = text->world->tasks[worker->task].poll;
    model_lane_label(text->model, lane, label, sizeof label);
    say(text, ": %s has polled ", label);
    say_task(text, worker->task);
    if (poll != MODEL_NONE) {
        say(text, " for ");
        say_duration(text, text->world->t_ns - text->model->t_ns[poll]);
    }
    say(text, " without returning");
    if (model_sites(text->model, worker->task, text->world->event, &site, 1))
        say_line(text, site.file, site.line);
    return poll;
}

static uint32_t say_ready(why_text *text, uint32_t task)
{
    const model_now_task *now = &text->world->tasks[task];
    bool is_new = now->state == MODEL_TASK_NEW;
    uint64_t waited_ns = text->world->t_ns - text->model->t_ns[now->since];
    say(text, is_new ? "is new for " : "is ready for ");
    say_duration(text, waited_ns);

    uint32_t found = MODEL_NONE;
    switch ((model_place)now->place) {
    case MODEL_PLACE_LOCAL:
    case MODEL_PLACE_LIFO:
        found = say_worker(text, now->lane);
        if (found == MODEL_NONE) say(text, " in its worker's queue");
        break;
    case MODEL_PLACE_INJECT:
        say(text, " in the injection queue");
        break;
    case MODEL_PLACE_BLOCKING:
        say(text, " in the queue of the blocking pool");
        break;
    case MODEL_PLACE_DEFERRED:
    case MODEL_PLACE_NOWHERE:
        if (!is_new) say(text, ": it yielded, others come first");
        break;
    }
    return found != MODEL_NONE ? found : now->since;
}

static uint32_t say_blocking(why_text *text, uint32_t task, uint32_t wait)
{
    const model_wait *block = &text->model->waits[wait];
    char label[128];
    model_wait_label(text->model, wait, label, sizeof label);
    say(text, "%s", label);
    say_line(text, block->file, block->line);
    say_holder(text, wait);
    model_lane_label(text->model, text->world->tasks[task].lane, label,
                     sizeof label);
    say(text, ", and keeps %s from polling others", label);
    say_since(text, block->begin_event);

    model_cycle cycle;
    model_cycle_of(text->model, text->world, task, &cycle);
    if (cycle.count > 0) {
        say_cycle(text, &cycle, task);
    } else if (needs_worker(text->world,
                            model_wait_holder(text->world, wait))) {
        say(text, ": deadlock, for ");
        say_task(text, model_wait_holder(text->world, wait));
        say(text, " needs a worker to give it back");
    }
    return block->begin_event;
}

static uint32_t say_polling(why_text *text, uint32_t task)
{
    const model_now_task *now = &text->world->tasks[task];
    uint32_t wait = 0;
    if (now->state == MODEL_TASK_BLOCKING)
        model_snapshot_waits(text->world, task, &wait, 1);
    if (wait != 0) return say_blocking(text, task, wait);

    char lane[64];
    model_lane_label(text->model, now->lane, lane, sizeof lane);
    say(text, "is running: %s polls it", lane);
    if (now->poll != MODEL_NONE) say_since(text, now->poll);
    return now->since;
}

static uint32_t say_end(why_text *text, uint32_t task)
{
    const model_task *row = &text->model->tasks[task];
    static const char *const how[ANT_RESULT_COUNT] = {
        [ANT_RESULT_PENDING] = "ended",
        [ANT_RESULT_READY] = "was done",
        [ANT_RESULT_FAILED] = "failed",
        [ANT_RESULT_PANICKED] = "panicked",
        [ANT_RESULT_CANCELLED] = "was cancelled",
    };
    say(text, "%s",
        row->outcome < ANT_RESULT_COUNT ? how[row->outcome] : "ended");
    if (row->end_event != MODEL_NONE) {
        say(text, " at ");
        say_moment(text, text->model->t_ns[row->end_event]);
    }
    if (row->message[0] != '\0') say(text, ": %s", row->message);
    say_line(text, row->end_file, row->end_line);
    return row->end_event;
}
