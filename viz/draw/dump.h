// SPDX-License-Identifier: MIT
//
// A draw list as text, one command a line, for golden tests and for people who
// wonder what a frame is made of.

#ifndef ANT_DRAW_DUMP_H
#define ANT_DRAW_DUMP_H

#include <stdio.h>

#include "draw/draw.h"

// Prints every command; coordinates, colours and texts, no memory addresses.
void draw_dump(const draw_list *list, FILE *out);

// Metrics that are the same on every machine: each letter is size / 2 wide.
draw_metrics draw_dump_metrics(void);

#endif
