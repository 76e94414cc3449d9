// SPDX-License-Identifier: MIT
//
// A program that is run as a child, with the environment as it stands, and
// waited for. The keyboard's signals are for the child meanwhile.

#ifndef ANT_APP_CHILD_H
#define ANT_APP_CHILD_H

#include <stdbool.h>

typedef struct app_child {
    char **argv;          // ends with NULL; [0] is looked up in the PATH
    const char *output;   // it reads nothing and writes into this file; NULL:
                          // it has our terminal
    unsigned seconds_max; // then it is killed; 0: as long as it takes
} app_child;

// Returns the exit status, 128 + N when signal N ended it, -ETIMEDOUT when it
// took too long, or the -errno that kept it from starting.
int app_child_run(const app_child *child);

#endif
