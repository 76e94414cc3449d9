// SPDX-License-Identifier: MIT

#include "model/buf.h"

#include "base/mem.h"

void *model__buf_push(model_buf *buf, size_t elem_bytes)
{
    return model__buf_room(buf, 1, elem_bytes);
}

void *model__buf_room(model_buf *buf, size_t count, size_t elem_bytes)
{
    if (buf->max - buf->len < count) {
        size_t max = buf->max == 0 ? 64 : buf->max * 2;
        while (max - buf->len < count)
            max *= 2;
        void *data = ant_mem_resize(buf->data, max * elem_bytes);
        if (data == NULL) return NULL;
        buf->data = data;
        buf->max = max;
    }
    void *room = (char *)buf->data + elem_bytes * buf->len;
    buf->len += count;
    return room;
}

void model__buf_cut(model_buf *buf, size_t elem_bytes)
{
    if (buf->len == buf->max) return;
    if (buf->len == 0) {
        model__buf_free(buf);
        return;
    }
    void *data = ant_mem_resize(buf->data, buf->len * elem_bytes);
    if (data == NULL) return; // then it stays as it is
    buf->data = data;
    buf->max = buf->len;
}

void model__buf_free(model_buf *buf)
{
    ant_mem_free(buf->data);
    *buf = (model_buf){ 0 };
}
