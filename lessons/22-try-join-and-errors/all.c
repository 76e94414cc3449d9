// SPDX-License-Identifier: MIT
//
// The same trip, with a plain join: an error is an answer like any other. When
// is it over now, and what is booked?

#include <antfarm.h>
#include <errno.h>
#include <stdio.h>

// async fn book(ms, is_full): the answer takes that long, and may be a no.
struct book {
    ant_future base;
    enum { BOOK_START, BOOK_ASKING } state;
    unsigned ms;
    bool is_full;
    struct ant_sleep answer;
};

ANT_ASYNC(book)
{
    switch (self->state) {
    case BOOK_START:
        self->answer = ant_sleep(self->ms);
        return ANT_NEXT(BOOK_ASKING);

    case BOOK_ASKING:
        ANT_AWAIT(self->answer);
        return self->is_full ? ANT_FAIL(-EBUSY) : ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_MUST_USE static struct book book(unsigned ms, bool is_full)
{
    return (struct book){ ANT_INIT(book), .ms = ms, .is_full = is_full };
}

// async fn trip(): hears of each, and then decides.
struct trip {
    ant_future base;
    enum { TRIP_START, TRIP_BOOKING } state;
    struct book flight, hotel, car;
    struct ant_join all;
};

static unsigned count_booked(const struct trip *self)
{
    const struct book *one[] = { &self->flight, &self->hotel, &self->car };
    unsigned count = 0;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(one); i++)
        if (one[i]->base.result >= 0) count++;
    return count;
}

ANT_ASYNC(trip)
{
    switch (self->state) {
    case TRIP_START:
        //@ begin trip
        self->flight = book(100, false);
        self->hotel = book(50, true);
        self->car = book(150, false);
        self->all =
            ant_join(&self->flight.base, &self->hotel.base, &self->car.base);
        return ANT_NEXT(TRIP_BOOKING);

    case TRIP_BOOKING:
        ANT_AWAIT(self->all);
        //@ end trip
        ant_note("%u booked", count_booked(self));
        printf("%u booked\n", count_booked(self));
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(trip)
ANT_MAIN(trip)
