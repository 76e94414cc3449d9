// SPDX-License-Identifier: MIT

#include "text/place.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "base/os.h"

// A longer run is a slip of the finger.
#define NS_MAX 1e18

static text_place read_time(const char *text);
static bool read_number(const char *text, uint64_t *ret_number);

text_place text_place_read(const char *text)
{
    static const struct {
        const char *word;
        text_place_kind kind;
    } prefix[] = {
        { "task:", TEXT_PLACE_TASK },   { "task ", TEXT_PLACE_TASK },
        { "step ", TEXT_PLACE_STEP },   { "step:", TEXT_PLACE_STEP },
        { "event ", TEXT_PLACE_EVENT }, { "event:", TEXT_PLACE_EVENT },
        { "s", TEXT_PLACE_STEP },       { "e", TEXT_PLACE_EVENT },
        { "t", TEXT_PLACE_TASK },
    };
    text += strspn(text, " ");
    for (unsigned i = 0; i < ANT_ARRAY_LEN(prefix); i++) {
        size_t len = strlen(prefix[i].word);
        uint64_t value = 0;
        if (strncmp(text, prefix[i].word, len) != 0) continue;
        if (!read_number(text + len, &value)) continue;
        return (text_place){ prefix[i].kind, value };
    }
    return read_time(text);
}

// Digits to the end, spaces around them.
static bool read_number(const char *text, uint64_t *ret_number)
{
    text += strspn(text, " ");
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > 18) return false;
    if (text[digits + strspn(text + digits, " ")] != '\0') return false;
    *ret_number = strtoull(text, NULL, 10);
    return true;
}

static text_place read_time(const char *text)
{
    static const struct {
        const char *name;
        double ns;
    } unit[] = { { "", (double)ANT_NS_PER_MS },
                 { "ns", 1 },
                 { "us", (double)ANT_NS_PER_US },
                 { "ms", (double)ANT_NS_PER_MS },
                 { "s", (double)ANT_NS_PER_S } };
    // strtod also knows "inf" and hexadecimal numbers.
    bool is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    if (is_hex || (!isdigit((unsigned char)text[0]) && text[0] != '.')) {
        return (text_place){ 0 };
    }
    char *end = NULL;
    double number = strtod(text, &end);
    while (*end == ' ')
        end++;
    size_t len = strcspn(end, " ");
    for (unsigned i = 0; i < ANT_ARRAY_LEN(unit) && end != text; i++) {
        bool is_it =
            strlen(unit[i].name) == len && memcmp(unit[i].name, end, len) == 0;
        double ns = number * unit[i].ns;
        if (!is_it || !(ns >= 0 && ns < NS_MAX)) continue;
        return (text_place){ TEXT_PLACE_TIME, (uint64_t)(ns + 0.5) };
    }
    return (text_place){ 0 };
}
