// SPDX-License-Identifier: MIT
//
// How large a stress test is: its first argument, or the environment variable
// ANTFARM_STRESS, is a percentage of the full size. Under a sanitizer, 10 will
// do.

#ifndef ANT_TESTS_SUPPORT_STRESS_H
#define ANT_TESTS_SUPPORT_STRESS_H

#include <stdlib.h>

// At least 1.
static inline unsigned long stress_size(unsigned long full, int argc,
                                        char **argv)
{
    const char *text = argc > 1 ? argv[1] : getenv("ANTFARM_STRESS");
    const unsigned long percent = text != NULL ? strtoul(text, NULL, 10) : 100;
    const unsigned long size = full * percent / 100;
    return size > 0 ? size : 1;
}

#endif
