// SPDX-License-Identifier: MIT

#include "combine/children.h"

#include <stdio.h>

#include "trace/trace.h"

static const char *argument(const char *text, unsigned nth, int *ret_len);

ant_children ant__children_listed(const char *text, ant_future *const *list,
                                  size_t count)
{
    ANT_ASSERT(count <= ANT_CHILDREN_LISTED_MAX);
    ant_children children = {
        .text = text,
        .count = (unsigned)count,
    };
    for (size_t i = 0; i < count; i++) {
        children.listed[i] = list[i];
    }
    return children;
}

ant_children ant__children_array(const char *text, ant_future *const *array,
                                 size_t count)
{
    ANT_ASSERT(array != NULL || count == 0);
    ANT_ASSERT(count <= INT32_MAX);
    return (ant_children){
        .text = text,
        .array = array,
        .count = (unsigned)count,
    };
}

ant_poll ant__children_poll(const ant_children *children, unsigned i,
                            ant_cx *cx)
{
    ant_future *child = ant__children_at(children, i);
    const bool is_new = child->id == 0 && ant_trace_is_on(ANT_LEVEL_FULL);
    if (!is_new) return ant_future_poll(child, cx);

    char name[ANT_CHILD_NAME_MAX];
    ant__children_name(children, i, name);
    return ant__future_poll_as(child, name, 0, cx);
}

void ant__children_drop(const ant_children *children)
{
    for (unsigned i = 0; i < children->count; i++) {
        ant_future *child = ant__children_alive_at(children, i);
        if (child != NULL) ant_future_drop(child);
    }
}

ant_future *ant__children_nth(const ant_children *children, unsigned n)
{
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
    int len;
    const char *text = argument(children->text, i, &len);
    (void)snprintf(ret_name, ANT_CHILD_NAME_MAX, "%.*s", len, text);
}

// The nth argument in the text of a list: between commas that stand outside of
// all brackets, without the space around it.
static const char *argument(const char *text, unsigned nth, int *ret_len)
{
    const char *begin = text;
    int depth = 0;
    for (; *text != '\0'; text++) {
        if (*text == '(' || *text == '[' || *text == '{') depth++;
        if (*text == ')' || *text == ']' || *text == '}') depth--;
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
