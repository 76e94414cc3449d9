// SPDX-License-Identifier: MIT
//
// What the last step changed on the stage: a dashed line from where a card was
// to where it is, and a solid arrow from whoever used a waker to the task that
// was woken. Lines lie under the cards and run between them, so that they never
// cover a name. Where many cards go the same way there is one line.

#include <stdlib.h>

#include "view/stage.h"

#define MOVE_COUNT_MAX 24
#define DASH           6

// A way from one place to another; two cards that go it share a line.
typedef struct stage_move {
    draw_rect from;
    draw_rect to;
    uint16_t zones[2];
} stage_move;

typedef struct stage_moves {
    stage_move move[MOVE_COUNT_MAX];
    unsigned count;
} stage_moves;

static void find_moves(const ant_model *model, const stage_layout *before,
                       const stage_layout *now, uint32_t woken,
                       stage_moves *moves);
static void draw_way(ant_view *view, const stage_plan *plan, draw_rect from,
                     draw_rect to, const char *word);
static bool find_waker(const ant_view *view, const stage_plan *plan,
                       const stage_layout *before, draw_rect *ret_rect);

void view_stage_moves_draw(ant_view *view, const stage_plan *plan,
                           const stage_layout *before, const stage_layout *now)
{
    ant_ui *ui = &view->ui;
    const ant_model *model = view->model;
    bool is_wake = now->event < model->event_count &&
                   model->kind[now->event] == ANT_EV_wake;
    uint32_t woken = is_wake ? model_subject(model, now->event) : 0;
    stage_moves moves = { .count = 0 };
    find_moves(model, before, now, woken, &moves);
    for (unsigned i = 0; i < moves.count; i++) {
        const stage_move *move = &moves.move[i];
        draw_frame(ui->draw, move->from, 1, ui->palette->rule);
        draw_way(view, plan, move->from, move->to, NULL);
    }
    draw_rect waker;
    const stage_card *card = view_stage_card_of(now, woken);
    if (card != NULL && find_waker(view, plan, before, &waker)) {
        draw_way(view, plan, waker, card->rect, "wake");
    }
}

// --- What moved ------------------------------------------------------------

static void add_move(stage_moves *moves, const stage_card *from,
                     const stage_card *to)
{
    bool is_known = moves->count == MOVE_COUNT_MAX;
    for (unsigned i = 0; i < moves->count && !is_known; i++) {
        const stage_move *move = &moves->move[i];
        is_known = move->zones[0] == from->zone && move->zones[1] == to->zone;
    }
    if (is_known || from->zone == to->zone) return;
    moves->move[moves->count++] = (stage_move){
        .from = from->rect, .to = to->rect, .zones = { from->zone, to->zone }
    };
}

// All but that of the task that is being woken, which has an arrow.
static void find_moves(const ant_model *model, const stage_layout *before,
                       const stage_layout *now, uint32_t woken,
                       stage_moves *moves)
{
    for (unsigned i = 0; i < now->card_count; i++) {
        const stage_card *to = &now->card[i];
        if (to->is_echo || to->count > 1 || to->task == woken) continue;
        const stage_card *from = view_stage_card_of(before, to->task);
        // A task that was not there before comes from who spawned it.
        if (from == NULL) {
            from = view_stage_card_of(before, model->tasks[to->task].parent);
        }
        if (from != NULL) add_move(moves, from, to);
    }
    // Those that went into a pile.
    for (unsigned i = 0; i < before->card_count; i++) {
        const stage_card *from = &before->card[i];
        if (from->is_echo || from->count > 1 || from->task == woken) continue;
        const stage_card *to = view_stage_card_of(now, from->task);
        if (to != NULL && to->count > 1) add_move(moves, from, to);
    }
}

// --- Who woke --------------------------------------------------------------

// The place that a wake comes from: the timer, the lock or channel, the card of
// the task that did it or that ended, else the lane.
static bool find_waker(const ant_view *view, const stage_plan *plan,
                       const stage_layout *before, draw_rect *ret_rect)
{
    model_waker waker;
    model_waker_of(view->model, view->replay->event, &waker);
    const stage_card *card = view_stage_card_of(before, waker.task);
    uint16_t zone = STAGE_NONE;
    if (waker.via == ANT_VIA_TIMER && plan->first[STAGE_TIMERS] != STAGE_NONE) {
        zone = plan->first[STAGE_TIMERS];
    } else if (waker.res != 0 && plan->first[STAGE_RES] != STAGE_NONE) {
        zone = view_stage_zone_of(plan, STAGE_RES, waker.res);
    } else if (card != NULL) {
        *ret_rect = card->rect;
        return true;
    } else if (waker.lane != 0 && plan->first[STAGE_RUN] != STAGE_NONE) {
        zone = view_stage_zone_of(plan, STAGE_RUN, waker.lane);
    }
    if (zone == STAGE_NONE) return false;
    // Its right end, clear of the names of the workers.
    draw_rect label = plan->zone[zone].label;
    *ret_rect = draw_cut_right(&label, 4 * plan->gap);
    return true;
}

// --- Lines -----------------------------------------------------------------

typedef struct way_style {
    int thick;
    int dash;
    draw_color color;
} way_style;

static void draw_part(draw_list *draw, const way_style *style, int x0, int y0,
                      int x1, int y1)
{
    draw_line(draw, x0, y0, x1, y1, style->thick, style->color);
    if (draw->count > 0) draw->cmd[draw->count - 1].dash = (uint8_t)style->dash;
}

// Between things that stand side by side.
static void draw_along(draw_list *draw, const way_style *style, draw_rect from,
                       draw_rect to, int head)
{
    bool is_left = to.x < from.x;
    int y = to.y + to.h / 2;
    int tip = is_left ? to.x + to.w : to.x - head;
    int start = is_left ? from.x : from.x + from.w;
    draw_part(draw, style, start, y, is_left ? tip + head : tip, y);
    draw_triangle(draw, (draw_rect){ tip, y - head / 2, head, head },
                  is_left ? DRAW_TO_LEFT : DRAW_TO_RIGHT, style->color);
}

// From one band to another: out of the one, along the gap before the other,
// into that; along the gap behind the one when that keeps clear of the names of
// the workers.
static void draw_across(draw_list *draw, const way_style *style,
                        const stage_plan *plan, draw_rect from, draw_rect to)
{
    int head = plan->gap;
    bool is_up = to.y < from.y;
    int x0 = from.x + from.w / 2;
    int x1 = to.x + to.w / 2;
    int y0 = is_up ? from.y : from.y + from.h;
    int edge = is_up ? to.y + to.h : to.y;
    int end = is_up ? edge + head : edge - head;
    bool bends_early = x0 < plan->lanes.x + plan->lane_w;
    int bend = end;
    if (bends_early) bend = is_up ? y0 - head / 2 : y0 + head / 2;
    if (abs(x1 - x0) <= style->thick) x1 = x0;
    draw_part(draw, style, x0, y0, x0, bend);
    if (x1 != x0) draw_part(draw, style, x0, bend, x1, bend);
    if (bend != end) draw_part(draw, style, x1, bend, x1, end);
    draw_triangle(draw,
                  (draw_rect){ x1 - head / 2, is_up ? edge : end, head, head },
                  is_up ? DRAW_UP : DRAW_DOWN, style->color);
}

// A word beside the line where it crosses the caption over those who wait.
static void draw_word(ant_view *view, const stage_plan *plan, draw_rect from,
                      draw_rect to, const char *word)
{
    ant_ui *ui = &view->ui;
    bool crosses = (from.y > plan->waiting.y) != (to.y > plan->waiting.y);
    if (!crosses || plan->waiting.h == 0) return;
    draw_rect rect = plan->waiting;
    int caption = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, "waiting");
    int x = from.x + from.w / 2 + ui->unit;
    if (x < rect.x + caption + 2 * ui->unit) {
        x = rect.x + caption + 2 * ui->unit;
    }
    draw_cut_left(&rect, x - rect.x);
    ui_text_as(ui, rect, DRAW_FONT_BOLD, ui->font, ui->palette->accent,
               DRAW_LEFT, word);
}

static void draw_way(ant_view *view, const stage_plan *plan, draw_rect from,
                     draw_rect to, const char *word)
{
    ant_ui *ui = &view->ui;
    way_style style = { .thick = 2,
                        .dash = DASH,
                        .color = ui->palette->text_dim };
    if (word != NULL) style = (way_style){ 3, 0, ui->palette->accent };
    bool is_beside = from.y < to.y + to.h && to.y < from.y + from.h;
    bool is_same = from.x == to.x && from.y == to.y;
    if (is_same) return;
    if (is_beside) {
        draw_along(ui->draw, &style, from, to, plan->gap);
    } else {
        draw_across(ui->draw, &style, plan, from, to);
    }
    if (word != NULL) draw_word(view, plan, from, to, word);
}
