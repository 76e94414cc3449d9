// SPDX-License-Identifier: MIT

#include "lesson/scratch.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

// Other folders are none of ours.
#define NAME "antfarm-lesson-"

// Somebody who clears up may take a folder away before its owner has locked it.
#define TRIES 10

static void take_away_old(const char *parent);
static int make(ant_arena *arena, const char *parent,
                lesson_scratch *ret_scratch);
static int lock_folder(const char *path);
static bool is_same(const char *path, int folder);
static void take_away(const char *path, int folder);

int lesson_scratch_open(ant_arena *arena, lesson_scratch *ret_scratch)
{
    const char *parent = getenv("TMPDIR");
    if (parent == NULL || *parent == 0) parent = "/tmp";
    take_away_old(parent);
    int err = -EAGAIN;
    for (int i = 0; i < TRIES && err == -EAGAIN; i++)
        err = make(arena, parent, ret_scratch);
    return err;
}

void lesson_scratch_close(lesson_scratch *scratch)
{
    if (scratch->path != NULL) take_away(scratch->path, scratch->lock);
    *scratch = (lesson_scratch){ 0 };
}

static int make(ant_arena *arena, const char *parent,
                lesson_scratch *ret_scratch)
{
    char *path = ant_arena_print(arena, "%s/" NAME "XXXXXX", parent);
    if (path == NULL) return -ENOMEM;
    if (mkdtemp(path) == NULL) return -errno;
    int lock = lock_folder(path);
    if (lock < 0) return lock == -ENOENT ? -EAGAIN : lock;
    *ret_scratch = (lesson_scratch){ .path = path, .lock = lock };
    return 0;
}

static void take_away_old(const char *parent)
{
    DIR *all = opendir(parent);
    ant_arena arena = { 0 };
    for (struct dirent *entry; all != NULL && (entry = readdir(all));) {
        if (strncmp(entry->d_name, NAME, strlen(NAME)) != 0) continue;
        char *path = ant_arena_print(&arena, "%s/%s", parent, entry->d_name);
        int lock = path != NULL ? lock_folder(path) : -ENOMEM;
        if (lock >= 0) take_away(path, lock);
    }
    if (all != NULL) closedir(all);
    ant_arena_deinit(&arena);
}

// The folder, locked; -EWOULDBLOCK when somebody lives there, -ENOENT when it
// was taken away meanwhile.
static int lock_folder(const char *path)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (folder < 0) return -errno;
    int err = 0;
    if (flock(folder, LOCK_EX | LOCK_NB) < 0)
        err = -errno;
    else if (!is_same(path, folder))
        err = -ENOENT;
    if (err == 0) return folder;
    close(folder);
    return err;
}

static bool is_same(const char *path, int folder)
{
    struct stat named;
    struct stat held;
    return stat(path, &named) == 0 && fstat(folder, &held) == 0 &&
           named.st_dev == held.st_dev && named.st_ino == held.st_ino;
}

static void take_away(const char *path, int folder)
{
    DIR *files = fdopendir(folder);
    for (struct dirent *entry; files != NULL && (entry = readdir(files));)
        unlinkat(folder, entry->d_name, 0);
    rmdir(path);
    if (files != NULL)
        closedir(files);
    else
        close(folder);
}
