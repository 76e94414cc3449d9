// SPDX-License-Identifier: MIT
//
// A misspelled name matches nothing, and "never" is glad of that. So whoever
// writes questions can ask which names of a question nothing in a trace has.

#include <fnmatch.h>
#include <string.h>

#include "query/function.h"
#include "query/tree.h"
#include "trace/schema.h"

static const char *unknown_in_node(const query_node *node,
                                   const ant_model *model);
static const char *unknown_in(const query_pattern *pattern,
                              const ant_model *model);
static bool is_of_a_task(const query_node *node);
static bool is_name(const query_key *key, uint16_t kind);
static bool is_called(const ant_model *model, const char *name);
static bool is_it(const char *name, const char *its);

const char *query_unknown_name(const ant_query *query, const ant_model *model)
{
    return unknown_in_node(query->root, model);
}

static const char *unknown_in_node(const query_node *node,
                                   const ant_model *model)
{
    for (; node != NULL; node = node->next) {
        const char *found = NULL;
        for (int i = 0; i < 2 && found == NULL; i++)
            found = unknown_in(node->pattern[i], model);
        if (found == NULL && node->name != NULL && is_of_a_task(node) &&
            !is_called(model, node->name)) {
            found = node->name;
        }
        if (found == NULL) found = unknown_in_node(node->child, model);
        if (found != NULL) return found;
    }
    return NULL;
}

static const char *unknown_in(const query_pattern *pattern,
                              const ant_model *model)
{
    const query_key *key = pattern != NULL ? pattern->key : NULL;
    for (; key != NULL; key = key->next) {
        const char *found = unknown_in(key->pattern, model);
        if (found != NULL) return found;
        if (!is_name(key, pattern->kind)) continue;
        if (!is_called(model, key->value.text)) return key->value.text;
    }
    return NULL;
}

// alive(NAME) names a task; lints(NAME) does not.
static bool is_of_a_task(const query_node *node)
{
    return strcmp(node->function->name, "alive") == 0;
}

// Of a task, a future, its type, a lane or a lock.
static bool is_name(const query_key *key, uint16_t kind)
{
    if (key->pattern != NULL || key->value.type != QUERY_TEXT) return false;
    if (key->about == ABOUT_LANE || key->about == ABOUT_IN ||
        key->about == ABOUT_TASK || key->about == ABOUT_TYPE ||
        key->about == ABOUT_PARENT || key->about == ABOUT_WITHIN) {
        return true;
    }
    bool has_row = key->about == ABOUT_FIELD && kind != QUERY_KIND_ANY;
    const ant_schema_event *row =
        has_row ? ant_schema_event_of((ant_event_kind)kind) : NULL;
    for (unsigned i = 0; row != NULL && i < row->field_count; i++) {
        if (strcmp(row->field[i].name, key->name) != 0) continue;
        ant_field_type type = row->field[i].type;
        return type == ANT_FIELD_TASK || type == ANT_FIELD_FUT ||
               type == ANT_FIELD_LANE || type == ANT_FIELD_RES ||
               type == ANT_FIELD_TYPE;
    }
    return false;
}

static bool is_called(const ant_model *model, const char *name)
{
    for (uint32_t i = 1; i < model->task_count; i++) {
        if (is_it(name, model->tasks[i].name)) return true;
    }
    for (uint32_t i = 1; i < model->future_count; i++) {
        if (is_it(name, model->futures[i].name)) return true;
    }
    for (uint32_t i = 1; i < model->type_count; i++) {
        if (is_it(name, model->types[i].name)) return true;
    }
    for (uint32_t i = 1; i < model->lane_count; i++) {
        if (is_it(name, model->lanes[i].name)) return true;
    }
    for (uint32_t i = 1; i < model->res_count; i++) {
        if (is_it(name, model->res[i].name)) return true;
    }
    return false;
}

static bool is_it(const char *name, const char *its)
{
    return fnmatch(name, its, FNM_CASEFOLD) == 0;
}
