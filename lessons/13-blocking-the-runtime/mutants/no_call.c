// SPDX-License-Identifier: MIT
//
// A wrong solution: the heart beats, and the library was never called.

#include <antfarm.h>
#include <stdio.h>

// async fn heart(): beats five times, and says how long it took to.
struct heart {
    ant_future base;
    enum { HEART_START, HEART_RESTING } state;
    int beats;
    struct ant_sleep rest;
    uint64_t last_ns;
};

ANT_ASYNC(heart)
{
    switch (self->state) {
    case HEART_START:
        self->last_ns = ant_now_ns();
        self->rest = ant_sleep(100);
        return ANT_NEXT(HEART_RESTING);

    case HEART_RESTING:
        ANT_AWAIT(self->rest);
        // In tens: a real clock is always a little late, a virtual one never.
        printf("heart: beat after %u ms\n",
               (unsigned)((ant_now_ns() - self->last_ns) / 10000000 * 10));
        if (++self->beats == 5) return ANT_READY;
        return ANT_NEXT(HEART_START);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct heart heart(void)
{
    return (struct heart){ ANT_INIT(heart) };
}

// async fn report(): asks the library in a way that waits, not blocks.
struct report {
    ant_future base;
    enum { REPORT_START, REPORT_ASKING } state;
    struct ant_sleep answer;
};

ANT_ASYNC(report)
{
    switch (self->state) {
    case REPORT_START:
        puts("report: begins");
        self->answer = ant_sleep(1000); // the worker is free meanwhile
        return ANT_NEXT(REPORT_ASKING);

    case REPORT_ASKING:
        ANT_AWAIT(self->answer);
        puts("report: is done");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct report report(void)
{
    return (struct report){ ANT_INIT(report) };
}

// async fn app(): two tasks, so that each gets its turns by itself.
struct app {
    ant_future base;
    enum { APP_START, APP_YIELDING, APP_JOINING } state;
    struct ant_join_handle heart, report;
    struct ant_yield_now turn;
    struct ant_join both;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->heart = ant_spawn(heart());
        self->turn = ant_yield_now(); // so that the heart begins first
        return ANT_NEXT(APP_YIELDING);

    case APP_YIELDING:
        ANT_AWAIT(self->turn);
        self->report = ant_spawn(report());
        self->both = ant_join(&self->heart.base, &self->report.base);
        return ANT_NEXT(APP_JOINING);

    case APP_JOINING:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
