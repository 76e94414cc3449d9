// SPDX-License-Identifier: MIT

#include "export/proto.h"

#include <string.h>

#define LENGTH_BYTES 4

enum { WIRE_VARINT, WIRE_FIXED64, WIRE_BYTES };

static void add_varint(export_bytes *bytes, uint64_t value)
{
    for (; value >= 0x80; value >>= 7) {
        export__bytes_le(bytes, (value & 0x7F) | 0x80, 1);
    }
    export__bytes_le(bytes, value, 1);
}

static void add_key(export_bytes *bytes, unsigned field, unsigned wire)
{
    add_varint(bytes, field << 3 | wire);
}

void export__proto_number(export_bytes *bytes, unsigned field, uint64_t value)
{
    add_key(bytes, field, WIRE_VARINT);
    add_varint(bytes, value);
}

void export__proto_fixed64(export_bytes *bytes, unsigned field, uint64_t value)
{
    add_key(bytes, field, WIRE_FIXED64);
    export__bytes_le(bytes, value, 8);
}

void export__proto_text(export_bytes *bytes, unsigned field, const char *text)
{
    add_key(bytes, field, WIRE_BYTES);
    add_varint(bytes, strlen(text));
    export__bytes_add(bytes, text, strlen(text));
}

size_t export__proto_open(export_bytes *bytes, unsigned field)
{
    add_key(bytes, field, WIRE_BYTES);
    export__bytes_le(bytes, 0, LENGTH_BYTES);
    return bytes->len;
}

// Every byte of the length but the last says that more follow, whether it
// needs them or not.
void export__proto_close(export_bytes *bytes, size_t opened)
{
    if (bytes->is_short) return;
    size_t len = bytes->len - opened;
    uint8_t *to = bytes->data + opened - LENGTH_BYTES;
    for (unsigned i = 0; i < LENGTH_BYTES; i++) {
        unsigned more = i + 1 < LENGTH_BYTES ? 0x80 : 0;
        to[i] = (uint8_t)((len >> (7 * i) & 0x7F) | more);
    }
}
