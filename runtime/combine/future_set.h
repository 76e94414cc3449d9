// SPDX-License-Identifier: MIT
//
// A future set is a crowd of futures that one task awaits, of any kinds and any
// number, which may grow while it waits. Each child has a waker of its own, so
// that a wake says which child it is for: only children that were woken are
// polled, in the order in which they were woken. Ten thousand children cost no
// more for each wake than two. futures: FuturesUnordered, FuturesOrdered.
//
//   case CRAWL_START:
//       for (int i = 0; i < 3; i++) {
//           if (ant_future_set_push(&self->pages, fetch(i)) < 0)
//               return ANT_FAIL(-ENOMEM);
//       }
//       self->next = ant_future_set_next(&self->pages);
//       return ANT_NEXT(CRAWL_FETCHING);
//   case CRAWL_FETCHING:
//       ANT_AWAIT(self->next);
//       if (self->next.finished == NULL) return ANT_READY; // all done
//       count_bytes(self, self->next.finished); // a struct fetch
//       self->next = ant_future_set_next(&self->pages);
//       return ANT_NEXT(CRAWL_FETCHING);
//
// The set moves each future into a block of its own, and keeps a finished one
// until the next is asked for: read its outputs there. {0} is an empty set. It
// is plain data in its owner's struct, may be copied until the first push, and
// belongs to one task; only wakers touch it from other threads.
//
// Nothing ends the children by itself: an owner that may be dropped calls
// ant_future_set_clear() in its drop function. Once `next` has said that the
// set is empty, it holds nothing.
//
// The hard thing: a child's waker may be used long after the child, and after
// the set. So wakers point to the child's block, which is counted, and reach
// the set through another one (combine/woken.h), which says when it is closed.
//
//   function                  futures crate  cancel-safe  alloc  threads
//   ant_future_set_push       push           -            yes    the task's
//   ant_future_set_push_move  push           -            yes    the task's
//   ant_future_set_next       next() on it   yes          no     the task's
//   ant_future_set_len        len            -            no     the task's
//   ant_future_set_is_empty   is_empty       -            no     the task's
//   ant_future_set_clear      clear, drop    -            no     the task's

#ifndef ANT_COMBINE_FUTURE_SET_H
#define ANT_COMBINE_FUTURE_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/list.h"
#include "combine/woken.h"
#include "core/future.h"

typedef struct ant_future_set {
    // Results come in the order of the pushes, as those of FuturesOrdered.
    // Fixed before the first push.
    bool is_ordered;
    uint32_t count;      // pushed, and not yet given out
    uint64_t push_count; // ever
    ant_list children;   // the counted ones, in order of their pushes
    ant_woken *woken;    // what their wakers reach; NULL: no push yet
    ant_woken_row row;   // woken, and not yet polled
    struct ant_future_set_child *given; // the last given out, or NULL
} ant_future_set;

// Its result is that of the finished child, 0 when the set was empty.
struct ant_future_set_next {
    ant_future base;
    ant_future_set *set;
    // When READY: the finished child, a struct of the kind that was pushed;
    // NULL when the set was empty. It stays until the set's next `next` is
    // polled, or the set is cleared.
    void *finished;
    uint64_t nth; // which one it is, counted from 0 in the order of the pushes
};

// Adds a new future, given as the call of its constructor; it is polled when
// the set is. 0, or -ENOMEM, and then the future is dropped.
#define ant_future_set_push(set, ...)                                          \
    ant_future_set_push_move(                                                  \
        (set), &(((__typeof__(__VA_ARGS__)[1]){ __VA_ARGS__ })->base))

// Adds a new future of which only the base is known. It was moved: what
// `future` points to is not to be used any more.
ANT_MUST_USE int ant_future_set_push_move(ant_future_set *set,
                                          ant_future *future);

// A future that is READY when a child has ended, or at once when there is none.
ANT_MUST_USE struct ant_future_set_next
ant_future_set_next(ant_future_set *set);

// Drops all children, in the order of their pushes, and frees all memory. The
// set is then empty and may be used again.
void ant_future_set_clear(ant_future_set *set);

// Children that were not given out yet.
static inline uint32_t ant_future_set_len(const ant_future_set *set)
{
    return set->count;
}

static inline bool ant_future_set_is_empty(const ant_future_set *set)
{
    return set->count == 0;
}

#endif
