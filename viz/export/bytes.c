// SPDX-License-Identifier: MIT

#include "export/bytes.h"

#include <errno.h>
#include <string.h>

#include "base/mem.h"

#define BYTES_MIN 256

void export__bytes_le(export_bytes *bytes, uint64_t value, unsigned width)
{
    uint8_t data[8];
    for (unsigned i = 0; i < width; i++) {
        data[i] = (uint8_t)(value >> (8 * i));
    }
    export__bytes_add(bytes, data, width);
}

void export__bytes_be(export_bytes *bytes, uint64_t value, unsigned width)
{
    uint8_t data[8];
    for (unsigned i = 0; i < width; i++) {
        data[i] = (uint8_t)(value >> (8 * (width - 1 - i)));
    }
    export__bytes_add(bytes, data, width);
}

void export__bytes_add(export_bytes *bytes, const void *data, size_t len)
{
    if (bytes->len + len > bytes->max) {
        size_t max = bytes->max < BYTES_MIN ? BYTES_MIN : bytes->max;
        while (max < bytes->len + len)
            max *= 2;
        uint8_t *grown = ant_mem_resize(bytes->data, max);
        if (grown == NULL) {
            bytes->is_short = true;
            return;
        }
        bytes->data = grown;
        bytes->max = max;
    }
    memcpy(bytes->data + bytes->len, data, len);
    bytes->len += len;
}

void export__bytes_text(export_bytes *bytes, const char *text)
{
    export__bytes_add(bytes, text, strlen(text) + 1);
}

int export__bytes_write(export_bytes *bytes, FILE *file)
{
    if (bytes->is_short) return -ENOMEM;
    fwrite(bytes->data, 1, bytes->len, file);
    bytes->len = 0;
    return 0;
}

void export__bytes_free(export_bytes *bytes)
{
    ant_mem_free(bytes->data);
    *bytes = (export_bytes){ 0 };
}
