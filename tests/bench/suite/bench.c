// SPDX-License-Identifier: MIT

#include "bench/suite/bench.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

// ---- One line of JSON ----

static int by_value(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *value, unsigned count)
{
    qsort(value, count, sizeof *value, by_value);
    const unsigned mid = count / 2;
    return count % 2 == 1 ? value[mid] : (value[mid - 1] + value[mid]) / 2;
}

static void print_extra(const bench_sample *warm_up, const bench_sample *sample,
                        unsigned reps, double *room)
{
    for (unsigned k = 0; k < sample[0].extra_count; k++) {
        const char *name = sample[0].extra[k].name;
        for (unsigned i = 0; i < reps; i++)
            room[i] = sample[i].extra[k].value;
        // What only fresh memory can tell, the warm-up has seen.
        const bool is_first = strncmp(name, "first_", 6) == 0;
        printf(",\"%s\":%.3f", name,
               is_first ? warm_up->extra[k].value : median(room, reps));
    }
}

static void print_line(const bench_args *args, uint64_t ops,
                       const bench_sample *warm_up, const bench_sample *sample)
{
    double *room = bench_alloc(args->reps, sizeof *room);
    for (unsigned i = 0; i < args->reps; i++)
        room[i] = sample[i].cpu_seconds;
    const double cpu = median(room, args->reps);
    for (unsigned i = 0; i < args->reps; i++)
        room[i] = sample[i].seconds;
    const double mid = median(room, args->reps);
    const double least = room[0];
    const double most = room[args->reps - 1];
    const double ns = 1e9 / (double)ops;

    printf("{\"peer\":\"antfarm\",\"version\":\"%s\",\"workload\":\"%s\","
           "\"flavor\":\"%s\",\"workers\":%u,\"ops\":%" PRIu64 ",\"reps\":%u,"
           "\"seconds\":%.6f,\"seconds_min\":%.6f,\"seconds_max\":%.6f,"
           "\"ns_per_op\":%.3f,\"ns_per_op_min\":%.3f,\"ns_per_op_max\":%.3f,"
           "\"cpu_seconds\":%.6f,\"cpu_ns_per_op\":%.3f,"
           "\"peak_rss_kib\":%" PRIu64,
           BENCH_VERSION, args->workload,
           args->workers == 0 ? "current_thread" : "multi_thread",
           args->workers, ops, args->reps, mid, least, most, mid * ns,
           least * ns, most * ns, cpu, cpu * ns, bench_peak_kib());
    print_extra(warm_up, sample, args->reps, room);
    printf("}\n");
    free(room);
}

void bench_run(const bench_args *args, uint64_t ops, bench_rep rep, void *arg)
{
    bench_sample *sample = bench_alloc(args->reps, sizeof *sample);
    bench_sample warm_up = { 0 };
    rep(arg, &warm_up);
    for (unsigned i = 0; i < args->reps; i++)
        rep(arg, &sample[i]);
    print_line(args, ops, &warm_up, sample);
    free(sample);
}

// ---- The stopwatch ----

double bench_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static double seconds_of(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

static double cpu_now(void)
{
    struct rusage used;
    getrusage(RUSAGE_SELF, &used);
    return seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
}

void bench_start(bench_sample *sample)
{
    sample->cpu_seconds = cpu_now();
    sample->seconds = bench_now();
}

void bench_stop(bench_sample *sample)
{
    sample->seconds = bench_now() - sample->seconds;
    sample->cpu_seconds = cpu_now() - sample->cpu_seconds;
}

void bench_add(bench_sample *sample, const char *name, double value)
{
    const unsigned k = sample->extra_count++;
    sample->extra[k].name = name;
    sample->extra[k].value = value;
}

// ---- Memory ----

// The number behind `key` in one of the kernel's files, in KiB.
static uint64_t field_of(const char *path, const char *key)
{
    FILE *file = fopen(path, "r");
    if (file == NULL) return 0;
    char line[256];
    uint64_t kib = 0;
    while (kib == 0 && fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, key, strlen(key)) == 0)
            kib = strtoull(line + strlen(key), NULL, 10);
    }
    fclose(file);
    return kib;
}

uint64_t bench_rss_kib(void)
{
    return field_of("/proc/self/smaps_rollup", "Rss:");
}

uint64_t bench_peak_kib(void)
{
    return field_of("/proc/self/status", "VmHWM:");
}

void *bench_alloc(size_t count, size_t size)
{
    void *memory = calloc(count != 0 ? count : 1, size);
    if (memory == NULL) bench_check(-ENOMEM, "memory");
    return memory;
}

void bench_check(int err, const char *what)
{
    if (err >= 0) return;
    fprintf(stderr, "antfarm-bench: %s: %s\n", what, ant_err_text(err));
    exit(1);
}

ant_runtime *bench_runtime(unsigned workers)
{
    const ant_runtime_desc desc = {
        .flavor = workers == 0 ? ANT_RUNTIME_CURRENT : ANT_RUNTIME_MULTI,
        .worker_count = workers,
    };
    ant_runtime *rt;
    bench_check(ant_runtime_new(&desc, &rt), "the runtime");
    return rt;
}

// ---- Work ----

// A chain of steps that each need the one before.
__attribute__((noinline)) uint64_t bench_busy(uint32_t iters, uint64_t seed)
{
    uint64_t x = seed | 1;
    for (uint32_t i = 0; i < iters; i++)
        x = (x ^ (x >> 29)) * UINT64_C(6364136223846793005);
    __asm__ volatile("" : "+r"(x));
    return x;
}

static double busy_seconds(uint64_t count)
{
    const double begin = bench_now();
    for (uint64_t i = 0; i < count; i++)
        bench_busy(BENCH_BUSY_ITERS, i);
    return bench_now() - begin;
}

static void *busy_thread(void *count)
{
    busy_seconds(*(const uint64_t *)count);
    return NULL;
}

double bench_calibrate(double *ret_scaling)
{
    const uint64_t count = 200000;
    uint64_t half = count / 2;
    busy_seconds(count / 4);
    const double one = busy_seconds(count);
    const double begin = bench_now();
    pthread_t thread;
    bench_check(-pthread_create(&thread, NULL, busy_thread, &half), "a thread");
    busy_seconds(half);
    pthread_join(thread, NULL);
    *ret_scaling = one / (bench_now() - begin);
    return one * 1e9 / (double)count;
}

// ---- Rounds ----

ANT_ASYNC(bench_rounds)
{
    switch (self->state) {
    case ROUNDS_SPAWN:
        if (self->rounds == 0) return ANT_READY;
        self->rounds--;
        self->joined = 0;
        for (uint64_t i = 0; i < self->count; i++)
            self->handle[i] = self->spawn(self->arg, i);
        return ANT_NEXT(ROUNDS_JOIN);

    case ROUNDS_JOIN:
        for (; self->joined < self->count; self->joined++) {
            struct ant_join_handle *next = &self->handle[self->joined];
            ANT_AWAIT(*next);
            bench_check(next->base.result, "a task");
        }
        return ANT_NEXT(ROUNDS_SPAWN);
    }
    ANT_UNREACHABLE();
}

struct bench_rounds
bench_rounds(uint64_t rounds, uint64_t count,
             struct ant_join_handle (*spawn)(void *, uint64_t), void *arg)
{
    return (struct bench_rounds){
        ANT_INIT(bench_rounds),
        .rounds = rounds,
        .count = count,
        .spawn = spawn,
        .arg = arg,
        .handle = bench_alloc(count, sizeof(struct ant_join_handle)),
    };
}

void bench_rounds_free(struct bench_rounds *rounds)
{
    free(rounds->handle);
}

void bench_time_rounds(ant_runtime *rt, const struct bench_rounds *rounds,
                       bench_sample *sample)
{
    bench_start(sample);
    bench_check(ant_runtime_block_on(rt, *rounds), "the rounds");
    bench_stop(sample);
}
