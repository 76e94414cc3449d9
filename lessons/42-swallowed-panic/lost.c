// SPDX-License-Identifier: MIT
//
// Three people are paid, each by a task. One of them has no account, so its
// task panics. Nobody keeps the tasks' handles. What does the payroll say?

#include <antfarm.h>
#include <stdio.h>

#define PEOPLE 3

typedef struct person {
    const char *name;
    unsigned account; // 0 for none
} person;

static const person people[PEOPLE] = { { "anna", 17 },
                                       { "ben", 0 },
                                       { "cleo", 99 } };

// async fn pay(whom): the bank takes 10 ms. Without an account it cannot go on.
struct pay {
    ant_future base;
    enum { PAY_START, PAY_SENDING } state;
    const person *whom;
    struct ant_sleep bank;
};

ANT_ASYNC(pay)
{
    switch (self->state) {
    case PAY_START:
        self->bank = ant_sleep(10);
        return ANT_NEXT(PAY_SENDING);

    case PAY_SENDING:
        ANT_AWAIT(self->bank);
        //@ begin pay
        if (self->whom->account == 0) ant_panic("no account");
        ant_note("%s is paid", self->whom->name);
        return ANT_READY;
        //@ end pay
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct pay pay(const person *whom)
{
    return (struct pay){ ANT_INIT(pay), .whom = whom };
}

// async fn payroll(): starts all, gives them time, and is content.
struct payroll {
    ant_future base;
    enum { PAYROLL_START, PAYROLL_RESTING } state;
    struct ant_sleep rest;
};

ANT_ASYNC(payroll)
{
    switch (self->state) {
    case PAYROLL_START:
        //@ begin payroll
        for (unsigned i = 0; i < PEOPLE; i++) {
            struct ant_join_handle job =
                ant_spawn_named(people[i].name, pay(&people[i]));
            ant_task_detach(&job); // nobody will ask
        }
        //@ end payroll
        self->rest = ant_sleep(50);
        return ANT_NEXT(PAYROLL_RESTING);

    case PAYROLL_RESTING:
        ANT_AWAIT(self->rest);
        ant_note("all are paid");
        puts("all are paid");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct payroll payroll(void)
{
    return (struct payroll){ ANT_INIT(payroll) };
}

ANT_MAIN(payroll)
