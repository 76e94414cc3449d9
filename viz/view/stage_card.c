// SPDX-License-Identifier: MIT
//
// A card on the stage: the state of its task as a tag with pattern and letter,
// its name, and below it, where cards are tall, what it waits for and the
// futures inside it as chips. Cards have corners, chips have points.

#include <stdio.h>

#include "view/stage.h"

// So many lines have one for futures alone.
#define LINES_WITH_CHIPS 3

#define TO "\xE2\x86\x92 "

static void draw_name(ant_view *view, const stage_card *card, draw_rect rect);
static void draw_detail(ant_view *view, const stage_plan *plan,
                        const stage_card *card, draw_rect rect);

static draw_state look_of(const ant_view *view, const stage_card *card)
{
    uint8_t state = view->replay->world.tasks[card->task].state;
    return view_task_look((model_task_state)state);
}

// The name of a task that stands in line here, and whose card is elsewhere.
static void draw_echo(ant_view *view, const stage_plan *plan,
                      const stage_card *card, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    char text[128];
    model_task_label(view->model, card->task, text, sizeof(text));
    draw_rect mark = { rect.x, rect.y + rect.h - 2, rect.w, 2 };
    draw_fill(ui->draw, mark, ui->palette->rule);
    draw_cut_left(&rect, ui->unit / 2);
    if (plan->card_lines > 1) {
        ui_text_dim(ui, draw_cut_top(&rect, rect.h / 2), DRAW_LEFT, text);
        draw_detail(view, plan, card, rect);
    } else {
        ui_text_dim(ui, rect, DRAW_LEFT, text);
    }
}

// More cards behind it, as on a pile.
static void draw_pile(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    for (int i = 2; i > 0; i--) {
        int by = i * ui->unit / 3;
        draw_rect behind = { rect.x + by, rect.y + by, rect.w, rect.h };
        draw_fill(ui->draw, behind, ui->palette->hover);
        draw_frame(ui->draw, behind, 1, ui->palette->text_dim);
    }
}

void view_stage_card_draw(ant_view *view, const stage_plan *plan,
                          const stage_card *card, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    ui_id id = ui_id_of("stage card", card->task);
    if (ui_click(ui, id, rect)) {
        replay_select(view->replay, REPLAY_TASK, card->task);
    }
    if (card->is_echo) {
        draw_echo(view, plan, card, rect);
        return;
    }
    if (card->count > 1) {
        draw_cut_right(&rect, ui->unit * 2 / 3);
        draw_cut_bottom(&rect, ui->unit * 2 / 3);
        draw_pile(view, rect);
    }
    draw_rect all = rect;
    bool is_polled = look_of(view, card) == DRAW_STATE_POLLING;
    draw_fill(ui->draw, rect,
              ui->hot == id ? ui->palette->rule : ui->palette->hover);
    ui_bar(ui, draw_cut_left(&rect, ui->font * 3 / 2), look_of(view, card),
           NULL);
    draw_frame(ui->draw, all, is_polled ? 2 : 1,
               is_polled ? ui->palette->text : ui->palette->text_dim);
    draw_rect inside = draw_inset(rect, ui->unit / 2, 0);
    if (plan->card_lines > 1 && card->count == 1) {
        int line = inside.h / plan->card_lines;
        draw_cut_top(&inside, ui->unit / 4);
        draw_name(view, card, draw_cut_top(&inside, line));
        draw_detail(view, plan, card, inside);
    } else {
        draw_name(view, card, inside);
    }
    uint32_t selected = replay_selected_task(view->replay);
    if (selected == card->task && card->count == 1) ui_selection(ui, all);
}

static void draw_name(ant_view *view, const stage_card *card, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    char text[160];
    if (card->count == 1) {
        model_task_label(view->model, card->task, text, sizeof(text));
        ui_text_bold(ui, rect, DRAW_LEFT, text);
        return;
    }
    // The number is what must not be cut off.
    char count[32];
    snprintf(count, sizeof(count), VIEW_TIMES "%u", card->count);
    int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->font, count);
    ui_text_bold(ui, draw_cut_right(&rect, w), DRAW_RIGHT, count);
    draw_cut_right(&rect, ui->unit / 2);
    ui_text(ui, rect, DRAW_LEFT,
            card->type == 0 ? "others" : view->model->types[card->type].name);
}

// --- What it waits for -----------------------------------------------------

// "in 30 ms", "-> 4 fetch"; "" where the place says it all.
static void wait_text(const ant_view *view, const stage_card *card, char *buf,
                      size_t size)
{
    const ant_model *model = view->model;
    const model_wait *wait = &model->waits[card->wait];
    buf[0] = '\0';
    if (card->wait == 0) return;
    if (wait->kind == MODEL_WAIT_JOIN) {
        char label[96];
        model_task_label(model, wait->on, label, sizeof(label));
        snprintf(buf, size, TO "%s", label);
    } else if (wait->kind == MODEL_WAIT_TIMER) {
        char left[32];
        uint64_t now_ns = view_now_ns(view);
        if (wait->deadline_ns <= now_ns) {
            snprintf(buf, size, "due");
            return;
        }
        model_duration(wait->deadline_ns - now_ns, left, sizeof(left));
        snprintf(buf, size, "in %s", left);
    } else if (wait->res != 0 && wait->kind == MODEL_WAIT_BLOCK) {
        snprintf(buf, size, "blocks");
    }
}

// Below the name: what it waits for and, in the same line or in the next one,
// its futures.
static void draw_detail(ant_view *view, const stage_plan *plan,
                        const stage_card *card, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    char text[128];
    wait_text(view, card, text, sizeof(text));
    if (text[0] != '\0') {
        draw_rect line = rect;
        if (plan->card_lines == LINES_WITH_CHIPS) {
            line = draw_cut_top(&rect, rect.h / 2);
        }
        int w = ui_text_dim(ui, line, DRAW_LEFT, text);
        if (plan->card_lines < LINES_WITH_CHIPS) {
            draw_cut_left(&rect, w + ui->unit);
        }
    }
    if (!card->is_echo && rect.w > 3 * ui->font) {
        view_chips(view, card->task, rect);
    }
}
