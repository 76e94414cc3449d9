// SPDX-License-Identifier: MIT
//
// Tasks that could run and had to wait. Each wait is told once, by what
// explains it: a task that had turn after turn, the LIFO slot, being bound to
// one worker. One that stood behind a poll which is a finding itself is that
// poll's doing and not told here. What the machine took from the workers
// meanwhile is not counted, and who lost half of its wait to it has not waited
// for the program.

#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/os.h"
#include "lint/pass.h"
#include "model/late.h"

// Tasks that are polled often enough to starve others; the busiest of them.
#define HOGS_MAX 64u

// Waits in the queues of one worker say nothing below this.
#define BOUND_MS_MIN 10.0

// Nobody is blamed for a shorter wait, so nobody asks what it was made of.
#define LATE_WAIT_NS_MIN (1 * ANT_NS_PER_MS)

// More than this is as good as for ever.
#define RATIO_MAX 1000.0

typedef struct queue_pass {
    lint_pass *pass;
    const ant_model *model;
    uint32_t hog[HOGS_MAX]; // tasks
    unsigned hog_count;
    uint64_t *bound_ns;  // by lane: waits of tasks that are bound to it
    uint32_t *bound_by;  // by lane: the longest of them, where it began
    uint64_t *bound_max; // by lane: and how long
} queue_pass;

// One wait of a task in a run queue.
typedef struct queue_wait {
    uint32_t task;
    uint32_t from;    // events
    uint32_t to;      // the poll, or event_count
    uint32_t lane;    // that polled it, or in whose queue it stands
    uint32_t queue;   // ANT_QUEUE_…
    uint64_t ns;      // without what the machine took
    uint64_t late_ns; // what it took
} queue_wait;

static bool begin_pass(queue_pass *queues, lint_pass *pass);
static void end_pass(queue_pass *queues);
static void look_at_task(queue_pass *queues, uint32_t task);
static void tell_imbalance(queue_pass *queues);

void lint__queues(lint_pass *pass)
{
    queue_pass queues = { .pass = pass, .model = pass->model };
    if (begin_pass(&queues, pass)) {
        for (uint32_t task = 1; task < pass->model->task_count; task++)
            look_at_task(&queues, task);
        tell_imbalance(&queues);
    } else {
        pass->err = -ENOMEM;
    }
    end_pass(&queues);
}

// --- Who is polled often -----------------------------------------------------

static void add_hog(queue_pass *queues, uint32_t task)
{
    const model_task *tasks = queues->model->tasks;
    unsigned at = queues->hog_count;
    if (at == HOGS_MAX) {
        at--;
        if (tasks[queues->hog[at]].poll_count >= tasks[task].poll_count) return;
    } else {
        queues->hog_count++;
    }
    for (; at > 0 &&
           tasks[queues->hog[at - 1]].poll_count < tasks[task].poll_count;
         at--)
        queues->hog[at] = queues->hog[at - 1];
    queues->hog[at] = task;
}

static bool begin_pass(queue_pass *queues, lint_pass *pass)
{
    const ant_model *model = pass->model;
    double least = pass->limits->least[LINT_STARVATION];
    for (uint32_t task = 1; task < model->task_count; task++) {
        if (model->tasks[task].poll_count >= least) add_hog(queues, task);
    }
    size_t lanes = model->lane_count;
    queues->bound_ns = ant_mem_alloc(lanes * sizeof *queues->bound_ns);
    queues->bound_by = ant_mem_alloc(lanes * sizeof *queues->bound_by);
    queues->bound_max = ant_mem_alloc(lanes * sizeof *queues->bound_max);
    return queues->bound_ns != NULL && queues->bound_by != NULL &&
           queues->bound_max != NULL;
}

static void end_pass(queue_pass *queues)
{
    ant_mem_free(queues->bound_ns);
    ant_mem_free(queues->bound_by);
    ant_mem_free(queues->bound_max);
}

// --- One wait ----------------------------------------------------------------

// The part of a span that lies within a wait.
static uint64_t shared_ns(const ant_model *model, const model_span *span,
                          const queue_wait *wait)
{
    uint32_t from = span->from > wait->from ? span->from : wait->from;
    uint32_t to = span->to < wait->to ? span->to : wait->to;
    return from < to ? lint__between(model, from, to) : 0;
}

// Another worker slept for at least half of the wait.
static bool has_idle_worker(const ant_model *model, const queue_wait *wait)
{
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        if (lane == wait->lane || model->lanes[lane].kind != ANT_LANE_WORKER)
            continue;
        model_track track = model_track_of(model, MODEL_TRACK_LANE, lane);
        uint64_t ns = 0;
        for (uint32_t i = model_span_after(&track, wait->from);
             i < track.count && track.spans[i].from < wait->to; i++) {
            if (track.spans[i].state == MODEL_LANE_PARKED)
                ns += shared_ns(model, &track.spans[i], wait);
        }
        if (ns > 0 && ns >= wait->ns / 2) return true;
    }
    return false;
}

// A poll or a call that is a finding itself took at least half of the wait.
static bool is_explained(const queue_pass *queues, const queue_wait *wait)
{
    const ant_model *model = queues->model;
    model_track track = model_track_of(model, MODEL_TRACK_LANE, wait->lane);
    uint64_t ns = 0;
    for (uint32_t i = model_span_after(&track, wait->from);
         i < track.count && track.spans[i].from < wait->to; i++) {
        const model_span *span = &track.spans[i];
        double ms = lint__ms(lint__between(model, span->from, span->to));
        bool is_finding =
            (span->state == MODEL_LANE_BLOCKED &&
             lint__is_over(queues->pass, LINT_BLOCKED_WORKER, ms)) ||
            (span->state == MODEL_LANE_POLLING &&
             lint__is_over(queues->pass, LINT_LONG_POLL, ms));
        if (is_finding) ns += shared_ns(model, span, wait);
    }
    return ns >= wait->ns / 2;
}

// True when it was told.
static bool tell_starvation(queue_pass *queues, const queue_wait *wait)
{
    lint_pass *pass = queues->pass;
    uint32_t most = 0;
    uint32_t hog = 0;
    // Whoever waits for a few events only was not kept by many polls.
    if (!lint__is_over(pass, LINT_STARVATION, wait->to - wait->from))
        return false;
    for (unsigned i = 0; i < queues->hog_count; i++) {
        uint32_t task = queues->hog[i];
        if (task == wait->task) continue;
        uint32_t n = model_polls_of_task(queues->model, task, wait->to) -
                     model_polls_of_task(queues->model, task, wait->from);
        if (n > most) {
            most = n;
            hog = task;
        }
    }
    const lint_finding found = { .event = wait->from,
                                 .task = wait->task,
                                 .lane = wait->lane,
                                 .amount = most };
    if (!lint__is_over(pass, LINT_STARVATION, most)) return false;
    lint__tell(pass, LINT_STARVATION, &found,
               "%s could run and had to wait while %s was polled %u time%s",
               lint__task(pass, wait->task), lint__task(pass, hog), most,
               most == 1 ? "" : "s");
    return true;
}

static void look_at_wait(queue_pass *queues, const queue_wait *wait)
{
    lint_pass *pass = queues->pass;
    const char *lane = queues->model->lanes[wait->lane].name;
    const lint_finding found = { .event = wait->from,
                                 .task = wait->task,
                                 .lane = wait->lane,
                                 .amount = lint__ms(wait->ns) };
    if (wait->late_ns > wait->ns) return;
    if (tell_starvation(queues, wait)) return;
    bool is_slot = wait->queue == ANT_QUEUE_LIFO;
    bool is_bound = wait->queue == ANT_QUEUE_PINNED;
    bool is_long = lint__is_over(pass, LINT_LIFO_SLOT, found.amount) ||
                   lint__is_over(pass, LINT_WAKE_TO_POLL, found.amount);
    if (!is_long && !is_bound) return;
    bool is_unfair =
        (is_slot || is_bound) && has_idle_worker(queues->model, wait);
    if (is_bound && is_unfair) {
        queues->bound_ns[wait->lane] += wait->ns;
        if (wait->ns > queues->bound_max[wait->lane]) {
            queues->bound_max[wait->lane] = wait->ns;
            queues->bound_by[wait->lane] = wait->from;
        }
        return;
    }
    if (is_slot && is_unfair) {
        lint__tell(pass, LINT_LIFO_SLOT, &found,
                   "%s waited for %s in the LIFO slot of %s, which was busy, "
                   "while another worker slept%s",
                   lint__task(pass, wait->task), lint__duration(wait->ns), lane,
                   lint__and_late(wait->late_ns));
        return;
    }
    if (is_explained(queues, wait)) return;
    lint__tell(pass, LINT_WAKE_TO_POLL, &found,
               "%s could run for %s before %s polled it%s",
               lint__task(pass, wait->task), lint__duration(wait->ns), lane,
               lint__and_late(wait->late_ns));
}

// Into which queue the task went at `wait->from` or just after it.
static void find_queue(const ant_model *model, queue_wait *wait)
{
    model_range range = model->tasks[wait->task].events;
    uint32_t i = wait->from;
    while (i != MODEL_NONE && i < wait->to) {
        if (model->kind[i] == ANT_EV_task_push &&
            model_subject(model, i) == wait->task) {
            ant_event event;
            model_event(model, i, &event);
            const ant_ev_task_push *ev = ANT_EVENT_AS(task_push, &event);
            wait->queue = (uint32_t)ev->queue;
            if (wait->lane == 0) wait->lane = model_lane_row(model, ev->owner);
            return;
        }
        i = model_next_in(model->events_of_task, range, i);
    }
}

// Any worker could have taken the task, had it had a processor.
static void take_late(const ant_model *model, queue_wait *wait)
{
    if (wait->ns < LATE_WAIT_NS_MIN) return;
    wait->late_ns =
        model_late_of_kind(model, ANT_LANE_WORKER, wait->from, wait->to);
    wait->ns = lint__less(wait->ns, wait->late_ns);
}

static void look_at_task(queue_pass *queues, uint32_t task)
{
    const ant_model *model = queues->model;
    const model_task *row = &model->tasks[task];
    bool is_async = row->kind == ANT_TASK_ASYNC || row->kind == ANT_TASK_LOCAL;
    if (!is_async) return; // the blocking pool grows by itself
    for (uint32_t i = 0;
         i < row->spans.count && !lint__is_stopped(queues->pass, i); i++) {
        const model_span *span = &model->task_spans[row->spans.first + i];
        bool is_queued =
            span->state == MODEL_TASK_NEW || span->state == MODEL_TASK_READY;
        if (!is_queued) continue;
        queue_wait wait = { .task = task,
                            .from = span->from,
                            .to = span->to,
                            .queue = ANT_QUEUE_COUNT,
                            .ns = lint__between(model, span->from, span->to) };
        bool is_polled = wait.to < model->event_count &&
                         model->kind[wait.to] == ANT_EV_poll_begin;
        if (is_polled) wait.lane = model->lane[wait.to];
        find_queue(model, &wait);
        take_late(model, &wait);
        // What a stall or a shutdown has cut off is told elsewhere.
        if (is_polled) look_at_wait(queues, &wait);
    }
}

// --- One worker for all ------------------------------------------------------

static void tell_imbalance(queue_pass *queues)
{
    const ant_model *model = queues->model;
    uint64_t all_ns = 0;
    uint32_t workers = 0;
    for (uint32_t lane = 1; lane < model->lane_count; lane++) {
        if (model->lanes[lane].kind != ANT_LANE_WORKER) continue;
        all_ns += model->lanes[lane].poll_ns;
        workers++;
    }
    for (uint32_t lane = 1; lane < model->lane_count && workers > 1; lane++) {
        uint64_t own_ns = model->lanes[lane].poll_ns;
        double bound_ms = lint__ms(queues->bound_ns[lane]);
        if (bound_ms < BOUND_MS_MIN) continue;
        double others = (double)(all_ns - own_ns) / (workers - 1);
        double ratio = (double)own_ns / (others > 1 ? others : 1);
        const lint_finding found = {
            .event = queues->bound_by[lane],
            .task = model_subject(model, queues->bound_by[lane]),
            .lane = lane,
            .amount = ratio < RATIO_MAX ? ratio : RATIO_MAX,
        };
        lint__tell(queues->pass, LINT_IMBALANCE, &found,
                   "%s polled for %s, the others for %s each; tasks bound to "
                   "it waited for %s together",
                   model->lanes[lane].name, lint__duration(own_ns),
                   lint__duration((uint64_t)others),
                   lint__duration(queues->bound_ns[lane]));
    }
}
