// SPDX-License-Identifier: MIT
//
// The program's source text, read when first asked for, and where in it a
// task is. Only model_source_of changes the model, and only its list of files.

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/build.h"

// Nobody writes a C file as large as this; something else was named.
#define SOURCE_BYTES_MAX ((size_t)16 << 20)
#define SOURCE_PATH_MAX  4096
#define SOURCE_UP_MAX    8   // directories above the trace that are tried
#define SITE_LOOK_MAX    512 // events back that may say where a task is

typedef struct build_source {
    model_source source;
    char *file;
    char *path;
    char *text;
    const char **lines;
} build_source;

static bool find(const char *trace, const char *file, char *path);
static bool find_in(const char *folder, const char *file, char *path);
static void load(build_source *source, const char *path);

const model_source *model_source_of(ant_model *model, const char *file)
{
    model_build *build = model->build;
    build_source **known = build->sources.data;
    if (file == NULL || file[0] == '\0') return NULL;
    for (size_t i = 0; i < build->sources.len; i++) {
        if (strcmp(known[i]->file, file) == 0) return &known[i]->source;
    }

    size_t bytes = strlen(file) + 1;
    build_source *source = ant_mem_alloc(sizeof *source);
    char *copy = ant_mem_alloc(bytes);
    build_source **slot = model__buf_push(&build->sources, sizeof *slot);
    if (source == NULL || copy == NULL || slot == NULL) {
        if (slot != NULL) build->sources.len--;
        ant_mem_free(source);
        ant_mem_free(copy);
        return NULL;
    }
    memcpy(copy, file, bytes);
    source->file = copy;
    source->source.file = copy;
    *slot = source;

    char path[SOURCE_PATH_MAX];
    if (find(model->path, file, path) ||
        find_in(build->source_folder, file, path))
        load(source, path);
    return &source->source;
}

void model_source_beside(ant_model *model, const char *folder)
{
    model->build->source_folder = folder;
}

void model__sources_free(model_build *build)
{
    build_source **known = build->sources.data;
    for (size_t i = 0; i < build->sources.len; i++) {
        ant_mem_free(known[i]->file);
        ant_mem_free(known[i]->path);
        ant_mem_free(known[i]->text);
        ant_mem_free(known[i]->lines);
        ant_mem_free(known[i]);
    }
    model__buf_free(&build->sources);
}

static bool is_file(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

// A path of `len` bytes of `dir`, and the file, when there is one.
static bool try_in(char *path, const char *dir, size_t len, const char *file)
{
    int n = snprintf(path, SOURCE_PATH_MAX, "%.*s%s%s", (int)len, dir,
                     len > 0 ? "/" : "", file);
    return n > 0 && n < SOURCE_PATH_MAX && is_file(path);
}

// The path in the trace and its last part, beside the trace, in the
// directories above it, and from where we are.
static bool find(const char *trace, const char *file, char *path)
{
    const char *slash = strrchr(file, '/');
    const char *base = slash != NULL ? slash + 1 : file;
    if (try_in(path, "", 0, file)) return true;

    char dir[SOURCE_PATH_MAX];
    size_t len = 0;
    const char *trace_slash = strrchr(trace, '/');
    if (trace_slash != NULL) len = (size_t)(trace_slash - trace);
    if (len >= sizeof dir) return false;
    memcpy(dir, trace, len);
    dir[len] = '\0';
    if (len == 0) snprintf(dir, sizeof dir, ".");

    if (try_in(path, dir, strlen(dir), base)) return true;
    for (unsigned up = 0; up < SOURCE_UP_MAX; up++) {
        if (file[0] != '/' && try_in(path, dir, strlen(dir), file)) return true;
        size_t now = strlen(dir);
        if (now + 3 >= sizeof dir) break;
        memcpy(dir + now, "/..", 4);
    }
    return try_in(path, "", 0, base);
}

static bool find_in(const char *folder, const char *file, char *path)
{
    const char *slash = strrchr(file, '/');
    return folder != NULL && try_in(path, folder, strlen(folder),
                                    slash != NULL ? slash + 1 : file);
}

static ssize_t read_all(int fd, char *text, size_t bytes)
{
    size_t done = 0;
    while (done < bytes) {
        ssize_t n = read(fd, text + done, bytes - done);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return -1;
        if (n == 0) break;
        done += (size_t)n;
    }
    return (ssize_t)done;
}

// Cuts the text into lines in place. False when out of memory.
static bool cut(build_source *source, size_t bytes)
{
    char *text = source->text;
    uint32_t count = 1;
    for (size_t i = 0; i < bytes; i++)
        count += text[i] == '\n';
    source->lines = ant_mem_alloc(count * sizeof *source->lines);
    if (source->lines == NULL) return false;

    uint32_t n = 0;
    char *end = text + bytes;
    for (char *at = text; at < end;) {
        char *stop = memchr(at, '\n', (size_t)(end - at));
        if (stop == NULL) stop = end;
        source->lines[n++] = at;
        *stop = '\0';
        if (stop > at && stop[-1] == '\r') stop[-1] = '\0';
        at = stop + 1;
    }
    source->source.lines = source->lines;
    source->source.line_count = n;
    return true;
}

// Leaves the source without a path when it cannot be read.
static void load(build_source *source, const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return;
    struct stat status;
    size_t bytes = 0;
    if (fstat(fd, &status) == 0 && status.st_size > 0)
        bytes = (size_t)status.st_size;
    if (bytes <= SOURCE_BYTES_MAX) {
        source->text = ant_mem_alloc(bytes + 1);
        source->path = ant_mem_alloc(strlen(path) + 1);
    }
    if (source->text != NULL && source->path != NULL) {
        ssize_t n = read_all(fd, source->text, bytes);
        memcpy(source->path, path, strlen(path) + 1);
        if (n >= 0 && cut(source, (size_t)n))
            source->source.path = source->path;
    }
    close(fd);
}

// --- Where a task is ---

// Whether the future is one of the library's own, whose source is not what
// somebody looks for.
static bool is_library(const ant_model *model, uint32_t future)
{
    const char *type = model->types[model->futures[future].type].name;
    return strncmp(type, "ant_", 4) == 0;
}

// The file in which the future was first awaited: that of the nearest parent
// that the program wrote.
static const char *file_of_parent(const ant_model *model, uint32_t future)
{
    do {
        future = model->futures[future].parent;
    } while (is_library(model, future));
    return model->types[model->futures[future].type].file;
}

// What event `i` says about where its task is; false when nothing. A line of
// a future stands in the file of its type.
static bool site_of(const ant_model *model, uint32_t task, uint32_t i,
                    model_site *ret_site)
{
    const model_task *row = &model->tasks[task];
    uint32_t fut = model_event_future(model, i);
    const model_future *future = &model->futures[fut];
    const char *file = model->types[row->type_id].file;
    const char *future_file = model->types[future->type].file;
    uint32_t line = 0;
    ant_event event;
    model_event(model, i, &event);

    switch (model->kind[i]) {
    case ANT_EV_task_spawn:
        file = row->file;
        line = row->line;
        break;
    case ANT_EV_future_start:
        // The root begins at the head of its function.
        file = future->parent != 0 ? file_of_parent(model, fut) : future_file;
        line = future->parent != 0 ? future->line
                                   : model->types[future->type].line;
        break;
    case ANT_EV_future_state:
        if (is_library(model, fut)) break;
        file = future_file;
        line = (uint32_t)ANT_EVENT_AS(future_state, &event)->line;
        break;
    case ANT_EV_future_result:
        if (is_library(model, fut)) break;
        file = future_file;
        line = (uint32_t)ANT_EVENT_AS(future_result, &event)->line;
        break;
    case ANT_EV_wait_begin:
        line = (uint32_t)ANT_EVENT_AS(wait_begin, &event)->line;
        break;
    case ANT_EV_acquire:
        line = (uint32_t)ANT_EVENT_AS(acquire, &event)->line;
        break;
    case ANT_EV_block_begin:
        file = model->waits[model_wait_of(model, i)].file;
        line = (uint32_t)ANT_EVENT_AS(block_begin, &event)->line;
        break;
    case ANT_EV_task_end:
        file = row->end_file;
        line = row->end_line;
        break;
    default:
        break;
    }
    *ret_site = (model_site){ .file = file, .line = line, .event = i };
    return line != 0 && file[0] != '\0';
}

uint32_t model_sites(const ant_model *model, uint32_t task, uint32_t event,
                     model_site *out, uint32_t max)
{
    model_range range = model->tasks[task].events;
    const uint32_t *events = model->events_of_task;
    uint32_t n = 0;
    if (task == 0) return 0;
    uint32_t i = model_prev_in(events, range, event + 1);
    for (unsigned look = SITE_LOOK_MAX; i != MODEL_NONE && n < max && look > 0;
         look--, i = model_prev_in(events, range, i)) {
        model_site site;
        // What it did to others (spawned them, woke them) is elsewhere.
        if (model_subject(model, i) != task) continue;
        if (!site_of(model, task, i, &site)) continue;
        bool is_same = n > 0 && out[n - 1].line == site.line &&
                       strcmp(out[n - 1].file, site.file) == 0;
        if (!is_same) out[n++] = site;
    }
    return n;
}
