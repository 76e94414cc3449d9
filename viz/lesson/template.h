// SPDX-License-Identifier: MIT
//
// A new lesson to fill in: every block once, with what belongs into it.

#ifndef VIZ_LESSON_TEMPLATE_H
#define VIZ_LESSON_TEMPLATE_H

#include "base/macros.h"

// Makes `folder` and writes lesson.md and its programs into it. 0, or -errno
// (-EEXIST: it is there already, and nothing was touched).
ANT_MUST_USE int lesson_template_write(const char *folder);

#endif
