// SPDX-License-Identifier: MIT
//
// A table that many read and few change. Readers come in together, a writer
// alone.

#include <antfarm.h>
#include <stdio.h>

static ant_rwlock lock = ANT_RWLOCK("prices");
static int price = 10; // under lock

struct reader {
    ant_future base;
    enum { READER_START, READER_LOCKING, READER_READING } state;
    struct ant_rwlock_read read;
    struct ant_sleep sleep;
};

ANT_ASYNC(reader)
{
    switch (self->state) {
    case READER_START:
        self->read = ant_rwlock_read(&lock);
        return ANT_NEXT(READER_LOCKING);
    case READER_LOCKING:
        ANT_AWAIT(self->read);
        self->sleep = ant_sleep(50); // all readers sleep at the same time
        return ANT_NEXT(READER_READING);
    case READER_READING:
        ANT_AWAIT(self->sleep);
        self->base.result = price;
        ant_rwlock_read_unlock(&lock);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(reader)

ANT_ASYNC_FN(writer, struct ant_rwlock_write write)
{
    if (ANT_BEGINS(self->write)) self->write = ant_rwlock_write(&lock);
    ANT_AWAIT(self->write);
    price = 12;
    ant_rwlock_write_unlock(&lock);
    return ANT_READY;
}

struct app {
    ant_future base;
    enum { APP_START, APP_READING, APP_AGAIN } state;
    struct reader reader[3];
    struct writer writer;
    struct ant_join all;
};

ANT_ASYNC(app)
{
    struct reader *r = self->reader;
    switch (self->state) {
    case APP_START:
        for (int i = 0; i < 3; i++)
            r[i] = reader();
        self->writer = writer();
        self->all = ant_join(&r[0].base, &r[1].base, &self->writer.base);
        return ANT_NEXT(APP_READING);
    case APP_READING:
        ANT_AWAIT(self->all);
        printf("two readers saw %d and %d\n", r[0].base.result,
               r[1].base.result);
        return ANT_NEXT(APP_AGAIN);
    case APP_AGAIN:
        ANT_AWAIT(r[2]);
        printf("after the writer: %d\n", r[2].base.result);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(app)
ANT_MAIN(app)
