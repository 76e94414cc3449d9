// SPDX-License-Identifier: MIT
//
// Three people are paid, each by a task. One of them has no account, so its
// task panics. This payroll awaits each task and asks how it ended.

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

// async fn payroll(): asks each task how it ended.
struct payroll {
    ant_future base;
    enum { PAYROLL_START, PAYROLL_ASKING } state;
    struct ant_join_handle job[PEOPLE];
    unsigned asked;
    unsigned paid;
};

ANT_ASYNC(payroll)
{
    const ant_failure *failure;
    switch (self->state) {
    case PAYROLL_START:
        for (unsigned i = 0; i < PEOPLE; i++)
            self->job[i] = ant_spawn_named(people[i].name, pay(&people[i]));
        return ANT_NEXT(PAYROLL_ASKING);

    case PAYROLL_ASKING:
        ANT_AWAIT(self->job[self->asked]);
        //@ begin ask
        failure = ant_task_failure(&self->job[self->asked]);
        if (failure == NULL)
            self->paid++;
        else
            ant_note("%s: %s", people[self->asked].name, failure->text);
        //@ end ask
        if (++self->asked < PEOPLE) return ANT_NEXT(PAYROLL_ASKING);
        ant_note("%u of %d are paid", self->paid, PEOPLE);
        printf("%u of %d are paid\n", self->paid, PEOPLE);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct payroll payroll(void)
{
    return (struct payroll){ ANT_INIT(payroll) };
}

ANT_MAIN(payroll)
