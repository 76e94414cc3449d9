// SPDX-License-Identifier: MIT
//
// A trace in the words of other programs. Each format is one file of this
// folder and one row of the table in export.c; docs/EXPORT.md says what becomes
// of what. The model is only read. One thread.

#ifndef VIZ_EXPORT_EXPORT_H
#define VIZ_EXPORT_EXPORT_H

#include "export/out.h"
#include "model/axis.h"

// One trace on its way into one format.
typedef struct export_job {
    ant_model *model;
    export_out *out;
    uint32_t event;    // the moment, for formats that show one
    bool is_by_step;   // each step takes a microsecond, whatever the clock said
    const char *error; // says more than the errno when a writer fails, or NULL
} export_job;

typedef struct export_format {
    const char *name;
    const char *extension; // with its dot
    const char *meaning;   // who opens it
    bool is_folder;
    bool is_picture;               // what takes no time cannot be seen in it
    int (*write)(export_job *job); // 0 or -errno; out->err may say more
} export_format;

// The i-th format, NULL after the last.
const export_format *export_format_at(unsigned i);

// The format of this name, or NULL.
const export_format *export_format_named(const char *name);

// The format that the extension of `path` tells, or NULL.
const export_format *export_format_of_path(const char *path);

typedef enum export_axis {
    EXPORT_AXIS_BEST, // by step in a picture of virtual time, else time
    EXPORT_AXIS_TIME,
    EXPORT_AXIS_STEP,
} export_axis;

typedef struct export_desc {
    ant_model *model; // source files are read through it
    const export_format *format;
    const char *path;
    uint32_t event; // for formats that show one moment
    export_axis axis;
    const volatile sig_atomic_t *stop; // or NULL
} export_desc;

// Writes all of it. 0, or -errno with one line for people in `error`; then
// nothing is left under `path`.
ANT_MUST_USE int export_write(const export_desc *desc, char *error,
                              size_t error_size);

// When event `i` (event_count: the end) happened, in nanoseconds of the axis.
uint64_t export__ns(const export_job *job, uint32_t i);

// A time in units of 1,000 ns with three decimals, exact.
#define EXPORT_US        "%" PRIu64 ".%03u"
#define EXPORT_US_OF(ns) (ns) / 1000, (unsigned)((ns) % 1000)

#endif
