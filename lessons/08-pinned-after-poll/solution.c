// SPDX-License-Identifier: MIT
//
// A future that was never polled may be moved, and so it is, into its task.
// There, it begins and stays.

#include <antfarm.h>
#include <stdio.h>

// async fn typist(word): the page is in it, and `next` points into the page.
struct typist {
    ant_future base;
    const char *word;
    char page[8];
    char *next; // NULL before the first poll
};

ANT_ASYNC(typist)
{
    if (self->next == NULL) self->next = self->page;
    if (*self->word == 0) return ANT_READY;
    *self->next++ = *self->word++;
    ant_waker_wake_ref(&cx->waker); // poll me again, for the next letter
    return ANT_PENDING;
}

ANT_MUST_USE static struct typist typist(const char *word)
{
    return (struct typist){ ANT_INIT(typist), .word = word };
}

// async fn shift(desk): a task around a typist.
ANT_ASYNC_FN(shift, struct typist desk)
{
    ANT_AWAIT(self->desk);
    return ANT_READY;
}

#define TEAM 3

// async fn team(): three typists, each a task.
struct team {
    ant_future base;
    enum { TEAM_START, TEAM_TYPING } state;
    struct shift shift[TEAM];
    struct ant_join_handle task[TEAM];
    int done;
};

ANT_ASYNC(team)
{
    static const char *const words[TEAM] = { "one", "two", "six" };
    switch (self->state) {
    case TEAM_START:
        for (int i = 0; i < TEAM; i++) {
            struct shift shift = ANT_FUTURE(shift, .desk = typist(words[i]));
            self->task[i] = ant_spawn_into(&self->shift[i], shift);
        }
        return ANT_NEXT(TEAM_TYPING);

    case TEAM_TYPING:
        ANT_AWAIT(self->task[self->done]);
        puts(self->shift[self->done].desk.page);
        ant_note("%s", self->shift[self->done].desk.page);
        if (++self->done < TEAM) return ANT_NEXT(TEAM_TYPING);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(team)

ANT_MAIN(team)
