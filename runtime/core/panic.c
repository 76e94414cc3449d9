// SPDX-License-Identifier: MIT

#include "core/panic.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/assert.h"
#include "core/here.h"

void ant__panic(const char *file, int line, const char *format, ...)
{
    ant_panic *panic = ant__here()->panic;
    char outside[ANT_PANIC_TEXT_MAX];
    char *text = panic != NULL ? panic->text : outside;

    va_list args;
    va_start(args, format);
    (void)vsnprintf(text, ANT_PANIC_TEXT_MAX, format, args);
    va_end(args);

    if (panic == NULL) ant__crash(file, line, outside);
    panic->file = file;
    panic->line = (uint32_t)line;
    longjmp(panic->target, 1);
}
