// SPDX-License-Identifier: MIT

#include "support/trace_story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/trace_script.h"

static ant_model *opened(int err, ant_model *model,
                         const ant_reader_error *error)
{
    if (err != 0) fail_msg("the trace does not open: %s", error->text);
    return model;
}

ant_model *story_open(const char *path)
{
    ant_model *model = NULL;
    ant_reader_error error = { 0 };
    int err = model_open(path, &model, &error);
    return opened(err, model, &error);
}

ant_model *story_open_bytes(const void *bytes, size_t len)
{
    ant_model *model = NULL;
    ant_reader_error error = { 0 };
    int err = model_open_bytes(bytes, len, "bytes", &model, &error);
    return opened(err, model, &error);
}

void story_close(ant_model *model)
{
    model_close(model);
    script_remove();
}

uint32_t story_event(const ant_model *model, ant_event_kind kind, unsigned n)
{
    for (uint32_t i = 0; i < model->event_count; i++) {
        if (model->kind[i] == kind && n-- == 0) return i;
    }
    fail_msg("the trace has not so many events of kind %d", (int)kind);
    return MODEL_NONE;
}

const char *story_states(const ant_model *model, model_track_kind kind,
                         uint32_t row)
{
    static const char *const letters[] = {
        [MODEL_TRACK_TASK] = "-nrPBLjcitw.x",
        [MODEL_TRACK_LANE] = "-_PBsz",
        [MODEL_TRACK_RES] = "-H",
        [MODEL_TRACK_FUTURE] = "-P.",
    };
    static char text[256];
    model_track track = model_track_of(model, kind, row);
    uint32_t n = 0;
    for (; n < track.count && n < sizeof text - 1; n++) {
        text[n] = letters[kind][track.spans[n].state];
    }
    text[n] = '\0';
    return text;
}

static void look_at(story_moment *moment, uint32_t event)
{
    assert_int_equal(model_snapshot_init(&moment->world, moment->model), 0);
    model_snapshot_at(&moment->world, event);
    assert_int_equal(model_waitfor_init(&moment->graph, &moment->world), 0);
}

static void forget(story_moment *moment)
{
    model_waitfor_deinit(&moment->graph);
    model_snapshot_deinit(&moment->world);
}

void story_look(story_moment *ret_moment, const char *path, uint32_t event)
{
    ret_moment->model = story_open(path);
    look_at(ret_moment, event);
}

void story_look_at_end(story_moment *ret_moment)
{
    script_end();
    story_look(ret_moment, script_path(), MODEL_NONE);
}

void story_look_away(story_moment *moment)
{
    forget(moment);
    story_close(moment->model);
}

bool story_is_core(const story_moment *moment, uint32_t task)
{
    const model_waitfor *graph = &moment->graph;
    return graph->nodes[model_waitfor_task(graph, task)].is_core;
}

void story_expect_why(const story_moment *moment, uint32_t task,
                      const char *text)
{
    model_reason reason;
    model_why(&moment->world, &moment->graph, task, &reason);
    assert_string_equal(reason.text, text);
}

const model_reason *story_why(ant_model *model, uint32_t task, uint32_t event)
{
    static model_reason reason;
    story_moment moment = { .model = model };
    look_at(&moment, event);
    model_why(&moment.world, &moment.graph, task, &reason);
    forget(&moment);
    return &reason;
}

int nothing_is_left(void **state)
{
    (void)state;
    script_remove();
    return ant_mem_live_count() == 0 ? 0 : -1;
}
