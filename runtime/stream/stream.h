// SPDX-License-Identifier: MIT
//
// A stream is a series of values that come one after the other, each when it is
// there: a struct whose first member is an ant_stream, and a poll function that
// puts the next item into its place. Tokio: Stream, tokio_stream::StreamExt.
//
// A stream is a future that can be ready many times. Asked for its next item it
// answers ANT_PENDING (not yet, and somebody holds my waker), ANT_ITEM (it is
// in its place, ask again for the next), or ANT_READY: that was the end, with
// the result 0, or -errno when it broke off.
//
// So all that holds for futures holds here: a stream ends once, by READY or by
// being dropped, it never moves after its first poll, and traces, views and
// stall reports show it as they show any future. An item may also be an error
// that is not the end (a receiver that lagged): ANT_ITEM with `result` -errno.
// The stream then goes on, and there is nothing in the place of the item.
//
// To write one: as an async function, with ANT_EMIT where it gives an item.
//
//   ANT_STREAM(ticks, int)
//   {
//       switch (self->state) {
//       case TICKS_START:
//           if (self->n == 3) return ANT_READY;
//           self->nap = ant_sleep(10);
//           return ANT_NEXT(TICKS_SLEEPING);
//       case TICKS_SLEEPING:
//           ANT_AWAIT(self->nap);
//           *item = self->n++;
//           return ANT_EMIT(TICKS_START);
//       }
//       ANT_UNREACHABLE();
//   }
//
// To read one: a future for each item, whose result is 1 for an item, 0 for the
// end, or -errno.
//
//   case SUM_START:
//       self->next = ant_stream_next(&self->ticks.base, &self->tick);
//       return ANT_NEXT(SUM_ADDING);
//   case SUM_ADDING:
//       ANT_AWAIT(self->next);
//       if (self->next.base.result < 0) return
//       ANT_FAIL(self->next.base.result); if (self->next.base.result == 0)
//       return ANT_READY; self->sum += self->tick; return ANT_NEXT(SUM_START);
//
// Who owns what: a stream that is made of others (a map, a merge) points to
// them; they live beside it in the parent's struct, as the children of a join
// do, and it owns their ends: dropping the outermost drops them all. A `next`
// only borrows: dropped, it leaves the stream and the item that was to come. A
// struct that reads a stream with `next` drops it in its drop function.
//
// The hard thing is that an item has a size that only run time knows. It may be
// no bigger than ANT_STREAM_ITEM_MAX; whatever is bigger goes by a pointer. The
// place of the item is good for one poll: a stream that has to keep an item
// keeps a copy.
//
// An item costs its task one operation of the budget, however many streams it
// passes through: a stream that always has one yields after 128.
//
//   function              Tokio              cancel-safe  alloc  threads
//   ant_stream_next       StreamExt::next    yes          no     the task's
//   ant_stream_poll_next  Stream::poll_next  -            no     the task's
//   ant_stream_drop       drop(stream)       -            no     the task's
//   ant_stream_is_over    is_terminated      -            no     the task's

#ifndef ANT_STREAM_STREAM_H
#define ANT_STREAM_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/future.h"

// The biggest item in bytes.
#define ANT_STREAM_ITEM_MAX 256

typedef struct ant_stream {
    ant_future future; // its result: of the last item, or of the end
    void *item;        // where the next item goes, during a poll
    uint32_t item_bytes;
} ant_stream;

// The next item of a stream. Its result is 1, 0 at the end, or -errno; after
// the end it is that of the end again.
struct ant_stream_next {
    ant_future base;
    ant_stream *stream;
    const char *name; // of the stream in the source
    void *item;
    uint32_t parent; // in the trace: whose stream this is
};

// Waits for the next item, which goes to *item. `item` stays where it is until
// then.
#define ant_stream_next(stream, item)                                          \
    ant__stream_next((stream), #stream, (item), sizeof *(item))

// Asks for the next item once. `item` has place for item_bytes. Polling a
// stream that is over is a programmer's error and traps.
ANT_MUST_USE ant_poll ant_stream_poll_next(ant_stream *stream, void *item,
                                           ant_cx *cx);

// Ends `stream` early, with all that is inside.
void ant_stream_drop(ant_stream *stream);

// True when it has said its end or was dropped.
static inline bool ant_stream_is_over(const ant_stream *stream)
{
    return ant_future_is_ready(&stream->future);
}

// ---- The form of a stream ----

// Opens the poll function of `struct name`, which begins with `ant_stream
// base`, for items of `type`. In the body `self` is the struct, `cx` the
// context and `item` the place of the item.
#define ANT_STREAM(name, type) ANT_STREAM_OPS(name, type, .drop = NULL)

// As ANT_STREAM for a stream that holds more than the child it awaits: the file
// defines `static void name_drop(struct name *self)`.
#define ANT_STREAM_WITH_DROP(name, type)                                       \
    ANT__ON_DROP(name)                                                         \
    ANT_STREAM_OPS(name, type, .drop = name##_on_drop)

// As ANT_STREAM, with further members of ant_future_ops.
#define ANT_STREAM_OPS(name_, type_, ...)                                      \
    typedef type_ name_##_item;                                                \
    static ant_poll name_##_next(struct name_ *self, ant_cx *cx, type_ *item); \
    ANT_ASYNC_OPS(name_, __VA_ARGS__)                                          \
    {                                                                          \
        ANT_ASSERT(self->base.item != NULL); /* awaited, not asked */          \
        return name_##_next(self, cx, self->base.item);                        \
    }                                                                          \
    static ant_poll name_##_next(struct name_ *self, ANT_UNUSED ant_cx *cx,    \
                                 ANT_UNUSED type_ *item)

// Initialises the base of a new stream, in a constructor:
//   return (struct ticks){ ANT_STREAM_INIT(ticks), .n = 1 };
#define ANT_STREAM_INIT(name) ANT_STREAM_INIT_OF(name, sizeof(name##_item))

// As ANT_STREAM_INIT, where the size of an item is known at run time only.
#define ANT_STREAM_INIT_OF(name, bytes)                                        \
    .base = { .future = { .ops = &name##_ops },                                \
              .item_bytes = ant__stream_item_bytes(bytes) }

// Gives the item and goes on in the state when the next one is asked for:
// `return ANT_EMIT(TICKS_START);`
#define ANT_EMIT(state_)                                                       \
    (self->state = (state_),                                                   \
     ant__stream_emit(ANT__SELF, (unsigned)(state_), #state_, __LINE__))

// A size that an item may have.
static inline uint32_t ant__stream_item_bytes(size_t bytes)
{
    ANT_ASSERT(bytes > 0);
    ANT_ASSERT(bytes <= ANT_STREAM_ITEM_MAX);
    return (uint32_t)bytes;
}

ANT_MUST_USE struct ant_stream_next ant__stream_next(ant_stream *stream,
                                                     const char *name,
                                                     void *item,
                                                     size_t item_bytes);
ANT_MUST_USE ant_poll ant__stream_emit(ant_future *self, unsigned state,
                                       const char *name, unsigned line);

// As ant_stream_poll_next; the trace shows the stream under `name`.
ANT_MUST_USE ant_poll ant__stream_poll_as(ant_stream *stream, const char *name,
                                          void *item, ant_cx *cx);

#endif
