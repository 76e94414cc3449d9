// SPDX-License-Identifier: MIT
//
// The commands of `antfarm` that need no picture. Each takes its own arguments
// (argv[0] is the command's name) and returns the program's exit status.

#ifndef ANT_APP_COMMANDS_H
#define ANT_APP_COMMANDS_H

// Runs a program under recording.
int app_run(int argc, char **argv);
// Looks for a schedule under which a program fails.
int app_explore(int argc, char **argv);

// Lets a person be the scheduler of a program.
int app_play(int argc, char **argv);

// Each shows one side of a trace; see the headers of viz/text/.
int app_dump(int argc, char **argv);
int app_stat(int argc, char **argv);
int app_check(int argc, char **argv);
int app_compare(int argc, char **argv);
int app_why(int argc, char **argv);
int app_lint(int argc, char **argv);
int app_events(int argc, char **argv);
int app_query(int argc, char **argv);

// Writes a trace in the format of another program.
int app_export(int argc, char **argv);

// The same for the page that plays the trace in a browser.
int app_export_page(const char *trace, const char *path);

// Lessons: for who takes them, and for who writes them.
int app_learn(int argc, char **argv);
int app_course(int argc, char **argv);

#endif
