// SPDX-License-Identifier: MIT
//
// A request goes to a primary server and to a backup at the same time, and is
// given up after five seconds. The first that is ready wins; what happens to
// the other two?

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
        printf("%s was asked\n", self->server);
        self->answer = ant_sleep(self->ms);
        return ANT_NEXT(FETCH_WAITING);

    case FETCH_WAITING:
        ANT_AWAIT(self->answer);
        printf("%s answered\n", self->server);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct fetch fetch(const char *server, uint64_t ms)
{
    return (struct fetch){ ANT_INIT(fetch), .server = server, .ms = ms };
}

// async fn request(): the branches in the order of the select.
enum { PRIMARY, BACKUP, TIMEOUT };

struct request {
    ant_future base;
    enum { REQUEST_START, REQUEST_RACING } state;
    struct fetch primary, backup;
    struct ant_sleep timeout;
    struct ant_select first;
    uint64_t start_ns;
};

ANT_ASYNC(request)
{
    static const char *const name[] = {
        [PRIMARY] = "primary", [BACKUP] = "backup", [TIMEOUT] = "timeout"
    };
    switch (self->state) {
    case REQUEST_START:
        self->start_ns = ant_now_ns();
        //@ begin race
        self->primary = fetch("primary", 300);
        self->backup = fetch("backup", 120);
        self->timeout = ant_sleep(5000);
        self->first = ant_select_biased(&self->primary.base, &self->backup.base,
                                        &self->timeout.base);
        return ANT_NEXT(REQUEST_RACING);

    case REQUEST_RACING:
        ANT_AWAIT(self->first); // and the losers are gone
        //@ end race
        printf("%s won after %u ms\n", name[self->first.winner],
               ms_since(self->start_ns));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct request request(void)
{
    return (struct request){ ANT_INIT(request) };
}

ANT_MAIN(request)
