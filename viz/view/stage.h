// SPDX-License-Identifier: MIT
//
// Where everything stands on the stage: the execution flow as a picture in
// which a task is a card that moves from place to place. A plan says where the
// places are; it depends on the trace and the size only, so that no place ever
// moves. A layout says which cards stand in them at one moment; it depends on
// the plan and the world only, so that motion is what lies between two layouts.
// Private to view/. One thread.

#ifndef ANT_VIEW_STAGE_H
#define ANT_VIEW_STAGE_H

#include "model/snapshot.h"
#include "view/view.h"

#define STAGE_ZONE_MAX 160
#define STAGE_CARD_MAX 640
#define STAGE_NONE     UINT16_MAX

typedef enum stage_kind {
    STAGE_ENTRANCE, // spawned or woken, in no queue yet
    STAGE_INJECT,   // the injection queue
    STAGE_DEFERRED, // yielded
    STAGE_BLOCKING, // the queue of the blocking pool
    STAGE_DONE,
    STAGE_RUN,    // polled on lane `row`
    STAGE_LIFO,   // the LIFO slot of lane `row`
    STAGE_LOCAL,  // the queue of lane `row`
    STAGE_CROWD,  // on lanes that have no band of their own, or in their queues
    STAGE_TIMERS, // the timer wheel, the earliest first
    STAGE_RES,    // the line of resource `row`, next first
    STAGE_JOINS,  // waiting for the end of another task
    STAGE_REST,   // in line for resources that have no place of their own
    STAGE_OTHER,  // nobody said for what
    STAGE_KIND_COUNT
} stage_kind;

typedef struct stage_zone {
    uint8_t kind;    // stage_kind
    uint32_t row;    // of lanes or res, by kind
    draw_rect rect;  // all of it
    draw_rect label; // what its name is written in; no area: it has none
    draw_rect slots; // where cards stand
    int columns;     // of slots
    int rows;
} stage_zone;

// What a plan is made for.
typedef struct stage_size {
    draw_rect rect;
    int font; // text, as on the rest of the picture
    int unit;
    int caption; // the height of a line of small text
    int name_w;  // how wide the label of a task is in bold text
    int lane_w;  // and that of a lane
    bool has_lifo;
    bool has_inject;
    bool has_deferred;
    bool has_blocking;
} stage_size;

typedef struct stage_plan {
    stage_size size;
    int text;       // the size of the text on cards, at least size.font
    int caption;    // the height of a line of small text
    int wait_slots; // that each place in which tasks wait has, or more
    int lane_w;
    int card_w;
    int card_h;
    int gap;
    int card_lines;      // its name, what it waits for, its futures
    uint32_t lane_count; // that have a band, of
    uint32_t lane_total; // so many
    draw_rect lanes;     // the captions over the bands of workers
    draw_rect waiting;   // the caption over the places where tasks wait
    unsigned zone_count;
    stage_zone zone[STAGE_ZONE_MAX];
    uint16_t first[STAGE_KIND_COUNT]; // the first zone of each kind, or none
} stage_plan;

// One task; several of one type; or (`is_echo`) the name of a task in a line
// in which it stands too, while its card is elsewhere.
typedef struct stage_card {
    uint16_t zone;
    bool is_echo;
    uint32_t task;  // the first of them
    uint32_t count; // how many it stands for
    uint32_t type;  // of all of them; 0: of several types
    uint32_t wait;  // why it stands there, row of waits, 0 for none
    draw_rect rect;
} stage_card;

typedef struct stage_layout {
    uint32_t event;
    uint32_t count[STAGE_ZONE_MAX]; // of tasks, by zone
    unsigned card_count;
    stage_card card[STAGE_CARD_MAX];
    uint16_t *card_of; // by task; STAGE_NONE before it is spawned
    uint32_t *order;   // scratch: tasks, zone by zone
    uint32_t task_count;
} stage_layout;

// Where the places are. Pure.
void view_stage_plan_make(stage_plan *plan, const ant_model *model,
                          const stage_size *size);

// The zone of `kind` for `row`, or the one that takes in what has none.
uint16_t view_stage_zone_of(const stage_plan *plan, stage_kind kind,
                            uint32_t row);

// A layout that has room for all tasks of a trace. 0 or -ENOMEM.
ANT_MUST_USE int view_stage_layout_init(stage_layout *layout,
                                        const ant_model *model);
void view_stage_layout_deinit(stage_layout *layout);

// Who stands where. Pure: the world, the plan and `selected`, which always gets
// a card of its own (0 for no task), say it all.
void view_stage_place(const stage_plan *plan, const ant_snapshot *world,
                      uint32_t selected, stage_layout *ret_layout);

// Makes `to` a copy of `from`, which is of the same trace.
void view_stage_layout_copy(stage_layout *to, const stage_layout *from);

// The card that stands for `task`, or NULL.
const stage_card *view_stage_card_of(const stage_layout *layout, uint32_t task);

// The places that the cards stand on, and later their names, over the lines
// that cross them (stage_zones.c).
void view_stage_zones_draw(ant_view *view, const stage_plan *plan);
void view_stage_names_draw(ant_view *view, const stage_plan *plan,
                           const stage_layout *layout);

// Draws a card (stage_card.c).
void view_stage_card_draw(ant_view *view, const stage_plan *plan,
                          const stage_card *card, draw_rect rect);

// What has just moved, and who woke whom (stage_moves.c).
void view_stage_moves_draw(ant_view *view, const stage_plan *plan,
                           const stage_layout *before, const stage_layout *now);

#endif
