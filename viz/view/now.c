// SPDX-License-Identifier: MIT
//
// Everything about this moment on one page: run queues, locks and timers, and
// the sentence that says why. Queues and locks take what they need, the
// sentence gets the rest.

#include "view/view.h"

// Of the height, for the sentence at least.
#define WHY_PERCENT   35
#define WHY_LINES_MIN 4

// Under so many letters there is no room for everything: a projector.
#define TIGHT_EM 22

static bool is_tight(const ant_view *view, int h)
{
    return h < TIGHT_EM * view->ui.font;
}

void view_now(ant_view *view, draw_rect rect)
{
    int gap = 2 * view->ui.unit;
    int why_h = rect.h * WHY_PERCENT / 100;
    int why_min = WHY_LINES_MIN * view->ui.line;
    int room = rect.h - (why_h > why_min ? why_h : why_min);
    int waits_h = view_waits_height(view);
    int queues_h = view_queues_height(view);
    // Where it is tight only one of the two is shown: locks when anybody ever
    // waits for one.
    bool is_narrow = is_tight(view, rect.h);
    bool has_waits = !is_narrow || view_waits_is_busy(view);
    bool has_queues = !is_narrow || !has_waits;
    if (has_queues && queues_h <= room) {
        view_queues(view, draw_cut_top(&rect, queues_h));
        draw_cut_top(&rect, gap);
        room -= queues_h + gap;
    }
    if (has_waits && waits_h <= room) {
        view_waits(view, draw_cut_top(&rect, waits_h));
        draw_cut_top(&rect, gap);
    }
    view_why(view, rect);
}

int view_now_height(const ant_view *view)
{
    int wanted = view_queues_height(view) + view_waits_height(view);
    return wanted * 100 / (100 - WHY_PERCENT) + 4 * view->ui.unit;
}
