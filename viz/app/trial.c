// SPDX-License-Identifier: MIT

#include "app/trial.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/child.h"
#include "text/file.h"

int app_trial_run(app_trial *trial, const char *schedule)
{
    app_trial_deinit(trial);
    setenv("ANTFARM_SCHEDULE", schedule, 1);
    setenv("ANTFARM_TRACE", trial->trace, 1);
    unlink(trial->trace); // what is there afterwards is this run's
    const app_child child = { .argv = trial->program,
                              .output = trial->output,
                              .seconds_max = trial->seconds_max };
    trial->status = app_child_run(&child);
    const char *name = trial->program[0];
    if (trial->status < 0 && trial->status != -ETIMEDOUT) {
        fprintf(stderr, "antfarm: %s: cannot be run: %s\n", name,
                strerror(-trial->status));
        return TEXT_BAD_INPUT;
    }
    ant_reader_error error = { 0 };
    if (explore_trail_read(trial->trace, &trial->trail, &error) == 0) return -1;
    fprintf(stderr, "antfarm: %s recorded nothing; is it an Antfarm program?\n",
            name);
    return TEXT_BAD_INPUT;
}

void app_trial_deinit(app_trial *trial)
{
    explore_trail_deinit(&trial->trail);
}

bool app_trial_failed(const app_trial *trial)
{
    return trial->status != 0 || trial->trail.panicked != 0;
}

void app_trial_describe(const app_trial *trial, char *buf, size_t size)
{
    const int status = trial->status;
    if (status == -ETIMEDOUT)
        snprintf(buf, size, "did not end within %u s", trial->seconds_max);
    else if (status == TEXT_STALLED)
        snprintf(buf, size, "stalled");
    else if (trial->trail.panicked != 0)
        snprintf(buf, size, "had a panic in task %" PRIu32,
                 trial->trail.panicked);
    else if (status > 128)
        snprintf(buf, size, "was ended by signal %d", status - 128);
    else if (status != 0)
        snprintf(buf, size, "ended with status %d", status);
    else
        snprintf(buf, size, "ended well");
}

void app_trial_print_again(const app_trial *trial, const char *schedule)
{
    printf("Again: antfarm run --flavor sim --schedule '%s'", schedule);
    for (char **word = trial->program; *word != NULL; word++)
        printf(" %s", *word);
    putchar('\n');
}
