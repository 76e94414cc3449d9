// SPDX-License-Identifier: MIT
//
// `antfarm explore`: runs a program under one schedule after another, those
// with the fewest changes first, until one of them fails or all have been run.
// What it finds is recorded, so that it can be watched and repeated.

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/recording.h"
#include "app/trial.h"
#include "base/macros.h"
#include "explore/frontier.h"
#include "query/query.h"
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
    WANTED_ANSWER, // a question to the trace is answered with true
} wanted;

typedef struct search {
    // asked for
    app_trial trial;
    const char *trace; // where to keep what was found
    wanted wanted;
    ant_query *query; // for WANTED_ANSWER
    uint64_t runs_max;
    uint64_t choices_max;
    // so far
    explore_frontier frontier;
    char schedule[EXPLORE_TEXT_MAX];
    uint64_t runs;
} search;

static int read_options(search *self, int argc, char **argv);
static int read_wanted(search *self, const char *until);
static int look(search *self, bool *ret_is_found);
static bool is_wanted(const search *self);
static bool is_true(const search *self);
static int tell_unfound(const search *self);
static int tell_found(search *self);
static void show_progress(const search *self);

int app_explore(int argc, char **argv)
{
    static search self; // too large for the stack
    self = (search){ .runs_max = RUNS_DEFAULT,
                     .choices_max = CHOICES_DEFAULT,
                     .trial = { .output = "/dev/null" } };
    int status = read_options(&self, argc, argv);
    if (status >= 0) return status;
    char directory[PATH_MAX];
    char path[PATH_MAX];
    if (!app_recording_temporary(directory, sizeof directory))
        return TEXT_BAD_INPUT;
    app_recording_join(directory, "run.ant", path, sizeof path);
    self.trial.trace = path;
    bool is_found = false;
    status = look(&self, &is_found);
    unlink(path);
    rmdir(directory);
    if (status < 0) status = is_found ? tell_found(&self) : tell_unfound(&self);
    explore_frontier_deinit(&self.frontier);
    query_free(self.query);
    app_trial_deinit(&self.trial);
    return status;
}

static int read_options(search *self, int argc, char **argv)
{
    const char *until = "failure";
    uint64_t seed = 0;
    uint64_t workers = 1;
    uint64_t seconds = SECONDS_DEFAULT;
    const args_option options[] = {
        { "--until", ARGS_TEXT, "WHAT",
          "look for a failure (else), a stall, a panic, or a run of which "
          "this question is true, as in antfarm query",
          &until },
        { "--runs", ARGS_NUMBER, "N", "run at most N schedules (else 2000)",
          &self->runs_max },
        { "--choices", ARGS_NUMBER, "N",
          "change only the first N choices (else 200)", &self->choices_max },
        { "--seconds", ARGS_NUMBER, "N",
          "a run that takes longer has failed (else 10)", &seconds },
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
            "was found, 1 one was, 2 it cannot be run.",
        .option = options,
        .option_count = (int)ANT_ARRAY_LEN(options),
        .plain_min = 1,
        .has_program = true,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;
    argv[plain + 1] = NULL;
    self->trial.program = argv + 1;
    self->trial.seconds_max = (unsigned)seconds;
    if (self->choices_max > EXPLORE_CHOICE_MAX)
        self->choices_max = EXPLORE_CHOICE_MAX;
    app_recording_simulate(seed, workers);
    return read_wanted(self, until);
}

static int read_wanted(search *self, const char *until)
{
    const char *const names[] = { "failure", "stall", "panic" };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(names); i++) {
        if (strcmp(until, names[i]) != 0) continue;
        self->wanted = (wanted)i;
        return -1;
    }
    query_error error = { 0 };
    self->wanted = WANTED_ANSWER;
    if (query_parse(until, &self->query, &error) == 0) return -1;
    fprintf(stderr,
            "antfarm: --until is failure, stall, panic or a question; in `%s`, "
            "at character %" PRIu32 ": %s\n",
            until, error.at + 1, error.text);
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
        int status = app_trial_run(&self->trial, self->schedule);
        if (status >= 0) return status;
        self->runs++;
        *ret_is_found = is_wanted(self);
        if (*ret_is_found) return -1;
        err = explore_frontier_grow(frontier, &self->trial.trail);
        show_progress(self);
    }
    if (err == 0) return -1;
    fputs("antfarm: not enough memory for so many schedules; try --choices\n",
          stderr);
    return TEXT_BAD_INPUT;
}

static bool is_wanted(const search *self)
{
    switch (self->wanted) {
    case WANTED_FAILURE:
        return app_trial_failed(&self->trial);
    case WANTED_STALL:
        return self->trial.status == TEXT_STALLED;
    case WANTED_PANIC:
        return self->trial.trail.panicked != 0;
    case WANTED_ANSWER:
        return is_true(self);
    }
    return false;
}

// A question without an answer in this run is not true of it.
static bool is_true(const search *self)
{
    ant_model *model;
    ant_reader_error damage;
    if (model_open(self->trial.trace, &model, &damage) < 0) return false;
    query_answer answer;
    query_error error;
    bool is_yes = false;
    if (query_ask(self->query, model, &answer, &error) == 0) {
        is_yes = answer.value.type == QUERY_BOOL && answer.value.is_true;
        query_answer_free(&answer);
    }
    model_close(model);
    return is_yes;
}

// ---- What is said ----

static int tell_unfound(const search *self)
{
    static const char *const verbs[] = { "fails", "stalls", "panics",
                                         "is like that" };
    const explore_frontier *frontier = &self->frontier;
    char runs[32];
    text_count(runs, sizeof runs, self->runs);
    const bool is_all = frontier->next == frontier->count && !frontier->is_cut;
    if (is_all) {
        printf("%s schedule%s, and there are no others: none of them %s.\n",
               runs, self->runs == 1 ? "" : "s", verbs[self->wanted]);
        return TEXT_FINE;
    }
    char left[32];
    text_count(left, sizeof left, frontier->count - frontier->next);
    printf("%s schedule%s run, and nothing was found; %s more are known: try "
           "--runs.\n",
           runs, self->runs == 1 ? "" : "s", left);
    return TEXT_FINE;
}

// Runs it once more, so that it is recorded where it can be found and speaks
// for itself.
static int tell_found(search *self)
{
    app_trial *trial = &self->trial;
    char what[64];
    app_trial_describe(trial, what, sizeof what);
    const uint32_t changes = explore_frontier_changes(&self->frontier);
    printf("Run %" PRIu64 " %s, with %" PRIu32
           " choice%s unlike the usual order.\n"
           "Schedule: %s\n",
           self->runs, what, changes, changes == 1 ? "" : "s",
           self->schedule[0] != '\0' ? self->schedule : "(the usual one)");
    fflush(stdout);
    char path[PATH_MAX];
    if (!app_recording_path(self->trace, trial->program[0], path, sizeof path))
        return TEXT_BAD_INPUT;
    trial->trace = path;
    trial->output = NULL;
    int status = app_trial_run(trial, self->schedule);
    if (status >= 0) return status;
    app_trial_print_again(trial, self->schedule);
    printf("Watch: antfarm view %s\n", app_recording_name(path));
    return TEXT_FINDING;
}

static void show_progress(const search *self)
{
    if (self->runs % 50 != 0 || !isatty(STDERR_FILENO)) return;
    fprintf(stderr, "\r%" PRIu64 " runs, known schedules left: %" PRIu32 " \r",
            self->runs, self->frontier.count - self->frontier.next);
}
