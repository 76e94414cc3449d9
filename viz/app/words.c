// SPDX-License-Identifier: MIT

#include "app/words.h"

#include <stdio.h>
#include <string.h>

#include "ui/widgets.h"

// Words with this indent are code, which is not wrapped.
#define CODE_INDENT 4
#define LINE_MAX    4000

static void draw_paragraph(ant_ui *ui, draw_rect *rect, const char *text);
static void draw_code(ant_ui *ui, draw_rect *rect, const char *line);
static bool is_code(const char *line);

void app_words(ant_ui *ui, draw_rect *rect, const char *text)
{
    while (text != NULL && *text != '\0') {
        char line[LINE_MAX];
        size_t n = strcspn(text, "\n");
        snprintf(line, sizeof line, "%.*s", (int)n, text);
        text += n + (text[n] == '\n');
        const bool is_heading = text[0] == '=' && text[1] == '=';
        if (is_heading) {
            ui_text_bold(ui, draw_cut_top(rect, ui->line), DRAW_LEFT, line);
            text += strcspn(text, "\n");
            text += *text == '\n';
        } else if (is_code(line)) {
            draw_code(ui, rect, line);
        } else if (line[0] == '\0') {
            draw_cut_top(rect, ui->unit);
        } else {
            draw_paragraph(ui, rect, line);
        }
    }
}

int app_words_height(const ant_ui *ui, const char *text, int width)
{
    int lines = 0;
    for (; *text != '\0'; lines++) {
        text += ui_line_end(ui, text, width);
        text += strspn(text, " ");
    }
    return (lines > 0 ? lines : 1) * ui_paragraph_line_height(ui);
}

bool app_words_choice(ant_ui *ui, draw_rect *rect, const app_choice *choice)
{
    const int mark_w = 2 * ui->font;
    draw_rect row = *rect;
    row.h = app_words_height(ui, choice->text, row.w - mark_w - ui->unit) +
            ui->unit;
    draw_cut_top(rect, row.h + ui->unit / 2);
    draw_fill(ui->draw, row, ui->palette->background);
    const bool is_clicked = ui_row(ui, choice->id, row, choice->is_taken);
    draw_rect inside = draw_inset(row, ui->unit, ui->unit / 2);
    ui_text_bold(ui, draw_cut_left(&inside, mark_w), DRAW_LEFT, choice->mark);
    ui_paragraph(ui, inside, ui->palette->text, choice->text);
    return is_clicked;
}

bool app_words_button(ant_ui *ui, draw_rect *line, const char *text)
{
    int w = ui_button_width(ui, text);
    if (w > line->w) return false;
    draw_rect button = draw_cut_left(line, w);
    draw_cut_left(line, ui->unit);
    return ui_button(ui, ui_id_of(text, 0), button, text);
}

static void draw_paragraph(ant_ui *ui, draw_rect *rect, const char *text)
{
    if (text[0] == '\0') return;
    draw_cut_top(rect, ui_paragraph(ui, *rect, ui->palette->text, text));
}

static void draw_code(ant_ui *ui, draw_rect *rect, const char *line)
{
    draw_rect row = draw_cut_top(rect, ui->small + ui->unit / 2);
    draw_fill(ui->draw, row, ui->palette->background);
    ui_text_as(ui, draw_inset(row, ui->unit, 0), DRAW_FONT_MONO, ui->small,
               ui->palette->text, DRAW_LEFT, line + CODE_INDENT);
}

static bool is_code(const char *line)
{
    return strncmp(line, "    ", CODE_INDENT) == 0;
}
