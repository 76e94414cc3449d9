// SPDX-License-Identifier: MIT
//
// A growing array of elements of one size. It belongs to whoever embeds it;
// zero is an empty one.

#ifndef VIZ_MODEL_BUF_H
#define VIZ_MODEL_BUF_H

#include <stddef.h>

#include "base/macros.h"

typedef struct model_buf {
    void *data;
    size_t len;
    size_t max;
} model_buf;

// A new element at the end, not zeroed, or NULL when out of memory.
void *model__buf_push(model_buf *buf, size_t elem_bytes);

// `count` new elements at the end, not zeroed, or NULL.
void *model__buf_room(model_buf *buf, size_t count, size_t elem_bytes);

// Gives back the room behind the last element.
void model__buf_cut(model_buf *buf, size_t elem_bytes);

// Empties it and gives its memory back.
void model__buf_free(model_buf *buf);

#endif
