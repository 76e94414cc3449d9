// SPDX-License-Identifier: MIT
//
// The order of the table of tasks: which tasks pass the filter, sorted by a
// column. Kept between frames, and made anew when something it depends on has
// changed. Owned by the view.

#ifndef ANT_VIEW_TABLE_H
#define ANT_VIEW_TABLE_H

#include "model/snapshot.h"

#define VIEW_FILTER_MAX 64 // bytes

typedef struct view_table_state {
    uint32_t *order;   // rows of tasks
    uint32_t count;    // of them
    uint32_t first;    // the topmost one on the screen
    unsigned column;   // that it is sorted by
    bool is_falling;   // the greatest first
    uint32_t revealed; // the selected task that was last scrolled to
    // What the order was made for.
    char filter[VIEW_FILTER_MAX];
    unsigned made_column;
    bool made_falling;
    uint32_t made_event;
} view_table_state;

#endif
