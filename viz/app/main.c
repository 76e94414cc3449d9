// SPDX-License-Identifier: MIT
//
// The program `antfarm`: finds the command and hands it the arguments.

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "app/app.h"
#include "app/commands.h"
#include "base/macros.h"
#include "text/file.h"

typedef struct command {
    const char *name;
    const char *usage;
    const char *meaning;
    int (*run)(int argc, char **argv);
} command;

static const command commands[] = {
    { "run", "[OPTIONS] PROGRAM [ARG...]", "run a program and record it",
      app_run },
    { "explore", "[OPTIONS] PROGRAM [ARG...]", "look for a schedule that fails",
      app_explore },
    { "play", "[OPTIONS] PROGRAM [ARG...]",
      "be the scheduler: choose who is polled next", app_play },
    { "view", "[OPTIONS] TRACE", "watch a recording in a window", app_view },
    { "render", "TRACE -o FILE", "draw it: PNG, GIF, MP4, HTML", app_render },
    { "export", "TRACE --to FORMAT [-o OUT]", "for other programs' eyes",
      app_export },
    { "dump", "[OPTIONS] TRACE", "every event as a line of text", app_dump },
    { "stat", "[OPTIONS] TRACE", "totals, tasks, workers, histograms",
      app_stat },
    { "check", "TRACE...", "is it whole, was every promise kept?", app_check },
    { "query", "TRACE QUESTION", "ask a question, see what answers it",
      app_query },
    { "compare", "[OPTIONS] A B", "two runs side by side, in words",
      app_compare },
    { "why", "[OPTIONS] TRACE", "why is each task where it is?", app_why },
    { "learn", "[OPTIONS] [LESSON]", "lessons: predict, look, be judged",
      app_learn },
    { "course", "check|lock|transcript|new", "for authors of lessons",
      app_course },
    { "lint", "[OPTIONS] TRACE", "what is most likely a mistake?", app_lint },
    { "events", "[OPTIONS]", "the kinds of events there are", app_events },
};

static void write_help(FILE *out);

int main(int argc, char **argv)
{
    if (argc < 2) {
        write_help(stderr);
        return TEXT_BAD_INPUT;
    }
    for (unsigned i = 0; i < ANT_ARRAY_LEN(commands); i++) {
        if (strcmp(argv[1], commands[i].name) != 0) continue;
        int status = commands[i].run(argc - 1, argv + 1);
        bool is_written = fflush(stdout) == 0 && !ferror(stdout);
        return is_written || status != TEXT_FINE ? status : TEXT_BAD_INPUT;
    }
    bool is_help = strcmp(argv[1], "--help") == 0 ||
                   strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0;
    if (is_help) {
        write_help(stdout);
        return TEXT_FINE;
    }
    fprintf(stderr, "antfarm: there is no command %s; see antfarm --help\n",
            argv[1]);
    return TEXT_BAD_INPUT;
}

static void write_help(FILE *out)
{
    fputs("Antfarm records asynchronous programs and shows what they did.\n\n"
          "Usage: antfarm COMMAND ...\n\n",
          out);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(commands); i++) {
        fprintf(out, "  %-7s  %-26s %s\n", commands[i].name, commands[i].usage,
                commands[i].meaning);
    }
    fputs("\nantfarm COMMAND --help says more.\n"
          "Exit status: 0 fine, 1 a finding, 2 bad usage or input, "
          "3 the program stalled.\n",
          out);
}
