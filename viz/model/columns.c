// SPDX-License-Identifier: MIT
//
// The first pass: reads every event once, packs it into columns and collects
// the ids that occur. The fields of an event are 32-bit words in one pool, or
// two words each when one of them needs it, which is rare.

#include "model/build.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "trace/schema.h"

#define WIDE_BIT 0x80000000u

// While reading, the columns grow together.
typedef struct model_columns {
    uint64_t *t_ns;
    uint8_t *kind;
    uint32_t *lane;
    uint32_t *task;
    uint32_t *arg_at;
    uint32_t len;
    uint32_t max;
} model_columns;

static void fields_init(model_build *build);
static int read_event(model_build *build, model_columns *columns,
                      const ant_event *event);
static int columns_grow(model_columns *columns);
static void columns_free(model_columns *columns);
static int columns_publish(model_build *build, model_columns *columns);
static int push_args(model_build *build, const ant_event *event,
                     uint32_t *ret_at);
static bool collect_ids(model_build *build, const ant_event *event);
static int collect_lanes(model_build *build);

int model__columns(model_build *build)
{
    model_columns columns = { 0 };
    ant_event event;
    int err = 0;

    fields_init(build);
    while (err == 0 && ant_reader_next(build->reader, &event)) {
        err = read_event(build, &columns, &event);
    }
    if (err == 0) err = collect_lanes(build);
    if (err == 0) err = columns_publish(build, &columns);
    columns_free(&columns);
    return err;
}

uint64_t model__field(const model_build *build, uint32_t event, unsigned i)
{
    const uint32_t *args = build->args.data;
    uint32_t at = build->arg_at[event];
    if ((at & WIDE_BIT) == 0) return args[at + i];

    const uint32_t *word = &args[(at & ~WIDE_BIT) + 2 * i];
    return (uint64_t)word[1] << 32 | word[0];
}

// Remembers where the first field of each type stands, of every kind.
static void fields_init(model_build *build)
{
    for (unsigned kind = ANT_EV_none + 1; kind < ANT_EV_COUNT; kind++) {
        const ant_schema_event *row = ant_schema_event_of((ant_event_kind)kind);
        build_fields *fields = &build->fields[kind];
        memset(fields, BUILD_FIELD_NONE, sizeof *fields);
        fields->count = (uint8_t)row->field_count;
        for (unsigned i = row->field_count; i-- > 0;) {
            ant_field_type type = row->field[i].type;
            if (type == ANT_FIELD_TASK) fields->task = (uint8_t)i;
            if (type == ANT_FIELD_LANE) fields->lane = (uint8_t)i;
            if (type == ANT_FIELD_RES) fields->res = (uint8_t)i;
            if (type == ANT_FIELD_FUT) fields->fut = (uint8_t)i;
        }
    }
}

static int read_event(model_build *build, model_columns *columns,
                      const ant_event *event)
{
    if (event->kind == ANT_EV_none || event->kind >= ANT_EV_COUNT) return 0;
    int err = columns_grow(columns);
    if (err != 0) return err;

    uint32_t i = columns->len;
    err = push_args(build, event, &columns->arg_at[i]);
    if (err != 0) return err;
    if (!collect_ids(build, event)) return -ENOMEM;
    if (event->lost != 0) {
        model_loss *loss = model__buf_push(&build->losses, sizeof *loss);
        if (loss == NULL) return -ENOMEM;
        *loss = (model_loss){ .event = i, .count = event->lost };
    }

    // Time never goes backwards, whatever the file says.
    uint64_t before_ns = i == 0 ? 0 : columns->t_ns[i - 1];
    columns->t_ns[i] = event->t_ns > before_ns ? event->t_ns : before_ns;
    columns->kind[i] = event->kind;
    columns->lane[i] = event->lane;
    columns->task[i] = event->task;
    columns->len++;
    build->kind_count[event->kind]++;
    return 0;
}

static int columns_grow(model_columns *columns)
{
    if (columns->len < columns->max) return 0;
    if (columns->max >= MODEL_NONE / 2) return -E2BIG;

    uint32_t max = columns->max == 0 ? 1024 : columns->max * 2;
    void *t_ns = ant_mem_resize(columns->t_ns, max * sizeof(uint64_t));
    if (t_ns == NULL) return -ENOMEM;
    columns->t_ns = t_ns;
    void *kind = ant_mem_resize(columns->kind, max);
    if (kind == NULL) return -ENOMEM;
    columns->kind = kind;

    uint32_t **words[] = { &columns->lane, &columns->task, &columns->arg_at };
    for (size_t i = 0; i < ANT_ARRAY_LEN(words); i++) {
        void *word = ant_mem_resize(*words[i], max * sizeof(uint32_t));
        if (word == NULL) return -ENOMEM;
        *words[i] = word;
    }
    columns->max = max;
    return 0;
}

static void columns_free(model_columns *columns)
{
    ant_mem_free(columns->t_ns);
    ant_mem_free(columns->kind);
    ant_mem_free(columns->lane);
    ant_mem_free(columns->task);
    ant_mem_free(columns->arg_at);
}

// Copies the columns at their final size, with rows in place of ids.
static int columns_publish(model_build *build, model_columns *columns)
{
    uint32_t n = columns->len;
    build->t_ns = model__alloc(build, n, sizeof *build->t_ns);
    build->kind = model__alloc(build, n, sizeof *build->kind);
    build->lane = model__alloc(build, n, sizeof *build->lane);
    build->task = model__alloc(build, n, sizeof *build->task);
    build->arg_at = model__alloc(build, n, sizeof *build->arg_at);
    build->step = model__alloc(build, n, sizeof *build->step);
    build->link = model__alloc(build, n, sizeof *build->link);
    if (build->t_ns == NULL || build->kind == NULL || build->lane == NULL ||
        build->task == NULL || build->arg_at == NULL || build->step == NULL ||
        build->link == NULL)
        return -ENOMEM;

    model__ids_finish(&build->task_ids);
    model__ids_finish(&build->lane_ids);
    model__ids_finish(&build->res_ids);
    model__ids_finish(&build->future_ids);
    model__ids_finish(&build->timer_ids);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t lane = model__ids_row(&build->lane_ids, columns->lane[i]);
        build->t_ns[i] = columns->t_ns[i];
        build->kind[i] = columns->kind[i];
        build->arg_at[i] = columns->arg_at[i];
        build->lane[i] = lane <= UINT16_MAX ? (uint16_t)lane : 0;
        build->task[i] = model__ids_row(&build->task_ids, columns->task[i]);
        build->link[i] = MODEL_NONE;
    }

    ant_model *model = &build->model;
    model->event_count = n;
    model->t_end_ns = n == 0 ? 0 : build->t_ns[n - 1];
    model->t_ns = build->t_ns;
    model->kind = build->kind;
    model->lane = build->lane;
    model->task = build->task;
    model->step = build->step;
    model->link = build->link;
    model->losses = build->losses.data;
    model->loss_count = (uint32_t)build->losses.len;
    return 0;
}

static int push_args(model_build *build, const ant_event *event,
                     uint32_t *ret_at)
{
    unsigned count = build->fields[event->kind].count;
    uint64_t together = 0;
    for (unsigned i = 0; i < count && i < event->count; i++) {
        together |= event->field[i];
    }
    bool is_wide = together > UINT32_MAX;
    if (build->args.len >= WIDE_BIT - 2 * ANT_EVENT_FIELD_MAX) return -E2BIG;
    *ret_at = (uint32_t)build->args.len | (is_wide ? WIDE_BIT : 0);

    for (unsigned i = 0; i < count; i++) {
        uint64_t value = i < event->count ? event->field[i] : 0;
        uint32_t *word = model__buf_push(&build->args, sizeof *word);
        if (word == NULL) return -ENOMEM;
        *word = (uint32_t)value;
        if (!is_wide) continue;
        word = model__buf_push(&build->args, sizeof *word);
        if (word == NULL) return -ENOMEM;
        *word = (uint32_t)(value >> 32);
    }
    return 0;
}

static bool collect_ids(model_build *build, const ant_event *event)
{
    const ant_schema_event *row =
        ant_schema_event_of((ant_event_kind)event->kind);
    bool is_ok = model__ids_add(&build->task_ids, event->task) &&
                 model__ids_add(&build->lane_ids, event->lane);
    for (unsigned i = 0; i < event->count && i < row->field_count; i++) {
        ant_field_type type = row->field[i].type;
        uint64_t id = event->field[i];
        if (type == ANT_FIELD_TASK)
            is_ok &= model__ids_add(&build->task_ids, id);
        if (type == ANT_FIELD_LANE)
            is_ok &= model__ids_add(&build->lane_ids, id);
        if (type == ANT_FIELD_RES) is_ok &= model__ids_add(&build->res_ids, id);
        if (type == ANT_FIELD_FUT)
            is_ok &= model__ids_add(&build->future_ids, id);
        if (type == ANT_FIELD_TIMER)
            is_ok &= model__ids_add(&build->timer_ids, id);
    }
    return is_ok;
}

// Lanes that are named in the file but never did anything are shown, too.
static int collect_lanes(model_build *build)
{
    uint32_t max = ant_reader_lane_max(build->reader);
    for (uint32_t id = 1; id <= max; id++) {
        if (ant_reader_lane(build->reader, id) == NULL) continue;
        if (!model__ids_add(&build->lane_ids, id)) return -ENOMEM;
    }
    return 0;
}
