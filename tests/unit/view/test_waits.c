// SPDX-License-Identifier: MIT
//
// Tests of the list of locks, sockets and timers: what it says of things that
// nobody holds, and which of many it lists.

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "support/screen.h"
#include "support/trace_script.h"
#include "view/panels.h"

// A server with `clients` connections, each of which a task of its own reads
// from; the first half of them hears something and ends.
static const char *story_server(uint32_t clients)
{
    const char *file = script_begin(ANT_LEVEL_FULL);
    script_res(clients + 1, ANT_RES_TOKEN, "stop", 9);
    for (uint32_t i = 1; i <= clients; i++) {
        char name[32];
        snprintf(name, sizeof name, "203.0.113.77:%u", 40000 + i);
        script_spawn(i, 0, "conn", 20);
        script_push(i, ANT_QUEUE_LOCAL);
        script_res(i, ANT_RES_SOCKET, name, 21);
        script_poll(i, ANT_QUEUE_LOCAL);
        script_wait(i, i, 1);
        script_poll_end(i, ANT_RESULT_PENDING);
    }
    for (uint32_t i = 1; i <= clients / 2; i++) {
        script_grant(i, i, 0);
        script_wake(i, ANT_VIA_IO, i);
        script_push(i, ANT_QUEUE_LOCAL);
        script_poll_ready(i, ANT_QUEUE_LOCAL);
    }
    script_end();
    return file;
}

static void show_at_end(const char *path, view_panel_id panel)
{
    screen_show(path);
    view_panel_show(screen_app.view, VIEW_AT_MAIN, panel);
    screen_press(UI_KEY_END);
}

static void a_socket_is_open_and_not_free(void **state)
{
    (void)state;
    show_at_end(story_server(4), VIEW_PANEL_stage);
    assert_non_null(screen_find("LOCKS, SOCKETS AND TIMERS"));
    assert_non_null(screen_find("open"));
    assert_null(screen_find("free"));
    screen_done();
    show_at_end(script_story_mutex(), VIEW_PANEL_tracks);
    assert_non_null(screen_find("free"));
    assert_non_null(screen_find("LOCKS AND TIMERS"));
    assert_null(screen_find("LOCKS AND SOCKETS"));
    screen_done();
}

static void a_long_address_keeps_its_port(void **state)
{
    (void)state;
    char name[64];
    show_at_end(story_server(4), VIEW_PANEL_stage);
    const ant_view *view = screen_app.view;
    view_res_short(view, 4, DRAW_FONT_BOLD, 500, name, sizeof name);
    assert_string_equal(name, "203.0.113.77:40004");
    view_res_short(view, 4, DRAW_FONT_BOLD, 90, name, sizeof name);
    assert_string_equal(name, "\xE2\x80\xA6:40004");
    screen_done();
}

// Beside other panels there is room for five lines: those whose sockets are
// waited for now. Alone, all of them have room.
static void of_many_sockets_those_are_listed_that_matter_now(void **state)
{
    (void)state;
    show_at_end(story_server(8), VIEW_PANEL_log);
    assert_null(screen_find("203.0.113.77:40001"));
    assert_non_null(screen_find("203.0.113.77:40008"));
    screen_done();
    show_at_end(story_server(8), VIEW_PANEL_waits);
    assert_non_null(screen_find("203.0.113.77:40001"));
    assert_non_null(screen_find("203.0.113.77:40008"));
    screen_done();
}

static void what_nobody_waits_for_is_said_so(void **state)
{
    (void)state;
    show_at_end(story_server(0), VIEW_PANEL_waits);
    assert_non_null(screen_find("nobody waits"));
    screen_done();
}

#define TEST(name) cmocka_unit_test_setup(name, screen_set_up)

static void a_heading_names_the_channels_that_are_there(void **state)
{
    (void)state;
    const char *file = script_begin(ANT_LEVEL_FULL);
    script_spawn(1, 0, "cook", 5);
    script_res(1, ANT_RES_MPSC, "orders", 1);
    script_poll(1, ANT_QUEUE_LOCAL);
    script_wait(1, 1, 1);
    script_poll_end(1, ANT_RESULT_PENDING);
    script_end();
    show_at_end(file, VIEW_PANEL_tracks);
    assert_non_null(screen_find("LOCKS, CHANNELS AND TIMERS"));
    // In the legend; and on the bar of the task, as no lock and no join has it.
    assert_non_null(screen_find("channel wait"));
    assert_non_null(screen_find("c"));
    assert_null(screen_find("task wait"));
    assert_non_null(screen_find("LOCKS AND CHANNELS"));
    screen_done();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_socket_is_open_and_not_free),
        TEST(a_heading_names_the_channels_that_are_there),
        TEST(a_long_address_keeps_its_port),
        TEST(of_many_sockets_those_are_listed_that_matter_now),
        TEST(what_nobody_waits_for_is_said_so),
    };
    return cmocka_run_group_tests_name("waits", tests, NULL, NULL);
}
