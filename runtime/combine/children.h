// SPDX-License-Identifier: MIT
//
// The children of a join or a select: pointers to futures that live elsewhere,
// usually beside the combinator in the parent's struct. They are listed in the
// call, `ant_join(&self->a.base, &self->b.base)`, or in an array of the
// caller. Only the combinator uses this. A NULL pointer is no child and is
// passed over. The two ways to go through them are here as well: to the end of
// all, for the joins, and to the end of the first, for the races.
//
// The hard thing is a name: the trace shows children as the source calls them,
// so the combinator's macros hand over the text of their arguments. Of
// `ant_when(condition, &self->a.base)` the name is that of the second one.

#ifndef ANT_COMBINE_CHILDREN_H
#define ANT_COMBINE_CHILDREN_H

#include <stdbool.h>
#include <stddef.h>

#include "combine/crowd.h"
#include "core/future.h"

#define ANT_CHILDREN_LISTED_MAX 8
// The longest name of a child in a trace; the rest is cut off.
#define ANT_CHILD_NAME_MAX 48

typedef struct ant_children {
    const char *text;         // of the arguments, or of the array
    ant_future *const *array; // the caller's, NULL when listed
    ant_future *listed[ANT_CHILDREN_LISTED_MAX];
    unsigned count;
    // Of a join.
    bool has_begun;
    unsigned left;    // not over yet
    ant_crowd *crowd; // for polling only those that were woken, or NULL
} ant_children;

// No line of the call is kept: where a list goes over several lines, compilers
// differ on which of them __LINE__ is, and traces would differ with them.
//
// Children listed in a call, and those of an array, which must stay where it is
// until the combinator ends.
//
// These are initialisers that leave nothing out, and so are those of the
// combinators: a compiler stores each member in its place. Of a struct that a
// function returned it makes a copy, which has to wait until what was written a
// moment ago is in memory.
#define ANT__CHILDREN_LISTED(text_, ...)                                       \
    {                                                                          \
        .text = (text_), .array = NULL,                                        \
        .listed = ANT__EIGHT(__VA_ARGS__, NULL, NULL, NULL, NULL, NULL, NULL,  \
                             NULL, NULL),                                      \
        .count = ANT__LIST_LEN(__VA_ARGS__), .has_begun = false, .left = 0,    \
        .crowd = NULL                                                          \
    }

#define ANT__CHILDREN_ARRAY(text_, array_, count_)                             \
    {                                                                          \
        .text = (text_), .array = (array_),                                    \
        .listed =                                                              \
            ANT__EIGHT(NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 0),     \
        .count = ant__children_count((array_), (count_)), .has_begun = false,  \
        .left = 0, .crowd = NULL                                               \
    }

#define ANT__EIGHT(a, b, c, d, e, f, g, h, ...)                                \
    {                                                                          \
        a, b, c, d, e, f, g, h                                                 \
    }

// How many arguments there are: at most ANT_CHILDREN_LISTED_MAX.
#define ANT__LIST_LEN(...)                                                     \
    (sizeof(                                                                   \
         char[ANT__LIST_SIZE(__VA_ARGS__) <= ANT_CHILDREN_LISTED_MAX ? 1       \
                                                                     : -1]) *  \
     ANT__LIST_SIZE(__VA_ARGS__))
#define ANT__LIST_SIZE(...)                                                    \
    (sizeof((ant_future *const[]){ __VA_ARGS__ }) / sizeof(ant_future *))

static inline unsigned ant__children_count(ant_future *const *array,
                                           size_t count)
{
    ANT_ASSERT(array != NULL || count == 0);
    ANT_ASSERT(count <= INT32_MAX);
    return (unsigned)count;
}

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

// Polls the child at place `i`; recorded, under its name.
ANT_MUST_USE ant_poll ant__children_poll_watched(const ant_children *children,
                                                 unsigned i, ant_cx *cx);

ANT_MUST_USE static inline ant_poll
ant__children_poll(const ant_children *children, unsigned i, ant_cx *cx)
{
    ant_future *child = ant__children_at(children, i);
    return ant__future_is_watched(child)
               ? ant__children_poll_watched(children, i, cx)
               : ant__future_run(child, cx);
}

// Polls, one after the other from place *start on and round, all that have not
// ended; of more than ANT_CROWD_MIN in an array those that were woken. READY
// when none is left that is pending, or, with `ret_failed`, as soon as one has
// failed: then *ret_failed is its place. *start becomes the place where the
// next poll begins: 0, but after a poll that used up the budget it is behind
// the child that took the last of it.
ANT_MUST_USE ant_poll ant__children_poll_all(ant_children *children,
                                             unsigned *start, ant_cx *cx,
                                             int *ret_failed);

// Is this branch, which has ended, one to win with?
typedef bool (*ant_match_fn)(const ant_future *branch, unsigned place,
                             void *arg);

typedef enum ant_first {
    ANT_FIRST_PENDING,
    ANT_FIRST_FOUND,
    ANT_FIRST_NONE, // none is left that could be first
} ant_first;

// Polls, from place `start` on and round, until one has ended that matches
// (NULL: any does); then drops the others. *last is the place of the one that
// ended last, whether it matched or not.
ANT_MUST_USE ant_first ant__children_poll_first(ant_children *children,
                                                unsigned start, ant_cx *cx,
                                                ant_match_fn matches, void *arg,
                                                int *last);

// Where a fair race begins: at a place drawn from the task's seeded source of
// chance, at 0 when it has none.
ANT_MUST_USE unsigned ant__children_draw(const ant_children *children,
                                         ant_cx *cx);

// Drops all that have not ended, in declared order.
void ant__children_drop(ant_children *children);

// What every combinator has in its table: how its children are dropped, and
// found. In its struct they stand right behind the base; write
// `ANT__CHILDREN_SECOND(ant_join);` to have that checked.
#define ANT__CHILDREN_OPS                                                      \
    .drop = ant__children_on_drop, .child = ant__children_on_child
#define ANT__CHILDREN_SECOND(name)                                             \
    _Static_assert(offsetof(struct name, children) == sizeof(ant_future),      \
                   "ops.drop and ops.child look there")
void ant__children_on_drop(ant_future *future);
ant_future *ant__children_on_child(const ant_future *future, unsigned n);

// Writes the name of the child at place `i`: the text of its argument.
void ant__children_name(const ant_children *children, unsigned i,
                        char ret_name[ANT_CHILD_NAME_MAX]);

#endif
