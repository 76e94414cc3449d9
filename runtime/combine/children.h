// SPDX-License-Identifier: MIT
//
// The children of a join or a select: pointers to futures that live elsewhere,
// usually beside the combinator in the parent's struct. They are listed in the
// call, `ant_join(&self->a.base, &self->b.base)`, or in an array of the
// caller. Only the combinator uses this. A NULL pointer is no child and is
// passed over.
//
// The hard thing is a name: the trace shows children as the source calls them,
// so the combinator's macros hand over the text of their arguments.

#ifndef ANT_COMBINE_CHILDREN_H
#define ANT_COMBINE_CHILDREN_H

#include <stddef.h>

#include "core/future.h"

#define ANT_CHILDREN_LISTED_MAX 8
// The longest name of a child in a trace; the rest is cut off.
#define ANT_CHILD_NAME_MAX 48

typedef struct ant_children {
    const char *text;         // of the arguments, or of the array
    ant_future *const *array; // the caller's, NULL when listed
    ant_future *listed[ANT_CHILDREN_LISTED_MAX];
    unsigned count;
} ant_children;

// No line of the call is kept: where a list goes over several lines, compilers
// differ on which of them __LINE__ is, and traces would differ with them.
//
// Children listed in a call, and those of an array, which must stay where it is
// until the combinator ends.
ant_children ant__children_listed(const char *text, ant_future *const *list,
                                  size_t count);
ant_children ant__children_array(const char *text, ant_future *const *array,
                                 size_t count);

// How many arguments there are, for the listing macros.
#define ANT__LIST(...) ((ant_future *const[]){ __VA_ARGS__ })
#define ANT__LIST_LEN(...)                                                     \
    (sizeof ANT__LIST(__VA_ARGS__) / sizeof(ant_future *))

// The child at place `i`, NULL for none.
static inline ant_future *ant__children_at(const ant_children *children,
                                           unsigned i)
{
    return children->array != NULL ? children->array[i] : children->listed[i];
}

// The child at place `i`, NULL when there is none or it has ended.
static inline ant_future *ant__children_alive_at(const ant_children *children,
                                                 unsigned i)
{
    ant_future *child = ant__children_at(children, i);
    return child != NULL && !ant_future_is_ready(child) ? child : NULL;
}

// Polls the child at place `i`, under its name.
ANT_MUST_USE ant_poll ant__children_poll(const ant_children *children,
                                         unsigned i, ant_cx *cx);

// Drops all that have not ended, in declared order.
void ant__children_drop(const ant_children *children);

// The nth child that is not NULL, NULL behind the last: for ops.child.
ant_future *ant__children_nth(const ant_children *children, unsigned n);

// Writes the name of the child at place `i`: the text of its argument.
void ant__children_name(const ant_children *children, unsigned i,
                        char ret_name[ANT_CHILD_NAME_MAX]);

#endif
