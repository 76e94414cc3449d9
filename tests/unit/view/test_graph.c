// SPDX-License-Identifier: MIT
//
// Tests of view/graph_place: boxes keep apart and keep their places, and every
// arrow runs between the boxes that it belongs to.

#include "view/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/trace_script.h"
#include "support/trace_story.h"

static ant_model *model;
static ant_snapshot world;
static graph_layout layout;
static graph_size size;

static void open_story(const char *path, int w, int h)
{
    size = (graph_size){ .rect = { 8, 40, w, h },
                         .font = 16,
                         .small = 14,
                         .unit = 8,
                         .width = { 150, 100, 140 } };
    model = story_open(path);
    assert_int_equal(model_snapshot_init(&world, model), 0);
}

static void place(uint32_t event, uint32_t selected)
{
    model_waitfor graph;
    model_snapshot_at(&world, event);
    assert_int_equal(model_waitfor_init(&graph, &world), 0);
    view_graph_place(model, &graph, &size, selected, &layout);
    model_waitfor_deinit(&graph);
}

static void done(void)
{
    model_snapshot_deinit(&world);
    story_close(model);
}

static const graph_box *box_of(waitfor_kind kind, uint32_t row)
{
    for (unsigned i = 0; i < layout.box_count; i++) {
        const graph_box *box = &layout.box[i];
        if (box->kind == kind && box->row == row) return box;
    }
    return NULL;
}

// Where it stands; a rectangle without area when it is not there.
static draw_rect place_of(waitfor_kind kind, uint32_t row)
{
    const graph_box *box = box_of(kind, row);
    return box != NULL ? box->rect : (draw_rect){ 0 };
}

static bool is_inside(draw_rect a, draw_rect b)
{
    return a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w &&
           a.y + a.h <= b.y + b.h;
}

static void assert_boxes_apart(void)
{
    for (unsigned i = 0; i < layout.box_count; i++) {
        draw_rect rect = layout.box[i].rect;
        if (rect.w == 0) continue;
        assert_true(rect.h > 0);
        assert_true(is_inside(rect, size.rect));
        for (unsigned k = 0; k < i; k++) {
            draw_rect both = draw_intersect(rect, layout.box[k].rect);
            assert_true(both.w == 0 || both.h == 0);
        }
    }
}

static void assert_arrows_meet_their_boxes(void)
{
    for (unsigned i = 0; i < layout.arrow_count; i++) {
        const graph_arrow *arrow = &layout.arrow[i];
        draw_rect from = layout.box[arrow->from].rect;
        draw_rect to = layout.box[arrow->to].rect;
        assert_int_equal(arrow->x0, arrow->is_left ? from.x : from.x + from.w);
        assert_int_equal(arrow->x1, arrow->ends_left ? to.x : to.x + to.w);
        assert_in_range(arrow->y0, from.y, from.y + from.h);
        assert_in_range(arrow->y1, to.y, to.y + to.h);
    }
}

static void boxes_stand_apart_at_every_step_and_size(void **state)
{
    (void)state;
    static const int sizes[][2] = { { 480, 260 }, { 760, 470 }, { 1500, 800 } };
    const char *(*const story[])(
        void) = { script_story_join, script_story_mutex, script_story_steal,
                  script_story_deadlock };
    for (unsigned s = 0; s < ANT_ARRAY_LEN(story); s++) {
        for (unsigned i = 0; i < ANT_ARRAY_LEN(sizes); i++) {
            open_story(story[s](), sizes[i][0], sizes[i][1]);
            for (uint32_t step = 0; step < model->step_count; step++) {
                place(model_step_event(model, step), 0);
                assert_boxes_apart();
                assert_arrows_meet_their_boxes();
            }
            done();
        }
    }
}

static void tasks_and_locks_keep_their_places(void **state)
{
    (void)state;
    open_story(script_story_deadlock(), 760, 470);
    place(0, 0);
    draw_rect task = place_of(WAITFOR_TASK, 1);
    uint32_t res = 1;
    while (!view_graph_has_place(model, res))
        res++;
    draw_rect lock = place_of(WAITFOR_RES, res);
    assert_true(task.w > 0 && lock.w > 0);
    for (uint32_t step = 0; step < model->step_count; step++) {
        place(model_step_event(model, step), step % 3);
        draw_rect task_now = place_of(WAITFOR_TASK, 1);
        draw_rect lock_now = place_of(WAITFOR_RES, res);
        assert_memory_equal(&task_now, &task, sizeof(task));
        assert_memory_equal(&lock_now, &lock, sizeof(lock));
    }
    done();
}

static void a_deadlock_is_a_round_of_arrows(void **state)
{
    (void)state;
    open_story(script_story_deadlock(), 760, 470);
    place(model->event_count - 1, 0);
    // From task 1 over what it waits for, and who holds that, back to it.
    unsigned at = 0;
    while (layout.box[at].kind != WAITFOR_TASK || layout.box[at].row != 1)
        at++;
    unsigned first = at;
    unsigned hops = 0;
    do {
        unsigned i = 0;
        while (i < layout.arrow_count && layout.arrow[i].from != at)
            i++;
        assert_true(i < layout.arrow_count);
        at = layout.arrow[i].to;
        hops++;
    } while (at != first && hops < 10);
    assert_int_equal(hops, 4);
    done();
}

static void labels_keep_clear_of_boxes(void **state)
{
    (void)state;
    open_story(script_story_deadlock(), 760, 470);
    place(model->event_count - 1, 0);
    unsigned labels = 0;
    for (unsigned i = 0; i < layout.arrow_count; i++) {
        draw_rect label = layout.arrow[i].label;
        labels += label.w > 0;
        for (unsigned k = 0; k < layout.box_count; k++) {
            draw_rect both = draw_intersect(label, layout.box[k].rect);
            assert_true(both.w == 0 || both.h == 0);
        }
    }
    assert_int_equal(labels, 4);
    done();
}

static void of_many_tasks_the_selected_one_is_shown(void **state)
{
    (void)state;
    script_begin(ANT_LEVEL_FULL);
    script_on(0);
    for (uint32_t task = 1; task < SCRIPT_TASK_MAX; task++) {
        script_spawn(task, 0, "ant", 1);
        script_push(task, ANT_QUEUE_LOCAL);
        script_poll(task, ANT_QUEUE_LOCAL);
        script_sleep(task, task, 1000 + task);
        script_poll_end(task, ANT_RESULT_PENDING);
    }
    script_end();
    open_story(script_path(), 760, 300);
    uint32_t last = SCRIPT_TASK_MAX - 1;
    place(model->event_count - 1, last);
    assert_boxes_apart();
    assert_non_null(box_of(WAITFOR_TASK, last));
    assert_true(layout.hidden > 30);
    done();
}

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(boxes_stand_apart_at_every_step_and_size),
        TEST(tasks_and_locks_keep_their_places),
        TEST(a_deadlock_is_a_round_of_arrows),
        TEST(labels_keep_clear_of_boxes),
        TEST(of_many_tasks_the_selected_one_is_shown),
    };
    return cmocka_run_group_tests_name("graph", tests, NULL, NULL);
}
