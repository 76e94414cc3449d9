// SPDX-License-Identifier: MIT
//
// A typist types a word, one letter in each poll, and points at the place for
// the next letter. She gets a desk of her own after her first letter. What is
// on her page?

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
    //@ begin typist
    if (self->next == NULL) self->next = self->page;
    if (*self->word == 0) return ANT_READY;
    *self->next++ = *self->word++;
    ant_waker_wake_ref(&cx->waker); // poll me again, for the next letter
    return ANT_PENDING;
    //@ end typist
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

static void say(const char *whose, const struct typist *typist)
{
    printf("%s page: %s\n", whose, typist->page);
    ant_note("%s page: %s", whose, typist->page);
}

// async fn office(): gives the typist a task of her own, with a desk of her
// own.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_TYPING } state;
    struct typist desk;
    struct shift shift;
    struct ant_join_handle task;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        //@ begin move
        self->desk = typist("abc");
        if (ant_future_poll(&self->desk.base, cx) == ANT_READY)
            return ANT_READY;
        self->task =
            ant_spawn_into(&self->shift, ANT_FUTURE(shift, .desk = self->desk));
        //@ end move
        return ANT_NEXT(OFFICE_TYPING);

    case OFFICE_TYPING:
        ANT_AWAIT(self->task);
        say("her", &self->shift.desk);
        say("the old", &self->desk);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(office)

ANT_MAIN(office)
