// SPDX-License-Identifier: MIT
//
// The same trip, one after the other, and each result is looked at on the next
// line. What does it still ask for when the hotel is full?

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

static ant_poll no_trip(const char *what)
{
    printf("no trip: no %s\n", what);
    return ANT_READY;
}

// async fn trip(): one after the other, for the hotel depends on the flight.
struct trip {
    ant_future base;
    enum { TRIP_START, TRIP_FLIGHT, TRIP_HOTEL, TRIP_CAR } state;
    struct book flight, hotel, car;
};

ANT_ASYNC(trip)
{
    switch (self->state) {
    case TRIP_START:
        self->flight = book(100, false);
        return ANT_NEXT(TRIP_FLIGHT);

    case TRIP_FLIGHT:
        ANT_AWAIT(self->flight);
        if (self->flight.base.result < 0) return no_trip("flight");
        self->hotel = book(50, true);
        return ANT_NEXT(TRIP_HOTEL);

    //@ begin trip
    case TRIP_HOTEL:
        ANT_AWAIT(self->hotel);
        if (self->hotel.base.result < 0) return no_trip("hotel");
        self->car = book(150, false);
        return ANT_NEXT(TRIP_CAR);
        //@ end trip

    case TRIP_CAR:
        ANT_AWAIT(self->car);
        if (self->car.base.result < 0) return no_trip("car");
        puts("bon voyage");
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(trip)
ANT_MAIN(trip)
