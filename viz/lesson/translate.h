// SPDX-License-Identifier: MIT
//
// A lesson in another language. Its words, one after the other, are what
// translators get, through po4a; po/LANG.po beside lesson.md is what they give
// back. Keys, queries, programs and answers stay as they are, so that a number
// is computed in every language. What has no translation stays English.

#ifndef VIZ_LESSON_TRANSLATE_H
#define VIZ_LESSON_TRANSLATE_H

#include <stdio.h>

#include "lesson/lesson.h"

// Puts the words of po/LANG.po in place of the lesson's. 0, -ENOENT when there
// is no such file, or -errno.
ANT_MUST_USE int lesson_translate(ant_lesson *lesson, const char *lang);

// Writes the words, a paragraph each, for po4a.
void lesson_words_write(ant_lesson *lesson, FILE *out);

// Refuses translations of what the lesson does not say, or says otherwise now,
// and such as lose a query.
void lesson_check_translations(ant_lesson *lesson, lesson_problems *problems);

#endif
