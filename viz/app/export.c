// SPDX-License-Identifier: MIT
//
// `antfarm export`: a trace in the words of another program.

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "app/commands.h"
#include "app/stop.h"
#include "export/export.h"
#include "text/args.h"
#include "text/file.h"

#define MEANING_MAX 2048

typedef struct export_options {
    const char *format;
    const char *path;
    unsigned axis; // export_axis, less one
    double at_ms;
} export_options;

static void write_meaning(char *buf, size_t size);
static bool choose_format(export_options *options, export_desc *desc);
static void name_output(const char *trace, const export_format *format,
                        char *buf, size_t size);
static int write_trace(const char *trace, const export_options *options,
                       export_desc *desc);

int app_export(int argc, char **argv)
{
    export_options options = { .at_ms = -1, .axis = UINT_MAX };
    const args_option rows[] = {
        { "--to", ARGS_TEXT, "FORMAT", "else what the name of OUT ends with",
          &options.format },
        { "-o", ARGS_TEXT, "OUT", "else TRACE with the format's extension",
          &options.path },
        { "--axis", ARGS_CHOICE, "time|step", "a step takes 1 us",
          &options.axis },
        { "--at", ARGS_MS, "MS", "the moment, for dot", &options.at_ms },
    };
    char meaning[MEANING_MAX];
    write_meaning(meaning, sizeof meaning);
    const args_command command = {
        .usage = "antfarm export TRACE --to FORMAT [-o OUT]",
        .meaning = meaning,
        .option = rows,
        .option_count = (int)ANT_ARRAY_LEN(rows),
        .plain_min = 1,
        .plain_max = 1,
    };
    int plain;
    int status = text_args_read(&command, argc, argv, &plain, stdout, stderr);
    if (status >= 0) return status;

    export_desc desc = { .stop = app_stop() };
    if (!choose_format(&options, &desc)) return TEXT_BAD_INPUT;
    if (options.axis != UINT_MAX) {
        desc.axis = (export_axis)(EXPORT_AXIS_TIME + options.axis);
    }
    char path[EXPORT_PATH_MAX];
    name_output(argv[1], desc.format, path, sizeof path);
    desc.path = options.path != NULL ? options.path : path;
    return write_trace(argv[1], &options, &desc);
}

int app_export_page(const char *trace, const char *path)
{
    const export_options options = { .at_ms = -1 };
    export_desc desc = {
        .format = export_format_named("html"),
        .path = path,
        .stop = app_stop(),
    };
    return write_trace(trace, &options, &desc);
}

static void write_meaning(char *buf, size_t size)
{
    int len = snprintf(buf, size,
                       "Writes a trace in the format of other "
                       "programs. FORMAT is one of\n");
    for (unsigned i = 0; export_format_at(i) != NULL; i++) {
        const export_format *format = export_format_at(i);
        len += snprintf(buf + len, size - (size_t)len, "\n  %-9s %-16s %s",
                        format->name, format->extension, format->meaning);
    }
    snprintf(buf + len, size - (size_t)len,
             "\n\nIn virtual time polls take none, so pictures get the axis "
             "of steps.");
}

static bool choose_format(export_options *options, export_desc *desc)
{
    if (options->format != NULL) {
        desc->format = export_format_named(options->format);
    } else if (options->path != NULL) {
        desc->format = export_format_of_path(options->path);
    }
    if (desc->format != NULL) return true;
    fprintf(stderr,
            "antfarm: export: %s%s; antfarm export --help lists the formats\n",
            options->format != NULL ? "there is no format " : "--to what",
            options->format != NULL ? options->format : "?");
    return false;
}

// "runs/join.ant" becomes "runs/join.json".
static void name_output(const char *trace, const export_format *format,
                        char *buf, size_t size)
{
    size_t len = strlen(trace);
    if (len > 4 && strcmp(trace + len - 4, ".ant") == 0) len -= 4;
    snprintf(buf, size, "%.*s%s", (int)len, trace, format->extension);
}

static int write_trace(const char *trace, const export_options *options,
                       export_desc *desc)
{
    ant_reader_error problem = { 0 };
    int err = model_open(trace, &desc->model, &problem);
    if (err < 0) {
        text_problem(trace, &problem, stderr);
        return TEXT_BAD_INPUT;
    }
    bool is_pause;
    desc->event = model_telling_event(desc->model, &is_pause);
    if (options->at_ms >= 0) {
        desc->event = model_event_before(
            desc->model, (uint64_t)(options->at_ms * 1e6 + 0.5));
    }
    char error[EXPORT_PATH_MAX + 128];
    err = export_write(desc, error, sizeof error);
    if (err < 0) {
        fprintf(stderr, "antfarm: %s\n", error);
    } else {
        text_damage(trace, desc->model->reader, stderr);
    }
    model_close(desc->model);
    return err < 0 ? TEXT_BAD_INPUT : TEXT_FINE;
}
