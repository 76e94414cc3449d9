// SPDX-License-Identifier: MIT
//
// One program on the runtimes that Rust programmers choose from. Here there is
// one runtime, and what makes the others is how it is set up and how a program
// enters it:
//
//   tokio      the program makes a runtime and gives it a root task; workers
//              are threads, and what was woken last runs next
//   async-std  one runtime for the whole program, found by itself wherever
//              something is spawned; first woken, first run
//   smol       no thread but the caller's, which is the worker while it waits
//   smol local the same, with tasks that never leave the thread
//
// The result is the same in all of them; the order of tasks is promised by
// none. Set ANTFARM_FLAVOR=sim and all of them run in virtual time; a name as
// the argument runs that one alone, which a recording wants, as it holds one
// runtime's life.

#include <antfarm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TASKS 3

static _Thread_local bool is_main_thread; // set in main

// async fn square(of): the same future in every runtime.
struct square {
    ant_future base;
    enum { SQUARE_START, SQUARE_SLEEPING } state;
    unsigned of;
    bool is_on_main;
    struct ant_sleep sleep;
};

ANT_ASYNC(square)
{
    switch (self->state) {
    case SQUARE_START:
        self->is_on_main = is_main_thread;
        self->sleep = ant_sleep(100); // task::sleep, Timer::after
        return ANT_NEXT(SQUARE_SLEEPING);
    case SQUARE_SLEEPING:
        ANT_AWAIT(self->sleep);
        self->of *= self->of;
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

// async fn sum(): spawns three tasks and adds their results up.
struct sum {
    ant_future base;
    enum { SUM_START, SUM_JOINING } state;
    bool is_local;
    struct square squares[TASKS]; // as they were at their end
    struct ant_join_handle tasks[TASKS];
    struct ant_join all;
};

static struct ant_join_handle spawn(struct sum *self, unsigned i)
{
    struct square future = ANT_FUTURE(square, .of = i + 1);
    return self->is_local ? ant_spawn_local_into(&self->squares[i], future)
                          : ant_spawn_into(&self->squares[i], future);
}

static void print_sum(const struct sum *self)
{
    unsigned total = 0;
    int on_main = 0;
    for (unsigned i = 0; i < TASKS; i++) {
        total += self->squares[i].of;
        on_main += self->squares[i].is_on_main;
    }
    printf("sum %u, %d of %d tasks on main's thread\n", total, on_main, TASKS);
}

ANT_ASYNC(sum)
{
    switch (self->state) {
    case SUM_START:
        for (unsigned i = 0; i < TASKS; i++)
            self->tasks[i] = spawn(self, i);
        self->all = ant_join(&self->tasks[0].base, &self->tasks[1].base,
                             &self->tasks[2].base);
        return ANT_NEXT(SUM_JOINING);
    case SUM_JOINING:
        ANT_AWAIT(self->all);
        for (int i = 0; i < TASKS; i++)
            if (self->tasks[i].base.result < 0)
                return ANT_FAIL(self->tasks[i].base.result);
        print_sum(self);
        return ANT_READY;
    }
    ANT_UNREACHABLE();
}

ANT_CONSTRUCTOR(sum)

// ---- The set-ups ----

// #[tokio::main] and smol::block_on(sum()): the sum is the root task.
static int block_on(ant_runtime *runtime)
{
    return ant_runtime_block_on(runtime, sum());
}

// #[async_std::main]: the global runtime is where plain threads are too, and so
// task::spawn needs no runtime. Then task::block_on(handle).
static int async_std(ant_runtime *global)
{
    ant_runtime *outer = ant_runtime_enter(global);
    struct ant_join_handle task = ant_spawn(sum());
    ant_runtime_leave(outer);
    return ant_runtime_block_on(global, task);
}

// smol::block_on(LocalExecutor::run(sum())).
static int smol_local(ant_runtime *runtime)
{
    return ant_runtime_block_on(runtime, ANT_FUTURE(sum, .is_local = true));
}

typedef struct preset {
    const char *name;
    int (*run)(ant_runtime *runtime);
    ant_runtime_desc desc;
} preset;

static const preset presets[] = {
    { "tokio", block_on, { .flavor = ANT_RUNTIME_MULTI, .lifo = ANT_LIFO_ON } },
    { "async-std",
      async_std,
      { .flavor = ANT_RUNTIME_MULTI,
        .lifo = ANT_LIFO_OFF,
        .thread_name = "async-std" } },
    { "smol", block_on, { .flavor = ANT_RUNTIME_CURRENT } },
    { "smol local", smol_local, { .flavor = ANT_RUNTIME_CURRENT } },
};

// Makes the preset's runtime, runs the program in it, and frees it.
static int run(const preset *with)
{
    ant_runtime_desc desc = with->desc;
    ant_runtime *runtime;
    if (getenv("ANTFARM_FLAVOR") != NULL) desc.flavor = ANT_RUNTIME_DEFAULT;
    int err = ant_runtime_new(&desc, &runtime);
    if (err < 0) return err;
    printf("%-10s ", with->name);
    err = with->run(runtime);
    ant_runtime_free(runtime);
    return err;
}

int main(int argc, char **argv)
{
    const size_t count = sizeof presets / sizeof *presets;
    bool is_known = false;
    is_main_thread = true;
    for (size_t i = 0; i < count; i++) {
        if (argc > 1 && strcmp(argv[1], presets[i].name) != 0) continue;
        is_known = true;
        int err = run(&presets[i]);
        if (err < 0) {
            fprintf(stderr, "presets: %s: %s\n", presets[i].name,
                    ant_err_text(err));
            return 1;
        }
    }
    if (is_known) return 0;
    fprintf(stderr,
            "presets: no set-up \"%s\"; try tokio, async-std, smol or "
            "\"smol local\"\n",
            argv[1]);
    return 2;
}
