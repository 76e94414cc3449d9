// SPDX-License-Identifier: MIT
//
// A box is a future on the heap: it holds another future, of any size and kind,
// behind one pointer. It is for a future that contains others of its own kind
// (recursion: a struct cannot contain itself), and for functions that return
// one of several futures (a table of function pointers, an "async trait": see
// tests/examples/combine/box_vtable.c). The box belongs to whoever awaits it,
// like any future. Tokio: Box::pin, the BoxFuture of the futures crate.
//
//   case SIZE_START:
//       if (self->dir == NULL) return ANT_READY;
//       self->inside = ant_box(size(self->dir->first));
//       self->beside = ant_box(size(self->dir->next));
//       self->both = ant_join(&self->inside.base, &self->beside.base);
//       return ANT_NEXT(SIZE_ADDING);
//   case SIZE_ADDING:
//       ANT_AWAIT(self->both);
//       if (self->both.base.result < 0)
//           return ANT_FAIL(self->both.base.result);
//       self->base.result = self->dir->bytes + self->inside.base.result +
//                           self->beside.base.result;
//       return ANT_READY;
//
// The block is freed as soon as the future in it has ended: what is left is the
// result, and with ant_box_into a copy of the finished future. When there is no
// memory the box is READY at once with -ENOMEM, and the future that should have
// gone into it is dropped.
//
// The hard thing: the box holds memory from the start, so a box that is given
// up must be dropped even if it was never polled (ops.is_hot).
//
//   function      Tokio     cancel-safe    alloc  threads
//   ant_box       Box::pin  as the inside  once   any
//   ant_box_into  Box::pin  as the inside  once   any
//   ant_box_move  Box::pin  as the inside  once   any
//
// The result is that of the future in the box, or -ENOMEM.

#ifndef ANT_COMBINE_BOX_H
#define ANT_COMBINE_BOX_H

#include "core/future.h"

struct ant_box {
    ant_future base;
    ant_future *inside; // on the heap; NULL when it has ended
    void *out;          // where the finished future goes, or NULL
};

// What the functions of a table return: in `struct ant_box (*get)(…)` the
// brackets would make the macro below of it. Tokio: BoxFuture.
typedef struct ant_box ant_box_future;

// Boxes a new future, given as the call of its constructor.
#define ant_box(...)                                                           \
    ant_box_move(&(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base))

// As ant_box; when the box is READY and its result is not an error, the
// finished future has been copied to *dest, a struct of the same type, so that
// its outputs can be read. `dest` must stay where it is until then.
#define ant_box_into(dest, ...)                                                \
    ant__box_into((1 ? (dest) : (__typeof__(__VA_ARGS__) *)0),                 \
                  &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base))

// Boxes a new future of which only the base is known. It was moved: what
// `future` points to is not to be used any more.
ANT_MUST_USE struct ant_box ant_box_move(ant_future *future);

ANT_MUST_USE struct ant_box ant__box_into(void *dest, ant_future *future);

#endif
