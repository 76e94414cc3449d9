// SPDX-License-Identifier: MIT
//
// What select, join, race and timeout promise, in every flavour of the runtime:
// M2 and M5 to M9. Children take turns by yielding, so that nothing hangs on
// real time.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "antfarm.h"
#include "support/flavors.h"

// What the children of one test have done.
typedef struct walks {
    unsigned drop_count;
    unsigned end_count;
} walks;

// async fn walk(steps, result): yields so many times, then ends so.
struct walk {
    ant_future base;
    enum { WALK_START, WALK_YIELDING } state;
    int steps;
    int result;
    walks *of;
    struct ant_yield_now step;
};

ANT_ASYNC_WITH_DROP(walk)
{
    switch (self->state) {
    case WALK_START:
        self->step = ant_yield_now();
        return ANT_NEXT(WALK_YIELDING);

    case WALK_YIELDING:
        ANT_AWAIT(self->step);
        if (--self->steps > 0) return ANT_NEXT(WALK_START);
        self->of->end_count++;
        self->base.result = self->result;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void walk_drop(struct walk *self)
{
    self->of->drop_count++;
}

static struct walk walk(int steps, int result, walks *of)
{
    return (struct walk){
        ANT_INIT(walk),
        .steps = steps,
        .result = result,
        .of = of,
    };
}

// What the root future of a test works with.
struct stage {
    walks all;
    struct walk far, near, bad;
    ant_future *list[3];
};

static void set_stage(struct stage *stage)
{
    stage->all = (walks){ 0 };
    stage->far = walk(5, 0, &stage->all);
    stage->near = walk(2, 0, &stage->all);
    stage->bad = walk(1, -EIO, &stage->all);
    stage->list[0] = &stage->far.base;
    stage->list[1] = &stage->near.base;
    stage->list[2] = &stage->bad.base;
}

// One combinator over far, near and bad; the root looks at what is left, in the
// very poll in which the combinator is ready.
#define OVER_THREE(name, NAME, child, call)                                    \
    struct name {                                                              \
        ant_future base;                                                       \
        enum { NAME##_START, NAME##_WAITING } state;                           \
        struct stage stage;                                                    \
        struct child child;                                                    \
    };                                                                         \
    static void name##_look(struct name *self);                                \
    ANT_ASYNC(name)                                                            \
    {                                                                          \
        switch (self->state) {                                                 \
        case NAME##_START:                                                     \
            set_stage(&self->stage);                                           \
            self->child = call;                                                \
            return ANT_NEXT(NAME##_WAITING);                                   \
        case NAME##_WAITING:                                                   \
            ANT_AWAIT(self->child);                                            \
            name##_look(self);                                                 \
            return ANT_READY;                                                  \
        }                                                                      \
        ANT_UNREACHABLE();                                                     \
    }

OVER_THREE(m2, M2, ant_select, ant_select_all(self->stage.list, 3))
OVER_THREE(m6, M6, ant_join, ant_join_all(self->stage.list, 3))
OVER_THREE(m7, M7, ant_try_join, ant_try_join_all(self->stage.list, 3))
OVER_THREE(m8, M8, ant_timeout, ant_timeout(60000, self->stage.list[0]))
OVER_THREE(m9, M9, ant_race, ant_race_all(self->stage.list, 2))
OVER_THREE(m9_ok, M9_OK, ant_select_ok, ant_select_ok(self->stage.list, 3))

static void m2_look(struct m2 *self)
{
    assert_int_equal(self->ant_select.winner, 2);
    assert_int_equal(self->ant_select.base.result, -EIO);
    assert_int_equal(self->stage.all.end_count, 1);
    assert_int_equal(self->stage.all.drop_count, 2);
}

static void m6_look(struct m6 *self)
{
    assert_int_equal(self->ant_join.base.result, -EIO);
    assert_int_equal(self->stage.all.end_count, 3);
    assert_int_equal(self->stage.all.drop_count, 0);
}

static void m7_look(struct m7 *self)
{
    assert_int_equal(self->ant_try_join.base.result, -EIO);
    assert_int_equal(self->ant_try_join.failed, 2);
    assert_int_equal(self->stage.all.end_count, 1);
    assert_int_equal(self->stage.all.drop_count, 2);
}

static void m8_look(struct m8 *self)
{
    assert_int_equal(self->ant_timeout.base.result, 0);
    assert_false(self->ant_timeout.is_elapsed);
    assert_int_equal(self->stage.all.end_count, 1);
}

static void m9_look(struct m9 *self)
{
    assert_int_equal(self->ant_race.winner, 1);
    assert_int_equal(self->stage.all.drop_count, 1);
}

static void m9_ok_look(struct m9_ok *self)
{
    assert_int_equal(self->ant_select_ok.winner, 1);
    assert_int_equal(self->stage.all.end_count, 2);
    assert_int_equal(self->stage.all.drop_count, 1);
}

// Runs a future of that kind as the main function of a runtime.
#define RUN(state, kind)                                                       \
    do {                                                                       \
        ant_runtime *rt = flavor_runtime((state), NULL);                       \
        struct kind root = { ANT_INIT(kind) };                                 \
        assert_int_equal(ant_runtime_block_on(rt, root), 0);                   \
        ant_runtime_free(rt);                                                  \
    } while (0)

static void m2_losers_are_dropped_before_the_handler(void **state)
{
    RUN(state, m2);
}

static void m6_join_waits_for_all(void **state)
{
    RUN(state, m6);
}

static void m7_try_join_ends_at_the_first_error(void **state)
{
    RUN(state, m7);
}

static void m8_who_is_in_time_ends_the_timeout(void **state)
{
    RUN(state, m8);
}

static void m9_race_is_won_by_the_first(void **state)
{
    RUN(state, m9);
}

static void m9_select_ok_is_won_by_the_first_success(void **state)
{
    RUN(state, m9_ok);
}

// ---- M5 ----

// async fn cook(tx): sends 7, after a while.
struct cook {
    ant_future base;
    enum { COOK_START, COOK_WALKING } state;
    ant_oneshot_tx tx;
    walks of;
    struct walk walk;
};

ANT_ASYNC(cook)
{
    switch (self->state) {
    case COOK_START:
        self->walk = walk(20, 0, &self->of);
        return ANT_NEXT(COOK_WALKING);

    case COOK_WALKING:
        ANT_AWAIT(self->walk);
        const int meal = 7;
        (void)!ant_oneshot_send(&self->tx, &meal);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// Loses each race against a short walk, until the message and the end of the
// cook's task have come: a receive that is dropped each time, a handle and a
// set that are lent.
struct m5 {
    ant_future base;
    enum { M5_START, M5_RACING } state;
    ant_oneshot_tx tx;
    ant_oneshot_rx rx;
    struct ant_oneshot_recv recv;
    struct ant_join_handle cook;
    struct ant_borrow cook_lent;
    ant_future_set set;
    struct ant_future_set_next next;
    walks all;
    struct walk other;
    struct ant_select first;
    int meal;
    bool is_cooked;
    bool is_walked;
};

static struct ant_select m5_race(struct m5 *self)
{
    self->recv = ant_oneshot_recv(&self->rx, &self->meal);
    self->cook_lent = ant_borrow(&self->cook.base);
    self->next = ant_future_set_next(&self->set);
    self->other = walk(2, 0, &self->all);
    return ant_select(ant_when(self->meal == 0, &self->recv.base),
                      ant_when(!self->is_cooked, &self->cook_lent.base),
                      ant_when(!self->is_walked, &self->next.base),
                      &self->other.base);
}

ANT_ASYNC(m5)
{
    switch (self->state) {
    case M5_START:
        assert_int_equal(ant_oneshot_new(sizeof(int), &self->tx, &self->rx), 0);
        self->cook = ant_spawn((struct cook){ ANT_INIT(cook), .tx = self->tx });
        assert_int_equal(
            ant_future_set_push(&self->set, walk(30, 0, &self->all)), 0);
        self->first = m5_race(self);
        return ANT_NEXT(M5_RACING);

    case M5_RACING:
        ANT_AWAIT(self->first);
        if (self->first.winner == 0)
            assert_int_equal(self->recv.base.result, 0);
        if (self->first.winner == 1) self->is_cooked = true;
        if (self->first.winner == 2) self->is_walked = true;
        self->first = m5_race(self);
        if (self->meal == 0 || !self->is_cooked || !self->is_walked)
            return ANT_NEXT(M5_RACING);
        assert_int_equal(self->meal, 7);
        ant_oneshot_rx_drop(&self->rx);
        ant_future_set_clear(&self->set);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void m5_losers_of_a_select_lose_nothing(void **state)
{
    RUN(state, m5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EVERY_FLAVOR(m2_losers_are_dropped_before_the_handler),
        EVERY_FLAVOR(m5_losers_of_a_select_lose_nothing),
        EVERY_FLAVOR(m6_join_waits_for_all),
        EVERY_FLAVOR(m7_try_join_ends_at_the_first_error),
        EVERY_FLAVOR(m8_who_is_in_time_ends_the_timeout),
        EVERY_FLAVOR(m9_race_is_won_by_the_first),
        EVERY_FLAVOR(m9_select_ok_is_won_by_the_first_success),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
