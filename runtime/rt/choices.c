// SPDX-License-Identifier: MIT

#include "rt/choices.h"

#include <stdlib.h>

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

// After a place: the end, or a dot and what follows it.
static bool skip_dot(const char **text)
{
    if (**text == '\0') return true;
    if (**text != '.') return false;
    (*text)++;
    return **text != '\0';
}

bool ant__choices_are_valid(const char *text)
{
    while (is_digit(*text)) {
        char *end;
        if (strtoull(text, &end, 10) == 0) return false;
        text = end;
        if (!skip_dot(&text)) return false;
    }
    if (*text == '?' || *text == '*') text++;
    return *text == '\0';
}

ant_choices ant__choices(const char *text, uint64_t seed)
{
    return (ant_choices){ .next = text, .rng = ant_rng_init(seed) };
}

ant_chosen ant__choices_next(ant_choices *choices, uint32_t count,
                             uint32_t *ret_place)
{
    *ret_place = 0;
    if (*choices->next == '?') return ANT_CHOSEN_NONE;
    choices->made++;
    if (*choices->next == '*') {
        *ret_place = ant_rng_below(&choices->rng, count);
    } else if (*choices->next != '\0') {
        char *end;
        const uint64_t place = strtoull(choices->next, &end, 10);
        choices->next = *end == '.' ? end + 1 : end;
        if (place > count) {
            choices->misfit = place;
            return ANT_CHOSEN_MISFIT;
        }
        *ret_place = (uint32_t)place - 1;
    }
    return ANT_CHOSEN;
}
