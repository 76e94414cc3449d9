// SPDX-License-Identifier: MIT
//
// THE table: every event that a trace can hold, one row each. The enum, the
// structs, the encoder, the decoder, the text dump, the legend and the page in
// the docs are all made from these rows, so an event is added here and nowhere
// else.
//
// A row is E(name, LEVEL, "meaning", FIELDS). LEVEL says from which level of
// detail on the event is recorded: NAMES always (and apart, in the stream of
// names), SCHED tasks, workers and resources, FULL also nested futures.
//
// Rows are only ever appended, and the order of a row's fields never changes:
// a row's place is its number in every file ever written.

#ifndef ANT_TRACE_EVENTS_H
#define ANT_TRACE_EVENTS_H

#include <stdint.h>

// What a value of an enumerated field means. E.g. the field `result` with the
// value ANT_RESULT_READY is written to the file as a number and shown as READY.
// clang-format off
#define ANT_TRACE_ENUMS(ENUM, V)                                             \
    ENUM(FLAVOR, V(FLAVOR_CURRENT) V(FLAVOR_MULTI) V(FLAVOR_SIM))            \
    ENUM(LANE, V(LANE_WORKER) V(LANE_BLOCKING) V(LANE_THREAD))               \
    ENUM(TASK, V(TASK_ASYNC) V(TASK_BLOCKING) V(TASK_ROOT)                   \
         V(TASK_LOCAL) V(TASK_MANDATORY))                                    \
    ENUM(RESULT, V(RESULT_PENDING) V(RESULT_READY) V(RESULT_FAILED)          \
         V(RESULT_PANICKED) V(RESULT_CANCELLED) V(RESULT_ITEM))              \
    ENUM(QUEUE, V(QUEUE_LOCAL) V(QUEUE_LIFO) V(QUEUE_INJECT)                 \
         V(QUEUE_STOLEN) V(QUEUE_BLOCKING) V(QUEUE_DEFERRED)                 \
         V(QUEUE_PINNED))                                                    \
    ENUM(WAKE, V(WAKE_QUEUED) V(WAKE_COALESCED) V(WAKE_RUNNING)              \
         V(WAKE_LATE))                                                       \
    ENUM(VIA, V(VIA_WAKER) V(VIA_SELF) V(VIA_YIELD) V(VIA_TIMER) V(VIA_LOCK) \
         V(VIA_CHANNEL) V(VIA_JOIN) V(VIA_ABORT) V(VIA_IO)                   \
         V(VIA_BUDGET) V(VIA_SHUTDOWN) V(VIA_NOTIFY) V(VIA_SPURIOUS))        \
    ENUM(DROP, V(DROP_DONE) V(DROP_CANCELLED) V(DROP_UNPOLLED)               \
         V(DROP_SHUTDOWN) V(DROP_PANIC))                                     \
    ENUM(PARK, V(PARK_IDLE) V(PARK_DRIVER))                                  \
    ENUM(UNPARK, V(UNPARK_NOTIFIED) V(UNPARK_TIMER) V(UNPARK_IO)             \
         V(UNPARK_SPURIOUS))                                                 \
    ENUM(RES, V(RES_MUTEX) V(RES_THREAD_MUTEX) V(RES_ONESHOT)                \
         V(RES_SEMAPHORE) V(RES_RWLOCK) V(RES_NOTIFY) V(RES_BARRIER)         \
         V(RES_ONCE) V(RES_MPSC) V(RES_BROADCAST) V(RES_WATCH)               \
         V(RES_SOCKET) V(RES_TIMER) V(RES_TASK) V(RES_OTHER)                 \
         V(RES_JOIN_SET) V(RES_TOKEN) V(RES_TRACKER) V(RES_LISTENER)         \
         V(RES_PIPE) V(RES_SIGNAL) V(RES_PROCESS))                           \
    ENUM(WAIT, V(WAIT_GRANTED) V(WAIT_CANCELLED) V(WAIT_CLOSED))             \
    ENUM(BLOCK, V(BLOCK_MUTEX) V(BLOCK_SLEEP) V(BLOCK_CALL))                 \
    ENUM(RANDOM, V(RANDOM_SELECT) V(RANDOM_STEAL) V(RANDOM_WORKER))          \
    ENUM(PHASE, V(PHASE_CLOSE) V(PHASE_CANCEL) V(PHASE_DRAIN)                \
         V(PHASE_DRIVER) V(PHASE_POOL) V(PHASE_DONE))                        \
    ENUM(NEEDS, V(NEEDS_ONE) V(NEEDS_ALL) V(NEEDS_ANY))                      \
    ENUM(SIDE, V(SIDE_IN) V(SIDE_OUT))

// Field types: TASK FUT LANE RES TIMER are ids that are never reused in one
// file (0 is none), TYPE and STR are ids from the stream of names, NS a moment
// in nanoseconds (given as the clock has it, written as counted from the
// beginning of the recording; UINT64_MAX is never), SEQ a task's step modulo
// 128, LINE a source line, INT a signed number, NUM an unsigned one, ENUM(name,
// LIST) one of a list above.
#define ANT_TRACE_EVENTS(E)                                                  \
    /* The stream of names. */                                               \
    E(string, NAMES, "a text gets a number",                                 \
      NUM(id) TEXT(text))                                                    \
    E(type, NAMES, "an async function gets a number",                        \
      TYPE(type) STR(name) STR(file) LINE(line) NUM(bytes))                  \
    E(state, NAMES, "a state of an async function gets its name",            \
      TYPE(type) NUM(state) STR(name) LINE(line))                            \
    E(lane, NAMES, "a thread that runs tasks, real or virtual",              \
      LANE(lane) ENUM(kind, LANE) NUM(index) STR(name))                      \
    /* The runtime and its workers. */                                       \
    E(runtime_start, SCHED, "a runtime starts",                              \
      ENUM(flavor, FLAVOR) NUM(workers) NUM(seed))                           \
    E(runtime_stop, SCHED, "shutdown reaches a phase",                       \
      ENUM(phase, PHASE))                                                    \
    E(lane_enter, SCHED, "what follows in this stream happens on a lane",    \
      LANE(lane))                                                            \
    E(lane_leave, SCHED, "the lane's thread ends",                           \
      LANE(lane))                                                            \
    E(park, SCHED, "the worker goes to sleep",                               \
      ENUM(reason, PARK) NS(until))                                          \
    E(unpark, SCHED, "the worker wakes up",                                  \
      ENUM(cause, UNPARK))                                                   \
    E(worker_notify, SCHED, "a parked worker is called",                     \
      LANE(target))                                                          \
    E(search_begin, FULL, "the worker starts to search others' queues",      \
      NUM(searching))                                                        \
    E(search_end, FULL, "the worker stops searching",                        \
      NUM(searching))                                                        \
    E(steal, SCHED, "the worker takes tasks from another's queue",           \
      LANE(victim) NUM(count) NUM(left) TASK(first))                         \
    E(steal_task, SCHED, "one of the stolen tasks changes queue",            \
      TASK(task) LANE(victim))                                               \
    E(overflow, SCHED, "a full queue moves half to the injection queue",     \
      NUM(count))                                                            \
    E(inject_pop, SCHED, "the worker takes tasks from the injection queue",  \
      NUM(count) NUM(left))                                                  \
    E(runnable, FULL, "this task could have been chosen next (sim)",         \
      TASK(task))                                                            \
    E(choice, FULL, "the simulator chose among so many lanes",               \
      LANE(chosen) NUM(of))                                                  \
    E(random, FULL, "a random number was drawn",                             \
      ENUM(use, RANDOM) NUM(value) NUM(below))                               \
    /* Tasks. */                                                             \
    E(task_spawn, SCHED, "a task is made",                                   \
      TASK(task) SEQ(seq) ENUM(kind, TASK) TASK(parent) TYPE(type)           \
      STR(name) STR(file) LINE(line))                                        \
    E(task_push, SCHED, "a task enters a run queue",                         \
      TASK(task) ENUM(queue, QUEUE) LANE(owner) NUM(len))                    \
    E(poll_begin, SCHED, "the lane starts to poll a task",                   \
      TASK(task) SEQ(seq) ENUM(queue, QUEUE) NUM(len))                       \
    E(poll_end, SCHED, "the poll returns",                                   \
      TASK(task) SEQ(seq) ENUM(result, RESULT) NUM(wakers) NUM(budget))      \
    E(task_end, SCHED, "a task is over and its result can be had",           \
      TASK(task) SEQ(seq) ENUM(outcome, RESULT) INT(err) STR(message)        \
      STR(file) LINE(line))                                                  \
    E(task_drop, SCHED, "the task's future is destroyed",                    \
      TASK(task) ENUM(why, DROP))                                            \
    E(task_abort, SCHED, "somebody asks a task to stop",                     \
      TASK(task) SEQ(seq))                                                   \
    E(task_detach, SCHED, "nobody will ask for the task's result",           \
      TASK(task))                                                            \
    E(wake, SCHED, "a task's waker is used",                                 \
      TASK(task) SEQ(seq) ENUM(result, WAKE) ENUM(via, VIA) RES(res)         \
      TIMER(timer) TASK(ended))                                              \
    E(budget_out, SCHED, "the task has used up its budget and must yield",   \
      TASK(task))                                                            \
    /* Futures inside a task. */                                             \
    E(future_start, FULL, "a future is polled for the first time",           \
      FUT(fut) FUT(parent) TYPE(type) STR(name) LINE(line))                  \
    E(future_poll, FULL, "a future is polled",                               \
      FUT(fut))                                                              \
    E(future_result, FULL, "the future's poll returns",                      \
      FUT(fut) ENUM(result, RESULT) LINE(line))                              \
    E(future_state, FULL, "an async function goes to its next state",        \
      FUT(fut) NUM(state) LINE(line))                                        \
    E(future_drop, FULL, "a future ends",                                    \
      FUT(fut) ENUM(why, DROP))                                              \
    /* Time. */                                                              \
    E(timer_arm, SCHED, "a timer is set",                                    \
      TIMER(timer) TASK(task) NS(deadline))                                  \
    E(timer_fire, SCHED, "a timer's deadline has come",                      \
      TIMER(timer) TASK(task) NS(deadline))                                  \
    E(timer_cancel, SCHED, "a timer is taken back",                          \
      TIMER(timer) TASK(task))                                               \
    /* Locks, channels and whatever else tasks wait for. */                  \
    E(res_new, SCHED, "a lock, channel or other resource appears",           \
      RES(res) ENUM(kind, RES) STR(name) STR(file) LINE(line)                \
      NUM(capacity))                                                         \
    E(res_drop, SCHED, "the resource is gone",                               \
      RES(res))                                                              \
    E(wait_begin, SCHED, "a task joins the queue of a resource",             \
      RES(res) TASK(task) NUM(amount) NUM(waiters) LINE(line))               \
    E(wait_end, SCHED, "the task leaves that queue",                         \
      RES(res) TASK(task) ENUM(why, WAIT) NUM(waiters))                      \
    E(acquire, SCHED, "a task holds the resource now",                       \
      RES(res) TASK(task) NUM(amount) LINE(line))                            \
    E(release, SCHED, "the task gives the resource back",                    \
      RES(res) TASK(task) NUM(amount))                                       \
    E(chan_send, SCHED, "a value enters a channel",                          \
      RES(res) TASK(task) NUM(len))                                          \
    E(chan_recv, SCHED, "a value leaves a channel",                          \
      RES(res) TASK(task) NUM(len))                                          \
    E(chan_close, SCHED, "one side of a channel goes away",                  \
      RES(res) TASK(task))                                                   \
    E(block_begin, SCHED, "the whole thread starts to wait",                 \
      TASK(task) ENUM(what, BLOCK) RES(res) STR(file) LINE(line))            \
    E(block_end, SCHED, "the thread goes on",                                \
      TASK(task) ENUM(what, BLOCK) RES(res))                                 \
    /* The program speaks, or can say no more. */                            \
    E(note, SCHED, "the program left a note",                                \
      TASK(task) STR(text))                                                  \
    E(stall, SCHED, "nothing can ever wake again",                           \
      NUM(waiting))                                                          \
    E(stall_edge, SCHED, "why: this task waits for that one",                \
      TASK(task) TASK(holder) RES(res) LINE(line))                           \
    E(join_wait, SCHED, "a task begins to wait for another's end",           \
      TASK(task) TASK(on))                                                   \
    E(chan_lag, SCHED, "a slow receiver has missed values",                  \
      RES(res) TASK(task) NUM(missed))                                       \
    E(permits, SCHED, "a semaphore has more permits from now on, or fewer",  \
      RES(res) TASK(task) INT(change))                                       \
    E(pick, SCHED, "the schedule chose a task among so many, or ends here",  \
      TASK(task) NUM(place) NUM(of))                                         \
    E(type_needs, NAMES, "a future of this type awaits several at once",     \
      TYPE(type) ENUM(needs, NEEDS))                                         \
    /* The outside world. */                                                 \
    E(io_ready, SCHED, "the system says that waiting for I/O is over",       \
      RES(res) ENUM(side, SIDE) NUM(waiters))                                \
    E(io_read, SCHED, "bytes come in; none: that was the end",               \
      RES(res) TASK(task) NUM(bytes))                                        \
    E(io_write, SCHED, "bytes go out",                                       \
      RES(res) TASK(task) NUM(bytes))                                        \
    E(crash, SCHED, "the program broke a rule and was stopped",              \
      TASK(task) STR(text) STR(file) LINE(line))                             \
    E(lane_late, SCHED, "the thread was ready, and the machine ran others",  \
      NS(since) NUM(ns) NUM(locked))                                         \
    /* Who could send into a channel, and who receives from it. */           \
    E(chan_open, SCHED, "a channel's two halves; tx 0: one more receiver",   \
      RES(res) TASK(task) NUM(tx) NUM(rx))                                   \
    E(half_clone, SCHED, "a channel has one more sender",                    \
      RES(res) TASK(task) NUM(half))                                         \
    E(half_move, SCHED, "a half goes to a new task, or with a value",        \
      NUM(half) TASK(task) RES(into))                                        \
    E(half_drop, SCHED, "a sender, or one of many receivers, is given up",   \
      RES(res) TASK(task) NUM(half))
// clang-format on

// Numbers of the rows, numbers of the listed values, and one struct per row
// whose fields are those of the row.
#define ANT_TRACE_VALUE(name) ANT_##name,
#define ANT_TRACE_ENUM(name, values)                                           \
    enum ant_trace_##name{ values ANT_##name##_COUNT };
ANT_TRACE_ENUMS(ANT_TRACE_ENUM, ANT_TRACE_VALUE)
#undef ANT_TRACE_VALUE
#undef ANT_TRACE_ENUM

typedef enum ant_trace_enum {
#define ANT_TRACE_ENUM(name, values) ANT_ENUM_##name,
    ANT_TRACE_ENUMS(ANT_TRACE_ENUM, )
#undef ANT_TRACE_ENUM
        ANT_ENUM_COUNT
} ant_trace_enum;

typedef enum ant_event_kind {
    ANT_EV_none, // 0 marks unused bytes of a chunk
#define ANT_TRACE_KIND(name, level, meaning, fields) ANT_EV_##name,
    ANT_TRACE_EVENTS(ANT_TRACE_KIND)
#undef ANT_TRACE_KIND
        ANT_EV_COUNT
} ant_event_kind;

typedef enum ant_trace_level {
    ANT_LEVEL_OFF,
    ANT_LEVEL_NAMES,
    ANT_LEVEL_SCHED,
    ANT_LEVEL_FULL,
} ant_trace_level;

typedef enum ant_field_type {
    ANT_FIELD_NUM,
    ANT_FIELD_INT,
    ANT_FIELD_TASK,
    ANT_FIELD_FUT,
    ANT_FIELD_LANE,
    ANT_FIELD_RES,
    ANT_FIELD_TIMER,
    ANT_FIELD_TYPE,
    ANT_FIELD_STR,
    ANT_FIELD_TEXT,
    ANT_FIELD_NS,
    ANT_FIELD_SEQ,
    ANT_FIELD_LINE,
    ANT_FIELD_ENUM,
} ant_field_type;

// The field macros are only defined while a table is being made from the rows:
// define them, use ANT_TRACE_EVENTS, include "trace/fields_undef.h".
#define NUM(x)        uint64_t x;
#define INT(x)        uint64_t x; // a signed number, cast
#define TASK(x)       uint64_t x;
#define FUT(x)        uint64_t x;
#define LANE(x)       uint64_t x;
#define RES(x)        uint64_t x;
#define TIMER(x)      uint64_t x;
#define TYPE(x)       uint64_t x;
#define STR(x)        uint64_t x;
#define TEXT(x)       uint64_t x; // a const char *, cast
#define NS(x)         uint64_t x;
#define SEQ(x)        uint64_t x;
#define LINE(x)       uint64_t x;
#define ENUM(x, list) uint64_t x;
#define ANT_TRACE_STRUCT(name, level, meaning, fields)                         \
    typedef struct ant_ev_##name {                                             \
        fields                                                                 \
    } ant_ev_##name;
ANT_TRACE_EVENTS(ANT_TRACE_STRUCT)
#undef ANT_TRACE_STRUCT
#include "trace/fields_undef.h"

// The level each row belongs to.
enum {
#define ANT_TRACE_LEVEL(name, level, meaning, fields)                          \
    ANT_EV_LEVEL_##name = ANT_LEVEL_##level,
    ANT_TRACE_EVENTS(ANT_TRACE_LEVEL)
#undef ANT_TRACE_LEVEL
};

#define ANT_EVENT_FIELD_MAX 8

#endif
