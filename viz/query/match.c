// SPDX-License-Identifier: MIT
//
// Matching goes through all events once. Bounds of other patterns (before,
// after) are looked up first; what depends on the matches themselves (nth,
// first, last) comes last.

#include "query/match.h"

#include <errno.h>
#include <fnmatch.h>
#include <string.h>

#include "trace/schema.h"

// Of one pattern while it is being matched.
typedef struct matcher {
    const ant_model *model;
    const query_pattern *pattern;
    uint32_t from; // events after this one, MODEL_NONE for all
    uint32_t to;   // and before this one
    uint32_t last; // the match before, MODEL_NONE
    uint32_t count;
} matcher;

static int find_bounds(matcher *m);
static bool is_match(matcher *m, uint32_t event);
static bool has_key(const matcher *m, const query_key *key, uint32_t event);
static bool is_within(const ant_model *model, const char *name, uint32_t event);
static bool compare(lex_kind op, const query_value *its,
                    const query_value *wanted);
static bool compare_text(lex_kind op, const char *its, const char *wanted);
static bool compare_number(lex_kind op, double its, double wanted);
static uint64_t id_of(const ant_model *model, const query_key *key,
                      uint32_t event);
static void keep_one(const query_pattern *pattern, query_matches *matches);

int query__match_all(const ant_model *model, const query_pattern *pattern,
                     query_matches *matches)
{
    matcher m = { .model = model,
                  .pattern = pattern,
                  .from = MODEL_NONE,
                  .to = model->event_count,
                  .last = MODEL_NONE };
    int err = find_bounds(&m);
    if (err < 0) return err == -ENOENT ? 0 : err;
    uint32_t first = m.from == MODEL_NONE ? 0 : m.from + 1;
    for (uint32_t i = first; i < m.to; i++) {
        if (!is_match(&m, i)) continue;
        uint32_t *added = model__buf_push(&matches->event, sizeof *added);
        if (added == NULL) return -ENOMEM;
        *added = i;
    }
    keep_one(pattern, matches);
    return 0;
}

void query__matches_free(query_matches *matches)
{
    model__buf_free(&matches->event);
}

// -ENOENT when a bound is an event that never came: then nothing matches.
static int find_bounds(matcher *m)
{
    for (const query_key *key = m->pattern->key; key; key = key->next) {
        if (key->pattern == NULL) continue;
        query_matches found = { 0 };
        int err = query__match_all(m->model, key->pattern, &found);
        if (err == 0 && found.event.len == 0) err = -ENOENT;
        uint32_t bound = err == 0 ? *query__match(&found) : 0;
        query__matches_free(&found);
        if (err < 0) return err;
        bool is_after = key->about == ABOUT_AFTER;
        bool is_later = m->from == MODEL_NONE || bound > m->from;
        if (is_after && is_later) m->from = bound;
        if (!is_after && bound < m->to) m->to = bound;
    }
    return 0;
}

// Keys are asked in their order, and nth counts what those before it let by.
static bool is_match(matcher *m, uint32_t event)
{
    uint16_t kind = m->pattern->kind;
    if (kind != QUERY_KIND_ANY && m->model->kind[event] != kind) return false;
    bool is_nth = true;
    const query_key *nth = NULL;
    for (const query_key *key = m->pattern->key; key; key = key->next) {
        if (key->about == ABOUT_NTH)
            nth = key;
        else if (!has_key(m, key, event))
            return false;
    }
    m->count++;
    m->last = event;
    if (nth != NULL && nth->value.type == QUERY_NUMBER) {
        is_nth = compare_number(nth->op, m->count, nth->value.number);
    }
    return is_nth;
}

static bool has_key(const matcher *m, const query_key *key, uint32_t event)
{
    if (key->pattern != NULL) return true; // find_bounds has seen to it
    if (key->about == ABOUT_WITHIN) {
        const char *name = key->value.text != NULL ? key->value.text : "";
        return is_within(m->model, name, event) == (key->op == LEX_ASSIGN);
    }
    query_value its;
    if (!query__read(m->model, key, event, m->last, &its)) return false;
    bool is_id = its.type == QUERY_TEXT && key->value.type == QUERY_NUMBER;
    if (is_id) {
        double id = (double)id_of(m->model, key, event);
        return compare_number(key->op, id, key->value.number);
    }
    return compare(key->op, &its, &key->value);
}

// Backwards through the poll: whose poll began and has not returned?
static bool is_within(const ant_model *model, const char *name, uint32_t event)
{
    uint32_t task = model->task[event];
    model_range range = model->tasks[task].events;
    const uint32_t *events = model->events_of_task;
    unsigned closed = 0;
    uint32_t at = task != 0 ? model_prev_in(events, range, event) : MODEL_NONE;
    for (; at != MODEL_NONE; at = model_prev_in(events, range, at)) {
        if (model->kind[at] == ANT_EV_poll_begin) return false;
        if (model->kind[at] == ANT_EV_future_result) closed++;
        if (model->kind[at] != ANT_EV_future_poll) continue;
        if (closed > 0) {
            closed--;
            continue;
        }
        const model_future *fut =
            &model->futures[model_event_future(model, at)];
        bool is_it =
            compare_text(LEX_ASSIGN, fut->name, name) ||
            compare_text(LEX_ASSIGN, model->types[fut->type].name, name);
        if (is_it) return true;
    }
    return false;
}

static bool compare(lex_kind op, const query_value *its,
                    const query_value *wanted)
{
    if (its->type != wanted->type) return op == LEX_UNEQUAL;
    if (its->type == QUERY_NUMBER)
        return compare_number(op, its->number, wanted->number);
    return compare_text(op, its->text, wanted->text);
}

static bool compare_text(lex_kind op, const char *its, const char *wanted)
{
    bool is_same = fnmatch(wanted, its, FNM_CASEFOLD) == 0;
    return is_same == (op != LEX_UNEQUAL);
}

static bool compare_number(lex_kind op, double its, double wanted)
{
    bool is_less = its < wanted;
    bool is_more = its > wanted;
    if (op == LEX_LESS) return is_less;
    if (op == LEX_LESS_EQUAL) return !is_more;
    if (op == LEX_GREATER) return is_more;
    if (op == LEX_GREATER_EQUAL) return !is_less;
    return (is_less || is_more) == (op == LEX_UNEQUAL);
}

// "task=3" means the number that people see, not a name.
static uint64_t id_of(const ant_model *model, const query_key *key,
                      uint32_t event)
{
    if (key->about == ABOUT_LANE) return model->lanes[model->lane[event]].id;
    if (key->about == ABOUT_IN) return model->tasks[model->task[event]].id;
    if (key->about == ABOUT_TASK) {
        uint32_t task = model_subject(model, event);
        return model->tasks[task != 0 ? task : model->task[event]].id;
    }
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)model->kind[event]);
    for (unsigned i = 0; i < row->field_count && key->name != NULL; i++) {
        if (strcmp(row->field[i].name, key->name) != 0) continue;
        ant_event found;
        model_event(model, event, &found);
        return found.field[i];
    }
    return 0;
}

static void keep_one(const query_pattern *pattern, query_matches *matches)
{
    bool is_one = pattern->pick == LEX_FIRST || pattern->pick == LEX_LAST;
    if (!is_one || matches->event.len < 2) return;
    uint32_t *event = matches->event.data;
    if (pattern->pick == LEX_LAST) event[0] = event[matches->event.len - 1];
    matches->event.len = 1;
}
