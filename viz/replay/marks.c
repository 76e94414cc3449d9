// SPDX-License-Identifier: MIT

#include "replay/marks.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os.h"

#define PATH_BYTES 4096
#define LINE_BYTES 512

// What is to be done to the file while it is copied.
typedef struct marks_change {
    uint32_t event;
    const char *text; // NULL: take it out
} marks_change;

static int path_of(const ant_model *model, const char *end, char *path);
static bool read_line(const char *line, replay_bookmark *ret_mark);
static void insert(replay_marks *marks, const replay_bookmark *mark);
static int rewrite(replay_marks *marks, const marks_change *change);

int replay_marks_load(replay_marks *marks, const ant_model *model)
{
    char path[PATH_BYTES];
    marks->model = model;
    marks->count = 0;
    int err = path_of(model, "", path);
    if (err != 0) return err;
    FILE *file = fopen(path, "r");
    if (file == NULL) return errno == ENOENT ? 0 : -errno;
    char line[LINE_BYTES];
    while (fgets(line, sizeof line, file) != NULL) {
        replay_bookmark mark;
        if (read_line(line, &mark)) insert(marks, &mark);
    }
    fclose(file);
    return 0;
}

const replay_bookmark *replay_marks_at(const replay_marks *marks,
                                       uint32_t event)
{
    for (uint32_t i = 0; i < marks->count; i++) {
        if (marks->mark[i].event == event) return &marks->mark[i];
    }
    return NULL;
}

const replay_bookmark *replay_marks_next(const replay_marks *marks,
                                         uint32_t event, int by)
{
    const replay_bookmark *found = NULL;
    for (uint32_t i = 0; i < marks->count; i++) {
        const replay_bookmark *mark = &marks->mark[i];
        if (by > 0 && mark->event > event) return mark;
        if (by < 0 && mark->event < event) found = mark;
    }
    return found;
}

int replay_marks_put(replay_marks *marks, uint32_t event, const char *text)
{
    bool is_new = replay_marks_at(marks, event) == NULL;
    if (is_new && marks->count == REPLAY_MARK_MAX) return -EOVERFLOW;
    return rewrite(marks, &(marks_change){ event, text });
}

int replay_marks_remove(replay_marks *marks, uint32_t event)
{
    return rewrite(marks, &(marks_change){ event, NULL });
}

// --- The file --------------------------------------------------------------

static int path_of(const ant_model *model, const char *end, char *path)
{
    int n = snprintf(path, PATH_BYTES, "%s.marks%s", model->path, end);
    return n < PATH_BYTES ? 0 : -ENAMETOOLONG;
}

// "event 512  anything  text": false for every other line.
static bool read_line(const char *line, replay_bookmark *ret_mark)
{
    static const char word[] = "event ";
    if (strncmp(line, word, strlen(word)) != 0) return false;
    char *end = NULL;
    unsigned long long event = strtoull(line + strlen(word), &end, 10);
    bool is_event = end != line + strlen(word) && event < MODEL_NONE;
    if (!is_event || (*end != ' ' && *end != '\n' && *end != '\0')) {
        return false;
    }
    ret_mark->event = (uint32_t)event;
    const char *text = strstr(end, "  ");
    if (text != NULL) text = strstr(text + 2, "  ");
    snprintf(ret_mark->text, sizeof ret_mark->text, "%s",
             text != NULL ? text + 2 : "");
    ret_mark->text[strcspn(ret_mark->text, "\n")] = '\0';
    return true;
}

static void write_line(const ant_model *model, const marks_change *change,
                       FILE *out)
{
    uint64_t us = model_t_ns(model, change->event) / ANT_NS_PER_US;
    fprintf(out,
            "event %" PRIu32 "  step %" PRIu32 ", %" PRIu64 ".%03" PRIu64
            " ms  ",
            change->event, model_step_of(model, change->event) + 1, us / 1000,
            us % 1000);
    for (const char *c = change->text; *c != '\0'; c++)
        fputc(*c == '\n' ? ' ' : *c, out);
    fputc('\n', out);
}

// Keeps them in order. One that names an event that is not there belongs to
// another recording of the same name; it is left in the file and not shown.
static void insert(replay_marks *marks, const replay_bookmark *mark)
{
    uint32_t i = marks->count;
    if (mark->event >= marks->model->event_count) return;
    if (marks->count == REPLAY_MARK_MAX) return;
    for (; i > 0 && marks->mark[i - 1].event > mark->event; i--)
        marks->mark[i] = marks->mark[i - 1];
    marks->mark[i] = *mark;
    marks->count++;
}

// Copies every line but the one that changes.
static void copy(const char *path, const marks_change *change, FILE *out)
{
    FILE *in = fopen(path, "r");
    if (in == NULL) return;
    char line[LINE_BYTES];
    bool is_begin = true; // of a line: longer ones come in pieces
    bool is_taken = false;
    while (fgets(line, sizeof line, in) != NULL) {
        replay_bookmark mark;
        if (is_begin) {
            is_taken = read_line(line, &mark) && mark.event == change->event;
        }
        if (!is_taken) fputs(line, out);
        is_begin = strchr(line, '\n') != NULL;
    }
    if (!is_begin && !is_taken) fputc('\n', out);
    fclose(in);
}

// Under another name first: a full disk leaves the old file as it was.
static int rewrite(replay_marks *marks, const marks_change *change)
{
    char path[PATH_BYTES];
    char part[PATH_BYTES];
    const ant_model *model = marks->model;
    if (change->event >= model->event_count) return -EINVAL;
    int err = path_of(model, "", path);
    if (err == 0) err = path_of(model, ".part", part);
    if (err != 0) return err;
    FILE *out = fopen(part, "w");
    if (out == NULL) return -errno;
    copy(path, change, out);
    if (change->text != NULL) write_line(model, change, out);
    bool is_bad = ferror(out) != 0;
    if (fclose(out) != 0 || is_bad || rename(part, path) != 0) {
        err = errno != 0 ? -errno : -EIO;
        unlink(part);
        return err;
    }
    return replay_marks_load(marks, model);
}
