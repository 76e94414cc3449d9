// SPDX-License-Identifier: MIT
//
// One sentence a state. What waiting tasks wait for is in why_wait.c.

#include "model/why.h"

#include <inttypes.h>

#include "model/why_text.h"

static uint32_t say_unborn(why_text *text, uint32_t task);
static uint32_t say_ready(why_text *text, uint32_t task);
static uint32_t say_polling(why_text *text, uint32_t task);
static uint32_t say_end(why_text *text, uint32_t task);

void model_why(const ant_snapshot *world, const model_waitfor *graph,
               uint32_t task, model_reason *ret_reason)
{
    why_text text = { world->model, world, graph, ret_reason };
    ret_reason->text[0] = '\0';
    ret_reason->len = 0;
    ret_reason->link_count = 0;
    ret_reason->event = MODEL_NONE;
    switch ((model_task_state)world->tasks[task].state) {
    case MODEL_TASK_NONE:
        ret_reason->event = say_unborn(&text, task);
        break;
    case MODEL_TASK_NEW:
    case MODEL_TASK_READY:
        ret_reason->event = say_ready(&text, task);
        break;
    case MODEL_TASK_POLLING:
    case MODEL_TASK_BLOCKING:
        ret_reason->event = say_polling(&text, task);
        break;
    case MODEL_TASK_WAIT_LOCK:
    case MODEL_TASK_WAIT_TASK:
    case MODEL_TASK_WAIT_CHANNEL:
    case MODEL_TASK_WAIT_IO:
    case MODEL_TASK_WAIT_TIMER:
    case MODEL_TASK_WAIT_OTHER:
        ret_reason->event = model__say_waits(&text, task);
        break;
    case MODEL_TASK_DONE:
    case MODEL_TASK_CANCELLED:
        ret_reason->event = say_end(&text, task);
        break;
    case MODEL_TASK_STATE_COUNT:
        break;
    }
}

static uint32_t say_unborn(why_text *text, uint32_t task)
{
    const model_task *row = &text->model->tasks[task];
    model__say(text, "has not been spawned yet");
    if (row->spawn_event == MODEL_NONE) return MODEL_NONE;
    model__say(text, "; it will be at ");
    model__say_at(text, row->spawn_event);
    if (row->parent != 0) {
        model__say(text, " by ");
        model__say_task(text, row->parent);
    }
    return row->spawn_event;
}

// --- In a run queue ---

// The last poll_begin of a task that is being polled, or MODEL_NONE.
static uint32_t poll_of(const why_text *text, uint32_t task)
{
    return task == 0 ? MODEL_NONE : text->world->tasks[task].poll;
}

// ": worker 1 has polled 3 ant for 8.2 ms without returning (blocking.c:41)",
// when it does that.
static uint32_t say_busy(why_text *text, uint32_t lane)
{
    const model_now_lane *worker = &text->world->lanes[lane];
    uint32_t poll = poll_of(text, worker->task);
    if (lane == 0 || worker->task == 0) return MODEL_NONE;
    model__say(text, ": ");
    model__say_lane(text, lane);
    model__say(text, " has polled ");
    model__say_task(text, worker->task);
    if (poll != MODEL_NONE) {
        model__say_for(text, poll);
        model__say_late(text, lane, poll);
    }
    model__say(text, " without returning");
    model__say_site(text, worker->task);
    return poll;
}

// How many polls of others the worker has begun since.
static uint32_t turns_since(const why_text *text, uint32_t lane, uint32_t since)
{
    uint32_t now = text->world->event;
    if (now <= since) return 0;
    return model_polls_on_lane(text->model, lane, now + 1) -
           model_polls_on_lane(text->model, lane, since + 1);
}

// How many stand before it.
static uint32_t place_of(const why_text *text, uint32_t task)
{
    uint32_t n = 0;
    uint32_t before = text->world->tasks[task].queued.prev;
    for (; before != 0; before = text->world->tasks[before].queued.prev)
        n++;
    return n;
}

static void say_place(why_text *text, uint32_t task)
{
    uint32_t n = place_of(text, task);
    if (n == 0) {
        model__say(text, "is next");
    } else {
        model__say(text, "stands behind %" PRIu32 " other%s", n,
                   n == 1 ? "" : "s");
    }
}

// In the queue or the slot of a worker.
static uint32_t say_local(why_text *text, uint32_t task)
{
    const model_now_task *now = &text->world->tasks[task];
    uint32_t turns = turns_since(text, now->lane, now->since);
    uint32_t found = say_busy(text, now->lane);
    bool is_slot = now->place == MODEL_PLACE_LIFO;
    model__say(text, found == MODEL_NONE ? ": it " : "; it ");
    if (is_slot) {
        model__say(text, "is in the LIFO slot");
        if (found != MODEL_NONE)
            model__say(text, ", from which nobody can steal it");
    } else {
        say_place(text, task);
    }
    if (found == MODEL_NONE) {
        model__say(text, is_slot ? " of " : " in the queue of ");
        model__say_lane(text, now->lane);
    }
    if (turns > 1)
        model__say(text, ", while others had %" PRIu32 " polls", turns);
    return found;
}

// The worker that has been busy with one poll for longest, when all are busy.
static uint32_t busiest_worker(const why_text *text)
{
    const ant_model *model = text->model;
    uint32_t found = 0;
    uint32_t oldest = MODEL_NONE;
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        if (model->lanes[lane].kind != ANT_LANE_WORKER) continue;
        uint32_t poll = poll_of(text, text->world->lanes[lane].task);
        if (poll == MODEL_NONE) return 0;
        if (poll < oldest) {
            oldest = poll;
            found = lane;
        }
    }
    return found;
}

// The worker whose poll keeps the task from its turn, 0 for none.
static uint32_t lane_in_its_way(const why_text *text, uint32_t task)
{
    const model_now_task *now = &text->world->tasks[task];
    switch ((model_place)now->place) {
    case MODEL_PLACE_LOCAL:
    case MODEL_PLACE_LIFO:
        return text->world->lanes[now->lane].task != 0 ? now->lane : 0;
    case MODEL_PLACE_INJECT:
        return busiest_worker(text);
    case MODEL_PLACE_BLOCKING:
    case MODEL_PLACE_DEFERRED:
    case MODEL_PLACE_NOWHERE:
        break;
    }
    return 0;
}

static uint32_t say_shared(why_text *text, uint32_t task, const char *queue)
{
    model__say(text, ": it ");
    say_place(text, task);
    model__say(text, " in %s", queue);
    uint32_t lane = busiest_worker(text);
    if (lane == 0) return MODEL_NONE;
    model__say(text, ", and every worker is busy");
    return say_busy(text, lane);
}

static uint32_t say_ready(why_text *text, uint32_t task)
{
    const model_now_task *now = &text->world->tasks[task];
    bool is_new = now->state == MODEL_TASK_NEW;
    uint32_t found = MODEL_NONE;
    model__say(text, is_new ? "is new" : "is ready");
    model__say_for(text, now->since);
    // What is said of a long poll says it, too; the pool has other threads.
    bool is_pool = now->place == MODEL_PLACE_BLOCKING;
    if (!is_pool && lane_in_its_way(text, task) == 0)
        model__say_late(text, 0, now->since);
    switch ((model_place)now->place) {
    case MODEL_PLACE_LOCAL:
    case MODEL_PLACE_LIFO:
        found = say_local(text, task);
        break;
    case MODEL_PLACE_INJECT:
        found = say_shared(text, task, "the injection queue");
        break;
    case MODEL_PLACE_BLOCKING:
        model__say(text, ": it ");
        say_place(text, task);
        model__say(text, " in the queue of the blocking pool");
        break;
    case MODEL_PLACE_DEFERRED:
        model__say(text, ": it yielded, others come first");
        break;
    case MODEL_PLACE_NOWHERE:
        model__say(text, is_new ? ", on its way into a queue"
                                : ", on its way back into a queue");
        break;
    }
    (void)model__say_knot(text, task);
    return found != MODEL_NONE ? found : now->since;
}

// --- Being polled ---

static uint32_t say_blocking(why_text *text, uint32_t task, uint32_t wait)
{
    const model_wait *block = &text->model->waits[wait];
    switch (block->why) {
    case ANT_BLOCK_MUTEX:
        model__say(text, "blocks in ");
        model__say_res(text, block->res);
        break;
    case ANT_BLOCK_SLEEP:
        model__say(text, "blocks in a sleep");
        break;
    default:
        model__say(text, "blocks in a call");
        break;
    }
    model__say_line(text, block->file, block->line, block->begin_event);
    model__say_keeper(text, wait);
    model__say(text, ", and keeps ");
    model__say_lane(text, text->world->tasks[task].lane);
    model__say(text, " from polling others");
    model__say_since(text, block->begin_event);
    model__say_late(text, text->world->tasks[task].lane, block->begin_event);
    (void)model__say_knot(text, task);
    return block->begin_event;
}

static uint32_t say_polling(why_text *text, uint32_t task)
{
    const model_now_task *now = &text->world->tasks[task];
    uint32_t wait = 0;
    if (now->state == MODEL_TASK_BLOCKING)
        model_snapshot_waits(text->world, task, &wait, 1);
    if (wait != 0) return say_blocking(text, task, wait);

    model__say(text, "is running: ");
    model__say_lane(text, now->lane);
    model__say(text, " polls it");
    if (now->poll != MODEL_NONE) {
        model__say_since(text, now->poll);
        model__say_late(text, now->lane, now->poll);
    }
    model__say_site(text, task);
    return now->since;
}

// --- Over ---

// The newest event of this kind about the task, or MODEL_NONE.
static uint32_t last_of_kind(const why_text *text, uint32_t task, uint8_t kind)
{
    const ant_model *model = text->model;
    const uint32_t *events = model->events_of_task;
    model_range range = model->tasks[task].events;
    uint32_t i = model_prev_in(events, range, model->event_count);
    while (i != MODEL_NONE) {
        if (model->kind[i] == kind && model_subject(model, i) == task) return i;
        i = model_prev_in(events, range, i);
    }
    return MODEL_NONE;
}

// ", as 3 boss asked it to stop at 3.000 ms", or why else it was dropped.
static void say_drop(why_text *text, uint32_t task)
{
    static const char *const why[ANT_DROP_COUNT] = {
        [ANT_DROP_UNPOLLED] = ", before it was ever polled",
        [ANT_DROP_SHUTDOWN] = ", for the runtime shut down",
    };
    uint32_t drop = last_of_kind(text, task, ANT_EV_task_drop);
    uint32_t abort = last_of_kind(text, task, ANT_EV_task_abort);
    if (drop != MODEL_NONE) {
        ant_event event;
        model_event(text->model, drop, &event);
        uint64_t reason = ANT_EVENT_AS(task_drop, &event)->why;
        if (reason < ANT_DROP_COUNT && why[reason] != NULL)
            model__say(text, "%s", why[reason]);
    }
    if (abort == MODEL_NONE) return;
    model__say(text, "; ");
    if (text->model->task[abort] != 0) {
        model__say_task(text, text->model->task[abort]);
    } else {
        model__say(text, "the program");
    }
    model__say(text, " had asked it to stop at ");
    model__say_at(text, abort);
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
    const char *verb =
        row->outcome < ANT_RESULT_COUNT ? how[row->outcome] : NULL;
    model__say(text, "%s", verb != NULL ? verb : "ended");
    if (row->end_event != MODEL_NONE) {
        model__say(text, " at ");
        model__say_at(text, row->end_event);
    }
    if (row->outcome == ANT_RESULT_CANCELLED) say_drop(text, task);
    if (row->message[0] != '\0') model__say(text, ": %s", row->message);
    model__say_line(text, row->end_file, row->end_line, row->end_event);
    return row->end_event;
}
