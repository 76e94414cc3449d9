// SPDX-License-Identifier: MIT

#include "core/failure.h"

#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/os.h"

static uint32_t hash_of(const ant_failure *failure);
static bool is_equal(const ant_failure *a, const ant_failure *b);
static const ant_failure *find_or_add(const ant_failure *said);

// A hash table without removal; a free place has no error. It is memory that
// costs nothing before somebody fails.
static struct {
    ant_os_mutex lock;
    uint32_t count;
    ant_failure place[ANT_FAILURES_MAX];
} kept = { .lock = ANT_OS_MUTEX_INIT };

const ant_failure *ant__failure_keep(const ant_failure *said)
{
    ant_os_mutex_lock(&kept.lock);
    const ant_failure *failure = find_or_add(said);
    ant_os_mutex_unlock(&kept.lock);
    return failure;
}

// Where the search for `said` ends: at its equal, or at a free place.
static ant_failure *place_of(const ant_failure *said)
{
    uint32_t i = hash_of(said);
    for (uint32_t tries = 0; tries < ANT_FAILURES_MAX; tries++, i++) {
        ant_failure *place = &kept.place[i % ANT_FAILURES_MAX];
        if (place->err == 0 || is_equal(place, said)) return place;
    }
    return NULL;
}

static const ant_failure *find_or_add(const ant_failure *said)
{
    ant_failure *place = place_of(said);
    const bool is_known = place != NULL && place->err != 0;
    ant_failure without_text;
    if (!is_known && said->is_panic && kept.count >= ANT_FAILURE_TEXTS_MAX) {
        without_text = *said;
        (void)snprintf(without_text.text, sizeof without_text.text,
                       "a panic: this process had too many different ones to "
                       "keep what it said");
        said = &without_text;
        place = place_of(said);
    }
    if (place == NULL || place->err != 0) return place;
    *place = *said;
    kept.count++;
    return place;
}

static bool is_equal(const ant_failure *a, const ant_failure *b)
{
    return a->err == b->err && a->is_panic == b->is_panic &&
           a->line == b->line && a->file == b->file &&
           strcmp(a->text, b->text) == 0;
}

// FNV-1a over what is_equal compares.
static uint32_t hash_of(const ant_failure *failure)
{
    uint32_t hash = 2166136261U ^ (uint32_t)failure->err ^ failure->line;
    hash = (hash ^ (uint32_t)(uintptr_t)failure->file) * 16777619U;
    for (const char *c = failure->text; *c != '\0'; c++) {
        hash = (hash ^ (unsigned char)*c) * 16777619U;
    }
    return hash;
}
