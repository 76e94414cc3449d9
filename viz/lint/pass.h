// SPDX-License-Identifier: MIT
//
// Private to the lints: what each of them is given, and how it tells what it
// has found. A lint is one function, called once.

#ifndef VIZ_LINT_PASS_H
#define VIZ_LINT_PASS_H

#include "base/atomic.h"
#include "base/macros.h"
#include "lint/lint.h"

typedef struct lint_pass {
    const ant_model *model;
    const lint_limits *limits;
    lint_finding *finding; // room for LINT_FINDING_MAX
    uint32_t count;
    int err;                    // -ENOMEM
    const ant_atomic_u32 *stop; // not 0: nobody wants to know any more
} lint_pass;

// lint_run, until *stop is not 0: then -ECANCELED. `stop` may be NULL.
ANT_MUST_USE int lint__run(const ant_model *model, const lint_limits *limits,
                           const ant_atomic_u32 *stop, lint_report *ret_report);

// Whether to end a long loop. Cheap: looks only now and then, by `i`.
bool lint__is_stopped(const lint_pass *pass, uint32_t i);

// Is `amount` enough to speak?
bool lint__is_over(const lint_pass *pass, lint_id id, double amount);

// Tells of something that is over its limit; else does nothing. `found` says
// where; its text is made from `format`. A second one about the same thing is
// counted, and the worse of the two stays.
void lint__tell(lint_pass *pass, lint_id id, const lint_finding *found,
                const char *format, ...) ANT_PRINTF(4, 5);

// "3 fetch", valid until the eighth next call.
const char *lint__task(const lint_pass *pass, uint32_t task);
const char *lint__duration(uint64_t ns);

// " (demo.c:41)" of the task at this event, or "".
const char *lint__site(const lint_pass *pass, uint32_t task, uint32_t event);

// --- What several lints ask ---

// The time between two events; `to` may be MODEL_NONE, the end.
uint64_t lint__between(const ant_model *model, uint32_t from, uint32_t to);
double lint__ms(uint64_t ns);

// Takes what the machine took from `ns`; `late_ns` may be more than all of it.
uint64_t lint__less(uint64_t ns, uint64_t late_ns);

// "; the machine had taken another 9 ms", or "" when it took next to nothing.
// Valid until the eighth next call.
const char *lint__and_late(uint64_t late_ns);

// Does the event happen on a thread that has to poll other tasks?
bool lint__is_on_worker(const ant_model *model, uint32_t event);

// The task's thread waited in calls for so long between two events.
uint64_t lint__blocked_ns(const ant_model *model, uint32_t task, uint32_t from,
                          uint32_t to);

// --- The lints ---

void lint__locks(lint_pass *pass);   // deadlock-cycle, nobody-left,
                                     // lock-held-across-await
void lint__polls(lint_pass *pass);   // blocked-worker, never-yielded, long-poll
void lint__queues(lint_pass *pass);  // lifo-slot, starvation, wake-to-poll,
                                     // worker-imbalance
void lint__wakes(lint_pass *pass);   // self-wakes, spurious-wakes, double-wake,
                                     // lost-waker
void lint__herds(lint_pass *pass);   // thundering-herd
void lint__lives(lint_pass *pass);   // task-leak, dropped-without-poll,
                                     // unbounded-queue
void lint__futures(lint_pass *pass); // poll-after-ready, moved-after-poll

#endif
