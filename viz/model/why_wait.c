// SPDX-License-Identifier: MIT
//
// What a task waits for, read off the wait-for graph: its branches with "and"
// or "or" between them, and who holds what.

#include <inttypes.h>

#include "base/os.h"
#include "model/why_text.h"

#define WAYS_MAX 64 // of a task's waits are looked at
#define SAID_MAX 3  // of them are said

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
static void say_target(why_text *text, const waitfor_edge *edge)
{
    const model_wait *wait = &text->model->waits[edge->wait];
    switch (text->model->res[wait->res].kind) {
    case ANT_RES_MPSC:
    case ANT_RES_ONESHOT:
    case ANT_RES_BROADCAST:
    case ANT_RES_WATCH:
        model__say_channel(text, node_at(text, edge->to));
        model__say_halves(text, node_at(text, edge->to), wait->task);
        return;
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

static void say_wait(why_text *text, const waitfor_edge *edge)
{
    const model_wait *wait = &text->model->waits[edge->wait];
    if (wait->kind == MODEL_WAIT_JOIN) {
        model__say(text, "the end of ");
        model__say_task(text, wait->on);
        return;
    }
    say_target(text, edge);
    model__say_keeper(text, edge->wait);
}

// The wait of a task that ended with this event, so that its wake must follow;
// 0 for none.
static uint32_t ended_by(const ant_model *model, uint32_t task, uint32_t event)
{
    uint32_t row = model_wait_of(model, event);
    const model_wait *wait = &model->waits[row];
    bool is_end = wait->task == task && wait->end_event == event &&
                  wait->why != ANT_WAIT_CANCELLED;
    return is_end ? row : 0;
}

// The same since the task began to wait.
static uint32_t find_ended(const why_text *text, uint32_t task)
{
    const ant_model *model = text->model;
    const uint32_t *events = model->events_of_task;
    uint32_t event = text->world->event;
    uint32_t row = ended_by(model, task, event); // also another's end
    while (row == 0) {
        event = model_prev_in(events, model->tasks[task].events, event);
        if (event == MODEL_NONE || event <= text->world->tasks[task].since)
            return 0;
        row = ended_by(model, task, event);
    }
    return row;
}

// "its wake: the timer that it set at 2.000 ms came due at 12.000 ms"
static void say_coming_wake(why_text *text, uint32_t row)
{
    const model_wait *wait = &text->model->waits[row];
    model__say(text, "its wake: ");
    if (wait->kind == MODEL_WAIT_TIMER) {
        uint32_t by = text->model->task[wait->begin_event];
        model__say(text, "the timer that ");
        if (by == wait->task) {
            model__say(text, "it");
        } else if (by != 0) {
            model__say_task(text, by);
        } else {
            model__say(text, "the runtime");
        }
        model__say(text, " set at ");
        model__say_at(text, wait->begin_event);
        model__say(text, " came due");
    } else if (wait->kind == MODEL_WAIT_JOIN) {
        model__say_task(text, wait->on);
        model__say(text, " ended");
    } else {
        model__say_res(text, wait->res);
        model__say(text, wait->why == ANT_WAIT_CLOSED ? " was closed"
                                                      : " was granted to it");
    }
    model__say(text, " at ");
    model__say_at(text, wait->end_event);
}

static void say_wake(why_text *text, uint32_t task)
{
    uint32_t ended = find_ended(text, task);
    if (ended != 0) {
        say_coming_wake(text, ended);
        return;
    }
    model__say(text, "a wake");
    model__say_since(text, text->world->tasks[task].since);
    model__say(text, "; nothing in the trace says from whom");
}

// One way out in a few words: whose end, or which resource.
static void say_name(why_text *text, const waitfor_node *node)
{
    switch ((waitfor_kind)node->kind) {
    case WAITFOR_GROUP:
        model__say(text, "`%s`", text->model->futures[node->row].name);
        break;
    case WAITFOR_TASK:
        model__say(text, "the end of ");
        model__say_task(text, node->row);
        break;
    case WAITFOR_RES:
        model__say_res(text, node->row);
        break;
    case WAITFOR_TIMER:
        model__say(text, "a timer");
        break;
    case WAITFOR_NONE:
    case WAITFOR_WAKE:
    case WAITFOR_WORKERS:
        model__say(text, "a wake");
        break;
    }
}

// A branch that is a group itself: "any of mutex `a` and a timer in `first`".
static void say_branch(why_text *text, const waitfor_node *node)
{
    const model_future *future = &text->model->futures[node->row];
    uint32_t n = node->edges.count;
    if (n > 1) model__say(text, node->is_any ? "any of " : "all of ");
    for (uint32_t i = 0; i < n; i++) {
        bool is_last = i + 1 == n;
        if (i == SAID_MAX && !is_last) {
            model__say(text, " and %" PRIu32 " more", n - i);
            break;
        }
        if (i > 0) model__say(text, "%s", is_last ? " and " : ", ");
        uint32_t edge = node->edges.first + i;
        say_name(text, node_at(text, text->graph->edges[edge].to));
    }
    model__say(text, " in `%s`", future->name);
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
        say_wait(text, edge);
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

// Does the task stand in this line with a future that it polls?
static bool looks_there(const why_text *text, uint32_t task, uint32_t res)
{
    uint32_t row = text->world->tasks[task].waits.first;
    for (; row != 0; row = text->world->waits[row].of_task.next) {
        bool is_same = text->model->waits[row].res == res;
        if (is_same && model_waitfor_has(text->graph, row)) return true;
    }
    return false;
}

// Lines in which the task stands though it does not poll who began to wait
// there: a select left that future behind.
static void say_left_behind(why_text *text, uint32_t task)
{
    uint32_t n = 0;
    uint32_t row = text->world->tasks[task].waits.first;
    for (; row != 0; row = text->world->waits[row].of_task.next) {
        const model_wait *wait = &text->model->waits[row];
        bool is_line = wait->kind == MODEL_WAIT_RES && wait->res != 0;
        if (!is_line || model_waitfor_has(text->graph, row)) continue;
        if (looks_there(text, task, wait->res) || n++ >= SAID_MAX) continue;
        model__say(text, n == 1 ? "; it also stands in line for " : ", ");
        model__say_res(text, wait->res);
    }
    if (n > SAID_MAX) model__say(text, " and %" PRIu32 " more", n - SAID_MAX);
    if (n > 0) model__say(text, ", where it does not look now");
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
    say_left_behind(text, task);
    uint32_t closed = model__say_knot(text, task);
    if (closed != MODEL_NONE) return closed;
    return found;
}
