// SPDX-License-Identifier: MIT
//
// A camera takes twenty pictures, much faster than a printer can print them.
// The channel between them has no bound. Is this faster?

#include <antfarm.h>
#include <stdio.h>

#define PICTURES 20

// async fn camera(out): takes pictures as fast as it can.
struct camera {
    ant_future base;
    ant_mpsc_tx out;
};

ANT_ASYNC_OWNING(camera)
{
    //@ begin camera
    for (int picture = 1; picture <= PICTURES; picture++) {
        int err = ant_mpsc_unbounded_send(&self->out, &picture);
        if (err < 0) return ANT_FAIL(err);
    }
    ant_mpsc_tx_drop(&self->out);
    return ANT_READY;
    //@ end camera
}

static void camera_drop(struct camera *self)
{
    ant_mpsc_tx_drop(&self->out);
}

ANT_MUST_USE static struct camera camera(ant_mpsc_tx out)
{
    return (struct camera){ ANT_INIT(camera), .out = out };
}

// async fn printer(): prints what comes, 10 ms each.
struct printer {
    ant_future base;
    enum { PRINTER_START, PRINTER_RECEIVING, PRINTER_PRINTING } state;
    int picture;
    int printed;
    ant_mpsc_rx in;
    struct ant_mpsc_recv recv;
    struct ant_sleep print;
};

ANT_ASYNC(printer)
{
    struct ant_join_handle task;
    ant_mpsc_tx tx;
    int err;
    switch (self->state) {
    case PRINTER_START:
        err = ant_mpsc_unbounded_new(sizeof(int), &tx, &self->in);
        if (err < 0) return ANT_FAIL(err);
        ant_mpsc_set_name(&self->in, "pictures");
        task = ant_spawn_named("camera", camera(tx));
        ant_task_detach(&task);
        self->recv = ant_mpsc_recv(&self->in, &self->picture);
        return ANT_NEXT(PRINTER_RECEIVING);

    case PRINTER_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result == -EPIPE) { // no camera, no pictures
            printf("%d pictures printed\n", self->printed);
            ant_mpsc_rx_drop(&self->in);
            return ANT_READY;
        }
        self->print = ant_sleep(10);
        return ANT_NEXT(PRINTER_PRINTING);

    case PRINTER_PRINTING:
        ANT_AWAIT(self->print);
        self->printed++;
        self->recv = ant_mpsc_recv(&self->in, &self->picture);
        return ANT_NEXT(PRINTER_RECEIVING);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct printer printer(void)
{
    return (struct printer){ ANT_INIT(printer) };
}

ANT_MAIN(printer)
