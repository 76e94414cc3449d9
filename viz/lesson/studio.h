// SPDX-License-Identifier: MIT
//
// The studio: where programs of lessons are built and recorded, in the
// simulator, with virtual time and one seed. It has a folder for what it makes,
// which goes away with it. A take is one program that was built and run, or the
// first thing that went wrong with it. One thread.

#ifndef VIZ_LESSON_STUDIO_H
#define VIZ_LESSON_STUDIO_H

#include <stdbool.h>
#include <stdint.h>

#include "lesson/scratch.h"

// A program of a lesson needs milliseconds; more is an endless loop. A test
// that waits for one may set less.
#define STUDIO_SECONDS_MAX 5u
#define STUDIO_OUTPUT_MAX  (1u << 20)

typedef struct lesson_studio {
    ant_arena arena;
    lesson_scratch scratch;
    const char *folder;   // of its own
    const char *include;  // where antfarm.h is
    const char *library;  // libantfarm.a
    uint32_t file_count;  // made so far, for names
    uint32_t seconds_max; // that a program may run
} lesson_studio;

typedef enum take_ending {
    TAKE_DONE,       // with status 0
    TAKE_NO_FILE,    // there is no source
    TAKE_NO_BUILD,   // the compiler refuses it; `errors` says why
    TAKE_LATE,       // it did not end
    TAKE_LOUD,       // it printed too much
    TAKE_CRASHED,    // a signal ended it
    TAKE_STALLED,    // nothing could wake any more; there is a trace
    TAKE_FAILED,     // it ended with another status
    TAKE_UNRECORDED, // it ended well, but is no Antfarm program
    TAKE_IMPOSSIBLE, // no compiler, no disk: `errors` says what
} take_ending;

typedef struct studio_take {
    take_ending ending;
    int status;          // of a failed one
    int signal;          // of a crash
    const char *output;  // never NULL
    const char *errors;  // of the compiler or the program; never NULL
    const char *program; // NULL when it was not built
    const char *trace;   // NULL when there is none
} studio_take;

typedef struct studio_run {
    uint32_t seed;
    uint32_t workers;
    const char *schedule; // which ready task is next; NULL: the simulator's
    const char *trace;    // where to record; NULL: in the studio's folder
} studio_run;

// 0, -ENOENT when neither the header nor the library can be found (`near` is a
// folder in a source tree, or NULL), or -errno.
ANT_MUST_USE int lesson_studio_open(const char *near,
                                    lesson_studio *ret_studio);
void lesson_studio_close(lesson_studio *studio);

// Builds `file` of `folder`. Fills `program`, or says what went wrong. What
// takes say lives in the studio's arena.
void lesson_studio_build(lesson_studio *studio, const char *folder,
                         const char *file, studio_take *ret_take);

// Runs and records what was built.
void lesson_studio_record(lesson_studio *studio, const studio_run *run,
                          studio_take *take);

#endif
