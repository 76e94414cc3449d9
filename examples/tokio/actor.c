// SPDX-License-Identifier: MIT
//
// An actor: one task owns the state, and all others ask it by messages. A
// message that wants an answer brings the oneshot for it. So nothing is locked,
// and what happens to the state is in one place. No framework is needed.

#include <antfarm.h>
#include <stdio.h>

typedef struct message {
    enum { INCREMENT, DECREMENT, GET_VALUE } kind;
    ant_oneshot_tx respond; // to GET_VALUE
} message;

// What nobody will read any more, or answer, must still be given back.
static void discard(void *value)
{
    message *unread = value;
    ant_oneshot_tx_drop(&unread->respond);
}

struct actor {
    ant_future base;
    int value;
    message message;
    ant_mpsc_rx mailbox;
    struct ant_mpsc_recv recv;
};

ANT_ASYNC_OWNING(actor)
{
    if (ANT_BEGINS(self->recv))
        self->recv = ant_mpsc_recv(&self->mailbox, &self->message);
    ANT_AWAIT(self->recv);
    if (self->recv.base.result < 0) { // nobody can ask any more
        ant_mpsc_rx_drop(&self->mailbox);
        return ANT_READY;
    }
    if (self->message.kind == INCREMENT) self->value++;
    if (self->message.kind == DECREMENT) self->value--;
    if (self->message.kind == GET_VALUE &&
        ant_oneshot_send(&self->message.respond, &self->value) < 0)
        discard(&self->message); // whoever asked is gone
    return ANT_AGAIN;
}

static void actor_drop(struct actor *self)
{
    ant_future_drop(&self->recv.base);
    ant_mpsc_rx_drop(&self->mailbox);
}

// Asks twice for more, once for less, and then for the value.
struct app {
    ant_future base;
    enum { APP_START, APP_SENDING, APP_WAITING, APP_JOINING } state;
    int sent, value;
    message messages[4];
    ant_mpsc_tx tx;
    ant_oneshot_rx answer;
    struct ant_join_handle actor;
    struct ant_mpsc_send send;
    struct ant_oneshot_recv recv;
};

static int open_channels(struct app *self)
{
    ant_mpsc_rx mailbox;
    int err = ant_mpsc_new(sizeof(message), 32, &self->tx, &mailbox);
    if (err < 0) return err;
    ant_mpsc_set_discard(&mailbox, discard);
    self->actor = ant_spawn(ANT_FUTURE(actor, .mailbox = mailbox));
    self->messages[2].kind = DECREMENT;
    self->messages[3].kind = GET_VALUE;
    return ant_oneshot_new(sizeof(int), &self->messages[3].respond,
                           &self->answer);
}

ANT_ASYNC(app)
{
    int err;
    switch (self->state) {
    case APP_START:
        err = open_channels(self);
        if (err < 0) return ANT_FAIL(err);
        self->send = ant_mpsc_send(&self->tx, &self->messages[0]);
        return ANT_NEXT(APP_SENDING);
    case APP_SENDING:
        ANT_AWAIT(self->send);
        if (++self->sent < 4) {
            self->send = ant_mpsc_send(&self->tx, &self->messages[self->sent]);
            return ANT_NEXT(APP_SENDING);
        }
        ant_mpsc_tx_drop(&self->tx); // so the actor ends when it has answered
        self->recv = ant_oneshot_recv(&self->answer, &self->value);
        return ANT_NEXT(APP_WAITING);
    case APP_WAITING:
        ANT_AWAIT(self->recv);
        printf("Value: %d\n", self->value);
        ant_oneshot_rx_drop(&self->answer);
        return ANT_NEXT(APP_JOINING);
    case APP_JOINING:
        ANT_AWAIT(self->actor);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
