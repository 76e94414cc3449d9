// SPDX-License-Identifier: MIT
//
// A wrong solution: it asks again and again, where it could be woken.

#include <antfarm.h>
#include <stdio.h>

#define PICTURES 40
#define PLACES   8

// async fn camera(out): looks every millisecond whether there is a place.
struct camera {
    ant_future base;
    enum { CAMERA_START, CAMERA_RESTING } state;
    int picture;
    ant_mpsc_tx out;
    struct ant_sleep rest;
};

ANT_ASYNC_OWNING(camera)
{
    switch (self->state) {
    case CAMERA_START:
        self->rest = ant_sleep(1);
        return ANT_NEXT(CAMERA_RESTING);

    case CAMERA_RESTING:
        ANT_AWAIT(self->rest);
        while (self->picture < PICTURES &&
               ant_mpsc_try_send(&self->out, &self->picture) == 0)
            self->picture++;
        if (self->picture < PICTURES) return ANT_NEXT(CAMERA_START);
        ant_mpsc_tx_drop(&self->out);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void camera_drop(struct camera *self)
{
    ant_future_drop(&self->rest.base);
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
            ant_note("%d pictures printed", self->printed);
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
