// SPDX-License-Identifier: MIT
//
// Traces that are not as usual: of very many tasks or workers, empty, cut off
// in the middle, with events missing. In every panel, theme and size all texts
// are apart and inside the window, and what is missing is said.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/mem.h"
#include "support/crowd.h"
#include "support/screen.h"
#include "support/trace_script.h"
#include "trace/format.h"
#include "view/panels.h"

// Every panel in every theme at two sizes, here and at the end of the run.
static void assert_all_panels(const char *what)
{
    static const int size[][2] = { { 1280, 720 }, { 1920, 1080 } };
    for (unsigned s = 0; s < 2; s++) {
        screen_size(size[s][0], size[s][1]);
        for (unsigned theme = 0; theme < DRAW_THEME_COUNT; theme++) {
            for (unsigned panel = 0; panel < VIEW_PANEL_COUNT; panel++) {
                if ((view_panels[panel].where & VIEW_AT_MAIN) == 0) continue;
                char text[96];
                snprintf(text, sizeof text, "%s, %s, theme %u", what,
                         view_panels[panel].name, theme);
                screen_app.theme = (draw_theme)theme;
                view_panel_show(screen_app.view, VIEW_AT_MAIN,
                                (view_panel_id)panel);
                screen_frame();
                screen_frame();
                screen_assert_texts_apart(text);
            }
        }
    }
}

static void show(const char *path)
{
    assert_non_null(path);
    screen_show(path);
}

// The middle of the run, when most is going on.
static void go_to_the_middle(void)
{
    replay_seek_event(&screen_app.replay, screen_app.model->event_count / 2);
    screen_frame();
}

static void ten_thousand_tasks(void **state)
{
    (void)state;
    show(crowd_record(10000, 4, 1));
    assert_int_equal(screen_app.model->task_count, 10000 + 2);
    go_to_the_middle();
    assert_all_panels("10,000 tasks");
    screen_done();
    crowd_remove();
}

static void two_hundred_workers(void **state)
{
    (void)state;
    show(crowd_record(400, 200, 1));
    assert_int_equal(screen_app.model->worker_count, 200);
    go_to_the_middle();
    assert_all_panels("200 workers");
    screen_done();
    crowd_remove();
}

static void nothing_at_all(void **state)
{
    (void)state;
    const char *path = script_begin(ANT_LEVEL_FULL);
    script_end();
    show(path);
    assert_all_panels("empty");
    screen_done();
}

// The bytes of the file, which the caller frees.
static uint8_t *bytes_of(const char *path, size_t *ret_len)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    fseek(file, 0, SEEK_END);
    *ret_len = (size_t)ftell(file);
    rewind(file);
    uint8_t *bytes = malloc(*ret_len);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, *ret_len, file), *ret_len);
    fclose(file);
    return bytes;
}

// Polls that are shorter than a pixel, and pauses that are longer than they.
static void workers_with_millions_of_polls_are_not_empty(void **state)
{
    (void)state;
    show(script_story_busy(30000));
    screen_press('i'); // so that only the tracks name workers
    const draw_cmd *row = screen_find("worker 0");
    assert_non_null(row);
    unsigned strips = 0;
    uint32_t green =
        screen_app.view->ui.palette->state[DRAW_STATE_POLLING].color;
    for (uint32_t i = 0; i < screen_app.list.count; i++) {
        const draw_cmd *cmd = &screen_app.list.cmd[i];
        bool is_here = cmd->rect.y >= row->rect.y &&
                       cmd->rect.y < row->rect.y + row->rect.h;
        if (is_here && cmd->color == green) strips++;
    }
    assert_true(strips > 50);
    screen_done();
}

static void a_trace_cut_in_the_middle(void **state)
{
    (void)state;
    const char *path = script_story_busy(30000);
    size_t len;
    free(bytes_of(path, &len));
    assert_int_equal(truncate(path, (off_t)(len / 2)), 0);
    show(path);
    assert_true(screen_app.model->event_count > 1000);
    assert_non_null(screen_find("1 damaged part skipped"));
    go_to_the_middle();
    assert_all_panels("cut");
    screen_done();
}

// Overwrites a chunk in the middle, so that its events are missing.
static void lose_a_chunk(const char *path)
{
    size_t len;
    uint8_t *bytes = bytes_of(path, &len);
    size_t at = len / 2 / ANT_CHUNK_ALIGN * ANT_CHUNK_ALIGN;
    memset(bytes + at, 0xEE, ANT_CHUNK_BYTES_MIN);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, len, file), len);
    fclose(file);
    free(bytes);
}

static void events_that_are_missing_are_a_gap(void **state)
{
    (void)state;
    const char *path = script_story_busy(30000);
    lose_a_chunk(path);
    show(path);
    assert_true(screen_app.model->loss_count > 0);
    assert_non_null(screen_find("1 damaged part skipped"));
    replay_seek_event(&screen_app.replay, screen_app.model->losses[0].event);
    screen_frame();
    assert_non_null(screen_find("events missing"));
    assert_all_panels("lost");
    screen_done();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, screen_set_up)
    const struct CMUnitTest tests[] = {
        TEST(ten_thousand_tasks),
        TEST(two_hundred_workers),
        TEST(nothing_at_all),
        TEST(workers_with_millions_of_polls_are_not_empty),
        TEST(a_trace_cut_in_the_middle),
        TEST(events_that_are_missing_are_a_gap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
