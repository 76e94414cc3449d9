// SPDX-License-Identifier: MIT
//
// The stage: the execution flow for the last row of a classroom. Bands are
// workers, cards are tasks, chips are futures. A task is spawned on top, stands
// in a queue, is polled in a worker's band, waits at the bottom, and comes back
// up when its waker is used. Only what a step changes moves.

#include "view/stage.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MOTION_SECONDS 0.35

// Labels of so many tasks decide how wide a card is.
#define NAME_LOOK_MAX 256
#define NAME_EM_MIN   5
#define NAME_EM_MAX   9

struct stage_show {
    stage_plan plan;
    ant_snapshot past;   // the world one step ago
    stage_layout now;    // what is shown
    stage_layout before; // one step ago
    stage_layout from;   // where motion began
    double share;        // of the way; 1 when nothing moves
    uint32_t selected;
};

static stage_show *find_show(ant_view *view);
static void update(ant_view *view, stage_show *show, draw_rect rect);
static void draw_cards(ant_view *view, const stage_show *show);

void view_stage_free(stage_show *stage)
{
    if (stage == NULL) return;
    model_snapshot_deinit(&stage->past);
    view_stage_layout_deinit(&stage->now);
    view_stage_layout_deinit(&stage->before);
    view_stage_layout_deinit(&stage->from);
    ant_mem_free(stage);
}

void view_stage(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    ui_heading(ui, &rect, "STAGE",
               "bands are workers, cards are tasks, chips are futures");
    stage_show *show = find_show(view);
    if (show == NULL) {
        ui_paragraph(ui, rect, ui->palette->alert, "Not enough memory.");
        return;
    }
    update(view, show, rect);
    // The stage has its own, larger text.
    int font = ui->font;
    int small = ui->small;
    ui->font = show->plan.text;
    if (ui->font * 7 / 8 > small) ui->small = ui->font * 7 / 8;
    view_stage_zones_draw(view, &show->plan);
    view_stage_moves_draw(view, &show->plan, &show->before, &show->now);
    view_stage_names_draw(view, &show->plan, &show->now);
    draw_cards(view, show);
    ui->font = font;
    ui->small = small;
}

// --- What is shown ---------------------------------------------------------

// How wide the labels of tasks are, but for very long ones.
static int name_width(const ant_ui *ui, const ant_model *model)
{
    int widest = NAME_EM_MIN * ui->font;
    for (uint32_t i = 1; i < model->task_count && i < NAME_LOOK_MAX; i++) {
        char label[128];
        model_task_label(model, i, label, sizeof(label));
        int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->font, label);
        if (w > widest) widest = w;
    }
    int max = NAME_EM_MAX * ui->font;
    return widest < max ? widest : max;
}

static int lane_width(const ant_ui *ui, const ant_model *model)
{
    int widest = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small,
                                 model_lane_state_name(MODEL_LANE_RUNNING));
    for (uint32_t i = 1; i < model->lane_count && i < NAME_LOOK_MAX; i++) {
        char label[128];
        model_lane_label(model, i, label, sizeof(label));
        int w = draw_text_width(ui->draw, DRAW_FONT_BOLD, ui->font, label);
        if (w > widest) widest = w;
    }
    int max = NAME_EM_MAX * ui->font;
    return widest < max ? widest : max;
}

// The state of the stage, made when it is first needed. NULL: no memory.
static stage_show *find_show(ant_view *view)
{
    if (view->stage != NULL) return view->stage;
    stage_show *show = ant_mem_alloc(sizeof(*show));
    if (show == NULL) return NULL;
    memset(show, 0, sizeof(*show));
    show->share = 1;
    if (model_snapshot_init(&show->past, view->model) < 0 ||
        view_stage_layout_init(&show->now, view->model) < 0 ||
        view_stage_layout_init(&show->before, view->model) < 0 ||
        view_stage_layout_init(&show->from, view->model) < 0) {
        view_stage_free(show);
        return NULL;
    }
    view->stage = show;
    return show;
}

static bool is_same_rect(draw_rect a, draw_rect b)
{
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

static bool is_same_size(const stage_size *size, draw_rect rect, int font)
{
    return is_same_rect(size->rect, rect) && size->font == font;
}

// Names are measured only when the picture changes its size.
static stage_size size_of(const ant_view *view, const stage_show *show,
                          draw_rect rect)
{
    const ant_ui *ui = &view->ui;
    bool is_known = is_same_size(&show->plan.size, rect, ui->font);
    if (is_known) return show->plan.size;
    return (stage_size){ .rect = rect,
                         .font = ui->font,
                         .unit = ui->unit,
                         .caption = ui->small * 4 / 3,
                         .name_w = name_width(ui, view->model),
                         .lane_w = lane_width(ui, view->model),
                         .has_lifo = view->uses_lifo,
                         .has_inject = view->uses_inject,
                         .has_deferred = view->uses_deferred,
                         .has_blocking = view->uses_blocking };
}

// The event of the step before the one of `event`.
static uint32_t event_before(const ant_model *model, uint32_t event)
{
    if (event >= model->event_count || model_step_of(model, event) == 0)
        return 0;
    return model_step_event(model, model_step_of(model, event) - 1);
}

static bool is_one_step(const ant_model *model, uint32_t a, uint32_t b)
{
    if (a >= model->event_count || b >= model->event_count) return false;
    return abs((int)model_step_of(model, a) - (int)model_step_of(model, b)) ==
           1;
}

// Motion begins with a single step while nothing else moves: who goes faster
// than the cards sees them in their places.
// The time before it began is none of its own.
static void begin_motion(const ant_view *view, stage_show *show)
{
    bool moves = view->has_motion && show->share >= 1 &&
                 is_one_step(view->model, show->now.event, view->replay->event);
    if (moves) view_stage_layout_copy(&show->from, &show->now);
    show->share = moves ? -view->ui.input->seconds / MOTION_SECONDS : 1;
}

static void update(ant_view *view, stage_show *show, draw_rect rect)
{
    const ant_replay *replay = view->replay;
    stage_size size = size_of(view, show, rect);
    uint32_t selected = replay_selected_task(replay);
    bool is_new_size = !is_same_size(&show->plan.size, rect, size.font);
    bool is_new_event = show->now.event != replay->event;
    if (is_new_size) {
        view_stage_plan_make(&show->plan, view->model, &size);
        show->share = 1;
    } else if (is_new_event) {
        begin_motion(view, show);
    }
    if (is_new_size || is_new_event || selected != show->selected) {
        show->selected = selected;
        view_stage_place(&show->plan, &replay->world, selected, &show->now);
        model_snapshot_at(&show->past,
                          event_before(view->model, replay->event));
        view_stage_place(&show->plan, &show->past, selected, &show->before);
    }
    if (view->motion_share > 0) {
        view_stage_layout_copy(&show->from, &show->before);
        show->share = view->motion_share;
        return;
    }
    show->share += view->ui.input->seconds / MOTION_SECONDS;
    if (show->share > 1) show->share = 1;
    view->is_moving |= show->share < 1;
}

// --- Cards -----------------------------------------------------------------

// Slow, fast, slow.
static double ease(double share)
{
    return share * share * (3 - 2 * share);
}

static int between(int a, int b, double share)
{
    return a + (int)((b - a) * ease(share));
}

static draw_rect rect_between(draw_rect a, draw_rect b, double share)
{
    return (draw_rect){ between(a.x, b.x, share), between(a.y, b.y, share),
                        between(a.w, b.w, share), between(a.h, b.h, share) };
}

// Where a card's way begins: its old place, or that of who spawned the task.
static draw_rect start_of(const ant_view *view, const stage_show *show,
                          const stage_card *card)
{
    if (card->is_echo || card->count > 1) return card->rect;
    const stage_card *from = view_stage_card_of(&show->from, card->task);
    if (from == NULL) {
        from = view_stage_card_of(&show->from,
                                  view->model->tasks[card->task].parent);
    }
    return from != NULL ? from->rect : card->rect;
}

// First those that stand still, then those that move, over them.
static void draw_cards(ant_view *view, const stage_show *show)
{
    bool is_over = show->share >= 1;
    for (unsigned pass = 0; pass < (is_over ? 1u : 2u); pass++) {
        for (unsigned i = 0; i < show->now.card_count; i++) {
            const stage_card *card = &show->now.card[i];
            draw_rect rect = card->rect;
            if (!is_over) rect = start_of(view, show, card);
            bool moves = !is_same_rect(rect, card->rect);
            if (moves != (pass == 1)) continue;
            rect = rect_between(rect, card->rect, show->share);
            view_stage_card_draw(view, &show->plan, card, rect);
        }
    }
    // Cards on their way into a pile.
    for (unsigned i = 0; i < show->from.card_count && !is_over; i++) {
        const stage_card *card = &show->from.card[i];
        const stage_card *to = view_stage_card_of(&show->now, card->task);
        if (card->is_echo || card->count > 1 || to == NULL || to->count == 1)
            continue;
        view_stage_card_draw(view, &show->plan, card,
                             rect_between(card->rect, to->rect, show->share));
    }
}
