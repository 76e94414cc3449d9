// SPDX-License-Identifier: MIT
//
// Names and texts of the negative errno values that functions return: what one
// shows to people. They are literals, the same on all threads. Tokio: Display
// of its errors.
//
//   int err = ant_runtime_block_on(rt, app());
//   if (err < 0) printf("%s (%s)\n", ant_err_text(err), ant_err_name(err));
//
//   function      Tokio           cancel-safe  alloc  threads
//   ant_err_name  Debug of error  -            no     any
//   ant_err_text  Display         -            no     any

#ifndef ANT_BASE_ERR_H
#define ANT_BASE_ERR_H

#include <errno.h> // the names of the errors

// The symbol, for example "ECANCELED" for -ECANCELED; "E?" when unknown.
const char *ant_err_name(int err);

// A short text for people, for example "cancelled". Never NULL.
const char *ant_err_text(int err);

#endif
