// SPDX-License-Identifier: MIT
//
// Storms on 2 and 4 workers, real and simulated: tasks that are spawned, woken,
// aborted, detached and joined from everywhere at once. Every task ends, every
// future is destroyed once, every block comes back, and every trace is accepted
// by the checker.
//
//   storms [PERCENT]     of the full size; 100 unless said otherwise

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "antfarm.h"
#include "base/mem.h"
#include "base/os.h"
#include "base/rng.h"
#include "support/stress.h"
#include "trace/check.h"

#define ROUNDS_FULL 200
#define CROWD       60

// ---- A board where wakers hang, for anybody to use ----

static ant_os_mutex board_lock = ANT_OS_MUTEX_INIT;
static ant_waker board[CROWD];

static void swap_waker(uint32_t place, ant_waker waker)
{
    ant_os_mutex_lock(&board_lock);
    ant_waker old = board[place];
    board[place] = waker;
    ant_os_mutex_unlock(&board_lock);
    ant_waker_wake(&old);
}

static void wake_at(uint32_t place)
{
    ant_os_mutex_lock(&board_lock);
    ant_waker waker = ant_waker_clone(&board[place]);
    ant_os_mutex_unlock(&board_lock);
    ant_waker_wake(&waker);
}

static ant_atomic_u32 made;
static ant_atomic_u32 ended;

// async fn bird(seed): hangs its waker on the board, wakes others, is woken by
// others, now and then sleeps, and after some polls flies away.
struct bird {
    ant_future base;
    enum { BIRD_START, BIRD_FLYING, BIRD_SLEEPING } state;
    uint32_t seed;
    uint32_t polls;
    ant_rng rng;
    struct ant_sleep nap;
};

ANT_ASYNC_WITH_DROP(bird)
{
    switch (self->state) {
    case BIRD_START:
        ant_atomic_add(&made, 1, ANT_RELAXED);
        self->rng = ant_rng_init(self->seed);
        return ANT_NEXT(BIRD_FLYING);

    case BIRD_FLYING:
        for (int i = 0; i < 3; i++)
            wake_at(ant_rng_below(&self->rng, CROWD));
        if (self->polls++ > 20) {
            ant_atomic_add(&ended, 1, ANT_RELAXED);
            if (self->seed % 13 == 0) ant_panic("bird %u", self->seed);
            return self->seed % 7 == 0 ? ANT_FAIL(-1) : ANT_READY;
        }
        if (ant_rng_below(&self->rng, 4) == 0) {
            self->nap = ant_sleep(ant_rng_below(&self->rng, 2));
            return ANT_NEXT(BIRD_SLEEPING);
        }
        swap_waker(ant_rng_below(&self->rng, CROWD),
                   ant_waker_clone(&cx->waker));
        return ANT_PENDING;

    case BIRD_SLEEPING:
        ANT_AWAIT(self->nap);
        return ANT_NEXT(BIRD_FLYING);
    }
    ANT_UNREACHABLE();
}

static void bird_drop(struct bird *self)
{
    if (self->state == BIRD_SLEEPING) ant_future_drop(&self->nap.base);
    if (self->polls <= 21) ant_atomic_add(&ended, 1, ANT_RELAXED);
}

ANT_MUST_USE static struct bird bird(uint32_t seed)
{
    return (struct bird){ ANT_INIT(bird), .seed = seed };
}

// async fn flock(seed): spawns birds, aborts some, lets go of some, and waits
// for the others while it keeps the board moving.
struct flock {
    ant_future base;
    enum { FLOCK_START, FLOCK_WAITING, FLOCK_STIRRING } state;
    uint32_t seed;
    struct ant_join_handle bird[CROWD];
    struct ant_sleep nap;
};

static bool all_are_over(const struct flock *self)
{
    for (int i = 0; i < CROWD; i++) {
        if (!ant_task_is_finished(&self->bird[i])) return false;
    }
    return true;
}

ANT_ASYNC(flock)
{
    switch (self->state) {
    case FLOCK_START:
        for (uint32_t i = 0; i < CROWD; i++) {
            self->bird[i] = ant_spawn(bird(self->seed * CROWD + i));
            if (i % 5 == 0) ant_task_abort(&self->bird[i / 2]);
            if (i % 9 == 0) ant_task_detach(&self->bird[i / 3]);
        }
        return ANT_NEXT(FLOCK_WAITING);

    case FLOCK_WAITING:
        if (all_are_over(self)) {
            for (int i = 0; i < CROWD; i++)
                ant_task_detach(&self->bird[i]);
            return ANT_READY;
        }
        self->nap = ant_sleep(1);
        return ANT_NEXT(FLOCK_STIRRING);

    case FLOCK_STIRRING:
        ANT_AWAIT(self->nap);
        for (uint32_t i = 0; i < CROWD; i++)
            swap_waker(i, (ant_waker){ 0 });
        return ANT_NEXT(FLOCK_WAITING);
    }
    ANT_UNREACHABLE();
}

// ---- One storm ----

static void say_nothing(uint32_t task, const char *name,
                        const ant_failure *failure, void *arg)
{
    (void)task, (void)name, (void)failure, (void)arg;
}

static void say_finding(const ant_finding *finding, void *arg)
{
    (void)arg;
    printf("%s at event %llu: %s\n", finding->rule,
           (unsigned long long)finding->index, finding->text);
}

static int run(uint32_t seed, const char *path)
{
    const bool is_sim = seed % 2 == 0;
    const uint32_t workers = seed % 4 < 2 ? 2 : 4;
    (void)setenv("ANTFARM_TRACE", path, 1);
    const uint64_t blocks_before = ant_mem_live_count();
    const ant_runtime_desc desc = { .flavor = is_sim ? ANT_RUNTIME_SIM
                                                     : ANT_RUNTIME_MULTI,
                                    .worker_count = workers,
                                    .seed = seed,
                                    .lifo = ANT_LIFO_ON,
                                    .on_panic = say_nothing };
    ant_runtime *rt;
    if (ant_runtime_new(&desc, &rt) < 0) return 1;
    const struct flock birds = { ANT_INIT(flock), .seed = seed };
    const int err = ant_runtime_block_on(rt, birds);
    ant_runtime_free(rt);
    for (uint32_t i = 0; i < CROWD; i++)
        swap_waker(i, (ant_waker){ 0 });

    ant_reader_error error;
    const int64_t findings = ant_check_file(path, say_finding, NULL, &error);
    const uint64_t lost = ant_mem_live_count() - blocks_before;
    if (err == 0 && findings == 0 && lost == 0) return 0;
    printf(
        "seed %u on %u workers%s: result %d, %lld findings, %llu blocks lost; "
        "the trace is %s\n",
        seed, workers, is_sim ? " (sim)" : "", err, (long long)findings,
        (unsigned long long)lost, path);
    return 1;
}

int main(int argc, char **argv)
{
    const uint32_t rounds = (uint32_t)stress_size(ROUNDS_FULL, argc, argv);
    char path[64];
    (void)snprintf(path, sizeof path, "/tmp/antfarm-storms-%d.ant", getpid());
    for (uint32_t seed = 0; seed < rounds; seed++) {
        if (run(seed, path) != 0) return 1;
    }
    (void)unlink(path);
    const uint32_t begun = ant_atomic_load(&made, ANT_RELAXED);
    const uint32_t over = ant_atomic_load(&ended, ANT_RELAXED);
    printf("%u storms: %u birds began, %u ended\n", rounds, begun, over);
    return begun != over;
}
