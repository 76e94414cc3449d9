// SPDX-License-Identifier: MIT

#include "lesson/progress.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/os.h"
#include "lesson/page.h"

static const char *find_folder(ant_arena *arena);
static int make_folders(const char *path);
static int read_rows(lesson_progress *progress);
static progress_row *row_of(const lesson_progress *progress, const char *slug);
static int raise_row(lesson_progress *progress, const char *slug, size_t len,
                     const char *state);
static int write_rows(const lesson_progress *progress);

int lesson_progress_open(lesson_progress *ret_progress)
{
    lesson_progress progress = { 0 };
    progress.folder = find_folder(&progress.arena);
    if (progress.folder != NULL)
        progress.path =
            ant_arena_print(&progress.arena, "%s/progress", progress.folder);
    int err = progress.path == NULL ? -ENOMEM : make_folders(progress.folder);
    if (err == 0) err = read_rows(&progress);
    if (err < 0) {
        lesson_progress_close(&progress);
        return err;
    }
    *ret_progress = progress;
    return 0;
}

void lesson_progress_close(lesson_progress *progress)
{
    model__buf_free(&progress->rows);
    ant_arena_deinit(&progress->arena);
}

const progress_row *lesson_progress_of(const lesson_progress *progress,
                                       const char *slug)
{
    return row_of(progress, slug);
}

int lesson_progress_set(lesson_progress *progress, const char *slug,
                        uint32_t at, bool is_passed)
{
    progress_row *row = row_of(progress, slug);
    if (row == NULL) {
        row = model__buf_push(&progress->rows, sizeof *row);
        char *copy = ant_arena_text(&progress->arena, slug, strlen(slug));
        if (row == NULL || copy == NULL) return -ENOMEM;
        *row = (progress_row){ .slug = copy };
    }
    row->at = at;
    if (is_passed) row->is_passed = true;
    return write_rows(progress);
}

int lesson_progress_log(const lesson_progress *progress, const char *slug,
                        const char *question, const char *answer,
                        const char *result, const char *belief)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/answers.csv", progress->folder);
    FILE *file = fopen(path, "a");
    if (file == NULL) return -errno;
    time_t now = (time_t)(ant_os_wall_ns() / ANT_NS_PER_S);
    struct tm parts;
    char date[32] = "";
    if (gmtime_r(&now, &parts) != NULL)
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", &parts);
    fprintf(file, "%s,%s,%s,\"", date, slug, question);
    for (const char *c = answer; *c != 0; c++) {
        if (*c == '"') fputc('"', file);
        fputc(*c, file);
    }
    fprintf(file, "\",%s,%s\n", result, belief);
    return fclose(file) == 0 ? 0 : -errno;
}

static const char *find_folder(ant_arena *arena)
{
    const char *data = getenv("XDG_DATA_HOME");
    const char *home = getenv("HOME");
    if (data != NULL && *data == '/')
        return ant_arena_print(arena, "%s/antfarm", data);
    return ant_arena_print(arena, "%s/.local/share/antfarm",
                           home != NULL ? home : "");
}

static int make_folders(const char *path)
{
    char part[4096];
    for (size_t len = 1; len < sizeof part; len++) {
        if (path[len] != '/' && path[len] != 0) continue;
        memcpy(part, path, len);
        part[len] = 0;
        if (mkdir(part, 0777) < 0 && errno != EEXIST) return -errno;
        if (path[len] == 0) return 0;
    }
    return -ENAMETOOLONG;
}

static int read_rows(lesson_progress *progress)
{
    int err = 0;
    char *text = lesson_file_read(progress->path, &progress->arena, &err);
    if (err == -ENOENT) return 0;
    for (const char *at = text; err == 0 && *at != 0;) {
        size_t len = strcspn(at, "\n");
        size_t slug = strcspn(at, ":\n");
        bool is_row = *at != '#' && slug < len;
        if (is_row) err = raise_row(progress, at, slug, at + slug + 1);
        at += len + (at[len] != 0 ? 1 : 0);
    }
    return err;
}

static progress_row *row_of(const lesson_progress *progress, const char *slug)
{
    progress_row *rows = progress->rows.data;
    for (size_t i = 0; i < progress->rows.len; i++) {
        if (strcmp(rows[i].slug, slug) == 0) return &rows[i];
    }
    return NULL;
}

// " at 7" or " passed"; after a merge by hand there may be several.
static int raise_row(lesson_progress *progress, const char *slug, size_t len,
                     const char *state)
{
    char *name = ant_arena_text(&progress->arena, slug, len);
    if (name == NULL) return -ENOMEM;
    progress_row *row = row_of(progress, name);
    if (row == NULL) {
        row = model__buf_push(&progress->rows, sizeof *row);
        if (row == NULL) return -ENOMEM;
        *row = (progress_row){ .slug = name };
    }
    state += strspn(state, " ");
    if (strncmp(state, "passed", 6) == 0) row->is_passed = true;
    if (strncmp(state, "at ", 3) == 0) {
        uint32_t at = (uint32_t)strtoul(state + 3, NULL, 10);
        if (at > row->at) row->at = at;
    }
    return 0;
}

// Through a second file, so that there is always a whole one.
static int write_rows(const lesson_progress *progress)
{
    char path[4096];
    snprintf(path, sizeof path, "%s.new", progress->path);
    FILE *file = fopen(path, "w");
    if (file == NULL) return -errno;
    fputs("# Antfarm: how far you are. One line a lesson; the further one "
          "counts.\n",
          file);
    const progress_row *rows = progress->rows.data;
    for (size_t i = 0; i < progress->rows.len; i++) {
        if (rows[i].is_passed) fprintf(file, "%s: passed\n", rows[i].slug);
        if (rows[i].at > 0)
            fprintf(file, "%s: at %u\n", rows[i].slug, rows[i].at);
    }
    int err = ferror(file) ? -EIO : 0;
    if (fclose(file) != 0) err = -errno;
    if (err == 0 && rename(path, progress->path) < 0) err = -errno;
    return err;
}
