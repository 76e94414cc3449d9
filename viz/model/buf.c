// SPDX-License-Identifier: MIT

#include "model/buf.h"

#include "base/mem.h"

void *model__buf_push(model_buf *buf, size_t elem_bytes)
{
    if (buf->len == buf->max) {
        size_t max = buf->max == 0 ? 64 : buf->max * 2;
        void *data = ant_mem_resize(buf->data, max * elem_bytes);
        if (data == NULL) return NULL;
        buf->data = data;
        buf->max = max;
    }
    return (char *)buf->data + elem_bytes * buf->len++;
}

void model__buf_free(model_buf *buf)
{
    ant_mem_free(buf->data);
    *buf = (model_buf){ 0 };
}
