// SPDX-License-Identifier: MIT
//
// The example of combine/yield.h.

#include <antfarm.h>

struct primes {
    int last;
    int count;
};

static bool is_prime(int number)
{
    for (int i = 2; i * i <= number; i++) {
        if (number % i == 0) return false;
    }
    return number > 1;
}

// Looks at ten more numbers. True when it has come to a hundred.
static bool sieve_some(struct primes *primes)
{
    for (int i = 0; i < 10; i++) {
        if (is_prime(++primes->last)) primes->count++;
    }
    return primes->last >= 100;
}

struct sieve {
    ant_future base;
    enum { SIEVE_START, SIEVE_YIELDING } state;
    struct primes primes;
    struct ant_yield_now turn;
};

ANT_ASYNC(sieve)
{
    switch (self->state) {
    case SIEVE_START:
        if (sieve_some(&self->primes)) return ANT_READY;
        self->turn = ant_yield_now();
        return ANT_NEXT(SIEVE_YIELDING);
    case SIEVE_YIELDING:
        ANT_AWAIT(self->turn);
        return ANT_NEXT(SIEVE_START);
    }
    ANT_UNREACHABLE();
}

struct app {
    ant_future base;
    enum { APP_START, APP_SIEVING } state;
    struct sieve sieve;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->sieve = (struct sieve){ ANT_INIT(sieve) };
        return ANT_NEXT(APP_SIEVING);
    case APP_SIEVING:
        ANT_AWAIT(self->sieve);
        ANT_ASSERT(self->sieve.primes.count == 25);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
