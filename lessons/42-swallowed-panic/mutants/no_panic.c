// SPDX-License-Identifier: MIT
//
// A wrong solution: the task looks away, and its mail counts as sent.

#include <antfarm.h>
#include <stdio.h>

#define PEOPLE 3

typedef struct person {
    const char *name;
    const char *address; // NULL for none
} person;

static const person people[PEOPLE] = { { "anna", "anna@home" },
                                       { "ben", NULL },
                                       { "cleo", "cleo@work" } };

// async fn mail(whom): the server takes 10 ms. Without an address it cannot go
// on.
struct mail {
    ant_future base;
    enum { MAIL_START, MAIL_SENDING } state;
    const person *whom;
    struct ant_sleep server;
};

ANT_ASYNC(mail)
{
    switch (self->state) {
    case MAIL_START:
        self->server = ant_sleep(10);
        return ANT_NEXT(MAIL_SENDING);

    case MAIL_SENDING:
        ANT_AWAIT(self->server);
        if (self->whom->address == NULL) return ANT_READY;
        ant_note("%s is sent", self->whom->name);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct mail mail(const person *whom)
{
    return (struct mail){ ANT_INIT(mail), .whom = whom };
}

// async fn campaign(): counts all that were begun.
struct campaign {
    ant_future base;
    enum { CAMPAIGN_START, CAMPAIGN_ASKING } state;
    struct ant_join_handle job[PEOPLE];
    unsigned asked;
    unsigned sent;
};

ANT_ASYNC(campaign)
{
    switch (self->state) {
    case CAMPAIGN_START:
        for (unsigned i = 0; i < PEOPLE; i++)
            self->job[i] = ant_spawn_named(people[i].name, mail(&people[i]));
        return ANT_NEXT(CAMPAIGN_ASKING);

    case CAMPAIGN_ASKING:
        ANT_AWAIT(self->job[self->asked]);
        self->sent++;
        if (++self->asked < PEOPLE) return ANT_NEXT(CAMPAIGN_ASKING);
        ant_note("%u of %d are sent", self->sent, PEOPLE);
        printf("%u of %d are sent\n", self->sent, PEOPLE);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct campaign campaign(void)
{
    return (struct campaign){ ANT_INIT(campaign) };
}

ANT_MAIN(campaign)
