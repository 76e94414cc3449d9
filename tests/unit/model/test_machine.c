// SPDX-License-Identifier: MIT
//
// Tests of model/machine and view/machine_place: which steps between states
// were taken, by whom and until when, and that boxes keep apart.

#include "model/machine.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "support/crowd.h"
#include "support/trace_script.h"
#include "support/trace_story.h"
#include "view/machine.h"

static ant_model *model;
static model_machine machine;
static machine_now now;

static void turn(uint32_t fut, unsigned state)
{
    ANT_TRACE(future_state, .fut = fut, .state = state, .line = 10 + state);
}

// Futures 1 and 2 are cooks: both go from 0 to 1 and 2, the first back to 1 and
// to its end, the second is dropped in state 2. In state 1 a cook awaits `nap`.
static void open_cooks(void)
{
    static const char *const states[] = { "START", "STIRRING", "TASTING" };
    script_begin(ANT_LEVEL_FULL);
    uint64_t cook = script_type("cook", states, 3);
    uint64_t nap = script_type("nap", states, 0);
    script_on(0);
    for (uint32_t task = 1; task <= 2; task++) {
        script_spawn(task, 0, "cook", 1);
        script_push(task, ANT_QUEUE_LOCAL);
        script_poll(task, ANT_QUEUE_LOCAL);
        script_future(task, 0, cook, "cook", 1);
        turn(task, 1);
        script_future(10 + task, task, nap, "nap", 5);
        script_future_end(10 + task, ANT_RESULT_READY, 5);
        turn(task, 2);
        if (task == 1) {
            turn(task, 1);
            script_future_end(task, ANT_RESULT_READY, 9);
        } else {
            ANT_TRACE(future_drop, .fut = task, .why = ANT_DROP_CANCELLED);
        }
        script_poll_end(task, ANT_RESULT_READY);
        script_task_end(task, ANT_RESULT_READY);
    }
    script_end();
    model = story_open(script_path());
    uint32_t type = model->futures[1].type;
    assert_int_equal(model_machine_init(&machine, model, type), 0);
}

static void done(void)
{
    model_machine_deinit(&machine);
    story_close(model);
}

// How often the edge between two nodes was taken, -1 when there is none.
static int count_of(const uint32_t *counts, unsigned from, unsigned to)
{
    for (unsigned i = 0; i < machine.edge_count; i++) {
        if (machine.edge[i].from == from && machine.edge[i].to == to) {
            return (int)counts[i];
        }
    }
    return -1;
}

// Nodes of the cooks.
enum { BEGIN, START, STIRRING, TASTING, READY, DROPPED, NODES };

static void knows_states_by_name_and_in_order(void **state)
{
    (void)state;
    open_cooks();
    assert_int_equal(machine.count, NODES);
    assert_string_equal(machine.node[STIRRING].name, "STIRRING");
    assert_string_equal(machine.node[STIRRING].awaits, "nap");
    assert_string_equal(machine.node[TASTING].awaits, "");
    assert_int_equal(machine.node[READY].role, MACHINE_READY);
    done();
}

static void counts_the_steps_of_one_and_of_all(void **state)
{
    (void)state;
    open_cooks();
    model_machine_at(&machine, 1, model->event_count, &now);
    assert_int_equal(count_of(now.own, BEGIN, START), 1);
    assert_int_equal(count_of(now.all, BEGIN, START), 2);
    assert_int_equal(count_of(now.all, STIRRING, TASTING), 2);
    assert_int_equal(count_of(now.own, TASTING, STIRRING), 1);
    assert_int_equal(count_of(now.own, STIRRING, READY), 1);
    assert_int_equal(count_of(now.own, TASTING, DROPPED), 0);
    assert_int_equal(count_of(now.all, TASTING, DROPPED), 1);
    assert_int_equal(count_of(now.all, START, TASTING), -1);
    assert_int_equal(now.node, READY);
    done();
}

static void counts_only_what_has_happened(void **state)
{
    (void)state;
    open_cooks();
    uint32_t first = story_event(model, ANT_EV_future_state, 0);
    model_machine_at(&machine, 1, first - 1, &now);
    assert_int_equal(now.node, START);
    assert_int_equal(count_of(now.all, START, STIRRING), 0);
    model_machine_at(&machine, 1, first, &now);
    assert_int_equal(now.node, STIRRING);
    assert_int_equal(now.since, first);
    assert_int_equal(machine.edge[now.last].to, STIRRING);
    // The other one has not begun.
    model_machine_at(&machine, 2, first, &now);
    assert_int_equal(now.node, BEGIN);
    assert_int_equal(now.last, machine.edge_count);
    done();
}

static void a_type_without_states_has_no_machine(void **state)
{
    (void)state;
    open_cooks();
    model_machine other;
    uint32_t nap = model->futures[model_future_row(model, 11)].type;
    assert_int_equal(model_machine_init(&other, model, nap), -ENOENT);
    assert_int_equal(model_machine_init(&other, model, 1000), -ENOENT);
    done();
}

// --- Where it stands -------------------------------------------------------

static bool is_inside(draw_rect a, draw_rect b)
{
    return a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w &&
           a.y + a.h <= b.y + b.h;
}

static void assert_boxes_apart(const machine_layout *layout, draw_rect rect)
{
    for (unsigned i = 0; i < machine.count; i++) {
        draw_rect box = layout->box[i];
        if (box.w == 0) continue;
        assert_true(is_inside(box, rect));
        for (unsigned k = 0; k < i; k++) {
            draw_rect both = draw_intersect(box, layout->box[k]);
            assert_true(both.w == 0 || both.h == 0);
        }
    }
}

static void boxes_stand_apart_and_inside(void **state)
{
    (void)state;
    open_cooks();
    static const int size[][2] = { { 480, 260 }, { 760, 470 }, { 1200, 800 } };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(size); i++) {
        machine_size desc = { .rect = { 8, 40, size[i][0], size[i][1] },
                              .font = 16,
                              .small = 14,
                              .unit = 8,
                              .name_w = 250 };
        machine_layout layout;
        view_machine_place(&machine, &desc, START, &layout);
        assert_boxes_apart(&layout, desc.rect);
        assert_int_equal(layout.end, READY);
        for (unsigned e = 0; e < machine.edge_count; e++) {
            assert_true(layout.is_shown[e]);
            if (layout.is_next[e]) continue;
            assert_true(layout.way[e].x <= desc.rect.x + desc.rect.w);
            assert_true(layout.way[e].x >=
                        layout.box[START].x + layout.box[START].w);
        }
    }
    done();
}

static void
shows_the_states_around_the_current_one_when_not_all_fit(void **state)
{
    (void)state;
    open_cooks();
    machine_size desc = { .rect = { 0, 0, 480, 110 },
                          .font = 16,
                          .small = 14,
                          .unit = 8,
                          .name_w = 250 };
    machine_layout layout;
    for (unsigned node = START; node <= TASTING; node++) {
        view_machine_place(&machine, &desc, node, &layout);
        assert_true(layout.end - layout.first < 3);
        assert_in_range(node, layout.first, layout.end - 1);
        assert_boxes_apart(&layout, desc.rect);
    }
    done();
}

// More events than have room in one digit, or two.
static void the_moves_of_a_crowd_stand_in_the_order_of_events(void **state)
{
    (void)state;
    ant_reader_error error;
    uint32_t type = 1;
    assert_int_equal(model_open(crowd_record(300, 2, 8), &model, &error), 0);
    assert_true(model->event_count > 65536);
    while (model_machine_init(&machine, model, type) != 0 ||
           machine.move_count < 2000) {
        model_machine_deinit(&machine);
        type++;
    }
    for (uint32_t i = 1; i < machine.move_count; i++)
        assert_true(machine.moves[i - 1].event < machine.moves[i].event);
    model_machine_deinit(&machine);
    model_close(model);
    crowd_remove();
}

#define TEST(name) cmocka_unit_test_teardown(name, nothing_is_left)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(knows_states_by_name_and_in_order),
        TEST(counts_the_steps_of_one_and_of_all),
        TEST(counts_only_what_has_happened),
        TEST(a_type_without_states_has_no_machine),
        TEST(the_moves_of_a_crowd_stand_in_the_order_of_events),
        TEST(boxes_stand_apart_and_inside),
        TEST(shows_the_states_around_the_current_one_when_not_all_fit),
    };
    return cmocka_run_group_tests_name("machine", tests, NULL, NULL);
}
