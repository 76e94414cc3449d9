// SPDX-License-Identifier: MIT
//
// A wrong solution: the tasks are stopped when both downloads are done, so the
// first one tells of a download that is over.

#include <antfarm.h>

// async fn progress(): tells every 100 ms that it goes on, for ever.
struct progress {
    ant_future base;
    enum { PROGRESS_START, PROGRESS_RESTING } state;
    struct ant_sleep rest;
};

ANT_ASYNC(progress)
{
    switch (self->state) {
    case PROGRESS_START:
        self->rest = ant_sleep(100);
        return ANT_NEXT(PROGRESS_RESTING);

    case PROGRESS_RESTING:
        ANT_AWAIT(self->rest);
        ant_note("progress");
        return ANT_NEXT(PROGRESS_START);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct progress progress(void)
{
    return (struct progress){ ANT_INIT(progress) };
}

static struct ant_join_handle bars[2];
static unsigned bar_count;

static void stop_bars(void)
{
    for (unsigned i = 0; i < bar_count; i++) {
        ant_task_abort(&bars[i]);
        ant_task_detach(&bars[i]);
    }
}

// async fn download(ms): with a task beside it that tells of its progress.
struct download {
    ant_future base;
    enum { DOWNLOAD_START, DOWNLOAD_WAITING } state;
    unsigned ms;
    struct ant_sleep server;
};

ANT_ASYNC(download)
{
    switch (self->state) {
    case DOWNLOAD_START:
        bars[bar_count++] = ant_spawn(progress());
        self->server = ant_sleep(self->ms);
        return ANT_NEXT(DOWNLOAD_WAITING);

    case DOWNLOAD_WAITING:
        ANT_AWAIT(self->server);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct download download(unsigned ms)
{
    return (struct download){ ANT_INIT(download), .ms = ms };
}

// async fn app(): a short download, then a long one, then something else.
struct app {
    ant_future base;
    enum { APP_START, APP_SHORT, APP_LONG, APP_WORKING } state;
    struct download download;
    struct ant_sleep work;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->download = download(350);
        return ANT_NEXT(APP_SHORT);

    case APP_SHORT:
        ANT_AWAIT(self->download);
        self->download = download(750);
        return ANT_NEXT(APP_LONG);

    case APP_LONG:
        ANT_AWAIT(self->download);
        stop_bars();
        self->work = ant_sleep(500);
        return ANT_NEXT(APP_WORKING);

    case APP_WORKING:
        ANT_AWAIT(self->work);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
