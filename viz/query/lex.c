// SPDX-License-Identifier: MIT

#include "query/lex.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

// Longer numbers are cut there: no trace holds them.
#define DIGITS_MAX 30u

static void read_number(query_lexer *lexer, query_token *token);
static void read_name(query_lexer *lexer, query_token *token);
static void read_text(query_lexer *lexer, query_token *token);
static void read_sign(query_lexer *lexer, query_token *token);
static bool is_digit(char c);
static bool is_letter(char c);
static bool goes_on(const char *text);

query_token query__lex(query_lexer *lexer)
{
    lexer->at += (uint32_t)strspn(lexer->text + lexer->at, " \t\r\n");
    query_token token = { .from = lexer->at };
    char c = lexer->text[lexer->at];
    if (c == 0) {
        token.kind = LEX_END;
    } else if (is_digit(c)) {
        read_number(lexer, &token);
    } else if (is_letter(c) || c == '*') {
        read_name(lexer, &token);
    } else if (c == '"' || c == '\'') {
        read_text(lexer, &token);
    } else {
        read_sign(lexer, &token);
    }
    token.to = lexer->at;
    return token;
}

static void read_number(query_lexer *lexer, query_token *token)
{
    char digits[DIGITS_MAX + 1];
    size_t len = strspn(lexer->text + lexer->at, "0123456789.");
    lexer->at += (uint32_t)len;
    if (len > DIGITS_MAX) len = DIGITS_MAX;
    memcpy(digits, lexer->text + token->from, len);
    digits[len] = 0;
    char *end;
    token->number = strtod(digits, &end);
    token->kind = *end == 0 ? LEX_NUMBER : LEX_BAD;
}

// "*" alone is a sign, "user*" a name.
static void read_name(query_lexer *lexer, query_token *token)
{
    static const struct {
        const char *name;
        lex_kind kind;
    } words[] = {
        { "and", LEX_AND },     { "or", LEX_OR },     { "not", LEX_NOT },
        { "first", LEX_FIRST }, { "last", LEX_LAST }, { "of", LEX_OF },
        { "*", LEX_TIMES },
    };
    const char *text = lexer->text + token->from;
    size_t len = 1;
    while (goes_on(text + len))
        len++;
    lexer->at += (uint32_t)len;
    token->kind = LEX_NAME;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(words); i++) {
        bool is_it = strlen(words[i].name) == len &&
                     memcmp(words[i].name, text, len) == 0;
        if (is_it) token->kind = words[i].kind;
    }
}

static void read_text(query_lexer *lexer, query_token *token)
{
    const char *from = lexer->text + lexer->at;
    const char *end = strchr(from + 1, *from);
    token->kind = end != NULL ? LEX_TEXT : LEX_BAD;
    lexer->at += (uint32_t)(end != NULL ? (size_t)(end - from) + 1 : 1);
}

static void read_sign(query_lexer *lexer, query_token *token)
{
    static const struct {
        char text[3];
        lex_kind kind;
    } signs[] = {
        { "==", LEX_EQUAL },      { "!=", LEX_UNEQUAL },
        { "<=", LEX_LESS_EQUAL }, { ">=", LEX_GREATER_EQUAL },
        { "=", LEX_ASSIGN },      { "<", LEX_LESS },
        { ">", LEX_GREATER },     { "(", LEX_OPEN },
        { ")", LEX_CLOSE },       { "[", LEX_OPEN_LIST },
        { "]", LEX_CLOSE_LIST },  { ",", LEX_COMMA },
        { "+", LEX_PLUS },        { "-", LEX_MINUS },
    };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(signs); i++) {
        size_t len = strlen(signs[i].text);
        if (strncmp(lexer->text + lexer->at, signs[i].text, len) != 0) continue;
        token->kind = signs[i].kind;
        lexer->at += (uint32_t)len;
        return;
    }
    token->kind = LEX_BAD;
    lexer->at++;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

// "-" and "." belong to a name only with something after them.
static bool goes_on(const char *text)
{
    bool is_plain = is_letter(*text) || is_digit(*text) || *text == '*';
    bool is_inner = *text == '-' || *text == '.';
    return is_plain || (is_inner && (is_letter(text[1]) || is_digit(text[1])));
}
