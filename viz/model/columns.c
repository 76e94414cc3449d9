// SPDX-License-Identifier: MIT
//
// The first pass: reads every event once, packs it into columns and collects
// the ids that occur. The fields of an event stand one behind the other in one
// pool of bytes, each as short as its number is.

#include "model/build.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"
#include "trace/schema.h"
#include "trace/varint.h"

// While reading, the columns grow together.
typedef struct model_columns {
    uint32_t *near_ns;
    uint8_t *kind;
    uint32_t *lane;
    uint32_t *task;
    uint16_t *arg_at;
    build_group *groups;
    uint32_t len;
    uint32_t max;
    uint64_t t_ns; // of the last event
} model_columns;

static void fields_init(model_build *build);
static int read_event(model_build *build, model_columns *columns,
                      const ant_event *event);
static int columns_grow(model_columns *columns);
static void columns_free(model_columns *columns);
static int columns_publish(model_build *build, model_columns *columns);
static int push_args(model_build *build, const ant_event *event);
static bool collect_ids(model_build *build, const ant_event *event);
static int collect_lanes(model_build *build);

int model__columns(model_build *build)
{
    model_columns columns = { 0 };
    ant_event event;
    int err = 0;

    uint64_t all_bytes = build->model.info->file_bytes;
    fields_init(build);
    while (err == 0 && ant_reader_next(build->reader, &event)) {
        err = read_event(build, &columns, &event);
        bool is_told = columns.len % BUILD_TELL_EVERY != 0 ||
                       model__tell(build, event.offset, all_bytes);
        if (err == 0 && !is_told) err = -ECANCELED;
    }
    ant_reader_rest(build->reader);
    if (err == 0) err = collect_lanes(build);
    if (err == 0) err = columns_publish(build, &columns);
    columns_free(&columns);
    return err;
}

uint64_t model__field(const model_build *build, uint32_t event, unsigned i)
{
    const uint8_t *at = (const uint8_t *)build->args.data +
                        build->groups[event / BUILD_GROUP].args +
                        build->arg_at[event];
    const uint8_t *end = (const uint8_t *)build->args.data + build->args.len;
    for (; i > 0; at++)
        i -= (*at & 0x80) == 0; // the last byte of a field
    uint64_t value = 0;
    (void)ant_varint_get(at, end, &value);
    return value;
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
    size_t args = build->args.len;
    build_group *group = &columns->groups[i / BUILD_GROUP];
    err = push_args(build, event);
    if (err != 0) return err;
    if (i % BUILD_GROUP == 0) *group = (build_group){ .args = (uint32_t)args };
    columns->arg_at[i] = (uint16_t)(args - group->args);
    if (!collect_ids(build, event)) return -ENOMEM;
    if (event->lost != 0) {
        model_loss *loss = model__buf_push(&build->losses, sizeof *loss);
        if (loss == NULL) return -ENOMEM;
        *loss = (model_loss){ .event = i, .count = event->lost };
    }

    // Time never goes backwards, whatever the file says.
    if (event->t_ns > columns->t_ns) columns->t_ns = event->t_ns;
    if (!model__time_put(build, group, columns->near_ns, i, columns->t_ns))
        return -ENOMEM;
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
    void *kind = ant_mem_resize(columns->kind, max);
    if (kind == NULL) return -ENOMEM;
    columns->kind = kind;
    void *arg_at = ant_mem_resize(columns->arg_at, max * sizeof(uint16_t));
    if (arg_at == NULL) return -ENOMEM;
    columns->arg_at = arg_at;
    void *groups = ant_mem_resize(columns->groups,
                                  max / BUILD_GROUP * sizeof(build_group));
    if (groups == NULL) return -ENOMEM;
    columns->groups = groups;

    uint32_t **words[] = { &columns->near_ns, &columns->lane, &columns->task };
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
    ant_mem_free(columns->near_ns);
    ant_mem_free(columns->kind);
    ant_mem_free(columns->lane);
    ant_mem_free(columns->task);
    ant_mem_free(columns->arg_at);
    ant_mem_free(columns->groups);
}

// The column, cut to its length, becomes a part of the model. NULL when out of
// memory.
static void *publish(model_build *build, void *column_at, size_t bytes)
{
    void **column = column_at;
    void *cut = ant_mem_resize(*column, bytes == 0 ? 1 : bytes);
    if (cut == NULL) return NULL;
    *column = cut;
    void **slot = model__buf_push(&build->blocks, sizeof *slot);
    if (slot == NULL) return NULL;
    *slot = cut;
    *column = NULL;
    return cut;
}

// Rows in place of ids, and the columns in place of their drafts.
static int columns_publish(model_build *build, model_columns *columns)
{
    model__ids_finish(&build->task_ids);
    model__ids_finish(&build->lane_ids);
    model__ids_finish(&build->res_ids);
    model__ids_finish(&build->future_ids);
    model__ids_finish(&build->timer_ids);
    uint32_t n = columns->len;
    build->lane = model__alloc(build, n, sizeof *build->lane);
    if (build->lane == NULL) return -ENOMEM;
    for (uint32_t i = 0; i < n; i++) {
        uint32_t lane = model__ids_row(&build->lane_ids, columns->lane[i]);
        build->lane[i] = lane <= UINT16_MAX ? (uint16_t)lane : 0;
        columns->task[i] = model__ids_row(&build->task_ids, columns->task[i]);
    }
    ant_mem_free(columns->lane);
    columns->lane = NULL;
    build->near_ns = publish(build, &columns->near_ns, n * sizeof(uint32_t));
    build->kind = publish(build, &columns->kind, n);
    build->task = publish(build, &columns->task, n * sizeof *build->task);
    build->arg_at = publish(build, &columns->arg_at, n * sizeof(uint16_t));
    build->groups =
        publish(build, &columns->groups,
                (n + BUILD_GROUP - 1) / BUILD_GROUP * sizeof *build->groups);
    build->link = model__alloc(build, n, sizeof *build->link);
    if (build->near_ns == NULL || build->kind == NULL || build->task == NULL ||
        build->arg_at == NULL || build->groups == NULL || build->link == NULL)
        return -ENOMEM;
    memset(build->link, 0xFF, n * sizeof *build->link); // MODEL_NONE

    model__buf_cut(&build->args, 1);
    model__buf_cut(&build->losses, sizeof(model_loss));
    model__buf_cut(&build->far_ns, sizeof(uint64_t));
    ant_model *model = &build->model;
    model->event_count = n;
    model->t_end_ns = columns->t_ns;
    model->kind = build->kind;
    model->lane = build->lane;
    model->task = build->task;
    model->link = build->link;
    model->losses = build->losses.data;
    model->loss_count = (uint32_t)build->losses.len;
    return 0;
}

static int push_args(model_build *build, const ant_event *event)
{
    const unsigned count = build->fields[event->kind].count;
    uint8_t bytes[ANT_EVENT_FIELD_MAX * ANT_VARINT_BYTES_MAX];
    uint8_t *end = bytes;
    for (unsigned i = 0; i < count; i++)
        end = ant_varint_put(end, i < event->count ? event->field[i] : 0);
    const size_t len = (size_t)(end - bytes);
    if (build->args.len > UINT32_MAX - sizeof bytes) return -E2BIG;
    void *room = model__buf_room(&build->args, len, 1);
    if (room == NULL) return -ENOMEM;
    memcpy(room, bytes, len);
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
