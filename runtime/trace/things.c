// SPDX-License-Identifier: MIT

#include "trace/things.h"

// What is kept of a thing: where its names are.
typedef struct thing_row {
    uint32_t name; // number of a string, 0 for none
    uint32_t type; // of an async function, or 0
    uint32_t kind; // ANT_TASK_… or ANT_RES_…
    uint32_t parent;
} thing_row;

static void learn(ant_table *table, uint64_t id, thing_row what);
static ant_trace_thing describe(const ant_things *things,
                                const ant_table *table, uint64_t id);

void ant_things_init(ant_things *things, const ant_names *names)
{
    *things = (ant_things){
        .names = names,
        .tasks = ant_table_init(sizeof(thing_row)),
        .res = ant_table_init(sizeof(thing_row)),
        .futures = ant_table_init(sizeof(thing_row)),
    };
}

void ant_things_deinit(ant_things *things)
{
    ant_table_deinit(&things->tasks);
    ant_table_deinit(&things->res);
    ant_table_deinit(&things->futures);
}

void ant_things_event(ant_things *things, const ant_event *event)
{
    if (event->kind == ANT_EV_task_spawn) {
        const ant_ev_task_spawn *spawn = ANT_EVENT_AS(task_spawn, event);
        learn(&things->tasks, spawn->task,
              (thing_row){ .name = (uint32_t)spawn->name,
                           .type = (uint32_t)spawn->type,
                           .kind = (uint32_t)spawn->kind,
                           .parent = (uint32_t)spawn->parent });
    } else if (event->kind == ANT_EV_res_new) {
        const ant_ev_res_new *res = ANT_EVENT_AS(res_new, event);
        learn(&things->res, res->res,
              (thing_row){ .name = (uint32_t)res->name,
                           .kind = (uint32_t)res->kind });
    } else if (event->kind == ANT_EV_future_start) {
        const ant_ev_future_start *start = ANT_EVENT_AS(future_start, event);
        learn(&things->futures, start->fut,
              (thing_row){ .name = (uint32_t)start->name,
                           .type = (uint32_t)start->type,
                           .parent = (uint32_t)start->parent });
    }
}

ant_trace_thing ant_things_task(const ant_things *things, uint64_t task)
{
    return describe(things, &things->tasks, task);
}

ant_trace_thing ant_things_res(const ant_things *things, uint64_t res)
{
    return describe(things, &things->res, res);
}

ant_trace_thing ant_things_future(const ant_things *things, uint64_t fut)
{
    return describe(things, &things->futures, fut);
}

static void learn(ant_table *table, uint64_t id, thing_row what)
{
    thing_row *row = ant_table_get(table, id);
    // Without memory the thing stays without a name.
    if (row != NULL) *row = what;
}

static ant_trace_thing describe(const ant_things *things,
                                const ant_table *table, uint64_t id)
{
    const thing_row *row = ant_table_find(table, id);
    if (row == NULL) return (ant_trace_thing){ .name = "" };
    const char *name = ant_names_string(things->names, row->name);
    if (*name == 0) name = ant_names_type(things->names, row->type)->name;
    return (ant_trace_thing){
        .name = name,
        .type = row->type,
        .kind = row->kind,
        .parent = row->parent,
        .is_known = true,
    };
}
