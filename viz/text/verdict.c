// SPDX-License-Identifier: MIT

#include "text/verdict.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "base/os.h"
#include "trace/schema.h"

void text_verdict_make(text_verdict *verdict, const ant_model *a,
                       const ant_model *b)
{
    *verdict = (text_verdict){ .model = { a, b } };
    for (unsigned side = 0; side < 2; side++) {
        text_measure_init(&verdict->measure[side]);
        text_measure_run(&verdict->measure[side], verdict->model[side]);
    }
}

const char *text_verdict_label(verdict_line line)
{
    static const char *const label[VERDICT_LINE_COUNT] = {
        [VERDICT_MAKESPAN] = "makespan",
        [VERDICT_READY] = "longest wake to poll",
        [VERDICT_POLL] = "longest poll",
        [VERDICT_POLLS] = "polls",
        [VERDICT_DEADLOCK] = "deadlock",
    };
    return line < VERDICT_LINE_COUNT ? label[line] : "";
}

static bool is_stalled(const text_verdict *verdict, unsigned side)
{
    return verdict->model[side]->stall_event != MODEL_NONE;
}

static uint64_t number_of(const text_verdict *verdict, verdict_line line,
                          unsigned side)
{
    const text_measure *measure = &verdict->measure[side];
    switch (line) {
    case VERDICT_MAKESPAN:
        return verdict->model[side]->t_end_ns;
    case VERDICT_READY:
        return measure->ready.max_ns;
    case VERDICT_POLL:
        return measure->polls.max_ns;
    case VERDICT_POLLS:
        return measure->polls.count;
    case VERDICT_DEADLOCK:
        return is_stalled(verdict, side);
    case VERDICT_LINE_COUNT:
        break;
    }
    return 0;
}

void text_verdict_value(const text_verdict *verdict, verdict_line line,
                        unsigned side, char *buf, size_t size)
{
    uint64_t number = number_of(verdict, line, side);
    const ant_model *model = verdict->model[side];
    if (line == VERDICT_DEADLOCK && is_stalled(verdict, side)) {
        snprintf(buf, size, "at %.3f ms",
                 (double)model_t_ns(model, model->stall_event) /
                     (double)ANT_NS_PER_MS);
    } else if (line == VERDICT_DEADLOCK) {
        snprintf(buf, size, "none");
    } else if (line == VERDICT_POLLS) {
        snprintf(buf, size, "%" PRIu64, number);
    } else {
        model_duration(number, buf, size);
    }
}

// A run that ends in a deadlock is not better for being short.
int text_verdict_better(const text_verdict *verdict, verdict_line line)
{
    bool only_one = is_stalled(verdict, 0) != is_stalled(verdict, 1);
    if (only_one && line != VERDICT_DEADLOCK) return -1;
    uint64_t a = number_of(verdict, line, 0);
    uint64_t b = number_of(verdict, line, 1);
    if (a == b) return -1;
    return a < b ? 0 : 1;
}

// --- A step in words -------------------------------------------------------

typedef struct verdict_text {
    char *buf;
    size_t size;
    size_t len;
} verdict_text;

static void say(verdict_text *text, const char *format, ...) ANT_PRINTF(2, 3);

// Parts of the sentence have commas between them.
static void say(verdict_text *text, const char *format, ...)
{
    if (text->len > 0 && text->len + 2 < text->size) {
        text->len += (size_t)snprintf(text->buf + text->len,
                                      text->size - text->len, ", ");
    }
    if (text->len >= text->size) return;
    va_list args;
    va_start(args, format);
    int n =
        vsnprintf(text->buf + text->len, text->size - text->len, format, args);
    va_end(args);
    if (n > 0) text->len += (size_t)n;
}

static const char *result_name(const ant_model *model, uint32_t poll)
{
    uint32_t end = model_link_of(model, poll);
    if (end == MODEL_NONE) return "nothing";
    ant_event event;
    model_event(model, end, &event);
    return ant_schema_value_name(ANT_ENUM_RESULT,
                                 ANT_EVENT_AS(poll_end, &event)->result);
}

static const char *state_name(const ant_model *model, uint32_t poll,
                              uint32_t task)
{
    uint32_t end = model_link_of(model, poll);
    model_track track = model_track_of(model, MODEL_TRACK_TASK, task);
    const model_span *span =
        model_span_at(&track, end == MODEL_NONE ? poll : end);
    uint8_t state = span == NULL ? MODEL_TASK_NONE : span->state;
    return model_task_state_name((model_task_state)state);
}

void text_verdict_step(const model_compare *compare, uint32_t step, char *buf,
                       size_t size)
{
    const compare_step *row = &compare->steps[step];
    const ant_model *a = compare->model[0];
    const ant_model *b = compare->model[1];
    uint32_t x = row->poll[0];
    uint32_t y = row->poll[1];
    verdict_text text = { .buf = buf, .size = size };
    if (size > 0) buf[0] = '\0';
    if ((row->differs & COMPARE_MISSING) != 0) {
        say(&text, "only in %s", x != MODEL_NONE ? "A" : "B");
        return;
    }
    if ((row->differs & COMPARE_ORDER) != 0) say(&text, "at another turn");
    if ((row->differs & COMPARE_WORKER) != 0) {
        say(&text, "on %s, in B on %s", a->lanes[a->lane[x]].name,
            b->lanes[b->lane[y]].name);
    }
    if ((row->differs & COMPARE_RESULT) != 0) {
        say(&text, "returns %s, in B %s", result_name(a, x), result_name(b, y));
    }
    if ((row->differs & COMPARE_STATE) != 0) {
        say(&text, "then %s, in B %s", state_name(a, x, row->task[0]),
            state_name(b, y, row->task[1]));
    }
}
