// SPDX-License-Identifier: MIT
//
// `antfarm explore`: runs a program under one schedule after another, those
// with the fewest changes first, until one of them fails or all have been run.
// What it finds is recorded, so that it can be watched and repeated.

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/child.h"
#include "app/commands.h"
#include "app/recording.h"
#include "base/macros.h"
#include "explore/frontier.h"
#include "text/args.h"
#include "text/file.h"

#define RUNS_DEFAULT    2000
#define CHOICES_DEFAULT 200
#define SECONDS_DEFAULT 10

// What is looked for.
typedef enum wanted {
    WANTED_FAILURE, // anything but status 0 without a panic
    WANTED_STALL,
    WANTED_PANIC,
} wanted;

typedef struct search {
    // asked for
    char **program;
    const char *trace; // where to keep what was found
    wanted wanted;
    uint64_t runs_max;
    uint64_t choices_max;
    uint64_t seconds;
    // so far
    explore_frontier frontier;
    char schedule[EXPLORE_TEXT_MAX];
    char path[PATH_MAX]; // of the recording of the current run
    uint64_t runs;
    uint32_t panicked; // the task, of the current run
    int status;        // its exit status
} search;

static int read_options(search *self, int argc, char **argv);
static int look(search *self, bool *ret_is_found);
static int run_once(search *self);
static bool is_wanted(const search *self);
static int tell_unfound(const search *self);
static int tell_found(search *self);
static const char *describe(const search *self, char *buf, size_t size);
static void show_progress(const search *self);

int app_explore(int argc, char **argv)
{
    static search self; // too large for the stack
    self = (search){ .runs_max = RUNS_DEFAULT,
                     .choices_max = CHOICES_DEFAULT,
                     .seconds = SECONDS_DEFAULT };
    int status = read_options(&self, argc, argv);
    if (status >= 0) return status;
    char directory[PATH_MAX];
    if (!app_recording_temporary(directory, sizeof directory))
        return TEXT_BAD_INPUT;
    app_recording_join(directory, "run.ant", self.path, sizeof self.path);
    bool is_found = false;
    status = look(&self, &is_found);
    unlink(self.path);
    rmdir(directory);
    if (status < 0) status = is_found ? tell_found(&self) : tell_unfound(&self);
    explore_frontier_deinit(&self.frontier);
    return status;
}

static int read_options(search *self, int argc, char **argv)
{
    const char *until = "failure";
    uint64_t seed = 0;
    uint64_t workers = 1;
    const args_option options[] = {
        { "--until", ARGS_TEXT, "WHAT",
          "failure (else), stall, or panic: what to look for", &until },
        { "--runs", ARGS_NUMBER, "N", "run at most N schedules (else 2000)",
          &self->runs_max },
        { "--choices", ARGS_NUMBER, "N",
          "change only the first N choices (else 200)", &self->choices_max },
        { "--seconds", ARGS_NUMBER, "N",
          "a run that takes longer has failed (else 10)", &self->seconds },
        { "--seed", ARGS_NUMBER, "N", "for everything else that is random",
          &seed },
        { "--workers", ARGS_NUMBER, "N", "how many workers (else 1)",
          &workers },
        { "--trace", ARGS_TEXT, "FILE",
          "record what is found into FILE (else PROGRAM.ant)", &self->trace },
    };
    const args_command command = {
        .usage = "antfarm explore [OPTIONS] PROGRAM [ARG...]",
        .meaning =
            "Runs a program in the simulator under every schedule, those with "
            "the fewest changes\nfirst, until one fails. Exit status: 0 none "
            "failed, 1 one did, 2 it cannot be run.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 1,
        .has_program = true,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    argv[plain + 1] = NULL;
    self->program = argv + 1;
    const char *const names[] = { "failure", "stall", "panic" };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(names); i++) {
        if (strcmp(until, names[i]) != 0) continue;
        self->wanted = (wanted)i;
        if (self->choices_max > EXPLORE_CHOICE_MAX)
            self->choices_max = EXPLORE_CHOICE_MAX;
        app_recording_simulate(seed, workers);
        return -1;
    }
    fprintf(stderr,
            "antfarm: --until cannot be %s; it is one of: failure stall "
            "panic\n",
            until);
    return TEXT_BAD_INPUT;
}

// -1 when it has looked, else the exit status after a line on stderr.
static int look(search *self, bool *ret_is_found)
{
    explore_frontier *frontier = &self->frontier;
    int err = explore_frontier_init(frontier, (uint32_t)self->choices_max);
    while (err == 0 && self->runs < self->runs_max &&
           explore_frontier_next(frontier, self->schedule,
                                 sizeof self->schedule)) {
        explore_trail trail = { 0 };
        ant_reader_error error = { 0 };
        int status = run_once(self);
        if (status >= 0) return status;
        err = explore_trail_read(self->path, &trail, &error);
        if (err < 0) {
            fprintf(stderr,
                    "antfarm: %s recorded nothing; is it an Antfarm program?\n",
                    self->program[0]);
            return TEXT_BAD_INPUT;
        }
        self->panicked = trail.panicked;
        *ret_is_found = is_wanted(self);
        if (!*ret_is_found) err = explore_frontier_grow(frontier, &trail);
        explore_trail_deinit(&trail);
        if (*ret_is_found) return -1;
        show_progress(self);
    }
    if (err == 0) return -1;
    fputs("antfarm: not enough memory for so many schedules; try --choices\n",
          stderr);
    return TEXT_BAD_INPUT;
}

// -1 to go on, else the exit status after a line on stderr.
static int run_once(search *self)
{
    setenv("ANTFARM_SCHEDULE", self->schedule, 1);
    setenv("ANTFARM_TRACE", self->path, 1);
    unlink(self->path);
    const app_child child = { .argv = self->program,
                              .is_quiet = true,
                              .seconds_max = (unsigned)self->seconds };
    self->status = app_child_run(&child);
    self->runs++;
    if (self->status >= 0 || self->status == -ETIMEDOUT) return -1;
    fprintf(stderr, "antfarm: %s: cannot be run: %s\n", self->program[0],
            strerror(-self->status));
    return TEXT_BAD_INPUT;
}

static bool is_wanted(const search *self)
{
    switch (self->wanted) {
    case WANTED_FAILURE:
        return self->status != 0 || self->panicked != 0;
    case WANTED_STALL:
        return self->status == TEXT_STALLED;
    case WANTED_PANIC:
        return self->panicked != 0;
    }
    return false;
}

// ---- What is said ----

static int tell_unfound(const search *self)
{
    const explore_frontier *frontier = &self->frontier;
    char runs[32];
    text_count(runs, sizeof runs, self->runs);
    const bool is_all = frontier->next == frontier->count && !frontier->is_cut;
    if (is_all) {
        printf("%s schedule%s, and there are no others: none of them %s.\n",
               runs, self->runs == 1 ? "" : "s",
               self->wanted == WANTED_STALL   ? "stalls"
               : self->wanted == WANTED_PANIC ? "panics"
                                              : "fails");
        return TEXT_FINE;
    }
    char left[32];
    text_count(left, sizeof left, frontier->count - frontier->next);
    printf("%s schedule%s run, and nothing was found; %s more are known: try "
           "--runs.\n",
           runs, self->runs == 1 ? "" : "s", left);
    return TEXT_FINE;
}

// Runs it once more, so that it is recorded in full and speaks for itself.
static int tell_found(search *self)
{
    char what[64];
    describe(self, what, sizeof what);
    const uint32_t changes = explore_frontier_changes(&self->frontier);
    printf("Run %" PRIu64 " %s, with %" PRIu32
           " choice%s unlike the usual order.\n"
           "Schedule: %s\n",
           self->runs, what, changes, changes == 1 ? "" : "s",
           self->schedule[0] != '\0' ? self->schedule : "(the usual one)");
    fflush(stdout);
    char path[PATH_MAX];
    if (!app_recording_path(self->trace, self->program[0], path, sizeof path))
        return TEXT_BAD_INPUT;
    setenv("ANTFARM_TRACE", path, 1);
    setenv("ANTFARM_TRACE_LEVEL", "full", 1);
    const app_child child = { .argv = self->program,
                              .seconds_max = (unsigned)self->seconds };
    (void)app_child_run(&child);
    printf("Again: antfarm run --flavor sim --schedule '%s'", self->schedule);
    for (char **word = self->program; *word != NULL; word++)
        printf(" %s", *word);
    printf("\nWatch: antfarm view %s\n", app_recording_name(path));
    return TEXT_FINDING;
}

static const char *describe(const search *self, char *buf, size_t size)
{
    if (self->status == -ETIMEDOUT)
        snprintf(buf, size, "did not end within %" PRIu64 " s", self->seconds);
    else if (self->status == TEXT_STALLED)
        snprintf(buf, size, "stalled");
    else if (self->panicked != 0)
        snprintf(buf, size, "had a panic in task %" PRIu32, self->panicked);
    else if (self->status > 128)
        snprintf(buf, size, "was ended by signal %d", self->status - 128);
    else
        snprintf(buf, size, "ended with status %d", self->status);
    return buf;
}

static void show_progress(const search *self)
{
    if (self->runs % 50 != 0 || !isatty(STDERR_FILENO)) return;
    fprintf(stderr, "\r%" PRIu64 " runs, %" PRIu32 " known schedules left \r",
            self->runs, self->frontier.count - self->frontier.next);
}
