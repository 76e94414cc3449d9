// SPDX-License-Identifier: MIT
//
// An intrusive circular list: the link lives inside the thing that is listed,
// so that linking and unlinking never allocate. The list itself is a link that
// points to itself when empty. It knows no locks; whoever owns the list says
// which lock guards it.

#ifndef ANT_BASE_LIST_H
#define ANT_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/assert.h"

typedef struct ant_list {
    struct ant_list *next;
    struct ant_list *prev;
} ant_list;

// Makes an empty list. A link that is in no list is either zeroed or self.
static inline void ant_list_init(ant_list *list)
{
    list->next = list;
    list->prev = list;
}

static inline bool ant_list_is_empty(const ant_list *list)
{
    return list->next == list;
}

// True while the link stands in some list.
static inline bool ant_list_is_linked(const ant_list *link)
{
    return link->next != NULL && link->next != link;
}

static inline void ant_list_push_back(ant_list *list, ant_list *link)
{
    ANT_ASSERT(!ant_list_is_linked(link));
    link->next = list;
    link->prev = list->prev;
    list->prev->next = link;
    list->prev = link;
}

static inline void ant_list_push_front(ant_list *list, ant_list *link)
{
    ant_list_push_back(list->next, link);
}

// Takes the link out of its list; does nothing when it is in none.
static inline void ant_list_remove(ant_list *link)
{
    if (!ant_list_is_linked(link)) return;
    link->prev->next = link->next;
    link->next->prev = link->prev;
    ant_list_init(link);
}

// Takes out and returns the oldest link, or NULL when the list is empty.
static inline ant_list *ant_list_pop_front(ant_list *list)
{
    if (ant_list_is_empty(list)) return NULL;
    ant_list *first = list->next;
    ant_list_remove(first);
    return first;
}

// Moves everything from `from` to the back of `to`, in order.
static inline void ant_list_append(ant_list *to, ant_list *from)
{
    if (ant_list_is_empty(from)) return;
    from->next->prev = to->prev;
    to->prev->next = from->next;
    from->prev->next = to;
    to->prev = from->prev;
    ant_list_init(from);
}

#endif
