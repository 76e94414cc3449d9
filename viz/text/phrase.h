// SPDX-License-Identifier: MIT
//
// The words that sentences are made of: one template per kind of event, one
// phrase per value of an enumeration. All text, no code.

#ifndef VIZ_TEXT_PHRASE_H
#define VIZ_TEXT_PHRASE_H

#include "trace/events.h"

// The template of an event; see sentence.c for its form.
const char *text_phrase_of_event(ant_event_kind kind);

// A value as a phrase: ANT_QUEUE_LOCAL is "from its own queue".
const char *text_phrase_of_value(ant_trace_enum list, uint64_t value);

#endif
