// SPDX-License-Identifier: MIT
//
// Text over several lines in which parts can be clicked.

#ifndef ANT_UI_LINKED_H
#define ANT_UI_LINKED_H

#include "ui/core.h"

#define UI_NO_LINK UINT32_MAX

// A part of a text, in bytes: [begin, end).
typedef struct ui_link {
    uint32_t begin;
    uint32_t end;
} ui_link;

typedef struct ui_linked {
    const char *text;
    const ui_link *link; // in the order of the text, never overlapping
    uint32_t link_count;
    ui_id id; // of the whole text
} ui_linked;

// Draws it as ui_paragraph does, links underlined. Returns the height used;
// *ret_clicked is the link that was clicked, or UI_NO_LINK.
int ui_linked_text(ant_ui *ui, draw_rect rect, const ui_linked *linked,
                   uint32_t *ret_clicked);

#endif
