// SPDX-License-Identifier: MIT

#include "rt/stall.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/task_block.h"
#include "rt/waits.h"
#include "trace/trace.h"

#define TASKS_SHOWN_MAX 20
#define CYCLE_MAX       16

// The report as it grows; what does not fit is left out.
typedef struct report {
    ant_sched *sched;
    char *text;
    size_t size;
    size_t len;
    ant_task *task[TASKS_SHOWN_MAX]; // that are not over
    uint32_t task_count;
} report;

static bool collect(ant_task *task, void *arg);
static void say_task(report *out, ant_task *task);
static void say_cycle(report *out);

ANT_PRINTF(2, 3) static void say(report *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int n = vsnprintf(out->text + out->len, out->size - out->len, format, args);
    va_end(args);
    if (n < 0) return;
    out->len += (size_t)n;
    if (out->len >= out->size) out->len = out->size - 1;
}

void ant__stall_report(ant_sched *sched, char *text, size_t size)
{
    report out = { .sched = sched, .text = text, .size = size };
    const uint64_t count = ant_owned_count(&sched->owned);
    ANT_TRACE(stall, .waiting = count);
    say(&out,
        "antfarm: stalled: nothing can ever wake again, and %llu task%s not "
        "over\n",
        (unsigned long long)count, count == 1 ? " is" : "s are");
    // Not under the list's lock, which looking up a holder takes again. Since
    // everything stands still, no task ends meanwhile.
    ant_owned_each(&sched->owned, collect, &out);
    for (uint32_t i = 0; i < out.task_count; i++)
        say_task(&out, out.task[i]);
    if (count > out.task_count)
        say(&out, "  and %llu more\n",
            (unsigned long long)(count - out.task_count));
    say_cycle(&out);
    if (ant_trace_path() != NULL)
        say(&out, "antfarm: recorded in %s; see: antfarm view %s\n",
            ant_trace_path(), ant_trace_path());
}

static bool collect(ant_task *task, void *arg)
{
    report *out = arg;
    out->task[out->task_count++] = task;
    return out->task_count < TASKS_SHOWN_MAX;
}

// ---- Who waits for what ----

static const char *kind_word(uint32_t kind)
{
    static const char *const word[ANT_RES_COUNT] = {
        [ANT_RES_MUTEX] = "mutex",
        [ANT_RES_THREAD_MUTEX] = "thread mutex",
        [ANT_RES_ONESHOT] = "oneshot channel",
        [ANT_RES_SEMAPHORE] = "semaphore",
        [ANT_RES_RWLOCK] = "read-write lock",
        [ANT_RES_NOTIFY] = "notification",
        [ANT_RES_BARRIER] = "barrier",
        [ANT_RES_ONCE] = "once cell",
        [ANT_RES_MPSC] = "channel",
        [ANT_RES_BROADCAST] = "broadcast channel",
        [ANT_RES_WATCH] = "watch channel",
        [ANT_RES_SOCKET] = "socket",
        [ANT_RES_TIMER] = "timer",
        [ANT_RES_TASK] = "task",
        [ANT_RES_OTHER] = "something",
        [ANT_RES_JOIN_SET] = "join set",
        [ANT_RES_TOKEN] = "cancellation token",
        [ANT_RES_TRACKER] = "task tracker",
        [ANT_RES_LISTENER] = "listener",
        [ANT_RES_PIPE] = "pipe",
        [ANT_RES_SIGNAL] = "signal",
        [ANT_RES_PROCESS] = "process",
    };
    return kind < ANT_RES_COUNT ? word[kind] : "something";
}

static void say_name(report *out, const ant_task *task)
{
    say(out, "task %u `%.*s`", task->id, ant_task_name_len(task), task->name);
}

static void say_target(report *out, const ant_wait *wait)
{
    if (wait->kind == ANT_RES_TASK && wait->name != NULL) {
        const int len = (int)strcspn(wait->name, "(");
        say(out, "task %u `%.*s` to end", wait->holder, len, wait->name);
        return;
    }
    say(out, "%s%s", wait->kind == ANT_RES_TIMER ? "a " : "",
        kind_word(wait->kind));
    if (wait->name != NULL) say(out, " `%s`", wait->name);
    if (wait->kind != ANT_RES_TIMER) return;
    const uint64_t now_ns = ant_clock_now_ns(out->sched->base.clock);
    const uint64_t left_ns =
        wait->deadline_ns > now_ns ? wait->deadline_ns - now_ns : 0;
    say(out, " that is due in %.0f ms, but no worker is free to look at it",
        (double)left_ns / 1e6);
}

// A writer that waits keeps readers out, and a request for much one for little.
static void say_queue(report *out, const ant_wait *wait)
{
    const ant_task *first = ant__task_of_id(out->sched, wait->first);
    if (first == NULL) return;
    say(out, ", behind ");
    say_name(out, first);
}

static void say_holder(report *out, const ant_wait *wait)
{
    if (wait->kind == ANT_RES_TASK || wait->holder == 0) return;
    const ant_task *holder = ant__task_of_id(out->sched, wait->holder);
    say(out, wait->is_unused ? ", given to a future of " : ", held by ");
    if (holder == NULL) {
        say(out, "task %u, which is over", wait->holder);
        return;
    }
    say_name(out, holder);
    if (wait->holder_line != 0)
        say(out, " since %s:%u", holder->future.ops->file, wait->holder_line);
    if (wait->is_unused) say(out, ", which was not polled since");
}

typedef struct task_report {
    report *out;
    const ant_task *task;
    unsigned wait_count; // said so far
} task_report;

static bool say_wait(const ant_wait_at *at, void *arg)
{
    task_report *about = arg;
    report *out = about->out;
    const ant_wait *wait = &at->wait;
    const char *more = at->is_any ? ", or for " : ", and for ";
    say(out, "%s", about->wait_count++ == 0 ? " waits for " : more);
    say_target(out, wait);
    if (at->line != 0) say(out, " (%s:%u)", at->file, at->line);
    say_queue(out, wait);
    say_holder(out, wait);
    const bool has_card =
        wait->kind != ANT_RES_TIMER && wait->kind != ANT_RES_TASK;
    ANT_TRACE(stall_edge, .task = about->task->id, .holder = wait->holder,
              .res = has_card ? wait->res : 0, .line = at->line);
    (void)has_card;
    return true;
}

static void say_task(report *out, ant_task *task)
{
    task_report about = { .out = out, .task = task };
    say(out, "  ");
    say_name(out, task);
    const ant_here *stuck = ant__thread_stuck_in(out->sched, task);
    if (stuck != NULL && stuck->worker != NULL) {
        say(out, " keeps worker %u and", stuck->worker->index);
    } else if (stuck != NULL) {
        say(out, " keeps a thread of the pool and");
    } else if (ant_task_state_is(&task->state, ANT_STATE_SCHEDULED)) {
        say(out, " could run, but no worker is free\n");
        return;
    }
    ant__waits_each(out->sched, task, say_wait, &about);
    if (about.wait_count == 0)
        say(out, " waits for its waker, which nobody will use");
    say(out, "\n");
}

// ---- Why for ever: the cycle ----

// One step of the way: the task `from` waits for the task `to`.
typedef struct step {
    uint32_t from;
    uint32_t to; // 0: for none
    ant_wait wait;
} step;

static bool first_holder(const ant_wait_at *at, void *arg)
{
    step *next = arg;
    next->wait = at->wait;
    next->to = at->wait.holder;
    return next->to == 0;
}

// A task that waits for a timer waits for a worker to look at it, and when all
// are stuck, for the task that keeps the first one.
static uint32_t keeper_of_workers(ant_sched *sched)
{
    const ant_task *task = sched->worker[0].here.task;
    return ant_idle_sleeping(&sched->idle) == 0 && task != NULL ? task->id : 0;
}

static bool step_from(ant_sched *sched, uint32_t id, step *ret_step)
{
    *ret_step = (step){ .from = id };
    const ant_task *task = ant__task_of_id(sched, id);
    if (task == NULL) return false;
    ant__waits_each(sched, task, first_holder, ret_step);
    if (ret_step->to == 0 && ret_step->wait.kind == ANT_RES_TIMER)
        ret_step->to = keeper_of_workers(sched);
    return ret_step->to != 0;
}

static void say_steps(report *out, const step *path, unsigned count)
{
    say(out, "  deadlock: task %u", path[0].from);
    for (unsigned i = 0; i < count; i++) {
        const ant_wait *wait = &path[i].wait;
        if (wait->kind != ANT_RES_TASK)
            say(out, " -> %s", kind_word(wait->kind));
        if (wait->kind != ANT_RES_TASK && wait->name != NULL)
            say(out, " `%s`", wait->name);
        if (wait->kind == ANT_RES_TIMER) say(out, " -> worker 0");
        say(out, " -> task %u", path[i].to);
    }
    say(out, "\n");
}

// Walks from `start`; true when the walk comes back to it, which is then said.
static bool say_cycle_from(report *out, uint32_t start)
{
    step path[CYCLE_MAX];
    uint32_t id = start;
    for (unsigned n = 0; n < CYCLE_MAX; n++) {
        if (!step_from(out->sched, id, &path[n])) return false;
        id = path[n].to;
        if (id != start) continue;
        say_steps(out, path, n + 1);
        return true;
    }
    return false;
}

static void say_cycle(report *out)
{
    for (uint32_t i = 0; i < out->task_count; i++) {
        if (say_cycle_from(out, out->task[i]->id)) return;
    }
}
