// SPDX-License-Identifier: MIT
//
// Rules about what goes through channels, and through join sets, in which the
// ends of tasks are the values.
//
//   chan-empty   nothing leaves a channel that has not entered it
//   chan-full    a bounded channel holds no more than it has places; a oneshot
//                carries one value
//   chan-closed  nothing enters a oneshot that was closed
//   chan-lag     a broadcast receiver misses only what was overwritten
//   chan-half    a half is given up once: one that was copied and dropped twice
//                is not two
//   set-len      a join set holds as many ends as came and were not handed out
//
// What is inside when the recording begins is not known: a channel is judged
// if its first event is a value that enters it, and finds it empty.

#include <inttypes.h>

#include "trace/check_parts.h"

typedef struct chan_row {
    uint64_t kind;
    uint64_t places;  // 0: no bound
    bool is_new_seen; // else its past is not known
    bool is_known;    // what is inside
    bool is_closed;
    uint64_t sent;
    uint64_t received;
} chan_row;

static void judge_send(ant_check *check, chan_row *row);
static void judge_receive(ant_check *check, chan_row *row);
static void judge_half(ant_check *check);
static void judge_lag(ant_check *check, const chan_row *row);
static void judge_len(ant_check *check, const chan_row *row);
static void report(ant_check *check, const char *rule, const char *what);
static bool is_queue(const chan_row *row);

void ant__check_chan_init(ant_check *check)
{
    check->chans = ant_table_init(sizeof(chan_row));
    check->halves = ant_table_init(sizeof(bool));
}

void ant__check_chan_event(ant_check *check)
{
    const ant_event *event = check->event;
    const bool is_mine =
        event->kind == ANT_EV_res_new || event->kind == ANT_EV_chan_send ||
        event->kind == ANT_EV_chan_recv || event->kind == ANT_EV_chan_close ||
        event->kind == ANT_EV_chan_lag;
    if (event->kind == ANT_EV_half_drop) judge_half(check);
    if (check->is_lossy || !is_mine) return;
    // All these rows begin with the resource.
    chan_row *row = ant_table_get(&check->chans, event->field[0]);
    if (row == NULL) return;
    if (event->kind == ANT_EV_res_new) {
        row->kind = ANT_EVENT_AS(res_new, event)->kind;
        row->places = ANT_EVENT_AS(res_new, event)->capacity;
        row->is_new_seen = true;
    } else if (!row->is_new_seen) {
        return;
    } else if (event->kind == ANT_EV_chan_send) {
        judge_send(check, row);
    } else if (event->kind == ANT_EV_chan_recv) {
        judge_receive(check, row);
    } else if (event->kind == ANT_EV_chan_lag) {
        judge_lag(check, row);
    } else {
        row->is_closed = true;
    }
}

static void judge_send(ant_check *check, chan_row *row)
{
    if (row->sent == 0)
        row->is_known = ANT_EVENT_AS(chan_send, check->event)->len == 1;
    row->sent++;
    if (!row->is_known) return;

    const bool is_oneshot = row->kind == ANT_RES_ONESHOT;
    if (is_oneshot && row->is_closed)
        report(check, "chan-closed", "sends, though it was closed");
    const bool is_bounded = row->kind == ANT_RES_MPSC && row->places != 0;
    if (is_oneshot && row->sent > 1)
        report(check, "chan-full", "sends a second value");
    else if (is_bounded && row->sent - row->received > row->places)
        report(check, "chan-full", "sends, though there is no free place");
    judge_len(check, row);
}

static void judge_receive(ant_check *check, chan_row *row)
{
    if (!row->is_known || !is_queue(row)) return;
    if (row->received == row->sent) {
        report(check, "chan-empty", "receives what nobody has sent");
        return;
    }
    row->received++;
    judge_len(check, row);
}

static void judge_half(ant_check *check)
{
    bool *is_dropped = ant_table_get(
        &check->halves, ANT_EVENT_AS(half_drop, check->event)->half);
    if (is_dropped == NULL) return;
    if (*is_dropped) report(check, "chan-half", "gives one half up twice");
    *is_dropped = true;
}

// Every value is kept until as many others as there are places came after it.
static void judge_lag(ant_check *check, const chan_row *row)
{
    const uint64_t missed = ANT_EVENT_AS(chan_lag, check->event)->missed;
    const uint64_t overwritten =
        row->sent > row->places ? row->sent - row->places : 0;
    if (row->is_known && missed > overwritten)
        report(check, "chan-lag", "misses more than was overwritten");
}

// The ends are counted under the set's lock, so the number is exact.
static void judge_len(ant_check *check, const chan_row *row)
{
    const uint64_t len = check->event->kind == ANT_EV_chan_send
                             ? ANT_EVENT_AS(chan_send, check->event)->len
                             : ANT_EVENT_AS(chan_recv, check->event)->len;
    if (row->kind == ANT_RES_JOIN_SET && len != row->sent - row->received)
        report(check, "set-len", "counts the ends wrongly");
}

static void report(ant_check *check, const char *rule, const char *what)
{
    const uint64_t task = check->event->field[1]; // in all of these rows
    ant__check_report(check, rule, task, "%s: %s %s",
                      ant__check_res_name(check, check->event->field[0]),
                      ant__check_task_name(check, task), what);
}

// Each value that enters leaves once. A broadcast and a watch are read by many.
static bool is_queue(const chan_row *row)
{
    return row->kind == ANT_RES_ONESHOT || row->kind == ANT_RES_MPSC ||
           row->kind == ANT_RES_JOIN_SET;
}
