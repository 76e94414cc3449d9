// SPDX-License-Identifier: MIT
//
// The invitation becomes a task of its own. When does the party begin?

#include <antfarm.h>
#include <stdio.h>

// Prints a line, and writes it into the recording too.
static void say(const char *text)
{
    puts(text);
    ant_note("%s", text);
}

// async fn send(): a card with the invitation, which takes 100 ms.
struct send {
    ant_future base;
    enum { SEND_START, SEND_WALKING } state;
    struct ant_sleep way;
};

ANT_ASYNC(send)
{
    switch (self->state) {
    case SEND_START:
        self->way = ant_sleep(100);
        return ANT_NEXT(SEND_WALKING);

    case SEND_WALKING:
        ANT_AWAIT(self->way);
        say("anna is invited");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(send)

// async fn party(): begins, and lets somebody else invite.
struct party {
    ant_future base;
    enum { PARTY_START, PARTY_WAITING } state;
    struct ant_join_handle invitation;
};

ANT_ASYNC(party)
{
    switch (self->state) {
    case PARTY_START:
        //@ begin party
        self->invitation = ant_spawn(send());
        say("the party begins");
        return ANT_NEXT(PARTY_WAITING);

    case PARTY_WAITING:
        ANT_AWAIT(self->invitation); // nobody goes home before
        return ANT_READY;
        //@ end party
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(party)

ANT_MAIN(party)
