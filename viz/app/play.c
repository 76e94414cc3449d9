// SPDX-License-Identifier: MIT
//
// `antfarm play`: be the scheduler. A program runs in the simulator up to the
// first moment with more than one ready task, and the person at the keyboard
// says which of them is polled next; and so on to the end. Nothing is kept
// running meanwhile: each choice runs the program again from the start, with
// one more choice in its schedule, so that undo is one choice less.

#include <ctype.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/recording.h"
#include "app/trial.h"
#include "base/macros.h"
#include "explore/frontier.h"
#include "lesson/position.h"
#include "text/args.h"
#include "text/file.h"

#define SECONDS_MAX  10
#define EVENTS_SHOWN 14
#define STATUS_OPEN  4 // of a program whose schedule leaves a choice open

typedef enum goal {
    GOAL_NONE,
    GOAL_STALL,
    GOAL_FINISH,
} goal;

typedef struct game {
    // asked for
    app_trial trial;
    const char *trace; // where to keep the last run
    goal goal;
    uint64_t choices_max; // for the goal; 0: any number
    uint64_t passed_max;  // nobody may be passed over more often; 0: may
    // so far
    ant_model *model; // of the last run
    uint16_t place[EXPLORE_CHOICE_MAX];
    uint32_t count;
    long shown; // bytes of the program's words
} game;

static int read_options(game *self, int argc, char **argv);
static int play(game *self);
static int run(game *self);
static bool is_open(const game *self);
static void write_schedule(const game *self, bool has_end, char *buf,
                           size_t size);
static void show_output(game *self);
static void show_events(const game *self);
static void show_choice(const game *self);
static void show_end(const game *self);
static bool has_won(const game *self);
static bool ask(game *self);
static int end(game *self);

int app_play(int argc, char **argv)
{
    static game self; // too large for the stack
    self = (game){ .trial.seconds_max = SECONDS_MAX };
    int status = read_options(&self, argc, argv);
    if (status >= 0) return status;
    char directory[PATH_MAX];
    char output[PATH_MAX];
    char path[PATH_MAX];
    if (!app_recording_path(self.trace, self.trial.program[0], path,
                            sizeof path) ||
        !app_recording_temporary(directory, sizeof directory)) {
        return TEXT_BAD_INPUT;
    }
    app_recording_join(directory, "output", output, sizeof output);
    self.trial.trace = path;
    self.trial.output = output;
    status = play(&self);
    unlink(output);
    rmdir(directory);
    app_trial_deinit(&self.trial);
    if (self.model != NULL) model_close(self.model);
    return status;
}

static int read_options(game *self, int argc, char **argv)
{
    const char *wanted = "none";
    uint64_t seed = 0;
    const args_option options[] = {
        { "--goal", ARGS_TEXT, "WHAT",
          "stall: make it stand still; finish: bring it to its end", &wanted },
        { "--in", ARGS_NUMBER, "N", "the goal must take at most N choices",
          &self->choices_max },
        { "--fair", ARGS_NUMBER, "N",
          "no ready task may be passed over more than N times in a row",
          &self->passed_max },
        { "--seed", ARGS_NUMBER, "N", "for everything else that is random",
          &seed },
        { "--trace", ARGS_TEXT, "FILE",
          "record the last run into FILE (else PROGRAM.ant)", &self->trace },
    };
    const args_command command = {
        .usage = "antfarm play [OPTIONS] PROGRAM [ARG...]",
        .meaning =
            "Be the scheduler: whenever more than one task is ready, you say "
            "which is polled next.\nExit status: 0 the goal is reached, or "
            "there was none, 1 it is not.",
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
    const char *const names[] = { "none", "stall", "finish" };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(names); i++) {
        if (strcmp(wanted, names[i]) != 0) continue;
        self->goal = (goal)i;
        app_recording_simulate(seed, 1);
        return -1;
    }
    fprintf(stderr,
            "antfarm: --goal cannot be %s; it is one of: stall finish\n",
            wanted);
    return TEXT_BAD_INPUT;
}

// One round: run, show, ask.
static int play(game *self)
{
    do {
        int status = run(self);
        if (status >= 0) return status;
        show_output(self);
        show_events(self);
        if (is_open(self))
            show_choice(self);
        else
            show_end(self);
    } while (ask(self));
    return end(self);
}

// The program up to the next choice. -1, or our exit status after a message.
static int run(game *self)
{
    char schedule[EXPLORE_TEXT_MAX + 2];
    write_schedule(self, false, schedule, sizeof schedule);
    int status = app_trial_run(&self->trial, schedule);
    if (status >= 0) return status;
    if (self->model != NULL) model_close(self->model);
    self->model = NULL;
    ant_reader_error error;
    if (model_open(self->trial.trace, &self->model, &error) == 0) return -1;
    text_problem(self->trial.trace, &error, stderr);
    return TEXT_BAD_INPUT;
}

static bool is_open(const game *self)
{
    return self->trial.status == STATUS_OPEN &&
           self->trial.trail.ready_count > 0;
}

static void write_schedule(const game *self, bool has_end, char *buf,
                           size_t size)
{
    size_t used = 0;
    buf[0] = '\0';
    for (uint32_t i = 0; i < self->count; i++) {
        int n = snprintf(buf + used, size - used, "%s%u", i == 0 ? "" : ".",
                         (unsigned)self->place[i]);
        if (n > 0 && (size_t)n < size - used) used += (size_t)n;
    }
    if (!has_end)
        snprintf(buf + used, size - used, "%s?", used == 0 ? "" : ".");
}

// ---- What is shown ----

// What the program said since the last choice.
static void show_output(game *self)
{
    FILE *file = fopen(self->trial.output, "re");
    if (file == NULL) return;
    fseek(file, 0, SEEK_END);
    if (ftell(file) < self->shown) self->shown = 0; // after an undo
    fseek(file, self->shown, SEEK_SET);
    char line[512];
    while (fgets(line, sizeof line, file) != NULL) {
        const size_t len = strlen(line);
        printf("  | %s%s", line, line[len - 1] == '\n' ? "" : "\n");
    }
    self->shown = ftell(file);
    fclose(file);
}

// What happened since the last choice.
static void show_events(const game *self)
{
    uint32_t told = 0;
    uint32_t event = lesson_position_since(self->model, self->count);
    char text[300];
    while (lesson_position_told(self->model, &event, text, sizeof text))
        if (++told <= EVENTS_SHOWN) printf("  %s\n", text);
    if (told > EVENTS_SHOWN)
        printf("  ... and %" PRIu32 " more\n", told - EVENTS_SHOWN);
}

// Every task that is not over: those that can be chosen with their number.
static void show_tasks(const game *self)
{
    ant_arena arena = { 0 };
    lesson_position now;
    if (lesson_position_at(self->model, self->model->event_count,
                           &self->trial.trail, &arena, &now) == 0) {
        for (uint32_t i = 0; i < now.count; i++) {
            char mark[16] = "";
            if (now.task[i].place > 0)
                snprintf(mark, sizeof mark, "%" PRIu32, now.task[i].place);
            printf("%5s  %-16s %s\n", mark, now.task[i].name, now.task[i].why);
        }
    }
    ant_arena_deinit(&arena);
}

static void show_choice(const game *self)
{
    printf("\nChoice %" PRIu32 ": which task is polled next?\n",
           self->count + 1);
    show_tasks(self);
}

static void show_end(const game *self)
{
    char what[64];
    app_trial_describe(&self->trial, what, sizeof what);
    printf("\nThe program %s, after %" PRIu32 " choice%s.\n", what, self->count,
           self->count == 1 ? "" : "s");
    if (self->trial.status == TEXT_STALLED) show_tasks(self);
    const explore_trail *trail = &self->trial.trail;
    if (trail->passed_max > 0)
        printf("Passed over most often in a row: task %" PRIu32 ", %" PRIu32
               " time%s.\n",
               trail->passed_task, trail->passed_max,
               trail->passed_max == 1 ? "" : "s");
    if (self->goal == GOAL_NONE) return;
    puts(has_won(self) ? "You have reached the goal."
                       : "That is not the goal yet; u takes a choice back.");
}

static bool has_won(const game *self)
{
    const app_trial *trial = &self->trial;
    if (is_open(self)) return false;
    if (self->choices_max > 0 && self->count > self->choices_max) return false;
    if (self->passed_max > 0 && trial->trail.passed_max > self->passed_max)
        return false;
    switch (self->goal) {
    case GOAL_NONE:
        return true;
    case GOAL_STALL:
        return trial->status == TEXT_STALLED;
    case GOAL_FINISH:
        return !app_trial_failed(trial);
    }
    return false;
}

// ---- What is asked ----

// False when the person has had enough.
static bool ask(game *self)
{
    const uint32_t max = is_open(self) ? self->trial.trail.ready_count : 0;
    char line[64];
    for (;;) {
        if (max > 0)
            printf("1-%" PRIu32 ", u to undo, r to start again, q to quit > ",
                   max);
        else
            printf("u to undo, r to start again, q to quit > ");
        fflush(stdout);
        if (fgets(line, sizeof line, stdin) == NULL) {
            putchar('\n');
            return false;
        }
        char *end = line;
        const unsigned long place = strtoul(line, &end, 10);
        while (isspace((unsigned char)*end))
            end++;
        if (*end == 'q') return false;
        if (*end == 'r') self->count = 0;
        if (*end == 'u' && self->count > 0) self->count--;
        if (*end == 'r' || *end == 'u') return true;
        if (*end == '\0' && place >= 1 && place <= max &&
            self->count < EXPLORE_CHOICE_MAX) {
            self->place[self->count++] = (uint16_t)place;
            return true;
        }
    }
}

static int end(game *self)
{
    const bool won = has_won(self);
    char schedule[EXPLORE_TEXT_MAX + 2];
    write_schedule(self, true, schedule, sizeof schedule);
    app_trial_print_again(&self->trial, schedule);
    printf("Watch: antfarm view %s\n", app_recording_name(self->trial.trace));
    return won || self->goal == GOAL_NONE ? TEXT_FINE : TEXT_FINDING;
}
