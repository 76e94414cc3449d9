// SPDX-License-Identifier: MIT

#include "stream/chunk.h"

#include "stream/pace.h"

static void chunks_drop(ant_future *future);
static ant_future *chunks_child(const ant_future *future, unsigned i);
static ant_poll give(struct ant_stream_chunks *self, ant_chunk *chunk);
static bool is_due(struct ant_stream_chunks *self, ant_cx *cx);

#define CHUNKS_OPS .drop = chunks_drop, .child = chunks_child, .needs_any = true

ANT_STREAM_OPS(ant_stream_chunks, ant_chunk, CHUNKS_OPS)
{
    if (self->count == self->max) return give(self, item);
    ant_future *base = &self->base.future;
    void *place = self->array + self->count * self->up.stream->item_bytes;
    const ant_poll poll = ant__upstream_poll(base, &self->up, place, cx);

    if (ant__has_item(base, poll)) {
        const bool is_timed =
            self->patience_ms != 0 && self->patience_ms != ANT_CHUNK_PATIENT;
        if (self->count++ == 0 && is_timed)
            self->limit = ant_sleep(self->patience_ms);
        return ANT_AGAIN;
    }
    if (poll == ANT_ITEM || self->count == 0) return poll;
    // The rest first; then the stream says its end once more.
    if (poll == ANT_READY) return give(self, item);
    return is_due(self, cx) ? give(self, item) : ANT_PENDING;
}

struct ant_stream_chunks ant__stream_chunks(ant_upstream up, void *array,
                                            size_t max, uint64_t patience_ms)
{
    ANT_ASSERT(max > 0);
    return (struct ant_stream_chunks){
        ANT_STREAM_INIT(ant_stream_chunks),
        .up = up,
        .array = array,
        .max = max,
        .patience_ms = patience_ms,
    };
}

static void chunks_drop(ant_future *future)
{
    struct ant_stream_chunks *self = (void *)future;
    ant_stream_drop(self->up.stream);
    ant_future_drop(&self->limit.base);
}

static ant_future *chunks_child(const ant_future *future, unsigned i)
{
    struct ant_stream_chunks *self = (void *)(uintptr_t)future;
    if (i == 0) return &self->up.stream->future;
    return i == 1 && self->limit.base.ops != NULL ? &self->limit.base : NULL;
}

static ant_poll give(struct ant_stream_chunks *self, ant_chunk *chunk)
{
    *chunk = (ant_chunk){ .items = self->array, .count = self->count };
    self->count = 0;
    ant_future_drop(&self->limit.base);
    self->base.future.result = 0;
    return ANT_ITEM;
}

// Whether a chunk that has begun need not wait for more.
static bool is_due(struct ant_stream_chunks *self, ant_cx *cx)
{
    if (self->patience_ms == 0) return true;
    if (self->patience_ms == ANT_CHUNK_PATIENT) return false;
    if (ant_future_is_ready(&self->limit.base)) return true;
    return ant__stream_poll_limit(&self->limit, cx) == ANT_READY;
}
