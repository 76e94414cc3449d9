// SPDX-License-Identifier: MIT
//
// Writes protobuf messages into bytes, field by field. A message inside
// another is opened, filled and closed; its length is a number of four bytes
// that is filled in when it closes, so nothing has to be moved.

#ifndef VIZ_EXPORT_PROTO_H
#define VIZ_EXPORT_PROTO_H

#include "export/bytes.h"

// A field of the current message: a number as varint, a number of eight bytes,
// or a text.
void export__proto_number(export_bytes *bytes, unsigned field, uint64_t value);
void export__proto_fixed64(export_bytes *bytes, unsigned field, uint64_t value);
void export__proto_text(export_bytes *bytes, unsigned field, const char *text);

// A field that is a message. What is written until it is closed belongs to it.
size_t export__proto_open(export_bytes *bytes, unsigned field);
void export__proto_close(export_bytes *bytes, size_t opened);

#endif
