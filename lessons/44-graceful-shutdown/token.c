// SPDX-License-Identifier: MIT
//
// Three packers, 100 ms for a parcel, and a signal after 250 ms. The depot
// tells all packers by a token, and waits for them. When is it closed?

#include <antfarm.h>
#include <signal.h>

// async fn packer(name, stop): packs parcel after parcel, 100 ms each.
struct packer {
    ant_future base;
    enum { PACKER_START, PACKER_PACKING } state;
    const char *name;
    ant_cancellation_token stop;
    struct ant_sleep parcel;
};

ANT_ASYNC_WITH_DROP(packer)
{
    switch (self->state) {
        //@ begin packer
    case PACKER_START:
        if (ant_cancellation_token_is_cancelled(&self->stop)) {
            ant_cancellation_token_drop(&self->stop);
            return ANT_READY;
        }
        ant_note("%s begins", self->name);
        self->parcel = ant_sleep(100);
        return ANT_NEXT(PACKER_PACKING);

    case PACKER_PACKING:
        ANT_AWAIT(self->parcel);
        ant_note("%s is done", self->name);
        return ANT_NEXT(PACKER_START);
        //@ end packer
    }
    ANT_UNREACHABLE();
}

static void packer_drop(struct packer *self)
{
    ant_future_drop(&self->parcel.base);
    ant_cancellation_token_drop(&self->stop);
}

// async fn evening(): the system says that it is time.
ANT_ASYNC_FN(evening, struct ant_sleep day)
{
    if (ANT_BEGINS(self->day)) self->day = ant_sleep(250);
    ANT_AWAIT(self->day);
    return ant_signal_raise(SIGTERM) < 0 ? ANT_FAIL(-EINVAL) : ANT_READY;
}

// async fn depot(): opens, waits for the signal, and closes.
struct depot {
    ant_future base;
    enum { DEPOT_START, DEPOT_OPEN, DEPOT_CLOSING } state;
    ant_cancellation_token stop;
    ant_signal term;
    struct ant_signal_recv close;
    ant_task_tracker packers;
    struct ant_task_tracker_wait left;
};

static void hire(struct depot *self, const char *name)
{
    struct packer packer =
        ANT_FUTURE(packer, .name = name,
                   .stop = ant_cancellation_token_clone(&self->stop));
    struct ant_join_handle task;
    task = ant_task_tracker_spawn(&self->packers, packer);
    ant_task_detach(&task);
}

ANT_ASYNC(depot)
{
    struct ant_join_handle task;
    int err;
    switch (self->state) {
    case DEPOT_START:
        err = ant_cancellation_token_new("stop", &self->stop);
        if (err == 0) err = ant_signal_open(SIGTERM, &self->term);
        if (err == 0) err = ant_task_tracker_new("packers", &self->packers);
        if (err < 0) return ANT_FAIL(err);
        hire(self, "anna");
        hire(self, "ben");
        hire(self, "cleo");
        task = ant_spawn_named("evening", evening());
        ant_task_detach(&task);
        self->close = ant_signal_recv(&self->term);
        return ANT_NEXT(DEPOT_OPEN);

        //@ begin close
    case DEPOT_OPEN:
        ANT_AWAIT(self->close);
        ant_cancellation_token_cancel(&self->stop); // 1: tell
        ant_task_tracker_close(&self->packers);
        self->left = ant_task_tracker_wait(&self->packers); // 2: wait
        return ANT_NEXT(DEPOT_CLOSING);

    case DEPOT_CLOSING:
        ANT_AWAIT(self->left);
        ant_task_tracker_drop(&self->packers);
        ant_signal_close(&self->term);
        ant_cancellation_token_drop(&self->stop);
        return ANT_READY;
        //@ end close
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(depot)
ANT_MAIN(depot)
