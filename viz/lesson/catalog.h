// SPDX-License-Identifier: MIT
//
// What a PO file holds, the format of gettext: texts and their translations.
// All lives in the caller's arena.

#ifndef VIZ_LESSON_CATALOG_H
#define VIZ_LESSON_CATALOG_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "model/buf.h"

typedef struct catalog_entry {
    const char *text;
    const char *translation; // "" when there is none yet
    uint32_t line;
    bool is_fuzzy; // the text has changed since it was translated
    bool is_used;  // for who looks for those that are not
} catalog_entry;

typedef struct lesson_catalog {
    model_buf entries; // of catalog_entry
} lesson_catalog;

// Reads a file. Its head is no entry, nor is what msgmerge has put aside with
// #~. 0 or -errno.
ANT_MUST_USE int lesson_catalog_read(const char *path, ant_arena *arena,
                                     lesson_catalog *ret_catalog);
void lesson_catalog_deinit(lesson_catalog *catalog);

// The entry of a text, or NULL.
catalog_entry *lesson_catalog_of(const lesson_catalog *catalog,
                                 const char *text);

#endif
