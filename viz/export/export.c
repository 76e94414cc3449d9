// SPDX-License-Identifier: MIT

#include "export/export.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/os.h"
#include "export/formats.h"

static const export_format formats[] = {
    { .name = "html",
      .extension = ".html",
      .meaning = "a page that plays it: any browser, offline",
      .write = export__html },
    { .name = "chrome",
      .extension = ".json",
      .meaning = "Chrome JSON: speedscope, Perfetto, Tracy",
      .is_picture = true,
      .write = export__chrome },
    { .name = "perfetto",
      .extension = ".perfetto-trace",
      .meaning = "Perfetto's protobuf: ui.perfetto.dev",
      .is_picture = true,
      .write = export__perfetto },
    { .name = "eventlog",
      .extension = ".eventlog",
      .meaning = "of the Haskell compiler: ThreadScope",
      .is_picture = true,
      .write = export__eventlog },
    { .name = "paje",
      .extension = ".paje",
      .meaning = "Paje: ViTE, pajeng",
      .is_picture = true,
      .write = export__paje },
    { .name = "ctf",
      .extension = ".ctf",
      .meaning = "CTF 1.8, a folder: Babeltrace, Trace Compass",
      .is_folder = true,
      .write = export__ctf },
    { .name = "csv",
      .extension = ".csv",
      .meaning = "a line for each event: spreadsheets",
      .write = export__csv },
    { .name = "ndjson",
      .extension = ".ndjson",
      .meaning = "an object for each event: jq, DuckDB",
      .write = export__ndjson },
    { .name = "dot",
      .extension = ".dot",
      .meaning = "who waits for whom at one moment: Graphviz",
      .write = export__dot },
};

static int say(char *error, size_t size, const char *path, int err,
               const char *more);

const export_format *export_format_at(unsigned i)
{
    return i < ANT_ARRAY_LEN(formats) ? &formats[i] : NULL;
}

const export_format *export_format_named(const char *name)
{
    for (unsigned i = 0; i < ANT_ARRAY_LEN(formats); i++) {
        if (strcmp(formats[i].name, name) == 0) return &formats[i];
    }
    return NULL;
}

const export_format *export_format_of_path(const char *path)
{
    size_t len = strlen(path);
    for (unsigned i = 0; i < ANT_ARRAY_LEN(formats); i++) {
        const char *extension = formats[i].extension;
        size_t its = strlen(extension);
        bool ends = len > its && strcmp(path + len - its, extension) == 0;
        if (ends) return &formats[i];
    }
    return NULL;
}

int export_write(const export_desc *desc, char *error, size_t error_size)
{
    const export_format *format = desc->format;
    bool is_timeless = format->is_picture && desc->model->info->is_virtual &&
                       desc->axis == EXPORT_AXIS_BEST;
    export_out out;
    export_job job = {
        .model = desc->model,
        .out = &out,
        .event = desc->event,
        .is_by_step = is_timeless || desc->axis == EXPORT_AXIS_STEP,
    };
    int err = format->is_folder
                  ? export_out_open_folder(&out, desc->path, desc->stop)
                  : export_out_open(&out, desc->path, desc->stop);
    if (err < 0) return say(error, error_size, desc->path, err, NULL);
    err = export_out_close(&out, format->write(&job));
    return say(error, error_size, desc->path, err, job.error);
}

static int say(char *error, size_t size, const char *path, int err,
               const char *more)
{
    const char *text = more != NULL ? more : ant_err_text(err);
    if (err == -EINTR) text = "stopped, nothing is left behind";
    if (err == -EEXIST) text = "is there already; remove it or name another";
    if (err < 0) snprintf(error, size, "%s: %s", path, text);
    return err;
}

uint64_t export__ns(const export_job *job, uint32_t i)
{
    const ant_model *model = job->model;
    bool is_end = i >= model->event_count;
    if (!job->is_by_step)
        return is_end ? model->t_end_ns : model_t_ns(model, i);
    uint32_t step = is_end ? model->step_count : model_step_of(model, i);
    return step * ANT_NS_PER_US;
}
