// SPDX-License-Identifier: MIT
//
// What one task waits for, from its futures: those that are pending, each below
// the one that polled it last. A future that awaits one child is where that
// child is; one that awaits several becomes a group.
//
// Futures that nobody awaits any more, though they are not dropped (a select
// may leave one behind), are below a future that has ended, or are not the
// newest child of their parent. Then their task does not wait for them.

#include <string.h>

#include "model/waitfor_build.h"

// One pending future. Places are counted from 1.
typedef struct tree_place {
    uint32_t future;
    uint32_t poller; // the future that polled it last
    uint32_t since;  // the event
    uint32_t child;  // place of the first child
    uint32_t next;   // place of the next child of the same parent
    uint32_t ways;   // children and waits
    uint32_t wait;   // the last of its waits
} tree_place;

// The node that waits for the future at a place.
typedef struct tree_todo {
    uint32_t node;
    uint32_t place;
} tree_todo;

static uint32_t only_wait(const waitfor_build *build, uint32_t task);
static void collect(waitfor_build *build, uint32_t task);
static uint32_t link_places(waitfor_build *build);
static void link_waits(waitfor_build *build, uint32_t task, uint32_t root);
static void spread(waitfor_build *build, uint32_t task, tree_todo from);
static void add_waits_only(waitfor_build *build, uint32_t task);
static void forget(waitfor_build *build);

void model__waitfor_tree(waitfor_build *build, uint32_t task)
{
    uint32_t only = only_wait(build, task);
    if (only != 0) {
        model__waitfor_wait(build, build->maps->of_task[task], only);
        return;
    }
    collect(build, task);
    uint32_t root = link_places(build);
    if (root == 0) {
        add_waits_only(build, task);
        forget(build);
        return;
    }
    link_waits(build, task, root);
    build->todo.len = 0;
    tree_todo todo = { build->maps->of_task[task], root };
    spread(build, task, todo);
    for (size_t i = 0; i < build->todo.len; i++) {
        todo = ((const tree_todo *)build->todo.data)[i];
        spread(build, task, todo);
    }
    forget(build);
}

static tree_place *at(const waitfor_build *build, uint32_t place)
{
    return (tree_place *)build->pending.data + (place - 1);
}

static bool is_alive(const waitfor_build *build, uint32_t row)
{
    const model_future *future = &build->model->futures[row];
    uint32_t now = build->world->event;
    return future->start_event <= now &&
           (future->end_event == MODEL_NONE || future->end_event > now);
}

// The one wait of a task that began it in its last poll, and that has no other
// futures than those which lead to it; 0 for any other task. Most are like
// this, and then the states of their futures need not be looked for.
static uint32_t only_wait(const waitfor_build *build, uint32_t task)
{
    const ant_model *model = build->model;
    const model_now_task *now = &build->world->tasks[task];
    const model_range range = model->tasks[task].futures;
    const model_wait *wait = &model->waits[now->waits.first];
    bool is_new = now->waits.len == 1 && wait->future != 0 &&
                  now->poll != MODEL_NONE && wait->begin_event > now->poll;
    if (!is_new) return 0;

    uint32_t above = 0; // itself and those that await it
    uint32_t row = wait->future;
    for (; row != 0 && above < range.count; row = model->futures[row].parent) {
        if (!is_alive(build, row)) return 0;
        above++;
    }
    uint32_t alive = 0;
    for (uint32_t i = 0; i < range.count && alive <= above; i++)
        alive += is_alive(build, model->futures_of_task[range.first + i]);
    return alive == above ? now->waits.first : 0;
}

static void collect(waitfor_build *build, uint32_t task)
{
    const ant_model *model = build->model;
    const model_range range = model->tasks[task].futures;
    const uint32_t now = build->world->event;
    build->pending.len = 0;
    for (uint32_t i = 0; i < range.count; i++) {
        uint32_t row = model->futures_of_task[range.first + i];
        if (!is_alive(build, row)) continue;
        model_track track = model_track_of(model, MODEL_TRACK_FUTURE, row);
        const model_span *span = model_span_at(&track, now);
        if (span == NULL || span->state != MODEL_FUTURE_PENDING) continue;
        tree_place *place = model__buf_push(&build->pending, sizeof *place);
        if (place == NULL) {
            build->is_short = true;
            return;
        }
        *place = (tree_place){ .future = row,
                               .poller = span->poller,
                               .since = span->from };
        build->maps->place[row] = (uint32_t)build->pending.len;
    }
}

static bool needs_one(const ant_model *model, uint32_t future)
{
    return model->types[model->futures[future].type].needs == ANT_NEEDS_ONE;
}

// Puts each future below the one that polled it. An async function awaits one
// at a time: the one that it polled last. Backwards, so that the first child
// stands first. Returns the place of the task's own future.
static uint32_t link_places(waitfor_build *build)
{
    uint32_t root = 0;
    for (uint32_t i = (uint32_t)build->pending.len; i > 0; i--) {
        tree_place *place = at(build, i);
        uint32_t up = build->maps->place[place->poller];
        bool is_root = place->poller == 0 &&
                       build->model->futures[place->future].parent == 0;
        if (is_root && (root == 0 || at(build, root)->since < place->since))
            root = i;
        if (place->poller == 0 || up == 0 || up == i) continue;
        tree_place *parent = at(build, up);
        bool is_alone = needs_one(build->model, parent->future);
        if (is_alone && parent->child != 0 &&
            at(build, parent->child)->since > place->since)
            continue;
        place->next = is_alone ? 0 : parent->child;
        parent->child = i;
        parent->ways = is_alone ? 1 : parent->ways + 1;
    }
    return root;
}

// Gives each wait to the future that began it, or else to the root. `wait` and
// `of_task.prev` make a list of them; a place keeps only where to begin.
static void link_waits(waitfor_build *build, uint32_t task, uint32_t root)
{
    const ant_snapshot *world = build->world;
    uint32_t row = world->tasks[task].waits.first;
    for (; row != 0; row = world->waits[row].of_task.next) {
        uint32_t future = build->model->waits[row].future;
        uint32_t place = future == 0 ? root : build->maps->place[future];
        if (place == 0) continue;
        at(build, place)->ways++;
        at(build, place)->wait = row;
    }
}

// All waits of the future at `place`, for `node`.
static void add_own_waits(waitfor_build *build, uint32_t node, uint32_t place)
{
    const ant_snapshot *world = build->world;
    const tree_place *here = at(build, place);
    bool is_root = build->model->futures[here->future].parent == 0;
    uint32_t row = here->wait;
    for (; row != 0; row = world->waits[row].of_task.prev) {
        uint32_t future = build->model->waits[row].future;
        bool is_own = future == here->future || (future == 0 && is_root);
        if (is_own) model__waitfor_wait(build, node, row);
    }
}

static uint32_t add_group(waitfor_build *build, uint32_t node, uint32_t task,
                          const tree_place *here)
{
    const ant_model *model = build->model;
    uint8_t needs = model->types[model->futures[here->future].type].needs;
    uint32_t group = model__waitfor_node(
        build, (waitfor_node){ .kind = WAITFOR_GROUP,
                               .is_any = needs != ANT_NEEDS_ALL,
                               .row = here->future,
                               .task = task });
    model__waitfor_edge(
        build,
        (waitfor_edge){ .from = node, .to = group, .event = here->since });
    build->maps->of_future[here->future] = group;
    return group;
}

// A branch of a group that may hold a lock is a node of its own: it can go on
// and give the lock back while the branch beside it is stuck.
static bool is_branch(const waitfor_build *build, uint32_t node, uint32_t task,
                      const tree_place *here)
{
    const waitfor_node *nodes = build->nodes.data;
    return nodes[node].kind == WAITFOR_GROUP && here->child != 0 &&
           build->world->tasks[task].holds.len > 0;
}

// `from.node` waits for the future at `from.place`.
static void spread(waitfor_build *build, uint32_t task, tree_todo from)
{
    uint32_t *of_future = build->maps->of_future;
    uint32_t place = from.place;
    uint32_t node = from.node;
    if (is_branch(build, node, task, at(build, place)))
        node = add_group(build, node, task, at(build, place));
    // A damaged file may have a ring of futures: nobody is seen twice.
    for (;;) {
        const tree_place *here = at(build, place);
        if (of_future[here->future] == 0) of_future[here->future] = node;
        if (here->ways != 1 || here->child == 0) break;
        if (of_future[at(build, here->child)->future] != 0) break;
        place = here->child;
    }
    const tree_place here = *at(build, place);
    if (here.ways == 0) {
        model__waitfor_wake(build, node, task, here.future);
        return;
    }
    if (here.ways > 1) node = add_group(build, node, task, &here);
    add_own_waits(build, node, place);
    for (uint32_t child = here.child; child != 0;
         child = at(build, child)->next) {
        if (of_future[at(build, child)->future] != 0) continue;
        tree_todo *todo = model__buf_push(&build->todo, sizeof *todo);
        if (todo == NULL) {
            build->is_short = true;
            return;
        }
        *todo = (tree_todo){ node, child };
    }
}

// Without nested futures on record any of the waits may be the way out.
static void add_waits_only(waitfor_build *build, uint32_t task)
{
    const ant_snapshot *world = build->world;
    uint32_t node = build->maps->of_task[task];
    uint32_t row = world->tasks[task].waits.first;
    if (row == 0) {
        model__waitfor_wake(build, node, task, 0);
        return;
    }
    if (world->tasks[task].waits.len > 1) {
        uint32_t group = model__waitfor_node(
            build, (waitfor_node){
                       .kind = WAITFOR_GROUP, .is_any = true, .task = task });
        model__waitfor_edge(
            build, (waitfor_edge){ .from = node,
                                   .to = group,
                                   .event = world->tasks[task].since });
        node = group;
    }
    for (; row != 0; row = world->waits[row].of_task.next)
        model__waitfor_wait(build, node, row);
}

static void forget(waitfor_build *build)
{
    const tree_place *places = build->pending.data;
    for (size_t i = 0; i < build->pending.len; i++)
        build->maps->place[places[i].future] = 0;
}
