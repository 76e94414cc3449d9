// SPDX-License-Identifier: MIT
//
// A script is a task that does one thing after the other: each step begins an
// operation and says what its result should be. For tests of operations that
// have to happen in a runtime:
//
//   static ant_future *open_it(void *arg)
//   {
//       desk *d = arg;
//       d->op = ant_file_open("/etc/passwd", "r", &d->file);
//       return &d->op.base;
//   }
//   static const script_step steps[] = { { open_it, 0 }, { close_it, 0 } };
//   SCRIPT_EXPECT(state, steps, &d); // in the test's flavour
//
// A step may return NULL: then it was over at once, and its result is what it
// left in script_now.

#ifndef ANT_TESTS_SUPPORT_SCRIPT_H
#define ANT_TESTS_SUPPORT_SCRIPT_H

#include "core/future.h"

typedef struct script_step {
    ant_future *(*begin)(void *arg);
    int result;
} script_step;

// What a step without a future had as its result.
extern int script_now;

#define SCRIPT_EXPECT(state, steps, arg)                                       \
    script_expect((state), (steps), (int)ANT_ARRAY_LEN(steps), (arg))

// Runs the steps in a runtime of the test's flavour; the test fails, and says
// at which step, when a result is another one.
void script_expect(void **state, const script_step *steps, int count,
                   void *arg);

#endif
