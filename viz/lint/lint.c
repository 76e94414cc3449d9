// SPDX-License-Identifier: MIT

#include "lint/lint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/os.h"
#include "lint/pass.h"
#include "model/late.h"

#define NAMES_KEPT 8

// How often a loop looks whether it should end.
#define LOOK_EVERY 4096u

const lint_info lint_table[LINT_COUNT] = {
#define LINT_ROW(id, name, severity, limit, unit, meaning, advice, lesson)     \
    { name, LINT_##severity, limit, unit, meaning, advice, lesson },
    LINTS(LINT_ROW)
#undef LINT_ROW
};

static void rank(lint_report *report);

lint_id lint_find(const char *name)
{
    unsigned i = 0;
    while (i < LINT_COUNT && strcmp(lint_table[i].name, name) != 0)
        i++;
    return (lint_id)i;
}

int lint_run(const ant_model *model, const lint_limits *limits,
             lint_report *ret_report)
{
    return lint__run(model, limits, NULL, ret_report);
}

int lint__run(const ant_model *model, const lint_limits *limits,
              const ant_atomic_u32 *stop, lint_report *ret_report)
{
    lint_limits usual;
    lint_limits_init(&usual);
    lint_pass pass = {
        .model = model,
        .limits = limits != NULL ? limits : &usual,
        .finding = ant_mem_alloc(LINT_FINDING_MAX * sizeof *pass.finding),
        .stop = stop,
    };
    if (pass.finding == NULL) return -ENOMEM;
    if (model->event_count > 0) {
        lint__locks(&pass);
        lint__polls(&pass);
        lint__queues(&pass);
        lint__wakes(&pass);
        lint__herds(&pass);
        lint__lives(&pass);
        lint__futures(&pass);
    }
    if (pass.err == 0 && lint__is_stopped(&pass, 0)) pass.err = -ECANCELED;
    if (pass.err != 0) {
        ant_mem_free(pass.finding);
        return pass.err;
    }
    *ret_report = (lint_report){ .finding = pass.finding, .count = pass.count };
    rank(ret_report);
    return 0;
}

void lint_report_free(lint_report *report)
{
    ant_mem_free(report->finding);
    *report = (lint_report){ 0 };
}

// Bad ones first; of equals those that are further beyond their limit; then in
// the order of time.
static int compare(const void *a, const void *b)
{
    const lint_finding *x = a;
    const lint_finding *y = b;
    const lint_info *of_x = &lint_table[x->lint];
    const lint_info *of_y = &lint_table[y->lint];
    double by_x = x->amount / of_x->limit;
    double by_y = y->amount / of_y->limit;
    if (of_x->severity != of_y->severity)
        return of_x->severity > of_y->severity ? -1 : 1;
    if (by_x > by_y || by_x < by_y) return by_x > by_y ? -1 : 1;
    if (x->event != y->event) return x->event < y->event ? -1 : 1;
    return (x->lint > y->lint) - (x->lint < y->lint);
}

static void rank(lint_report *report)
{
    for (uint32_t i = 0; i < report->count; i++)
        report->of_lint[report->finding[i].lint]++;
    qsort(report->finding, report->count, sizeof *report->finding, compare);
}

// --- Telling ---

bool lint__is_stopped(const lint_pass *pass, uint32_t i)
{
    return i % LOOK_EVERY == 0 && pass->stop != NULL &&
           ant_atomic_load(pass->stop, ANT_RELAXED) != 0;
}

bool lint__is_over(const lint_pass *pass, lint_id id, double amount)
{
    return amount >= pass->limits->least[id];
}

// Tasks of one kind, spawned in one place, make the same mistake. A trace that
// knows neither tells of all of them as one.
static bool is_same_task(const ant_model *model, uint32_t a, uint32_t b)
{
    const model_task *x = &model->tasks[a];
    const model_task *y = &model->tasks[b];
    bool is_one_place = x->line == y->line && x->type_id == y->type_id &&
                        strcmp(x->file, y->file) == 0;
    return a == b || (a != 0 && b != 0 && is_one_place);
}

void lint__tell(lint_pass *pass, lint_id id, const lint_finding *found,
                const char *format, ...)
{
    if (!lint__is_over(pass, id, found->amount)) return;
    lint_finding *to = NULL;
    uint32_t count = 1;
    for (uint32_t i = 0; i < pass->count && to == NULL; i++) {
        lint_finding *other = &pass->finding[i];
        if (other->lint == id && other->res == found->res &&
            is_same_task(pass->model, other->task, found->task))
            to = other;
    }
    if (to != NULL) {
        count = ++to->count;
        if (to->amount >= found->amount) return;
    } else {
        if (pass->count == LINT_FINDING_MAX) return;
        to = &pass->finding[pass->count++];
    }
    *to = *found;
    to->lint = (uint8_t)id;
    to->count = count;
    va_list args;
    va_start(args, format);
    (void)vsnprintf(to->text, sizeof to->text, format, args);
    va_end(args);
}

static char *next_word(void)
{
    static _Thread_local char word[NAMES_KEPT][160];
    static _Thread_local unsigned at;
    return word[at++ % NAMES_KEPT];
}

const char *lint__task(const lint_pass *pass, uint32_t task)
{
    char *word = next_word();
    model_task_label(pass->model, task, word, 160);
    return word;
}

const char *lint__duration(uint64_t ns)
{
    char *word = next_word();
    model_duration(ns, word, 160);
    return word;
}

const char *lint__site(const lint_pass *pass, uint32_t task, uint32_t event)
{
    char *word = next_word();
    model_site site;
    word[0] = '\0';
    if (model_sites(pass->model, task, event, &site, 1) == 0) return word;
    const char *slash = strrchr(site.file, '/');
    (void)snprintf(word, 160, " (%s:%" PRIu32 ")",
                   slash != NULL ? slash + 1 : site.file, site.line);
    return word;
}

// --- What several lints ask ---

uint64_t lint__between(const ant_model *model, uint32_t from, uint32_t to)
{
    uint64_t end =
        to < model->event_count ? model_t_ns(model, to) : model->t_end_ns;
    return end > model_t_ns(model, from) ? end - model_t_ns(model, from) : 0;
}

double lint__ms(uint64_t ns)
{
    return (double)ns / (double)ANT_NS_PER_MS;
}

uint64_t lint__less(uint64_t ns, uint64_t late_ns)
{
    return late_ns < ns ? ns - late_ns : 0;
}

const char *lint__and_late(uint64_t late_ns)
{
    char *word = next_word();
    char words[MODEL_LATE_WORDS_MAX];
    model_late_words(late_ns, false, words);
    (void)snprintf(word, 160, "%s%s", words[0] != '\0' ? "; " : "", words);
    return word;
}

bool lint__is_on_worker(const ant_model *model, uint32_t event)
{
    return model->lanes[model->lane[event]].kind == ANT_LANE_WORKER;
}

uint64_t lint__blocked_ns(const ant_model *model, uint32_t task, uint32_t from,
                          uint32_t to)
{
    const uint32_t *events = model->events_of_task;
    model_range range = model->tasks[task].events;
    uint64_t ns = 0;
    uint32_t i = model_next_in(events, range, from);
    for (; i != MODEL_NONE && i < to; i = model_next_in(events, range, i)) {
        if (model->kind[i] != ANT_EV_block_begin || model->task[i] != task)
            continue;
        uint32_t end = model_link_of(model, i);
        ns += lint__between(model, i, end < to ? end : to);
    }
    return ns;
}
