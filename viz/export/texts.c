// SPDX-License-Identifier: MIT

#include "export/texts.h"

#include <string.h>

#include "base/mem.h"
#include "text/json.h"

static uint32_t add(export_texts *texts, const char *text);

static uint64_t hash_of(const char *text)
{
    uint64_t hash = UINT64_C(0xCBF29CE484222325);
    for (; *text != '\0'; text++) {
        hash = (hash ^ (uint8_t)*text) * UINT64_C(0x100000001B3);
    }
    return hash;
}

const char *export__texts_get(const export_texts *texts, uint32_t number)
{
    return (const char *)texts->bytes.data + texts->at[number];
}

uint32_t export__texts_add(export_texts *texts, const char *text)
{
    if (texts->count == 0) {
        texts->by_hash = ant_table_init(sizeof(uint32_t));
        add(texts, "");
    }
    if (*text == '\0') return 0;

    // Texts of one hash stand at the numbers that follow it.
    for (uint64_t hash = hash_of(text);; hash++) {
        uint32_t *number = ant_table_get(&texts->by_hash, hash);
        if (number == NULL) {
            texts->is_short = true;
            return 0;
        }
        if (*number == 0) *number = add(texts, text);
        if (*number == 0 ||
            strcmp(export__texts_get(texts, *number), text) == 0) {
            return *number;
        }
    }
}

static uint32_t add(export_texts *texts, const char *text)
{
    if (texts->count == texts->max) {
        uint32_t max = texts->max == 0 ? 256 : texts->max * 2;
        uint32_t *at = ant_mem_resize(texts->at, max * sizeof *at);
        if (at == NULL) {
            texts->is_short = true;
            return 0;
        }
        texts->at = at;
        texts->max = max;
    }
    size_t len = texts->bytes.len;
    export__bytes_text(&texts->bytes, text);
    if (texts->bytes.is_short || texts->bytes.len > UINT32_MAX) {
        texts->is_short = true;
        return 0;
    }
    texts->at[texts->count] = (uint32_t)len;
    return texts->count++;
}

void export__texts_write(const export_texts *texts, FILE *file)
{
    fputc('[', file);
    for (uint32_t i = 0; i < texts->count; i++) {
        if (i > 0) fputs(",\n", file);
        text_json_string(export__texts_get(texts, i), file);
    }
    fputc(']', file);
}

void export__texts_free(export_texts *texts)
{
    if (texts->count > 0) ant_table_deinit(&texts->by_hash);
    ant_mem_free(texts->at);
    export__bytes_free(&texts->bytes);
    *texts = (export_texts){ 0 };
}
