// SPDX-License-Identifier: MIT
//
// Private to the layer: a query as a tree. The parser builds it into the
// query's arena; nothing changes it afterwards.

#ifndef VIZ_QUERY_TREE_H
#define VIZ_QUERY_TREE_H

#include "base/arena.h"
#include "query/lex.h"
#include "query/query.h"

// Calls and parentheses inside of each other, and items of a list.
#define QUERY_DEPTH_MAX 20u
#define QUERY_ITEM_MAX  64u

// Every kind of event.
#define QUERY_KIND_ANY ANT_EV_none

typedef struct query_pattern query_pattern;

// What a key asks of an event: a field of its row, or something that every
// event has.
typedef enum query_about {
    ABOUT_FIELD,  // the field with this name
    ABOUT_AT,     // the moment, in ms
    ABOUT_LANE,   // where it happened
    ABOUT_IN,     // the task being polled there
    ABOUT_TASK,   // what it is about, when the row has no such field
    ABOUT_TYPE,   // the async function of its task or future
    ABOUT_PARENT, // the future around its future, the spawner of its task
    ABOUT_WITHIN, // a future being polled meanwhile
    ABOUT_DUR,    // from here to its other half, in ms
    ABOUT_GAP,    // since the match before, in ms
    ABOUT_NTH,    // its number among the matches, from 1
    ABOUT_BEFORE, // before the first match of a pattern
    ABOUT_AFTER,  // after it
} query_about;

typedef struct query_key {
    query_about about;
    const char *name; // the field, for ABOUT_FIELD
    lex_kind op;
    query_value value;
    const query_pattern *pattern; // for ABOUT_BEFORE and ABOUT_AFTER
    struct query_key *next;
} query_key;

struct query_pattern {
    lex_kind pick; // LEX_FIRST, LEX_LAST, or LEX_END for all
    uint16_t kind; // ant_event_kind or QUERY_KIND_ANY
    query_key *key;
};

typedef enum node_kind {
    NODE_VALUE,
    NODE_LIST,
    NODE_CALL,
    NODE_NOT,
    NODE_PAIR, // child op child->next
} node_kind;

typedef struct query_node {
    node_kind kind;
    lex_kind op;
    uint32_t from; // bytes of the query's text
    uint32_t to;
    query_value value;                     // NODE_VALUE
    const struct query_function *function; // NODE_CALL
    const query_key *field;                // what "max(FIELD of" reads
    const query_pattern *pattern[2];
    const char *name; // alive(NAME)
    struct query_node *child;
    struct query_node *next;
} query_node;

struct ant_query {
    ant_arena arena;
    const char *text;
    const query_node *root;
};

// --- pattern.c: the part in the parentheses of a call ---

typedef struct query_parser {
    query_lexer lexer;
    query_token token; // the one to look at
    ant_arena *arena;
    query_error *error;
    int err; // the first one
    unsigned depth;
} query_parser;

// Goes on to the next token.
void query__next(query_parser *p);

// Says what is wrong at the token, and makes everything after it give up.
ANT_PRINTF(2, 3)
void query__complain(query_parser *p, const char *format, ...);

// Goes past a token of this kind, or complains that `what` is missing.
bool query__expect(query_parser *p, lex_kind kind, const char *what);

// Zeroed memory; NULL, with an error noted, when there is none.
void *query__new(query_parser *p, size_t bytes);

// "first poll_begin, task=page". NULL after an error.
query_pattern *query__pattern(query_parser *p);

// A bare event, or a pattern in parentheses.
query_pattern *query__inner_pattern(query_parser *p);

// A number, a text or a name. False after an error.
bool query__literal(query_parser *p, query_value *ret_value);

// The FIELD of "max(FIELD of …)"; checked once the pattern is known.
bool query__field(query_parser *p, const query_token *name,
                  const query_pattern *pattern, query_key *ret_key);

#endif
