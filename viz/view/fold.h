// SPDX-License-Identifier: MIT
//
// Futures that follow each other share a row: a loop that awaits `rest` a
// hundred times is one row with a hundred stretches, not a hundred rows. Two
// futures share a row when they have the same name and type inside the same
// parent and never live at the same time; the first one leads the row.
//
// Made once for a model and fixed after that.

#ifndef ANT_VIEW_FOLD_H
#define ANT_VIEW_FOLD_H

#include "model/model.h"

typedef struct view_fold {
    uint32_t *rows;  // leaders, task by task, a parent before its children
    uint32_t *first; // by task: its rows are first[task] … first[task + 1] - 1
    uint32_t row_count;
    // By row of the model's futures:
    uint32_t *leader; // who leads its row
    uint32_t *next;   // who follows it in its row, 0 for nobody
    // Of leaders only, while the rows are made:
    uint32_t *last;  // of the row
    uint32_t *up;    // the leader of its parent, 0 for none
    uint32_t *child; // the first and the last row inside it
    uint32_t *tail;
    uint32_t *sibling; // the row after it inside the same parent
    uint32_t *block;   // all of the above
} view_fold;

// 0 or -ENOMEM.
ANT_MUST_USE int view_fold_init(view_fold *fold, const ant_model *model);
void view_fold_deinit(view_fold *fold);

// How many rows the futures of a task take.
static inline uint32_t view_fold_count(const view_fold *fold, uint32_t task)
{
    return fold->first[task + 1] - fold->first[task];
}

#endif
