// SPDX-License-Identifier: MIT
//
// The places of the stage, before any card stands on them: their ground, their
// names, and of a lock or channel what it protects.

#include <stdio.h>

#include "view/stage.h"

// Values in a channel that are drawn one by one.
#define VALUE_COUNT_MAX 8

static void draw_ground(ant_view *view, const stage_zone *zone);
static void name_top(ant_view *view, const stage_zone *zone, uint32_t count);
static void name_lane(ant_view *view, const stage_zone *zone);
static void name_wait(ant_view *view, const stage_plan *plan,
                      const stage_zone *zone, uint32_t count);
static void draw_captions(ant_view *view, const stage_plan *plan);

static const char *const title_of[STAGE_KIND_COUNT] = {
    [STAGE_ENTRANCE] = "new, woken", [STAGE_INJECT] = "injected",
    [STAGE_DEFERRED] = "yielded",    [STAGE_BLOCKING] = "blocking",
    [STAGE_DONE] = "over",           [STAGE_RUN] = "running",
    [STAGE_LIFO] = "LIFO slot",      [STAGE_LOCAL] = "queue, next first",
    [STAGE_CROWD] = "others",        [STAGE_TIMERS] = "timers",
    [STAGE_JOINS] = "joins",         [STAGE_REST] = "other lines",
    [STAGE_OTHER] = "other wakes",
};

void view_stage_zones_draw(ant_view *view, const stage_plan *plan)
{
    for (unsigned i = 0; i < plan->zone_count; i++)
        draw_ground(view, &plan->zone[i]);
}

void view_stage_names_draw(ant_view *view, const stage_plan *plan,
                           const stage_layout *layout)
{
    draw_captions(view, plan);
    for (unsigned i = 0; i < plan->zone_count; i++) {
        const stage_zone *zone = &plan->zone[i];
        if (zone->kind <= STAGE_DONE) {
            name_top(view, zone, layout->count[i]);
        } else if (zone->kind == STAGE_RUN) {
            name_lane(view, zone);
        } else if (zone->kind >= STAGE_CROWD) {
            name_wait(view, plan, zone, layout->count[i]);
        }
        bool has_no_caption = zone->kind >= STAGE_RUN &&
                              zone->kind <= STAGE_LOCAL && plan->lanes.h == 0;
        if (has_no_caption && layout->count[i] == 0) {
            ui_text_dim(&view->ui, zone->slots, DRAW_CENTER,
                        title_of[zone->kind]);
        }
    }
}

static void draw_ground(ant_view *view, const stage_zone *zone)
{
    ant_ui *ui = &view->ui;
    bool has_frame = zone->kind <= STAGE_LOCAL;
    bool is_lane = zone->kind >= STAGE_RUN && zone->kind <= STAGE_LOCAL;
    if (zone->kind == STAGE_RUN || zone->kind >= STAGE_CROWD) {
        draw_fill(ui->draw, zone->rect, ui->palette->panel);
    } else if (!is_lane) {
        draw_fill(ui->draw, zone->slots, ui->palette->panel);
    }
    bool is_parked =
        zone->kind == STAGE_RUN &&
        view->replay->world.lanes[zone->row].state == MODEL_LANE_PARKED;
    if (is_parked) {
        draw_patterned(ui->draw, zone->slots, DRAW_HATCH, ui->palette->panel,
                       ui->palette->hatch);
    }
    if (has_frame) draw_frame(ui->draw, zone->slots, 1, ui->palette->rule);
}

// A name on its own ground: a line that crosses it goes on behind it.
static void plate(ant_view *view, draw_rect rect, draw_color ground,
                  draw_font font, const char *text)
{
    ant_ui *ui = &view->ui;
    bool is_bold = font == DRAW_FONT_BOLD;
    int size = is_bold ? ui->font : ui->small;
    draw_rect behind = rect;
    behind.w = draw_text_width(ui->draw, font, size, text);
    draw_fill(ui->draw, draw_intersect(behind, rect), ground);
    ui_text_as(ui, rect, font, size,
               is_bold ? ui->palette->text : ui->palette->text_dim, DRAW_LEFT,
               text);
}

static void draw_captions(ant_view *view, const stage_plan *plan)
{
    if (plan->lanes.h == 0) return;
    draw_color ground = view->ui.palette->background;
    static const stage_kind column[] = { STAGE_RUN, STAGE_LIFO, STAGE_LOCAL };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(column); i++) {
        uint16_t first = plan->first[column[i]];
        if (first == STAGE_NONE) continue;
        draw_rect slots = plan->zone[first].slots;
        draw_rect rect = { slots.x, plan->lanes.y, slots.w, plan->lanes.h };
        plate(view, rect, ground, DRAW_FONT_UI, title_of[column[i]]);
    }
    plate(view, plan->waiting, ground, DRAW_FONT_UI, "waiting");
}

// A place on top has its name over it.
static void name_top(ant_view *view, const stage_zone *zone, uint32_t count)
{
    char text[64];
    snprintf(text, sizeof(text), count > 1 ? "%s: %u" : "%s",
             title_of[zone->kind], count);
    plate(view, zone->label, view->ui.palette->background, DRAW_FONT_UI, text);
}

static void name_lane(ant_view *view, const stage_zone *zone)
{
    ant_ui *ui = &view->ui;
    draw_color ground = ui->palette->panel;
    const model_now_lane *now = &view->replay->world.lanes[zone->row];
    char text[64];
    draw_rect label = draw_inset(zone->label, ui->unit / 2, 0);
    model_lane_label(view->model, zone->row, text, sizeof(text));
    if (ui_click(ui, ui_id_of("stage lane", zone->row), zone->label)) {
        replay_select(view->replay, REPLAY_LANE, zone->row);
    }
    if (label.h < 2 * ui->font) {
        plate(view, label, ground, DRAW_FONT_BOLD, text);
        return;
    }
    plate(view, draw_cut_top(&label, label.h / 2), ground, DRAW_FONT_BOLD,
          text);
    plate(view, label, ground, DRAW_FONT_UI,
          model_lane_state_name((model_lane_state)now->state));
}

// --- Where tasks wait ------------------------------------------------------

// A box for each place in a channel, full where there is a value.
static void draw_values(ant_view *view, draw_rect rect, uint32_t len,
                        uint32_t capacity)
{
    ant_ui *ui = &view->ui;
    int side = ui->small;
    uint32_t count = capacity > len ? capacity : len;
    bool fits = count > 0 && count <= VALUE_COUNT_MAX &&
                (int)count * (side + 4) <= rect.w;
    if (!fits) {
        char text[64];
        model_values_label(len, text, sizeof(text));
        int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
        if (w > rect.w) snprintf(text, sizeof(text), VIEW_TIMES "%u", len);
        ui_text_dim(ui, rect, DRAW_LEFT, text);
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        draw_rect box = { rect.x + (int)i * (side + 4),
                          rect.y + (rect.h - side) / 2, side, side };
        if (i < len) draw_fill(ui->draw, box, ui->palette->text);
        draw_frame(ui->draw, box, 2, ui->palette->text_dim);
    }
}

// "held by 3 ben", or as much of it as there is room for.
static void describe_holder(const ant_view *view, uint32_t holder, int room,
                            char *buf, size_t size)
{
    static const char *const before[] = { "held by ", "by ", "" };
    const ant_ui *ui = &view->ui;
    char label[128];
    model_task_label(view->model, holder, label, sizeof(label));
    for (unsigned i = 0; i < ANT_ARRAY_LEN(before); i++) {
        snprintf(buf, size, "%s%s", before[i], label);
        int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, buf);
        if (w <= room) return;
    }
}

// Who holds it, or what is in it.
static void draw_content(ant_view *view, draw_rect rect, uint32_t res)
{
    const ant_model *model = view->model;
    const ant_snapshot *world = &view->replay->world;
    const model_now_res *now = &world->res[res];
    char text[192];
    if (model_res_is_channel(model->res[res].kind)) {
        draw_values(view, rect, now->len, model->res[res].capacity);
        return;
    }
    uint32_t holder = model->holds[now->holds.first].task;
    if (now->holds.len > 1) {
        snprintf(text, sizeof(text), "%u hold it", now->holds.len);
    } else if (holder != 0) {
        describe_holder(view, holder, rect.w, text, sizeof(text));
    } else {
        snprintf(text, sizeof(text), "%s",
                 now->is_alive ? view_res_idle(view, res) : "");
    }
    ui_text_as(&view->ui, rect, DRAW_FONT_UI, view->ui.small,
               view->ui.palette->text, DRAW_LEFT, text);
}

// What a lock or channel is: with a double edge.
static void name_res(ant_view *view, const stage_plan *plan, uint32_t res,
                     draw_rect rect)
{
    ant_ui *ui = &view->ui;
    draw_fill(ui->draw, rect, ui->palette->panel);
    draw_frame(ui->draw, rect, 1, ui->palette->text);
    draw_frame(ui->draw, draw_inset(rect, 3, 3), 1, ui->palette->text);
    const replay_selection *selection = &view->replay->selection;
    if (selection->kind == REPLAY_RES && selection->row == res) {
        ui_selection(ui, rect);
    }
    if (ui_click(ui, ui_id_of("stage res", res), rect)) {
        replay_select(view->replay, REPLAY_RES, res);
    }
    rect = draw_inset(rect, ui->unit, ui->unit / 4);
    if (plan->card_lines == 1) {
        char name[128];
        view_res_short(view, res, DRAW_FONT_BOLD, rect.w, name, sizeof(name));
        int w = ui_text_as(ui, rect, DRAW_FONT_BOLD, ui->small,
                           ui->palette->text, DRAW_LEFT, name);
        draw_cut_left(&rect, w + ui->unit);
        draw_content(view, rect, res);
        return;
    }
    int line = rect.h / plan->card_lines;
    view_res_name(view, draw_cut_top(&rect, line), res);
    draw_content(view, draw_cut_top(&rect, line), res);
}

// What a line leads to.
static void name_wait(ant_view *view, const stage_plan *plan,
                      const stage_zone *zone, uint32_t count)
{
    if (zone->kind == STAGE_RES) {
        name_res(view, plan, zone->row, zone->label);
        return;
    }
    draw_color ground = view->ui.palette->panel;
    draw_rect label = draw_inset(zone->label, view->ui.unit, view->ui.unit / 4);
    int line = label.h / plan->card_lines;
    char title[48];
    snprintf(title, sizeof(title), "%s", title_of[zone->kind]);
    if (zone->kind == STAGE_CROWD) {
        snprintf(title, sizeof(title), "%u more",
                 plan->lane_total - plan->lane_count);
    }
    plate(view, draw_cut_top(&label, line), ground, DRAW_FONT_BOLD, title);
    if (plan->card_lines == 1) return;
    char text[32];
    snprintf(text, sizeof(text), "%u", count);
    plate(view, draw_cut_top(&label, line), ground, DRAW_FONT_UI,
          count > 0 ? text : "nobody");
}
