// SPDX-License-Identifier: MIT

#include "view/opening.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ui/widgets.h"

static void draw_head(ant_ui *ui, draw_rect *rect, const view_opening *opening);
static void draw_foot(ant_ui *ui, draw_rect *rect, const view_opening *opening);
static void draw_lanes(ant_ui *ui, draw_rect rect,
                       const model_outline *outline);

void view_opening_draw(ant_ui *ui, const view_opening *opening)
{
    draw_rect rect = { 0, 0, ui->input->width, ui->input->height };
    draw_head(ui, &rect, opening);
    draw_foot(ui, &rect, opening);
    if (opening->outline == NULL) return;
    rect = draw_inset(rect, ui->unit, ui->unit);
    draw_lanes(ui, rect, opening->outline);
}

// The name, and a bar over the whole width.
static void draw_head(ant_ui *ui, draw_rect *rect, const view_opening *opening)
{
    draw_rect line = draw_cut_top(rect, ui->line + ui->unit);
    draw_fill(ui->draw, line, ui->palette->panel);
    line = draw_inset(line, ui->unit, 0);
    char text[48];
    snprintf(text, sizeof(text), "opening: %u %%", opening->percent);
    draw_cut_right(&line, ui_text_bold(ui, line, DRAW_RIGHT, text));
    draw_cut_right(&line, 3 * ui->unit);
    const char *slash = strrchr(opening->path, '/');
    ui_text_bold(ui, line, DRAW_LEFT,
                 slash == NULL ? opening->path : slash + 1);

    draw_rect bar = draw_cut_top(rect, ui->unit);
    draw_fill(ui->draw, bar, ui->palette->panel);
    bar.w = bar.w * (int)opening->percent / 100;
    draw_fill(ui->draw, bar, ui->palette->accent);
}

// What is known already, and that keys wait.
static void draw_foot(ant_ui *ui, draw_rect *rect, const view_opening *opening)
{
    const model_outline *outline = opening->outline;
    draw_rect line = draw_cut_bottom(rect, ui->line + ui->unit);
    draw_fill(ui->draw, line, ui->palette->panel);
    line = draw_inset(line, ui->unit, 0);
    char text[96];
    if (opening->waiting > 0) {
        snprintf(text, sizeof(text),
                 "%u key%s wait%s until it is open; Esc stops",
                 opening->waiting, opening->waiting == 1 ? "" : "s",
                 opening->waiting == 1 ? "s" : "");
    } else {
        snprintf(text, sizeof(text), "keys wait until it is open; Esc stops");
    }
    draw_cut_right(&line, ui_text(ui, line, DRAW_RIGHT, text));
    draw_cut_right(&line, 3 * ui->unit);
    if (outline == NULL) return;
    snprintf(text, sizeof(text), "%" PRIu64 " event%s in %.3f s",
             outline->count, outline->count == 1 ? "" : "s",
             (double)outline->t_end_ns / 1e9);
    draw_cut_left(&line, ui_text(ui, line, DRAW_LEFT, text));
    draw_cut_left(&line, 3 * ui->unit);
    if (outline->lost == 0) return;
    snprintf(text, sizeof(text), "%" PRIu64 " event%s lost", outline->lost,
             outline->lost == 1 ? "" : "s");
    ui_text_as(ui, line, DRAW_FONT_BOLD, ui->small, ui->palette->alert,
               DRAW_LEFT, text);
}

// A column of the run for every column of the outline; where events are
// missing, a line from top to bottom.
static void draw_events(ant_ui *ui, draw_rect rect, const outline_lane *lane,
                        float most)
{
    draw_fill(ui->draw, rect, ui->palette->panel);
    int columns = (int)OUTLINE_COLUMNS;
    for (int i = 0; i < columns; i++) {
        int x = rect.x + i * rect.w / columns;
        int w = rect.x + (i + 1) * rect.w / columns - x;
        int h = (int)(lane->events[i] / most * (float)rect.h + 0.5f);
        if (h == 0 && lane->events[i] > 0) h = 1;
        draw_fill(ui->draw, (draw_rect){ x, rect.y + rect.h - h, w, h },
                  ui->palette->state[DRAW_STATE_POLLING].color);
        if (lane->has_loss[i])
            draw_fill(ui->draw, (draw_rect){ x - 1, rect.y, 3, rect.h },
                      ui->palette->alert);
    }
}

static void draw_lanes(ant_ui *ui, draw_rect rect, const model_outline *outline)
{
    ui_heading(ui, &rect, "WORKERS AND THREADS",
               "how many events over the run");
    float most = outline->most > 0 ? outline->most : 1;
    int row_h = 2 * ui->line;
    int label_w = 12 * ui->font;
    uint32_t left = 0;
    for (uint32_t i = 0; i < outline->lane_count; i++)
        left += outline->lane[i].count > 0;
    for (uint32_t i = 0; i < outline->lane_count; i++) {
        const outline_lane *lane = &outline->lane[i];
        if (lane->count == 0) continue;
        // The last line says how many there is no room for.
        bool is_last_line = rect.h < 2 * row_h;
        if (rect.h < row_h) return;
        draw_rect row = draw_cut_top(&rect, row_h);
        char text[96];
        if (is_last_line && left > 1) {
            snprintf(text, sizeof(text), "and %" PRIu32 " more", left);
            ui_text_dim(ui, row, DRAW_LEFT, text);
            return;
        }
        ui_text(ui, draw_cut_left(&row, label_w), DRAW_LEFT, lane->name);
        draw_events(ui, draw_inset(row, 0, ui->unit / 4), lane, most);
        left--;
    }
}
