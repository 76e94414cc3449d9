// SPDX-License-Identifier: MIT
//
// Text for a terminal, line by line: words are wrapped at a width, and every
// line begins with an indent. Zero is an empty one; it belongs to whoever
// embeds it.

#ifndef VIZ_LESSON_SCRIPT_H
#define VIZ_LESSON_SCRIPT_H

#include <stdbool.h>

#include "base/arena.h"

#define SCRIPT_WIDTH 78

typedef struct lesson_script {
    size_t width; // where to wrap; 0: at SCRIPT_WIDTH
    char *text;
    size_t len;
    size_t size;
    bool is_short; // memory ran out
} lesson_script;

// Adds a paragraph, wrapped; its first line begins with `first`, the others
// with as many blanks. Line ends in `text` are blanks.
void lesson_script_paragraph(lesson_script *script, const char *first,
                             const char *text);

// Adds lines as they are, each after `indent`.
void lesson_script_lines(lesson_script *script, const char *indent,
                         const char *text);

// Adds text as it is.
ANT_PRINTF(2, 3)
void lesson_script_print(lesson_script *script, const char *format, ...);

// Where paragraphs of it are wrapped.
size_t lesson_script_width(const lesson_script *script);

// Gives the text back; the script is empty then, of the same width.
void lesson_script_free(lesson_script *script);

#endif
