// SPDX-License-Identifier: MIT
//
// One run of a program in the simulator under a schedule: how it ended, and
// which choices it made.

#ifndef ANT_APP_TRIAL_H
#define ANT_APP_TRIAL_H

#include "explore/trail.h"

typedef struct app_trial {
    // what to run, and how
    char **program;       // ends with NULL
    const char *trace;    // where it records
    const char *output;   // where its words go, see app/child.h
    unsigned seconds_max; // then it is killed
    // of the last run
    int status;          // as app_child_run says
    explore_trail trail; // of the run; app_trial_deinit
} app_trial;

// Runs it. -1 when there is a trail, else our exit status, after one line on
// stderr.
int app_trial_run(app_trial *trial, const char *schedule);

// Forgets the trail.
void app_trial_deinit(app_trial *trial);

// How the last run ended: "stalled", "ended with status 1", "had a panic in
// task 3"; "ended well" when nothing is wrong.
void app_trial_describe(const app_trial *trial, char *buf, size_t size);

// Did it fail in any way?
bool app_trial_failed(const app_trial *trial);

// Prints the command that repeats a run, as a line.
void app_trial_print_again(const app_trial *trial, const char *schedule);

#endif
