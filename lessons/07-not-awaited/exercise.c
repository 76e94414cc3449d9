// SPDX-License-Identifier: MIT
//
// Anna should be invited before the party begins. An advert in the newspaper
// takes longer, and nobody waits for it before the party is over.

#include <antfarm.h>
#include <stdio.h>

// Prints a line, and writes it into the recording too.
static void say(const char *text)
{
    puts(text);
    ant_note("%s", text);
}

// async fn send(what, ms): takes so long, and says that it is done.
struct send {
    ant_future base;
    enum { SEND_START, SEND_WALKING } state;
    const char *what;
    uint64_t ms;
    struct ant_sleep way;
};

ANT_ASYNC(send)
{
    switch (self->state) {
    case SEND_START:
        self->way = ant_sleep(self->ms);
        return ANT_NEXT(SEND_WALKING);

    case SEND_WALKING:
        ANT_AWAIT(self->way);
        say(self->what);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct send send(const char *what, uint64_t ms)
{
    return (struct send){ ANT_INIT(send), .what = what, .ms = ms };
}

// async fn party(): calls for both.
struct party {
    ant_future base;
    enum { PARTY_START } state;
    struct send invitation;
    struct send advert;
};

ANT_ASYNC(party)
{
    switch (self->state) {
    case PARTY_START:
        self->invitation = send("anna is invited", 100);
        self->advert = send("the advert is printed", 300); //@ todo both
        say("the party begins");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(party)

ANT_MAIN(party)
