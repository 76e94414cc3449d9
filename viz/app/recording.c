// SPDX-License-Identifier: MIT

#include "app/recording.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool app_recording_path(const char *trace, const char *program, char *path,
                        size_t size)
{
    char directory[PATH_MAX] = "";
    const char *slash = strrchr(program, '/');
    const char *name = slash != NULL ? slash + 1 : program;
    const bool is_absolute = trace != NULL && trace[0] == '/';
    int n = -1;
    if (is_absolute)
        n = snprintf(path, size, "%s", trace);
    else if (getcwd(directory, sizeof directory) != NULL)
        n = trace != NULL ? snprintf(path, size, "%s/%s", directory, trace)
                          : snprintf(path, size, "%s/%s.ant", directory, name);
    if (n > 0 && (size_t)n < size) return true;
    fputs("antfarm: the name of the trace is too long\n", stderr);
    return false;
}

const char *app_recording_name(const char *path)
{
    char directory[PATH_MAX];
    if (getcwd(directory, sizeof directory) == NULL) return path;
    const size_t len = strlen(directory);
    const bool is_here = strncmp(path, directory, len) == 0 && path[len] == '/';
    return is_here ? path + len + 1 : path;
}

bool app_recording_temporary(char *path, size_t size)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || *parent == '\0') parent = "/tmp";
    app_recording_join(parent, "antfarm-XXXXXX", path, size);
    if (mkdtemp(path) != NULL) return true;
    fprintf(stderr, "antfarm: %s: no directory can be made there: %s\n", path,
            strerror(errno));
    return false;
}

void app_recording_join(const char *directory, const char *name, char *path,
                        size_t size)
{
    snprintf(path, size, "%s/%s", directory, name);
}

void app_recording_simulate(uint64_t seed, uint64_t workers)
{
    setenv("ANTFARM_FLAVOR", "sim", 1);
    app_recording_set("ANTFARM_SEED", seed);
    app_recording_set("ANTFARM_WORKERS", workers);
}

void app_recording_set(const char *name, uint64_t value)
{
    char text[24];
    snprintf(text, sizeof text, "%" PRIu64, value);
    setenv(name, text, 1);
}
