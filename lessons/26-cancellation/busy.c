// SPDX-License-Identifier: MIT
//
// A film has three scenes, and each is 200 ms of work without an await. After
// 100 ms somebody stops the task, from the other worker. When does it end?

#include <antfarm.h>
#include <stdio.h>

#define SCENES 3

// async fn render_film(): one scene after the other, and a turn for others.
struct render_film {
    ant_future base;
    enum { RENDER_START, RENDER_YIELDING } state;
    unsigned scenes;
    struct ant_yield_now turn;
};

ANT_ASYNC(render_film)
{
    switch (self->state) {
    //@ begin render
    case RENDER_START:
        ant_thread_sleep(200); // stands for a computation
        ant_note("scene %u", ++self->scenes);
        self->turn = ant_yield_now();
        return ANT_NEXT(RENDER_YIELDING);

    case RENDER_YIELDING:
        ANT_AWAIT(self->turn);
        if (self->scenes < SCENES) return ANT_NEXT(RENDER_START);
        return ANT_READY;
        //@ end render
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct render_film render_film(void)
{
    return (struct render_film){ ANT_INIT(render_film) };
}

// async fn app(): lets it work for a while, stops it, and hears of its end.
struct app {
    ant_future base;
    enum { APP_START, APP_RESTING, APP_STOPPING } state;
    struct ant_join_handle film;
    struct ant_sleep rest;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->film = ant_spawn_named("film", render_film());
        self->rest = ant_sleep(100);
        return ANT_NEXT(APP_RESTING);

    case APP_RESTING:
        ANT_AWAIT(self->rest);
        ant_task_abort(&self->film);
        return ANT_NEXT(APP_STOPPING);

    case APP_STOPPING:
        ANT_AWAIT(self->film); // until it is really over
        printf("the film: %s\n", ant_err_text(self->film.base.result));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
