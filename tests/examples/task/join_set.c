// SPDX-License-Identifier: MIT
//
// The example of task/join_set.h.

#include <antfarm.h>

#include <errno.h>

struct sail {
    ant_future base;
    enum { SAIL_START, SAIL_SAILING } state;
    int boat;
    struct ant_sleep trip;
};

ANT_ASYNC(sail)
{
    switch (self->state) {
    case SAIL_START:
        self->trip = ant_sleep(1 + 2 * (unsigned)self->boat);
        return ANT_NEXT(SAIL_SAILING);

    case SAIL_SAILING:
        ANT_AWAIT(self->trip);
        if (self->boat == 2) return ANT_FAIL(-EIO);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static struct sail sail(int boat)
{
    return (struct sail){ ANT_INIT(sail), .boat = boat };
}

struct crew {
    ant_future base;
    enum { CREW_START, CREW_JOINING } state;
    ant_join_set set;
    struct ant_join_set_next next;
    int lost;
};

static ant_poll end(struct crew *self, int err)
{
    ant_join_set_deinit(&self->set);
    self->base.result = err < 0 || self->lost == 1 ? err : -EINVAL;
    return ANT_READY;
}

ANT_ASYNC_WITH_DROP(crew)
{
    switch (self->state) {
    case CREW_START:
        ant_join_set_init(&self->set, "crew");
        for (int i = 0; i < 3; i++) {
            int err = ant_join_set_spawn(&self->set, sail(i));
            if (err < 0) return end(self, err);
        }
        self->next = ant_join_set_next(&self->set);
        return ANT_NEXT(CREW_JOINING);

    case CREW_JOINING:
        ANT_AWAIT(self->next);
        if (self->next.is_empty) return end(self, 0);
        if (self->next.base.result < 0) self->lost++;
        self->next = ant_join_set_next(&self->set);
        return ANT_NEXT(CREW_JOINING);
    }
    ANT_UNREACHABLE();
}

static void crew_drop(struct crew *self)
{
    ant_future_drop(&self->next.base);
    ant_join_set_deinit(&self->set);
}

static struct crew crew(void)
{
    return (struct crew){ ANT_INIT(crew) };
}

ANT_MAIN(crew)
