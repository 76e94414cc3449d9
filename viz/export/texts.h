// SPDX-License-Identifier: MIT
//
// Texts, each kept once and named by a number; number 0 is "". A page that
// says the same sentence a thousand times holds it once. It belongs to whoever
// embeds it; zero is empty.

#ifndef VIZ_EXPORT_TEXTS_H
#define VIZ_EXPORT_TEXTS_H

#include <stdio.h>

#include "base/table.h"
#include "export/bytes.h"

typedef struct export_texts {
    ant_table by_hash; // of uint32_t, a number
    uint32_t *at;      // by number: where the text begins
    uint32_t count;
    uint32_t max;
    export_bytes bytes; // all texts, each with its 0
    bool is_short;      // memory ran out: some texts are number 0 instead
} export_texts;

// The number of a text, which may be new.
uint32_t export__texts_add(export_texts *texts, const char *text);

// The text of a number; valid until the next one is added.
const char *export__texts_get(const export_texts *texts, uint32_t number);

// Writes them as a JSON array, from number 0.
void export__texts_write(const export_texts *texts, FILE *file);

// Gives the memory back.
void export__texts_free(export_texts *texts);

#endif
