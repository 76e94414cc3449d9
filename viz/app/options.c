// SPDX-License-Identifier: MIT

#include "app/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIDE_MIN 320
#define SIDE_MAX 16000

// What follows an option.
typedef enum option_kind {
    OPTION_TEXT,
    OPTION_NUMBER, // a whole one, into uint32_t
    OPTION_MS,
    OPTION_SIZE,
    OPTION_THEME,
    OPTION_AXIS,
    OPTION_FLAG, // nothing follows
} option_kind;

typedef struct option_row {
    const char *name;
    option_kind kind;
    size_t offset;     // of the value in app_options
    size_t has_offset; // of a bool to be set, 0 for none
} option_row;

#define AT(field) offsetof(app_options, field)

static const option_row option_table[] = {
    { "-o", OPTION_TEXT, AT(output), 0 },
    { "--select", OPTION_TEXT, AT(select), 0 },
    { "--at", OPTION_MS, AT(at_ms), AT(has_at) },
    { "--step", OPTION_NUMBER, AT(step), AT(has_step) },
    { "--event", OPTION_NUMBER, AT(event), AT(has_event) },
    { "--frames", OPTION_NUMBER, AT(frames), 0 },
    { "--size", OPTION_SIZE, AT(width), 0 },
    { "--theme", OPTION_THEME, AT(theme), 0 },
    { "--axis", OPTION_AXIS, AT(axis), AT(has_axis) },
    { "--bench", OPTION_FLAG, AT(is_bench), 0 },
};

static const option_row *find_option(const char *name);
static bool read_value(app_options *options, const option_row *option,
                       const char *text);
static model_axis best_axis(const ant_model *model);
static uint32_t find_task(const ant_model *model, const char *text);

int app_options_read(app_options *options, int argc, char **argv,
                     const char *usage)
{
    *options = (app_options){ 0 };
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            fputs(usage, stdout);
            return 0;
        }
        const option_row *option = find_option(argv[i]);
        if (option == NULL && argv[i][0] != '-' && options->trace == NULL) {
            options->trace = argv[i];
            continue;
        }
        const char *value = NULL;
        if (option != NULL && option->kind != OPTION_FLAG) value = argv[++i];
        if (option == NULL || !read_value(options, option, value)) {
            fprintf(stderr, "antfarm: %s: %s %s; see --help\n", argv[0],
                    option == NULL ? "not understood:" : "bad value for",
                    option == NULL ? argv[i] : option->name);
            return 2;
        }
    }
    if (options->trace == NULL) {
        fprintf(stderr, "antfarm: %s: name a trace file; see --help\n",
                argv[0]);
        return 2;
    }
    return -1;
}

bool app_options_apply(const app_options *options, ant_app *app)
{
    ant_replay *replay = &app->replay;
    app->theme = options->theme;
    app->theme_before = DRAW_THEME_DARK;
    replay_axis_set(replay,
                    options->has_axis ? options->axis : best_axis(app->model));
    replay_fit(replay);
    if (options->has_at) {
        replay_seek_time(replay, (uint64_t)(options->at_ms * 1e6));
    } else if (options->has_step) {
        replay_seek_step(replay, options->step > 0 ? options->step - 1 : 0);
    } else if (options->has_event) {
        replay_seek_event(replay, options->event);
    } else if (options->output != NULL) {
        app_seek_telling(app);
    }
    if (options->select == NULL) return true;
    uint32_t task = find_task(app->model, options->select);
    if (task == 0) {
        fprintf(stderr, "antfarm: %s: no task `%s` in this trace\n",
                app->model->path, options->select);
        return false;
    }
    replay_select(replay, REPLAY_TASK, task);
    return true;
}

// Time, unless no time passes, or the moment that counts is the very last.
static model_axis best_axis(const ant_model *model)
{
    bool is_timeless = model->t_end_ns == 0;
    bool is_stalled = model->stall_event != MODEL_NONE;
    return is_timeless || is_stalled ? MODEL_AXIS_STEP : MODEL_AXIS_TIME;
}

static const option_row *find_option(const char *name)
{
    for (unsigned i = 0; i < ANT_ARRAY_LEN(option_table); i++) {
        if (strcmp(option_table[i].name, name) == 0) return &option_table[i];
    }
    return NULL;
}

static bool read_number(const char *text, uint32_t *ret_number)
{
    char *end = NULL;
    errno = 0;
    unsigned long number = strtoul(text, &end, 10);
    if (errno != 0 || end == text || *end != '\0') return false;
    if (text[0] == '-' || number > UINT32_MAX) return false;
    *ret_number = (uint32_t)number;
    return true;
}

static bool read_ms(const char *text, double *ret_ms)
{
    char *end = NULL;
    double ms = strtod(text, &end);
    if (end == text || *end != '\0' || !(ms >= 0 && ms < 1e12)) return false;
    *ret_ms = ms;
    return true;
}

// "1600x900" into two neighbouring ints.
static bool read_size(const char *text, int *ret_sides)
{
    char *end = NULL;
    long w = strtol(text, &end, 10);
    if (*end != 'x') return false;
    long h = strtol(end + 1, &end, 10);
    if (*end != '\0') return false;
    bool is_good =
        w >= SIDE_MIN && w <= SIDE_MAX && h >= SIDE_MIN && h <= SIDE_MAX;
    if (!is_good) return false;
    ret_sides[0] = (int)w;
    ret_sides[1] = (int)h;
    return true;
}

static bool read_theme(const char *text, draw_theme *ret_theme)
{
    for (unsigned i = 0; i < DRAW_THEME_COUNT; i++) {
        if (strcmp(draw_theme_name((draw_theme)i), text) != 0) continue;
        *ret_theme = (draw_theme)i;
        return true;
    }
    return false;
}

static bool read_axis(const char *text, model_axis *ret_axis)
{
    bool is_time = strcmp(text, "time") == 0;
    if (!is_time && strcmp(text, "step") != 0) return false;
    *ret_axis = is_time ? MODEL_AXIS_TIME : MODEL_AXIS_STEP;
    return true;
}

static bool read_value(app_options *options, const option_row *option,
                       const char *text)
{
    void *to = (char *)options + option->offset;
    if (option->has_offset != 0) {
        *(bool *)((char *)options + option->has_offset) = true;
    }
    if (option->kind == OPTION_FLAG) {
        *(bool *)to = true;
        return true;
    }
    if (text == NULL) return false;
    switch (option->kind) {
    case OPTION_TEXT:
        *(const char **)to = text;
        return true;
    case OPTION_NUMBER:
        return read_number(text, to);
    case OPTION_MS:
        return read_ms(text, to);
    case OPTION_SIZE:
        return read_size(text, to);
    case OPTION_THEME:
        return read_theme(text, to);
    case OPTION_AXIS:
        return read_axis(text, to);
    case OPTION_FLAG:
        break;
    }
    return false;
}

static uint32_t find_task(const ant_model *model, const char *text)
{
    uint32_t id = 0;
    if (read_number(text, &id)) return model_task_row(model, id);
    for (uint32_t i = 1; i < model->task_count; i++) {
        if (strcmp(model->tasks[i].name, text) == 0) return i;
    }
    return 0;
}
