// SPDX-License-Identifier: MIT
//
// The program's own text around the place where the focused task is. The
// current line is lit, the lines it came from fade.

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "view/view.h"

#define SITE_COUNT_MAX  4
#define SITE_SEARCH_MAX 24
#define OWN_PREFIX      "runtime/"
#define TAB_WIDTH       4
#define INDENT_MAX      64
#define LINE_BYTES_MAX  256

static uint32_t find_sites(const ant_view *view, uint32_t task,
                           model_site *site);
static void draw_lines(ant_view *view, draw_rect rect,
                       const model_source *source, const model_site *site,
                       uint32_t site_count);
static void draw_code(ant_ui *ui, draw_rect rect, const char *line,
                      unsigned indent, bool is_in_comment);
static void scan_line(const char *line, bool *is_in_comment);
static void draw_absence(ant_view *view, draw_rect rect, const char *file);

void view_source(ant_view *view, draw_rect rect)
{
    ant_ui *ui = &view->ui;
    uint32_t task = view_focus(view);
    model_site site[SITE_COUNT_MAX];
    uint32_t count = find_sites(view, task, site);
    if (count == 0) {
        ui_heading(ui, &rect, "SOURCE", NULL);
        ui_paragraph(ui, rect, ui->palette->text_dim,
                     task == 0 ? "Select a task to see where it is."
                               : "The trace does not say where this task is.");
        return;
    }
    char task_label[128];
    char detail[256];
    const char *name = strrchr(site[0].file, '/');
    model_task_label(view->model, task, task_label, sizeof(task_label));
    snprintf(detail, sizeof(detail), "%s:%u   %s",
             name == NULL ? site[0].file : name + 1, site[0].line, task_label);
    ui_heading(ui, &rect, "SOURCE", detail);
    const model_source *source = model_source_of(view->model, site[0].file);
    if (source == NULL || source->path == NULL) {
        draw_absence(view, rect, site[0].file);
        return;
    }
    draw_lines(view, rect, source, site, count);
}

// The last places of a task, newest first. Those in the program come before
// those inside the runtime, which nobody asked about.
static uint32_t find_sites(const ant_view *view, uint32_t task,
                           model_site *site)
{
    if (task == 0) return 0;
    model_site all[SITE_SEARCH_MAX];
    uint32_t found = model_sites(view->model, task, view->replay->event, all,
                                 SITE_SEARCH_MAX);
    uint32_t n = 0;
    for (unsigned pass = 0; pass < 2 && n == 0; pass++) {
        for (uint32_t i = 0; i < found && n < SITE_COUNT_MAX; i++) {
            bool is_own =
                strncmp(all[i].file, OWN_PREFIX, strlen(OWN_PREFIX)) == 0;
            if (is_own == (pass == 1)) site[n++] = all[i];
        }
    }
    return n;
}

static void draw_absence(ant_view *view, draw_rect rect, const char *file)
{
    char text[400];
    snprintf(text, sizeof(text),
             "%s is not here. Put it beside the trace, or start the "
             "visualizer in the directory in which the program was built.",
             file);
    ui_paragraph(&view->ui, rect, view->ui.palette->text_dim, text);
}

// How strongly a line is lit: 0 for not at all, the newest place most.
static unsigned glow(const model_site *site, uint32_t site_count, uint32_t line)
{
    for (uint32_t i = 0; i < site_count; i++) {
        bool is_same = strcmp(site[i].file, site[0].file) == 0;
        if (is_same && site[i].line == line) return i == 0 ? 100 : 60 - 15 * i;
    }
    return 0;
}

// Moves by half pages, so that the text stands still while the light wanders,
// and keeps a quarter page around the current line.
static uint32_t first_line(uint32_t line, uint32_t shown, uint32_t count)
{
    if (shown < 4) return line;
    uint32_t half = shown / 2;
    uint32_t page = line / half * half;
    uint32_t first = page > shown / 4 ? page - shown / 4 : 1;
    if (first + shown > count + 1) first = count + 1 - shown;
    return count + 1 > shown ? first : 1;
}

// The columns that all shown lines leave blank: they may be left out.
static unsigned common_indent(const model_source *source, uint32_t first,
                              uint32_t shown)
{
    unsigned least = INDENT_MAX;
    for (uint32_t i = first; i < first + shown && i <= source->line_count;
         i++) {
        const char *line = source->lines[i - 1];
        unsigned column = 0;
        for (; *line == ' ' || *line == '\t'; line++) {
            column += *line == '\t' ? TAB_WIDTH - column % TAB_WIDTH : 1;
        }
        if (*line != '\0' && column < least) least = column;
    }
    return least == INDENT_MAX ? 0 : least;
}

static void draw_lines(ant_view *view, draw_rect rect,
                       const model_source *source, const model_site *site,
                       uint32_t site_count)
{
    ant_ui *ui = &view->ui;
    int line_h = ui->small * 5 / 4;
    uint32_t shown = (uint32_t)(rect.h / line_h);
    uint32_t first = first_line(site[0].line, shown, source->line_count);
    int number_w =
        draw_text_width(ui->draw, DRAW_FONT_MONO, ui->small, "0000") + ui->unit;
    unsigned indent = common_indent(source, first, shown);
    bool is_in_comment = false;
    for (uint32_t i = 1; i < first; i++) {
        scan_line(source->lines[i - 1], &is_in_comment);
    }
    draw_clip(ui->draw, rect);
    for (uint32_t i = first; i < first + shown && i <= source->line_count;
         i++) {
        draw_rect line = draw_cut_top(&rect, line_h);
        unsigned light = glow(site, site_count, i);
        if (light > 0) {
            draw_fill(ui->draw, line,
                      draw_mix(ui->palette->background,
                               ui->palette->current_line, light));
        }
        if (light == 100) {
            draw_fill(ui->draw,
                      (draw_rect){ line.x, line.y, ui->unit / 2, line.h },
                      ui->palette->state[DRAW_STATE_POLLING].color);
        }
        char number[16];
        snprintf(number, sizeof(number), "%u", i);
        draw_rect gutter = draw_cut_left(&line, number_w);
        ui_text_as(ui, draw_inset(gutter, ui->unit / 2, 0), DRAW_FONT_MONO,
                   ui->small, ui->palette->text_dim, DRAW_RIGHT, number);
        draw_cut_left(&line, ui->unit / 2);
        draw_code(ui, line, source->lines[i - 1], indent, is_in_comment);
        scan_line(source->lines[i - 1], &is_in_comment);
    }
    draw_unclip(ui->draw);
}

// --- The C language, as far as colours need it -----------------------------

typedef enum token {
    TOKEN_PLAIN,
    TOKEN_KEYWORD,
    TOKEN_STRING,
    TOKEN_COMMENT,
} token;

static bool is_word(char c)
{
    return isalnum((unsigned char)c) != 0 || c == '_';
}

static bool is_keyword(const char *word, size_t len)
{
    static const char *const keyword[] = {
        "ANT_ASYNC", "ANT_AWAIT",   "ANT_FAIL", "ANT_INIT", "ANT_NEXT",
        "ANT_READY", "ANT_PENDING", "bool",     "break",    "case",
        "char",      "const",       "default",  "do",       "else",
        "enum",      "extern",      "false",    "for",      "if",
        "int",       "long",        "return",   "sizeof",   "static",
        "struct",    "switch",      "true",     "typedef",  "unsigned",
        "void",      "while",       "#include", "#define",
    };
    for (unsigned i = 0; i < ANT_ARRAY_LEN(keyword); i++) {
        if (strlen(keyword[i]) == len && memcmp(keyword[i], word, len) == 0) {
            return true;
        }
    }
    return false;
}

static size_t string_len(const char *text)
{
    char quote = text[0];
    size_t n = 1;
    while (text[n] != '\0' && text[n] != quote) {
        n += text[n] == '\\' && text[n + 1] != '\0' ? 2 : 1;
    }
    return text[n] == quote ? n + 1 : n;
}

static size_t comment_len(const char *text, size_t from, bool *is_open)
{
    const char *end = strstr(text + from, "*/");
    *is_open = end == NULL;
    return end == NULL ? strlen(text) : (size_t)(end - text) + 2;
}

// The token at the start of `text`, at least one byte long.
static size_t token_len(const char *text, bool *is_in_comment, token *ret)
{
    if (*is_in_comment) {
        *ret = TOKEN_COMMENT;
        return comment_len(text, 0, is_in_comment);
    }
    if (text[0] == '/' && text[1] == '/') {
        *ret = TOKEN_COMMENT;
        return strlen(text);
    }
    if (text[0] == '/' && text[1] == '*') {
        *ret = TOKEN_COMMENT;
        return comment_len(text, 2, is_in_comment);
    }
    if (text[0] == '"' || text[0] == '\'') {
        *ret = TOKEN_STRING;
        return string_len(text);
    }
    size_t n = 1;
    if (is_word(text[0]) || text[0] == '#') {
        while (is_word(text[n]))
            n++;
        *ret = is_keyword(text, n) ? TOKEN_KEYWORD : TOKEN_PLAIN;
        return n;
    }
    *ret = TOKEN_PLAIN;
    while (text[n] != '\0' && !is_word(text[n]) &&
           strchr("/\"'#", text[n]) == NULL) {
        n++;
    }
    return n;
}

// Copies a line with its tabs as spaces, at most `columns` letters of it; what
// is more becomes an ellipsis.
static void copy_line(const char *line, unsigned columns, char *buf,
                      size_t size)
{
    size_t n = 0;
    unsigned column = 0;
    for (; *line != '\0' && n + 8 < size && column < columns; line++) {
        bool is_inside = ((unsigned char)*line & 0xC0) == 0x80;
        if (*line != '\t') {
            buf[n++] = *line;
            if (!is_inside) column++;
            continue;
        }
        do {
            buf[n++] = ' ';
            column++;
        } while (column % TAB_WIDTH != 0 && n + 8 < size);
    }
    bool is_cut = *line != '\0';
    while (is_cut && n > 0 && ((unsigned char)buf[--n] & 0xC0) == 0x80) {
        // Takes the whole last letter away, to make room.
    }
    snprintf(buf + n, size - n, "%s", is_cut ? "\xE2\x80\xA6" : "");
}

// Whether a comment is still open at the end of a line.
static void scan_line(const char *line, bool *is_in_comment)
{
    token kind = TOKEN_PLAIN;
    while (*line != '\0')
        line += token_len(line, is_in_comment, &kind);
}

static draw_color token_color(const draw_palette *palette, token kind)
{
    switch (kind) {
    case TOKEN_KEYWORD:
        return palette->accent;
    case TOKEN_COMMENT:
        return palette->text_dim;
    case TOKEN_STRING:
        return palette->string;
    case TOKEN_PLAIN:
        break;
    }
    return palette->text;
}

static void draw_code(ant_ui *ui, draw_rect rect, const char *line,
                      unsigned indent, bool is_in_comment)
{
    int letter_w = draw_text_width(ui->draw, DRAW_FONT_MONO, ui->small, "0");
    unsigned columns = (unsigned)(rect.w / (letter_w > 0 ? letter_w : 1));
    char text[LINE_BYTES_MAX];
    copy_line(line, columns + indent, text, sizeof(text));
    for (const char *at = text + strnlen(text, indent); *at != '\0';) {
        token kind = TOKEN_PLAIN;
        size_t n = token_len(at, &is_in_comment, &kind);
        draw_text_style style = { DRAW_FONT_MONO, ui->small,
                                  token_color(ui->palette, kind), DRAW_LEFT };
        int w = draw_text_n(ui->draw, rect, &style, at, n);
        draw_cut_left(&rect, w);
        at += n;
    }
}
