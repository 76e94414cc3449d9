// SPDX-License-Identifier: MIT
//
// A camera takes twenty pictures, much faster than a printer can print them.
// The channel between them has four places. Where do the others wait?

#include <antfarm.h>
#include <stdio.h>

#define PICTURES 20
#define PLACES   4

// async fn camera(out): takes pictures as fast as it can.
struct camera {
    ant_future base;
    enum { CAMERA_START, CAMERA_SENDING } state;
    int picture;
    ant_mpsc_tx out;
    struct ant_mpsc_send send;
};

ANT_ASYNC_OWNING(camera)
{
    switch (self->state) {
    case CAMERA_START:
        self->picture = 1;
        self->send = ant_mpsc_send(&self->out, &self->picture);
        return ANT_NEXT(CAMERA_SENDING);

        //@ begin camera
    case CAMERA_SENDING:
        ANT_AWAIT(self->send); // until there is a place
        if (self->picture == PICTURES) {
            ant_mpsc_tx_drop(&self->out);
            return ANT_READY;
        }
        self->picture++;
        self->send = ant_mpsc_send(&self->out, &self->picture);
        return ANT_NEXT(CAMERA_SENDING);
        //@ end camera
    }
    ANT_UNREACHABLE();
}

static void camera_drop(struct camera *self)
{
    ant_future_drop(&self->send.base);
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
        err = ant_mpsc_new(sizeof(int), PLACES, &tx, &self->in);
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
