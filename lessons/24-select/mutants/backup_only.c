// SPDX-License-Identifier: MIT
//
// A wrong solution: the primary is not asked any more.

#include <antfarm.h>
#include <stdio.h>

// In tens: a real clock is always a little late, a virtual one never.
static unsigned ms_since(uint64_t start_ns)
{
    return (unsigned)((ant_now_ns() - start_ns) / 10000000 * 10);
}

// async fn fetch(server, ms): the server answers after so many milliseconds.
struct fetch {
    ant_future base;
    enum { FETCH_START, FETCH_WAITING } state;
    const char *server;
    uint64_t ms;
    struct ant_sleep answer;
};

ANT_ASYNC(fetch)
{
    switch (self->state) {
    case FETCH_START:
        self->answer = ant_sleep(self->ms);
        return ANT_NEXT(FETCH_WAITING);

    case FETCH_WAITING:
        ANT_AWAIT(self->answer);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct fetch fetch(const char *server, uint64_t ms)
{
    return (struct fetch){ ANT_INIT(fetch), .server = server, .ms = ms };
}

// async fn request(): shows the page that came first.
struct request {
    ant_future base;
    enum { REQUEST_START, REQUEST_WAITING } state;
    struct fetch backup;
    uint64_t start_ns;
};

ANT_ASYNC(request)
{
    switch (self->state) {
    case REQUEST_START:
        self->start_ns = ant_now_ns();
        self->backup = fetch("backup", 120);
        return ANT_NEXT(REQUEST_WAITING);

    case REQUEST_WAITING:
        ANT_AWAIT(self->backup);
        printf("a page after %u ms\n", ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct request request(void)
{
    return (struct request){ ANT_INIT(request) };
}

ANT_MAIN(request)
