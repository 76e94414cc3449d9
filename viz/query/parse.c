// SPDX-License-Identifier: MIT
//
// From text to tree, by recursive descent: one function for each level of
//
//   either := both { "or" both }          both := whole { "and" whole }
//   whole  := "not" whole | sum [ CMP sum ]
//   sum    := product { "+" | "-" product }
//   product := value { "*" value }
//   value  := NUMBER | TEXT | true | false | "[" either { "," either } "]"
//           | FUNCTION "(" … ")" | "(" either ")"
//
// After the first error the token is LEX_END, and all levels return.

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "query/function.h"
#include "query/tree.h"

static query_node *parse_either(query_parser *p);
static query_node *parse_both(query_parser *p);
static query_node *parse_whole(query_parser *p);
static query_node *parse_sum(query_parser *p);
static query_node *parse_product(query_parser *p);
static query_node *parse_value(query_parser *p);
static query_node *parse_list(query_parser *p);
static query_node *parse_name(query_parser *p);
static void parse_call(query_parser *p, query_node *call);
static query_node *new_node(query_parser *p, node_kind kind);
static query_node *new_pair(query_parser *p, lex_kind op, query_node *left,
                            query_node *right);
static bool is_comparison(lex_kind kind);

int query_parse(const char *text, ant_query **ret_query, query_error *ret_error)
{
    *ret_error = (query_error){ 0 };
    ant_query *made = ant_mem_alloc(sizeof *made);
    if (made == NULL) return -ENOMEM;
    query_parser p = { .arena = &made->arena, .error = ret_error };
    made->text = ant_arena_text(&made->arena, text, strlen(text));
    if (made->text == NULL) p.err = -ENOMEM;
    if (p.err == 0) {
        p.lexer.text = made->text;
        query__next(&p);
        made->root = parse_either(&p);
        if (p.token.kind != LEX_END) {
            query__complain(&p, "a query ends here, or goes on with and, or, "
                                "==, <, +");
        }
    }
    if (p.err < 0) {
        query_free(made);
        return p.err;
    }
    *ret_query = made;
    return 0;
}

void query_free(ant_query *query)
{
    if (query == NULL) return;
    ant_arena_deinit(&query->arena);
    ant_mem_free(query);
}

void query__next(query_parser *p)
{
    p->token = p->err == 0 ? query__lex(&p->lexer) : (query_token){ 0 };
    if (p->token.kind == LEX_BAD) {
        char sign = p->lexer.text[p->token.from];
        bool is_quote = sign == '"' || sign == '\'';
        query__complain(p,
                        is_quote ? "this text has no second %c"
                                 : "%c has no meaning here",
                        sign);
    }
}

void query__complain(query_parser *p, const char *format, ...)
{
    if (p->err < 0) return;
    p->err = -EINVAL;
    p->error->at = p->token.from;
    va_list args;
    va_start(args, format);
    vsnprintf(p->error->text, sizeof p->error->text, format, args);
    va_end(args);
    p->token = (query_token){ .from = p->token.from };
}

bool query__expect(query_parser *p, lex_kind kind, const char *what)
{
    if (p->err < 0) return false;
    if (p->token.kind != kind) {
        query__complain(p, "%s is missing here", what);
        return false;
    }
    query__next(p);
    return p->err == 0;
}

void *query__new(query_parser *p, size_t bytes)
{
    void *made = ant_arena_alloc(p->arena, bytes);
    if (made == NULL) {
        p->err = -ENOMEM;
        p->token = (query_token){ 0 };
    }
    return made;
}

static query_node *parse_either(query_parser *p)
{
    if (p->depth >= QUERY_DEPTH_MAX) {
        query__complain(p, "too many parentheses inside of each other");
        return NULL;
    }
    p->depth++;
    query_node *left = parse_both(p);
    while (p->token.kind == LEX_OR) {
        query__next(p);
        left = new_pair(p, LEX_OR, left, parse_both(p));
    }
    p->depth--;
    return left;
}

static query_node *parse_both(query_parser *p)
{
    query_node *left = parse_whole(p);
    while (p->token.kind == LEX_AND) {
        query__next(p);
        left = new_pair(p, LEX_AND, left, parse_whole(p));
    }
    return left;
}

static query_node *parse_whole(query_parser *p)
{
    query_node *no = NULL;
    bool is_no = false;
    for (; p->token.kind == LEX_NOT; is_no = !is_no) {
        if (no == NULL) no = new_node(p, NODE_NOT);
        query__next(p);
    }
    query_node *left = parse_sum(p);
    if (p->token.kind == LEX_ASSIGN) query__complain(p, "write ==");
    if (is_comparison(p->token.kind)) {
        lex_kind op = p->token.kind;
        query__next(p);
        left = new_pair(p, op, left, parse_sum(p));
    }
    if (is_comparison(p->token.kind)) {
        query__complain(p, "only two can be compared; use and");
    }
    if (!is_no || no == NULL || left == NULL) return left;
    no->child = left;
    no->to = left->to;
    return no;
}

static query_node *parse_sum(query_parser *p)
{
    query_node *left = parse_product(p);
    while (p->token.kind == LEX_PLUS || p->token.kind == LEX_MINUS) {
        lex_kind op = p->token.kind;
        query__next(p);
        left = new_pair(p, op, left, parse_product(p));
    }
    return left;
}

static query_node *parse_product(query_parser *p)
{
    query_node *left = parse_value(p);
    while (p->token.kind == LEX_TIMES) {
        query__next(p);
        left = new_pair(p, LEX_TIMES, left, parse_value(p));
    }
    return left;
}

static query_node *parse_value(query_parser *p)
{
    if (p->token.kind == LEX_OPEN) {
        query__next(p);
        query_node *inner = parse_either(p);
        return query__expect(p, LEX_CLOSE, ")") ? inner : NULL;
    }
    if (p->token.kind == LEX_OPEN_LIST) return parse_list(p);
    if (p->token.kind == LEX_NAME) return parse_name(p);
    query_node *node = new_node(p, NODE_VALUE);
    if (node == NULL || !query__literal(p, &node->value)) return NULL;
    return node;
}

static query_node *parse_list(query_parser *p)
{
    query_node *list = new_node(p, NODE_LIST);
    query__next(p);
    if (list == NULL) return NULL;
    query_node **last = &list->child;
    for (unsigned count = 0; p->err == 0; count++) {
        if (p->token.kind == LEX_CLOSE_LIST && count == 0) break;
        if (count == QUERY_ITEM_MAX) query__complain(p, "too many items");
        *last = parse_either(p);
        if (*last == NULL || p->token.kind != LEX_COMMA) break;
        last = &(*last)->next;
        query__next(p);
    }
    list->to = p->token.to;
    return query__expect(p, LEX_CLOSE_LIST, "]") ? list : NULL;
}

// A function, true or false.
static query_node *parse_name(query_parser *p)
{
    const char *name = p->lexer.text + p->token.from;
    uint32_t len = p->token.to - p->token.from;
    query_node *node = new_node(p, NODE_VALUE);
    if (node == NULL) return NULL;
    bool is_true = len == 4 && memcmp(name, "true", 4) == 0;
    if (is_true || (len == 5 && memcmp(name, "false", 5) == 0)) {
        node->value = (query_value){ .type = QUERY_BOOL, .is_true = is_true };
        query__next(p);
        return node;
    }
    node->kind = NODE_CALL;
    node->function = query__function(name, len);
    if (node->function == NULL) {
        query__complain(p,
                        "there is no function %.*s; antfarm query --help "
                        "lists them",
                        (int)len, name);
        return NULL;
    }
    query__next(p);
    if (query__expect(p, LEX_OPEN, "(")) parse_call(p, node);
    node->to = p->token.to;
    return query__expect(p, LEX_CLOSE, ")") ? node : NULL;
}

static void parse_call(query_parser *p, query_node *call)
{
    query_token field = p->token;
    switch (call->function->takes) {
    case TAKES_NOTHING:
        return;
    case TAKES_NAME: {
        query_value name = { 0 };
        if (p->token.kind == LEX_CLOSE) return;
        if (query__literal(p, &name)) call->name = name.text;
        return;
    }
    case TAKES_PATTERN:
        call->pattern[0] = query__pattern(p);
        return;
    case TAKES_TWO:
        call->pattern[0] = query__inner_pattern(p);
        if (!query__expect(p, LEX_COMMA, ", and a second event")) return;
        call->pattern[1] = query__inner_pattern(p);
        return;
    case TAKES_FIELD: {
        if (!query__expect(p, LEX_NAME, "a field, as in \"dur of poll_begin\""))
            return;
        if (!query__expect(p, LEX_OF, "of")) return;
        query_pattern *pattern = query__pattern(p);
        query_key *key = query__new(p, sizeof *key);
        if (pattern == NULL || key == NULL) return;
        call->pattern[0] = pattern;
        if (query__field(p, &field, pattern, key)) call->field = key;
        return;
    }
    }
}

static query_node *new_node(query_parser *p, node_kind kind)
{
    query_token token = p->token;
    query_node *node = query__new(p, sizeof *node);
    if (node == NULL) return NULL;
    node->kind = kind;
    node->from = token.from;
    node->to = token.to;
    return node;
}

static query_node *new_pair(query_parser *p, lex_kind op, query_node *left,
                            query_node *right)
{
    if (left == NULL || right == NULL) return NULL;
    query_node *pair = query__new(p, sizeof *pair);
    if (pair == NULL) return NULL;
    *pair = (query_node){ .kind = NODE_PAIR,
                          .op = op,
                          .from = left->from,
                          .to = right->to,
                          .child = left };
    left->next = right;
    return pair;
}

static bool is_comparison(lex_kind kind)
{
    return kind >= LEX_EQUAL && kind <= LEX_GREATER_EQUAL;
}
