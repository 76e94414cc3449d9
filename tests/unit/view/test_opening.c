// SPDX-License-Identifier: MIT
//
// What is seen of a trace before its events are read.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "draw/dump.h"
#include "support/screen.h"
#include "support/trace_script.h"
#include "support/trace_story.h"
#include "view/opening.h"

static ant_reader *reader;
static model_outline outline;

static void outline_of(const char *path)
{
    ant_reader_error error;
    assert_int_equal(ant_reader_open(path, &reader, &error), 0);
    assert_int_equal(model_outline_init(&outline, reader), 0);
}

static void done(void)
{
    model_outline_deinit(&outline);
    ant_reader_close(reader);
}

// The events of each lane, counted one by one.
static void assert_counts(void)
{
    uint64_t all = 0;
    uint64_t of_lane[4] = { 0 };
    ant_event event;
    uint64_t end_ns = 0;
    while (ant_reader_next(reader, &event)) {
        assert_true(event.lane < 4);
        of_lane[event.lane]++;
        all++;
        end_ns = event.t_ns;
    }
    assert_int_equal(outline.count, all);
    assert_int_equal(outline.t_end_ns, end_ns);
    for (uint32_t i = 0; i < outline.lane_count; i++) {
        const outline_lane *lane = &outline.lane[i];
        double sum = 0;
        for (uint32_t k = 0; k < OUTLINE_COLUMNS; k++) {
            sum += (double)lane->events[k];
            assert_true(lane->events[k] <= outline.most);
        }
        assert_true(sum > (double)lane->count * 0.999 - 0.1);
        assert_true(sum < (double)lane->count * 1.001 + 0.1);
    }
}

static void the_heads_of_chunks_count_all_events(void **state)
{
    (void)state;
    outline_of(script_story_busy(20000));
    assert_true(outline.lane_count >= 2);
    assert_string_equal(outline.lane[0].name, "worker 0");
    assert_true(outline.lane[0].count > 0);
    assert_counts();
    done();
}

static void a_short_trace_has_an_outline_too(void **state)
{
    (void)state;
    outline_of(script_story_deadlock());
    assert_counts();
    done();
}

// --- The picture ---

static void draw(draw_list *list, int width, int height, draw_theme theme,
                 const view_opening *opening)
{
    static ui_input input;
    static ant_ui ui;
    input = (ui_input){
        .width = width, .height = height, .mouse_x = -1, .mouse_y = -1
    };
    draw_init(list, draw_dump_metrics());
    ui_begin(&ui, list, &input, theme);
    view_opening_draw(&ui, opening);
    ui_end(&ui);
}

static bool says(const draw_list *list, const char *text)
{
    for (uint32_t i = 0; i < list->count; i++) {
        const draw_cmd *cmd = &list->cmd[i];
        bool is_it = cmd->op == DRAW_OP_TEXT && cmd->text_len == strlen(text) &&
                     memcmp(list->text + cmd->text, text, cmd->text_len) == 0;
        if (is_it) return true;
    }
    return false;
}

static void says_what_is_known_and_which_keys_wait(void **state)
{
    (void)state;
    outline_of(script_story_busy(20000));
    view_opening opening = { .path = "folder/story.ant",
                             .outline = &outline,
                             .percent = 37,
                             .waiting = 2 };
    draw_list list;
    draw(&list, 1280, 720, DRAW_THEME_DARK, &opening);
    assert_true(says(&list, "story.ant"));
    assert_true(says(&list, "opening: 37 %"));
    assert_true(says(&list, "2 keys wait until it is open; Esc stops"));
    assert_true(says(&list, "worker 1"));
    assert_false(says(&list, "and 2 more"));
    assert_false(says(&list, "7 events lost"));
    draw_deinit(&list);

    // Where there is no room for all workers it says how many there are.
    outline.lost = 7;
    draw(&list, 1280, 150, DRAW_THEME_DARK, &opening);
    assert_true(says(&list, "and 2 more"));
    assert_true(says(&list, "7 events lost"));
    draw_deinit(&list);
    done();
}

int main(void)
{
#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)
    const struct CMUnitTest tests[] = {
        TEST(the_heads_of_chunks_count_all_events),
        TEST(a_short_trace_has_an_outline_too),
        TEST(says_what_is_known_and_which_keys_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
