// SPDX-License-Identifier: MIT
//
// `antfarm check`: is the file whole, and was every promise of the runtime
// kept? One line for each finding.

#ifndef VIZ_TEXT_JUDGE_H
#define VIZ_TEXT_JUDGE_H

#include <stdio.h>

// Returns an exit status (text/file.h).
int text_judge(const char *path, FILE *out, FILE *err);

#endif
