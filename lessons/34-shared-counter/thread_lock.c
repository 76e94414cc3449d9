// SPDX-License-Identifier: MIT
//
// The same, with a lock of threads around one line that awaits nothing. How
// often does anybody wait for it?

#include <antfarm.h>
#include <stdio.h>

#define CLERKS 10

static int number;

static ant_thread_mutex door = ANT_THREAD_MUTEX("door");

// async fn clerk(): adds one to the number.
struct clerk {
    ant_future base;
    enum { CLERK_START } state;
};

ANT_ASYNC(clerk)
{
    switch (self->state) {
    case CLERK_START:
        //@ begin add
        if (ant_thread_mutex_lock(&door) < 0) return ANT_FAIL(-1);
        number++;
        if (ant_thread_mutex_unlock(&door) < 0) return ANT_FAIL(-1);
        return ANT_READY;
        //@ end add
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct clerk clerk(void)
{
    return (struct clerk){ ANT_INIT(clerk) };
}

// async fn office(): ten clerks, and then the number.
struct office {
    ant_future base;
    enum { OFFICE_START, OFFICE_WAITING } state;
    struct ant_join_handle clerk[CLERKS];
    int done;
};

ANT_ASYNC(office)
{
    switch (self->state) {
    case OFFICE_START:
        for (int i = 0; i < CLERKS; i++)
            self->clerk[i] = ant_spawn(clerk());
        return ANT_NEXT(OFFICE_WAITING);

    case OFFICE_WAITING:
        ANT_AWAIT(self->clerk[self->done]);
        if (++self->done < CLERKS) return ANT_NEXT(OFFICE_WAITING);
        printf("the number is %d\n", number);
        ant_note("number %d", number);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct office office(void)
{
    return (struct office){ ANT_INIT(office) };
}

ANT_MAIN(office)
