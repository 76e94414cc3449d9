// SPDX-License-Identifier: MIT
//
// Names and texts of the negative errno values that functions return.

#ifndef ANT_BASE_ERR_H
#define ANT_BASE_ERR_H

#include <errno.h> // the names of the errors

// The symbol, for example "ECANCELED" for -ECANCELED; "E?" when unknown.
const char *ant_err_name(int err);

// A short text for people, for example "cancelled". Never NULL.
const char *ant_err_text(int err);

#endif
