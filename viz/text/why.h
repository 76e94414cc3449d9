// SPDX-License-Identifier: MIT
//
// `antfarm why`: where each task is at one moment, and why.

#ifndef VIZ_TEXT_WHY_H
#define VIZ_TEXT_WHY_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct text_why_desc {
    const char *path;
    const char *task; // a number or a name; NULL for each that is not over
    double at_ms;     // the moment; less than 0: see step
    uint64_t step;    // from 1; 0: the stall, else the end
    bool is_all;      // also tasks that are over or not spawned yet
    bool is_json;     // with the links
} text_why_desc;

// Returns an exit status (text/file.h).
int text_why(const text_why_desc *desc, FILE *out, FILE *err);

#endif
