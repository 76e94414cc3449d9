// SPDX-License-Identifier: MIT
//
// THE table of keys: what they do, and how the help page says it. A row with
// NULL texts is a second key for an action that is explained elsewhere. Each
// panel has its own key in view/panels.h.

#ifndef ANT_APP_KEYS_H
#define ANT_APP_KEYS_H

#include "app/frame.h"

// K(key, modifiers, ACTION, key in words, meaning)
#define APP_KEYS(K)                                                            \
    K(' ', 0, PLAY, "Space", "play or pause")                                  \
    K(UI_KEY_RIGHT, 0, STEP, "Right, PgDn", "one step on")                     \
    K(UI_KEY_PAGE_DOWN, 0, STEP, NULL, NULL)                                   \
    K(UI_KEY_LEFT, 0, STEP_BACK, "Left, PgUp", "one step back")                \
    K(UI_KEY_PAGE_UP, 0, STEP_BACK, NULL, NULL)                                \
    K(UI_KEY_RIGHT, UI_SHIFT, STEP_OWN, "Shift+Right .",                       \
      "next event of the selected row")                                        \
    K('.', 0, STEP_OWN, NULL, NULL)                                            \
    K(UI_KEY_LEFT, UI_SHIFT, STEP_OWN_BACK, "Shift+Left ,",                    \
      "previous event of the selected row")                                    \
    K(',', 0, STEP_OWN_BACK, NULL, NULL)                                       \
    K('[', 0, CAUSE, "[", "to what woke the selected task")                    \
    K(']', 0, EFFECT, "]", "to what it woke")                                  \
    K('{', 0, CHAIN, "Shift+[", "all causes, back to the first")               \
    K('/', 0, SEARCH, "/, Ctrl+F", "search")                                   \
    K('f', UI_CTRL, SEARCH, NULL, NULL)                                        \
    K('n', 0, NEXT_MATCH, "n", "next event that says so")                      \
    K('N', 0, PREVIOUS_MATCH, "N", "previous event that says so")              \
    K('g', 0, GO, "g", "go to a time, a step, a task")                         \
    K('m', 0, MARK, "m", "bookmark here, or take it away")                     \
    K('"', 0, NOTE, "\"", "bookmark with a note")                              \
    K('\'', 0, MARKS, "'", "list of bookmarks")                                \
    K(UI_KEY_RIGHT, UI_CTRL, NEXT_MARK, "Ctrl+Right", "next bookmark")         \
    K(UI_KEY_LEFT, UI_CTRL, PREVIOUS_MARK, "Ctrl+Left", "previous bookmark")   \
    K(UI_KEY_HOME, 0, START, "Home", "to the start")                           \
    K(UI_KEY_END, 0, END, "End", "to the end")                                 \
    K('x', 0, KNOT, "x", "to where a deadlock was closed")                     \
    K('X', 0, ORIGIN, "Shift+X", "to where its locks were taken")              \
    K('!', 0, FINDING, "!", "to the next finding of the lints")                \
    K('<', 0, SLOWER, "<", "slower")                                           \
    K('>', 0, FASTER, ">", "faster")                                           \
    K('w', 0, ZOOM_IN, "W +, wheel", "zoom in")                                \
    K('W', 0, ZOOM_IN, NULL, NULL)                                             \
    K('+', 0, ZOOM_IN, NULL, NULL)                                             \
    K('=', 0, ZOOM_IN, NULL, NULL)                                             \
    K('s', 0, ZOOM_OUT, "S -, wheel", "zoom out")                              \
    K('S', 0, ZOOM_OUT, NULL, NULL)                                            \
    K('-', 0, ZOOM_OUT, NULL, NULL)                                            \
    K('a', 0, PAN_LEFT, "A, drag", "pan left")                                 \
    K('A', 0, PAN_LEFT, NULL, NULL)                                            \
    K('d', 0, PAN_RIGHT, "D, drag", "pan right")                               \
    K('D', 0, PAN_RIGHT, NULL, NULL)                                           \
    K('0', 0, FIT, "0", "show the whole run")                                  \
    K('f', 0, FIT_SELECTION, "F", "to the selected thing; again: all of it")   \
    K('F', 0, FOLLOW, "Shift+F", "follow the selected thing, dim others")      \
    K('t', 0, AXIS, "T", "axis: time or steps")                                \
    K('T', 0, AXIS, NULL, NULL)                                                \
    K(UI_KEY_UP, 0, SELECT_UP, "Up, Down", "select a row")                     \
    K(UI_KEY_DOWN, 0, SELECT_DOWN, NULL, NULL)                                 \
    K(UI_KEY_ENTER, 0, OPEN, "Enter", "open: its part of the tracks, and why") \
    K('P', 0, PIN, "P", "pin the selected row to the top")                     \
    K('H', 0, HIDE, "H", "hide the selected row")                              \
    K('U', 0, SHOW_ALL, "U", "nothing pinned, hidden, filtered")               \
    K('&', 0, FILTER, "&", "filter: show only some tasks")                     \
    K('|', 0, SORT, "|", "table: sort by the next column")                     \
    K('\\', 0, SORT_TURN, "\\", "table: the other way round")                  \
    K('E', 0, LOG_LINES, "E", "log: steps, every event, one task")             \
    K(UI_KEY_ESCAPE, 0, CLEAR, "Esc", "select nothing")                        \
    K('z', 0, UNDO, "z", "back to where you were")                             \
    K('z', UI_CTRL, UNDO, NULL, NULL)                                          \
    K('Z', 0, REDO, "Shift+Z", "and forth again")                              \
    K('y', UI_CTRL, REDO, NULL, NULL)                                          \
    K('i', 0, SIDE, "i", "the panels at the right, or more room")              \
    K(UI_KEY_TAB, 0, SWAP, "Tab", "to the other trace, if there are two")      \
    K('M', 0, MOTION, "Shift+M", "cards on the stage move, or jump")           \
    K('b', 0, THEME, "b", "dark or light")                                     \
    K('p', 0, PROJECTOR, "p", "large, for a projector")                        \
    K(UI_KEY_F11, 0, FULL_SCREEN, "F11", "full screen")                        \
    K(UI_KEY_F12, 0, SHOT, "F12", "save the picture as PNG")                   \
    K('p', UI_CTRL, PALETTE, "Ctrl+P", "all commands by name")                 \
    K('?', 0, HELP, "?", "this page")                                          \
    K('q', 0, QUIT, "q, Ctrl+Q", "quit")                                       \
    K('q', UI_CTRL, QUIT, NULL, NULL)

// Every action once; several keys may share it.
typedef enum app_action {
    APP_NOTHING,
    APP_PLAY,
    APP_STEP,
    APP_STEP_BACK,
    APP_STEP_OWN,
    APP_STEP_OWN_BACK,
    APP_CAUSE,
    APP_EFFECT,
    APP_CHAIN,
    APP_SEARCH,
    APP_NEXT_MATCH,
    APP_PREVIOUS_MATCH,
    APP_GO,
    APP_MARK,
    APP_NOTE,
    APP_MARKS,
    APP_NEXT_MARK,
    APP_PREVIOUS_MARK,
    APP_START,
    APP_END,
    APP_KNOT,
    APP_ORIGIN,
    APP_FINDING,
    APP_SLOWER,
    APP_FASTER,
    APP_ZOOM_IN,
    APP_ZOOM_OUT,
    APP_PAN_LEFT,
    APP_PAN_RIGHT,
    APP_FIT,
    APP_FIT_SELECTION,
    APP_FOLLOW,
    APP_AXIS,
    APP_SELECT_UP,
    APP_SELECT_DOWN,
    APP_OPEN,
    APP_PIN,
    APP_HIDE,
    APP_SHOW_ALL,
    APP_FILTER,
    APP_SORT,
    APP_SORT_TURN,
    APP_LOG_LINES,
    APP_CLEAR,
    APP_UNDO,
    APP_REDO,
    APP_SIDE,
    APP_SWAP,
    APP_MOTION,
    APP_THEME,
    APP_PROJECTOR,
    APP_FULL_SCREEN,
    APP_SHOT,
    APP_PALETTE,
    APP_HELP,
    APP_QUIT,
    APP_PANELS, // and on: each panel of view/panels.h
} app_action;

// "step_back"; a panel's is "panel_" and its name; "-" for none.
const char *app_action_name(app_action action);

// The help page as a table in Markdown: key, meaning, name of the action.
void app_keys_print(FILE *out);

// Does it, whether a key, a click or a name asked for it.
void app_act(ant_app *app, app_action action);

#endif
