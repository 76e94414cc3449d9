// SPDX-License-Identifier: MIT
//
// `antfarm lint`: what in a trace is most likely a mistake, the worst first.

#ifndef VIZ_TEXT_LINT_H
#define VIZ_TEXT_LINT_H

#include <stdbool.h>
#include <stdio.h>

typedef struct text_lint_desc {
    const char *path;
    const char *limits; // a file, NULL for the table's
    bool is_json;       // one object a line
} text_lint_desc;

// Returns an exit status (text/file.h): TEXT_FINDING when there is one.
int text_lint(const text_lint_desc *desc, FILE *out, FILE *err);

// The limits, as a file that --limits takes.
void text_lint_limits(FILE *out);

// The table as Markdown, for docs/LINTS.md.
void text_lint_markdown(FILE *out);

#endif
