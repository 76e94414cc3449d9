// SPDX-License-Identifier: MIT
//
// The explorer: runs a scenario of two to four small threads in every order of
// their atomic operations in which the processor is taken from a thread at most
// so many times ("preemptions"). Two or three find nearly every bug of this
// kind. Threads are fibers; base/atomic.h and the mutex of base/os.h are
// replaced by ones whose operations are steps.
//
//   static const explore_scenario push_and_steal = {
//       .name = "push and steal", .set_up = set_up, .check = check,
//       .threads = { owner, thief }, .preemptions_max = 3,
//   };
//   return explore_main(&push_and_steal, 1, argc, argv);
//
// A scenario fails when a thread calls explore_fail, when ANT_ASSERT does, when
// all threads that are left wait (a deadlock), or when it does not come to an
// end. The failing order is printed as a path, which the program takes as an
// argument to run that order alone: `queue 1 2.0.1.1`.

#ifndef ANT_TESTS_MODEL_EXPLORE_H
#define ANT_TESTS_MODEL_EXPLORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/macros.h"

#define EXPLORE_THREADS_MAX 4

typedef struct explore_scenario {
    const char *name;
    void (*set_up)(void); // before each run
    void (*check)(void);  // after each run; may call explore_fail
    void (*threads[EXPLORE_THREADS_MAX])(void);
    unsigned preemptions_max;
} explore_scenario;

// Runs all scenarios, or one of them (by its number, from 1) along one path.
// The exit status: 0, or 1 after a failure.
int explore_main(const explore_scenario *scenarios, size_t count, int argc,
                 char **argv);

// This run is wrong: says why, and ends it.
ANT_NORETURN void explore_fail(const char *why);

// The thread waits until can_go(arg). A wait is no preemption.
void explore_wait(bool (*can_go)(const void *arg), const void *arg);

#define EXPLORE_EXPECT(condition)                                              \
    ((condition) ? (void)0 : explore_fail("not so: " #condition))

#endif
