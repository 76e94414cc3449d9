// SPDX-License-Identifier: MIT
//
// A page of Markdown, cut into pieces in the order of the text: paragraphs and
// fenced blocks. cmark-gfm knows what is a paragraph and what is a block; this
// file knows nothing of lessons. All texts live in the caller's arena.

#ifndef VIZ_LESSON_PAGE_H
#define VIZ_LESSON_PAGE_H

#include <stdint.h>

#include "base/arena.h"
#include "lesson/problems.h"

typedef struct lesson_piece {
    const char *info; // what stands after the ``` of a block; NULL for prose
    const char *text; // prose: its Markdown; a block: what is inside of it
    uint32_t line;    // of the first line of `text`
} lesson_piece;

// "key: value". What follows in indented lines belongs to the value.
typedef struct lesson_field {
    const char *key;
    const char *value; // one line, however many it was
    uint32_t line;
} lesson_field;

typedef struct lesson_fields {
    const lesson_field *field;
    uint32_t count;
} lesson_fields;

typedef struct lesson_page {
    const char *path;
    lesson_fields head; // between the two lines of --- at the top
    const lesson_piece *piece;
    uint32_t piece_count;
    uint32_t word_count; // of the prose
} lesson_page;

// Reads the page at `path`. Raw HTML, a picture without a text for those who
// do not see it, and a fence that does not end are complained about. 0, or
// -errno when the file cannot be read (complained about, too) or memory is
// short.
ANT_MUST_USE int lesson_page_read(const char *path, ant_arena *arena,
                                  lesson_page *ret_page,
                                  lesson_problems *problems);

// The fields in `text`, which begins at line `line` of the page.
ANT_MUST_USE int lesson_fields_read(const char *text, uint32_t line,
                                    const char *path, ant_arena *arena,
                                    lesson_fields *ret_fields,
                                    lesson_problems *problems);

// The first value of a key, or NULL.
const char *lesson_field_of(const lesson_fields *fields, const char *key);

// A whole file as a text; NULL with *ret_err set to -errno.
ANT_MUST_USE char *lesson_file_read(const char *path, ant_arena *arena,
                                    int *ret_err);

// Prose for a browser, in `arena`; NULL: no memory.
ANT_MUST_USE char *lesson_prose_html(const char *markdown, ant_arena *arena);

// Prose for a terminal of `width` columns, in `arena`; NULL: no memory.
ANT_MUST_USE char *lesson_prose_plain(const char *markdown, int width,
                                      ant_arena *arena);

#endif
