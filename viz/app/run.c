// SPDX-License-Identifier: MIT
//
// `antfarm run`: runs a program as a child with recording switched on through
// its environment, passes on its exit status, and says what to type next.

#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "app/app.h"
#include "app/child.h"
#include "app/commands.h"
#include "app/recording.h"
#include "base/macros.h"
#include "text/args.h"
#include "text/file.h"

typedef struct run_desc {
    const char *flavor;
    const char *level;
    const char *trace;
    const char *schedule;
    uint64_t workers;
    uint64_t seed;
    uint64_t spurious;
    bool has_seed;
    bool is_view;
} run_desc;

// Tells whether a file is still the same one.
typedef struct stamp {
    ino_t inode;
    struct timespec changed;
} stamp;

static int read_options(run_desc *run, int argc, char **argv);
static bool is_one_of(const char *value, const char *const *allowed,
                      const char *option);
static void set_environment(const run_desc *run, const char *path);
static void tell(const char *program, const char *path, const stamp *before,
                 int status);
static stamp stamp_of(const char *path);
static bool is_new(const char *path, const stamp *before);

int app_run(int argc, char **argv)
{
    run_desc run = { 0 };
    int status = read_options(&run, argc, argv);
    if (status >= 0) return status;
    char **program = argv + 1;
    char path[PATH_MAX];
    if (!app_recording_path(run.trace, program[0], path, sizeof path))
        return TEXT_BAD_INPUT;
    set_environment(&run, path);
    stamp before = stamp_of(path);
    status = app_child_run(&(app_child){ .argv = program });
    if (status < 0) {
        fprintf(stderr, "antfarm: %s: cannot be run: %s\n", program[0],
                strerror(-status));
        return TEXT_BAD_INPUT;
    }
    tell(program[0], path, &before, status);
    if (run.is_view && is_new(path, &before)) {
        char name[] = "view";
        char *view[] = { name, path, NULL };
        int view_status = app_view(2, view);
        if (status == 0) status = view_status;
    }
    return status;
}

static int read_options(run_desc *run, int argc, char **argv)
{
    const uint64_t unset = UINT64_MAX;
    run->seed = unset;
    const args_option options[] = {
        { "--flavor", ARGS_TEXT, "F", "current, multi or sim", &run->flavor },
        { "--workers", ARGS_NUMBER, "N", "how many workers", &run->workers },
        { "--seed", ARGS_NUMBER, "N", "the seed of all random choices",
          &run->seed },
        { "--spurious", ARGS_NUMBER, "N",
          "each N-th poll is followed by one for no reason; sim",
          &run->spurious },
        { "--schedule", ARGS_TEXT, "S",
          "which ready task goes next, as 2.1.3; with --flavor sim",
          &run->schedule },
        { "--trace", ARGS_TEXT, "FILE", "record into FILE (else PROGRAM.ant)",
          &run->trace },
        { "--level", ARGS_TEXT, "L", "sched, or full with nested futures",
          &run->level },
        { "--view", ARGS_FLAG, NULL, "open the recording afterwards",
          &run->is_view },
    };
    const args_command command = {
        .usage = "antfarm run [OPTIONS] PROGRAM [ARG...]",
        .meaning = "Runs a program and records it. Exit status: the "
                   "program's; 3 when it stalled, 128+N\nwhen signal N ended "
                   "it.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 1,
        .has_program = true,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    argv[plain + 1] = NULL;
    run->has_seed = run->seed != unset;
    const char *const flavors[] = { "current", "multi", "sim", NULL };
    const char *const levels[] = { "sched", "full", NULL };
    bool is_good = is_one_of(run->flavor, flavors, "--flavor") &&
                   is_one_of(run->level, levels, "--level");
    return is_good ? -1 : TEXT_BAD_INPUT;
}

// Says so when an option that was given has no such value.
static bool is_one_of(const char *value, const char *const *allowed,
                      const char *option)
{
    if (value == NULL) return true;
    for (int i = 0; allowed[i] != NULL; i++) {
        if (strcmp(value, allowed[i]) == 0) return true;
    }
    fprintf(stderr, "antfarm: %s cannot be %s; it is one of:", option, value);
    for (int i = 0; allowed[i] != NULL; i++)
        fprintf(stderr, " %s", allowed[i]);
    fputs("\n", stderr);
    return false;
}

static void set_environment(const run_desc *run, const char *path)
{
    setenv("ANTFARM_TRACE", path, 1);
    if (run->level != NULL) setenv("ANTFARM_TRACE_LEVEL", run->level, 1);
    if (run->flavor != NULL) setenv("ANTFARM_FLAVOR", run->flavor, 1);
    if (run->schedule != NULL) setenv("ANTFARM_SCHEDULE", run->schedule, 1);
    if (run->workers != 0) app_recording_set("ANTFARM_WORKERS", run->workers);
    if (run->spurious != 0)
        app_recording_set("ANTFARM_SPURIOUS", run->spurious);
    if (run->has_seed) app_recording_set("ANTFARM_SEED", run->seed);
}

static void tell(const char *program, const char *path, const stamp *before,
                 int status)
{
    if (!is_new(path, before)) {
        fprintf(stderr,
                "antfarm: %s recorded nothing; is it an Antfarm program?\n",
                program);
        return;
    }
    // Of a stall the program itself has said all, this too.
    if (status == TEXT_STALLED) return;
    fprintf(stderr, "antfarm: %ssee what happened with: antfarm view %s\n",
            status > 128 ? "the program was killed; " : "",
            app_recording_name(path));
}

// The recorder makes a new file also where one was.
static bool is_new(const char *path, const stamp *before)
{
    stamp now = stamp_of(path);
    return now.inode != before->inode ||
           now.changed.tv_sec != before->changed.tv_sec ||
           now.changed.tv_nsec != before->changed.tv_nsec;
}

static stamp stamp_of(const char *path)
{
    struct stat info;
    if (stat(path, &info) < 0) return (stamp){ 0 };
    return (stamp){ info.st_ino, info.st_ctim };
}
