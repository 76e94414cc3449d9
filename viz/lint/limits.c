// SPDX-License-Identifier: MIT
//
// The limits as a text that people write.

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lint/lint.h"

#define WORD_MAX 40

static bool read_line(const char *line, size_t len, lint_limits *limits);
static size_t next_word(const char **at, const char *end, char *word);

void lint_limits_init(lint_limits *ret_limits)
{
    for (unsigned i = 0; i < LINT_COUNT; i++)
        ret_limits->least[i] = lint_table[i].limit;
}

int lint_limits_read(const char *text, lint_limits *limits, unsigned *ret_line)
{
    lint_limits read = *limits;
    for (unsigned line = 1; *text != '\0'; line++) {
        size_t len = strcspn(text, "\n");
        if (!read_line(text, len, &read)) {
            *ret_line = line;
            return -EINVAL;
        }
        text += len;
        if (*text == '\n') text++;
    }
    *limits = read;
    return 0;
}

// "name limit", "name limit unit", "name off", or nothing.
static bool read_line(const char *line, size_t len, lint_limits *limits)
{
    const char *comment = memchr(line, '#', len);
    const char *end = comment != NULL ? comment : line + len;
    char name[WORD_MAX], limit[WORD_MAX], unit[WORD_MAX], more[WORD_MAX];
    if (next_word(&line, end, name) == 0) return true;
    lint_id id = lint_find(name);
    if (id == LINT_COUNT || next_word(&line, end, limit) == 0) return false;

    char *rest = limit;
    double least = strtod(limit, &rest);
    bool is_off = strcmp(limit, "off") == 0;
    bool is_number =
        rest != limit && *rest == '\0' && isfinite(least) && least > 0;
    if (!is_off && !is_number) return false;
    bool has_unit = next_word(&line, end, unit) > 0;
    if (has_unit && strcmp(unit, lint_table[id].unit) != 0) return false;
    if (next_word(&line, end, more) > 0) return false;
    limits->least[id] = is_off ? (double)INFINITY : least;
    return true;
}

// Returns its length; what is too long to be a word of the file becomes one
// that is none.
static size_t next_word(const char **at, const char *end, char *word)
{
    static const char blank[] = " \t\r";
    while (*at < end && strchr(blank, **at) != NULL)
        ++*at;
    const char *from = *at;
    while (*at < end && strchr(blank, **at) == NULL)
        ++*at;
    size_t len = (size_t)(*at - from);
    size_t kept = len < WORD_MAX ? len : WORD_MAX - 1;
    memcpy(word, from, kept);
    word[kept] = '\0';
    return len;
}
