// SPDX-License-Identifier: MIT

#include "core/note.h"

#include <stdarg.h>
#include <stdio.h>

#include "core/here.h"
#include "trace/trace.h"

void ant_note(const char *format, ...)
{
    if (!ant_trace_is_on((ant_trace_level)ANT_EV_LEVEL_note)) return;
    char text[ANT_NOTE_TEXT_MAX];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ANT_TRACE(note, .task = ant_task_id_here(), .text = ant_trace_string(text));
}
