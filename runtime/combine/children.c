// SPDX-License-Identifier: MIT

#include "combine/children.h"

#include <stdio.h>
#include <string.h>

#include "base/rng.h"
#include "trace/trace.h"

static void begin_join(ant_children *children);
static bool poll_range(ant_children *children, unsigned from, unsigned end,
                       unsigned *start, ant_cx *cx, int *ret_failed);
static unsigned next_to_poll(const ant_children *children, unsigned from,
                             unsigned end);
static bool is_pending(const ant_children *children, unsigned i, ant_cx *cx);
static void end_crowd(ant_children *children);
static const char *argument(const char *text, unsigned nth, int *ret_len);

ant_poll ant__children_poll_watched(const ant_children *children, unsigned i,
                                    ant_cx *cx)
{
    ant_future *child = ant__children_at(children, i);
    // Only the first poll says the name.
    if (child->id != 0) return ant_future_poll(child, cx);

    char name[ANT_CHILD_NAME_MAX];
    ant__children_name(children, i, name);
    return ant__future_poll_as(child, name, 0, cx);
}

ant_poll ant__children_poll_all(ant_children *children, unsigned *start,
                                ant_cx *cx, int *ret_failed)
{
    if (!children->has_begun) begin_join(children);
    if (children->crowd != NULL)
        ant__crowd_collect(children->crowd);
    else
        children->left = children->count; // counted anew in each poll

    const unsigned begin = *start;
    *start = 0;
    if (!poll_range(children, begin, children->count, start, cx, ret_failed) ||
        !poll_range(children, 0, begin, start, cx, ret_failed))
        return ANT_READY;
    if (children->left == 0) {
        end_crowd(children);
        return ANT_READY;
    }
    if (children->crowd != NULL) ant__crowd_wait(children->crowd, cx);
    return ANT_PENDING;
}

// Without memory for a crowd the join polls them all, now and later.
static void begin_join(ant_children *children)
{
    children->has_begun = true;
    children->left = children->count;
    if (children->array != NULL && children->count > ANT_CROWD_MIN)
        children->crowd = ant__crowd_new(children->count);
}

// False when one has failed and that ends it.
static bool poll_range(ant_children *children, unsigned from, unsigned end,
                       unsigned *start, ant_cx *cx, int *ret_failed)
{
    unsigned i = next_to_poll(children, from, end);
    for (; i < end; i = next_to_poll(children, i + 1, end)) {
        const int32_t budget = cx->budget;
        const bool goes_on = is_pending(children, i, cx);
        if (ANT_UNLIKELY(cx->budget == 0) && budget > 0)
            *start = (i + 1) % children->count;
        if (goes_on) continue;

        children->left--;
        if (ret_failed == NULL) continue;
        const ant_future *child = ant__children_at(children, i);
        if (child == NULL || child->result >= 0) continue;
        *ret_failed = (int)i;
        return false;
    }
    return true;
}

static unsigned next_to_poll(const ant_children *children, unsigned from,
                             unsigned end)
{
    if (children->crowd == NULL) return from;
    return ant__crowd_next(children->crowd, from, end);
}

// Polls the child, if there is one that has not ended.
static bool is_pending(const ant_children *children, unsigned i, ant_cx *cx)
{
    if (ant__children_alive_at(children, i) == NULL) return false;
    if (children->crowd == NULL)
        return ant__children_poll(children, i, cx) == ANT_PENDING;

    const ant_waker task = cx->waker;
    cx->waker = ant__crowd_waker(children->crowd, i);
    const ant_poll poll = ant__children_poll(children, i, cx);
    cx->waker = task;
    return poll == ANT_PENDING;
}

static void end_crowd(ant_children *children)
{
    ant__crowd_end(children->crowd);
    children->crowd = NULL;
}

ant_first ant__children_poll_first(ant_children *children, unsigned start,
                                   ant_cx *cx, ant_match_fn matches, void *arg,
                                   int *last)
{
    // A loop around a race whose branches are always ready has to yield too.
    if (cx->budget <= 0 && !ant_coop_consume(cx)) return ANT_FIRST_PENDING;

    const int32_t budget = cx->budget;
    const unsigned count = children->count;
    bool has_pending = false;
    for (unsigned n = 0; n < count; n++) {
        const unsigned i = (start + n) % count;
        const ant_future *child = ant__children_alive_at(children, i);
        if (child == NULL) continue;
        if (ant__children_poll(children, i, cx) == ANT_PENDING) {
            has_pending = true;
            continue;
        }
        *last = (int)i;
        if (matches != NULL && !matches(child, i, arg)) continue;
        // To win is an operation, also when the winner took none.
        if (budget > 0 && cx->budget == budget) cx->budget--;
        ant__children_drop(children);
        return ANT_FIRST_FOUND;
    }
    return has_pending ? ANT_FIRST_PENDING : ANT_FIRST_NONE;
}

unsigned ant__children_draw(const ant_children *children, ant_cx *cx)
{
    const unsigned count = children->count;
    if (cx->rng == NULL || count < 2) return 0;
    const uint32_t start = ant_rng_below(cx->rng, count);
    ANT_TRACE(random, .use = ANT_RANDOM_SELECT, .value = start, .below = count);
    return start;
}

void ant__children_drop(ant_children *children)
{
    for (unsigned i = 0; i < children->count; i++) {
        ant_future *child = ant__children_alive_at(children, i);
        if (child != NULL) ant_future_drop(child);
    }
    end_crowd(children);
}

void ant__children_on_drop(ant_future *future)
{
    ant__children_drop((ant_children *)(void *)(future + 1));
}

ant_future *ant__children_on_child(const ant_future *future, unsigned n)
{
    const ant_children *children = (const void *)(future + 1);
    for (unsigned i = 0; i < children->count; i++) {
        ant_future *child = ant__children_at(children, i);
        if (child != NULL && n-- == 0) return child;
    }
    return NULL;
}

void ant__children_name(const ant_children *children, unsigned i,
                        char ret_name[ANT_CHILD_NAME_MAX])
{
    if (children->array != NULL) {
        (void)snprintf(ret_name, ANT_CHILD_NAME_MAX, "%s[%u]", children->text,
                       i);
        return;
    }
    static const char when[] = "ant_when(";
    int len;
    const char *text = argument(children->text, i, &len);
    if (strncmp(text, when, sizeof when - 1) == 0)
        text = argument(text + sizeof when - 1, 1, &len);
    (void)snprintf(ret_name, ANT_CHILD_NAME_MAX, "%.*s", len, text);
}

// The nth argument in the text of a list: between commas that stand outside of
// all brackets, without the space around it. The text ends with the list, or
// with the bracket that closes it.
static const char *argument(const char *text, unsigned nth, int *ret_len)
{
    const char *begin = text;
    int depth = 0;
    for (; *text != '\0'; text++) {
        if (*text == '(' || *text == '[' || *text == '{') depth++;
        if (*text == ')' || *text == ']' || *text == '}') depth--;
        if (depth < 0) break;
        if (*text != ',' || depth > 0) continue;
        if (nth-- == 0) break;
        begin = text + 1;
    }
    while (*begin == ' ') {
        begin++;
    }
    *ret_len = (int)(text - begin);
    return begin;
}
