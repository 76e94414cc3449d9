// SPDX-License-Identifier: MIT
//
// Runs another program to its end, whatever it does: it may print without end,
// never end, crash, or leave children behind. It gets a process group of its
// own, which is killed when it is over. Its output is kept, up to a limit. The
// caller waits meanwhile; one thread.

#ifndef VIZ_LESSON_CHILD_H
#define VIZ_LESSON_CHILD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"

typedef struct child_desc {
    char *const *argv;      // argv[0] is looked up in PATH; NULL at the end
    const char *folder;     // where it runs; NULL: here
    const char *const *env; // "NAME=value", beside what we have; may be NULL
    uint32_t seconds_max;
    uint64_t output_max; // bytes of output, after which it is stopped
    uint64_t memory_max; // bytes; 0: no limit
} child_desc;

typedef struct child_result {
    int status;   // of exit; -1 when a signal ended it
    int signal;   // that ended it, or 0
    bool is_late; // stopped: it ran too long
    bool is_loud; // stopped: it printed too much
    char *output; // what it printed, at most CHILD_KEPT_MAX bytes
    char *errors; // and on stderr
} child_result;

#define CHILD_KEPT_MAX 65536u

// 0, or -errno when it could not be started. What was printed is in `arena`.
ANT_MUST_USE int lesson_child_run(const child_desc *desc, ant_arena *arena,
                                  child_result *ret_result);

#endif
