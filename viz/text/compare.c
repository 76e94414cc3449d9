// SPDX-License-Identifier: MIT

#include "text/compare.h"

#include <inttypes.h>

#include "text/file.h"
#include "text/verdict.h"

#define STEP_MAX    12
#define LABEL_WIDTH 21
#define VALUE_WIDTH 18
#define TASK_WIDTH  24

static ant_model *open_run(const char *path, FILE *err);
static int write_page(const text_compare_desc *desc, ant_model *const *model,
                      FILE *out, FILE *err);
static void write_verdict(const text_verdict *verdict, FILE *out);
static void write_steps(const model_compare *compare, uint64_t max, FILE *out);

int text_compare(const text_compare_desc *desc, FILE *out, FILE *err)
{
    ant_model *model[2] = { open_run(desc->path[0], err), NULL };
    if (model[0] != NULL) model[1] = open_run(desc->path[1], err);
    int status = TEXT_BAD_INPUT;
    if (model[1] != NULL) status = write_page(desc, model, out, err);
    model_close(model[0]);
    model_close(model[1]);
    return status;
}

static ant_model *open_run(const char *path, FILE *err)
{
    ant_model *model = NULL;
    ant_reader_error error = { 0 };
    if (model_open(path, &model, &error) < 0) {
        text_problem(path, &error, err);
        return NULL;
    }
    return model;
}

static int write_page(const text_compare_desc *desc, ant_model *const *model,
                      FILE *out, FILE *err)
{
    model_compare compare;
    if (model_compare_init(&compare, model[0], model[1]) < 0) {
        fputs("antfarm: out of memory\n", err);
        return TEXT_BAD_INPUT;
    }
    text_verdict verdict;
    text_verdict_make(&verdict, model[0], model[1]);
    fprintf(out, "A  %s\nB  %s\n\n", desc->path[0], desc->path[1]);
    write_verdict(&verdict, out);
    write_steps(&compare, desc->step_max > 0 ? desc->step_max : STEP_MAX, out);
    int status = compare.differing > 0 ? TEXT_FINDING : TEXT_FINE;
    model_compare_deinit(&compare);
    return status;
}

static void write_verdict(const text_verdict *verdict, FILE *out)
{
    for (unsigned i = 0; i < VERDICT_LINE_COUNT; i++) {
        verdict_line line = (verdict_line)i;
        char value[64];
        int better = text_verdict_better(verdict, line);
        text_column(out, text_verdict_label(line), LABEL_WIDTH);
        fputs("  A ", out);
        text_verdict_value(verdict, line, 0, value, sizeof(value));
        text_column(out, value, VALUE_WIDTH);
        fputs("B ", out);
        text_verdict_value(verdict, line, 1, value, sizeof(value));
        text_column(out, value, VALUE_WIDTH);
        fprintf(out, "%s\n",
                better < 0 ? ""
                           : (better == 0 ? "A is better" : "B is better"));
    }
}

static void write_step(const model_compare *compare, uint32_t step, FILE *out)
{
    const compare_step *row = &compare->steps[step];
    unsigned side = row->poll[0] != MODEL_NONE ? 0 : 1;
    char task[96];
    char name[160];
    char text[256];
    model_task_label(compare->model[side], row->task[side], task, sizeof(task));
    snprintf(name, sizeof(name), "%s, poll %" PRIu32, task, row->number);
    text_verdict_step(compare, step, text, sizeof(text));
    fputs("  ", out);
    text_column(out, name, TASK_WIDTH);
    fprintf(out, "  %s\n", text);
}

static void write_steps(const model_compare *compare, uint64_t max, FILE *out)
{
    if (compare->differing == 0) {
        fprintf(out, "\nThe same schedule: %" PRIu32 " poll%s, one by one.\n",
                compare->count, compare->count == 1 ? "" : "s");
        return;
    }
    fprintf(out, "\n%" PRIu32 " of %" PRIu32 " poll%s differ%s:\n",
            compare->differing, compare->count, compare->count == 1 ? "" : "s",
            compare->differing == 1 ? "s" : "");
    uint32_t step = model_compare_next(compare, 0);
    uint64_t listed = 0;
    for (; step < compare->count && listed < max; listed++) {
        write_step(compare, step, out);
        step = model_compare_next(compare, step + 1);
    }
    if (listed < compare->differing) {
        fprintf(out, "  and %" PRIu64 " more (see --steps)\n",
                compare->differing - listed);
    }
}
