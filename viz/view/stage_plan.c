// SPDX-License-Identifier: MIT
//
// The places of the stage: a band of what is about to run on top, a band for
// each worker below it, and under them the places where tasks wait. The text
// is as large as the room allows; then come as many workers and locks as fit,
// and one place each for those that do not.

#include "view/stage.h"

// Sizes that the text on cards may have, in percent of the other text.
static const int scale[] = { 200, 175, 150, 125, 100 };

// Rows of waiting places that there should be room for.
#define WAIT_ROWS_WANTED 2

// Tasks that wait in one place are named, if there are no more than these.
#define LINE_MAX 3

// Lines of text on a card.
#define LINES_MAX 3

// Cards side by side that there should be room for in large text, by how many
// tasks there are.
#define COLUMNS_FEW  4
#define COLUMNS_MANY 6
#define TASKS_FEW    12

// A card with room for a few chips, when there are only so many tasks.
#define TASKS_WIDE 4
#define WIDE_EM    14

// A band for a worker that is polling has room for futures.
#define RUN_PERCENT 150

// Between two siblings stand the descendants of the elder; so many are passed.
#define SIBLING_LOOK_MAX 8

// What a trace needs places for.
typedef struct stage_needs {
    uint32_t tasks;
    int line; // so many tasks wait in one place at one time
    uint32_t lanes;
    uint32_t resources; // that tasks ever wait for
    bool has_timers;
    bool has_joins;
    bool has_others;
    bool has_branches; // tasks wait for several futures at once
} stage_needs;

static stage_needs find_needs(const ant_model *model);
static void choose_scale(stage_plan *plan, const stage_needs *needs);
static void place_top(stage_plan *plan, draw_rect rect);
static void place_lanes(stage_plan *plan, const ant_model *model,
                        const stage_needs *needs, draw_rect rect);
static void place_waiting(stage_plan *plan, const ant_model *model,
                          const stage_needs *needs, draw_rect rect);

// A lane on which tasks run: all workers, and threads that ever polled.
static bool is_band(const ant_model *model, uint32_t lane)
{
    const model_lane *row = &model->lanes[lane];
    return row->kind == ANT_LANE_WORKER || row->poll_count > 0;
}

static bool is_contended(const ant_model *model, uint32_t res)
{
    uint8_t kind = model->res[res].kind;
    return kind != ANT_RES_TIMER && kind != ANT_RES_TASK &&
           model->res[res].waiter_max > 0;
}

// Captions over workers and over those who wait are a luxury: low cards mean
// that there is no room for them.
static int inner_caption(const stage_plan *plan)
{
    return plan->card_lines > 1 ? plan->caption : 0;
}

static int captions_height(const stage_plan *plan)
{
    return plan->caption + 2 * inner_caption(plan);
}

void view_stage_plan_make(stage_plan *plan, const ant_model *model,
                          const stage_size *size)
{
    *plan = (stage_plan){ .size = *size };
    for (unsigned i = 0; i < STAGE_KIND_COUNT; i++)
        plan->first[i] = STAGE_NONE;
    stage_needs needs = find_needs(model);
    choose_scale(plan, &needs);

    draw_rect rest = size->rect;
    int step = plan->card_h + plan->gap;
    place_top(plan, draw_cut_top(&rest, plan->caption + step));
    plan->lanes = draw_cut_top(&rest, inner_caption(plan));
    int lanes_h = (int)plan->lane_count * step;
    if (plan->lane_count < needs.lanes) lanes_h += step;
    place_lanes(plan, model, &needs, draw_cut_top(&rest, lanes_h));
    plan->waiting = draw_cut_top(&rest, inner_caption(plan));
    place_waiting(plan, model, &needs, rest);
}

// Whether some future begins while its elder sibling is not over.
static bool has_branches(const ant_model *model)
{
    for (uint32_t i = 1; i < model->future_count; i++) {
        const model_future *row = &model->futures[i];
        uint32_t end = i + SIBLING_LOOK_MAX;
        if (end >= model->future_count) end = model->future_count - 1;
        for (uint32_t k = i + 1; k <= end; k++) {
            const model_future *other = &model->futures[k];
            bool is_beside = other->parent == row->parent && row->parent != 0;
            if (is_beside && other->start_event < row->end_event) return true;
        }
    }
    return false;
}

static stage_needs find_needs(const ant_model *model)
{
    stage_needs needs = { .tasks = model->task_count - 1,
                          .has_timers = model->timer_count > 0 };
    for (uint32_t i = 1; i < model->lane_count; i++)
        needs.lanes += is_band(model, i);
    needs.line = model->timer_count > 1 ? 2 : 1;
    for (uint32_t i = 1; i < model->res_count; i++) {
        if (!is_contended(model, i)) continue;
        needs.resources++;
        if (needs.line < (int)model->res[i].waiter_max) needs.line++;
    }
    if (needs.line > LINE_MAX) needs.line = LINE_MAX;
    for (uint32_t i = 1; i < model->wait_count && !needs.has_joins; i++)
        needs.has_joins = model->waits[i].kind == MODEL_WAIT_JOIN;
    for (uint32_t t = 1; t < model->task_count && !needs.has_others; t++) {
        model_range spans = model->tasks[t].spans;
        for (uint32_t i = 0; i < spans.count && !needs.has_others; i++) {
            const model_span *span = &model->task_spans[spans.first + i];
            needs.has_others = span->state >= MODEL_TASK_WAIT_LOCK &&
                               span->state <= MODEL_TASK_WAIT_OTHER &&
                               span->wait == 0;
        }
    }
    needs.has_branches = has_branches(model);
    return needs;
}

// --- How large -------------------------------------------------------------

static void set_scale(stage_plan *plan, const stage_needs *needs, int percent,
                      int lines)
{
    const stage_size *size = &plan->size;
    plan->text = size->font * percent / 100;
    plan->caption = size->caption * percent / 100;
    plan->gap = size->unit;
    plan->card_lines = lines;
    // A line that is not alone has the room above it, too.
    int line = plan->text * 3 / 2;
    plan->card_h = lines * line - (lines - 1) * line / 8 + size->unit / 2;
    // The tag takes three halves of a letter, and there are margins.
    plan->card_w =
        size->name_w * percent / 100 + plan->text * 3 / 2 + 3 * size->unit / 2;
    // Who waits for several futures shows them side by side.
    bool is_wide =
        lines > 1 && needs->has_branches && needs->tasks <= TASKS_WIDE;
    if (is_wide && plan->card_w < WIDE_EM * plan->text) {
        plan->card_w = WIDE_EM * plan->text;
    }
    plan->lane_w = size->lane_w * percent / 100 + 3 * size->unit / 2;
}

// Slots of cards from left to right.
static int columns_in(const stage_plan *plan, int w)
{
    int n = (w + plan->gap) / (plan->card_w + plan->gap);
    return n > 0 ? n : 1;
}

static uint32_t wait_count(const stage_needs *needs)
{
    return needs->resources + needs->has_timers + needs->has_joins +
           needs->has_others;
}

// A waiting place has its name and its slots.
static int wait_columns(const stage_plan *plan)
{
    int n = columns_in(plan, plan->size.rect.w) / (1 + plan->wait_slots);
    return n > 0 ? n : 1;
}

static uint32_t wait_rows(const stage_plan *plan, const stage_needs *needs)
{
    uint32_t columns = (uint32_t)wait_columns(plan);
    uint32_t rows = (wait_count(needs) + columns - 1) / columns;
    return rows > 0 ? rows : 1;
}

static bool fits(const stage_plan *plan, const stage_needs *needs,
                 uint32_t rows)
{
    const stage_size *size = &plan->size;
    int step = plan->card_h + plan->gap;
    // The band on top and three captions.
    int room = size->rect.h - captions_height(plan) - step;
    uint32_t all = needs->lanes + rows;
    return room / step >= (int)all && all < STAGE_ZONE_MAX;
}

// Whether everything has a place in this text, and a queue room beside what
// runs.
static bool suits(stage_plan *plan, const stage_needs *needs, int percent,
                  int lines)
{
    int wanted = needs->tasks > TASKS_FEW ? COLUMNS_MANY : COLUMNS_FEW;
    bool is_smallest = percent == 100;
    set_scale(plan, needs, percent, lines);
    if (!is_smallest && columns_in(plan, plan->size.rect.w) < wanted) {
        return false;
    }
    int slots_min = is_smallest ? 1 : needs->line;
    for (int slots = needs->line; slots >= slots_min; slots--) {
        plan->wait_slots = slots;
        if (fits(plan, needs, wait_rows(plan, needs))) return true;
    }
    return lines == 1 && fits(plan, needs, WAIT_ROWS_WANTED);
}

// The largest text that suits; of the smallest, the cards with most on them.
static void choose_scale(stage_plan *plan, const stage_needs *needs)
{
    plan->lane_count = needs->lanes;
    plan->lane_total = needs->lanes;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(scale); i++) {
        // Chips of futures have a line of their own, or little room.
        int lines_min = needs->has_branches ? LINES_MAX : 2;
        if (scale[i] == 100) lines_min = 1;
        for (int lines = LINES_MAX; lines >= lines_min; lines--) {
            if (suits(plan, needs, scale[i], lines)) return;
        }
    }
    // The smallest text, and not all: the workers that leave a row for a crowd
    // and one for those who wait.
    int step = plan->card_h + plan->gap;
    int room = plan->size.rect.h - captions_height(plan) - step;
    int rows = room / step;
    if (rows < (int)needs->lanes + 1) {
        plan->lane_count = rows > 2 ? (uint32_t)rows - 2 : 0;
    }
}

// --- Where -----------------------------------------------------------------

// A new zone, whose label is the left `label_w` of it; 0: no label inside.
static stage_zone *add_zone(stage_plan *plan, stage_kind kind, uint32_t row,
                            draw_rect rect)
{
    if (plan->zone_count == STAGE_ZONE_MAX) return NULL;
    stage_zone *zone = &plan->zone[plan->zone_count];
    *zone = (stage_zone){ .kind = (uint8_t)kind, .row = row, .rect = rect };
    if (plan->first[kind] == STAGE_NONE) {
        plan->first[kind] = (uint16_t)plan->zone_count;
    }
    plan->zone_count++;
    return zone;
}

// As many slots as there is room for in `slots`.
static void set_slots(const stage_plan *plan, stage_zone *zone, draw_rect slots)
{
    zone->slots = slots;
    zone->columns = columns_in(plan, slots.w);
    int rows = (slots.h + plan->gap) / (plan->card_h + plan->gap);
    zone->rows = rows > 0 ? rows : 1;
}

// What is about to run or never will again: each place has a caption over it.
static void place_top(stage_plan *plan, draw_rect rect)
{
    const stage_size *size = &plan->size;
    const stage_kind kind[] = { STAGE_ENTRANCE, STAGE_INJECT, STAGE_DEFERRED,
                                STAGE_BLOCKING, STAGE_DONE };
    const bool is_there[] = { true, size->has_inject, size->has_deferred,
                              size->has_blocking, true };
    int count = 0;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(kind); i++)
        count += is_there[i];
    int gap = 2 * plan->gap;
    int share = (rect.w - (count - 1) * gap) / count;
    for (unsigned i = 0; i < ANT_ARRAY_LEN(kind); i++) {
        if (!is_there[i]) continue;
        draw_rect all = draw_cut_left(&rect, share);
        draw_cut_left(&rect, gap);
        stage_zone *zone = add_zone(plan, kind[i], 0, all);
        if (zone == NULL) return;
        zone->label = draw_cut_top(&all, plan->caption);
        set_slots(plan, zone, draw_cut_top(&all, plan->card_h));
    }
}

// A worker: its name, what it runs, its LIFO slot, its queue.
static void place_lane(stage_plan *plan, uint32_t lane, draw_rect band)
{
    draw_cut_bottom(&band, plan->gap);
    draw_rect all = band;
    draw_rect label = draw_cut_left(&band, plan->lane_w);
    draw_cut_left(&band, plan->gap);
    int parts = plan->size.has_lifo ? 3 : 2;
    int share = (band.w - (parts - 1) * plan->gap) / parts;
    int slot_w = plan->card_w < share ? plan->card_w : share;
    int run_w = slot_w * RUN_PERCENT / 100;
    int others = (parts - 1) * (slot_w + plan->gap);
    if (run_w + others > band.w) run_w = slot_w;
    stage_zone *run =
        add_zone(plan, STAGE_RUN, lane, draw_cut_left(&band, run_w));
    if (run == NULL) return;
    // The first zone of a band knows all of it.
    run->slots = run->rect;
    run->columns = run->rows = 1;
    run->rect = all;
    run->label = label;
    draw_cut_left(&band, plan->gap);
    if (plan->size.has_lifo) {
        draw_rect slot = draw_cut_left(&band, slot_w);
        stage_zone *lifo = add_zone(plan, STAGE_LIFO, lane, slot);
        if (lifo == NULL) return;
        lifo->slots = slot;
        lifo->columns = lifo->rows = 1;
        draw_cut_left(&band, plan->gap);
    }
    stage_zone *local = add_zone(plan, STAGE_LOCAL, lane, band);
    if (local != NULL) set_slots(plan, local, band);
}

static void place_lanes(stage_plan *plan, const ant_model *model,
                        const stage_needs *needs, draw_rect rect)
{
    int step = plan->card_h + plan->gap;
    uint32_t n = 0;
    for (uint32_t i = 1; i < model->lane_count && n < plan->lane_count; i++) {
        if (!is_band(model, i)) continue;
        place_lane(plan, i, draw_cut_top(&rect, step));
        n++;
    }
    if (n == needs->lanes) return;
    draw_cut_bottom(&rect, plan->gap);
    stage_zone *crowd = add_zone(plan, STAGE_CROWD, 0, rect);
    if (crowd == NULL) return;
    crowd->label = draw_cut_left(&rect, plan->card_w);
    draw_cut_left(&rect, plan->gap);
    set_slots(plan, crowd, rect);
}

// A grid of places that are all alike.
typedef struct wait_grid {
    draw_rect rect;
    int columns;
    int rows;
    int used;
    int count; // of places that are wanted
} wait_grid;

static void place_wait(stage_plan *plan, wait_grid *grid, stage_kind kind,
                       uint32_t row)
{
    if (grid->used == grid->columns * grid->rows) return;
    int gap = plan->gap;
    int w = (grid->rect.w - (grid->columns - 1) * gap) / grid->columns;
    int h = (grid->rect.h - (grid->rows - 1) * gap) / grid->rows;
    int column = grid->used % grid->columns;
    // The last one gets what is left of its row.
    int x = grid->rect.x + column * (w + gap);
    if (grid->used + 1 == grid->count) w = grid->rect.x + grid->rect.w - x;
    draw_rect all = { x, grid->rect.y + grid->used / grid->columns * (h + gap),
                      w, h };
    stage_zone *zone = add_zone(plan, kind, row, all);
    if (zone == NULL) return;
    grid->used++;
    // The name gets what no card has use for.
    int cards = columns_in(plan, w - plan->card_w - gap);
    int label_w = w - cards * (plan->card_w + gap);
    if (label_w > plan->card_w * 2) label_w = plan->card_w * 2;
    if (label_w < w / 4) label_w = w / 4;
    zone->label = draw_cut_left(&all, label_w);
    zone->label.h = plan->card_h < h ? plan->card_h : h;
    draw_cut_left(&all, gap);
    set_slots(plan, zone, all);
}

static wait_grid make_grid(const stage_plan *plan, const stage_needs *needs,
                           draw_rect rect)
{
    int rows = (rect.h + plan->gap) / (plan->card_h + plan->gap);
    wait_grid grid = { .rect = rect,
                       .columns = wait_columns(plan),
                       .rows = rows > 0 ? rows : 1 };
    int wanted = (int)wait_rows(plan, needs);
    if (wanted < grid.rows) grid.rows = wanted;
    // What stands alone in its row gets all of it.
    int count = (int)wait_count(needs);
    if (count < grid.columns) grid.columns = count > 0 ? count : 1;
    int room = grid.columns * grid.rows;
    grid.count = count < room ? count : room;
    return grid;
}

static void place_waiting(stage_plan *plan, const ant_model *model,
                          const stage_needs *needs, draw_rect rect)
{
    wait_grid grid = make_grid(plan, needs, rect);
    int room = grid.columns * grid.rows - needs->has_timers - needs->has_joins -
               needs->has_others;
    bool has_rest = room < (int)needs->resources;
    if (needs->has_timers) place_wait(plan, &grid, STAGE_TIMERS, 0);
    if (has_rest) room--;
    for (uint32_t i = 1; i < model->res_count && room > 0; i++) {
        if (!is_contended(model, i)) continue;
        place_wait(plan, &grid, STAGE_RES, i);
        room--;
    }
    if (has_rest) place_wait(plan, &grid, STAGE_REST, 0);
    if (needs->has_joins) place_wait(plan, &grid, STAGE_JOINS, 0);
    if (needs->has_others) place_wait(plan, &grid, STAGE_OTHER, 0);
}

// --- Finding ---------------------------------------------------------------

// Where those go for whom a place is missing.
static uint16_t stand_in(const stage_plan *plan, stage_kind kind)
{
    bool is_lane =
        kind == STAGE_RUN || kind == STAGE_LIFO || kind == STAGE_LOCAL;
    stage_kind other = is_lane ? STAGE_CROWD : STAGE_REST;
    if (plan->first[other] != STAGE_NONE) return plan->first[other];
    if (plan->first[STAGE_OTHER] != STAGE_NONE && !is_lane)
        return plan->first[STAGE_OTHER];
    return plan->first[STAGE_ENTRANCE];
}

uint16_t view_stage_zone_of(const stage_plan *plan, stage_kind kind,
                            uint32_t row)
{
    uint16_t first = plan->first[kind];
    if (first == STAGE_NONE) return stand_in(plan, kind);
    bool has_row = kind == STAGE_RUN || kind == STAGE_LIFO ||
                   kind == STAGE_LOCAL || kind == STAGE_RES;
    if (!has_row) return first;
    for (unsigned i = first; i < plan->zone_count; i++) {
        const stage_zone *zone = &plan->zone[i];
        if (zone->kind == kind && zone->row == row) return (uint16_t)i;
    }
    return stand_in(plan, kind);
}
