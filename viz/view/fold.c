// SPDX-License-Identifier: MIT

#include "view/fold.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

#define ARRAY_COUNT 8

// A parent with more rows than this gets new rows without a search.
#define SEARCH_COUNT_MAX 64

static void add(view_fold *fold, const ant_model *model, uint32_t future);
static void list_rows(view_fold *fold, uint32_t root);

int view_fold_init(view_fold *fold, const ant_model *model)
{
    size_t n = model->future_count;
    *fold = (view_fold){ 0 };
    fold->block = ant_mem_alloc((ARRAY_COUNT * n + model->task_count + 1) *
                                sizeof(uint32_t));
    if (fold->block == NULL) return -ENOMEM;
    uint32_t **array[ARRAY_COUNT] = { &fold->rows, &fold->leader, &fold->next,
                                      &fold->last, &fold->up,     &fold->child,
                                      &fold->tail, &fold->sibling };
    for (unsigned i = 0; i < ARRAY_COUNT; i++) {
        *array[i] = fold->block + i * n;
    }
    fold->first = fold->block + ARRAY_COUNT * n;
    for (uint32_t task = 1; task < model->task_count; task++) {
        fold->first[task] = fold->row_count;
        // Row 0 stands for the task: what has no parent is inside it.
        fold->child[0] = fold->tail[0] = 0;
        model_range range = model->tasks[task].futures;
        for (uint32_t i = 0; i < range.count; i++) {
            add(fold, model, model->futures_of_task[range.first + i]);
        }
        list_rows(fold, fold->child[0]);
    }
    fold->first[model->task_count] = fold->row_count;
    return 0;
}

void view_fold_deinit(view_fold *fold)
{
    ant_mem_free(fold->block);
    *fold = (view_fold){ 0 };
}

static bool can_follow(const model_future *before, const model_future *future)
{
    return before->type == future->type && before->end_event != MODEL_NONE &&
           before->end_event <= future->start_event &&
           strcmp(before->name, future->name) == 0;
}

static void add(view_fold *fold, const ant_model *model, uint32_t future)
{
    const model_future *row = &model->futures[future];
    uint32_t up = fold->leader[row->parent];
    uint32_t at = fold->child[up];
    for (unsigned i = 0; at != 0 && i < SEARCH_COUNT_MAX; i++) {
        if (can_follow(&model->futures[fold->last[at]], row)) {
            fold->next[fold->last[at]] = future;
            fold->last[at] = future;
            fold->leader[future] = at;
            return;
        }
        at = fold->sibling[at];
    }
    fold->leader[future] = future;
    fold->last[future] = future;
    fold->up[future] = up;
    if (fold->child[up] == 0) {
        fold->child[up] = future;
    } else {
        fold->sibling[fold->tail[up]] = future;
    }
    fold->tail[up] = future;
}

// Walks the tree of leaders, without recursion: a file may nest them deeply.
static void list_rows(view_fold *fold, uint32_t root)
{
    for (uint32_t at = root; at != 0;) {
        fold->rows[fold->row_count++] = at;
        if (fold->child[at] != 0) {
            at = fold->child[at];
            continue;
        }
        while (at != 0 && fold->sibling[at] == 0)
            at = fold->up[at];
        at = fold->sibling[at];
    }
}
