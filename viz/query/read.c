// SPDX-License-Identifier: MIT
//
// What an event says about itself, key by key, as values of the language:
// times in milliseconds, things by their names.
// Enumerated values have the names of trace/events.h.

#include <stdio.h>
#include <string.h>

#include "base/os.h"
#include "query/match.h"
#include "trace/schema.h"

static bool read_field(const ant_model *model, const char *name, uint32_t event,
                       query_value *ret_value);
static void read_id(const ant_model *model, const ant_schema_field *field,
                    uint64_t id, query_value *ret_value);
static uint32_t type_of(const ant_model *model, uint32_t event);
static const char *parent_of(const ant_model *model, uint32_t event);
static double ms_between(const ant_model *model, uint32_t from, uint32_t to);
static query_value text_value(const char *text);
static query_value number_value(double number);

bool query__read(const ant_model *model, const query_key *key, uint32_t event,
                 uint32_t before, query_value *ret_value)
{
    const char *text = NULL;
    switch (key->about) {
    case ABOUT_FIELD:
        return read_field(model, key->name, event, ret_value);
    case ABOUT_AT:
        *ret_value = number_value((double)model_t_ns(model, event) /
                                  (double)ANT_NS_PER_MS);
        return true;
    case ABOUT_DUR:
        *ret_value =
            number_value(ms_between(model, event, query__end_of(model, event)));
        return true;
    case ABOUT_GAP:
        if (before == MODEL_NONE) return false;
        *ret_value = number_value(ms_between(model, before, event));
        return true;
    case ABOUT_LANE:
        if (model->lane[event] == 0) return false;
        text = model->lanes[model->lane[event]].name;
        break;
    case ABOUT_IN:
        if (model->task[event] == 0) return false;
        text = model->tasks[model->task[event]].name;
        break;
    case ABOUT_TASK: {
        uint32_t task = model_subject(model, event);
        if (task == 0) task = model->task[event];
        if (task == 0) return false;
        text = model->tasks[task].name;
        break;
    }
    case ABOUT_TYPE:
        text = model->types[type_of(model, event)].name;
        break;
    case ABOUT_PARENT:
        text = parent_of(model, event);
        break;
    case ABOUT_WITHIN:
    case ABOUT_NTH:
    case ABOUT_BEFORE:
    case ABOUT_AFTER:
        return false;
    }
    if (text == NULL) return false;
    *ret_value = text_value(text);
    return true;
}

uint32_t query__end_of(const ant_model *model, uint32_t event)
{
    uint8_t kind = model->kind[event];
    uint32_t end = event;
    if (kind == ANT_EV_future_start) {
        end = model->futures[model_event_future(model, event)].end_event;
    } else if (kind == ANT_EV_task_spawn) {
        end = model->tasks[model_subject(model, event)].end_event;
    } else if (kind == ANT_EV_poll_begin || kind == ANT_EV_park ||
               kind == ANT_EV_wait_begin || kind == ANT_EV_acquire ||
               kind == ANT_EV_timer_arm || kind == ANT_EV_block_begin ||
               kind == ANT_EV_join_wait) {
        end = model_link_of(model, event);
    }
    if (end == MODEL_NONE) return model->event_count;
    return end < event ? event : end;
}

static bool read_field(const ant_model *model, const char *name, uint32_t event,
                       query_value *ret_value)
{
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)model->kind[event]);
    for (unsigned i = 0; i < row->field_count; i++) {
        if (strcmp(row->field[i].name, name) != 0) continue;
        ant_event found;
        model_event(model, event, &found);
        bool is_state = model->kind[event] == ANT_EV_future_state &&
                        strcmp(name, "state") == 0;
        if (is_state) {
            uint32_t type = type_of(model, event);
            *ret_value =
                text_value(model_state(model, type, (uint32_t)found.field[i]));
        } else {
            read_id(model, &row->field[i], found.field[i], ret_value);
        }
        return true;
    }
    return false;
}

static void read_id(const ant_model *model, const ant_schema_field *field,
                    uint64_t id, query_value *ret_value)
{
    switch (field->type) {
    case ANT_FIELD_TASK:
        *ret_value = text_value(model->tasks[model_task_row(model, id)].name);
        return;
    case ANT_FIELD_RES:
        *ret_value = text_value(model->res[model_res_row(model, id)].name);
        return;
    case ANT_FIELD_LANE:
        *ret_value = text_value(model->lanes[model_lane_row(model, id)].name);
        return;
    case ANT_FIELD_FUT:
        *ret_value =
            text_value(model->futures[model_future_row(model, id)].name);
        return;
    case ANT_FIELD_TYPE:
        *ret_value = text_value(ant_reader_type(model->reader, id)->name);
        return;
    case ANT_FIELD_STR:
        *ret_value = text_value(ant_reader_string(model->reader, id));
        return;
    case ANT_FIELD_ENUM:
        *ret_value =
            text_value(ant_schema_value_name((ant_trace_enum)field->list, id));
        return;
    case ANT_FIELD_NS:
        *ret_value = number_value((double)id / (double)ANT_NS_PER_MS);
        return;
    case ANT_FIELD_INT:
        *ret_value = number_value((double)(int64_t)id);
        return;
    case ANT_FIELD_NUM:
    case ANT_FIELD_TIMER:
    case ANT_FIELD_SEQ:
    case ANT_FIELD_LINE:
    case ANT_FIELD_TEXT:
        *ret_value = number_value((double)id);
    }
}

static uint32_t type_of(const ant_model *model, uint32_t event)
{
    uint32_t fut = model_event_future(model, event);
    if (fut != 0) return model->futures[fut].type;
    uint32_t task = model_subject(model, event);
    return model->tasks[task != 0 ? task : model->task[event]].type_id;
}

static const char *parent_of(const ant_model *model, uint32_t event)
{
    uint32_t fut = model_event_future(model, event);
    if (fut != 0) return model->futures[model->futures[fut].parent].name;
    uint32_t task = model_subject(model, event);
    return model->tasks[model->tasks[task].parent].name;
}

static double ms_between(const ant_model *model, uint32_t from, uint32_t to)
{
    uint64_t t1 =
        to < model->event_count ? model_t_ns(model, to) : model->t_end_ns;
    return (double)(t1 - model_t_ns(model, from)) / (double)ANT_NS_PER_MS;
}

static query_value text_value(const char *text)
{
    return (query_value){ .type = QUERY_TEXT, .text = text };
}

static query_value number_value(double number)
{
    return (query_value){ .type = QUERY_NUMBER, .number = number };
}
