// SPDX-License-Identifier: MIT

#include "combine/future_set.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

// A child with its waker, in one block. One reference is the set's, until the
// child was given out and the next one is asked for; one is that of each waker;
// and one is kept for a link that is still to be taken when its child has
// ended.
typedef struct ant_future_set_child {
    // fixed
    ant_wakeable wakeable; // first: a waker points here
    ant_woken *woken;
    uint64_t nth;

    // any thread, atomic
    ant_atomic_u32 refs;
    ant_woken_link link;

    // the set's task only
    bool is_over;
    ant_list sibling;               // in set->children
    _Alignas(16) ant_future future; // whole, to the end
} set_child;

static void child_on_clone(ant_wakeable *wakeable);
static void child_on_wake(ant_wakeable *wakeable, ant_why why);
static void child_on_drop(ant_wakeable *wakeable);
static void ref(set_child *child);
static void unref(set_child *child);
static bool is_open_else_open(ant_future_set *set);
static void next_drop(ant_future *future);
static ant_future *next_child(const ant_future *future, unsigned i);
static set_child *first_of(const ant_future_set *set);
static set_child *pop_woken(ant_future_set *set);
static ant_poll poll_child(set_child *child, ant_cx *cx);
static void end_child(ant_future_set *set, set_child *child);
static ant_poll give_first(struct ant_future_set_next *self);
static void forget_given(ant_future_set *set);

#define NEXT_OPS .drop = next_drop, .child = next_child, .needs_any = true

ANT_ASYNC_OPS(ant_future_set_next, NEXT_OPS)
{
    ant_future_set *set = self->set;
    if (set->count == 0) {
        ant_future_set_clear(set); // what is empty holds nothing
        return ANT_READY;
    }
    forget_given(set);

    // Once for each poll: who wakes itself comes in the next one.
    ant__woken_take(set->woken, &set->row);
    while (!first_of(set)->is_over) {
        // A set whose children are always ready has to yield too.
        if (cx->budget <= 0 && !ant_coop_consume(cx)) return ANT_PENDING;
        set_child *child = pop_woken(set);
        if (child == NULL) {
            ant__woken_wait_else_wake(set->woken, cx);
            return ANT_PENDING;
        }
        if (poll_child(child, cx) == ANT_READY) end_child(set, child);
    }
    return give_first(self);
}

struct ant_future_set_next ant_future_set_next(ant_future_set *set)
{
    return (struct ant_future_set_next){
        ANT_INIT(ant_future_set_next),
        .set = set,
    };
}

int ant_future_set_push_move(ant_future_set *set, ant_future *future)
{
    static const ant_waker_ops ops = { child_on_clone, child_on_wake,
                                       child_on_drop, NULL };
    ANT_ASSERT(future->phase == ANT_PHASE_NEW);
    const size_t size = future->ops->size;
    set_child *child = ant_mem_alloc(offsetof(set_child, future) + size);
    if (child == NULL || !is_open_else_open(set)) {
        ant_mem_free(child);
        ant_future_drop(future);
        return -ENOMEM;
    }

    child->wakeable.ops = &ops;
    child->woken = set->woken;
    child->nth = set->push_count++;
    memcpy(&child->future, future, size);
    ref(child);
    ant__woken_ref(child->woken);
    ant_list_push_back(&set->children, &child->sibling);
    set->count++;
    // As if it had been woken: to be polled, and the task to be told.
    (void)ant__woken_add(set->woken, &child->link,
                         (ant_why){ .via = ANT_VIA_WAKER });
    return 0;
}

void ant_future_set_clear(ant_future_set *set)
{
    forget_given(set);
    if (set->woken == NULL) return;
    while (!ant_list_is_empty(&set->children)) {
        set_child *child = first_of(set);
        ant_list_remove(&child->sibling);
        if (!child->is_over) {
            ant_future_drop(&child->future);
            end_child(set, child);
        }
        unref(child);
    }
    ant__woken_close(set->woken, &set->row);
    const set_child *none = pop_woken(set);
    ANT_ASSERT(none == NULL); // all were over
    ant__woken_unref(set->woken);
    *set = (ant_future_set){
        .is_ordered = set->is_ordered,
        .push_count = set->push_count,
    };
}

// The first push makes what wakers reach.
static bool is_open_else_open(ant_future_set *set)
{
    if (set->woken != NULL) return true;
    ant_list_init(&set->children);
    set->woken = ant__woken_new();
    return set->woken != NULL;
}

// ---- Waiting for the next ----

static void next_drop(ant_future *future)
{
    struct ant_future_set_next *self =
        (struct ant_future_set_next *)(void *)future;
    if (self->set->woken != NULL) ant__woken_stop_waiting(self->set->woken);
}

static ant_future *next_child(const ant_future *future, unsigned i)
{
    const struct ant_future_set_next *self = (const void *)future;
    const ant_future_set *set = self->set;
    if (set->count == 0) return NULL;
    for (ant_list *at = set->children.next; at != &set->children;
         at = at->next) {
        set_child *child = ANT_CONTAINER_OF(at, set_child, sibling);
        if (!child->is_over && i-- == 0) return &child->future;
    }
    return NULL;
}

// The one that is given out next, as soon as it is over.
static set_child *first_of(const ant_future_set *set)
{
    return ANT_CONTAINER_OF(set->children.next, set_child, sibling);
}

// The next child to poll. Those that have ended are passed over: their links
// were still in the row then.
static set_child *pop_woken(ant_future_set *set)
{
    ant_woken_link *link;
    while ((link = ant__woken_pop(&set->row)) != NULL) {
        set_child *child = ANT_CONTAINER_OF(link, set_child, link);
        if (!child->is_over) return child;
        unref(child);
    }
    return NULL;
}

// Polls it with its own waker in the place of the task's.
static ant_poll poll_child(set_child *child, ant_cx *cx)
{
    const ant_waker task = cx->waker;
    ant__woken_reset(&child->link);
    cx->waker = (ant_waker){ &child->wakeable };
    ant_poll poll = ant_future_poll(&child->future, cx);
    cx->waker = task;
    return poll;
}

static void end_child(ant_future_set *set, set_child *child)
{
    child->is_over = true;
    if (ant__woken_retire(&child->link)) ref(child);
    if (set->is_ordered || !ant_list_is_linked(&child->sibling)) return;
    ant_list_remove(&child->sibling);
    ant_list_push_front(&set->children, &child->sibling);
}

static ant_poll give_first(struct ant_future_set_next *self)
{
    ant_future_set *set = self->set;
    set_child *child = first_of(set);
    ant__woken_stop_waiting(set->woken);
    ant_list_remove(&child->sibling);
    set->count--;
    set->given = child;
    self->finished = &child->future;
    self->nth = child->nth;
    self->base.result = child->future.result;
    return ANT_READY;
}

static void forget_given(ant_future_set *set)
{
    set_child *given = set->given;
    set->given = NULL;
    if (given != NULL) unref(given);
}

// ---- A child as something that can be woken ----

static void ref(set_child *child)
{
    // relaxed: whoever adds a reference has one, or has just made the child.
    ant_atomic_add(&child->refs, 1, ANT_RELAXED);
}

static void unref(set_child *child)
{
    // acq_rel: all uses happen before the free.
    if (ant_atomic_sub(&child->refs, 1, ANT_ACQ_REL) > 1) return;
    ant__woken_unref(child->woken);
    ant_mem_free(child);
}

static set_child *child_of(ant_wakeable *wakeable)
{
    return ANT_CONTAINER_OF(wakeable, set_child, wakeable);
}

static void child_on_clone(ant_wakeable *wakeable)
{
    ref(child_of(wakeable));
}

static void child_on_wake(ant_wakeable *wakeable, ant_why why)
{
    set_child *child = child_of(wakeable);
    // Nobody takes the link of a closed set: its reference ends here.
    if (!ant__woken_add(child->woken, &child->link, why)) unref(child);
}

static void child_on_drop(ant_wakeable *wakeable)
{
    unref(child_of(wakeable));
}
