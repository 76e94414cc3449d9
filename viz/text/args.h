// SPDX-License-Identifier: MIT
//
// The command line of one command, as a table: it is read by it, checked by it,
// and `--help` is written from it.

#ifndef VIZ_TEXT_ARGS_H
#define VIZ_TEXT_ARGS_H

#include <stdbool.h>
#include <stdio.h>

typedef enum args_kind {
    ARGS_FLAG,   // nothing follows; to: bool
    ARGS_TEXT,   // to: const char *
    ARGS_NUMBER, // to: uint64_t
    ARGS_MS,     // milliseconds, with decimals; to: double
    ARGS_SIZE,   // 1600x900, within reason; to: args_size
    ARGS_CHOICE, // one of those in `value`, "a|b|c"; to: unsigned, its index
} args_kind;

// A width and a height in pixels.
typedef struct args_size {
    int w;
    int h;
} args_size;

typedef struct args_option {
    const char *name; // "--task"
    args_kind kind;
    const char *value; // what follows, for the help: "N"; NULL for a flag
    const char *meaning;
    void *to; // changed only when the option is given
} args_option;

typedef struct args_command {
    const char *usage;   // "antfarm dump [OPTIONS] TRACE"
    const char *meaning; // what it does; may have several lines
    const args_option *option;
    int option_count;
    int plain_min; // arguments that are no options
    int plain_max;
    bool has_program; // the first plain argument is a program: it ends options
} args_command;

// Reads argv[1] to argv[argc - 1] and moves the plain arguments, in order, to
// argv[1] and on; *ret_plain_count says how many. Returns -1 to go on, else
// the exit status: help was printed on `out`, or one line on `err`.
int text_args_read(const args_command *command, int argc, char **argv,
                   int *ret_plain_count, FILE *out, FILE *err);

#endif
