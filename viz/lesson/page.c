// SPDX-License-Identifier: MIT

#include "lesson/page.h"

#include <cmark-gfm-core-extensions.h>
#include <cmark-gfm.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"

// Longer pages are no lessons.
#define FILE_BYTES_MAX (1 << 20)

typedef struct page_reader {
    const char *path;
    const char *text; // without the head
    uint32_t line;    // of its first line
    ant_arena *arena;
    lesson_problems *problems;
    model_buf pieces;
    uint32_t words;
} page_reader;

static char *take(char *text, ant_arena *arena);
static void name_pictures(cmark_node *document);
static int read_head(page_reader *r, lesson_page *page);
static cmark_node *parse(const char *text);
static int read_pieces(page_reader *r, cmark_node *document);
static int add_block(page_reader *r, cmark_node *node);
static int add_prose(page_reader *r, cmark_node *node);
static int add_piece(page_reader *r, const char *info, const char *text,
                     size_t len, uint32_t line);
static void refuse_inside(page_reader *r, cmark_node *node);
static const char *line_of(const char *text, uint32_t line);
static uint32_t count_words(const char *text, size_t len);

int lesson_page_read(const char *path, ant_arena *arena, lesson_page *ret_page,
                     lesson_problems *problems)
{
    int err = 0;
    char *text = lesson_file_read(path, arena, &err);
    if (text == NULL) {
        lesson_complain(problems, path, 0, "cannot be read: %s",
                        ant_err_text(err));
        return err;
    }
    page_reader r = { .path = path,
                      .text = text,
                      .line = 1,
                      .arena = arena,
                      .problems = problems };
    lesson_page page = { .path = ant_arena_text(arena, path, strlen(path)) };
    if (page.path == NULL) return -ENOMEM;
    err = read_head(&r, &page);
    cmark_node *document = err == 0 ? parse(r.text) : NULL;
    if (err == 0) err = document != NULL ? read_pieces(&r, document) : -ENOMEM;
    if (document != NULL) cmark_node_free(document);
    lesson_piece *copy = NULL;
    size_t bytes = r.pieces.len * sizeof *copy;
    if (err == 0) copy = ant_arena_alloc(arena, bytes + 1);
    if (copy != NULL && bytes > 0) memcpy(copy, r.pieces.data, bytes);
    page.piece = copy;
    page.piece_count = (uint32_t)r.pieces.len;
    page.word_count = r.words;
    model__buf_free(&r.pieces);
    if (err == 0 && copy == NULL) err = -ENOMEM;
    if (err == 0) *ret_page = page;
    return err;
}

char *lesson_file_read(const char *path, ant_arena *arena, int *ret_err)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        *ret_err = -errno;
        return NULL;
    }
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : -1;
    rewind(file);
    if (size < 0 || size > FILE_BYTES_MAX) size = FILE_BYTES_MAX;
    char *text = ant_arena_alloc(arena, (size_t)size + 1);
    size_t len = text != NULL ? fread(text, 1, (size_t)size, file) : 0;
    *ret_err = text == NULL ? -ENOMEM : ferror(file) ? -EIO : 0;
    fclose(file);
    if (*ret_err < 0) return NULL;
    // A NUL would end it for everybody who reads it later.
    text[strnlen(text, len)] = 0;
    return text;
}

const char *lesson_field_of(const lesson_fields *fields, const char *key)
{
    for (uint32_t i = 0; i < fields->count; i++) {
        if (strcmp(fields->field[i].key, key) == 0)
            return fields->field[i].value;
    }
    return NULL;
}

char *lesson_prose_plain(const char *markdown, int width, ant_arena *arena)
{
    cmark_node *document = parse(markdown);
    if (document == NULL) return NULL;
    name_pictures(document);
    char *plain = cmark_render_plaintext(document, CMARK_OPT_DEFAULT, width);
    cmark_node_free(document);
    return take(plain, arena);
}

char *lesson_prose_html(const char *markdown, ant_arena *arena)
{
    cmark_node *document = parse(markdown);
    if (document == NULL) return NULL;
    char *html = cmark_render_html(document, CMARK_OPT_DEFAULT, NULL);
    cmark_node_free(document);
    return take(html, arena);
}

// What cmark has made, for us to keep.
static char *take(char *text, ant_arena *arena)
{
    if (text == NULL) return NULL;
    char *copy = ant_arena_text(arena, text, strlen(text));
    cmark_get_default_mem_allocator()->free(text);
    return copy;
}

// In plain text only the words of a picture are left.
static void name_pictures(cmark_node *document)
{
    cmark_iter *iter = cmark_iter_new(document);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *node = cmark_iter_get_node(iter);
        bool is_picture = cmark_node_get_type(node) == CMARK_NODE_IMAGE;
        if (event != CMARK_EVENT_EXIT || !is_picture) continue;
        cmark_node *word = cmark_node_new(CMARK_NODE_TEXT);
        cmark_node_set_literal(word, "Picture: ");
        cmark_node_prepend_child(node, word);
    }
    cmark_iter_free(iter);
}

static int read_head(page_reader *r, lesson_page *page)
{
    const char *end = strstr(r->text, "\n---\n");
    if (strncmp(r->text, "---\n", 4) != 0 || end == NULL) {
        lesson_complain(r->problems, r->path, 1,
                        "the page begins without its head: write ---, then "
                        "title: and the other keys, then ---");
        return 0;
    }
    size_t len = (size_t)(end - (r->text + 4)) + 1;
    char *head = ant_arena_text(r->arena, r->text + 4, len);
    if (head == NULL) return -ENOMEM;
    for (const char *at = r->text; at < end + 5; at++) {
        if (*at == '\n') r->line++;
    }
    r->text = end + 5;
    return lesson_fields_read(head, 2, r->path, r->arena, &page->head,
                              r->problems);
}

static cmark_node *parse(const char *text)
{
    cmark_gfm_core_extensions_ensure_registered();
    cmark_parser *parser =
        cmark_parser_new(CMARK_OPT_SOURCEPOS | CMARK_OPT_FULL_INFO_STRING);
    if (parser == NULL) return NULL;
    cmark_parser_attach_syntax_extension(parser,
                                         cmark_find_syntax_extension("table"));
    cmark_parser_feed(parser, text, strlen(text));
    cmark_node *document = cmark_parser_finish(parser);
    cmark_parser_free(parser);
    return document;
}

static int read_pieces(page_reader *r, cmark_node *document)
{
    int err = 0;
    cmark_node *node = cmark_node_first_child(document);
    for (; node != NULL && err == 0; node = cmark_node_next(node)) {
        refuse_inside(r, node);
        bool is_block = cmark_node_get_type(node) == CMARK_NODE_CODE_BLOCK;
        err = is_block ? add_block(r, node) : add_prose(r, node);
    }
    return err;
}

static int add_block(page_reader *r, cmark_node *node)
{
    uint32_t at = (uint32_t)cmark_node_get_start_line(node);
    uint32_t end = (uint32_t)cmark_node_get_end_line(node);
    const char *info = cmark_node_get_fence_info(node);
    const char *text = cmark_node_get_literal(node);
    const char *last = line_of(r->text, end);
    bool is_fence = strncmp(line_of(r->text, at), "```", 3) == 0;
    if (is_fence && (end == at || strncmp(last, "```", 3) != 0)) {
        lesson_complain(r->problems, r->path, r->line + at - 1,
                        "this block has no end: write ``` below it");
    }
    if (!is_fence) info = "text";
    return add_piece(r, info != NULL ? info : "", text, strlen(text),
                     r->line + at - (is_fence ? 0 : 1));
}

static int add_prose(page_reader *r, cmark_node *node)
{
    uint32_t at = (uint32_t)cmark_node_get_start_line(node);
    uint32_t end = (uint32_t)cmark_node_get_end_line(node);
    const char *from = line_of(r->text, at);
    const char *to = line_of(r->text, end + 1);
    size_t len = (size_t)(to - from);
    while (len > 0 && from[len - 1] == '\n')
        len--;
    r->words += count_words(from, len);
    return add_piece(r, NULL, from, len, r->line + at - 1);
}

static int add_piece(page_reader *r, const char *info, const char *text,
                     size_t len, uint32_t line)
{
    lesson_piece piece = { .line = line };
    piece.text = ant_arena_text(r->arena, text, len);
    if (info != NULL) {
        piece.info = ant_arena_text(r->arena, info, strlen(info));
        if (piece.info == NULL) return -ENOMEM;
    }
    lesson_piece *added = model__buf_push(&r->pieces, sizeof *added);
    if (piece.text == NULL || added == NULL) return -ENOMEM;
    *added = piece;
    return 0;
}

// Screen, transcript and print stay equal when there is no HTML, and a picture
// is for all when it has a text.
static void refuse_inside(page_reader *r, cmark_node *node)
{
    cmark_iter *iter = cmark_iter_new(node);
    cmark_event_type event;
    while ((event = cmark_iter_next(iter)) != CMARK_EVENT_DONE) {
        cmark_node *inner = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(inner);
        uint32_t line = (uint32_t)cmark_node_get_start_line(node) + r->line - 1;
        if (event != CMARK_EVENT_ENTER) continue;
        if (type == CMARK_NODE_HTML_BLOCK || type == CMARK_NODE_HTML_INLINE) {
            lesson_complain(r->problems, r->path, line,
                            "raw HTML: write Markdown, or `<` as code");
        }
        if (type == CMARK_NODE_IMAGE && cmark_node_first_child(inner) == NULL) {
            lesson_complain(r->problems, r->path, line,
                            "a picture without words: write ![what one sees]"
                            "(%s)",
                            cmark_node_get_url(inner));
        }
    }
    cmark_iter_free(iter);
}

// Where line `line`, from 1, begins; the end when there is none.
static const char *line_of(const char *text, uint32_t line)
{
    for (; line > 1 && *text != 0; line--) {
        const char *end = strchr(text, '\n');
        text = end != NULL ? end + 1 : text + strlen(text);
    }
    return text;
}

static uint32_t count_words(const char *text, size_t len)
{
    uint32_t count = 0;
    bool is_inside = false;
    for (size_t i = 0; i < len; i++) {
        bool is_blank = text[i] == ' ' || text[i] == '\n' || text[i] == '\t';
        if (!is_blank && !is_inside) count++;
        is_inside = !is_blank;
    }
    return count;
}
