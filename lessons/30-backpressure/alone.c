// SPDX-License-Identifier: MIT
//
// One task takes six pictures, and then prints them. The channel has four
// places. What happens?

#include <antfarm.h>
#include <stdio.h>

#define PICTURES 6
#define PLACES   4

// async fn studio(): camera and printer at once.
struct studio {
    ant_future base;
    enum { STUDIO_START, STUDIO_SENDING, STUDIO_RECEIVING } state;
    int picture;
    ant_mpsc_tx out;
    ant_mpsc_rx in;
    struct ant_mpsc_send send;
    struct ant_mpsc_recv recv;
};

ANT_ASYNC(studio)
{
    int err;
    switch (self->state) {
    case STUDIO_START:
        err = ant_mpsc_new(sizeof(int), PLACES, &self->out, &self->in);
        if (err < 0) return ANT_FAIL(err);
        ant_mpsc_set_name(&self->in, "pictures");
        self->picture = 1;
        self->send = ant_mpsc_send(&self->out, &self->picture);
        return ANT_NEXT(STUDIO_SENDING);

        //@ begin alone
    case STUDIO_SENDING:
        ANT_AWAIT(self->send);
        if (self->picture < PICTURES) {
            self->picture++;
            self->send = ant_mpsc_send(&self->out, &self->picture);
            return ANT_NEXT(STUDIO_SENDING);
        }
        ant_mpsc_tx_drop(&self->out);
        self->recv = ant_mpsc_recv(&self->in, &self->picture);
        return ANT_NEXT(STUDIO_RECEIVING);
        //@ end alone

    case STUDIO_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result == -EPIPE) {
            ant_mpsc_rx_drop(&self->in);
            return ANT_READY;
        }
        printf("prints picture %d\n", self->picture);
        self->recv = ant_mpsc_recv(&self->in, &self->picture);
        return ANT_NEXT(STUDIO_RECEIVING);
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct studio studio(void)
{
    return (struct studio){ ANT_INIT(studio) };
}

ANT_MAIN(studio)
