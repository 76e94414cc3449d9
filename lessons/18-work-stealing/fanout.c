// SPDX-License-Identifier: MIT
//
// How many primes are there below a million? One task asks 200 others, each
// about a part of the numbers. They all begin in the run queue of one worker:
// who counts?

#include <antfarm.h>
#include <stdio.h>

#define PARTS 200
#define PART  5000 // numbers in a part

static unsigned primes_between(unsigned from, unsigned to)
{
    unsigned count = 0;
    for (unsigned n = from < 2 ? 2 : from; n < to; n++) {
        unsigned divisor = 2;
        while (divisor * divisor <= n && n % divisor != 0)
            divisor++;
        if (divisor * divisor > n) count++;
    }
    return count;
}

// async fn count(from) -> primes: work for the CPU, with a turn for the others
// halfway.
struct count {
    ant_future base;
    enum { COUNT_START, COUNT_YIELDING } state;
    unsigned from;
    unsigned primes;
    struct ant_yield_now turn;
};

ANT_ASYNC(count)
{
    const unsigned middle = self->from + PART / 2;
    switch (self->state) {
    case COUNT_START:
        self->primes = primes_between(self->from, middle);
        self->turn = ant_yield_now();
        return ANT_NEXT(COUNT_YIELDING);

    case COUNT_YIELDING:
        ANT_AWAIT(self->turn);
        self->primes += primes_between(middle, self->from + PART);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct count count(unsigned from)
{
    return (struct count){ ANT_INIT(count), .from = from };
}

// async fn sum(): fans out, then collects.
struct sum {
    ant_future base;
    enum { SUM_START, SUM_COLLECTING } state;
    struct ant_join_handle task[PARTS];
    struct count part[PARTS]; // what the tasks leave when they end
    unsigned collected;
    unsigned primes;
};

ANT_ASYNC(sum)
{
    switch (self->state) {
    case SUM_START:
        //@ begin fanout
        for (unsigned i = 0; i < PARTS; i++)
            self->task[i] = ant_spawn_into(&self->part[i], count(i * PART));
        //@ end fanout
        return ANT_NEXT(SUM_COLLECTING);

    case SUM_COLLECTING:
        ANT_AWAIT(self->task[self->collected]);
        self->primes += self->part[self->collected].primes;
        if (++self->collected < PARTS) return ANT_NEXT(SUM_COLLECTING);
        printf("%u primes below %d\n", self->primes, PARTS * PART);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct sum sum(void)
{
    return (struct sum){ ANT_INIT(sum) };
}

ANT_MAIN(sum)
