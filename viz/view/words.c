// SPDX-License-Identifier: MIT
//
// The caption: the event that has just happened, as a sentence.

#include "text/sentence.h"
#include "view/view.h"

void view_words(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    draw_fill(ui->draw, rect, ui->palette->panel);
    if (view->model->event_count == 0) {
        ui_text(ui, draw_inset(rect, 2 * ui->unit, 0), DRAW_LEFT,
                "The trace holds no events.");
        return;
    }
    ant_event event;
    model_event(view->model, view->replay->event, &event);
    char text[400];
    text_sentence_write(view->model->reader, &event, text, sizeof(text));
    draw_rect line = draw_inset(rect, 2 * ui->unit, 0);
    ui_text_as(ui, line, DRAW_FONT_UI, ui->font * 9 / 8, ui->palette->text,
               DRAW_LEFT, text);
}
