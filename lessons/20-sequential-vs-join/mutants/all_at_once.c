// SPDX-License-Identifier: MIT
//
// A wrong solution: the third fetch does not wait for the names it needs.

#include <antfarm.h>
#include <stdio.h>

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

// async fn fetch_user(id) -> name: the server answers after 100 ms.
struct fetch_user {
    ant_future base;
    enum { FETCH_START, FETCH_WAITING } state;
    int id;
    struct ant_sleep answer; // a child lives inside its parent
    char name[16];
};

ANT_ASYNC(fetch_user)
{
    switch (self->state) {
    case FETCH_START:
        self->answer = ant_sleep(100);
        return ANT_NEXT(FETCH_WAITING);

    case FETCH_WAITING:
        ANT_AWAIT(self->answer);
        (void)snprintf(self->name, sizeof self->name, "User %d", self->id);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct fetch_user fetch_user(int id)
{
    return (struct fetch_user){ ANT_INIT(fetch_user), .id = id };
}

// async fn page(): what it has to wait for, and in which order.
struct page {
    ant_future base;
    enum { PAGE_START, PAGE_BOTH } state;
    struct fetch_user user1, user2, user3;
    struct ant_join both;
    uint64_t start_ns;
};

ANT_ASYNC(page)
{
    switch (self->state) {
    case PAGE_START:
        self->start_ns = ant_now_ns();
        self->user1 = fetch_user(1);
        self->user2 = fetch_user(2);
        self->user3 = fetch_user(3);
        self->both =
            ant_join(&self->user1.base, &self->user2.base, &self->user3.base);
        return ANT_NEXT(PAGE_BOTH);

    case PAGE_BOTH:
        ANT_AWAIT(self->both);
        printf("%s, %s, %s after %u ms\n", self->user1.name, self->user2.name,
               self->user3.name, ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct page page(void)
{
    return (struct page){ ANT_INIT(page) };
}

ANT_MAIN(page)
