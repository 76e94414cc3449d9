// SPDX-License-Identifier: MIT
//
// Assertions that stay on in release builds. A programmer's error ends the
// process after the crash hook has told the story and saved the trace; it is
// never an error code.

#ifndef ANT_BASE_ASSERT_H
#define ANT_BASE_ASSERT_H

#include "base/macros.h"

// Called once when an assertion fails. It may print and save; it need not
// return, and if it does the process aborts.
typedef void (*ant_crash_fn)(const char *file, int line, const char *what);

// Replaces the crash hook. Any thread; the last caller wins.
void ant__crash_hook_set(ant_crash_fn hook);

// Reports `what` at file:line through the crash hook, then aborts.
ANT_NORETURN void ant__crash(const char *file, int line, const char *what);

#define ANT_ASSERT(condition)                                                  \
    (ANT_LIKELY(condition)                                                     \
         ? (void)0                                                             \
         : ant__crash(__FILE__, __LINE__, "assertion failed: " #condition))

// Marks the end of a switch over states that all return.
#define ANT_UNREACHABLE()                                                      \
    ant__crash(__FILE__, __LINE__, "reached a place that has no state")

#endif
