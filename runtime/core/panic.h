// SPDX-License-Identifier: MIT
//
// A panic ends the task that is being polled, never the program: it jumps back
// to the harness around the poll, which drops the task's future and hands the
// message to the join handle. Since an async function keeps what it owns in its
// struct and not on the stack, nothing is lost by the jump. Outside of a task a
// panic is a programmer's error and traps. Tokio: panic! and JoinError.
//
//   if (self->cups < 0) ant_panic("%d cups", self->cups);
//
// and where the task is joined:
//
//   ANT_AWAIT(self->tea);
//   const ant_failure *failure = ant_task_failure(&self->tea);
//   if (failure != NULL && failure->is_panic) puts(failure->text);
//
//   function          Tokio                cancel  alloc  threads
//   ant_panic         panic!               -       no     the task's
//   ant_task_failure  JoinError::is_panic  -       no     the handle's owner

#ifndef ANT_CORE_PANIC_H
#define ANT_CORE_PANIC_H

#include <setjmp.h>
#include <stdint.h>

#include "base/macros.h"

#define ANT_PANIC_TEXT_MAX 200

// Where a panic lands, and what it said.
typedef struct ant_panic {
    jmp_buf target;
    struct ant_panic *outer;
    const char *file;
    uint32_t line;
    char text[ANT_PANIC_TEXT_MAX];
} ant_panic;

// Ends the task being polled with a message, printf-like.
#define ant_panic(...) ant__panic(__FILE__, __LINE__, __VA_ARGS__)

ANT_NORETURN ANT_PRINTF(3, 4) void ant__panic(const char *file, int line,
                                              const char *format, ...);

#endif
