// SPDX-License-Identifier: MIT
//
// `antfarm compare`: two runs beside each other, in words.

#ifndef VIZ_TEXT_COMPARE_H
#define VIZ_TEXT_COMPARE_H

#include <stdint.h>
#include <stdio.h>

typedef struct text_compare_desc {
    const char *path[2];
    uint64_t step_max; // steps to list, 0: a dozen
} text_compare_desc;

// Returns an exit status (text/file.h): a finding when the schedules differ.
int text_compare(const text_compare_desc *desc, FILE *out, FILE *err);

#endif
