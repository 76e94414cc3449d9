// SPDX-License-Identifier: MIT
//
// The filter: words that a task must have in its number, its name, its type,
// its state, or the file that made it. It narrows the table and the tracks.

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "view/view.h"

static bool contains(const char *text, const char *word, size_t len);

bool view_filter_passes(const ant_view *view, uint32_t task)
{
    const model_task *row = &view->model->tasks[task];
    uint8_t state = view->replay->world.tasks[task].state;
    char id[16];
    snprintf(id, sizeof(id), "%u", row->id);
    const char *const text[] = { id, row->name, row->type, row->file,
                                 model_task_state_name(state) };
    const char *word = view->filter + strspn(view->filter, " ");
    while (*word != '\0') {
        size_t len = strcspn(word, " ");
        bool is_found = false;
        for (unsigned i = 0; i < ANT_ARRAY_LEN(text) && !is_found; i++) {
            is_found = contains(text[i], word, len);
        }
        if (!is_found) return false;
        word += len;
        word += strspn(word, " ");
    }
    return true;
}

// Capitals do not count.
static bool contains(const char *text, const char *word, size_t len)
{
    for (; *text != '\0'; text++) {
        size_t i = 0;
        while (i < len && tolower((unsigned char)text[i]) ==
                              tolower((unsigned char)word[i])) {
            i++;
        }
        if (i == len) return true;
    }
    return len == 0;
}
