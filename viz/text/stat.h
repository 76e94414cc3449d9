// SPDX-License-Identifier: MIT
//
// `antfarm stat`: a trace in numbers. Totals, tasks, lanes, and how long polls
// and waits in the run queues took.

#ifndef VIZ_TEXT_STAT_H
#define VIZ_TEXT_STAT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct text_stat_desc {
    const char *path;
    uint64_t task_max; // list so many tasks at most; 0: 20
    bool is_digest;    // only the digest: what happened, without times
} text_stat_desc;

// Returns an exit status (text/file.h).
int text_stat(const text_stat_desc *desc, FILE *out, FILE *err);

#endif
