// SPDX-License-Identifier: MIT
//
// Who stands where on the stage. Tasks are first sorted by zone, in the order
// in which they stand in line there; then each zone gets its cards: all of them
// where there is room, else the first ones, and one card a type for the rest.

#include "view/stage.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

// So many types get a card of their own in a zone that is full.
#define GROUP_COUNT_MAX 24

// The tasks of one zone that got no card of their own, by type.
typedef struct stage_groups {
    uint32_t type[GROUP_COUNT_MAX];
    uint32_t task[GROUP_COUNT_MAX]; // the first of them
    uint32_t count[GROUP_COUNT_MAX];
    unsigned used;
    uint32_t more; // of types beyond those
    uint32_t more_task;
} stage_groups;

// What view_stage_place works on.
typedef struct stage_work {
    const stage_plan *plan;
    const ant_snapshot *world;
    uint32_t selected;
    stage_layout *out;
    uint32_t begin[STAGE_ZONE_MAX + 1]; // of each zone's tasks in out->order
} stage_work;

static uint16_t zone_of_task(const stage_work *work, uint32_t task);
static void sort_tasks(stage_work *work);
static void place_zone(stage_work *work, uint16_t zone);

int view_stage_layout_init(stage_layout *layout, const ant_model *model)
{
    uint32_t count = model->task_count;
    *layout = (stage_layout){ .task_count = count, .event = MODEL_NONE };
    layout->card_of = ant_mem_alloc(count * sizeof(*layout->card_of));
    layout->order = ant_mem_alloc(count * sizeof(*layout->order));
    if (layout->card_of != NULL && layout->order != NULL) {
        memset(layout->card_of, 0xFF, count * sizeof(*layout->card_of));
        return 0;
    }
    view_stage_layout_deinit(layout);
    return -ENOMEM;
}

void view_stage_layout_deinit(stage_layout *layout)
{
    ant_mem_free(layout->card_of);
    ant_mem_free(layout->order);
    *layout = (stage_layout){ 0 };
}

void view_stage_layout_copy(stage_layout *to, const stage_layout *from)
{
    to->event = from->event;
    to->card_count = from->card_count;
    memcpy(to->card, from->card, from->card_count * sizeof(from->card[0]));
    memcpy(to->card_of, from->card_of,
           from->task_count * sizeof(*from->card_of));
}

const stage_card *view_stage_card_of(const stage_layout *layout, uint32_t task)
{
    if (task >= layout->task_count) return NULL;
    uint16_t card = layout->card_of[task];
    return card < layout->card_count ? &layout->card[card] : NULL;
}

void view_stage_place(const stage_plan *plan, const ant_snapshot *world,
                      uint32_t selected, stage_layout *ret_layout)
{
    stage_work work = {
        .plan = plan, .world = world, .selected = selected, .out = ret_layout
    };
    ret_layout->event = world->event;
    ret_layout->card_count = 0;
    sort_tasks(&work);
    for (unsigned i = 0; i < plan->zone_count; i++)
        place_zone(&work, (uint16_t)i);
}

// --- Which zone ------------------------------------------------------------

static uint16_t zone_of_queue(const stage_work *work, const model_now_task *now)
{
    switch ((model_place)now->place) {
    case MODEL_PLACE_LOCAL:
        return view_stage_zone_of(work->plan, STAGE_LOCAL, now->lane);
    case MODEL_PLACE_LIFO:
        return view_stage_zone_of(work->plan, STAGE_LIFO, now->lane);
    case MODEL_PLACE_INJECT:
        return view_stage_zone_of(work->plan, STAGE_INJECT, 0);
    case MODEL_PLACE_BLOCKING:
        return view_stage_zone_of(work->plan, STAGE_BLOCKING, 0);
    case MODEL_PLACE_DEFERRED:
        return view_stage_zone_of(work->plan, STAGE_DEFERRED, 0);
    case MODEL_PLACE_NOWHERE:
        break;
    }
    return view_stage_zone_of(work->plan, STAGE_ENTRANCE, 0);
}

static uint16_t zone_of_wait(const stage_work *work, uint32_t task)
{
    uint32_t wait = 0;
    model_snapshot_waits(work->world, task, &wait, 1);
    const model_wait *row = &work->world->model->waits[wait];
    if (wait == 0) return view_stage_zone_of(work->plan, STAGE_OTHER, 0);
    if (row->kind == MODEL_WAIT_TIMER) {
        return view_stage_zone_of(work->plan, STAGE_TIMERS, 0);
    }
    if (row->kind == MODEL_WAIT_JOIN) {
        return view_stage_zone_of(work->plan, STAGE_JOINS, 0);
    }
    return view_stage_zone_of(work->plan, STAGE_RES, row->res);
}

static uint16_t zone_of_task(const stage_work *work, uint32_t task)
{
    const model_now_task *now = &work->world->tasks[task];
    switch ((model_task_state)now->state) {
    case MODEL_TASK_NEW:
    case MODEL_TASK_READY:
        return zone_of_queue(work, now);
    case MODEL_TASK_POLLING:
    case MODEL_TASK_BLOCKING:
        return view_stage_zone_of(work->plan, STAGE_RUN, now->lane);
    case MODEL_TASK_WAIT_LOCK:
    case MODEL_TASK_WAIT_TASK:
    case MODEL_TASK_WAIT_CHANNEL:
    case MODEL_TASK_WAIT_IO:
    case MODEL_TASK_WAIT_TIMER:
    case MODEL_TASK_WAIT_OTHER:
        return zone_of_wait(work, task);
    case MODEL_TASK_DONE:
    case MODEL_TASK_CANCELLED:
        return view_stage_zone_of(work->plan, STAGE_DONE, 0);
    case MODEL_TASK_NONE:
    case MODEL_TASK_STATE_COUNT:
        break;
    }
    return STAGE_NONE;
}

// --- In which order --------------------------------------------------------

static const model_queue *queue_of(const stage_work *work,
                                   const stage_zone *zone)
{
    switch ((int)zone->kind) {
    case STAGE_LOCAL:
        return &work->world->lanes[zone->row].local;
    case STAGE_INJECT:
        return &work->world->inject;
    case STAGE_DEFERRED:
        return &work->world->deferred;
    case STAGE_BLOCKING:
        return &work->world->blocking;
    default:
        return NULL;
    }
}

// The entries of a line, one after the other: begin with *ret_wait and
// *ret_task 0. False after the last.
static bool next_in_line(const stage_work *work, const stage_zone *zone,
                         uint32_t *ret_task, uint32_t *ret_wait)
{
    const ant_snapshot *world = work->world;
    const model_queue *queue = queue_of(work, zone);
    if (queue != NULL) {
        *ret_task =
            *ret_task == 0 ? queue->first : world->tasks[*ret_task].queued.next;
        return *ret_task != 0;
    }
    if (zone->kind == STAGE_TIMERS) {
        *ret_wait = model_snapshot_timer_next(world, *ret_wait);
    } else if (zone->kind == STAGE_RES) {
        *ret_wait = *ret_wait == 0 ? world->res[zone->row].waits.first
                                   : world->waits[*ret_wait].of_res.next;
    } else {
        return false;
    }
    *ret_task = world->model->waits[*ret_wait].task;
    return *ret_wait != 0;
}

// Tasks by zone: first those that stand in line there, in order, then the
// others by number. While this goes on, card_of is a task's zone.
static void sort_tasks(stage_work *work)
{
    stage_layout *out = work->out;
    uint32_t fill[STAGE_ZONE_MAX + 1] = { 0 };
    for (uint32_t task = 1; task < out->task_count; task++) {
        out->card_of[task] = zone_of_task(work, task);
        if (out->card_of[task] != STAGE_NONE) fill[out->card_of[task]]++;
    }
    uint32_t at = 0;
    for (unsigned i = 0; i < work->plan->zone_count; i++) {
        work->begin[i] = at;
        at += fill[i];
        fill[i] = work->begin[i];
    }
    work->begin[work->plan->zone_count] = at;
    for (unsigned i = 0; i < work->plan->zone_count; i++)
        out->count[i] = work->begin[i + 1] - work->begin[i];

    for (unsigned i = 0; i < work->plan->zone_count; i++) {
        uint32_t task = 0;
        uint32_t wait = 0;
        while (next_in_line(work, &work->plan->zone[i], &task, &wait)) {
            // A task has one card, however often it stands in line.
            if (out->card_of[task] != i) continue;
            out->order[fill[i]++] = task;
            out->card_of[task] = STAGE_NONE;
        }
    }
    for (uint32_t task = 1; task < out->task_count; task++) {
        uint16_t zone = out->card_of[task];
        if (zone != STAGE_NONE) out->order[fill[zone]++] = task;
        out->card_of[task] = STAGE_NONE;
    }
}

// --- Cards -----------------------------------------------------------------

static draw_rect slot_rect(const stage_plan *plan, const stage_zone *zone,
                           unsigned slot)
{
    int column = (int)slot % zone->columns;
    int row = (int)slot / zone->columns;
    int w = zone->columns == 1 && zone->slots.w < plan->card_w ? zone->slots.w
                                                               : plan->card_w;
    if (zone->kind == STAGE_RUN) w = zone->slots.w;
    draw_rect rect = { zone->slots.x + column * (plan->card_w + plan->gap),
                       zone->slots.y + row * (plan->card_h + plan->gap), w,
                       plan->card_h };
    return draw_intersect(rect, zone->slots);
}

static void add_card(stage_work *work, uint16_t zone, unsigned slot,
                     const stage_card *card)
{
    stage_layout *out = work->out;
    if (out->card_count == STAGE_CARD_MAX) return;
    stage_card *own = &out->card[out->card_count];
    *own = *card;
    own->zone = zone;
    own->rect = slot_rect(work->plan, &work->plan->zone[zone], slot);
    if (!own->is_echo && own->count == 1) {
        out->card_of[own->task] = (uint16_t)out->card_count;
    }
    out->card_count++;
}

// Why `task` stands in `zone`.
static uint32_t wait_in(const stage_work *work, const stage_zone *zone,
                        uint32_t task)
{
    if (zone->kind < STAGE_TIMERS) return 0;
    uint32_t wait = 0;
    model_snapshot_waits(work->world, task, &wait, 1);
    return wait;
}

static void add_task(stage_work *work, uint16_t zone, unsigned slot,
                     uint32_t task)
{
    stage_card card = { .task = task,
                        .count = 1,
                        .type = work->world->model->tasks[task].type_id,
                        .wait = wait_in(work, &work->plan->zone[zone], task) };
    add_card(work, zone, slot, &card);
}

static bool is_in_line(const stage_card *line, unsigned n, uint32_t task)
{
    for (unsigned i = 0; i < n; i++) {
        if (line[i].task == task) return true;
    }
    return false;
}

// A line in which tasks stand whose cards are elsewhere: their names take part
// in it, as long as there are slots. False when the cards alone are too many.
static bool place_line(stage_work *work, uint16_t index, unsigned room)
{
    const stage_zone *zone = &work->plan->zone[index];
    if (zone->kind != STAGE_TIMERS && zone->kind != STAGE_RES) return false;
    uint32_t own = work->begin[index + 1] - work->begin[index];
    if (own > room) return false;
    stage_card line[STAGE_CARD_MAX];
    unsigned n = 0;
    unsigned echoes_max = room - own;
    uint32_t task = 0;
    uint32_t wait = 0;
    while ((own > 0 || echoes_max > 0) && n < STAGE_CARD_MAX &&
           next_in_line(work, zone, &task, &wait)) {
        bool is_here =
            zone_of_task(work, task) == index && !is_in_line(line, n, task);
        // Number 0 is the runtime's own timer.
        if (task == 0 || (!is_here && echoes_max == 0)) continue;
        if (is_here && own == 0) continue;
        line[n++] = (stage_card){
            .is_echo = !is_here, .task = task, .count = 1, .wait = wait
        };
        if (is_here) own--;
        if (!is_here) echoes_max--;
    }
    if (own > 0) return false;
    for (unsigned i = 0; i < n; i++) {
        line[i].type = work->world->model->tasks[line[i].task].type_id;
        add_card(work, index, i, &line[i]);
    }
    return true;
}

static void count_group(stage_groups *groups, const ant_model *model,
                        uint32_t task)
{
    uint32_t type = model->tasks[task].type_id;
    unsigned i = 0;
    while (i < groups->used && groups->type[i] != type)
        i++;
    if (i == GROUP_COUNT_MAX) {
        if (groups->more++ == 0) groups->more_task = task;
        return;
    }
    if (i == groups->used) {
        groups->used++;
        groups->type[i] = type;
        groups->task[i] = task;
    }
    groups->count[i]++;
}

// Counts those from number `shown` on, but for the selected one.
static void make_groups(const stage_work *work, uint16_t zone, uint32_t shown,
                        stage_groups *groups)
{
    *groups = (stage_groups){ 0 };
    for (uint32_t i = work->begin[zone] + shown; i < work->begin[zone + 1];
         i++) {
        uint32_t task = work->out->order[i];
        if (task == work->selected) continue;
        count_group(groups, work->world->model, task);
    }
}

// Makes at most `room` cards of the groups. Returns where in card[] they begin.
static unsigned add_groups(stage_work *work, uint16_t zone, unsigned slot,
                           unsigned room, stage_groups *groups)
{
    unsigned begin = work->out->card_count;
    unsigned shown = groups->used + (groups->more > 0);
    if (shown > room) {
        // The last card is for all that is left.
        for (unsigned i = room - 1; i < groups->used; i++) {
            if (groups->more == 0) groups->more_task = groups->task[i];
            groups->more += groups->count[i];
        }
        groups->used = room - 1;
    }
    for (unsigned i = 0; i < groups->used; i++) {
        stage_card card = { .task = groups->task[i],
                            .count = groups->count[i],
                            .type = groups->type[i] };
        add_card(work, zone, slot + i, &card);
    }
    stage_card rest = { .task = groups->more_task, .count = groups->more };
    if (groups->more > 0) add_card(work, zone, slot + groups->used, &rest);
    return begin;
}

// Tells each task of a group which card stands for it.
static void join_groups(stage_work *work, uint16_t zone, uint32_t shown,
                        unsigned begin)
{
    stage_layout *out = work->out;
    if (begin == out->card_count) return;
    for (uint32_t i = work->begin[zone] + shown; i < work->begin[zone + 1];
         i++) {
        uint32_t task = out->order[i];
        if (task == work->selected) continue;
        unsigned card = begin;
        while (card + 1 < out->card_count &&
               out->card[card].type !=
                   work->world->model->tasks[task].type_id) {
            card++;
        }
        out->card_of[task] = (uint16_t)card;
    }
}

static bool stands_behind(const stage_work *work, uint16_t zone, uint32_t shown)
{
    for (uint32_t i = work->begin[zone] + shown; i < work->begin[zone + 1];
         i++) {
        if (work->out->order[i] == work->selected) return true;
    }
    return false;
}

// How many of those in front keep a card of their own: half of the slots, or
// more when the groups need less, and always one slot less for the groups.
static unsigned count_heads(const stage_work *work, uint16_t zone,
                            unsigned room)
{
    stage_groups groups;
    unsigned heads = room / 2;
    make_groups(work, zone, heads, &groups);
    unsigned tail = groups.used + (groups.more > 0);
    tail += stands_behind(work, zone, heads);
    if (tail < room - heads) heads = room - tail;
    unsigned kept = 1 + stands_behind(work, zone, heads);
    return heads + kept > room ? room - kept : heads;
}

// More tasks than slots: the first ones, the selected one, and the groups.
static void place_crowd(stage_work *work, uint16_t zone, unsigned room)
{
    if (room == 1 && stands_behind(work, zone, 0)) {
        // There is room for one: of the others the place says the number.
        add_task(work, zone, 0, work->selected);
        return;
    }
    unsigned heads = count_heads(work, zone, room);
    unsigned slot = 0;
    for (; slot < heads; slot++) {
        add_task(work, zone, slot, work->out->order[work->begin[zone] + slot]);
    }
    if (stands_behind(work, zone, heads)) {
        add_task(work, zone, slot++, work->selected);
    }
    stage_groups groups;
    make_groups(work, zone, heads, &groups);
    unsigned begin = add_groups(work, zone, slot, room - slot, &groups);
    join_groups(work, zone, heads, begin);
}

static void place_zone(stage_work *work, uint16_t index)
{
    const stage_zone *zone = &work->plan->zone[index];
    unsigned room = (unsigned)(zone->columns * zone->rows);
    uint32_t count = work->begin[index + 1] - work->begin[index];
    if (room == 0 || place_line(work, index, room)) return;
    if (count > room) {
        place_crowd(work, index, room);
        return;
    }
    for (uint32_t i = 0; i < count; i++)
        add_task(work, index, i, work->out->order[work->begin[index] + i]);
}
