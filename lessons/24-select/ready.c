// SPDX-License-Identifier: MIT
//
// Two servers have their answers ready at once. Which branch of the select
// wins, and is the other one even asked? Try some seeds.

#include <antfarm.h>
#include <stdio.h>

// async fn ask(server): the answer is there already.
struct ask {
    ant_future base;
    enum { ASK_START } state;
    const char *server;
};

ANT_ASYNC(ask)
{
    switch (self->state) {
    case ASK_START:
        printf("%s was asked, ", self->server);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct ask ask(const char *server)
{
    return (struct ask){ ANT_INIT(ask), .server = server };
}

// async fn rounds(): eight races, one after the other.
struct rounds {
    ant_future base;
    enum { ROUNDS_START, ROUNDS_RACING } state;
    struct ask left, right;
    struct ant_select first;
    int count;
};

ANT_ASYNC(rounds)
{
    switch (self->state) {
    case ROUNDS_START:
        //@ begin ready
        self->left = ask("left");
        self->right = ask("right");
        self->first = ant_select(&self->left.base, &self->right.base);
        return ANT_NEXT(ROUNDS_RACING);

    case ROUNDS_RACING:
        ANT_AWAIT(self->first);
        //@ end ready
        printf("%s won\n", self->first.winner == 0 ? "left" : "right");
        return ++self->count < 8 ? ANT_NEXT(ROUNDS_START) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct rounds rounds(void)
{
    return (struct rounds){ ANT_INIT(rounds) };
}

ANT_MAIN(rounds)
