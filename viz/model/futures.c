// SPDX-License-Identifier: MIT
//
// The pass over the futures inside tasks: their table, the spans in which they
// are being polled or pending in a state, and the order of the tree. Without
// the FULL level of detail there are none.

#include "model/build.h"

#include <errno.h>

#include "base/mem.h"

// While the futures are read: the open spans, and what each lane is inside of.
typedef struct future_pass {
    build_spans spans;
    uint32_t *inner; // by lane: the future that is being polled, 0 for none
    uint32_t
        *granted; // by resource: the wait that was just granted, 0 for none
} future_pass;

typedef bool (*future_fn)(model_build *build, future_pass *pass, uint32_t i,
                          const ant_event *event);

static int alloc_futures(model_build *build, future_pass *pass);
static int list_futures(model_build *build);

static future_fn const on_event[ANT_EV_COUNT];

int model__futures(model_build *build)
{
    future_pass pass = { 0 };
    const ant_model *model = &build->model;
    int err = alloc_futures(build, &pass);

    for (uint32_t i = 0; err == 0 && i < model->event_count; i++) {
        future_fn fn = on_event[model->kind[i]];
        if (fn == NULL) continue;
        ant_event event;
        model_event(model, i, &event);
        if (!fn(build, &pass, i, &event)) err = -ENOMEM;
    }
    if (err == 0) {
        build_ranges ranges = { &build->futures[0].spans, sizeof(model_future),
                                model->future_count };
        err = model__spans_finish(build, &pass.spans, &ranges,
                                  &build->model.future_spans);
    }
    model__spans_free(&pass.spans);
    ant_mem_free(pass.inner);
    ant_mem_free(pass.granted);
    return err == 0 ? list_futures(build) : err;
}

static int alloc_futures(model_build *build, future_pass *pass)
{
    ant_model *model = &build->model;
    uint32_t count = model__ids_count(&build->future_ids);
    build->futures = model__alloc(build, count, sizeof(model_future));
    pass->inner = ant_mem_alloc(model->lane_count * sizeof *pass->inner);
    pass->granted = ant_mem_alloc(model->res_count * sizeof *pass->granted);
    if (build->futures == NULL || pass->inner == NULL || pass->granted == NULL)
        return -ENOMEM;
    for (uint32_t row = 0; row < count; row++) {
        build->futures[row] = (model_future){
            .id =
                row == 0 ? 0 : (uint32_t)model__ids_id(&build->future_ids, row),
            .name = "future",
            .start_event = MODEL_NONE,
            .end_event = MODEL_NONE,
        };
    }
    model->futures = build->futures;
    model->future_count = count;
    return model__spans_init(&pass->spans, count);
}

// What polled `row` goes on.
static void leave(model_build *build, future_pass *pass, uint32_t i,
                  uint32_t row)
{
    uint32_t *inner = &pass->inner[build->lane[i]];
    if (*inner == row) *inner = pass->spans.open[row].poller;
}

// Ends the span of `row` at `i` and begins one in `state`, if any.
static bool turn(build_spans *spans, uint32_t row, uint32_t i,
                 model_future_state state)
{
    if (!model__spans_close(spans, row, i)) return false;
    model_span *span = &spans->open[row];
    span->from = i;
    span->state = (uint8_t)state;
    return true;
}

// From now on `row` is what its lane polls.
static bool enter(model_build *build, future_pass *pass, uint32_t i,
                  uint32_t row)
{
    uint32_t *inner = &pass->inner[build->lane[i]];
    bool is_inside = build->futures[*inner].task == build->futures[row].task;
    if (!turn(&pass->spans, row, i, MODEL_FUTURE_POLLING)) return false;
    pass->spans.open[row].poller = is_inside && *inner != row ? *inner : 0;
    *inner = row;
    return true;
}

static bool on_start(model_build *build, future_pass *pass, uint32_t i,
                     const ant_event *event)
{
    const ant_ev_future_start *ev = ANT_EVENT_AS(future_start, event);
    const ant_model *model = &build->model;
    uint32_t row = model_future_row(model, ev->fut);
    uint32_t parent = model_future_row(model, ev->parent);
    model_future *future = &build->futures[row];
    if (future->start_event != MODEL_NONE) return true;

    // A parent started before its children, in the same task; anything else
    // comes from a damaged file and would make a cycle.
    future->start_event = i;
    future->task = model->task[i];
    if (parent != row && build->futures[parent].start_event != MODEL_NONE &&
        build->futures[parent].task == future->task) {
        future->parent = parent;
        future->depth = build->futures[parent].depth + 1;
    }
    future->line = (uint32_t)ev->line;
    if (ev->type < model->type_count) future->type = (uint32_t)ev->type;
    const char *name = model__text(build, ev->name);
    if (name[0] == '\0') name = model->types[future->type].name;
    if (name[0] != '\0') future->name = name;
    return enter(build, pass, i, row);
}

static bool on_poll(model_build *build, future_pass *pass, uint32_t i,
                    const ant_event *event)
{
    const ant_ev_future_poll *ev = ANT_EVENT_AS(future_poll, event);
    uint32_t row = model_future_row(&build->model, ev->fut);
    bool is_first = build->futures[row].poll_count++ == 0;
    // The first poll has begun with the start.
    if (is_first && pass->spans.open[row].state == MODEL_FUTURE_POLLING)
        return true;
    return enter(build, pass, i, row);
}

static bool on_result(model_build *build, future_pass *pass, uint32_t i,
                      const ant_event *event)
{
    const ant_ev_future_result *ev = ANT_EVENT_AS(future_result, event);
    uint32_t row = model_future_row(&build->model, ev->fut);
    model_future *future = &build->futures[row];
    build_spans *spans = &pass->spans;
    future->result = (uint8_t)ev->result;
    leave(build, pass, i, row);
    if (ev->result == ANT_RESULT_PENDING)
        return turn(spans, row, i, MODEL_FUTURE_PENDING);
    // A stream that has given an item waits for nothing until it is asked.
    if (ev->result != ANT_RESULT_ITEM) future->end_event = i;
    return model__spans_close(spans, row, i);
}

static bool on_state(model_build *build, future_pass *pass, uint32_t i,
                     const ant_event *event)
{
    const ant_ev_future_state *ev = ANT_EVENT_AS(future_state, event);
    uint32_t row = model_future_row(&build->model, ev->fut);
    build_spans *spans = &pass->spans;
    model_future_state state = (model_future_state)spans->open[row].state;
    if (!model__spans_close(spans, row, i)) return false;
    spans->open[row].step =
        (uint16_t)(ev->state < UINT16_MAX ? ev->state : UINT16_MAX);
    if (state == MODEL_FUTURE_NONE) return true;
    return turn(spans, row, i, state);
}

static bool on_drop(model_build *build, future_pass *pass, uint32_t i,
                    const ant_event *event)
{
    const ant_ev_future_drop *ev = ANT_EVENT_AS(future_drop, event);
    uint32_t row = model_future_row(&build->model, ev->fut);
    model_future *future = &build->futures[row];
    future->drop = (uint8_t)ev->why;
    leave(build, pass, i, row); // one that is never polled begins and ends
    if (future->end_event != MODEL_NONE) return true;
    future->end_event = i;
    if (ev->why != ANT_DROP_DONE) future->result = ANT_RESULT_CANCELLED;
    return model__spans_close(&pass->spans, row, i);
}

// --- Which future waits, and which took a lock ---

// A task's poll begins with its outermost future.
static bool on_task_poll(model_build *build, future_pass *pass, uint32_t i,
                         const ant_event *event)
{
    (void)event;
    pass->inner[build->lane[i]] = 0;
    return true;
}

// The future that is being polled where event `i` happened, when it is one of
// `task`: a lock may be handed over inside the poll of another task.
static uint32_t inner_of(const model_build *build, const future_pass *pass,
                         uint32_t i, uint32_t task)
{
    uint32_t row = pass->inner[build->lane[i]];
    return build->futures[row].task == task ? row : 0;
}

static bool on_wait_begin(model_build *build, future_pass *pass, uint32_t i,
                          const ant_event *event)
{
    uint32_t row = model_wait_of(&build->model, i);
    model_wait *wait = &build->waits[row];
    (void)event;
    if (row == 0) return true;
    wait->future = inner_of(build, pass, i, wait->task);
    // A timer that is moved stays that of the future which set it.
    if (wait->future == 0 && wait->moved_from != 0)
        wait->future = build->waits[wait->moved_from].future;
    return true;
}

static bool on_wait_end(model_build *build, future_pass *pass, uint32_t i,
                        const ant_event *event)
{
    const ant_ev_wait_end *ev = ANT_EVENT_AS(wait_end, event);
    uint32_t row = model_wait_of(&build->model, i);
    pass->granted[build->waits[row].res] =
        ev->why == ANT_WAIT_GRANTED ? row : 0;
    return true;
}

// Who releases a lock hands it to whoever waits first: that future has it then,
// not the one that is being polled.
static bool on_acquire(model_build *build, future_pass *pass, uint32_t i,
                       const ant_event *event)
{
    uint32_t row = model_hold_of(&build->model, i);
    model_hold *hold = &build->holds[row];
    const model_wait *granted = &build->waits[pass->granted[hold->res]];
    (void)event;
    if (row == 0) return true;
    pass->granted[hold->res] = 0;
    bool is_handed = granted->future != 0 && granted->task == hold->task;
    hold->future =
        is_handed ? granted->future : inner_of(build, pass, i, hold->task);
    return true;
}

static future_fn const on_event[ANT_EV_COUNT] = {
    [ANT_EV_future_start] = on_start,   [ANT_EV_future_poll] = on_poll,
    [ANT_EV_future_result] = on_result, [ANT_EV_future_state] = on_state,
    [ANT_EV_future_drop] = on_drop,     [ANT_EV_poll_begin] = on_task_poll,
    [ANT_EV_poll_end] = on_task_poll,   [ANT_EV_wait_begin] = on_wait_begin,
    [ANT_EV_timer_arm] = on_wait_begin, [ANT_EV_join_wait] = on_wait_begin,
    [ANT_EV_wait_end] = on_wait_end,    [ANT_EV_acquire] = on_acquire,
};

// --- The tree ---

// First child and next sibling of each future; roots are chained per task.
typedef struct future_tree {
    uint32_t *child;
    uint32_t *sibling;
    uint32_t *root;
} future_tree;

// The one that follows `row` when a tree is read from the top.
static uint32_t next_in_tree(const model_build *build, const future_tree *tree,
                             uint32_t row)
{
    if (tree->child[row] != 0) return tree->child[row];
    while (row != 0 && tree->sibling[row] == 0) {
        row = build->futures[row].parent;
    }
    return tree->sibling[row];
}

static void fill_list(model_build *build, const future_tree *tree,
                      uint32_t *list)
{
    uint32_t n = 0;
    for (uint32_t task = 0; task < build->model.task_count; task++) {
        model_range *range = &build->tasks[task].futures;
        range->first = n;
        uint32_t row = tree->root[task];
        for (; row != 0; row = next_in_tree(build, tree, row))
            list[n++] = row;
        range->count = n - range->first;
    }
}

static int list_futures(model_build *build)
{
    const ant_model *model = &build->model;
    size_t word = sizeof(uint32_t);
    future_tree tree = {
        .child = ant_mem_alloc(model->future_count * word),
        .sibling = ant_mem_alloc(model->future_count * word),
        .root = ant_mem_alloc(model->task_count * word),
    };
    uint32_t *list = model__alloc(build, model->future_count, word);
    bool is_ok = tree.child != NULL && tree.sibling != NULL &&
                 tree.root != NULL && list != NULL;

    // Backwards, so that every chain begins with the oldest.
    for (uint32_t row = is_ok ? model->future_count : 1; row-- > 1;) {
        const model_future *future = &model->futures[row];
        uint32_t *chain = future->parent != 0 ? &tree.child[future->parent]
                                              : &tree.root[future->task];
        tree.sibling[row] = *chain;
        *chain = row;
    }
    if (is_ok) fill_list(build, &tree, list);
    ant_mem_free(tree.child);
    ant_mem_free(tree.sibling);
    ant_mem_free(tree.root);
    build->model.futures_of_task = list;
    return is_ok ? 0 : -ENOMEM;
}
