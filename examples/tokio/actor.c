// SPDX-License-Identifier: MIT
//
// An actor: one task owns the state, and all others ask it by messages. A
// message that wants an answer brings the oneshot for it. So nothing is locked,
// and what happens to the state is in one place. No framework is needed.

#include <antfarm.h>
#include <stdio.h>

typedef struct actor_message {
    enum { ACTOR_INCREMENT, ACTOR_DECREMENT, ACTOR_GET_VALUE } kind;
    ant_oneshot_tx respond; // to ACTOR_GET_VALUE
} actor_message;

struct actor {
    ant_future base;
    enum { ACTOR_IDLE, ACTOR_RECEIVING } state;
    int value;
    actor_message message;
    ant_mpsc_rx mailbox;
    struct ant_mpsc_recv recv;
};

static void handle(struct actor *self)
{
    switch (self->message.kind) {
    case ACTOR_INCREMENT:
        self->value++;
        break;
    case ACTOR_DECREMENT:
        self->value--;
        break;
    case ACTOR_GET_VALUE:
        // Whoever asked may be gone: then nobody needs the answer.
        if (ant_oneshot_send(&self->message.respond, &self->value) < 0)
            ant_oneshot_tx_drop(&self->message.respond);
        break;
    }
}

ANT_ASYNC_WITH_DROP(actor)
{
    switch (self->state) {
    case ACTOR_IDLE:
        self->recv = ant_mpsc_recv(&self->mailbox, &self->message);
        return ANT_NEXT(ACTOR_RECEIVING);
    case ACTOR_RECEIVING:
        ANT_AWAIT(self->recv);
        if (self->recv.base.result < 0) { // nobody can ask any more
            ant_mpsc_rx_drop(&self->mailbox);
            return ANT_READY;
        }
        handle(self);
        return ANT_NEXT(ACTOR_IDLE);
    }
    ANT_UNREACHABLE();
}

static void actor_drop(struct actor *self)
{
    ant_future_drop(&self->recv.base);
    ant_mpsc_rx_drop(&self->mailbox);
}

// What nobody will read any more must still be given back.
static void discard(void *value)
{
    actor_message *message = value;
    ant_oneshot_tx_drop(&message->respond);
}

static struct actor actor(ant_mpsc_rx mailbox)
{
    ant_mpsc_set_discard(&mailbox, discard);
    return (struct actor){ ANT_INIT(actor), .mailbox = mailbox };
}

// Asks twice for more, once for less, and then for the value.
struct use_actor {
    ant_future base;
    enum { USE_START, USE_SENDING, USE_WAITING, USE_JOINING } state;
    int sent;
    int value;
    actor_message message;
    ant_mpsc_tx tx;
    ant_oneshot_rx answer;
    struct ant_join_handle actor;
    struct ant_mpsc_send send;
    struct ant_oneshot_recv recv;
};

static int next_message(struct use_actor *self)
{
    static const actor_message messages[] = {
        { .kind = ACTOR_INCREMENT },
        { .kind = ACTOR_INCREMENT },
        { .kind = ACTOR_DECREMENT },
        { .kind = ACTOR_GET_VALUE },
    };
    self->message = messages[self->sent++];
    if (self->message.kind != ACTOR_GET_VALUE) return 0;
    return ant_oneshot_new(sizeof(int), &self->message.respond, &self->answer);
}

ANT_ASYNC(use_actor)
{
    ant_mpsc_rx mailbox;
    int err;
    switch (self->state) {
    case USE_START:
        err = ant_mpsc_new(sizeof(actor_message), 32, &self->tx, &mailbox);
        if (err < 0) return ANT_FAIL(err);
        self->actor = ant_spawn(actor(mailbox));
        err = next_message(self);
        if (err < 0) return ANT_FAIL(err);
        self->send = ant_mpsc_send(&self->tx, &self->message);
        return ANT_NEXT(USE_SENDING);

    case USE_SENDING:
        ANT_AWAIT(self->send);
        if (self->message.kind == ACTOR_GET_VALUE) {
            self->recv = ant_oneshot_recv(&self->answer, &self->value);
            return ANT_NEXT(USE_WAITING);
        }
        err = next_message(self);
        if (err < 0) return ANT_FAIL(err);
        self->send = ant_mpsc_send(&self->tx, &self->message);
        return ANT_NEXT(USE_SENDING);

    case USE_WAITING:
        ANT_AWAIT(self->recv);
        printf("Value: %d\n", self->value);
        ant_oneshot_rx_drop(&self->answer);
        ant_mpsc_tx_drop(&self->tx); // so the actor ends
        return ANT_NEXT(USE_JOINING);

    case USE_JOINING:
        ANT_AWAIT(self->actor);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct use_actor use_actor(void)
{
    return (struct use_actor){ ANT_INIT(use_actor) };
}

ANT_MAIN(use_actor)
