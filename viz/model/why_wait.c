// SPDX-License-Identifier: MIT
//
// What a task waits for, read off the wait-for graph: its branches with "and"
// or "or" between them, who holds what, and the way into the knot.

#include <inttypes.h>

#include "base/os.h"
#include "model/why_text.h"

#define WAYS_MAX  64 // of a task's waits are looked at
#define SAID_MAX  3  // of them are said
#define STEPS_MAX 16 // of the way into a knot

// What a task waits for, leaf by leaf.
typedef struct why_ways {
    const waitfor_edge *edge[WAYS_MAX];
    uint32_t count; // of edges
    uint32_t more;  // that found no room
    bool is_any;    // of them is enough; else it needs all
} why_ways;

uint32_t model_wait_holder(const ant_snapshot *world, uint32_t wait)
{
    const ant_model *model = world->model;
    const model_wait *row = &model->waits[wait];
    if (row->kind == MODEL_WAIT_JOIN) return row->on;
    return row->res == 0 ? 0
                         : model->holds[world->res[row->res].holds.first].task;
}

// --- Finding the ways out ---

static const waitfor_node *node_at(const why_text *text, uint32_t node)
{
    return &text->graph->nodes[node];
}

static void add_way(why_ways *ways, const waitfor_edge *edge)
{
    if (ways->count == WAYS_MAX) {
        ways->more++;
    } else {
        ways->edge[ways->count++] = edge;
    }
}

// The branches of the outermost group: one that is alone is all that the task
// waits for.
static void find_ways(const why_text *text, uint32_t node, why_ways *ways)
{
    const waitfor_node *only = NULL;
    do {
        const waitfor_node *here = node_at(text, node);
        only = NULL;
        ways->count = 0;
        ways->is_any = here->is_any;
        for (uint32_t i = 0; i < here->edges.count; i++) {
            const waitfor_edge *edge =
                &text->graph->edges[here->edges.first + i];
            if (node_at(text, edge->to)->kind != WAITFOR_WORKERS)
                add_way(ways, edge);
        }
        if (ways->count != 1) break;
        node = ways->edge[0]->to;
        only = node_at(text, node);
    } while (only != NULL && only->kind == WAITFOR_GROUP);
}

// --- Saying one of them ---

static bool is_lock(const why_text *text, uint32_t res)
{
    switch (text->model->res[res].kind) {
    case ANT_RES_MUTEX:
    case ANT_RES_THREAD_MUTEX:
    case ANT_RES_RWLOCK:
    case ANT_RES_ONCE:
    case ANT_RES_SEMAPHORE:
        return true;
    default:
        return false;
    }
}

// The lock was given to a future of the holder that has not been polled since:
// a select left it behind, or its task has not had its turn yet.
static void say_grant(why_text *text, const model_hold *hold)
{
    const ant_model *model = text->model;
    const model_future *future = &model->futures[hold->future];
    model_track track = model_track_of(model, MODEL_TRACK_FUTURE, hold->future);
    const model_span *span = model_span_at(&track, text->world->event);
    bool is_unpolled = hold->future != 0 && span != NULL &&
                       span->state == MODEL_FUTURE_PENDING &&
                       span->from < hold->begin_event;
    if (is_unpolled)
        model__say(text,
                   ", granted to its future `%s`, which nobody has "
                   "polled since",
                   future->name);
}

static void say_holder(why_text *text, const model_wait *wait,
                       const model_hold *hold)
{
    model__say(text, ", held by ");
    if (hold->task == wait->task) {
        model__say(text, "itself");
    } else if (hold->task == 0) {
        model__say(text, "a thread outside");
    } else {
        model__say_task(text, hold->task);
    }
    uint32_t others = text->world->res[wait->res].holds.len - 1;
    if (others > 0)
        model__say(text, " and %" PRIu32 " other%s", others,
                   others == 1 ? "" : "s");
    model__say_since(text, hold->begin_event);
    const model_task *holder = &text->model->tasks[hold->task];
    model__say_line(text, text->model->types[holder->type_id].file, hold->line,
                    hold->begin_event);
    if (hold->task != 0 &&
        text->world->tasks[hold->task].state >= MODEL_TASK_DONE)
        model__say(text, ", which ended without giving it back");
    say_grant(text, hold);
}

// Who stands before it: a writer in front of readers is what people miss.
static void say_queue(why_text *text, uint32_t row)
{
    const ant_model *model = text->model;
    uint32_t first = 0;
    uint32_t n = 0;
    uint32_t before = text->world->waits[row].of_res.prev;
    for (; before != 0; before = text->world->waits[before].of_res.prev) {
        first = before;
        n++;
    }
    if (n == 0) return;
    const model_wait *ahead = &model->waits[first];
    bool is_writer = model->res[ahead->res].kind == ANT_RES_RWLOCK &&
                     ahead->amount > 1 && model->waits[row].amount == 1;
    model__say(text, is_writer ? "; it stands behind the writer "
                               : "; it stands behind ");
    model__say_task(text, ahead->task);
    if (n > 1)
        model__say(text, " and %" PRIu32 " other%s", n - 1, n == 2 ? "" : "s");
}

void model__say_keeper(why_text *text, uint32_t row)
{
    const model_wait *wait = &text->model->waits[row];
    if (wait->kind == MODEL_WAIT_JOIN || wait->res == 0) return;
    if (!is_lock(text, wait->res)) return;
    uint32_t hold = text->world->res[wait->res].holds.first;
    if (hold != 0) say_holder(text, wait, &text->model->holds[hold]);
    if (wait->kind == MODEL_WAIT_RES) say_queue(text, row);
}

// What of a resource is waited for.
static void say_target(why_text *text, const model_wait *wait)
{
    const model_res *res = &text->model->res[wait->res];
    const model_now_res *now = &text->world->res[wait->res];
    switch (res->kind) {
    case ANT_RES_MPSC:
        model__say(text, res->capacity > 0 && now->len >= res->capacity
                             ? "room in "
                             : "a value in ");
        break;
    case ANT_RES_ONESHOT:
    case ANT_RES_BROADCAST:
    case ANT_RES_WATCH:
        model__say(text, "a value in ");
        break;
    case ANT_RES_BARRIER:
        model__say(text, "others at ");
        break;
    case ANT_RES_SEMAPHORE:
        if (wait->amount > 1)
            model__say(text, "%" PRIu32 " permits of ", wait->amount);
        break;
    default:
        break;
    }
    model__say_res(text, wait->res);
}

// One timer, or the one of `count` that decides.
static void say_timer(why_text *text, const model_wait *wait, uint32_t count,
                      bool is_any)
{
    uint64_t now_ns = text->world->t_ns;
    if (count == 1) {
        model__say(text, "a timer at ");
    } else {
        model__say(text, "%" PRIu32 " timers, the %s at ", count,
                   is_any ? "first" : "last");
    }
    if (wait->deadline_ns == ANT_NS_NEVER) {
        model__say(text, "the end of time");
        return;
    }
    model__say_moment(text, wait->deadline_ns);
    if (wait->deadline_ns <= now_ns) return;
    model__say(text, ", in ");
    model__say_duration(text, wait->deadline_ns - now_ns);
}

static void say_wait(why_text *text, uint32_t row)
{
    const model_wait *wait = &text->model->waits[row];
    if (wait->kind == MODEL_WAIT_JOIN) {
        model__say(text, "the end of ");
        model__say_task(text, wait->on);
        return;
    }
    say_target(text, wait);
    model__say_keeper(text, row);
}

static void say_wake(why_text *text, uint32_t task)
{
    model__say(text, "a wake");
    model__say_since(text, text->world->tasks[task].since);
    model__say(text, "; nothing in the trace says from whom");
}

// A branch that is a group itself: in brackets.
static void say_branch(why_text *text, const waitfor_node *node)
{
    const model_future *future = &text->model->futures[node->row];
    uint32_t n = node->edges.count;
    if (n == 1) {
        model__say(text, "`%s`", future->name);
    } else {
        model__say(text, "%s of %" PRIu32 " in `%s`",
                   node->is_any ? "any" : "all", n, future->name);
    }
}

static void say_way(why_text *text, uint32_t task, const waitfor_edge *edge)
{
    const waitfor_node *to = node_at(text, edge->to);
    switch ((waitfor_kind)to->kind) {
    case WAITFOR_GROUP:
        say_branch(text, to);
        break;
    case WAITFOR_TIMER:
        say_timer(text, &text->model->waits[to->row], 1, true);
        break;
    case WAITFOR_TASK:
    case WAITFOR_RES:
        say_wait(text, edge->wait);
        break;
    case WAITFOR_NONE:
    case WAITFOR_WAKE:
    case WAITFOR_WORKERS:
        say_wake(text, task);
        break;
    }
}

// --- Saying all of them ---

static bool is_timer(const why_text *text, const waitfor_edge *edge)
{
    return node_at(text, edge->to)->kind == WAITFOR_TIMER;
}

// Timers come last, as one: the first of them to fire when that is enough, else
// the last.
static const model_wait *take_timers(const why_text *text, why_ways *ways,
                                     uint32_t *ret_count)
{
    const model_wait *found = NULL;
    uint32_t kept = 0;
    *ret_count = 0;
    for (uint32_t i = 0; i < ways->count; i++) {
        if (!is_timer(text, ways->edge[i])) {
            ways->edge[kept++] = ways->edge[i];
            continue;
        }
        const model_wait *wait = &text->model->waits[ways->edge[i]->wait];
        ++*ret_count;
        bool is_first = found == NULL || wait->deadline_ns < found->deadline_ns;
        if (is_first == ways->is_any || found == NULL) found = wait;
    }
    ways->count = kept;
    return found;
}

static void say_ways(why_text *text, uint32_t task, why_ways *ways)
{
    uint32_t timer_count;
    const model_wait *timer = take_timers(text, ways, &timer_count);
    const char *last = ways->is_any ? " or " : " and ";
    uint32_t all = ways->count + ways->more;
    model__say(text, "waits for ");
    for (uint32_t i = 0; i < ways->count; i++) {
        bool is_last = i + 1 == all && timer == NULL;
        if (i == SAID_MAX && !is_last) {
            model__say(text, "%s%" PRIu32 " more", last, all - i);
            break;
        }
        if (i > 0) model__say(text, "%s", is_last ? last : ", ");
        say_way(text, task, ways->edge[i]);
    }
    if (timer == NULL) return;
    if (ways->count > 0) model__say(text, "%s", last);
    say_timer(text, timer, timer_count, ways->is_any);
}

static void say_workers(why_text *text, uint32_t task)
{
    const waitfor_node *node =
        node_at(text, model_waitfor_task(text->graph, task));
    for (uint32_t i = 0; i < node->edges.count; i++) {
        const waitfor_edge *edge = &text->graph->edges[node->edges.first + i];
        const waitfor_node *to = node_at(text, edge->to);
        if (to->kind != WAITFOR_WORKERS || to->edges.count == 0) continue;
        edge = &text->graph->edges[to->edges.first + to->edges.count - 1];
        const model_now_task *keeper =
            &text->world->tasks[node_at(text, edge->to)->row];
        uint32_t wait = 0;
        model_snapshot_waits(text->world, node_at(text, edge->to)->row, &wait,
                             1);
        model__say(text, "; but no worker is left to poll it: ");
        model__say_lane(text, keeper->lane);
        model__say(text, " blocks in ");
        model__say_res(text, text->model->waits[wait].res);
    }
}

uint32_t model__say_waits(why_text *text, uint32_t task)
{
    uint32_t node = model_waitfor_task(text->graph, task);
    why_ways ways = { .count = 0 };
    find_ways(text, node, &ways);
    uint32_t found = text->world->tasks[task].since;
    if (ways.count > 0 && ways.edge[0]->event != MODEL_NONE)
        found = ways.edge[0]->event;
    say_ways(text, task, &ways);
    uint32_t closed = model__say_knot(text, task);
    if (closed != MODEL_NONE) return closed;
    return found;
}

// --- The knot ---

// From one task to the next on the stuck way.
typedef struct knot_step {
    uint32_t next;   // node of the task, 0 at the end
    uint32_t res;    // node of the resource between them, 0 for none
    bool is_workers; // the next one keeps the last worker
} knot_step;

static knot_step step_of(const why_text *text, uint32_t node)
{
    knot_step step = { .next = 0 };
    uint32_t through = node;
    for (unsigned i = 0; i < STEPS_MAX; i++) {
        through = model_waitfor_next_stuck(text->graph, through);
        const waitfor_node *at = node_at(text, through);
        if (through == 0) break;
        if (at->kind == WAITFOR_WORKERS) step.is_workers = true;
        if (at->kind == WAITFOR_RES) step.res = through;
        if (at->kind == WAITFOR_WAKE) break;
        if (at->task == 0) continue;
        // A group of the task itself, on the way out of it, is no step yet.
        bool is_inside = at->kind == WAITFOR_GROUP && step.res == 0 &&
                         at->task == node_at(text, node)->task;
        if (is_inside) continue;
        step.next = model_waitfor_task(text->graph, at->task);
        break;
    }
    return step;
}

// "; 2 right waits for mutex `a`, held by 1 left"
static void say_step(why_text *text, uint32_t node, const knot_step *step)
{
    model__say(text, "; ");
    model__say_task(text, node_at(text, node)->row);
    if (step->is_workers) {
        model__say(text, " needs a worker");
        return;
    }
    if (step->res != 0) {
        model__say(text, " waits for ");
        model__say_res(text, node_at(text, step->res)->row);
        model__say(text, ", held by ");
    } else {
        model__say(text, " waits for the end of ");
    }
    model__say_task(text, node_at(text, step->next)->row);
}

uint32_t model__say_knot(why_text *text, uint32_t task)
{
    uint32_t node = model_waitfor_task(text->graph, task);
    uint32_t seen[STEPS_MAX];
    if (!node_at(text, node)->is_stuck || node == 0) return MODEL_NONE;
    for (unsigned i = 0; i < STEPS_MAX; i++) {
        knot_step step = step_of(text, node);
        seen[i] = node;
        if (step.next == 0) break;
        if (i > 0) say_step(text, node, &step);
        if (i == 0 && step.is_workers) say_workers(text, task);
        for (unsigned k = 0; k <= i; k++) {
            if (seen[k] != step.next) continue;
            model__say(text, ": deadlock");
            return text->graph->closed_by;
        }
        node = step.next;
    }
    const waitfor_node *end = node_at(text, node);
    bool is_over = text->world->tasks[end->row].state >= MODEL_TASK_DONE;
    if (is_over) {
        model__say(text, ": deadlock");
        return text->graph->closed_by;
    }
    model__say(text, "; nobody is left to wake ");
    if (end->row == task) {
        model__say(text, "it");
    } else {
        model__say_task(text, end->row);
    }
    return MODEL_NONE;
}
