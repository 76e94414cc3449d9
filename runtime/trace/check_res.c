// SPDX-License-Identifier: MIT
//
// Rules about locks, semaphores and the queues in front of resources.
//
//   lock-holder  a lock has one holder: it is taken when it is free, and given
//                back by who took it
//   lock-fair    a lock or a semaphore goes to whoever has waited longest, and
//                nobody takes a lock between its being granted and being held
//   permits      no more permits are held than there are; a read-write lock
//                has as many as readers, and a writer holds them all
//   wait-queue   a task leaves a queue that it has entered

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "trace/check_parts.h"

typedef struct res_row {
    uint64_t id;
    uint64_t kind;
    bool is_new_seen; // else its past is not known
    bool is_held;
    bool is_granted;
    uint64_t holder;
    uint64_t granted_to;
    uint64_t permits_held;
    uint64_t permits; // all, held or free
    uint64_t *waiter; // tasks, the oldest first
    uint32_t waiter_count;
    uint32_t waiter_max; // allocated
} res_row;

static void join_queue(res_row *row, uint64_t task);
static bool leave_queue(res_row *row, uint64_t task);
static void judge_wait_end(ant_check *check, res_row *row);
static void judge_acquire(ant_check *check, res_row *row);
static void judge_release(ant_check *check, res_row *row);
static void judge_permits_taken(ant_check *check, res_row *row);
static void count_permits_back(const ant_check *check, res_row *row);
static bool is_lock(const res_row *row);
static bool has_permits(const res_row *row);

void ant__check_res_init(ant_check *check)
{
    check->res = ant_table_init(sizeof(res_row));
}

void ant__check_res_deinit(ant_check *check)
{
    for (uint32_t i = 0; i < check->res.count; i++) {
        res_row *row = ant_table_row(&check->res, i);
        ant_mem_free(row->waiter);
    }
}

void ant__check_res_event(ant_check *check)
{
    const ant_event *event = check->event;
    bool is_mine =
        (event->kind >= ANT_EV_res_new && event->kind <= ANT_EV_release) ||
        event->kind == ANT_EV_permits;
    if (check->is_lossy || !is_mine) return;
    // All these rows begin with the resource.
    res_row *row = ant_table_get(&check->res, event->field[0]);
    if (row == NULL) return;
    row->id = event->field[0];
    if (event->kind == ANT_EV_res_new) {
        row->kind = ANT_EVENT_AS(res_new, event)->kind;
        row->permits = ANT_EVENT_AS(res_new, event)->capacity;
        row->is_new_seen = true;
    } else if (!row->is_new_seen) {
        return;
    } else if (event->kind == ANT_EV_wait_begin) {
        join_queue(row, event->field[1]);
    } else if (event->kind == ANT_EV_wait_end) {
        judge_wait_end(check, row);
    } else if (event->kind == ANT_EV_acquire) {
        judge_acquire(check, row);
    } else if (event->kind == ANT_EV_release) {
        judge_release(check, row);
    } else if (event->kind == ANT_EV_permits) {
        row->permits += ANT_EVENT_AS(permits, event)->change; // signed
    }
}

static void join_queue(res_row *row, uint64_t task)
{
    if (row->waiter_count == row->waiter_max) {
        uint32_t max = row->waiter_max != 0 ? row->waiter_max * 2 : 8;
        uint64_t *more = ant_mem_resize(row->waiter, max * sizeof *more);
        if (more == NULL) {
            row->is_new_seen = false;
            return;
        }
        row->waiter = more;
        row->waiter_max = max;
    }
    row->waiter[row->waiter_count++] = task;
}

// Takes the task's oldest place away. False when it had none.
static bool leave_queue(res_row *row, uint64_t task)
{
    for (uint32_t i = 0; i < row->waiter_count; i++) {
        if (row->waiter[i] != task) continue;
        row->waiter_count--;
        memmove(row->waiter + i, row->waiter + i + 1,
                (row->waiter_count - i) * sizeof *row->waiter);
        return true;
    }
    return false;
}

static void judge_wait_end(ant_check *check, res_row *row)
{
    const ant_ev_wait_end *end = ANT_EVENT_AS(wait_end, check->event);
    bool is_grant = end->why == ANT_WAIT_GRANTED;
    bool is_fair_kind = row->kind == ANT_RES_MUTEX ||
                        row->kind == ANT_RES_ONCE || has_permits(row);
    bool is_unfair = is_grant && is_fair_kind && row->waiter_count > 0 &&
                     row->waiter[0] != end->task;
    if (is_unfair) {
        ant__check_report(check, "lock-fair", end->task,
                          "%s gets %s before %s, which has waited longer",
                          ant__check_task_name(check, end->task),
                          ant__check_res_name(check, row->id),
                          ant__check_task_name(check, row->waiter[0]));
    }
    if (!leave_queue(row, end->task)) {
        ant__check_report(check, "wait-queue", end->task,
                          "%s leaves the queue of %s but was not in it",
                          ant__check_task_name(check, end->task),
                          ant__check_res_name(check, row->id));
    }
    if (!is_grant) return;
    row->is_granted = true;
    row->granted_to = end->task;
}

static void judge_acquire(ant_check *check, res_row *row)
{
    if (has_permits(row)) judge_permits_taken(check, row);
    if (!is_lock(row)) return;
    const uint64_t task = ANT_EVENT_AS(acquire, check->event)->task;
    if (row->is_held) {
        ant__check_report(check, "lock-holder", task,
                          "%s takes %s while %s holds it",
                          ant__check_task_name(check, task),
                          ant__check_res_name(check, row->id),
                          ant__check_task_name(check, row->holder));
    } else if (row->is_granted && row->granted_to != task) {
        ant__check_report(check, "lock-fair", task,
                          "%s takes %s, which was given to %s",
                          ant__check_task_name(check, task),
                          ant__check_res_name(check, row->id),
                          ant__check_task_name(check, row->granted_to));
    }
    row->is_held = true;
    row->is_granted = false;
    row->holder = task;
}

static void judge_release(ant_check *check, res_row *row)
{
    if (has_permits(row)) count_permits_back(check, row);
    if (!is_lock(row)) return;
    const uint64_t task = ANT_EVENT_AS(release, check->event)->task;
    if (!row->is_held) {
        ant__check_report(check, "lock-holder", task,
                          "%s gives back %s, which nobody holds",
                          ant__check_task_name(check, task),
                          ant__check_res_name(check, row->id));
    } else if (row->holder != task) {
        ant__check_report(check, "lock-holder", task,
                          "%s gives back %s, which %s holds",
                          ant__check_task_name(check, task),
                          ant__check_res_name(check, row->id),
                          ant__check_task_name(check, row->holder));
    }
    row->is_held = false;
}

static void judge_permits_taken(ant_check *check, res_row *row)
{
    const ant_ev_acquire *acquire = ANT_EVENT_AS(acquire, check->event);
    row->permits_held += acquire->amount;
    if (row->permits_held <= row->permits) return;
    ant__check_report(check, "permits", acquire->task,
                      "%s takes %" PRIu64 " of %s, of which then %" PRIu64
                      " are held and only %" PRIu64 " exist",
                      ant__check_task_name(check, acquire->task),
                      acquire->amount, ant__check_res_name(check, row->id),
                      row->permits_held, row->permits);
}

// To give back what was never taken makes new permits.
static void count_permits_back(const ant_check *check, res_row *row)
{
    const uint64_t amount = ANT_EVENT_AS(release, check->event)->amount;
    const uint64_t held =
        amount < row->permits_held ? amount : row->permits_held;
    row->permits_held -= held;
    row->permits += amount - held;
}

static bool is_lock(const res_row *row)
{
    return row->kind == ANT_RES_MUTEX || row->kind == ANT_RES_THREAD_MUTEX ||
           row->kind == ANT_RES_ONCE;
}

static bool has_permits(const res_row *row)
{
    return row->kind == ANT_RES_SEMAPHORE || row->kind == ANT_RES_RWLOCK;
}
