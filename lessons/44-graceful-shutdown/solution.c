// SPDX-License-Identifier: MIT
//
// Cleo's parcel takes ten seconds. The depot tells all packers, waits for 500
// ms, and aborts whoever is left.

#include <antfarm.h>
#include <signal.h>

// async fn packer(name, ms, stop): packs parcel after parcel.
struct packer {
    ant_future base;
    enum { PACKER_START, PACKER_PACKING } state;
    const char *name;
    unsigned ms; // for a parcel
    ant_cancellation_token stop;
    struct ant_sleep parcel;
};

ANT_ASYNC_WITH_DROP(packer)
{
    switch (self->state) {
    case PACKER_START:
        if (ant_cancellation_token_is_cancelled(&self->stop)) {
            ant_cancellation_token_drop(&self->stop);
            return ANT_READY;
        }
        ant_note("%s begins", self->name);
        self->parcel = ant_sleep(self->ms);
        return ANT_NEXT(PACKER_PACKING);

    case PACKER_PACKING:
        ANT_AWAIT(self->parcel);
        ant_note("%s is done", self->name);
        return ANT_NEXT(PACKER_START);
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

// async fn depot(): waits for the signal, and closes.
struct depot {
    ant_future base;
    enum { DEPOT_START, DEPOT_OPEN, DEPOT_CLOSING, DEPOT_ABORTING } state;
    ant_cancellation_token stop;
    ant_signal term;
    struct ant_signal_recv close;
    struct ant_join_handle packer[3];
    int packer_count;
    ant_task_tracker packers;
    struct ant_task_tracker_wait left;
    struct ant_timeout limit;
};

static void hire(struct depot *self, const char *name, unsigned ms)
{
    struct ant_join_handle *task = &self->packer[self->packer_count++];
    struct packer packer =
        ANT_FUTURE(packer, .name = name, .ms = ms,
                   .stop = ant_cancellation_token_clone(&self->stop));
    *task = ant_task_tracker_spawn(&self->packers, packer);
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
        hire(self, "anna", 100);
        hire(self, "ben", 100);
        hire(self, "cleo", 10000);
        task = ant_spawn_named("evening", evening());
        ant_task_detach(&task);
        self->close = ant_signal_recv(&self->term);
        return ANT_NEXT(DEPOT_OPEN);

    case DEPOT_OPEN:
        ANT_AWAIT(self->close);
        ant_cancellation_token_cancel(&self->stop);
        ant_task_tracker_close(&self->packers);
        self->left = ant_task_tracker_wait(&self->packers);
        self->limit = ant_timeout(500, &self->left.base);
        return ANT_NEXT(DEPOT_CLOSING);

    case DEPOT_CLOSING:
        ANT_AWAIT(self->limit);
        for (int i = 0; i < self->packer_count; i++) {
            ant_task_abort(&self->packer[i]); // who is over stays over
            ant_future_drop(&self->packer[i].base);
        }
        self->left = ant_task_tracker_wait(&self->packers);
        return ANT_NEXT(DEPOT_ABORTING);

    case DEPOT_ABORTING:
        ANT_AWAIT(self->left);
        ant_task_tracker_drop(&self->packers);
        ant_signal_close(&self->term);
        ant_cancellation_token_drop(&self->stop);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(depot)
ANT_MAIN(depot)
