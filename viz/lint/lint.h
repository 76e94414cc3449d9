// SPDX-License-Identifier: MIT
//
// Lints: what in a recorded run is most likely a mistake of the program. Each
// has a name, a limit from which on it speaks, and a lesson. They follow those
// of tokio-console, without what made them cry wolf: threads of the blocking
// pool may block, a task that was never polled is not lost, yielding is no
// busy loop. What another finding explains is not told twice.
//
// LINTS is THE table: the report, the limits file, the page in the docs and
// `antfarm lint --list` are made from it. A report belongs to its caller and
// does not change; the model must outlive it only for its texts' events.

#ifndef VIZ_LINT_LINT_H
#define VIZ_LINT_LINT_H

#include "model/model.h"

// L(id, name, severity, limit, unit, what it means, what helps, lesson)
#define LINTS(L)                                                               \
    L(DEADLOCK, "deadlock-cycle", BAD, 1, "tasks",                             \
      "tasks wait for each other, and none can ever go on",                    \
      "take locks in the same order everywhere", "39-lock-order")              \
    L(CHANNEL_CYCLE, "channel-cycle", BAD, 1, "tasks",                         \
      "tasks wait for values, or for room, that only they could make",         \
      "drop senders that are done; receive in a task of its own", "29-mpsc")   \
    L(NOBODY_LEFT, "nobody-left", BAD, 1, "tasks",                             \
      "tasks wait for something, and nobody is left who could do it",          \
      "see who was to do it: it has ended, or waits itself", "04-wakers")      \
    L(LOST_WAKER, "lost-waker", BAD, 1, "polls",                               \
      "a poll returned PENDING and nobody kept its waker",                     \
      "keep a clone of cx->waker wherever PENDING is returned", "04-wakers")   \
    L(POLL_AFTER_READY, "poll-after-ready", BAD, 1, "polls",                   \
      "a future was polled again after it had ended",                          \
      "make a new future, or remember that this one is over",                  \
      "03-poll-pending-ready")                                                 \
    L(MOVED, "moved-after-poll", BAD, 1, "polls",                              \
      "a future was copied after its first poll, and the copy was polled",     \
      "pass a pointer to it, or make it in its last place",                    \
      "08-pinned-after-poll")                                                  \
    L(LOCK_ACROSS_AWAIT, "lock-held-across-await", BAD, 1, "awaits",           \
      "a lock of threads is held while its task waits",                        \
      "unlock before the await, or use ant_mutex", "35-lock-across-await")     \
    L(BLOCKED_WORKER, "blocked-worker", BAD, 10, "ms",                         \
      "a call stops a worker's whole thread",                                  \
      "await instead, or use ant_spawn_blocking", "13-blocking-the-runtime")   \
    L(NEVER_YIELDED, "never-yielded", WARN, 10, "ms",                          \
      "a task ran from its first line to its last in one long poll",           \
      "yield now and then, or use ant_spawn_blocking", "15-yield-and-budget")  \
    L(LONG_POLL, "long-poll", WARN, 10, "ms",                                  \
      "one poll kept its worker busy for long",                                \
      "cut the work into pieces with ant_yield between them",                  \
      "15-yield-and-budget")                                                   \
    L(LIFO_SLOT, "lifo-slot", WARN, 5, "ms",                                   \
      "a task waited in the LIFO slot of a busy worker while another slept",   \
      "keep polls short: nobody can steal from the slot", "18-work-stealing")  \
    L(STARVATION, "starvation", WARN, 100, "polls",                            \
      "a task that could run waited while another had turn after turn",        \
      "let the other one yield, and keep the intervals of the scheduler",      \
      "15-yield-and-budget")                                                   \
    L(WAKE_TO_POLL, "wake-to-poll", WARN, 5, "ms",                             \
      "a task waited long for its turn behind many short polls",               \
      "more workers, or less work at one time", "18-work-stealing")            \
    L(IMBALANCE, "worker-imbalance", WARN, 3, "times",                         \
      "tasks that are bound to one worker wait while others sleep",            \
      "spawn them with ant_spawn, so that they can be stolen",                 \
      "19-send-and-threads")                                                   \
    L(QUEUE_GROWTH, "unbounded-queue", WARN, 100, "values",                    \
      "an unbounded channel fills faster than it is emptied",                  \
      "give the channel a capacity, so that senders wait", "30-backpressure")  \
    L(TASK_LEAK, "task-leak", WARN, 1, "tasks",                                \
      "a detached task neither ended nor was asked to",                        \
      "keep its handle, or use a join set or a cancellation token",            \
      "40-task-leak")                                                          \
    L(UNPOLLED, "dropped-without-poll", WARN, 1, "tasks",                      \
      "a task was spawned, and the runtime ended before it ran at all",        \
      "await its handle before main returns", "45-main-returns-early")         \
    L(SELF_WAKES, "self-wakes", WARN, 50, "%",                                 \
      "a task is woken mostly by itself: it asks in a loop",                   \
      "wait for what changes: a channel, ant_notify, a timer", "04-wakers")    \
    L(SPURIOUS, "spurious-wakes", WARN, 50, "%",                               \
      "a task is woken and polled, and nothing had changed for it",            \
      "wake only those for whom something is there", "04-wakers")              \
    L(DOUBLE_WAKE, "double-wake", WARN, 50, "%",                               \
      "a waker is used again before the task could run",                       \
      "use a waker once and drop it", "04-wakers")                             \
    L(HERD, "thundering-herd", WARN, 5, "tasks",                               \
      "many are woken at once, and all but one go back to wait",               \
      "wake one at a time: ant_notify_one, a semaphore",                       \
      "36-async-mutex-queue")

typedef enum lint_id {
#define LINT_ID(id, ...) LINT_##id,
    LINTS(LINT_ID)
#undef LINT_ID
        LINT_COUNT
} lint_id;

typedef enum lint_severity {
    LINT_WARN,
    LINT_BAD,
} lint_severity;

typedef struct lint_info {
    const char *name;
    lint_severity severity;
    double limit; // unless the limits say otherwise
    const char *unit;
    const char *meaning;
    const char *advice;
    const char *lesson; // its folder
} lint_info;

extern const lint_info lint_table[LINT_COUNT];

// The lint of this name, LINT_COUNT when there is none.
lint_id lint_find(const char *name);

// --- Limits ------------------------------------------------------------------

typedef struct lint_limits {
    double least[LINT_COUNT]; // from here on it speaks; INFINITY: never
} lint_limits;

// Those of the table.
void lint_limits_init(lint_limits *ret_limits);

// Reads lines of "name limit" into *limits, which must hold limits already; a
// limit may be "off", its unit may follow, and # begins a comment. 0 or -EINVAL
// with *ret_line filled, the line that makes no sense, from 1.
ANT_MUST_USE int lint_limits_read(const char *text, lint_limits *limits,
                                  unsigned *ret_line);

// --- Findings ----------------------------------------------------------------

// Of one lint about one task (or one resource, …) the worst is told.
#define LINT_FINDING_MAX 512
#define LINT_TEXT_MAX    320

typedef struct lint_finding {
    uint8_t lint;   // lint_id
    uint32_t event; // where to look
    uint32_t task;  // rows; 0 for none
    uint32_t res;
    uint32_t lane;
    uint32_t count;           // how often
    double amount;            // the worst, in the unit of the limit
    char text[LINT_TEXT_MAX]; // "2 report blocks worker 0 for 300 ms"
} lint_finding;

typedef struct lint_report {
    lint_finding *finding; // the worst first
    uint32_t count;
    uint32_t of_lint[LINT_COUNT]; // findings by lint
} lint_report;

// Looks for everything. `limits` may be NULL: those of the table. 0 or -ENOMEM.
ANT_MUST_USE int lint_run(const ant_model *model, const lint_limits *limits,
                          lint_report *ret_report);
void lint_report_free(lint_report *report);

#endif
