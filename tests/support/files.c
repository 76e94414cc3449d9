// SPDX-License-Identifier: MIT

#include "support/files.h"

#include <dirent.h>
#include <stddef.h>
#include <stdio.h>

#include "rt/runtime.h"

int fd_count(void)
{
    int count = 0;
    DIR *dir = opendir("/proc/self/fd");
    if (dir == NULL) return 0;
    while (readdir(dir) != NULL)
        count++;
    closedir(dir);
    return count;
}

int fd_room(void)
{
    int room = 0;
    char line[128];
    FILE *file = fopen("/proc/self/status", "r");
    if (file == NULL) return 0;
    while (fgets(line, sizeof line, file) != NULL) {
        if (sscanf(line, "FDSize: %d", &room) == 1) break;
    }
    (void)fclose(file);
    return room;
}

int fd_group_set_up(void **state)
{
    (void)state;
    ant_runtime *rt;
    const int err = ant_runtime_new(
        &(ant_runtime_desc){ .flavor = ANT_RUNTIME_CURRENT }, &rt);
    if (err == 0) ant_runtime_free(rt);
    return err;
}
