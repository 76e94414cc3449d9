// SPDX-License-Identifier: MIT
//
// A growing run of bytes, for formats that say how long something is before
// they say it. It belongs to whoever embeds it; zero is an empty one. When
// memory runs out it stays short and says so.

#ifndef VIZ_EXPORT_BYTES_H
#define VIZ_EXPORT_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

typedef struct export_bytes {
    uint8_t *data;
    size_t len;
    size_t max;
    bool is_short; // something did not fit into memory
} export_bytes;

// Adds the low `width` bytes of a number, least or most significant first.
void export__bytes_le(export_bytes *bytes, uint64_t value, unsigned width);
void export__bytes_be(export_bytes *bytes, uint64_t value, unsigned width);

// Adds bytes as they are, and a text with the 0 that ends it.
void export__bytes_add(export_bytes *bytes, const void *data, size_t len);
void export__bytes_text(export_bytes *bytes, const char *text);

// Writes all to `file` and empties it. 0 or -ENOMEM when it is short; whether
// the file took it is for the file to say.
int export__bytes_write(export_bytes *bytes, FILE *file);

// Gives the memory back.
void export__bytes_free(export_bytes *bytes);

#endif
