// SPDX-License-Identifier: MIT

#include "text/phrase.h"

#include <stdbool.h>

#include "base/assert.h"
#include "base/macros.h"

// clang-format off
static const char *const templates[ANT_EV_COUNT] = {
    [ANT_EV_none] = "",
    [ANT_EV_string] = "a text gets number {id}",
    [ANT_EV_type] = "an async function is called {name} ({file}:{line})",
    [ANT_EV_state] = "state {state} of {type} is called {name}",
    [ANT_EV_lane] = "{lane} is {kind}",
    [ANT_EV_runtime_start] =
        "the runtime starts: {flavor}, workers: {workers}, seed {seed}",
    [ANT_EV_runtime_stop] = "the runtime shuts down: {phase}",
    [ANT_EV_lane_enter] = "{lane} is at work",
    [ANT_EV_lane_leave] = "{lane} ends",
    [ANT_EV_park] = "{@} goes to sleep: {reason}[, until {until}]",
    [ANT_EV_unpark] = "{@} wakes up: {cause}",
    [ANT_EV_worker_notify] = "{who} calls {target}",
    [ANT_EV_search_begin] =
        "{@} looks for work elsewhere (now searching: {searching})",
    [ANT_EV_search_end] = "{@} stops looking (still searching: {searching})",
    [ANT_EV_steal] =
        "{@} steals {count} from {victim}, first {first} ({left} left there)",
    [ANT_EV_steal_task] = "{task} moves from {victim} to {@}",
    [ANT_EV_overflow] =
        "the queue of {@} is full: {count} {count|task moves|tasks move} to "
        "the shared queue",
    [ANT_EV_inject_pop] =
        "{@} takes {count} from the shared queue ({left} left there)",
    [ANT_EV_runnable] = "{task} could run next",
    [ANT_EV_choice] = "the simulator chooses {chosen} out of {of}",
    [ANT_EV_pick] = "a choice among {of} ready tasks[: {task}, number {place}]",
    [ANT_EV_random] = "a random number for {use}: {value}, below {below}",
    [ANT_EV_task_spawn] = "{who} spawns {task}[ at {file}:{line}]",
    [ANT_EV_task_push] = "{task} enters {queue}[ of {owner}] ({len} there)",
    [ANT_EV_poll_begin] = "{@} polls {task} (from {queue})",
    [ANT_EV_poll_end] = "the poll of {task} returns {result}",
    [ANT_EV_task_end] =
        "{task} is over: {outcome}[, {err}][, \"{message}\"][ at "
        "{file}:{line}]",
    [ANT_EV_task_drop] = "the future of {task} is destroyed: {why}",
    [ANT_EV_task_abort] = "{who} asks {task} to stop",
    [ANT_EV_task_detach] = "nobody will ask for the result of {task}",
    [ANT_EV_wake] = "{who} wakes {task} {cause}: {result}",
    [ANT_EV_budget_out] = "{task} has used up its budget and must yield",
    [ANT_EV_future_start] =
        "{fut} ({type}) begins[ inside {parent}][ at line {line}]",
    [ANT_EV_future_poll] = "{fut} is polled",
    [ANT_EV_future_result] =
        "the poll of {fut} returns {result}[ at line {line}]",
    [ANT_EV_future_state] = "{fut} goes to state {state}[ at line {line}]",
    [ANT_EV_future_drop] = "{fut} ends: {why}",
    [ANT_EV_timer_arm] = "a timer is set for {task}, due at {deadline}",
    [ANT_EV_timer_fire] = "the timer of {task} has come due (at {deadline})",
    [ANT_EV_timer_cancel] = "the timer of {task} is taken back",
    [ANT_EV_res_new] = "{res} appears[ at {file}:{line}]",
    [ANT_EV_res_drop] = "{res} is gone",
    [ANT_EV_wait_begin] =
        "{task} waits for {res}[ at line {line}] (waiting: {waiters})",
    [ANT_EV_wait_end] = "{task} waits no more for {res}: {why}",
    [ANT_EV_acquire] = "{task} holds {res} now[, taken at line {line}]",
    [ANT_EV_release] = "{task} gives back {res}",
    [ANT_EV_chan_send] = "{task} sends into {res} ({len} inside)",
    [ANT_EV_chan_recv] = "{task} receives from {res} ({len} left inside)",
    [ANT_EV_chan_close] = "{task} closes its side of {res}",
    [ANT_EV_block_begin] =
        "{task} makes the whole thread wait: {what}[, {res}][ at "
        "{file}:{line}]",
    [ANT_EV_block_end] = "the thread of {task} goes on",
    [ANT_EV_note] = "{who} says \"{text}\"",
    [ANT_EV_stall] =
        "nothing can ever wake again: {waiting} {waiting|task waits|tasks "
        "wait} for ever",
    [ANT_EV_stall_edge] = "{task} waits for ever{cause}[ (line {line})]",
    [ANT_EV_join_wait] = "{task} waits for the end of {on}",
    [ANT_EV_chan_lag] = "{task} was too slow for {res}: it missed {missed}",
    [ANT_EV_permits] = "{task} changes the permits of {res} by {change}",
    [ANT_EV_crash] = "the program is stopped at {file}:{line}: {text}",
    [ANT_EV_lane_late] =
        "{@} could run, but the machine ran others for {ns} ns[; a lock of "
        "the runtime kept it for {locked} ns]",
    [ANT_EV_type_needs] = "{type} awaits several futures and needs {needs}",
    [ANT_EV_chan_open] =
        "{res} has half {rx}, a receiver[, and half {tx}, a sender][; {task} "
        "made it]",
    [ANT_EV_half_clone] = "{task} has one more sender of {res}",
    [ANT_EV_half_move] =
        "half {half} of a channel goes[ to {task}][ into {into}]",
    [ANT_EV_half_drop] = "{task} gives up half {half} of {res}",
    [ANT_EV_io_ready] = "{res} is ready: {side} (waiting: {waiters})",
    [ANT_EV_io_read] = "{task} reads {bytes} {bytes|byte|bytes} from {res}",
    [ANT_EV_io_write] = "{task} writes {bytes} {bytes|byte|bytes} to {res}",
};

static const char *const values[ANT_ENUM_COUNT][24] = {
    [ANT_ENUM_FLAVOR] = { "current thread", "multi thread", "simulation" },
    [ANT_ENUM_LANE] = {
        "a worker", "a blocking thread", "a thread of the program",
    },
    [ANT_ENUM_TASK] = {
        "async", "blocking", "root", "local", "mandatory blocking",
    },
    [ANT_ENUM_RESULT] = {
        "PENDING", "READY", "FAILED", "PANICKED", "CANCELLED", "ITEM",
    },
    [ANT_ENUM_QUEUE] = {
        [ANT_QUEUE_LOCAL] = "the run queue",
        [ANT_QUEUE_LIFO] = "the next-task slot",
        [ANT_QUEUE_INJECT] = "the shared queue",
        [ANT_QUEUE_STOLEN] = "another's run queue",
        [ANT_QUEUE_BLOCKING] = "the blocking queue",
        [ANT_QUEUE_DEFERRED] = "the list of those that yielded",
        [ANT_QUEUE_PINNED] = "the worker's own tasks",
    },
    [ANT_ENUM_WAKE] = {
        [ANT_WAKE_QUEUED] = "it may run",
        [ANT_WAKE_COALESCED] = "it was to run anyway",
        [ANT_WAKE_RUNNING] = "it is being polled and will run again",
        [ANT_WAKE_LATE] = "too late, it is over",
    },
    [ANT_ENUM_VIA] = {
        [ANT_VIA_WAKER] = "through its waker",
        [ANT_VIA_SELF] = "itself",
        [ANT_VIA_YIELD] = "as it yields",
        [ANT_VIA_TIMER] = "as a timer is due",
        [ANT_VIA_LOCK] = "as a lock is free",
        [ANT_VIA_CHANNEL] = "through a channel",
        [ANT_VIA_JOIN] = "as a task it joins is over",
        [ANT_VIA_ABORT] = "to stop it",
        [ANT_VIA_IO] = "as I/O is ready",
        [ANT_VIA_BUDGET] = "as its budget is gone",
        [ANT_VIA_SHUTDOWN] = "to shut down",
        [ANT_VIA_NOTIFY] = "to tell it something",
        [ANT_VIA_SPURIOUS] = "for no reason, as a test",
    },
    [ANT_ENUM_DROP] = {
        "done", "cancelled", "never polled", "shutdown", "panic",
    },
    [ANT_ENUM_PARK] = { "nothing to do", "waiting for timers and I/O" },
    [ANT_ENUM_UNPARK] = {
        "it was called", "a timer is due", "I/O is ready", "for no reason",
    },
    [ANT_ENUM_RES] = {
        "mutex", "thread mutex", "oneshot", "semaphore", "rwlock", "notify",
        "barrier", "once", "channel", "broadcast", "watch", "socket", "timer",
        "task", "resource", "join set", "cancellation token", "tracker",
        "listener", "pipe", "signal", "process",
    },
    [ANT_ENUM_WAIT] = { "granted", "cancelled", "closed" },
    [ANT_ENUM_BLOCK] = { "in a thread mutex", "in a sleep", "in a call" },
    [ANT_ENUM_RANDOM] = { "select", "stealing", "a worker" },
    [ANT_ENUM_PHASE] = {
        "no new tasks", "tasks are cancelled", "queues are emptied",
        "timers and I/O end", "blocking threads end", "done",
    },
    [ANT_ENUM_NEEDS] = { "one of them", "all of them", "any of them" },
    [ANT_ENUM_SIDE] = { "for reading", "for writing" },
};
// clang-format on

const char *text_phrase_of_event(ant_event_kind kind)
{
    ANT_ASSERT(kind < ANT_EV_COUNT);
    const char *text = templates[kind];
    return text != NULL ? text : "";
}

const char *text_phrase_of_value(ant_trace_enum list, uint64_t value)
{
    ANT_ASSERT(list < ANT_ENUM_COUNT);
    bool is_known = value < ANT_ARRAY_LEN(values[list]);
    const char *text = is_known ? values[list][value] : NULL;
    return text != NULL ? text : "?";
}
