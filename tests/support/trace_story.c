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
        [MODEL_TRACK_TASK] = "-nrPBLjitw.x",
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

const model_reason *story_why(const ant_model *model, uint32_t task,
                              uint32_t event)
{
    static model_reason reason;
    ant_snapshot world;
    model_waitfor graph;
    assert_int_equal(model_snapshot_init(&world, model), 0);
    model_snapshot_at(&world, event);
    assert_int_equal(model_waitfor_init(&graph, &world), 0);
    model_why(&world, &graph, task, &reason);
    model_waitfor_deinit(&graph);
    model_snapshot_deinit(&world);
    return &reason;
}

int nothing_is_left(void **state)
{
    (void)state;
    script_remove();
    return ant_mem_live_count() == 0 ? 0 : -1;
}
