// SPDX-License-Identifier: MIT
//
// The frame of antfarm-bench: arguments, repetitions, statistics, and the one
// line of JSON that says how a workload went. A workload is a function that
// makes a runtime, and hands over one repetition of itself to be timed. Their
// names and meanings are the same in the programs of other runtimes, so that
// all can be run side by side.

#ifndef ANT_TESTS_BENCH_H
#define ANT_TESTS_BENCH_H

#include <errno.h>
#include <stdint.h>

#include "antfarm.h"

typedef struct bench_args {
    const char *workload;
    unsigned workers; // 0: the current-thread flavour
    unsigned reps;
    int option_count;
    char *const
        *option; // "--name", value, "--name", value, all of them numbers
} bench_args;

#define BENCH_EXTRA_MAX 8

// What one repetition took, and whatever else the workload measured.
typedef struct bench_sample {
    double seconds;
    double cpu_seconds;
    unsigned extra_count;
    struct {
        const char
            *name; // "first_…": the warm-up's value is the one that counts
        double value;
    } extra[BENCH_EXTRA_MAX];
} bench_sample;

typedef void (*bench_rep)(void *arg, bench_sample *sample);

// Warms up once, runs the repetitions and prints the line. `ops` is how many
// operations one repetition is.
void bench_run(const bench_args *args, uint64_t ops, bench_rep rep, void *arg);

// The stopwatch, for use in a repetition.
void bench_start(bench_sample *sample);
void bench_stop(bench_sample *sample);
void bench_add(bench_sample *sample, const char *name, double value);

// Operations asked for, or `standard`; the value of --name, or `standard`.
uint64_t bench_ops(const bench_args *args, uint64_t standard);
uint64_t bench_option(const bench_args *args, const char *name,
                      uint64_t standard);

// A runtime as the arguments want it; `workers` 0 is the current thread.
ant_runtime *bench_runtime(unsigned workers);

// Memory that must be there.
void *bench_alloc(size_t count, size_t size);

// Ends the program when `err` is an error: a benchmark has nothing to say then.
void bench_check(int err, const char *what);

double bench_now(void);        // seconds, monotonic
uint64_t bench_rss_kib(void);  // resident now
uint64_t bench_peak_kib(void); // at most so far

// About 0.75 us of work that no optimizer removes, and how long it and two
// plain threads take: `ret_scaling` is how much faster two are than one.
#define BENCH_BUSY_ITERS 600
uint64_t bench_busy(uint32_t iters, uint64_t seed);
double bench_calibrate(double *ret_scaling);

// Rounds of the same thing, which most workloads are: spawn `count` tasks, then
// join them all. `spawn` starts the i-th of a round.
struct bench_rounds {
    ant_future base;
    enum { ROUNDS_SPAWN, ROUNDS_JOIN } state;
    uint64_t rounds;
    uint64_t count;
    uint64_t joined;
    struct ant_join_handle (*spawn)(void *arg, uint64_t i);
    void *arg;
    struct ant_join_handle *handle; // room for `count`
};

struct bench_rounds
bench_rounds(uint64_t rounds, uint64_t count,
             struct ant_join_handle (*spawn)(void *, uint64_t), void *arg);
void bench_rounds_free(struct bench_rounds *rounds);

// Times a fresh copy of `rounds` as a task of `rt`.
void bench_time_rounds(ant_runtime *rt, const struct bench_rounds *rounds,
                       bench_sample *sample);

// One row of the table of workloads.
typedef struct bench_workload {
    const char *name;
    void (*run)(const bench_args *args);
    const char *meaning; // of an operation
} bench_workload;

// The workloads of each file; the last row is {0}.
extern const bench_workload bench_of_spawning[];
extern const bench_workload bench_of_channels[];
extern const bench_workload bench_of_locks[];
extern const bench_workload bench_of_timers[];
extern const bench_workload bench_of_combining[];
extern const bench_workload bench_of_memory[];
extern const bench_workload bench_of_sockets[];
extern const bench_workload bench_of_threads[];

#endif
