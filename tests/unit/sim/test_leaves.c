// SPDX-License-Identifier: MIT
//
// Random programs of leaf futures: tasks that lock, sleep, race, give up, ask
// each other and are aborted at any moment, on virtual workers and a few times
// on real ones. Each run is one seed; its trace is judged by the checker, its
// memory has to come back. ANT_TEST_SEED=n runs that seed alone.

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "antfarm.h"
#include "base/mem.h"
#include "base/rng.h"
#include "trace/check.h"

#define WALKER_COUNT 8
#define STEP_COUNT   12
#define SEED_COUNT   60 // in the simulator
#define REAL_COUNT   5  // on real threads

static ant_mutex mutex;
static unsigned inside_count; // walkers between lock and unlock

// ---- A walker takes random steps ----

// Replies to whoever asks, or leaves without a word.
struct replier {
    ant_future base;
    enum { REPLIER_START, REPLIER_NAPPING } state;
    ant_oneshot_tx tx;
    uint64_t ms;
    bool replies;
    struct ant_sleep nap;
};

ANT_ASYNC_WITH_DROP(replier)
{
    switch (self->state) {
    case REPLIER_START:
        self->nap = ant_sleep(self->ms);
        return ANT_NEXT(REPLIER_NAPPING);

    case REPLIER_NAPPING:
        ANT_AWAIT(self->nap);
        if (self->replies)
            (void)!ant_oneshot_send(&self->tx, &self->ms); // -EPIPE is fine
        ant_oneshot_tx_drop(&self->tx);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void replier_drop(struct replier *self)
{
    ant_oneshot_tx_drop(&self->tx);
    ant_future_drop(&self->nap.base);
}

struct walker {
    ant_future base;
    enum {
        WALKER_START,
        WALKER_NAPPING,
        WALKER_LOCKING,
        WALKER_INSIDE,
        WALKER_LOCKING_FOR_A_WHILE,
        WALKER_RACING,
        WALKER_JOINING,
        WALKER_YIELDING,
        WALKER_TICKING,
        WALKER_ASKING,
    } state;
    ant_rng rng;
    unsigned steps_left;
    bool is_inside;
    uint64_t reply;
    ant_oneshot_rx rx;
    struct ant_sleep nap, other;
    struct ant_mutex_lock lock;
    struct ant_timeout limit;
    struct ant_select race;
    struct ant_join both;
    struct ant_yield_now turn;
    struct ant_interval interval;
    struct ant_interval_tick tick;
    struct ant_oneshot_recv answer;
    struct ant_join_handle replier;
};

static uint64_t some_ms(struct walker *self)
{
    return ant_rng_below(&self->rng, 6);
}

static void enter(struct walker *self)
{
    assert_int_equal(inside_count, 0);
    inside_count++;
    self->is_inside = true;
}

static void leave(struct walker *self)
{
    if (!self->is_inside) return;
    self->is_inside = false;
    inside_count--;
    ant_mutex_unlock(&mutex);
}

static ant_poll ask(struct walker *self)
{
    ant_oneshot_tx tx;
    if (ant_oneshot_new(sizeof self->reply, &tx, &self->rx) < 0)
        return ANT_FAIL(-ENOMEM);
    self->replier = ant_spawn((struct replier){
        ANT_INIT(replier),
        .tx = tx,
        .ms = some_ms(self),
        .replies = ant_rng_below(&self->rng, 4) > 0,
    });
    self->answer = ant_oneshot_recv(&self->rx, &self->reply);
    self->limit = ant_timeout(some_ms(self), &self->answer.base);
    return ANT_NEXT(WALKER_ASKING);
}

static ant_poll take_step(struct walker *self)
{
    switch (ant_rng_below(&self->rng, 8)) {
    case 0:
        self->nap = ant_sleep(some_ms(self));
        return ANT_NEXT(WALKER_NAPPING);
    case 1:
        self->lock = ant_mutex_lock(&mutex);
        return ANT_NEXT(WALKER_LOCKING);
    case 2:
        self->lock = ant_mutex_lock(&mutex);
        self->limit = ant_timeout(some_ms(self), &self->lock.base);
        return ANT_NEXT(WALKER_LOCKING_FOR_A_WHILE);
    case 3:
        self->lock = ant_mutex_lock(&mutex);
        self->nap = ant_sleep(some_ms(self));
        self->race = ant_select(&self->nap.base, &self->lock.base);
        return ANT_NEXT(WALKER_RACING);
    case 4:
        self->nap = ant_sleep(some_ms(self));
        self->other = ant_sleep(some_ms(self));
        self->both = ant_join(&self->nap.base, &self->other.base);
        return ANT_NEXT(WALKER_JOINING);
    case 5:
        self->turn = ant_yield_now();
        return ANT_NEXT(WALKER_YIELDING);
    case 6:
        self->interval = ant_interval(some_ms(self) + 1);
        self->tick = ant_interval_tick(&self->interval);
        return ANT_NEXT(WALKER_TICKING);
    default:
        return ask(self);
    }
}

// What the walker does once it is inside: it naps there, then leaves.
static ant_poll nap_inside(struct walker *self)
{
    enter(self);
    self->nap = ant_sleep(some_ms(self));
    return ANT_NEXT(WALKER_INSIDE);
}

ANT_ASYNC_WITH_DROP(walker)
{
    switch (self->state) {
    case WALKER_START:
        return self->steps_left-- > 0 ? take_step(self) : ANT_READY;

    case WALKER_NAPPING:
        ANT_AWAIT(self->nap);
        return ANT_NEXT(WALKER_START);

    case WALKER_LOCKING:
        ANT_AWAIT(self->lock);
        return nap_inside(self);

    case WALKER_INSIDE:
        ANT_AWAIT(self->nap);
        leave(self);
        return ANT_NEXT(WALKER_START);

    case WALKER_LOCKING_FOR_A_WHILE:
        ANT_AWAIT(self->limit);
        if (!self->limit.is_elapsed) return nap_inside(self);
        return ANT_NEXT(WALKER_START);

    case WALKER_RACING:
        ANT_AWAIT(self->race);
        if (self->race.winner == 1) return nap_inside(self);
        return ANT_NEXT(WALKER_START);

    case WALKER_JOINING:
        ANT_AWAIT(self->both);
        return ANT_NEXT(WALKER_START);

    case WALKER_YIELDING:
        ANT_AWAIT(self->turn);
        return ANT_NEXT(WALKER_START);

    case WALKER_TICKING:
        ANT_AWAIT(self->tick);
        if (ant_rng_below(&self->rng, 2) == 0) return ANT_NEXT(WALKER_START);
        self->tick = ant_interval_tick(&self->interval);
        return ANT_NEXT(WALKER_TICKING);

    case WALKER_ASKING:
        ANT_AWAIT(self->limit);
        ant_oneshot_rx_drop(&self->rx);
        ant_task_detach(&self->replier);
        return ANT_NEXT(WALKER_START);
    }
    ANT_UNREACHABLE();
}

static void walker_drop(struct walker *self)
{
    ant_future *const children[] = {
        &self->race.base, &self->limit.base,  &self->both.base,
        &self->nap.base,  &self->lock.base,   &self->turn.base,
        &self->tick.base, &self->answer.base, &self->replier.base,
    };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(children); i++) {
        ant_future_drop(children[i]);
    }
    ant_oneshot_rx_drop(&self->rx);
    leave(self);
}

// ---- The program: walkers, some of which are aborted ----

struct program {
    ant_future base;
    enum { PROGRAM_START, PROGRAM_NAPPING, PROGRAM_JOINING } state;
    ant_rng rng;
    unsigned aborts_left;
    struct ant_sleep nap;
    struct ant_join_handle walkers[WALKER_COUNT];
    ant_future *list[WALKER_COUNT];
    struct ant_join all;
};

ANT_ASYNC(program)
{
    switch (self->state) {
    case PROGRAM_START:
        for (unsigned i = 0; i < WALKER_COUNT; i++) {
            self->walkers[i] = ant_spawn((struct walker){
                ANT_INIT(walker),
                .rng = ant_rng_init(ant_rng_next(&self->rng)),
                .steps_left = STEP_COUNT,
            });
            self->list[i] = &self->walkers[i].base;
        }
        self->nap = ant_sleep(3);
        return ANT_NEXT(PROGRAM_NAPPING);

    case PROGRAM_NAPPING:
        ANT_AWAIT(self->nap);
        if (self->aborts_left-- > 0) {
            uint32_t victim = ant_rng_below(&self->rng, WALKER_COUNT);
            ant_task_abort(&self->walkers[victim]);
            self->nap = ant_sleep(3);
            return ANT_NEXT(PROGRAM_NAPPING);
        }
        self->all = ant_join_all(self->list, WALKER_COUNT);
        return ANT_NEXT(PROGRAM_JOINING);

    case PROGRAM_JOINING:
        ANT_AWAIT(self->all);
        for (unsigned i = 0; i < WALKER_COUNT; i++) {
            ant_task_detach(&self->walkers[i]);
        }
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

static void on_finding(const ant_finding *finding, void *arg)
{
    (void)arg;
    print_error("%s: event %lu: %s\n", finding->rule,
                (unsigned long)finding->index, finding->text);
}

static void run_seed(ant_flavor flavor, uint64_t seed, const char *trace)
{
    const uint64_t blocks_before = ant_mem_live_count();
    const ant_runtime_desc desc = {
        .flavor = flavor,
        .worker_count = 3,
        .seed = seed,
    };
    ant_runtime *runtime;
    inside_count = 0;
    ant_mutex_init(&mutex, "gate");
    assert_int_equal(ant_runtime_new(&desc, &runtime), 0);
    int err = ant_runtime_block_on(runtime, (struct program){
                                                ANT_INIT(program),
                                                .rng = ant_rng_init(seed),
                                                .aborts_left = 4,
                                            });
    ant_runtime_free(runtime);
    ant_mutex_deinit(&mutex);

    ant_reader_error error;
    const int64_t findings = ant_check_file(trace, on_finding, NULL, &error);
    const uint64_t blocks = ant_mem_live_count();
    if (findings != 0 || inside_count != 0 || blocks != blocks_before)
        print_error("repeat: ANT_TEST_SEED=%lu make unit "
                    "T=tests/unit/sim/test_leaves\n",
                    (unsigned long)seed);
    assert_true(err == 0 || err == -ECANCELED); // of an aborted walker
    assert_int_equal(findings, 0);
    assert_int_equal(inside_count, 0);
    assert_int_equal(blocks, blocks_before);
}

// Runs the seeds 0, 1, … or the one that the environment names.
static void run_seeds(ant_flavor flavor, uint64_t seed_count)
{
    char trace[] = "/tmp/antfarm-leaves-XXXXXX";
    int fd = mkstemp(trace);
    assert_true(fd >= 0);
    close(fd);
    setenv("ANTFARM_TRACE", trace, 1);
    const char *only = getenv("ANT_TEST_SEED");
    if (only != NULL) {
        run_seed(flavor, strtoull(only, NULL, 0), trace);
    } else {
        for (uint64_t seed = 0; seed < seed_count; seed++) {
            run_seed(flavor, seed, trace);
        }
    }
    unsetenv("ANTFARM_TRACE");
    unlink(trace);
}

static void random_programs_keep_every_promise(void **state)
{
    (void)state;
    run_seeds(ANT_RUNTIME_SIM, SEED_COUNT);
}

static void also_on_real_threads(void **state)
{
    (void)state;
    run_seeds(ANT_RUNTIME_MULTI, REAL_COUNT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_programs_keep_every_promise),
        cmocka_unit_test(also_on_real_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
