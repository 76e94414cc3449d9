// SPDX-License-Identifier: MIT
//
// antfarm-bench: what the runtime's own work costs, one workload a run.

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/suite/bench.h"

static const bench_workload *const groups[] = {
    bench_of_spawning, bench_of_channels,  bench_of_locks,   bench_of_timers,
    bench_of_memory,   bench_of_combining, bench_of_threads, bench_of_sockets,
};

static const bench_workload *find(const char *name)
{
    for (size_t g = 0; g < ANT_ARRAY_LEN(groups); g++) {
        for (const bench_workload *w = groups[g]; w->name != NULL; w++)
            if (strcmp(w->name, name) == 0) return w;
    }
    return NULL;
}

static int usage(FILE *file, const char *problem, const char *what)
{
    if (problem != NULL)
        fprintf(file, "antfarm-bench: %s: %s\n", problem, what);
    fprintf(file,
            "usage: antfarm-bench WORKLOAD [--workers N] [--ops N] [--reps N] "
            "[--KEY N]...\n"
            "--workers 0 is the current-thread flavour; the standard is 2.\n"
            "An operation is, in the workload\n");
    for (size_t g = 0; g < ANT_ARRAY_LEN(groups); g++) {
        for (const bench_workload *w = groups[g]; w->name != NULL; w++)
            fprintf(file, "  %-18s %s\n", w->name, w->meaning);
    }
    return 2;
}

// A number, with `_` between its digits where one likes. False when it is none.
static bool number_of(const char *text, uint64_t *ret_number)
{
    uint64_t number = 0;
    if (*text == '\0' || strlen(text) > 18) return false;
    for (; *text != '\0'; text++) {
        if (*text == '_') continue;
        if (*text < '0' || *text > '9') return false;
        number = number * 10 + (uint64_t)(*text - '0');
    }
    *ret_number = number;
    return true;
}

uint64_t bench_option(const bench_args *args, const char *name,
                      uint64_t standard)
{
    uint64_t number = standard;
    for (int i = 0; i + 1 < args->option_count; i += 2) {
        if (strcmp(args->option[i] + 2, name) == 0)
            (void)number_of(args->option[i + 1], &number);
    }
    return number;
}

uint64_t bench_ops(const bench_args *args, uint64_t standard)
{
    return bench_option(args, "ops", standard);
}

int main(int argc, char **argv)
{
    if (argc < 2) return usage(stderr, "no workload", "name one");
    if (strcmp(argv[1], "--help") == 0) return usage(stdout, NULL, NULL) - 2;
    const bench_workload *workload = find(argv[1]);
    if (workload == NULL) return usage(stderr, "no such workload", argv[1]);

    uint64_t number;
    for (int i = 2; i < argc; i += 2) {
        if (strncmp(argv[i], "--", 2) != 0)
            return usage(stderr, "not an option", argv[i]);
        if (i + 1 == argc || !number_of(argv[i + 1], &number))
            return usage(stderr, "wants a number", argv[i]);
    }
    bench_args args = {
        .workload = workload->name,
        .option_count = argc - 2,
        .option = argv + 2,
    };
    args.workers = (unsigned)bench_option(&args, "workers", 2);
    args.reps = (unsigned)bench_option(&args, "reps", 5);
    if (args.reps == 0) args.reps = 1;
    workload->run(&args);
    return 0;
}
