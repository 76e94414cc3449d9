// SPDX-License-Identifier: MIT
//
// While ids are being added the array has two parts: sorted ids without
// doubles, which nearly every new id extends, and behind them a tail of late
// comers in any order. The tail is sorted in when it has become as long as the
// sorted part, so that adding n ids costs n log n even in a hostile file.

#include "model/ids.h"

#include <stdlib.h>

static void sort_tail(model_ids *ids);

static int compare_ids(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

bool model__ids_add(model_ids *ids, uint64_t id)
{
    const uint64_t *data = ids->ids.data;
    if (id == 0 || model__ids_row(ids, id) != 0) return true;

    bool is_next = ids->sorted_len == ids->ids.len &&
                   (ids->sorted_len == 0 || id > data[ids->sorted_len - 1]);
    uint64_t *slot = model__buf_push(&ids->ids, sizeof *slot);
    if (slot == NULL) return false;
    *slot = id;
    if (is_next) {
        ids->sorted_len++;
    } else if (ids->ids.len > 2 * ids->sorted_len + 64) {
        sort_tail(ids);
    }
    return true;
}

void model__ids_finish(model_ids *ids)
{
    sort_tail(ids);
    model__buf_cut(&ids->ids, sizeof(uint64_t));
}

// Sorts all, and takes doubles out.
static void sort_tail(model_ids *ids)
{
    uint64_t *data = ids->ids.data;
    if (ids->sorted_len == ids->ids.len) return;

    qsort(data, ids->ids.len, sizeof *data, compare_ids);
    size_t n = 0;
    for (size_t i = 0; i < ids->ids.len; i++) {
        if (n == 0 || data[n - 1] != data[i]) data[n++] = data[i];
    }
    ids->ids.len = n;
    ids->sorted_len = n;
}

uint32_t model__ids_row(const model_ids *ids, uint64_t id)
{
    const uint64_t *data = ids->ids.data;
    size_t n = ids->sorted_len;
    if (id == 0 || n == 0) return 0;
    if (id <= n && data[id - 1] == id) return (uint32_t)id;

    size_t low = 0;
    while (n > 1) {
        size_t half = n / 2;
        if (data[low + half] <= id) low += half;
        n -= half;
    }
    return data[low] == id ? (uint32_t)low + 1 : 0;
}

uint32_t model__ids_count(const model_ids *ids)
{
    return (uint32_t)ids->ids.len + 1;
}

uint64_t model__ids_id(const model_ids *ids, uint32_t row)
{
    const uint64_t *data = ids->ids.data;
    return data[row - 1];
}

void model__ids_free(model_ids *ids)
{
    model__buf_free(&ids->ids);
    ids->sorted_len = 0;
}
