// SPDX-License-Identifier: MIT
//
// `antfarm events`: the kinds of events, their fields and what they mean, as
// text or as the table of docs/TRACE.md. Made from trace/events.h.

#ifndef VIZ_TEXT_KINDS_H
#define VIZ_TEXT_KINDS_H

#include <stdio.h>

// Two lines for each kind.
void text_kinds(FILE *out);

// The tables of docs/TRACE.md.
void text_kinds_markdown(FILE *out);

#endif
