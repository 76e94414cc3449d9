// SPDX-License-Identifier: MIT
//
// A file or a folder in the making. It is written under another name beside
// its place and gets its own name when it is whole, so that nobody ever finds
// half of it: not after a full disk, nor after Ctrl-C. A device or a pipe has
// no place, it is written straight. Whoever opens it owns it; one thread.

#ifndef VIZ_EXPORT_OUT_H
#define VIZ_EXPORT_OUT_H

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>

#include "base/macros.h"

#define EXPORT_PATH_MAX 4096

typedef struct export_out {
    FILE *file;                 // NULL for a folder
    char part[EXPORT_PATH_MAX]; // what it is called until it is whole
    char path[EXPORT_PATH_MAX];
    bool is_straight; // part is path
    bool is_folder;
    int err; // of the first thing that went wrong
    const volatile sig_atomic_t *stop;
} export_out;

// Opens for writing. When *stop becomes true nobody wants it any more; stop
// may be NULL. 0 or -errno; -EEXIST for a folder that is there already.
ANT_MUST_USE int export_out_open(export_out *out, const char *path,
                                 const volatile sig_atomic_t *stop);
ANT_MUST_USE int export_out_open_folder(export_out *out, const char *path,
                                        const volatile sig_atomic_t *stop);

// Opens the next file of the folder, and closes the one before. 0 or -errno.
ANT_MUST_USE int export_out_next(export_out *out, const char *name);

// True when going on makes no sense: nothing can be written, or nobody wants
// it. Loops over events ask for it.
bool export_out_is_over(const export_out *out);

// Gives it its name when all went well and `err` is 0, else removes it.
// Returns `err`, or the first thing that went wrong: 0, or -errno, which is
// -EINTR when it was stopped.
ANT_MUST_USE int export_out_close(export_out *out, int err);

#endif
