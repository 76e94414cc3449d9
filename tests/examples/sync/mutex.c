// SPDX-License-Identifier: MIT
//
// The example of sync/mutex.h: a page that is printed under a lock.

#include "antfarm.h"

static ant_mutex printer = ANT_MUTEX("printer");

struct job {
    ant_future base;
    enum { JOB_START, JOB_LOCKING, JOB_PRINTING } state;
    uint64_t text;
    struct ant_mutex_lock lock;
    struct ant_sleep page;
};

static struct ant_sleep print(uint64_t text)
{
    return ant_sleep(text);
}

ANT_ASYNC_WITH_DROP(job)
{
    switch (self->state) {
    case JOB_START:
        self->lock = ant_mutex_lock(&printer);
        return ANT_NEXT(JOB_LOCKING);
    case JOB_LOCKING:
        ANT_AWAIT(self->lock);
        self->page = print(self->text); // a future
        return ANT_NEXT(JOB_PRINTING);
    case JOB_PRINTING:
        ANT_AWAIT(self->page);
        ant_mutex_unlock(&printer);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void job_drop(struct job *self)
{
    ant_future_drop(&self->lock.base);
    ant_future_drop(&self->page.base);
    if (self->state == JOB_PRINTING) ant_mutex_unlock(&printer);
}

static struct job job(uint64_t text)
{
    return (struct job){ ANT_INIT(job), .text = text };
}

struct app {
    ant_future base;
    enum { APP_START, APP_PRINTING } state;
    struct job letter, poem;
    struct ant_join both;
};

ANT_ASYNC(app)
{
    switch (self->state) {
    case APP_START:
        self->letter = job(2);
        self->poem = job(1);
        self->both = ant_join(&self->letter.base, &self->poem.base);
        return ANT_NEXT(APP_PRINTING);
    case APP_PRINTING:
        ANT_AWAIT(self->both);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct app app(void)
{
    return (struct app){ ANT_INIT(app) };
}

ANT_MAIN(app)
