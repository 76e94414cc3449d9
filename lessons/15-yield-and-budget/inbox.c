// SPDX-License-Identifier: MIT
//
// Two hundred letters lie in the inbox, and a clerk takes one after the other.
// Each is there already, so no await has to wait. A visitor stands at the desk.
// When is it his turn?

#include <antfarm.h>
#include <stdio.h>

#define LETTERS 200

// async fn sort_letters(inbox): until there is none.
struct sort_letters {
    ant_future base;
    enum { SORT_START, SORT_RECEIVING } state;
    ant_mpsc_rx inbox;
    int letter;
    struct ant_mpsc_recv recv;
};

ANT_ASYNC_WITH_DROP(sort_letters)
{
    switch (self->state) {
    //@ begin sort
    case SORT_START:
        self->recv = ant_mpsc_recv(&self->inbox, &self->letter);
        return ANT_NEXT(SORT_RECEIVING);

    case SORT_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result == 0) return ANT_NEXT(SORT_START);
        //@ end sort
        ant_mpsc_rx_drop(&self->inbox);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void sort_letters_drop(struct sort_letters *self)
{
    ant_future_drop(&self->recv.base);
    ant_mpsc_rx_drop(&self->inbox);
}

// async fn visit(number): a single turn is enough.
ANT_ASYNC_FN(visit, unsigned number)
{
    printf("number %u, please\n", self->number);
    return ANT_READY;
}

// async fn office(): fills the inbox, then opens.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_OPEN } state;
    ant_mpsc_tx tx;
    ant_mpsc_rx inbox;
    struct ant_join_handle clerk, visitor;
    struct ant_join both;
};

ANT_ASYNC(office)
{
    int err;
    struct sort_letters next;
    switch (self->state) {
    case OFFICE_START:
        err = ant_mpsc_new(sizeof(int), LETTERS, &self->tx, &self->inbox);
        for (int i = 0; err == 0 && i < LETTERS; i++)
            err = ant_mpsc_try_send(&self->tx, &i); // there is a place for it
        ant_mpsc_tx_drop(&self->tx);                // no more letters come
        if (err < 0) return ANT_FAIL(err);
        next = ANT_FUTURE(sort_letters, .inbox = self->inbox);
        self->clerk = ant_spawn_named("clerk", next);
        self->visitor =
            ant_spawn_named("visitor", ANT_FUTURE(visit, .number = 17));
        self->both = ant_join(&self->clerk.base, &self->visitor.base);
        return ANT_NEXT(OFFICE_OPEN);

    case OFFICE_OPEN:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(office)
ANT_MAIN(office)
