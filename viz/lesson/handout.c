// SPDX-License-Identifier: MIT

#include "lesson/handout.h"

#include <string.h>

#include "lesson/page.h"

// A line of it is a paragraph; the browser wraps.
#define WIDTH 100000

typedef struct handout {
    const lesson_show *show;
    const handout_desc *desc;
    FILE *out;
    uint32_t figures;
} handout;

// Black on white, as paper is; a question stays on one page.
static const char style[] =
    "@page{size:A4;margin:15mm 16mm;@bottom-right{content:counter(page)}}"
    "body{font:10pt/1.35 'DejaVu Sans',sans-serif;color:#000;margin:0 auto;"
    "max-width:178mm}"
    "h1{font-size:18pt;margin:0 0 2mm}h2{font-size:13pt;margin:6mm 0 2mm}"
    "p{margin:1.5mm 0}.of{break-after:avoid}"
    "pre{font:9pt/1.35 'DejaVu Sans Mono',monospace;background:#f2f2f2;"
    "padding:2mm 3mm;white-space:pre-wrap;break-inside:avoid}"
    "code{font-family:'DejaVu Sans Mono',monospace;font-size:90%}"
    ".ask{border:.4mm solid #000;padding:2mm 4mm;margin:4mm 0;"
    "break-inside:avoid}"
    ".box{display:inline-block;width:3.5mm;height:3.5mm;border:.3mm solid #000;"
    "margin-right:3mm}"
    ".line{border-bottom:.3mm solid #000;height:8mm;width:60mm}"
    ".paper{border:.3mm dashed #000;height:70mm}"
    ".answer{border-left:1.5mm solid #000;padding-left:3mm;margin-top:2mm}"
    ".sheet{break-before:page}"
    "figure{margin:4mm 0;break-inside:avoid}"
    "figure img{width:100%;border:.2mm solid #888}";

static void write_head(const handout *h);
static void write_items(handout *h);
static void write_item(handout *h, const lesson_item *item);
static bool is_for_later(const lesson_item *item);
static void write_question(const handout *h, const lesson_item *item);
static void write_room(const handout *h, const session_question *question);
static void write_answer(const handout *h, const session_question *question);
static void write_sheet(handout *h);
static void write_step(handout *h, const lesson_item *item);
static void write_end(handout *h);
static void write_figure(handout *h, const uint8_t *png, size_t len,
                         const char *words);
static void write_item_words(const handout *h, const lesson_item *item);
static void write_script(const handout *h, lesson_script *script);
static void write_markdown(const handout *h, const char *text);
static void write_escaped(const handout *h, const char *text, size_t len);
static void write_base64(FILE *out, const uint8_t *bytes, size_t len);

void lesson_handout_write(const lesson_show *show, const handout_desc *desc,
                          FILE *out)
{
    // On paper the pictures are real ones.
    lesson_show bare = *show;
    bare.has_pictures = false;
    handout h = { .show = &bare, .desc = desc, .out = out };
    write_head(&h);
    write_items(&h);
    write_sheet(&h);
    if (desc->has_answers) write_end(&h);
    fputs("</body></html>\n", out);
}

static void write_head(const handout *h)
{
    const ant_lesson *lesson = h->show->stage->lesson;
    fputs("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
          "<title>",
          h->out);
    write_escaped(h, lesson->title, strlen(lesson->title));
    fprintf(h->out, "</title><style>%s</style></head><body>", style);
    lesson_script script = { .width = WIDTH };
    lesson_show_title(h->show, &script);
    write_script(h, &script);
    if (h->desc->has_answers)
        fputs("<p><b>With answers, for the teacher</b></p>", h->out);
}

static void write_items(handout *h)
{
    const ant_lesson *lesson = h->show->stage->lesson;
    for (uint32_t i = 0; i < lesson->item_count; i++) {
        if (!is_for_later(&lesson->item[i])) write_item(h, &lesson->item[i]);
    }
}

static void write_item(handout *h, const lesson_item *item)
{
    if (item->kind == LESSON_PREDICT) {
        write_question(h, item);
    } else if (item->kind == LESSON_PROSE) {
        ant_arena arena = { 0 };
        const stage_place place = { item->run, item->line };
        char *text = lesson_stage_fill(h->show->stage, item->text, place,
                                       &arena, h->show->problems);
        if (text != NULL) write_markdown(h, text);
        ant_arena_deinit(&arena);
    } else {
        write_item_words(h, item);
    }
}

static bool is_picture(const lesson_item *item)
{
    return item->kind == LESSON_PROSE && strncmp(item->text, "![", 2) == 0;
}

// What one is to predict first, and what only the teacher needs. The lesson's
// own picture is dark; the key frames are for paper.
static bool is_for_later(const lesson_item *item)
{
    return item->kind == LESSON_STEP || item->kind == LESSON_HINT ||
           item->kind == LESSON_TEACHER || is_picture(item);
}

static void write_question(const handout *h, const lesson_item *item)
{
    ant_arena arena = { 0 };
    session_question question;
    if (lesson_session_question_of(h->show->stage, item, &arena, &question,
                                   h->show->problems)) {
        lesson_script script = { .width = WIDTH };
        fputs("<div class=\"ask\">", h->out);
        lesson_show_moment(h->show, &question, &script);
        write_script(h, &script);
        fputs("<b>Predict.</b>", h->out);
        write_markdown(h, question.ask);
        write_room(h, &question);
        if (h->desc->has_answers) write_answer(h, &question);
        fputs("</div>", h->out);
    }
    ant_arena_deinit(&arena);
}

// Where the answer goes.
static void write_room(const handout *h, const session_question *question)
{
    switch (question->kind) {
    case SESSION_NUMBER:
        fputs("<div class=\"line\"></div>", h->out);
        return;
    case SESSION_DRAWN:
        fputs("<div class=\"paper\"></div>", h->out);
        return;
    case SESSION_CHOICE:
    case SESSION_ORDER:
    case SESSION_POINT:
        break;
    }
    for (uint32_t i = 0; i < question->option_count; i++) {
        const char *text = question->option[i].text;
        fputs("<p><span class=\"box\"></span>", h->out);
        write_escaped(h, text, strlen(text));
        fputs("</p>", h->out);
    }
}

static void write_answer(const handout *h, const session_question *question)
{
    fputs("<div class=\"answer\"><b>Answer:</b> ", h->out);
    write_escaped(h, question->answer, strlen(question->answer));
    write_markdown(h, question->why);
    for (uint32_t i = 0; i < question->option_count; i++) {
        const session_option *option = &question->option[i];
        const course_belief *belief =
            option->belief != NULL
                ? lesson_course_belief_of(h->show->course, option->belief)
                : NULL;
        if (belief == NULL) continue;
        ant_arena arena = { 0 };
        char *line = ant_arena_print(&arena, "Not %s: %s %s", option->text,
                                     belief->text, option->because);
        if (line != NULL) write_markdown(h, line);
        ant_arena_deinit(&arena);
    }
    fputs("</div>", h->out);
}

// The key frames.
static void write_sheet(handout *h)
{
    const ant_lesson *lesson = h->show->stage->lesson;
    fputs("<div class=\"sheet\"><h2>What one sees</h2><p>To look at when the "
          "questions are answered.</p>",
          h->out);
    for (uint32_t i = 0; i < lesson->item_count; i++) {
        const lesson_item *item = &lesson->item[i];
        if (item->kind == LESSON_STEP) write_step(h, item);
    }
    fputs("</div>", h->out);
}

static void write_step(handout *h, const lesson_item *item)
{
    const char *at = lesson_field_of(&item->fields, "at");
    ant_model *model =
        lesson_stage_model(h->show->stage, item->run, h->show->problems);
    if (at == NULL || model == NULL) return;
    const stage_place place = { item->run, item->line };
    const uint32_t event =
        lesson_stage_event(h->show->stage, at, place, h->show->problems);
    size_t len = 0;
    const uint8_t *png = event != MODEL_NONE && h->desc->draw != NULL
                             ? h->desc->draw(h->desc->arg, model, event, &len)
                             : NULL;
    lesson_script script = { .width = WIDTH };
    lesson_show_filled(h->show, item, "say", "", &script);
    write_figure(h, png, len, script.text);
    lesson_script_free(&script);
}

static void write_end(handout *h)
{
    const ant_lesson *lesson = h->show->stage->lesson;
    static const struct {
        lesson_kind kind;
        const char *title;
    } ends[] = { { LESSON_HINT, "Hints" }, { LESSON_TEACHER, "Notes" } };
    for (unsigned k = 0; k < ANT_ARRAY_LEN(ends); k++) {
        fprintf(h->out, "<h2>%s</h2>", ends[k].title);
        for (uint32_t i = 0; i < lesson->item_count; i++) {
            if (lesson->item[i].kind == ends[k].kind)
                write_item_words(h, &lesson->item[i]);
        }
    }
}

static void write_figure(handout *h, const uint8_t *png, size_t len,
                         const char *words)
{
    if (words == NULL) words = "";
    fputs("<figure>", h->out);
    if (png != NULL) {
        fputs("<img alt=\"", h->out);
        write_escaped(h, words, strlen(words));
        fputs("\" src=\"data:image/png;base64,", h->out);
        write_base64(h->out, png, len);
        fputs("\">", h->out);
    }
    fprintf(h->out, "<figcaption><b>%u.</b> ", (unsigned)++h->figures);
    write_escaped(h, words, strlen(words));
    fputs("</figcaption></figure>", h->out);
}

// ---- From words to HTML ----

static void write_item_words(const handout *h, const lesson_item *item)
{
    lesson_script script = { .width = WIDTH };
    lesson_show_item(h->show, item, &script);
    write_script(h, &script);
}

// A script has a paragraph in each line; what is indented is code, what is
// underlined is a heading.
static void write_script(const handout *h, lesson_script *script)
{
    const char *text = script->text != NULL ? script->text : "";
    bool is_in_code = false;
    while (*text != '\0') {
        const size_t len = strcspn(text, "\n");
        const char *next = text + len + (text[len] == '\n');
        const bool is_code = strncmp(text, "    ", 4) == 0;
        const bool is_heading = next[0] == '=' && next[1] == '=';
        if (is_code != is_in_code && (is_code || len > 0)) {
            fputs(is_code ? "<pre>" : "</pre>", h->out);
            is_in_code = is_code;
        }
        if (is_in_code) {
            if (is_code) write_escaped(h, text + 4, len - 4);
            fputc('\n', h->out);
        } else if (len > 0) {
            const bool is_of_code = strncmp(next, "    ", 4) == 0;
            fputs(is_heading   ? "<h1>"
                  : is_of_code ? "<p class=\"of\">"
                               : "<p>",
                  h->out);
            write_escaped(h, text, len);
            fputs(is_heading ? "</h1>" : "</p>", h->out);
        }
        text = next;
        if (is_heading) text += strcspn(text, "\n");
    }
    if (is_in_code) fputs("</pre>", h->out);
    lesson_script_free(script);
}

static void write_markdown(const handout *h, const char *text)
{
    ant_arena arena = { 0 };
    const char *html = lesson_prose_html(text, &arena);
    if (html != NULL) fputs(html, h->out);
    ant_arena_deinit(&arena);
}

static void write_escaped(const handout *h, const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        const char *entity = text[i] == '&'   ? "&amp;"
                             : text[i] == '<' ? "&lt;"
                             : text[i] == '>' ? "&gt;"
                             : text[i] == '"' ? "&quot;"
                                              : NULL;
        if (entity != NULL)
            fputs(entity, h->out);
        else
            fputc(text[i], h->out);
    }
}

static void write_base64(FILE *out, const uint8_t *bytes, size_t len)
{
    static const char digits[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrst"
        "uvwxyz0123456789+/";
    for (size_t i = 0; i < len; i += 3) {
        const uint32_t n = (uint32_t)bytes[i] << 16 |
                           (i + 1 < len ? (uint32_t)bytes[i + 1] << 8 : 0) |
                           (i + 2 < len ? bytes[i + 2] : 0);
        fputc(digits[n >> 18], out);
        fputc(digits[n >> 12 & 63], out);
        fputc(i + 1 < len ? digits[n >> 6 & 63] : '=', out);
        fputc(i + 2 < len ? digits[n & 63] : '=', out);
    }
}
