// SPDX-License-Identifier: MIT
//
// Private to the layer: the words and signs of a query, one after the other. A
// name is letters, digits, "_" and "-" (not at its end), with "." and "*"
// inside; texts stand between double quotes or apostrophes.

#ifndef VIZ_QUERY_LEX_H
#define VIZ_QUERY_LEX_H

#include <stdint.h>

typedef enum lex_kind {
    LEX_END,
    LEX_BAD, // a sign that has no meaning, or a text without an end
    LEX_NAME,
    LEX_NUMBER,
    LEX_TEXT,
    LEX_OPEN,
    LEX_CLOSE,
    LEX_OPEN_LIST,
    LEX_CLOSE_LIST,
    LEX_COMMA,
    LEX_PLUS,
    LEX_MINUS,
    LEX_TIMES,
    LEX_ASSIGN, // "=", in patterns
    LEX_EQUAL,  // "==", in expressions
    LEX_UNEQUAL,
    LEX_LESS,
    LEX_LESS_EQUAL,
    LEX_GREATER,
    LEX_GREATER_EQUAL,
    LEX_AND,
    LEX_OR,
    LEX_NOT,
    LEX_OF,
    LEX_FIRST,
    LEX_LAST,
} lex_kind;

typedef struct query_token {
    lex_kind kind;
    uint32_t from; // bytes of the text
    uint32_t to;
    double number;
} query_token;

typedef struct query_lexer {
    const char *text;
    uint32_t at;
} query_lexer;

// The next token, and goes past it; LEX_END again and again at the end.
query_token query__lex(query_lexer *lexer);

#endif
