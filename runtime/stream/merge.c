// SPDX-License-Identifier: MIT

#include "stream/merge.h"

#include <stdio.h>
#include <string.h>

#include "trace/trace.h"

// The longest name of a stream of an array in a trace; the rest is cut off.
#define NAME_MAX_BYTES 48

static void drop_pair(const ant_upstream up[2]);
static ant_future *pair_child(const ant_upstream up[2], unsigned i);

// ---- Merged ----

static void merge_drop(ant_future *future);
static ant_future *merge_child(const ant_future *future, unsigned i);
static ant_stream *merge_at(const struct ant_stream_merge *self, unsigned i);
static void merge_drop_all(const struct ant_stream_merge *self);
static ant_poll merge_poll(struct ant_stream_merge *self, unsigned i,
                           void *item, ant_cx *cx);

#define MERGE_OPS .drop = merge_drop, .child = merge_child, .needs_any = true

ANT_STREAM_OPS(ant_stream_merge, void, MERGE_OPS)
{
    const unsigned turn = self->turn;
    bool is_over = true;
    for (unsigned n = 0; n < self->count; n++) {
        const unsigned i = (turn + n) % self->count;
        const ant_stream *stream = merge_at(self, i);
        if (stream == NULL || ant_stream_is_over(stream)) continue;
        const ant_poll poll = merge_poll(self, i, item, cx);
        if (poll == ANT_ITEM) {
            self->from = i;
            self->turn = (i + 1) % self->count;
            return ANT_ITEM;
        }
        if (poll == ANT_PENDING) is_over = false;
        if (self->base.future.result < 0) break;
    }
    if (!is_over && self->base.future.result == 0) return ANT_PENDING;
    merge_drop_all(self);
    return ANT_READY;
}

struct ant_stream_merge ant__stream_merge(ant_upstream first,
                                          ant_upstream second)
{
    ANT_ASSERT(first.stream->item_bytes == second.stream->item_bytes);
    return (struct ant_stream_merge){
        ANT_STREAM_INIT_OF(ant_stream_merge, first.stream->item_bytes),
        .up = { first, second },
        .count = 2,
    };
}

struct ant_stream_merge ant__stream_merge_all(ant_stream *const *array,
                                              const char *name, size_t count,
                                              size_t item_bytes)
{
    ANT_ASSERT(array != NULL);
    ANT_ASSERT(count <= INT32_MAX);
    return (struct ant_stream_merge){
        ANT_STREAM_INIT_OF(ant_stream_merge, item_bytes),
        .array = array,
        .name = name,
        .count = (unsigned)count,
    };
}

static void merge_drop(ant_future *future)
{
    merge_drop_all((const struct ant_stream_merge *)(const void *)future);
}

static ant_future *merge_child(const ant_future *future, unsigned i)
{
    const struct ant_stream_merge *self = (const void *)future;
    for (unsigned at = 0; at < self->count; at++) {
        ant_stream *stream = merge_at(self, at);
        if (stream != NULL && i-- == 0) return &stream->future;
    }
    return NULL;
}

// The stream at place `i`, NULL for none.
static ant_stream *merge_at(const struct ant_stream_merge *self, unsigned i)
{
    return self->array != NULL ? self->array[i] : self->up[i].stream;
}

static void merge_drop_all(const struct ant_stream_merge *self)
{
    for (unsigned i = 0; i < self->count; i++) {
        ant_stream *stream = merge_at(self, i);
        if (stream != NULL) ant_stream_drop(stream);
    }
}

static ant_poll merge_poll(struct ant_stream_merge *self, unsigned i,
                           void *item, ant_cx *cx)
{
    ant_future *base = &self->base.future;
    if (self->array == NULL)
        return ant__upstream_poll(base, &self->up[i], item, cx);

    ant_upstream up = { .stream = self->array[i], .name = self->name };
    ANT_ASSERT(up.stream->item_bytes == self->base.item_bytes);
    const bool is_new = up.stream->future.id == 0;
    if (!is_new || !ant_trace_is_on(ANT_LEVEL_FULL))
        return ant__upstream_poll(base, &up, item, cx);

    char name[NAME_MAX_BYTES];
    (void)snprintf(name, sizeof name, "%s[%u]", self->name, i);
    up.name = name;
    return ant__upstream_poll(base, &up, item, cx);
}

// ---- Chained ----

static void chain_drop(ant_future *future);
static ant_future *chain_child(const ant_future *future, unsigned i);

ANT_STREAM_OPS(ant_stream_chain, void, .drop = chain_drop, .child = chain_child)
{
    ant_future *base = &self->base.future;
    const bool is_first = !ant_stream_is_over(self->up[0].stream);
    const ant_upstream *up = &self->up[is_first ? 0 : 1];
    const ant_poll poll = ant__upstream_poll(base, up, item, cx);
    if (poll != ANT_READY || !is_first) return poll;
    if (base->result == 0) return ANT_AGAIN;
    drop_pair(self->up);
    return ANT_READY;
}

struct ant_stream_chain ant__stream_chain(ant_upstream first,
                                          ant_upstream second)
{
    ANT_ASSERT(first.stream->item_bytes == second.stream->item_bytes);
    return (struct ant_stream_chain){
        ANT_STREAM_INIT_OF(ant_stream_chain, first.stream->item_bytes),
        .up = { first, second },
    };
}

static void chain_drop(ant_future *future)
{
    drop_pair(((const struct ant_stream_chain *)(const void *)future)->up);
}

static ant_future *chain_child(const ant_future *future, unsigned i)
{
    return pair_child(
        ((const struct ant_stream_chain *)(const void *)future)->up, i);
}

// ---- Side by side ----

static void zip_drop(ant_future *future);
static ant_future *zip_child(const ant_future *future, unsigned i);

ANT_STREAM_OPS(ant_stream_zip, void, .drop = zip_drop, .child = zip_child)
{
    ant_future *base = &self->base.future;
    for (unsigned i = 0; i < 2; i++) {
        if (self->has[i]) continue;
        void *place = self->kept + self->offset[i];
        const ant_poll poll = ant__upstream_poll(base, &self->up[i], place, cx);
        if (poll == ANT_READY) {
            drop_pair(self->up);
            return ANT_READY;
        }
        if (poll == ANT_ITEM && base->result < 0) return ANT_ITEM;
        self->has[i] = poll == ANT_ITEM;
    }
    if (!self->has[0] || !self->has[1]) return ANT_PENDING;
    self->has[0] = self->has[1] = false;
    memcpy(item, self->kept, self->base.item_bytes);
    return ANT_ITEM;
}

struct ant_stream_zip ant__stream_zip(ant_upstream first, ant_upstream second,
                                      size_t item_bytes, size_t first_offset,
                                      size_t second_offset)
{
    return (struct ant_stream_zip){
        ANT_STREAM_INIT_OF(ant_stream_zip, item_bytes),
        .up = { first, second },
        .offset = { first_offset, second_offset },
    };
}

static void zip_drop(ant_future *future)
{
    drop_pair(((const struct ant_stream_zip *)(const void *)future)->up);
}

static ant_future *zip_child(const ant_future *future, unsigned i)
{
    return pair_child(((const struct ant_stream_zip *)(const void *)future)->up,
                      i);
}

// ---- Pairs ----

static void drop_pair(const ant_upstream up[2])
{
    ant_stream_drop(up[0].stream);
    ant_stream_drop(up[1].stream);
}

static ant_future *pair_child(const ant_upstream up[2], unsigned i)
{
    return i < 2 ? &up[i].stream->future : NULL;
}
