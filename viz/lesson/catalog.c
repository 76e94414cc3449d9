// SPDX-License-Identifier: MIT

#include "lesson/catalog.h"

#include <errno.h>
#include <string.h>

#include "lesson/page.h"

typedef enum po_part {
    PO_NOTHING,
    PO_TEXT,
    PO_TRANSLATION,
} po_part;

typedef struct po_reader {
    ant_arena *arena;
    lesson_catalog *catalog;
    catalog_entry entry; // so far
    po_part part;        // that a line in quotes belongs to
    uint32_t line;
} po_reader;

static int read_line(po_reader *r, const char *line, size_t len);
static int end_entry(po_reader *r);
static int go_on(po_reader *r, const char *line, size_t len);
static const char *unquote(po_reader *r, const char *line, size_t len);
static bool begins(const char *line, size_t len, const char *word);

int lesson_catalog_read(const char *path, ant_arena *arena,
                        lesson_catalog *ret_catalog)
{
    int err = 0;
    lesson_catalog catalog = { 0 };
    const char *text = lesson_file_read(path, arena, &err);
    po_reader r = { .arena = arena, .catalog = &catalog };
    while (err == 0 && *text != 0) {
        const size_t len = strcspn(text, "\n");
        r.line++;
        err = read_line(&r, text, len);
        text += len + (text[len] != 0 ? 1 : 0);
    }
    if (err == 0) err = end_entry(&r);
    if (err < 0)
        lesson_catalog_deinit(&catalog);
    else
        *ret_catalog = catalog;
    return err;
}

void lesson_catalog_deinit(lesson_catalog *catalog)
{
    model__buf_free(&catalog->entries);
}

catalog_entry *lesson_catalog_of(const lesson_catalog *catalog,
                                 const char *text)
{
    catalog_entry *entries = catalog->entries.data;
    for (size_t i = 0; i < catalog->entries.len; i++) {
        if (strcmp(entries[i].text, text) == 0) return &entries[i];
    }
    return NULL;
}

static int read_line(po_reader *r, const char *line, size_t len)
{
    if (begins(line, len, "msgid ")) {
        int err = r->part == PO_TRANSLATION ? end_entry(r) : 0;
        r->part = PO_TEXT;
        r->entry.line = r->line;
        return err == 0 ? go_on(r, line + 6, len - 6) : err;
    }
    if (begins(line, len, "msgstr ")) {
        r->part = PO_TRANSLATION;
        return go_on(r, line + 7, len - 7);
    }
    if (begins(line, len, "\"")) return go_on(r, line, len);
    int err = r->part == PO_TRANSLATION ? end_entry(r) : 0;
    if (begins(line, len, "#,") && memmem(line, len, "fuzzy", 5) != NULL)
        r->entry.is_fuzzy = true;
    return err;
}

// The head is the translation of nothing.
static int end_entry(po_reader *r)
{
    const catalog_entry entry = r->entry;
    r->entry = (catalog_entry){ 0 };
    r->part = PO_NOTHING;
    if (entry.text == NULL || *entry.text == 0) return 0;
    catalog_entry *added = model__buf_push(&r->catalog->entries, sizeof *added);
    if (added == NULL) return -ENOMEM;
    *added = entry;
    if (added->translation == NULL) added->translation = "";
    return 0;
}

static int go_on(po_reader *r, const char *line, size_t len)
{
    const char *more = unquote(r, line, len);
    const char **to =
        r->part == PO_TEXT ? &r->entry.text : &r->entry.translation;
    if (more == NULL) return -ENOMEM;
    if (r->part == PO_NOTHING) return 0;
    *to = ant_arena_print(r->arena, "%s%s", *to != NULL ? *to : "", more);
    return *to != NULL ? 0 : -ENOMEM;
}

// What stands between the quotes.
static const char *unquote(po_reader *r, const char *line, size_t len)
{
    char *text = ant_arena_alloc(r->arena, len + 1);
    size_t n = 0;
    if (text == NULL) return NULL;
    for (size_t i = 1; i < len && line[i] != '"'; i++) {
        char c = line[i];
        if (c == '\\' && i + 1 < len) {
            c = line[++i];
            if (c == 'n') c = '\n';
            if (c == 't') c = '\t';
        }
        text[n++] = c;
    }
    text[n] = 0;
    return text;
}

static bool begins(const char *line, size_t len, const char *word)
{
    const size_t word_len = strlen(word);
    return len >= word_len && memcmp(line, word, word_len) == 0;
}
