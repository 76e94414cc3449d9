// SPDX-License-Identifier: MIT
//
// How one row of the track column is drawn, by its kind. Private to view/.

#ifndef ANT_VIEW_ROWS_H
#define ANT_VIEW_ROWS_H

#include "view/view.h"

// Draws one row: its name and its track.
void view_row_lane(ant_view *view, const view_row *row);
void view_row_task(ant_view *view, const view_row *row);
void view_row_future(ant_view *view, const view_row *row);
void view_row_res(ant_view *view, const view_row *row);

// The lists of rows. 0 or -ENOMEM; update brings them up to date.
ANT_MUST_USE int view_order_init(ant_view *view);
void view_order_deinit(ant_view *view);
void view_order_update(ant_view *view);

// How many rows a section would like to show, and which is the `nth`.
uint32_t view_order_count(const ant_view *view, view_section which);
void view_order_at(const ant_view *view, view_section which, uint32_t nth,
                   replay_kind *ret_kind, uint32_t *ret_row);

// Where a thing stands in its section. False when it has no row.
bool view_order_find(const ant_view *view, replay_selection wanted,
                     view_section *ret_section, uint32_t *ret_nth);

// The width of the names of rows, in a column `w` wide.
int view_label_width(const ant_view *view, int w);

// The marks of a row, from left to right, as rectangles.
uint32_t view_row_marks(ant_view *view, const view_row *row,
                        model_track_kind kind, model_track *ret_track);
draw_rect view_mark_rect(const view_row *row, const model_mark *mark);

// A mark for each finding of the lints about the row.
void view_lint_marks(ant_view *view, const view_row *row);

// A strip that stands for many spans too narrow to see.
void view_strip(ant_view *view, draw_rect rect, const model_mark *mark,
                draw_color color);

// The scale above the rows, and its marks where time is squeezed.
void view_ruler(ant_view *view, draw_rect rect);
void view_gaps(ant_view *view, draw_rect tracks);

// Where events are missing.
void view_losses(ant_view *view, draw_rect tracks);

// Where the flag of now stands on the scale, and what is written on it.
draw_rect view_flag(const ant_view *view, draw_rect ruler, char *text,
                    size_t size);

// What woke the focused task, and whom it woke.
void view_arrows(ant_view *view, draw_rect tracks);

// The row on the screen for a thing, or NULL.
const view_row *view_row_find(const ant_view *view, replay_kind kind,
                              uint32_t row);

#endif
