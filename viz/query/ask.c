// SPDX-License-Identifier: MIT
//
// Asking: the tree is walked from left to right, and each call becomes a fact
// of the answer. Nothing is cut short: the facts of both sides of an `and` are
// what people want to see.

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "query/function.h"

struct query_pages {
    ant_arena arena;
    model_buf facts; // of query_fact
};

typedef struct asker {
    const ant_query *query;
    const ant_model *model;
    struct query_pages *pages;
    query_error *error;
} asker;

static int ask_node(asker *a, const query_node *node, query_value *ret_value);
static int ask_literal(asker *a, const query_node *node,
                       query_value *ret_value);
static int ask_list(asker *a, const query_node *node, query_value *ret_value);
static int ask_call(asker *a, const query_node *node, query_value *ret_value);
static int ask_not(asker *a, const query_node *node, query_value *ret_value);
static int ask_pair(asker *a, const query_node *node, query_value *ret_value);
static int calculate(asker *a, const query_node *node, query_value *left,
                     const query_value *right);
static int keep_fact(asker *a, const query_node *node, query_call *call,
                     const query_value *value);
ANT_PRINTF(3, 4)
static int refuse(asker *a, const query_node *node, const char *format, ...);

int query_ask(const ant_query *query, const ant_model *model,
              query_answer *ret_answer, query_error *ret_error)
{
    *ret_error = (query_error){ 0 };
    query_answer answer = { .pages = ant_mem_alloc(sizeof *answer.pages) };
    if (answer.pages == NULL) return -ENOMEM;
    asker a = { query, model, answer.pages, ret_error };
    int err = ask_node(&a, query->root, &answer.value);
    if (err < 0) {
        query_answer_free(&answer);
        return err;
    }
    answer.fact = answer.pages->facts.data;
    answer.fact_count = (uint32_t)answer.pages->facts.len;
    *ret_answer = answer;
    return 0;
}

int query_run(const char *text, const ant_model *model,
              query_answer *ret_answer, query_error *ret_error)
{
    ant_query *parsed;
    int err = query_parse(text, &parsed, ret_error);
    if (err < 0) return err;
    err = query_ask(parsed, model, ret_answer, ret_error);
    query_free(parsed);
    return err;
}

void query_answer_free(query_answer *answer)
{
    if (answer->pages != NULL) {
        ant_arena_deinit(&answer->pages->arena);
        model__buf_free(&answer->pages->facts);
        ant_mem_free(answer->pages);
    }
    *answer = (query_answer){ 0 };
}

static int ask_node(asker *a, const query_node *node, query_value *ret_value)
{
    switch (node->kind) {
    case NODE_VALUE:
        return ask_literal(a, node, ret_value);
    case NODE_LIST:
        return ask_list(a, node, ret_value);
    case NODE_CALL:
        return ask_call(a, node, ret_value);
    case NODE_NOT:
        return ask_not(a, node, ret_value);
    case NODE_PAIR:
        return ask_pair(a, node, ret_value);
    }
    return -EINVAL;
}

// The answer may outlive the query.
static int ask_literal(asker *a, const query_node *node, query_value *ret_value)
{
    *ret_value = node->value;
    if (node->value.type != QUERY_TEXT) return 0;
    const char *text = node->value.text;
    ret_value->text = ant_arena_text(&a->pages->arena, text, strlen(text));
    return ret_value->text != NULL ? 0 : -ENOMEM;
}

static int ask_list(asker *a, const query_node *node, query_value *ret_value)
{
    uint32_t count = 0;
    for (const query_node *n = node->child; n != NULL; n = n->next)
        count++;
    query_value *item =
        ant_arena_alloc(&a->pages->arena, (count + 1) * sizeof *item);
    if (item == NULL) return -ENOMEM;
    uint32_t i = 0;
    for (const query_node *n = node->child; n != NULL; n = n->next) {
        int err = ask_node(a, n, &item[i++]);
        if (err < 0) return err;
    }
    *ret_value =
        (query_value){ .type = QUERY_LIST, .item = item, .count = count };
    return 0;
}

static int ask_call(asker *a, const query_node *node, query_value *ret_value)
{
    query_call call = { .model = a->model,
                        .node = node,
                        .arena = &a->pages->arena,
                        .error = a->error };
    int err = 0;
    if (node->pattern[0] != NULL) {
        err = query__match_all(a->model, node->pattern[0], &call.found);
    }
    if (err == 0) err = node->function->ask(&call, ret_value);
    if (err == -EINVAL) a->error->at = node->from;
    if (err == 0) err = keep_fact(a, node, &call, ret_value);
    query__matches_free(&call.found);
    return err;
}

static int ask_not(asker *a, const query_node *node, query_value *ret_value)
{
    int err = ask_node(a, node->child, ret_value);
    if (err < 0) return err;
    if (ret_value->type != QUERY_BOOL) {
        return refuse(a, node, "not wants something true or false");
    }
    ret_value->is_true = !ret_value->is_true;
    return 0;
}

static int ask_pair(asker *a, const query_node *node, query_value *ret_value)
{
    query_value right;
    int err = ask_node(a, node->child, ret_value);
    if (err == 0) err = ask_node(a, node->child->next, &right);
    if (err < 0) return err;
    if (node->op == LEX_EQUAL || node->op == LEX_UNEQUAL) {
        bool is_same = query_value_is_same(ret_value, &right);
        *ret_value = (query_value){ .type = QUERY_BOOL };
        ret_value->is_true = is_same == (node->op == LEX_EQUAL);
        return 0;
    }
    return calculate(a, node, ret_value, &right);
}

// left becomes left op right.
static int calculate(asker *a, const query_node *node, query_value *left,
                     const query_value *right)
{
    bool is_logic = node->op == LEX_AND || node->op == LEX_OR;
    query_type wanted = is_logic ? QUERY_BOOL : QUERY_NUMBER;
    if (left->type != wanted || right->type != wanted) {
        return refuse(a, node,
                      is_logic ? "and, or want something true or false"
                               : "only numbers can be compared or added "
                                 "like this");
    }
    double x = left->number;
    double y = right->number;
    bool was = left->is_true;
    *left = (query_value){ .type = wanted };
    if (node->op == LEX_AND) left->is_true = was && right->is_true;
    if (node->op == LEX_OR) left->is_true = was || right->is_true;
    if (node->op == LEX_PLUS) left->number = x + y;
    if (node->op == LEX_MINUS) left->number = x - y;
    if (node->op == LEX_TIMES) left->number = x * y;
    if (node->op >= LEX_LESS && node->op <= LEX_GREATER_EQUAL) {
        left->type = QUERY_BOOL;
        left->is_true = (node->op == LEX_LESS && x < y) ||
                        (node->op == LEX_LESS_EQUAL && x <= y) ||
                        (node->op == LEX_GREATER && x > y) ||
                        (node->op == LEX_GREATER_EQUAL && x >= y);
    }
    return 0;
}

static int keep_fact(asker *a, const query_node *node, query_call *call,
                     const query_value *value)
{
    ant_arena *arena = &a->pages->arena;
    size_t count = call->found.event.len;
    uint32_t *event = ant_arena_alloc(arena, (count + 1) * sizeof *event);
    const char *text = ant_arena_text(arena, a->query->text + node->from,
                                      node->to - node->from);
    query_fact *fact = model__buf_push(&a->pages->facts, sizeof *fact);
    if (event == NULL || text == NULL || fact == NULL) return -ENOMEM;
    if (count > 0) memcpy(event, call->found.event.data, count * sizeof *event);
    *fact = (query_fact){ text, *value, event, (uint32_t)count };
    return 0;
}

static int refuse(asker *a, const query_node *node, const char *format, ...)
{
    a->error->at = node->from;
    va_list args;
    va_start(args, format);
    vsnprintf(a->error->text, sizeof a->error->text, format, args);
    va_end(args);
    return -EINVAL;
}
