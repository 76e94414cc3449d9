// SPDX-License-Identifier: MIT
//
// A page shows three users. The fetches take 100, 200 and 300 ms, and wait at
// the same time. How long does the page take, and how often is each polled?

#include <antfarm.h>
#include <stdio.h>

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

// async fn fetch_user(id) -> name: the server takes 100 ms times id.
struct fetch_user {
    ant_future base;
    enum { FETCH_START, FETCH_WAITING } state;
    unsigned id;
    struct ant_sleep answer; // a child lives inside its parent
    char name[16];
};

ANT_ASYNC(fetch_user)
{
    switch (self->state) {
    case FETCH_START:
        self->answer = ant_sleep(100 * self->id);
        return ANT_NEXT(FETCH_WAITING);

    case FETCH_WAITING:
        ANT_AWAIT(self->answer);
        (void)snprintf(self->name, sizeof self->name, "User %u", self->id);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct fetch_user fetch_user(unsigned id)
{
    return (struct fetch_user){ ANT_INIT(fetch_user), .id = id };
}

// async fn page(): a join is ready when all of its children are.
struct page {
    ant_future base;
    enum { PAGE_START, PAGE_FETCHING } state;
    struct fetch_user user1, user2, user3;
    struct ant_join all;
    uint64_t start_ns;
};

ANT_ASYNC(page)
{
    switch (self->state) {
    case PAGE_START:
        self->start_ns = ant_now_ns();
        //@ begin uneven
        self->user1 = fetch_user(1); // 100 ms
        self->user2 = fetch_user(2); // 200 ms
        self->user3 = fetch_user(3); // 300 ms
        self->all =
            ant_join(&self->user1.base, &self->user2.base, &self->user3.base);
        return ANT_NEXT(PAGE_FETCHING);

    case PAGE_FETCHING:
        ANT_AWAIT(self->all);
        //@ end uneven
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
