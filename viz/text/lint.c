// SPDX-License-Identifier: MIT

#include "text/lint.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/os.h"
#include "lint/lint.h"
#include "text/file.h"
#include "text/json.h"

#define LIMITS_BYTES_MAX 16384

static int read_limits(const char *path, lint_limits *limits, FILE *err);
static int write_report(const text_lint_desc *desc, const ant_model *model,
                        const lint_limits *limits, FILE *out, FILE *err);
static void write_finding(const ant_model *model, const lint_finding *found,
                          FILE *out);
static void write_json(const ant_model *model, const lint_finding *found,
                       FILE *out);

int text_lint(const text_lint_desc *desc, FILE *out, FILE *err)
{
    lint_limits limits;
    lint_limits_init(&limits);
    int status = TEXT_FINE;
    if (desc->limits != NULL) status = read_limits(desc->limits, &limits, err);
    if (status != TEXT_FINE) return status;
    ant_model *model;
    ant_reader_error error = { 0 };
    if (model_open(desc->path, &model, &error) < 0) {
        text_problem(desc->path, &error, err);
        return TEXT_BAD_INPUT;
    }
    status = write_report(desc, model, &limits, out, err);
    model_close(model);
    return status;
}

static int read_limits(const char *path, lint_limits *limits, FILE *err)
{
    static char text[LIMITS_BYTES_MAX];
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fprintf(err, "antfarm: %s: cannot be opened\n", path);
        return TEXT_BAD_INPUT;
    }
    size_t len = fread(text, 1, sizeof text - 1, file);
    bool is_whole = feof(file) != 0 && ferror(file) == 0;
    fclose(file);
    text[len] = '\0';
    unsigned line = 0;
    if (!is_whole) {
        fprintf(err, "antfarm: %s: cannot be read, or is too long\n", path);
    } else if (lint_limits_read(text, limits, &line) < 0) {
        fprintf(err,
                "antfarm: %s:%u: not a limit; write `name limit` or `name "
                "off`, see antfarm lint --print-limits\n",
                path, line);
    } else {
        return TEXT_FINE;
    }
    return TEXT_BAD_INPUT;
}

static int write_report(const text_lint_desc *desc, const ant_model *model,
                        const lint_limits *limits, FILE *out, FILE *err)
{
    lint_report report;
    if (lint_run(model, limits, &report) < 0) {
        fputs("antfarm: out of memory\n", err);
        return TEXT_BAD_INPUT;
    }
    for (uint32_t i = 0; i < report.count; i++) {
        if (desc->is_json) {
            write_json(model, &report.finding[i], out);
        } else {
            write_finding(model, &report.finding[i], out);
        }
    }
    int status = report.count > 0 ? TEXT_FINDING : TEXT_FINE;
    if (!desc->is_json) {
        fprintf(out, "%s: %" PRIu32 " finding%s\n", desc->path, report.count,
                report.count == 1 ? "" : "s");
    }
    if (model->info->lost_count > 0) {
        fprintf(err,
                "antfarm: %s: %" PRIu64 " event%s missing; what would be "
                "seen there is not known\n",
                desc->path, model->info->lost_count,
                model->info->lost_count == 1 ? " is" : "s are");
    }
    lint_report_free(&report);
    return status;
}

static const char *severity(const lint_info *info)
{
    return info->severity == LINT_BAD ? "bad" : "warning";
}

// Three lines: what, where and how often; what helps; how to see it.
static void write_finding(const ant_model *model, const lint_finding *found,
                          FILE *out)
{
    const lint_info *info = &lint_table[found->lint];
    uint32_t step = model_step_of(model, found->event) + 1;
    fprintf(out, "%s: %s at %.3f ms, step %" PRIu32, info->name, severity(info),
            (double)model_t_ns(model, found->event) / (double)ANT_NS_PER_MS,
            step);
    if (found->count > 1) fprintf(out, ", the worst of %" PRIu32, found->count);
    fprintf(out, "\n    %s\n    help: %s (lesson %s)\n", found->text,
            info->advice, info->lesson);
    fprintf(out, "    antfarm view %s --step %" PRIu32, model->path, step);
    if (found->task != 0)
        fprintf(out, " --select %" PRIu32, model->tasks[found->task].id);
    fputs("\n\n", out);
}

static void write_json(const ant_model *model, const lint_finding *found,
                       FILE *out)
{
    const lint_info *info = &lint_table[found->lint];
    fprintf(out,
            "{\"lint\":\"%s\",\"severity\":\"%s\",\"t_ns\":%" PRIu64
            ",\"event\":%" PRIu32 ",\"step\":%" PRIu32,
            info->name, severity(info), model_t_ns(model, found->event),
            found->event, model_step_of(model, found->event) + 1);
    if (found->task != 0)
        fprintf(out, ",\"task\":%" PRIu32, model->tasks[found->task].id);
    if (found->res != 0)
        fprintf(out, ",\"res\":%" PRIu32, model->res[found->res].id);
    fprintf(out, ",\"count\":%" PRIu32 ",\"amount\":%.6g,\"unit\":\"%s\"",
            found->count, found->amount, info->unit);
    fputs(",\"text\":", out);
    text_json_string(found->text, out);
    fputs(",\"help\":", out);
    text_json_string(info->advice, out);
    fprintf(out, ",\"lesson\":\"%s\"}\n", info->lesson);
}

void text_lint_limits(FILE *out)
{
    fputs("# From which amount on each lint speaks; \"off\" keeps it quiet.\n"
          "# antfarm lint --limits FILE reads such lines; what is left out\n"
          "# stays as it is here.\n",
          out);
    for (unsigned i = 0; i < LINT_COUNT; i++) {
        const lint_info *info = &lint_table[i];
        fprintf(out, "%-24s %6g %-8s # %s\n", info->name, info->limit,
                info->unit, info->meaning);
    }
}

void text_lint_markdown(FILE *out)
{
    fputs("| lint | from | unit | what it means | what helps | lesson |\n"
          "|---|---|---|---|---|---|\n",
          out);
    for (unsigned i = 0; i < LINT_COUNT; i++) {
        const lint_info *info = &lint_table[i];
        fprintf(out, "| `%s`%s | %g | %s | %s | %s | %s |\n", info->name,
                info->severity == LINT_BAD ? ", bad" : "", info->limit,
                info->unit, info->meaning, info->advice, info->lesson);
    }
}
