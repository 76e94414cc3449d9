// SPDX-License-Identifier: MIT

#include "model/explore.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "base/atomic.h"
#include "base/block.h"
#include "base/fiber.h"
#include "base/os.h"

#define DEPTH_MAX 2000

typedef struct thread {
    ant_fiber *fiber;
    void (*body)(void);
    bool is_done;
    bool (*can_go)(const void *arg); // NULL: it does not wait
    const void *arg;
} thread;

// A place where there was more than one way to go on.
typedef struct fork_in_road {
    unsigned char chosen;
    unsigned char count;
} fork_in_road;

static struct {
    const explore_scenario *scenario;
    thread thread[EXPLORE_THREADS_MAX];
    unsigned thread_count;
    ant_fiber *main;
    // of this run
    bool is_running;
    unsigned current;
    unsigned preemptions;
    unsigned long turns;
    const char *failure;
    // the path: what is chosen again, and then the first of each fork
    fork_in_road path[DEPTH_MAX];
    unsigned path_len;
    unsigned depth;
} explorer;

static void start(const explore_scenario *scenario);
static void stop(void);
static void run_once(void);
static bool next_path(void);
static void print_path(size_t number, const char *program);
static bool parse_path(const char *text);

// ---- The program ----

static bool explore(const explore_scenario *scenario, size_t number,
                    const char *program)
{
    const clock_t begin = clock();
    unsigned long runs = 0;
    start(scenario);
    explorer.path_len = 0;
    do {
        run_once();
        runs++;
    } while (explorer.failure == NULL && next_path());
    const double seconds = (double)(clock() - begin) / CLOCKS_PER_SEC;
    printf("%-40s %9lu orders, %.2f s, preemptions %u: %s\n", scenario->name,
           runs, seconds, scenario->preemptions_max,
           explorer.failure != NULL ? explorer.failure : "fine");
    const bool is_fine = explorer.failure == NULL;
    if (!is_fine) print_path(number, program);
    stop();
    return is_fine;
}

static int replay(const explore_scenario *scenario, const char *path)
{
    start(scenario);
    if (!parse_path(path)) {
        (void)fprintf(stderr, "not a path: %s\n", path);
        return 2;
    }
    run_once();
    printf("%s, one order: %s\n", scenario->name,
           explorer.failure != NULL ? explorer.failure : "fine");
    const bool is_fine = explorer.failure == NULL;
    stop();
    return is_fine ? 0 : 1;
}

int explore_main(const explore_scenario *scenarios, size_t count, int argc,
                 char **argv)
{
    if (argc == 3) {
        const size_t number = strtoul(argv[1], NULL, 10);
        if (number >= 1 && number <= count)
            return replay(&scenarios[number - 1], argv[2]);
    }
    if (argc != 1) {
        (void)fprintf(stderr, "usage: %s [SCENARIO PATH]\n", argv[0]);
        return 2;
    }
    bool is_fine = true;
    for (size_t i = 0; i < count; i++)
        is_fine = explore(&scenarios[i], i + 1, argv[0]) && is_fine;
    return is_fine ? 0 : 1;
}

// ---- Choosing ----

static bool is_runnable(const thread *t)
{
    return t->body != NULL && !t->is_done &&
           (t->can_go == NULL || t->can_go(t->arg));
}

// Who goes on: always the same one along the same path. NULL: nobody can.
static thread *choose(void)
{
    thread *way[EXPLORE_THREADS_MAX];
    unsigned count = 0;
    thread *const current = &explorer.thread[explorer.current];
    const bool can_stay = is_runnable(current);
    const bool may_preempt =
        explorer.preemptions < explorer.scenario->preemptions_max;
    if (can_stay) way[count++] = current;
    for (unsigned i = 0; i < explorer.thread_count; i++) {
        thread *const other = &explorer.thread[i];
        if (other == current || !is_runnable(other)) continue;
        if (!can_stay || may_preempt) way[count++] = other;
    }
    if (count < 2) return count == 1 ? way[0] : NULL;

    if (explorer.depth == DEPTH_MAX) explore_fail("it does not end");
    fork_in_road *fork = &explorer.path[explorer.depth++];
    if (explorer.depth > explorer.path_len) {
        explorer.path_len = explorer.depth;
        fork->chosen = 0;
    }
    fork->count = (unsigned char)count;
    thread *const chosen = way[fork->chosen < count ? fork->chosen : 0];
    if (can_stay && chosen != current) explorer.preemptions++;
    return chosen;
}

// The next path in the order of a depth-first walk.
static bool next_path(void)
{
    explorer.path_len = explorer.depth;
    while (explorer.path_len > 0) {
        fork_in_road *last = &explorer.path[explorer.path_len - 1];
        if (++last->chosen < last->count) return true;
        explorer.path_len--;
    }
    return false;
}

static void print_path(size_t number, const char *program)
{
    printf("    repeat: %s %zu ", program, number);
    for (unsigned i = 0; i < explorer.depth; i++)
        printf("%s%u", i > 0 ? "." : "", explorer.path[i].chosen);
    printf("%s\n", explorer.depth == 0 ? "0" : "");
}

static bool parse_path(const char *text)
{
    explorer.path_len = 0;
    while (*text != '\0' && explorer.path_len < DEPTH_MAX) {
        char *end;
        const unsigned long value = strtoul(text, &end, 10);
        if (end == text || value >= EXPLORE_THREADS_MAX) return false;
        explorer.path[explorer.path_len++].chosen = (unsigned char)value;
        text = *end == '.' ? end + 1 : end;
    }
    return *text == '\0';
}

// ---- Running ----

static void go_to(thread *t)
{
    explorer.current = (unsigned)(t - explorer.thread);
    explorer.turns++;
    t->can_go = NULL;
    ant_fiber_switch(t->fiber);
}

static bool all_done(void)
{
    for (unsigned i = 0; i < explorer.thread_count; i++) {
        if (!explorer.thread[i].is_done) return false;
    }
    return true;
}

// The body of a thread is over: somebody else goes on, or the run is over and
// is judged.
static void leave(void)
{
    thread *const self = &explorer.thread[explorer.current];
    self->is_done = true;
    if (all_done()) {
        explorer.is_running = false;
        if (explorer.scenario->check != NULL) explorer.scenario->check();
        ant_fiber_switch(explorer.main);
        return;
    }
    thread *const next = choose();
    if (next == NULL) explore_fail("a deadlock: all who are left wait");
    go_to(next);
}

// A fiber serves its thread in all runs, one after the other.
static void thread_main(void *arg)
{
    thread *const self = arg;
    for (;;) { // until the explorer stops
        self->body();
        leave();
    }
}

static void run_once(void)
{
    explorer.failure = NULL;
    explorer.preemptions = 0;
    explorer.depth = 0;
    for (unsigned i = 0; i < explorer.thread_count; i++) {
        explorer.thread[i].is_done = false;
        explorer.thread[i].can_go = NULL;
    }
    explorer.scenario->set_up();
    explorer.is_running = true;
    explorer.current = 0;
    go_to(&explorer.thread[0]);
}

static void on_crash(const char *file, int line, const char *what)
{
    static char text[200];
    (void)snprintf(text, sizeof text, "%s:%d: %s", file, line, what);
    explore_fail(text);
}

static void start(const explore_scenario *scenario)
{
    explorer.scenario = scenario;
    explorer.main = ant_fiber_self();
    explorer.thread_count = 0;
    ant__crash_hook_set(on_crash);
    for (unsigned i = 0; i < EXPLORE_THREADS_MAX; i++) {
        if (scenario->threads[i] == NULL) break;
        thread *const t = &explorer.thread[explorer.thread_count++];
        *t = (thread){ .body = scenario->threads[i] };
        if (ant_fiber_new(thread_main, t, 0, &t->fiber) < 0) abort();
    }
}

static void stop(void)
{
    for (unsigned i = 0; i < explorer.thread_count; i++)
        ant_fiber_free(explorer.thread[i].fiber);
}

void explore_fail(const char *why)
{
    explorer.is_running = false;
    explorer.failure = why;
    ant_fiber_switch(explorer.main);
    abort(); // nobody comes back to a run that failed
}

// ---- What happens at a step ----

void explore_step(void)
{
    if (!explorer.is_running) return;
    thread *const self = &explorer.thread[explorer.current];
    thread *const next = choose();
    if (next != self) go_to(next);
}

void explore_wait(bool (*can_go)(const void *arg), const void *arg)
{
    if (!explorer.is_running) return;
    explore_step();
    if (can_go(arg)) return;
    thread *const self = &explorer.thread[explorer.current];
    self->can_go = can_go;
    self->arg = arg;
    thread *const next = choose();
    if (next == NULL) explore_fail("a deadlock: all who are left wait");
    go_to(next);
}

// ---- Spinning ----

static bool has_moved(const void *arg)
{
    return explorer.turns != *(const unsigned long *)arg;
}

// Whoever spins goes on when another thread has had a turn.
void ant_os_cpu_relax(void)
{
    const unsigned long now = explorer.turns;
    explore_wait(has_moved, &now);
}

void ant_os_yield(void)
{
    ant_os_cpu_relax();
}

// ---- Locks ----

static bool is_free(const void *arg)
{
    return !((const ant_os_mutex *)arg)->is_locked;
}

void ant_os_mutex_init(ant_os_mutex *mutex)
{
    mutex->is_locked = false;
}

void ant_os_mutex_deinit(ant_os_mutex *mutex)
{
    (void)mutex;
}

void ant_os_mutex_lock(ant_os_mutex *mutex)
{
    explore_wait(is_free, mutex);
    mutex->is_locked = true;
}

void ant_os_mutex_unlock(ant_os_mutex *mutex)
{
    explore_step();
    mutex->is_locked = false;
}

// ---- Recycled blocks (base/block.h), of which no model makes any ----

void ant__block_counts(uint64_t *ret_alloc_count, uint64_t *ret_free_count)
{
    *ret_alloc_count = *ret_free_count = 0;
}
