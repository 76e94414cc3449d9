// SPDX-License-Identifier: MIT

#include "sim/sim.h"

#include <errno.h>

#include "base/fiber.h"
#include "base/mem.h"
#include "base/rng.h"
#include "core/here.h"
#include "sim/net.h"
#include "time/clock.h"
#include "trace/trace.h"

// Only what is touched of it takes memory.
#define STACK_BYTES ((size_t)1024 * 1024)

typedef struct sim sim;

// A virtual thread. It runs, or its `turn` stands in one of the two lists.
typedef struct sim_thread {
    // fixed after it was made
    sim *world;
    ant_fiber *fiber;
    ant_os_thread_fn fn;
    void *arg;
    ant_list all; // in the simulator's list of threads to free

    // what is current on the OS thread while this one runs
    ant_here own_here;
    ant_here *here;
    uint32_t lane;

    // while it does not run
    ant_list turn;
    ant_parker *parker;   // it waits for this one's permit, or NULL
    uint64_t deadline_ns; // until then at most
    bool is_idle;         // and it looks after the timers

    struct sim_thread *joiner; // waits for its end
    bool has_ended;
} sim_thread;

struct sim {
    ant_driver driver; // first
    const char *home;  // identifies the OS thread
    ant_rng rng;
    uint64_t now_ns;
    sim_thread first; // the thread that made the simulator
    sim_thread *current;
    ant_list all;      // but the first
    ant_list runnable; // in the order in which they became so
    uint32_t runnable_count;
    ant_list waiting; // in the order in which they began to wait
    ant_sim_net *net;
};

static void thread_main(void *arg);
static void wait_until(sim *world, ant_parker *parker, uint64_t deadline_ns,
                       bool is_idle);
static void make_runnable(sim_thread *thread);
static sim_thread *choose(sim *world);
static void jump(sim *world);
static void go_on(sim *world, sim_thread *self);
static bool take_permit(ant_parker *parker);

static const ant_driver_ops sim_ops;
static _Thread_local const char os_thread;

int ant_sim_driver_new(uint64_t seed, ant_driver **ret_driver)
{
    sim *world = ant_mem_alloc(sizeof *world);
    if (world == NULL) return -ENOMEM;
    *world = (sim){
        .driver = { .ops = &sim_ops },
        .home = &os_thread,
        .rng = ant_rng_init(seed),
        .first = { .world = world, .fiber = ant_fiber_self() },
        .current = &world->first,
    };
    const int err = ant__sim_net_new(seed, &world->net);
    if (err < 0) {
        ant_mem_free(world);
        return err;
    }
    world->driver.net = &world->net->net;
    ant_list_init(&world->all);
    ant_list_init(&world->runnable);
    ant_list_init(&world->waiting);
    *ret_driver = &world->driver;
    return 0;
}

static sim *sim_of(ant_driver *driver)
{
    sim *world = (sim *)(void *)driver;
    if (world->home != &os_thread)
        ant__crash(__FILE__, __LINE__,
                   "a simulation is one OS thread, and another one used it");
    return world;
}

static void sim_free(ant_driver *driver)
{
    sim *world = sim_of(driver);
    ANT_ASSERT(world->current == &world->first);
    for (;;) { // ends with the list
        ant_list *link = ant_list_pop_front(&world->all);
        if (link == NULL) break;
        sim_thread *thread = ANT_CONTAINER_OF(link, sim_thread, all);
        ant_fiber_free(thread->fiber);
        ant_mem_free(thread);
    }
    ant__sim_net_free(world->net);
    ant_mem_free(world);
}

// ---- Threads ----

static int sim_thread_start(ant_driver *driver, const ant_thread_desc *desc,
                            ant_thread *ret_thread)
{
    sim *world = sim_of(driver);
    sim_thread *thread = ant_mem_alloc(sizeof *thread);
    if (thread == NULL) return -ENOMEM;
    *thread = (sim_thread){
        .world = world,
        .fn = desc->fn,
        .arg = desc->arg,
        .lane = desc->lane,
    };
    int err = ant_fiber_new(thread_main, thread, STACK_BYTES, &thread->fiber);
    if (err < 0) {
        ant_mem_free(thread);
        return err;
    }
    if (thread->lane == 0)
        thread->lane = ant_trace_lane_new(ANT_LANE_THREAD, 0, desc->name);
    ant_list_push_back(&world->all, &thread->all);
    make_runnable(thread);
    ret_thread->virtual_thread = thread;
    return 0;
}

static void thread_main(void *arg)
{
    sim_thread *self = arg;
    sim *world = self->world;
    ant__here_set(&self->own_here);
    ant_trace_lane_enter(self->lane);
    self->fn(self->arg);

    self->has_ended = true;
    if (self->joiner != NULL) make_runnable(self->joiner);
    // The fiber ends with this function and lands in the first thread's, which
    // passes the turn on (go_on).
    world->current = choose(world);
}

static void sim_thread_join(ant_driver *driver, ant_thread *joined)
{
    sim *world = sim_of(driver);
    sim_thread *thread = joined->virtual_thread;
    if (!thread->has_ended) {
        thread->joiner = world->current;
        wait_until(world, NULL, ANT_NS_NEVER, false);
    }
    ANT_ASSERT(thread->has_ended);
    ant_list_remove(&thread->all);
    ant_fiber_free(thread->fiber);
    ant_mem_free(thread);
}

// The thread's memory goes with the simulator.
static void sim_thread_detach(ant_driver *driver, ant_thread *thread)
{
    (void)driver, (void)thread;
}

static void sim_turn(ant_driver *driver)
{
    sim *world = sim_of(driver);
    wait_until(world, NULL, world->now_ns, false);
}

static void sim_sleep(ant_driver *driver, uint64_t ns)
{
    sim *world = sim_of(driver);
    wait_until(world, NULL, ant_clock_add(world->now_ns, ns), false);
}

// ---- Parking ----

static void sim_parker_init(ant_driver *driver, ant_parker *parker)
{
    (void)driver;
    *parker = (ant_parker){ 0 };
}

static void sim_parker_deinit(ant_driver *driver, ant_parker *parker)
{
    (void)driver;
    ANT_ASSERT(parker->thread == NULL);
}

static ant_unparked sim_park(ant_driver *driver, ant_parker *parker,
                             uint64_t deadline_ns)
{
    sim *world = sim_of(driver);
    if (take_permit(parker)) return ANT_UNPARKED_PERMIT;
    wait_until(world, parker, deadline_ns, false);
    return take_permit(parker) ? ANT_UNPARKED_PERMIT : ANT_UNPARKED_DEADLINE;
}

static ant_unparked sim_park_idle(ant_driver *driver, ant_parker *parker)
{
    sim *world = sim_of(driver);
    if (take_permit(parker)) return ANT_UNPARKED_PERMIT;
    wait_until(world, parker, ANT_NS_NEVER, true);
    if (take_permit(parker)) return ANT_UNPARKED_PERMIT;
    return ant__sim_net_next_ns(world->net) <= world->now_ns
               ? ANT_UNPARKED_EVENTS
               : ANT_UNPARKED_DEADLINE;
}

static void sim_unpark(ant_driver *driver, ant_parker *parker)
{
    (void)sim_of(driver);
    parker->has_permit = true;
    if (parker->thread != NULL) make_runnable(parker->thread);
}

static bool take_permit(ant_parker *parker)
{
    const bool had_permit = parker->has_permit;
    parker->has_permit = false;
    return had_permit;
}

// ---- Time and events ----

static uint64_t sim_now_ns(ant_driver *driver)
{
    return ((sim *)(void *)driver)->now_ns;
}

// The clock asks for the next timer when it is about to jump.
static void sim_timer_changed(ant_driver *driver)
{
    (void)driver;
}

static void sim_poll_events(ant_driver *driver)
{
    ant__sim_net_deliver(sim_of(driver)->net);
}

static void sim_handle_events(ant_driver *driver, ant_parker *parker)
{
    (void)parker;
    sim_poll_events(driver);
}

// Nobody else is in this world: what is not on its way will not come.
static bool sim_has_events(ant_driver *driver)
{
    return ant__sim_net_next_ns(sim_of(driver)->net) != ANT_NS_NEVER;
}

static void sim_shut_events(ant_driver *driver)
{
    ant__sim_net_shut(sim_of(driver)->net);
}

// ---- Taking turns ----

// Lets others run until the current thread's parker is unparked or its deadline
// comes. When that is now, it stays runnable, as one among others.
static void wait_until(sim *world, ant_parker *parker, uint64_t deadline_ns,
                       bool is_idle)
{
    sim_thread *self = world->current;
    self->parker = parker;
    self->deadline_ns = deadline_ns;
    self->is_idle = is_idle;
    if (deadline_ns <= world->now_ns) {
        make_runnable(self);
    } else {
        if (parker != NULL) parker->thread = self;
        ant_list_push_back(&world->waiting, &self->turn);
    }

    self->here = ant__here();
    self->lane = ant_trace_lane_here();
    world->current = choose(world);
    if (world->current == self) return;
    go_on(world, self);
    ant__here_set(self->here);
    ant_trace_lane_enter(self->lane);
}

// Runs others until it is the turn of `self`. It comes back more often on the
// fiber of the first thread, where all fibers land that end.
static void go_on(sim *world, sim_thread *self)
{
    while (world->current != self)
        ant_fiber_switch(world->current->fiber);
}

static void make_runnable(sim_thread *thread)
{
    sim *world = thread->world;
    if (thread->parker != NULL) thread->parker->thread = NULL;
    thread->parker = NULL;
    ant_list_remove(&thread->turn);
    ant_list_push_back(&world->runnable, &thread->turn);
    world->runnable_count++;
}

// Takes out the thread that runs next.
static sim_thread *choose(sim *world)
{
    if (world->runnable_count == 0) jump(world);
    const uint32_t count = world->runnable_count;
    uint32_t place = 0;
    if (count > 1) place = ant_rng_below(&world->rng, count);

    ant_list *link = world->runnable.next;
    for (uint32_t i = 0; i < place; i++)
        link = link->next;
    sim_thread *thread = ANT_CONTAINER_OF(link, sim_thread, turn);
    ant_list_remove(link);
    world->runnable_count--;
    if (count > 1) {
        ANT_TRACE(random, .use = ANT_RANDOM_WORKER, .value = place,
                  .below = count);
        ANT_TRACE(choice, .chosen = thread->lane, .of = count);
    }
    return thread;
}

// The one that looks after timers and the network: of those with nothing to do,
// the first.
static void set_timer_deadline(sim *world)
{
    const uint64_t timer_ns = world->driver.next_ns(world->driver.arg);
    const uint64_t packet_ns = ant__sim_net_next_ns(world->net);
    ant_list *link = world->waiting.next;
    for (; link != &world->waiting; link = link->next) {
        sim_thread *thread = ANT_CONTAINER_OF(link, sim_thread, turn);
        if (!thread->is_idle) continue;
        thread->deadline_ns = timer_ns < packet_ns ? timer_ns : packet_ns;
        return;
    }
}

// Nobody can run: the clock jumps to the first deadline, and all whose deadline
// that is can run again.
static void jump(sim *world)
{
    set_timer_deadline(world);
    uint64_t next_ns = ANT_NS_NEVER;
    ant_list *link = world->waiting.next;
    for (; link != &world->waiting; link = link->next) {
        sim_thread *thread = ANT_CONTAINER_OF(link, sim_thread, turn);
        if (thread->deadline_ns < next_ns) next_ns = thread->deadline_ns;
    }
    if (next_ns == ANT_NS_NEVER)
        ant__crash(__FILE__, __LINE__,
                   "the simulation is stuck: every virtual thread waits for "
                   "another one");
    if (world->now_ns < next_ns) world->now_ns = next_ns;
    world->net->now_ns = world->now_ns;

    for (link = world->waiting.next; link != &world->waiting;) {
        sim_thread *thread = ANT_CONTAINER_OF(link, sim_thread, turn);
        link = link->next;
        if (thread->deadline_ns <= world->now_ns) make_runnable(thread);
    }
}

static const ant_driver_ops sim_ops = {
    .now_ns = sim_now_ns,
    .parker_init = sim_parker_init,
    .parker_deinit = sim_parker_deinit,
    .park = sim_park,
    .park_idle = sim_park_idle,
    .handle_events = sim_handle_events,
    .unpark = sim_unpark,
    .timer_changed = sim_timer_changed,
    .poll_events = sim_poll_events,
    .has_events = sim_has_events,
    .shut_events = sim_shut_events,
    .thread_start = sim_thread_start,
    .thread_join = sim_thread_join,
    .thread_detach = sim_thread_detach,
    .turn = sim_turn,
    .sleep = sim_sleep,
    .free = sim_free,
};
