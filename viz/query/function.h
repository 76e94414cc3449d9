// SPDX-License-Identifier: MIT
//
// Private to the layer: the functions of the language, as a table that the
// parser, the evaluation and --help read.

#ifndef VIZ_QUERY_FUNCTION_H
#define VIZ_QUERY_FUNCTION_H

#include "query/match.h"

typedef enum query_takes {
    TAKES_NOTHING,
    TAKES_NAME, // of a task, or nothing
    TAKES_PATTERN,
    TAKES_TWO,   // patterns, the longer ones in parentheses
    TAKES_FIELD, // FIELD of PATTERN
} query_takes;

// What a function is asked with. `found` are the matches of the pattern; a
// function that goes by other events puts them there instead.
typedef struct query_call {
    const ant_model *model;
    const query_node *node;
    query_matches found;
    ant_arena *arena; // of the answer
    query_error *error;
} query_call;

typedef struct query_function {
    const char *name;
    query_takes takes;
    const char *help;
    // 0, -EINVAL with the error filled, or -ENOMEM.
    int (*ask)(query_call *call, query_value *ret_value);
} query_function;

// The function with this name, or NULL.
const query_function *query__function(const char *name, uint32_t len);

#endif
