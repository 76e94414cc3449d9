// SPDX-License-Identifier: MIT

#include "task/cancellation_token.h"

#include <errno.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/os.h"
#include "core/here.h"
#include "core/resource.h"
#include "trace/trace.h"

// What all tokens of a tree share, also after a branch has left it.
typedef struct token_tree {
    ant_os_mutex lock;
    ant_atomic_u32 refs; // nodes
} token_tree;

struct ant_token_node {
    ant_resource resource;
    token_tree *tree; // fixed
    // any thread, atomic
    ant_atomic_u32 refs; // handles, futures that wait, and who cancels it
    ant_atomic_u8 is_cancelled;
    // under its own lock
    ant_waitlist waiters;
    // under tree->lock
    ant_token_node *parent;
    ant_list children; // by their `place`
    ant_list place;    // in parent->children, or in the list of who cancels it
};

static int make_node(ant_token_node *parent, const char *name,
                     ant_cancellation_token *ret_token, const char *file,
                     uint32_t line);
static token_tree *tree_new(void);
static void tree_unref(token_tree *tree);
static void grow(ant_token_node *node, ant_token_node *parent);
static void ref(ant_token_node *node);
static bool ref_if_alive(ant_token_node *node);
static void unref(ant_token_node *node);
static void leave_tree(ant_token_node *node);
static void mark_branch(ant_token_node *top, ant_list *ret_marked);
static void wake_all(ant_token_node *node);
static bool is_cancelled(const ant_token_node *node);
static ant_token_node *node_of(ant_list *place);
static int look(void *arg);
static void cancelled_drop(ant_future *future);
static bool cancelled_waits_on(const ant_future *future, ant_wait *ret_wait);
static void run_drop(ant_future *future);
static ant_future *run_child(const ant_future *future, unsigned i);

// ---- Handles ----

int ant__cancellation_token_new(const char *name,
                                ant_cancellation_token *ret_token,
                                const char *file, uint32_t line)
{
    return make_node(NULL, name, ret_token, file, line);
}

int ant__cancellation_token_child_token(const ant_cancellation_token *parent,
                                        ant_cancellation_token *ret_token,
                                        const char *file, uint32_t line)
{
    ANT_ASSERT(parent->node != NULL);
    return make_node(parent->node, parent->node->resource.name, ret_token, file,
                     line);
}

ant_cancellation_token
ant_cancellation_token_clone(const ant_cancellation_token *token)
{
    if (token->node != NULL) ref(token->node);
    return *token;
}

void ant_cancellation_token_drop(ant_cancellation_token *token)
{
    ant_token_node *node = token->node;
    token->node = NULL;
    if (node != NULL) unref(node);
}

bool ant_cancellation_token_is_cancelled(const ant_cancellation_token *token)
{
    ANT_ASSERT(token->node != NULL);
    return is_cancelled(token->node);
}

ant_drop_guard ant_cancellation_token_drop_guard(ant_cancellation_token *token)
{
    ant_drop_guard guard = { *token };
    token->node = NULL;
    return guard;
}

void ant_drop_guard_drop(ant_drop_guard *guard)
{
    if (guard->token.node == NULL) return;
    ant_cancellation_token_cancel(&guard->token);
    ant_cancellation_token_drop(&guard->token);
}

ant_cancellation_token ant_drop_guard_disarm(ant_drop_guard *guard)
{
    ant_cancellation_token token = guard->token;
    guard->token.node = NULL;
    return token;
}

// ---- The tree ----

static int make_node(ant_token_node *parent, const char *name,
                     ant_cancellation_token *ret_token, const char *file,
                     uint32_t line)
{
    ant_token_node *node = ant_mem_alloc(sizeof *node);
    if (node == NULL) return -ENOMEM;
    node->tree = parent != NULL ? parent->tree : tree_new();
    if (node->tree == NULL) {
        ant_mem_free(node);
        return -ENOMEM;
    }
    node->resource = (ant_resource)ANT_RESOURCE(ANT_RES_TOKEN, name, 0);
    node->resource.file = file;
    node->resource.line = line;
    ant_waitlist_init(&node->waiters);
    ant_list_init(&node->children);
    // relaxed: nobody else knows it yet; the parent's node has the tree.
    ant_atomic_store(&node->refs, 1, ANT_RELAXED);
    ant_atomic_add(&node->tree->refs, 1, ANT_RELAXED);
    if (parent != NULL) grow(node, parent);
    ret_token->node = node;
    return 0;
}

static token_tree *tree_new(void)
{
    token_tree *tree = ant_mem_alloc(sizeof *tree);
    if (tree != NULL) ant_os_mutex_init(&tree->lock);
    return tree;
}

static void tree_unref(token_tree *tree)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&tree->refs, 1, ANT_ACQ_REL) != 1) return;
    ant_os_mutex_deinit(&tree->lock);
    ant_mem_free(tree);
}

static void grow(ant_token_node *node, ant_token_node *parent)
{
    ant_os_mutex_lock(&node->tree->lock);
    if (is_cancelled(parent)) {
        // relaxed: nobody else knows it yet.
        ant_atomic_store(&node->is_cancelled, 1, ANT_RELAXED);
    } else {
        node->parent = parent;
        ant_list_push_back(&parent->children, &node->place);
    }
    ant_os_mutex_unlock(&node->tree->lock);
}

static void ref(ant_token_node *node)
{
    // relaxed: whoever adds a reference has one.
    ant_atomic_add(&node->refs, 1, ANT_RELAXED);
}

// False when the last reference is gone: then its thread waits for the tree's
// lock, to take the node out.
static bool ref_if_alive(ant_token_node *node)
{
    uint32_t refs = ant_atomic_load(&node->refs, ANT_RELAXED);
    while (refs != 0) {
        // relaxed: the tree's lock orders the rest.
        if (ant_atomic_cas_weak(&node->refs, &refs, refs + 1, ANT_RELAXED,
                                ANT_RELAXED))
            return true;
    }
    return false;
}

static void unref(ant_token_node *node)
{
    // acq_rel: the last one sees what all others did.
    if (ant_atomic_sub(&node->refs, 1, ANT_ACQ_REL) != 1) return;
    token_tree *tree = node->tree;
    leave_tree(node);
    ant_resource_end(&node->resource);
    ant_waitlist_deinit(&node->waiters);
    ant_mem_free(node);
    tree_unref(tree);
}

// The children move up to the parent, so that a chain of tokens whose handles
// are gone does not stay behind.
static void leave_tree(ant_token_node *node)
{
    ant_os_mutex_lock(&node->tree->lock);
    ant_list_remove(&node->place);
    for (;;) { // ends when it has no children
        ant_list *link = ant_list_pop_front(&node->children);
        if (link == NULL) break;
        node_of(link)->parent = node->parent;
        if (node->parent != NULL)
            ant_list_push_back(&node->parent->children, link);
    }
    ant_os_mutex_unlock(&node->tree->lock);
}

static ant_token_node *node_of(ant_list *place)
{
    return ANT_CONTAINER_OF(place, ant_token_node, place);
}

// ---- Cancelling ----

void ant_cancellation_token_cancel(const ant_cancellation_token *token)
{
    ANT_ASSERT(token->node != NULL);
    if (is_cancelled(token->node)) return;
    token_tree *tree = token->node->tree;
    ant_list marked;
    ant_list_init(&marked);
    ant_os_mutex_lock(&tree->lock);
    if (!is_cancelled(token->node)) mark_branch(token->node, &marked);
    ant_os_mutex_unlock(&tree->lock);

    for (;;) { // ends with the list, which is ours
        ant_list *link = ant_list_pop_front(&marked);
        if (link == NULL) return;
        wake_all(node_of(link));
        unref(node_of(link));
    }
}

// Under the tree's lock: marks the node and all below it, and moves them into
// one list, each with a reference. The list is also the work that is left: it
// grows by the children of each node that the walk comes to.
static void mark_branch(ant_token_node *top, ant_list *ret_marked)
{
    ant_list_remove(&top->place);
    ant_list_push_back(ret_marked, &top->place);
    ant_list *link = ret_marked->next;
    while (link != ret_marked) {
        ant_token_node *node = node_of(link);
        ant_list_append(ret_marked, &node->children);
        node->parent = NULL;
        ANT_TRACE(chan_close, .res = ant_resource_id(&node->resource),
                  .task = ant_task_id_here());
        // release: pairs with the acquire in is_cancelled().
        ant_atomic_store(&node->is_cancelled, 1, ANT_RELEASE);
        link = link->next;
        if (!ref_if_alive(node)) ant_list_remove(&node->place);
    }
}

static void wake_all(ant_token_node *node)
{
    // Who comes to this list from now on sees that the token is cancelled.
    ant_os_mutex_lock(&node->waiters.lock);
    ant_waitlist_wake_all(&node->waiters, &node->resource, ANT_VIA_NOTIFY);
}

static bool is_cancelled(const ant_token_node *node)
{
    // acquire: pairs with the release in mark_branch(), so that who sees it
    // also sees what was done before.
    return ant_atomic_load(&node->is_cancelled, ANT_ACQUIRE) != 0;
}

// ---- Waiting ----

#define CANCELLED_OPS .drop = cancelled_drop, .waits_on = cancelled_waits_on

ANT_ASYNC_OPS(ant_cancellation_token_cancelled, CANCELLED_OPS)
{
    if (!ant_coop_consume(cx)) return ANT_PENDING;
    if (!self->is_waiting) {
        if (is_cancelled(self->node)) return ANT_READY;
        ref(self->node);
        self->is_waiting = true;
    }
    const ant_waiting waiting = {
        .list = &self->node->waiters,
        .waiter = &self->waiter,
        .resource = &self->node->resource,
        .look = look,
        .arg = self->node,
    };
    if (ant_waitlist_poll(&waiting, cx) == -EAGAIN) {
        cx->budget++; // to wait costs nothing
        return ANT_PENDING;
    }
    self->is_waiting = false;
    unref(self->node);
    return ANT_READY;
}

struct ant_cancellation_token_cancelled
ant__cancellation_token_cancelled(const ant_cancellation_token *token,
                                  uint32_t line)
{
    ANT_ASSERT(token->node != NULL);
    return (struct ant_cancellation_token_cancelled){
        ANT_INIT(ant_cancellation_token_cancelled),
        .node = token->node,
        .waiter = ANT_WAITER(line),
    };
}

static int look(void *arg)
{
    return is_cancelled(arg) ? 0 : -EAGAIN;
}

static void cancelled_drop(ant_future *future)
{
    struct ant_cancellation_token_cancelled *self = (void *)future;
    if (!self->is_waiting) return;
    self->is_waiting = false;
    ant_waitlist_leave(&self->node->waiters, &self->waiter,
                       &self->node->resource);
    unref(self->node);
}

static bool cancelled_waits_on(const ant_future *future, ant_wait *ret_wait)
{
    const struct ant_cancellation_token_cancelled *self = (const void *)future;
    return self->is_waiting &&
           ant_waiter_describe(&self->waiter, &self->node->resource, ret_wait);
}

// ---- Running until then ----

#define RUN_OPS .drop = run_drop, .child = run_child, .needs_any = true

ANT_ASYNC_OPS(ant_run_until_cancelled, RUN_OPS)
{
    const bool is_late =
        !self->has_started && is_cancelled(self->cancelled.node);
    self->has_started = true;
    if (!is_late &&
        ant__future_poll_as(self->inner, self->name, 0, cx) == ANT_READY) {
        ant_future_drop(&self->cancelled.base);
        self->base.result = self->inner->result;
        return ANT_READY;
    }
    if (!is_late && ant_future_poll(&self->cancelled.base, cx) == ANT_PENDING)
        return ANT_PENDING;
    self->is_cancelled = true;
    ant_future_drop(self->inner);
    return ANT_FAIL(-ECANCELED);
}

struct ant_run_until_cancelled
ant__run_until_cancelled(const ant_cancellation_token *token, ant_future *inner,
                         const char *name, uint32_t line)
{
    return (struct ant_run_until_cancelled){
        ANT_INIT(ant_run_until_cancelled),
        .name = name,
        .inner = inner,
        .cancelled = ant__cancellation_token_cancelled(token, line),
    };
}

static void run_drop(ant_future *future)
{
    struct ant_run_until_cancelled *self = (void *)future;
    ant_future_drop(self->inner);
    ant_future_drop(&self->cancelled.base);
}

static ant_future *run_child(const ant_future *future, unsigned i)
{
    // The caller may change what it finds, as with every tree of futures.
    struct ant_run_until_cancelled *self =
        (struct ant_run_until_cancelled *)(uintptr_t)future;
    if (i == 0) return self->inner;
    return i == 1 ? &self->cancelled.base : NULL;
}
