// SPDX-License-Identifier: MIT
//
// What all text commands share: opening a trace with one clear line when that
// fails, the exit statuses, and columns.

#ifndef VIZ_TEXT_FILE_H
#define VIZ_TEXT_FILE_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "trace/reader.h"

// Exit statuses of the program.
enum {
    TEXT_FINE,
    TEXT_FINDING,   // a finding, or a failed check
    TEXT_BAD_INPUT, // bad usage or a bad file
    TEXT_STALLED,   // the program that was run stalled
};

// Opens `path`, or says on `err` why not and returns NULL.
ant_reader *text_open(const char *path, FILE *err);

// To be called after the last event: says on `err`, in one line, what of the
// file could not be read. Returns TEXT_FINE or TEXT_BAD_INPUT.
int text_damage(const char *path, const ant_reader *reader, FILE *err);

// Says on `err`: "antfarm: PATH: at byte OFFSET: TEXT".
void text_problem(const char *path, const ant_reader_error *error, FILE *err);

// Writes `text` in exactly `width` columns: padded, or cut with an ellipsis.
void text_column(FILE *out, const char *text, unsigned width);

// Writes a count with commas: 1,234,567.
void text_count(char *buf, size_t size, uint64_t count);

#endif
