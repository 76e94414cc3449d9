// SPDX-License-Identifier: MIT
//
// Questions to a trace: "count(poll_begin, task=page) == 2". One language for
// the numbers in a lesson's text, for the right answers of its questions, for
// judging an exercise, and for people who debug; docs/QUERY.md is its page. A
// query is parsed once and can be asked of many traces. Every answer names the
// events that made it. One thread.

#ifndef VIZ_QUERY_QUERY_H
#define VIZ_QUERY_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "model/model.h"

typedef struct ant_query ant_query;

typedef enum query_type {
    QUERY_BOOL,
    QUERY_NUMBER, // a count, or milliseconds
    QUERY_TEXT,
    QUERY_LIST,
} query_type;

typedef struct query_value {
    query_type type;
    bool is_true;
    double number;
    const char *text;
    const struct query_value *item; // of a list
    uint32_t count;
} query_value;

// One function that was asked: what it is called in the query's text, what it
// said, and which events made it say so.
typedef struct query_fact {
    const char *text; // "count(poll_begin, task=page)"
    query_value value;
    const uint32_t *event;
    uint32_t event_count;
} query_fact;

typedef struct query_answer {
    query_value value;
    const query_fact *fact; // in the order of the text
    uint32_t fact_count;
    struct query_pages *pages; // private: the memory of all this
} query_answer;

// Why a query makes no sense, and where.
typedef struct query_error {
    uint32_t at; // byte of the query's text, from 0
    char text[200];
} query_error;

// Parses `text`. 0, -EINVAL with *ret_error filled, or -ENOMEM.
ANT_MUST_USE int query_parse(const char *text, ant_query **ret_query,
                             query_error *ret_error);
void query_free(ant_query *query);

// Asks a trace. 0, -EINVAL when the question has no answer there (the first
// event of none, a text plus a number), or -ENOMEM.
ANT_MUST_USE int query_ask(const ant_query *query, const ant_model *model,
                           query_answer *ret_answer, query_error *ret_error);
void query_answer_free(query_answer *answer);

// Both at once, for a query that is asked only once.
ANT_MUST_USE int query_run(const char *text, const ant_model *model,
                           query_answer *ret_answer, query_error *ret_error);

// The value as in the language: 3, 12.5, "text", [1, 2], true.
void query_value_write(const query_value *value, char *buf, size_t size);

// The same without quotes, for prose: created, still nothing, hi.
void query_value_say(const query_value *value, char *buf, size_t size);

// Texts are the same without regard to capital letters, numbers within 1e-9.
bool query_value_is_same(const query_value *a, const query_value *b);

// A fact as a line: "count(poll_begin, task=page) is 2: #12, #44".
void query_fact_write(const query_fact *fact, char *buf, size_t size);

// A name in the query that no task, future, async function, lane or lock of the
// trace has: most likely it is misspelled. NULL when there is none.
const char *query_unknown_name(const ant_query *query, const ant_model *model);

// The functions, one line each with its meaning, for --help; NULL at the end.
const char *query_function_help(unsigned i);

#endif
