// SPDX-License-Identifier: MIT
//
// `antfarm dump`: every event of a trace, one a line, as columns for people or
// as JSON for programs.

#ifndef VIZ_TEXT_DUMP_H
#define VIZ_TEXT_DUMP_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

typedef struct text_dump_desc {
    const char *path;
    bool is_json;
    uint64_t task;    // only what concerns this task; 0: all
    const char *kind; // only events of this kind; NULL: all
    double from_ms;   // only from here on
    double to_ms;     // and up to here; 0: to the end
} text_dump_desc;

// Returns an exit status (text/file.h).
int text_dump(const text_dump_desc *desc, FILE *out, FILE *err);

#endif
