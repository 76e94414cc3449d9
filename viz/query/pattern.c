// SPDX-License-Identifier: MIT
//
// Patterns: an event's name, then keys that narrow it down. Whether a kind of
// event has a key is known here already, so a misspelled one is found without
// any trace.

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "query/tree.h"
#include "trace/schema.h"

static const struct {
    const char *name;
    query_about about;
} everywhere[] = {
    { "at", ABOUT_AT },         { "lane", ABOUT_LANE },
    { "in", ABOUT_IN },         { "task", ABOUT_TASK },
    { "type", ABOUT_TYPE },     { "parent", ABOUT_PARENT },
    { "within", ABOUT_WITHIN }, { "dur", ABOUT_DUR },
    { "gap", ABOUT_GAP },       { "nth", ABOUT_NTH },
    { "before", ABOUT_BEFORE }, { "after", ABOUT_AFTER },
};

static bool parse_kind(query_parser *p, query_pattern *pattern);
static query_key *parse_key(query_parser *p, const query_pattern *pattern);
static bool find_key(uint16_t kind, const char *name, uint32_t len,
                     query_key *ret_key);
static const ant_schema_field *find_field(uint16_t kind, const char *name,
                                          uint32_t len);
static void complain_key(query_parser *p, const query_token *name,
                         uint16_t kind);
static void check_value(query_parser *p, const query_pattern *pattern,
                        const query_key *key);
static bool is_word(const char *name, const char *text, uint32_t len);

query_pattern *query__pattern(query_parser *p)
{
    query_pattern *pattern = query__new(p, sizeof *pattern);
    if (pattern == NULL) return NULL;
    bool is_picked = p->token.kind == LEX_FIRST || p->token.kind == LEX_LAST;
    if (is_picked) {
        pattern->pick = p->token.kind;
        query__next(p);
    }
    if (!parse_kind(p, pattern)) return NULL;
    query_key **last = &pattern->key;
    while (p->token.kind == LEX_COMMA) {
        query__next(p);
        *last = parse_key(p, pattern);
        if (*last == NULL) return NULL;
        last = &(*last)->next;
    }
    return pattern;
}

query_pattern *query__inner_pattern(query_parser *p)
{
    if (p->depth >= QUERY_DEPTH_MAX) {
        query__complain(p, "too many patterns inside of each other");
        return NULL;
    }
    p->depth++;
    query_pattern *pattern = NULL;
    if (p->token.kind == LEX_OPEN) {
        query__next(p);
        pattern = query__pattern(p);
        if (!query__expect(p, LEX_CLOSE, ")")) pattern = NULL;
    } else {
        pattern = query__new(p, sizeof *pattern);
        if (pattern != NULL && !parse_kind(p, pattern)) pattern = NULL;
    }
    p->depth--;
    return pattern;
}

bool query__literal(query_parser *p, query_value *ret_value)
{
    query_token token = p->token;
    bool is_negative = token.kind == LEX_MINUS;
    if (is_negative) {
        query__next(p);
        token = p->token;
    }
    query_value value = { .type = QUERY_NUMBER };
    value.number = is_negative ? -token.number : token.number;
    bool is_name = token.kind == LEX_NAME && !is_negative;
    bool is_text = token.kind == LEX_TEXT && !is_negative;
    if (is_name || is_text) {
        const char *from = p->lexer.text + token.from + (is_text ? 1 : 0);
        size_t len = token.to - token.from - (is_text ? 2 : 0);
        value.type = QUERY_TEXT;
        value.text = ant_arena_text(p->arena, from, len);
        if (value.text == NULL) p->err = -ENOMEM;
    } else if (token.kind != LEX_NUMBER) {
        query__complain(p, "a number, a text or a function is missing here");
    }
    query__next(p);
    if (p->err < 0) return false;
    *ret_value = value;
    return true;
}

bool query__field(query_parser *p, const query_token *name,
                  const query_pattern *pattern, query_key *ret_key)
{
    const char *text = p->lexer.text + name->from;
    bool is_known =
        find_key(pattern->kind, text, name->to - name->from, ret_key) &&
        ret_key->about < ABOUT_NTH && ret_key->about != ABOUT_WITHIN;
    if (!is_known) complain_key(p, name, pattern->kind);
    return is_known;
}

static bool parse_kind(query_parser *p, query_pattern *pattern)
{
    const char *name = p->lexer.text + p->token.from;
    uint32_t len = p->token.to - p->token.from;
    bool is_any = is_word("any", name, len);
    pattern->kind = QUERY_KIND_ANY;
    for (uint16_t i = 1; i < ANT_EV_COUNT; i++) {
        const char *its = ant_schema_event_of((ant_event_kind)i)->name;
        if (is_word(its, name, len)) pattern->kind = i;
    }
    bool is_known = is_any || pattern->kind != QUERY_KIND_ANY;
    if (p->token.kind != LEX_NAME) {
        query__complain(p, "the name of an event is missing here");
    } else if (!is_known) {
        query__complain(p, "there is no event %.*s; antfarm events lists them",
                        (int)len, name);
    }
    query__next(p);
    return p->err == 0;
}

// NAME OP VALUE, where "before" and "after" take a pattern.
static query_key *parse_key(query_parser *p, const query_pattern *pattern)
{
    query_key *key = query__new(p, sizeof *key);
    if (key == NULL) return NULL;
    query_token name = p->token;
    const char *text = p->lexer.text + name.from;
    if (!query__expect(p, LEX_NAME, "a key, as in task=page,")) return NULL;
    if (!find_key(pattern->kind, text, name.to - name.from, key)) {
        complain_key(p, &name, pattern->kind);
        return NULL;
    }
    key->op = p->token.kind;
    if (key->op == LEX_EQUAL) query__complain(p, "write = inside of a pattern");
    if (key->op < LEX_ASSIGN || key->op > LEX_GREATER_EQUAL) {
        query__complain(p, "= is missing here");
    }
    query__next(p);
    if (key->about == ABOUT_BEFORE || key->about == ABOUT_AFTER) {
        key->pattern = query__inner_pattern(p);
    } else if (query__literal(p, &key->value)) {
        check_value(p, pattern, key);
    }
    return p->err == 0 ? key : NULL;
}

// A field of the row goes first: future_start has a parent of its own.
static bool find_key(uint16_t kind, const char *name, uint32_t len,
                     query_key *ret_key)
{
    const ant_schema_field *field = find_field(kind, name, len);
    bool is_lane = is_word("lane", name, len);
    if (field != NULL && !is_lane) {
        ret_key->about = ABOUT_FIELD;
        ret_key->name = field->name;
        return true;
    }
    for (unsigned i = 0; i < ANT_ARRAY_LEN(everywhere); i++) {
        if (!is_word(everywhere[i].name, name, len)) continue;
        ret_key->about = everywhere[i].about;
        return true;
    }
    return false;
}

// Of `any` event: a field that some event has.
static const ant_schema_field *find_field(uint16_t kind, const char *name,
                                          uint32_t len)
{
    for (uint16_t k = 1; k < ANT_EV_COUNT; k++) {
        if (kind != QUERY_KIND_ANY && kind != k) continue;
        const ant_schema_event *row = ant_schema_event_of((ant_event_kind)k);
        for (unsigned i = 0; i < row->field_count; i++) {
            if (is_word(row->field[i].name, name, len)) return &row->field[i];
        }
    }
    return NULL;
}

static void complain_key(query_parser *p, const query_token *name,
                         uint16_t kind)
{
    char fields[120] = "";
    size_t len = 0;
    const ant_schema_event *row =
        kind != QUERY_KIND_ANY ? ant_schema_event_of((ant_event_kind)kind)
                               : NULL;
    for (unsigned i = 0; row != NULL && i < row->field_count; i++) {
        int more = snprintf(fields + len, sizeof fields - len, "%s ",
                            row->field[i].name);
        if (more > 0 && (size_t)more < sizeof fields - len) len += (size_t)more;
    }
    p->token = *name;
    query__complain(p,
                    "%s has no %.*s; it has %sat lane in task type within "
                    "dur gap nth",
                    row != NULL ? row->name : "any",
                    (int)(name->to - name->from), p->lexer.text + name->from,
                    fields);
}

// An enumerated field has few values, and a wrong one never matches.
static void check_value(query_parser *p, const query_pattern *pattern,
                        const query_key *key)
{
    if (key->about != ABOUT_FIELD || key->value.type != QUERY_TEXT) return;
    const ant_schema_field *field =
        find_field(pattern->kind, key->name, (uint32_t)strlen(key->name));
    bool is_enum = field->type == ANT_FIELD_ENUM;
    if (!is_enum || pattern->kind == QUERY_KIND_ANY) return;
    char values[120] = "";
    size_t len = 0;
    ant_trace_enum list = (ant_trace_enum)field->list;
    for (unsigned i = 0; i < ant_schema_enum_count(list); i++) {
        const char *its = ant_schema_value_name(list, i);
        if (strcasecmp(its, key->value.text) == 0) return;
        int more = snprintf(values + len, sizeof values - len, " %s", its);
        if (more > 0 && (size_t)more < sizeof values - len) len += (size_t)more;
    }
    query__complain(p, "%s is never %s; it is one of%s", key->name,
                    key->value.text, values);
}

static bool is_word(const char *name, const char *text, uint32_t len)
{
    return strlen(name) == len && memcmp(name, text, len) == 0;
}
