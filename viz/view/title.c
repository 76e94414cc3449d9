// SPDX-License-Identifier: MIT
//
// The top line: which run this is, when we are in it, and what the reader
// should not overlook: lost events, a damaged file, a program that was killed.

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "view/view.h"

static void run_text(const ant_model *model, char *buf, size_t size);
static void alert_text(const ant_trace_info *info, char *buf, size_t size);

void view_title(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    const ant_model *model = view->model;
    draw_fill(ui->draw, rect, ui->palette->panel);
    rect = draw_inset(rect, ui->unit, 0);

    const char *help = "? help";
    draw_rect button = draw_cut_right(&rect, ui_button_width(ui, help));
    if (ui_button(ui, ui_id_of("help", 0), draw_inset(button, 0, ui->unit / 2),
                  help)) {
        view->shows_help = !view->shows_help;
    }
    draw_cut_right(&rect, ui->unit / 2);
    const char *menu = "menu";
    button = draw_cut_right(&rect, ui_button_width(ui, menu));
    ui_tip(ui, button, "all commands by name (Ctrl+P)");
    if (ui_button(ui, ui_id_of("menu", 0), draw_inset(button, 0, ui->unit / 2),
                  menu)) {
        view->wants_menu = true;
    }
    draw_cut_right(&rect, 2 * ui->unit);

    view_lint_title(view, &rect);
    char text[160];
    snprintf(text, sizeof(text), "step %u / %u",
             replay_step_now(view->replay) + 1, model->step_count);
    draw_cut_right(&rect, ui_text(ui, rect, DRAW_RIGHT, text));
    draw_cut_right(&rect, 3 * ui->unit);
    view_moment(view_now_ns(view), text, sizeof(text));
    draw_cut_right(&rect, ui_text_bold(ui, rect, DRAW_RIGHT, text));
    draw_cut_right(&rect, 3 * ui->unit);

    const char *name = strrchr(model->path, '/');
    name = name == NULL ? model->path : name + 1;
    draw_cut_left(&rect, ui_text_bold(ui, rect, DRAW_LEFT, name));
    draw_cut_left(&rect, 3 * ui->unit);
    run_text(model, text, sizeof(text));
    // In full or not at all: it is the least that one needs to know.
    int w = draw_text_width(ui->draw, DRAW_FONT_UI, ui->small, text);
    if (w <= rect.w) {
        draw_cut_left(&rect, ui_text_dim(ui, rect, DRAW_LEFT, text));
        draw_cut_left(&rect, 3 * ui->unit);
    }
    alert_text(model->info, text, sizeof(text));
    ui_text_as(ui, rect, DRAW_FONT_BOLD, ui->small, ui->palette->alert,
               DRAW_LEFT, text);
}

static void run_text(const ant_model *model, char *buf, size_t size)
{
    static const char *const flavor[] = { "current thread", "multi thread",
                                          "simulation" };
    buf[0] = '\0';
    for (uint32_t i = 0; i < model->event_count; i++) {
        if (model->kind[i] != ANT_EV_runtime_start) continue;
        ant_event event;
        model_event(model, i, &event);
        const ant_ev_runtime_start *start = ANT_EVENT_AS(runtime_start, &event);
        if (start->flavor > ANT_FLAVOR_SIM) return;
        int n = snprintf(buf, size, "%s, %" PRIu64 " worker%s",
                         flavor[start->flavor], start->workers,
                         start->workers == 1 ? "" : "s");
        if (start->flavor == ANT_FLAVOR_SIM && n > 0 && (size_t)n < size) {
            snprintf(buf + n, size - (size_t)n, ", seed %" PRIu64, start->seed);
        }
        return;
    }
}

static void alert_text(const ant_trace_info *info, char *buf, size_t size)
{
    buf[0] = '\0';
    if (info->lost_count > 0) {
        snprintf(buf, size, "%" PRIu64 " event%s lost", info->lost_count,
                 info->lost_count == 1 ? "" : "s");
    } else if (info->chunk_bad_count > 0) {
        snprintf(buf, size, "%u damaged part%s skipped", info->chunk_bad_count,
                 info->chunk_bad_count == 1 ? "" : "s");
    } else if (!info->is_closed) {
        snprintf(buf, size, "the program was killed");
    }
}
