// SPDX-License-Identifier: MIT

#include "app/watch.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/stop.h"
#include "text/file.h"

#define LOOK_MS 300

static uint64_t look(const char *folder);
static uint64_t look_at(int folder, unsigned depth);

int app_watch(const char *folder, app_watch_fn on_change, void *arg)
{
    int status = TEXT_FINE;
    bool is_first = true;
    uint64_t seen = 0;
    const volatile sig_atomic_t *stop = app_stop();
    while (*stop == 0) {
        const uint64_t now = look(folder);
        if (is_first || now != seen) {
            status = on_change(arg);
            printf("Watching %s; Ctrl+C ends it.\n", folder);
            fflush(stdout);
        }
        seen = now;
        is_first = false;
        (void)poll(NULL, 0, LOOK_MS);
    }
    return status;
}

// A number that changes with every file in it.
static uint64_t look(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return folder >= 0 ? look_at(folder, 0) : 0;
}

static uint64_t look_at(int folder, unsigned depth)
{
    uint64_t seen = 0;
    DIR *files = fdopendir(folder);
    for (struct dirent *entry; files != NULL && (entry = readdir(files));) {
        struct stat info;
        const char *name = entry->d_name;
        if (name[0] == '.') continue;
        if (fstatat(folder, name, &info, 0) < 0) continue;
        // The order of a folder's files is not always the same: add them up.
        seen += (uint64_t)info.st_ino * 31 + (uint64_t)info.st_size * 17 +
                (uint64_t)info.st_mtim.tv_sec * 7 +
                (uint64_t)info.st_mtim.tv_nsec;
        if (!S_ISDIR(info.st_mode) || depth > 0) continue;
        int inside = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (inside >= 0) seen += look_at(inside, depth + 1);
    }
    if (files != NULL)
        closedir(files);
    else
        close(folder);
    return seen;
}
