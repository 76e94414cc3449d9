// SPDX-License-Identifier: MIT
//
// A note is a line that the program writes into its trace: "order 7 is paid".
// Beside the runtime's own events it says what they mean to the program, and a
// query can ask for it. Without a recording it costs one load and one branch.
// Tokio: tracing::info!.
//
//   ant_note("order %d is paid", self->order);
//
//   function  Tokio           cancel-safe  alloc  threads
//   ant_note  tracing::info!  -            no     any

#ifndef ANT_CORE_NOTE_H
#define ANT_CORE_NOTE_H

#include "base/macros.h"

#define ANT_NOTE_TEXT_MAX 200

// Notes a text; the rest of one longer than ANT_NOTE_TEXT_MAX is cut off. The
// note belongs to the task being polled here, if there is one. Any thread.
ANT_PRINTF(1, 2) void ant_note(const char *format, ...);

#endif
