// SPDX-License-Identifier: MIT
//
// For the tests of what is on the screen: opens a trace as the window does,
// presses keys, clicks, and looks at the frame as a list of commands. Letters
// have the same width on every machine. One screen at a time.

#ifndef ANT_TESTS_SUPPORT_SCREEN_H
#define ANT_TESTS_SUPPORT_SCREEN_H

#include "app/frame.h"

extern ant_app screen_app;
extern ui_input screen_input; // of the next frame

// A cmocka setup: 1280x720, the mouse outside.
int screen_set_up(void **state);
void screen_size(int width, int height);

// Opens a story and shows its first frame; done closes it, removes the file and
// checks that nothing is left behind.
void screen_show(const char *path);
void screen_done(void);

// One frame with screen_input as it is.
void screen_frame(void);

// Keys and the mouse; each is seen by one frame and followed by another one.
void screen_press(int key);
void screen_press_with(int key, unsigned mods);
void screen_type(const char *text);
void screen_click(int x, int y);
void screen_click_on(const char *text); // that begins so

// The first text of the frame that begins with `text`, or NULL.
const draw_cmd *screen_find(const char *text);

// Fails when a text leaves the window or covers another one.
void screen_assert_texts_apart(const char *what);

// Fails when the frame is not that of tests/golden/`name`; see golden.h.
void screen_assert_golden(const char *test, const char *name);

#endif
