// SPDX-License-Identifier: MIT
//
// An invitation takes 100 ms. It is called for, and then the party begins. Who
// comes?

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

// async fn party(): calls for the invitation.
struct party {
    ant_future base;
    enum { PARTY_START } state;
    struct send invitation;
};

ANT_ASYNC(party)
{
    switch (self->state) {
    case PARTY_START:
        //@ begin party
        self->invitation = send();
        say("the party begins");
        return ANT_READY;
        //@ end party
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(party)

ANT_MAIN(party)
