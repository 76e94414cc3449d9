// SPDX-License-Identifier: MIT

#include "lesson/attempt.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define KEPT_MAX 999

static int copy(const char *from_folder, const char *from, const char *to,
                const char *mode);

int lesson_attempt_open(const ant_lesson *lesson, const char *data,
                        ant_arena *arena, lesson_attempt *ret_attempt)
{
    char *all = ant_arena_print(arena, "%s/lessons", data);
    char *folder = ant_arena_print(arena, "%s/lessons/%s", data, lesson->slug);
    char *file =
        ant_arena_print(arena, "%s/lessons/%s/exercise.c", data, lesson->slug);
    char *trace =
        ant_arena_print(arena, "%s/lessons/%s/attempt.ant", data, lesson->slug);
    if (!all || !folder || !file || !trace) return -ENOMEM;
    if (mkdir(all, 0777) < 0 && errno != EEXIST) return -errno;
    bool is_new = mkdir(folder, 0777) == 0;
    if (!is_new && errno != EEXIST) return -errno;
    *ret_attempt = (lesson_attempt){ folder, file, trace };
    // A learner who deleted the file is told so, and resets it.
    if (!is_new) return 0;
    return copy(lesson->folder, "exercise.c", file, "wx");
}

int lesson_attempt_reset(const ant_lesson *lesson,
                         const lesson_attempt *attempt, ant_arena *arena,
                         const char **ret_kept)
{
    *ret_kept = NULL;
    if (access(attempt->file, F_OK) == 0) {
        char *kept = NULL;
        for (int i = 1; i <= KEPT_MAX; i++) {
            kept = ant_arena_print(arena, "%s.%d", attempt->file, i);
            if (kept == NULL) return -ENOMEM;
            if (access(kept, F_OK) != 0) break;
        }
        if (rename(attempt->file, kept) < 0) return -errno;
        *ret_kept = kept;
    }
    return copy(lesson->folder, "exercise.c", attempt->file, "wx");
}

const char *lesson_attempt_reveal(const ant_lesson *lesson,
                                  const lesson_attempt *attempt,
                                  ant_arena *arena)
{
    char *path = ant_arena_print(arena, "%s/solution.c", attempt->folder);
    if (path == NULL) return NULL;
    int err = copy(lesson->folder, "solution.c", path, "w");
    return err == 0 ? path : NULL;
}

static int copy(const char *from_folder, const char *from, const char *to,
                const char *mode)
{
    ant_arena arena = { 0 };
    int err = 0;
    char *path = ant_arena_print(&arena, "%s/%s", from_folder, from);
    char *text = path != NULL ? lesson_file_read(path, &arena, &err) : NULL;
    FILE *file = text != NULL ? fopen(to, mode) : NULL;
    if (text == NULL && err == 0) err = -ENOMEM;
    if (text != NULL && file == NULL) err = -errno;
    if (file != NULL) {
        if (fputs(text, file) < 0) err = -errno;
        if (fclose(file) != 0 && err == 0) err = -errno;
    }
    ant_arena_deinit(&arena);
    return err;
}
