// SPDX-License-Identifier: MIT

#include "combine/crowd.h"

#include <stddef.h>

#include "base/mem.h"

#define WORD_BITS 64u

// A child, as something that can be woken.
typedef struct member {
    ant_wakeable wakeable; // first: a waker points here
    ant_woken_link link;
    unsigned place;
} member;

struct ant_crowd {
    ant_woken woken; // first: its count is that of the whole block
    // fixed
    unsigned count;
    // the task's only
    uint64_t *marks; // a bit for each place, behind the members
    // wakeable and place are fixed, the link is any thread's
    member members[];
};

static void member_on_clone(ant_wakeable *wakeable);
static void member_on_wake(ant_wakeable *wakeable, ant_why why);
static void member_on_drop(ant_wakeable *wakeable);

ant_crowd *ant__crowd_new(unsigned count)
{
    static const ant_waker_ops ops = { member_on_clone, member_on_wake,
                                       member_on_drop, NULL };
    const size_t words = (count + WORD_BITS - 1) / WORD_BITS;
    const size_t members_bytes = count * sizeof(member);
    ant_crowd *crowd =
        ant_mem_alloc(sizeof *crowd + members_bytes + words * sizeof(uint64_t));
    if (crowd == NULL) return NULL;

    ant__woken_init(&crowd->woken);
    crowd->count = count;
    crowd->marks = (uint64_t *)(void *)&crowd->members[count];
    for (unsigned i = 0; i < count; i++) {
        crowd->members[i].wakeable.ops = &ops;
        crowd->members[i].place = i;
        crowd->marks[i / WORD_BITS] |= UINT64_C(1) << (i % WORD_BITS);
    }
    return crowd;
}

void ant__crowd_collect(ant_crowd *crowd)
{
    ant_woken_row row = { 0 };
    ant__woken_take(&crowd->woken, &row);
    ant_woken_link *link;
    while ((link = ant__woken_pop(&row)) != NULL) {
        const unsigned place = ANT_CONTAINER_OF(link, member, link)->place;
        crowd->marks[place / WORD_BITS] |= UINT64_C(1) << (place % WORD_BITS);
    }
}

unsigned ant__crowd_next(ant_crowd *crowd, unsigned from, unsigned end)
{
    ANT_ASSERT(end <= crowd->count);
    while (from < end) {
        uint64_t *word = &crowd->marks[from / WORD_BITS];
        const uint64_t rest = *word >> (from % WORD_BITS);
        if (rest == 0) {
            from += WORD_BITS - from % WORD_BITS;
            continue;
        }
        from += (unsigned)__builtin_ctzll(rest);
        if (from >= end) break;
        *word &= ~(UINT64_C(1) << (from % WORD_BITS));
        return from;
    }
    return end;
}

ant_waker ant__crowd_waker(ant_crowd *crowd, unsigned place)
{
    ant__woken_reset(&crowd->members[place].link);
    return (ant_waker){ &crowd->members[place].wakeable };
}

void ant__crowd_wait(ant_crowd *crowd, ant_cx *cx)
{
    ant__woken_wait_else_wake(&crowd->woken, cx);
}

void ant__crowd_end(ant_crowd *crowd)
{
    if (crowd == NULL) return;
    ant_woken_row row = { 0 };
    ant__woken_close(&crowd->woken, &row);
    ant__woken_unref(&crowd->woken);
}

// ---- A member as something that can be woken ----

static ant_woken *woken_of(const member *self)
{
    const member *first = self - self->place;
    const char *crowd =
        (const char *)(const void *)first - offsetof(ant_crowd, members);
    return (ant_woken *)(uintptr_t)crowd;
}

static void member_on_clone(ant_wakeable *wakeable)
{
    ant__woken_ref(woken_of(ANT_CONTAINER_OF(wakeable, member, wakeable)));
}

static void member_on_wake(ant_wakeable *wakeable, ant_why why)
{
    member *self = ANT_CONTAINER_OF(wakeable, member, wakeable);
    // When all is closed, nobody asks any more.
    (void)ant__woken_add(woken_of(self), &self->link, why);
}

static void member_on_drop(ant_wakeable *wakeable)
{
    ant__woken_unref(woken_of(ANT_CONTAINER_OF(wakeable, member, wakeable)));
}
