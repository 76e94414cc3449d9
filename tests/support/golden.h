// SPDX-License-Identifier: MIT
//
// Files under tests/golden that hold what a program is known to write. When a
// change is wanted, write them anew: ANT_GOLDEN_WRITE=1 make unit T=…

#ifndef ANT_TESTS_SUPPORT_GOLDEN_H
#define ANT_TESTS_SUPPORT_GOLDEN_H

#include <stddef.h>

// Fails the test when the golden file `name` does not hold these bytes. `test`
// is the program, for the message: "tests/unit/app/test_frame".
void golden_assert(const char *test, const char *name, const void *bytes,
                   size_t len);

// The contents of a file with a 0 behind them, or NULL when it cannot be read.
// The caller frees it with free().
char *golden_read(const char *path, size_t *ret_len);

#endif
