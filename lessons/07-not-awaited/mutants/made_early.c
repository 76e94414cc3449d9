// SPDX-License-Identifier: MIT
//
// A wrong solution: the advert is made before the invitation is awaited, and
// awaited after it. Making it begins nothing.

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

// async fn party(): believes that the advert is under way.
struct party {
    ant_future base;
    enum { PARTY_START, PARTY_INVITING, PARTY_PRINTING } state;
    struct send invitation;
    struct send advert;
};

ANT_ASYNC(party)
{
    switch (self->state) {
    case PARTY_START:
        self->invitation = send("anna is invited", 100);
        self->advert = send("the advert is printed", 300);
        return ANT_NEXT(PARTY_INVITING);

    case PARTY_INVITING:
        ANT_AWAIT(self->invitation);
        say("the party begins");
        return ANT_NEXT(PARTY_PRINTING);

    case PARTY_PRINTING:
        ANT_AWAIT(self->advert);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(party)

ANT_MAIN(party)
