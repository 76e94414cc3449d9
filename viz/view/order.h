// SPDX-License-Identifier: MIT
//
// Which rows the track column has, in which order: what the user pinned, then
// workers, tasks (with the futures of the selected one right under it), locks;
// without what is hidden or does not pass the filter. Lists that are made anew
// when one of these changes, so that a frame costs what it shows. Owned by the
// view.

#ifndef ANT_VIEW_ORDER_H
#define ANT_VIEW_ORDER_H

#include "replay/replay.h"
#include "view/table.h"

// The parts of the track column, from top to bottom.
typedef enum view_section {
    VIEW_PINNED,
    VIEW_LANES,
    VIEW_TASKS,
    VIEW_RES,
    VIEW_SECTION_COUNT
} view_section;

// More pinned rows than that are no distinction.
#define VIEW_PIN_MAX 12

typedef struct view_order {
    replay_selection pin[VIEW_PIN_MAX];
    unsigned pin_count;
    uint8_t *hidden[VIEW_SECTION_COUNT]; // by row: not shown
    uint32_t hidden_count;
    uint32_t *rows[VIEW_SECTION_COUNT]; // all but VIEW_PINNED
    uint32_t count[VIEW_SECTION_COUNT];
    uint32_t *place;  // by task: its place in rows[VIEW_TASKS] + 1, 0 for none
    uint32_t futures; // rows that the futures of all shown tasks take
    bool is_made;
    // What the lists were made for.
    char filter[VIEW_FILTER_MAX];
    uint32_t made_event;
} view_order;

#endif
