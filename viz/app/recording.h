// SPDX-License-Identifier: MIT
//
// Where a program that is run is told to record, and how it is told.

#ifndef ANT_APP_RECORDING_H
#define ANT_APP_RECORDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The trace's path from the root on, since the program may change its
// directory: `trace`, or PROGRAM.ant in the current directory when it is NULL.
// False after one line on stderr.
bool app_recording_path(const char *trace, const char *program, char *path,
                        size_t size);

// The same path as a person would type it here.
const char *app_recording_name(const char *path);

// Makes a directory for recordings that nobody will see again. False after one
// line on stderr.
bool app_recording_temporary(char *path, size_t size);

// "directory/name".
void app_recording_join(const char *directory, const char *name, char *path,
                        size_t size);

// Sets the environment for the simulator.
void app_recording_simulate(uint64_t seed, uint64_t workers);

// Sets a variable of the environment to a number.
void app_recording_set(const char *name, uint64_t value);

#endif
